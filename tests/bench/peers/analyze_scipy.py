"""Peer of `experiment analyze --only mann_whitney`: values read with json and tested by SciPy.

usage: analyze_scipy.py ROWS.jsonl
"""
import array
import json
import sys

import numpy
from scipy import stats

arms = {}
with open(sys.argv[1]) as file:
    for line in file:
        row = json.loads(line)
        arms.setdefault(row["arm"], array.array("d")).append(row["value"])
control, variant = (numpy.frombuffer(arms[name]) for name in ("control", "variant"))
test = stats.mannwhitneyu(control, variant, method="asymptotic")
print(json.dumps({"u_control": test.statistic, "p_value": test.pvalue}))
