#!/usr/bin/env python3
"""Writes fatigue.json: accounts of ads by week, and the figures of page 6.6 for each of their ads, computed with NumPy,
SciPy and statsmodels apart from the program.

usage: /usr/bin/python3 tests/reference/fatigue.py > tests/reference/fatigue.json   (needs statsmodels)
"""
import json
import sys

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest


def account(rng, ads, weeks):
    shock = rng.normal(0, 0.15, weeks)
    series = []
    for a in range(ads):
        rate, decay = 0.012 * np.exp(rng.normal(0, 0.3)), rng.choice([0.0, 0.0, 0.12])
        first = int(rng.integers(0, 2))
        rows = []
        for w in range(first, weeks):
            n = int(rng.integers(4_000, 60_000))
            p = rate * np.exp(shock[w] - decay * (w - first) + rng.normal(0, 0.05))
            rows.append({"week": w, "impressions": n, "clicks": int(rng.binomial(n, min(p, 1))),
                         "spend_micros": int(n * 7500 * np.exp(rng.normal(0, 0.1)))})
        series.append(rows)
    return series


def with_pauses(series):
    """Every third ad without the weeks before its last, every third without one in the middle."""
    last = max(r["week"] for rows in series for r in rows)
    gone = [{last - 1, last - 2}, {last // 2}, set()]
    return [[r for r in rows if r["week"] not in gone[a % 3]] for a, rows in enumerate(series)]


def logs_of(series, is_cpm):
    out = []
    for rows in series:
        if is_cpm:
            out.append({r["week"]: (np.log(r["spend_micros"] / 1000 / r["impressions"]), 1 / (r["impressions"] + 0.5))
                        for r in rows})
        else:
            out.append({r["week"]: (np.log((r["clicks"] + 0.5) / (r["impressions"] + 1)), 1 / (r["clicks"] + 0.5))
                        for r in rows})
    return out


def without_weeks(logs):
    usual = [np.mean([logs[i][w][0] for w in sorted(logs[i])[:3]]) for i in range(len(logs))]
    effects = {}
    for week in sorted({w for each in logs for w in each}):
        deviations = [each[week][0] - m for each, m in zip(logs, usual) if week in each]
        effects[week] = float(np.median(deviations)) if len(deviations) >= 3 else 0.0
    rest = [{w: (l - effects[w], v) for w, (l, v) in each.items()} for each in logs]
    changes, variances = [], []
    for each in rest:
        for w in each:
            if w - 1 in each:
                changes.append(abs(each[w][0] - each[w - 1][0]))
                variances.append(each[w][1] + each[w - 1][1])
    tau2 = max(0.0, ((np.median(changes) / 0.6745)**2 - np.median(variances)) / 2)
    return rest, effects, float(tau2)


def shifts(logs, sign):
    rest, effects, tau2 = without_weeks(logs)
    found = []
    for each in rest:
        weeks = sorted(each)
        l, v = (np.array([each[w][i] for w in weeks]) for i in (0, 1))
        w = 1 / (v + tau2)
        now = np.array(weeks) >= weeks[-1] - 1  # by calendar: a pause parts what was from what is
        base, current = np.average(l[~now], weights=w[~now]), np.average(l[now], weights=w[now])
        z = sign * (base - current) / np.sqrt(1 / w[~now].sum() + 1 / w[now].sum())
        found.append({"base": float(np.exp(base)), "current": float(np.exp(current)),
                      "change": float(sign * (1 - np.exp(current - base))), "z": float(z), "p": float(stats.norm.sf(z))})
    for each, q in zip(found, multipletests([f["p"] for f in found], method="fdr_bh")[1]):
        each["q"] = float(q)
    return found, rest, effects, tau2


def decays(series, rest, tau2):
    found = []
    for rows, each in zip(series, rest):
        n = np.array([r["impressions"] for r in rows], dtype=float)
        x = np.cumsum(n) - n / 2
        l, v = (np.array([each[r["week"]][i] for r in rows]) for i in (0, 1))
        # Known variances: the covariance is not scaled by the residuals.
        fit = sm.WLS(l, sm.add_constant(x), weights=1 / (v + tau2)).fit(cov_type="fixed scale")
        found.append({"k": -float(fit.params[1]), "se": float(fit.bse[1]),
                      "p": float(stats.norm.sf(-fit.params[1] / fit.bse[1]))})
    for each, q in zip(found, multipletests([f["p"] for f in found], method="fdr_bh")[1]):
        each["q"] = float(q)
    return found


def classic(rows):
    best = max(rows[:-1], key=lambda r: r["clicks"] / r["impressions"])
    now = rows[-1]
    _, p = proportions_ztest([best["clicks"], now["clicks"]], [best["impressions"], now["impressions"]],
                             alternative="larger")
    rate = lambda r: r["clicks"] / r["impressions"]
    return {"base": rate(best), "current": rate(now), "change": 1 - rate(now) / rate(best), "p": float(p)}


def main():
    rng = np.random.default_rng(606)
    cases = []
    for ads, weeks, pauses in ((3, 5, False), (5, 6, False), (8, 8, False), (12, 6, False), (25, 10, False),
                               (2, 7, False), (9, 9, True)):
        series = account(rng, ads, weeks)
        if pauses:
            series = with_pauses(series)
        ctr, rest, effects, tau2 = shifts(logs_of(series, False), 1)
        cpm, _, _, cpm_tau2 = shifts(logs_of(series, True), -1)
        cases.append({"last_week": weeks - 1, "series": series, "tau2": tau2, "cpm_tau2": cpm_tau2,
                      "week_effect": effects[weeks - 1], "ctr": ctr, "cpm": cpm, "decay": decays(series, rest, tau2),
                      "classic": [classic(rows) for rows in series]})
    json.dump({"source": "NumPy, SciPy, statsmodels; see fatigue.py", "cases": cases}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
