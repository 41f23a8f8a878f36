#!/usr/bin/env python3
"""Writes attribution.json: pooled odds ratios by statsmodels (StratifiedTable) and R (mantelhaen.test), the
Berkeley admissions among them, random effects by SciPy (Paule-Mandel), and the judgement by clusters of
page 6.3 written out row by row with NumPy, apart from the program.

usage: /usr/bin/python3 tests/reference/attribution.py > tests/reference/attribution.json   (needs statsmodels and R)
"""
import itertools
import json
import math
import subprocess
import sys

import numpy as np
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import StratifiedTable

# UCBAdmissions of R: [[women admitted, rejected], [men admitted, rejected]] by department A to F.
BERKELEY = [[[89, 19], [512, 313]], [[17, 8], [353, 207]], [[202, 391], [120, 205]],
            [[131, 244], [138, 279]], [[94, 299], [53, 138]], [[24, 317], [22, 351]]]


def informative(table):
    (a, b), (c, d) = table
    return a + b > 0 and c + d > 0 and a + c > 0 and b + d > 0


def stratified(tables):
    used = [t for t in tables if informative(t)]
    table = StratifiedTable([np.array(t, dtype=float) for t in used])
    cmh = table.test_null_odds()
    case = {"tables": tables, "strata": len(used), "odds_ratio": table.oddsratio_pooled,
            "rbg_ci": list(table.oddsratio_pooled_confint()), "cmh_chi2": cmh.statistic,
            "cmh_p": float(stats.chi2.sf(cmh.statistic, 1)), "tarone": None, "tarone_p": None}
    if len(used) > 1:
        tarone = table.test_equal_odds(adjust=True).statistic
        case |= {"tarone": tarone, "tarone_p": float(stats.chi2.sf(tarone, len(used) - 1))}
    return case


def by_r(tables):
    """The same test in R, and its corrected p-value."""
    cells = ",".join(str(n) for t in tables for n in (t[0][0], t[1][0], t[0][1], t[1][1]))
    code = (f"x <- array(c({cells}), dim = c(2, 2, {len(tables)})); a <- mantelhaen.test(x, correct = FALSE); "
            "b <- mantelhaen.test(x, correct = TRUE); cat(sprintf('%.17g', "
            "c(a$estimate, a$conf.int, a$statistic, a$p.value, b$p.value)))")
    out = subprocess.run(["Rscript", "-e", code], check=True, capture_output=True, text=True).stdout
    names = ["odds_ratio", "low", "high", "cmh_chi2", "cmh_p", "cmh_p_corrected"]
    return dict(zip(names, map(float, out.split())))


def paule_mandel(estimates, variances):
    """The root by SciPy: the iteration of statsmodels ends at 0 for some."""
    def excess(tau2):
        w = 1 / (variances + tau2)
        return float((w * (estimates - np.average(estimates, weights=w))**2).sum()) - (len(estimates) - 1)
    return 0.0 if excess(0) <= 0 else float(optimize.brentq(excess, 0, 1e3, xtol=1e-14, rtol=1e-14))


def log_or(rows, clusters=None):
    r = s = 0.0
    for k in {row["stratum"] for row in rows}:
        mine = [row for row in rows if row["stratum"] == k and (clusters is None or row["cluster"] in clusters)]
        a = sum(row["y"] for row in mine if row["x"])
        b = sum(row["n"] - row["y"] for row in mine if row["x"])
        c = sum(row["y"] for row in mine if not row["x"])
        d = sum(row["n"] - row["y"] for row in mine if not row["x"])
        total = a + b + c + d
        if total:
            r, s = r + a * d / total, s + b * c / total
    return math.log(r / s)


def statistic(rows, share):
    n, n1, y = {}, {}, {}
    for row in rows:
        k = row["stratum"]
        n[k] = n.get(k, 0) + row["n"]
        n1[k] = n1.get(k, 0) + share[row["cluster"]] * row["n"]
        y[k] = y.get(k, 0) + row["y"]
    u = dict.fromkeys(share, 0.0)
    for row in rows:
        k = row["stratum"]
        u[row["cluster"]] += (share[row["cluster"]] - n1[k] / n[k]) * (row["y"] - row["n"] * y[k] / n[k])
    g, squares = len(u), sum(value**2 for value in u.values())
    return sum(u.values())**2 / (g / (g - 1) * squares)


def clustered(rows):
    clusters = sorted({row["cluster"] for row in rows})
    theta = log_or(rows)
    left_out = np.array([log_or(rows, set(clusters) - {c}) for c in clusters])
    g = len(clusters)
    se = math.sqrt((g - 1) / g * ((left_out - left_out.mean())**2).sum())
    trials = {c: sum(row["n"] for row in rows if row["cluster"] == c) for c in clusters}
    share = {c: sum(row["n"] for row in rows if row["cluster"] == c and row["x"]) / trials[c] for c in clusters}
    with_it = sum(1 for c in clusters if share[c] > 0)
    without = sum(1 for c in clusters if share[c] < 1)
    df = min(with_it, without) - 1
    observed = statistic(rows, share)
    arrangements = set(itertools.permutations(share.values())) if g <= 8 else None
    if arrangements is None:
        ones = [c for c in clusters if share[c] == 1]
        assert len(ones) == with_it
        arrangements = []
        for chosen in itertools.combinations(range(g), with_it):
            arrangements.append(tuple(1.0 if i in chosen else 0.0 for i in range(g)))
    at_least = sum(statistic(rows, dict(zip(clusters, values))) >= observed * (1 - 1e-9) for values in arrangements)
    return {"rows": rows, "odds_ratio": math.exp(theta), "se_jackknife": se, "df": df,
            "p": 2 * float(stats.t.sf(abs(theta) / se, df)), "statistic": observed,
            "permutation_p": at_least / len(arrangements)}


def clustered_rows(rng, clusters, with_it, is_mixed):
    rows = []
    for c in range(clusters):
        level = rng.normal(-3.5, 0.3)
        for k in range(3):
            for x in ([0, 1] if is_mixed and c % 4 == 0 else [int(c < with_it)]):
                n = int(rng.integers(200, 2000))
                rate = 1 / (1 + math.exp(-level - 0.2 * k - 0.2 * x))
                rows.append({"cluster": f"c{c:02d}", "stratum": f"s{k}", "x": x, "n": n,
                             "y": int(rng.binomial(n, rate))})
    return rows


def main():
    rng = np.random.default_rng(603)
    tables = []
    for case in range(24):
        strata = int(rng.integers(1, 8))
        scale = 10 ** rng.integers(1, 6)
        tables.append([[[int(v) for v in rng.integers(1, 10 * scale, 2)] for _ in range(2)] for _ in range(strata)])
        if case % 4 == 0:  # strata that say nothing
            tables[-1] += [[[0, 0], [3, 50]], [[0, 40], [0, 70]], [[5, 0], [9, 0]]]
    meta = []
    for _ in range(12):
        k = int(rng.integers(2, 9))
        variances = rng.uniform(0.01, 0.3, k)
        estimates = rng.normal(0.1, rng.choice([0.0, 0.1, 0.5, 1.0]), k) + rng.normal(0, np.sqrt(variances))
        tau2 = paule_mandel(estimates, variances)
        weights = 1 / (variances + tau2)
        meta.append({"estimates": estimates.tolist(), "variances": variances.tolist(), "tau2": tau2,
                     "mean": float((weights * estimates).sum() / weights.sum())})
    shapes = [(6, 3, False), (7, 3, False), (8, 4, False), (8, 2, False), (10, 5, False), (11, 4, False), (12, 3, False),
              (6, 3, True), (7, 2, True), (8, 4, True)]
    document = {"source": "statsmodels, R and NumPy; see attribution.py",
                "stratified": [stratified(t) for t in tables],
                "berkeley": stratified(BERKELEY) | {"r": by_r(BERKELEY)},
                "r": [{"tables": t} | by_r(t) for t in tables if all(map(informative, t)) and len(t) > 1][:12],
                "meta": meta,
                "clustered": [clustered(clustered_rows(rng, *shape)) for shape in shapes]}
    json.dump(document, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
