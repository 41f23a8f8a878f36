"""The 20 best triples of elements of three dimensions, every one tried, with NumPy.

usage: whitespace_triples_numpy.py FILE
"""
import collections
import itertools
import json
import sys

import numpy as np

means = collections.defaultdict(list)
for e in json.load(open(sys.argv[1]))["elements"]:
    mean = e["alpha"] / (e["alpha"] + e["beta"])
    if mean > 0.5:
        means[e["dimension"]].append(mean)
best = np.empty(0)
for a, b, c in itertools.combinations([np.array(means[d]) for d in sorted(means)], 3):
    potential = ((a[:, None, None] + b[None, :, None] + c[None, None, :]) / 3 + 0.15).ravel()
    best = np.sort(np.concatenate([best, np.partition(potential, -20)[-20:]]))[-20:]
json.dump(best[::-1].tolist(), sys.stdout)
