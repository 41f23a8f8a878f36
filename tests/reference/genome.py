#!/usr/bin/env python3
"""Writes genome.json: 40 rewarded ads of 12 runs, their intraclass correlation and the posterior of
each element (page 6.2, robust), computed with NumPy and SciPy apart from the program.

usage: /usr/bin/python3 tests/reference/genome.py > tests/reference/genome.json
"""
import collections
import json
import sys

import numpy as np
from scipy import stats


def main():
    rng = np.random.default_rng(602)
    rows = []
    for run in range(12):
        level = rng.normal(0.5, 0.15)
        for _ in range(int(rng.integers(1, 6))):
            tags = {"hook_type": str(rng.choice(["question", "story", "number"])), "persona": f"p{run % 3}"}
            if rng.random() < 0.8:
                tags["color_mode"] = str(rng.choice(["brand", "light"]))
            reward = float(np.clip(rng.normal(level, 0.1), 0, 1).round(4))
            rows.append({"ad_id": f"ad{len(rows):02d}", "run": f"run{run}", "tags": tags, "reward": reward,
                         "weight": round(float(rng.uniform(0.3, 1)), 4)})
    groups = collections.defaultdict(list)
    for row in rows:
        groups[row["run"]].append(row["reward"])
    values = list(groups.values())
    # The one-way F test gives MSB / MSW.
    f = stats.f_oneway(*[v for v in values])[0]
    sizes = np.array([len(v) for v in values])
    m0 = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / (len(sizes) - 1)
    icc = (f - 1) / (f + m0 - 1)
    sums = collections.defaultdict(lambda: [1.0, 1.0, 0])
    for row in rows:
        share = row["weight"] / (1 + (len(groups[row["run"]]) - 1) * icc)
        for dimension, value in row["tags"].items():
            score = sums[(dimension, value)]
            score[0] += share * row["reward"]
            score[1] += share * (1 - row["reward"])
            score[2] += 1
    elements = [{"dimension": d, "value": v, "alpha": a, "beta": b, "mean": a / (a + b), "observations": n,
                 "interval": [stats.beta.ppf(0.025, a, b), stats.beta.ppf(0.975, a, b)]}
                for (d, v), (a, b, n) in sums.items()]
    elements.sort(key=lambda e: (e["dimension"], -e["interval"][0]))
    json.dump({"rows": rows, "icc": icc, "elements": elements}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
