"""Peer of bench_stats: P(best) of the same arms by SciPy's adaptive quadrature, one integral an arm; prints the median
processor time.

usage: best_scipy.py ARMS
"""
import json
import statistics
import sys
import time

import numpy
from scipy import integrate, stats

arms = numpy.arange(int(sys.argv[1]))
alpha, beta = 101 + 7.0 * arms, 9900 - 60.0 * arms


def p_best(own):
    others = arms != own
    inside = lambda x: stats.beta.pdf(x, alpha[own], beta[own]) * numpy.prod(stats.beta.cdf(x, alpha[others], beta[others]))
    mean, deviation = stats.beta.mean(alpha[own], beta[own]), stats.beta.std(alpha[own], beta[own])
    low, high = max(0, mean - 9 * deviation), min(1, mean + 12 * deviation)
    return integrate.quad(inside, low, high, epsabs=1e-12, epsrel=1e-12, limit=400)[0]


times = []
for _ in range(3):
    start = time.thread_time()
    shares = [p_best(own) for own in arms]
    times.append(1000 * (time.thread_time() - start))
print(json.dumps({"cpu_ms": statistics.median(times), "p_best": shares}))
