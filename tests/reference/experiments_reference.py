#!/usr/bin/env python3
"""Reference numbers of experiments, computed with SciPy 1.10, statsmodels 0.13 and enumeration.

usage: experiments_reference.py > experiments.json
"""
import json
import math
import sys
import warnings
from itertools import combinations

import numpy as np
import statsmodels.api as sm
from scipy import integrate, optimize, stats
from statsmodels.stats import meta_analysis, power, proportion, weightstats

warnings.filterwarnings("ignore")


def t_ppf(p, df):
    """SciPy 1.10 is 1e-10 off; one step of Newton's method mends it."""
    t = stats.t.ppf(p, df)
    return t + (stats.t.sf(t, df) - (1 - p)) / stats.t.pdf(t, df)


def clusters(rng):
    """Permutation over clusters by full enumeration, Welch on their means, ANOVA of the arms."""
    cases = []
    for number in range(40):
        k_c, k_v = int(rng.integers(2, 8)), int(rng.integers(2, 8))
        is_binary = number % 2 == 0
        arms = []
        for k, shift in ((k_c, 0.0), (k_v, (number % 5) / 6)):
            arm = []
            for _ in range(k):
                size = int(rng.integers(1, 7)) if number % 3 else 5
                base = rng.normal(0, 1)
                draw = (rng.random(size) < 1 / (1 + math.exp(-base - shift))).astype(float) if is_binary else (base + shift + rng.normal(size=size)).round(3)
                arm.append(draw.tolist())
            arms.append(arm)
        means = [[float(np.mean(c)) for c in arm] for arm in arms]
        pooled = np.array(means[0] + means[1])
        observed = abs(np.mean(means[1]) - np.mean(means[0]))
        hits = total = 0
        for chosen in combinations(range(len(pooled)), k_v):
            inside = np.zeros(len(pooled), bool)
            inside[list(chosen)] = True
            total += 1
            hits += abs(pooled[inside].mean() - pooled[~inside].mean()) >= observed - 1e-9
        case = {"control": arms[0], "variant": arms[1], "difference": float(np.mean(means[1]) - np.mean(means[0])), "p_value": hits / total}
        if np.var(means[0]) + np.var(means[1]) > 0:
            compared = weightstats.CompareMeans(weightstats.DescrStatsW(means[1]), weightstats.DescrStatsW(means[0]))
            _, _, df = compared.ttest_ind(usevar="unequal")
            se = math.sqrt(np.var(means[0], ddof=1) / k_c + np.var(means[1], ddof=1) / k_v)
            half = t_ppf(0.975, df) * se
            case["interval"] = [case["difference"] - half, case["difference"] + half]
        units = sum(len(c) for arm in arms for c in arm)
        groups = k_c + k_v
        if units > groups:
            # Nested analysis of variance: full model (clusters) against arms alone.
            y, arm_of, cluster_of = [], [], []
            for a, arm in enumerate(arms):
                for c, values in enumerate(arm):
                    for value in values:
                        y.append(value), arm_of.append(a), cluster_of.append(a * 100 + c)
            y = np.array(y)
            arm_x = np.column_stack([np.array(arm_of) == a for a in (0, 1)]).astype(float)
            full_x = np.column_stack([np.array(cluster_of) == c for c in sorted(set(cluster_of))]).astype(float)
            within = sm.OLS(y, full_x).fit().ssr
            between = sm.OLS(y, arm_x).fit().ssr - within
            m0 = (units - sum(sum(len(c) ** 2 for c in arm) / sum(len(c) for c in arm) for arm in arms)) / (groups - 2)
            msb, msw = between / (groups - 2), within / (units - groups)
            if msb + (m0 - 1) * msw > 1e-12:
                case["icc"] = (msb - msw) / (msb + (m0 - 1) * msw)
                case["design_effect"] = 1 + (m0 - 1) * case["icc"]
        cases.append(case)
    return cases


def day_sums(rng):
    cases = []
    for number in range(30):
        days = int(rng.integers(7, 15))
        model = ("share", "count", "amount")[number % 3]
        arms = []
        for _ in range(2):
            n = rng.integers(500, 9000, days).astype(float)
            rate = 0.012 * np.exp(rng.normal(0, 0.3, days))
            y = rng.poisson(n * rate).astype(float)
            if model == "amount":
                n, y = n / 100, (y * rng.lognormal(3, 0.5, days)).round(2)
            arms.append((y, n))
        (yc, nc), (yv, nv) = arms
        df = 2 * (days - 1)
        if model == "amount":
            log_ratio = math.log(yv.sum() / nv.sum()) - math.log(yc.sum() / nc.sum())
            s = sum(days / (days - 1) * ((y - y.sum() / n.sum() * n) ** 2).sum() / y.sum() ** 2 for y, n in arms)
            phi = None
            t = log_ratio / math.sqrt(s)
        else:
            log_ratio = math.log((yv.sum() + 0.5) / nv.sum()) - math.log((yc.sum() + 0.5) / nc.sum())
            s = 1 / (yv.sum() + 0.5) + 1 / (yc.sum() + 0.5)
            # Pearson's chi-square of a generalised linear model with one rate an arm.
            chi2 = 0.0
            for y, n in arms:
                family = sm.families.Binomial() if model == "share" else sm.families.Poisson()
                if model == "share":
                    fit = sm.GLM(np.column_stack([y, n - y]), np.ones((days, 1)), family=family).fit(tol=1e-14)
                else:
                    fit = sm.GLM(y, np.ones((days, 1)), family=family, exposure=n).fit(tol=1e-14)
                chi2 += fit.pearson_chi2
            phi = max(1.0, chi2 / df)
            t = log_ratio / math.sqrt(phi * s)
        cases.append({"model": model, "control": [yc.tolist(), nc.tolist()], "variant": [yv.tolist(), nv.tolist()],
                      "phi": phi, "log_ratio": log_ratio, "s": s, "t": t, "df": df, "p_value": 2 * stats.t.sf(abs(t), df)})
    return cases


def random_effects(rng):
    """Paule-Mandel and Hartung-Knapp of statsmodels' combine_effects."""
    cases = []
    for number in range(25):
        k = int(rng.integers(2, 15)) if number else 5
        variances = rng.uniform(0.002, 0.05, k)
        effects = 0.1 * (number % 3) + rng.normal(0, 0.2 * (number % 4), k) + rng.normal(size=k) * np.sqrt(variances)
        fit = meta_analysis.combine_effects(effects, variances, method_re="iterated", use_t=True, atol=1e-14)
        tau2 = optimize.brentq(lambda x: (((effects - np.average(effects, weights=1 / (variances + x))) ** 2) / (variances + x)).sum() - (k - 1), 0, 10, xtol=1e-16) \
            if (((effects - np.average(effects, weights=1 / variances)) ** 2) / variances).sum() > k - 1 else 0.0
        assert fit.tau2 == 0 or abs(fit.tau2 - tau2) < 1e-5, (fit.tau2, tau2)  # its iteration may stop at 0
        weights = 1 / (variances + tau2)
        mean = np.average(effects, weights=weights)
        error = math.sqrt((weights * (effects - mean) ** 2).sum() / (k - 1) / weights.sum())
        if tau2 == 0:
            assert abs(error - fit.sd_eff_w_re_hksj) < 1e-9
        half = t_ppf(0.975, k - 1) * error
        cases.append({"effects": effects.tolist(), "variances": variances.tolist(), "tau2": tau2, "mean": mean, "error": error,
                      "p_value": 2 * stats.t.sf(abs(mean / error), k - 1), "interval": [mean - half, mean + half]})
    return cases


def adjusted_means(rng):
    """CUPED with theta within the arms: the slope of a regression with an intercept an arm."""
    cases = []
    for number in range(15):
        n_c, n_v = int(rng.integers(3, 40)), int(rng.integers(3, 40))
        x = rng.normal(5, 2, n_c + n_v).round(3)
        group = np.repeat([0, 1], [n_c, n_v])
        y = (0.7 * x * (number % 3) + group * 0.4 + rng.normal(size=n_c + n_v)).round(3)
        theta = sm.OLS(y, np.column_stack([group == 0, group == 1, x]).astype(float)).fit().params[2]
        adjusted = y - theta * (x - x.mean())
        a, b = adjusted[group == 0], adjusted[group == 1]
        compared = weightstats.CompareMeans(weightstats.DescrStatsW(b), weightstats.DescrStatsW(a))
        t, p, df = compared.ttest_ind(usevar="unequal")
        cases.append({"control": [y[group == 0].tolist(), x[group == 0].tolist()], "variant": [y[group == 1].tolist(), x[group == 1].tolist()],
                      "difference": float(b.mean() - a.mean()), "t": float(t), "df": float(df), "p_value": float(p)})
    return cases


def powers():
    rows = []
    for p1, p2, n, alpha in ((0.2, 0.25, 2000, 0.05), (0.02, 0.022, 50000, 0.05), (0.5, 0.4, 1000, 0.01), (0.01, 0.012, 1_000_000, 0.05), (0.3, 0.3, 5000, 0.05)):
        value = proportion.power_proportions_2indep(p2 - p1, p1, n, alpha=alpha, return_results=False)
        rows.append({"test": "rates", "baseline": p1, "effect": p2, "n": n, "alpha": alpha, "power": float(value)})
    for p1, p2, n, alpha in ((0.2, 0.4, 50, 0.05), (0.05, 0.2, 30, 0.05), (0.5, 0.7, 12, 0.05), (0.1, 0.1, 200, 0.05), (0.9, 0.6, 25, 0.01), (0.3, 0.35, 900, 0.05)):
        a, b = stats.binom(n, p1), stats.binom(n, p2)
        s = np.arange(n + 1)
        x, y = s[:, None], s[None, :]
        pooled = (x + y) / (2 * n)
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.abs(y - x) / n / np.sqrt(pooled * (1 - pooled) * 2 / n)
        reject = np.nan_to_num(z) > stats.norm.isf(alpha / 2)
        rows.append({"test": "rates", "baseline": p1, "effect": p2, "n": n, "alpha": alpha, "power": float(a.pmf(s) @ reject @ b.pmf(s))})
    for d, n, alpha in ((0.5, 64, 0.05), (0.2, 394, 0.05), (1.0, 5, 0.05), (0.1, 3000, 0.01), (0.0, 20, 0.05), (2.0, 2, 0.05)):
        rows.append({"test": "means", "effect": d, "n": n, "alpha": alpha, "power": float(power.TTestIndPower().power(d, n, alpha))})
    for p, n, alpha in ((0.6, 130, 0.05), (0.55, 523, 0.05), (0.75, 20, 0.01)):
        rows.append({"test": "ranks", "effect": p, "n": n, "alpha": alpha, "power": float(stats.norm.sf(stats.norm.isf(alpha / 2) - abs(p - 0.5) * math.sqrt(6 * n)))})
    return rows


def dunnett_levels():
    rows = []
    for k in (1, 2, 3, 5, 9):
        def outside(c):
            inside = integrate.quad(lambda u: stats.norm.pdf(u) * (stats.norm.cdf(c * math.sqrt(2) - u) - stats.norm.cdf(-c * math.sqrt(2) - u)) ** k, -10, 10, epsabs=1e-13, limit=200)[0]
            return 1 - inside - 0.05
        rows.append({"comparisons": k, "level": 2 * stats.norm.sf(optimize.brentq(outside, 1.5, 4, xtol=1e-13))})
    return rows


def non_inferiority(rng):
    rows = []
    for s_c, n_c, s_v, n_v in ((200, 1000, 190, 1000), (30, 100, 30, 100), (0, 40, 3, 50), (50, 50, 50, 60), (800, 1000, 700, 900)):
        c, nc, v, nv = (s_c, n_c, s_v, n_v) if 0 < s_c and 0 < s_v else (s_c + 0.5, n_c + 1, s_v + 0.5, n_v + 1)
        away = math.log(v / nv) - math.log(c / nc)
        se = math.sqrt((1 - v / nv) / v + (1 - c / nc) / c)
        half = stats.norm.isf(0.1) * se
        rows.append({"control": [s_c, n_c], "variant": [s_v, n_v], "ratio": math.exp(away), "interval": [math.exp(away - half), math.exp(away + half)],
                     "p_value": stats.norm.sf((away - math.log(0.9)) / se)})
    return rows


def fieller(rng):
    """The limits are the margins at which the one-sided test just rejects, with its degrees at 0.9."""
    rows = []
    for _ in range(10):
        c, v = rng.normal(5, 1, int(rng.integers(5, 30))), rng.normal(5.2, 1.5, int(rng.integers(5, 30)))
        ec, ev = c.var(ddof=1) / len(c), v.var(ddof=1) / len(v)
        part = 0.81 * ec
        df = (part + ev) ** 2 / (part**2 / (len(c) - 1) + ev**2 / (len(v) - 1))
        t = t_ppf(0.9, df)
        edge = lambda sign: optimize.brentq(lambda r: (v.mean() - r * c.mean()) - sign * t * math.sqrt(ev + r * r * ec), 0.1, 4, xtol=1e-15)
        rows.append({"control": c.tolist(), "variant": v.tolist(), "interval": [edge(1), edge(-1)],
                     "p_value": stats.t.sf((v.mean() - 0.9 * c.mean()) / math.sqrt(part + ev), df)})
    return rows


def main():
    rng = np.random.default_rng(20261121)
    document = {"clusters": clusters(rng), "day_sums": day_sums(rng), "random_effects": random_effects(rng), "adjusted_means": adjusted_means(rng),
                "powers": powers(), "dunnett_levels": dunnett_levels(), "non_inferiority": non_inferiority(rng), "fieller": fieller(rng)}
    lines = ['"source": "SciPy 1.10, statsmodels 0.13; permutations by enumeration"']
    for name, rows in document.items():
        lines.append(f'"{name}": [\n' + ",\n".join(json.dumps(row, allow_nan=False, default=float) for row in rows) + "\n]")
    sys.stdout.write("{" + ",\n".join(lines) + "}\n")


if __name__ == "__main__":
    main()
