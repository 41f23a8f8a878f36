"""Peer of `learn-weights --method linear`: snapshots read with json in one pass, sums of chunks by
NumPy, so that memory does not grow with the file, and one regression.

usage: learn_weights_numpy.py SNAPSHOTS.jsonl > effects
"""
import itertools
import json
import sys

import numpy

names, count, sums, products = None, 0, 0, 0
with open(sys.argv[1]) as file:
    while lines := list(itertools.islice(file, 10_000)):
        rows = [json.loads(line) for line in lines]
        names = names or sorted(rows[0]["scores"])
        z = numpy.array([[row["scores"][name] for name in names] + [row["reward"]] for row in rows])
        count += len(z)
        sums = sums + z.sum(axis=0)
        products = products + z.T @ z
centred = products - numpy.outer(sums, sums) / count
xx, xy, yy = centred[:-1, :-1], centred[:-1, -1], centred[-1, -1]
s2 = max(0.02, yy / (count - 1))
effects = numpy.linalg.solve(xx / s2 + numpy.eye(len(names)) / 0.3**2, xy / s2)
print("\n".join(f"{name} {effect}" for name, effect in zip(names, effects)))
