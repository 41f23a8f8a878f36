"""Peer of `learn-weights --method linear`: snapshots read with json, one NumPy regression.

usage: learn_weights_numpy.py SNAPSHOTS.jsonl > effects
"""
import json
import sys

import numpy

rows = [json.loads(line) for line in open(sys.argv[1])]
names = sorted(rows[0]["scores"])
x = numpy.array([[row["scores"][name] for name in names] for row in rows])
y = numpy.array([row["reward"] for row in rows])
x = x - x.mean(axis=0)
y = y - y.mean()
s2 = max(0.02, y.var(ddof=1))
for tau in (0.01, 0.03, 0.1, 0.3):
    effects = numpy.linalg.solve(x.T @ x / s2 + numpy.eye(len(names)) / tau**2, x.T @ y / s2)
print("\n".join(f"{name} {effect}" for name, effect in zip(names, effects)))
