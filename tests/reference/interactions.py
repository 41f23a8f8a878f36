#!/usr/bin/env python3
"""Writes interactions.json: rewarded ads, and what their pairs of elements earn beyond the two alone (page 6.4), by
plain means under classic rules and by scikit-learn's ridge regression under robust ones.

usage: /usr/bin/python3 tests/reference/interactions.py > tests/reference/interactions.json
"""
import itertools
import json
import sys

import numpy as np
from sklearn.linear_model import Ridge


def rewarded(rng, runs):
    rows = []
    for run in range(runs):
        level = rng.normal(0.5, 0.1)
        for _ in range(int(rng.integers(2, 6))):
            tags = {"hook": str(rng.choice(["question", "story", "number"])), "color": str(rng.choice(["light", "brand"])),
                    "stage": f"s{run % 2}"}
            if rng.random() < 0.7:
                tags["persona"] = str(rng.choice(["p1", "p2"]))
            extra = 0.2 if tags["hook"] == "story" and tags["color"] == "brand" else 0
            rows.append({"ad_id": f"ad{len(rows):03d}", "run": f"run{run:02d}", "tags": tags,
                         "reward": float(np.clip(rng.normal(level + extra, 0.1), 0, 1).round(4)),
                         "weight": round(float(rng.uniform(0.2, 1)), 4)})
    return rows


def pairs(rows):
    elements = sorted({tag for row in rows for tag in row["tags"].items()})
    has = np.array([[row["tags"].get(d) == v for d, v in elements] for row in rows])
    y = np.array([row["reward"] for row in rows])
    w = np.array([row["weight"] for row in rows])
    runs = np.array([row["run"] for row in rows])
    left = y - Ridge(alpha=1.0, solver="cholesky").fit(has.astype(float), y, sample_weight=w).predict(has.astype(float))
    found = []
    for i, j in itertools.combinations(range(len(elements)), 2):
        both = has[:, i] & has[:, j]
        if elements[i][0] == elements[j][0] or not both.any():
            continue
        found.append({"a": elements[i], "b": elements[j], "ads": int(both.sum()), "runs": len(set(runs[both])),
                      "apart": int(min(has[:, i].sum(), has[:, j].sum()) - both.sum()),
                      "classic": float(y[both].mean() - y[has[:, i]].mean() * y[has[:, j]].mean() / y.mean()),
                      "robust": float(np.average(left[both], weights=w[both]))})
    return found


def main():
    rng = np.random.default_rng(604)
    cases = []
    for runs in (6, 15, 40):
        rows = rewarded(rng, runs)
        cases.append({"rows": rows, "pairs": pairs(rows)})
    json.dump({"source": "NumPy and scikit-learn; see interactions.py", "cases": cases}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
