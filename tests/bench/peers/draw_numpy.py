"""Peer of bench_select: composites of eight given scores, probabilities and a draw of ten by the
Gumbel trick, vectorised; prints the median processor time.

usage: draw_numpy.py COUNT
"""
import json
import statistics
import sys
import time

import numpy

count = int(sys.argv[1])
generator = numpy.random.default_rng(1)
scores = generator.random((8, count))
weights = numpy.array([1.0, 0.8, 0.6, 0.5, 0.4, 0.6, 0.3, 0.4])
times = []
for _ in range(7):
    start = time.thread_time()
    composites = weights @ scores / weights.sum()
    p = numpy.exp(numpy.log(composites / composites.max()) / 0.1)
    p /= p.sum()
    p = 0.98 * p + 0.02 / count
    keys = numpy.log(generator.random(count)) / p
    drawn = numpy.argpartition(keys, -10)[-10:]
    times.append(1000 * (time.thread_time() - start))
print(json.dumps({"cpu_ms": statistics.median(times)}))
