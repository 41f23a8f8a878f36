"""Peer of bench_stats: the Mann-Whitney test of two files of doubles by SciPy; prints the processor time of the test.

usage: mann_whitney_scipy.py CONTROL VARIANT
"""
import json
import sys
import time

import numpy
from scipy import stats

control, variant = (numpy.fromfile(path) for path in sys.argv[1:3])
start = time.thread_time()
test = stats.mannwhitneyu(control, variant, method="asymptotic")
print(json.dumps({"cpu_ms": 1000 * (time.thread_time() - start), "u_control": test.statistic, "p_value": test.pvalue}))
