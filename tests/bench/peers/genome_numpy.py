"""Element scores from rewards as JSONL with json, NumPy and SciPy: icc by analysis of variance, sums by element.

usage: genome_numpy.py FILE
"""
import collections
import json
import sys

import numpy as np
from scipy import stats

runs, rewards, weights, elements = [], [], [], collections.defaultdict(list)
numbers = {}
for line in open(sys.argv[1]):
    row = json.loads(line)
    for tag in row["tags"].items():
        elements[tag].append(len(runs))
    runs.append(numbers.setdefault(row["run"], len(numbers)))
    rewards.append(row["reward"])
    weights.append(row["weight"])
runs, rewards, weights = np.array(runs), np.array(rewards), np.array(weights)
sizes = np.bincount(runs)
means = np.bincount(runs, rewards) / sizes
n, k = len(runs), len(sizes)
between = np.sum(sizes * (means - rewards.mean()) ** 2) / (k - 1)
within = np.sum((rewards - means[runs]) ** 2) / (n - k)
m0 = (n - np.sum(sizes**2) / n) / (k - 1)
icc = min(1, max(0, (between - within) / (between + (m0 - 1) * within)))
credit = weights / (1 + (sizes[runs] - 1) * icc)
out = []
for (dimension, value), rows in elements.items():
    a, b = 1 + np.sum(credit[rows] * rewards[rows]), 1 + np.sum(credit[rows] * (1 - rewards[rows]))
    out.append({"dimension": dimension, "value": value, "mean": a / (a + b), "interval": list(stats.beta.ppf([0.025, 0.975], a, b))})
json.dump(out, sys.stdout)
