#!/usr/bin/env python3
"""Reference numbers of the module stats, computed with SciPy 1.10 and exact arithmetic.

usage: stats_reference.py > stats.json
"""
import json
import math
import sys
from fractions import Fraction
from itertools import combinations

import numpy as np
from scipy import integrate, optimize, stats


def t_quantile(p, df):
    """SciPy 1.10 is 1e-10 off; one step of Newton's method mends it."""
    t = stats.t.ppf(p, df)
    return t + (stats.t.sf(t, df) - (1 - p)) / stats.t.pdf(t, df)


def distributions():
    """Tails and quantiles: [function, arguments, value]."""
    rows = []
    for x in (-40.0, -8.5, -1.0, 0.0, 0.3, 1.96, 5.0, 12.0, 14.9, 15.1, 37.0):
        rows.append(["normal_sf", [x], stats.norm.sf(x)])
        rows.append(["normal_log_sf", [x], stats.norm.logsf(x)])
    for x in (45.0, 1000.0, 1e6):
        rows.append(["normal_log_sf", [x], stats.norm.logsf(x)])
    for p in (1e-300, 1e-12, 0.025, 0.3, 0.5, 0.9, 0.975, 1 - 1e-9):
        rows.append(["normal_quantile", [p], stats.norm.ppf(p)])
    for t, df in ((0.0, 3), (0.5, 1), (2.1, 12), (1.999, 3.7), (40.0, 5), (12.0, 250.5), (6.0, 1e6)):
        rows.append(["student_t_sf", [t, df], stats.t.sf(t, df)])
        rows.append(["student_t_two_sided", [-t, df], 2 * stats.t.sf(t, df)])
    for p, df in ((0.975, 1), (0.975, 7.3), (0.9, 30), (0.995, 2000.5), (0.2, 4)):
        rows.append(["student_t_quantile", [p, df], t_quantile(p, df)])
    for x, df in ((0.5, 1), (3.84, 1), (100.0, 3), (700.0, 2)):
        rows.append(["chi_squared_sf", [x, df], stats.chi2.sf(x, df)])
    for x, a, b in ((0.3, 2, 5), (0.01, 1, 1000), (0.5, 501, 490), (1e-3, 3, 1000)):
        rows.append(["beta_cdf", [x, a, b], float(1 - beta_upper(x, a, b))])
        rows.append(["beta_sf", [x, a, b], float(beta_upper(x, a, b))])
    for p, a, b in ((0.025, 1, 51), (0.975, 13, 89), (0.5, 501, 9501)):
        rows.append(["beta_quantile", [p, a, b], stats.beta.ppf(p, a, b)])
    return rows


def beta_upper(x, a, b):
    """P(Beta(a, b) > x) for whole a and b, as a sum of binomial terms in exact fractions."""
    x, n = Fraction(x), a + b - 1
    return sum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a))


def exact_two_sided(control, variant):
    """Share of all assignments of the pooled mid-ranks at or beyond the observed one."""
    ranks = [int(2 * r) for r in stats.rankdata(control + variant)]
    n, m = len(control), len(variant)
    centre = n * (n + m + 1)
    observed = abs(sum(ranks[:n]) - centre)
    hits = total = 0
    for chosen in combinations(ranks, n):
        total += 1
        hits += abs(sum(chosen) - centre) >= observed
    return hits / total


def rank_case(name, control, variant, exact=False):
    control, variant = [float(v) for v in control], [float(v) for v in variant]
    u, p = stats.mannwhitneyu(control, variant, alternative="two-sided", method="asymptotic", use_continuity=True)
    n, m = len(control), len(variant)
    pooled = n + m
    ties = sum(int(t) ** 3 - int(t) for t in np.unique(control + variant, return_counts=True)[1])
    s = math.sqrt(n * m / 12 * (pooled + 1 - ties / (pooled * (pooled - 1))))
    log_p = 0.0
    if s > 0:
        log_p = min(0.0, math.log(2) + float(stats.norm.logsf((max(u, n * m - u) - n * m / 2 - 0.5) / s)))
    case = {
        "name": name, "control": control, "variant": variant, "u_control": u,
        "z": (n * m / 2 - u) / s if s > 0 else None,
        "p_asymptotic": 1.0 if math.isnan(p) else p, "log_p_asymptotic": log_p,
        "p_exact": exact_two_sided(control, variant) if exact else None,
        "shift": float(np.median(np.subtract.outer(variant, control))),
    }
    with np.errstate(all="ignore"):
        if n > 1 and m > 1:
            statistic, bm_p = stats.brunnermunzel(control, variant)
            if math.isfinite(statistic):
                case["brunner_munzel"] = {"statistic": statistic, "p_value": bm_p}
            welch = stats.ttest_ind(variant, control, equal_var=False)
            if math.isfinite(welch.statistic):
                a, b = np.var(control, ddof=1) / n, np.var(variant, ddof=1) / m
                share = a / (a + b)
                df = 1 / (share**2 / (n - 1) + (1 - share) ** 2 / (m - 1))
                half = t_quantile(0.975, df) * math.sqrt(a + b)
                d = float(np.mean(variant) - np.mean(control))
                case["welch"] = {"t": welch.statistic, "p_value": 2 * stats.t.sf(abs(welch.statistic), df), "df": df, "interval": [d - half, d + half]}
    return case


def rank_tests():
    rng = np.random.default_rng(7)
    cases = [
        rank_case("one value an arm", [1], [2], exact=True),
        rank_case("one value an arm, tied", [3], [3], exact=True),
        rank_case("one against many", [0.5], rng.normal(size=12).round(2), exact=True),
        rank_case("all tied", [2] * 6, [2] * 4, exact=True),
        rank_case("no overlap, small", range(5), range(10, 16), exact=True),
        rank_case("no overlap, large", range(400), range(1000, 1300)),
        rank_case("one outlier in ties", [0] * 9 + [5], [0] * 10, exact=True),
        rank_case("far values", [1e-100, 1e100, -1e100, 4], [2.5e100, 7, 1e-120], exact=True),
    ]
    for n, m in ((2, 2), (3, 7), (5, 5), (8, 4), (6, 9), (10, 8), (9, 9), (4, 14)):
        cases.append(rank_case(f"continuous {n}, {m}", rng.normal(size=n), rng.normal(0.4, 1.5, size=m), exact=True))
        cases.append(rank_case(f"scores {n}, {m}", rng.integers(0, 6, n), rng.integers(1, 7, m), exact=True))
        cases.append(rank_case(f"binary {n}, {m}", rng.integers(0, 2, n), (rng.random(m) < 0.8).astype(int), exact=True))
    for repeat in range(110):
        n, m = int(rng.integers(1, 11)), int(rng.integers(2, 8))
        kind = ("scores", "halves", "spend")[repeat % 3]
        draw = {"scores": lambda k: rng.integers(0, 5, k), "halves": lambda k: rng.normal(size=k).round(0) / 2, "spend": lambda k: rng.lognormal(3, 2, k).round(2)}[kind]
        cases.append(rank_case(f"{kind} {repeat}", draw(n), draw(m), exact=True))
    for repeat in range(40):
        n, m = int(rng.integers(2, 70)), int(rng.integers(2, 70))
        draw = (lambda k: rng.integers(0, 4, k)) if repeat % 2 else (lambda k: rng.exponential(size=k).round(3))
        cases.append(rank_case(f"middling {repeat}", draw(n), draw(m) + (repeat % 5) / 4))
    for n, m, shift in ((40, 40, 0.0), (30, 31, 0.3), (100, 250, 0.2), (500, 37, -0.4), (1000, 1000, 0.0), (3, 300, 1.0), (300, 2, -2.0)):
        cases.append(rank_case(f"normal {n}, {m}", rng.normal(size=n), rng.normal(shift, 1, size=m)))
        cases.append(rank_case(f"lognormal spend {n}, {m}", rng.lognormal(2, 1.2, n).round(2), rng.lognormal(2 + shift, 1.2, m).round(2)))
        cases.append(rank_case(f"approved or not {n}, {m}", (rng.random(n) < 0.3).astype(int), (rng.random(m) < 0.3 + shift / 10).astype(int)))
    return cases


def counted_binary():
    """Mann-Whitney on large binary arms by the formula with exact integers: one row a value."""
    rows = []
    for s_c, n_c, s_v, n_v in ((10, 1000, 30, 1000), (500_000, 1_000_000, 501_500, 1_000_000), (1, 100_000_000, 9, 100_000_000),
                               (20_000_000, 100_000_000, 30_000_000, 100_000_000), (0, 5_000_000, 1, 5_000_000), (400, 1000, 999, 1000)):
        f_c, f_v = n_c - s_c, n_v - s_v
        u2 = 2 * s_c * f_v + s_c * s_v + f_c * f_v
        n = n_c + n_v
        groups = (f_c + f_v, s_c + s_v)
        variance = Fraction(n_c * n_v, 12) * (n + 1 - Fraction(sum(t**3 - t for t in groups), n * (n - 1)))
        s = math.sqrt(variance)
        away = abs(Fraction(u2, 2) - Fraction(n_c * n_v, 2))
        log_p = min(0.0, math.log(2) + float(stats.norm.logsf((float(away) - 0.5) / s)))
        rows.append({"successes_control": s_c, "n_control": n_c, "successes_variant": s_v, "n_variant": n_v,
                     "u_control": u2 / 2, "p_value": math.exp(log_p), "log_p_value": log_p})
    return rows


def best_of_betas():
    """P(best) and expected loss of Beta posteriors by adaptive quadrature, one arm at a time."""
    rows = []
    for arms in ([(12, 100), (20, 100), (17, 90)], [(0, 30), (1, 40), (0, 500), (3, 60)], [(450, 1000), (480, 1000), (20, 40), (46000, 100000)],
                 [(30, 30), (28, 30), (299, 300)]):
        posts = [stats.beta(s + 1, n - s + 1) for s, n in arms]
        points = sorted({float(p.ppf(q)) for p in posts for q in (1e-12, 1e-4, 0.02, 0.2, 0.5, 0.8, 0.98, 1 - 1e-4, 1 - 1e-12)} | {0.0, 1.0})

        def over(f):
            return sum(integrate.quad(f, a, b, epsabs=1e-15, epsrel=1e-13, limit=200)[0] for a, b in zip(points, points[1:]))

        best, loss = [], []
        for i, post in enumerate(posts):
            others = [p for j, p in enumerate(posts) if j != i]
            best.append(over(lambda x: post.pdf(x) * math.prod(p.cdf(x) for p in others)))
            loss.append(over(lambda x: post.cdf(x) * (1 - math.prod(p.cdf(x) for p in others))))
        rows.append({"arms": arms, "p_best": best, "expected_loss": loss})
    return rows


def lift_quantiles():
    """P(theta_v / theta_c <= r) at a few r, to check the ends of credible intervals."""
    rows = []
    for (s_c, n_c), (s_v, n_v) in (((12, 100), (20, 100)), ((0, 50), (5, 50)), ((3, 20), (11, 21)), ((5000, 100000), (5200, 100000)), ((30, 30), (25, 30))):
        c, v = stats.beta(s_c + 1, n_c - s_c + 1), stats.beta(s_v + 1, n_v - s_v + 1)
        points = [0.0] + [float(c.ppf(q)) for q in (1e-12, 1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999, 1 - 1e-6, 1 - 1e-12)] + [1.0]

        def below(r):
            return sum(integrate.quad(lambda x: c.pdf(x) * v.cdf(r * x), a, b, epsabs=1e-15, epsrel=1e-13, limit=200)[0] for a, b in zip(points, points[1:]))

        ends = [math.exp(optimize.brentq(lambda y: below(math.exp(y)) - q, -15, 12, xtol=1e-12)) - 1 for q in (0.025, 0.975)]
        rows.append({"control": [s_c, n_c], "variant": [s_v, n_v], "lift_interval": ends})
    return rows


def main():
    document = {
        "source": "SciPy " + __import__("scipy").__version__ + "; exact p-values by enumeration of mid-ranks in integers",
        "distributions": distributions(),
        "rank_tests": rank_tests(),
        "counted_binary": counted_binary(),
        "best_of_betas": best_of_betas(),
        "lift_quantiles": lift_quantiles(),
    }
    lines = [f'"source": {json.dumps(document.pop("source"))}']
    for name, rows in document.items():
        lines.append(f'"{name}": [\n' + ",\n".join(json.dumps(row, allow_nan=False, default=float) for row in rows) + "\n]")
    sys.stdout.write("{" + ",\n".join(lines) + "}\n")


if __name__ == "__main__":
    main()
