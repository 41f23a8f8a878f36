#!/usr/bin/env python3
"""Expected labels and core points of DBSCAN on cosine distance: scikit-learn on float64.

usage: dbscan.py > dbscan.json
"""
import json
import math

import numpy
import sklearn
from sklearn.cluster import DBSCAN

random = numpy.random.default_rng(20260801)


def blobs(count, dimensions, centres, spread):
    middle = random.normal(size=(centres, dimensions))
    points = middle[random.integers(0, centres, count)] + spread * random.normal(size=(count, dimensions))
    return points.round(3)


def at_angles(*degrees):
    """Vectors of the plane, of growing length: length does not matter."""
    return [[(i + 1) * math.cos(math.radians(d)), (i + 1) * math.sin(math.radians(d))] for i, d in enumerate(degrees)]


def reach(degrees):
    return 1 - math.cos(math.radians(degrees))


def duplicates():
    base = random.normal(size=(6, 8))
    return numpy.vstack([base, base, 4 * base[:3], -base[:2], base[:1]])


def around_the_border(eps, dimensions):
    """Pairs whose distance is eps give or take 1e-6 ... 1e-12: single precision cannot tell."""
    points = []
    for pair in range(12):
        x, y = numpy.linalg.qr(random.normal(size=(dimensions, 2)))[0].T
        distance = eps + (-1) ** pair * 10.0 ** -(6 + pair // 2)
        points += [x, (1 - distance) * x + math.sqrt(1 - (1 - distance) ** 2) * y]
    return points


CASES = [
    ("blobs", blobs(120, 16, 6, 0.35), 0.08, 4, "float64"),
    ("blobs that touch", blobs(150, 5, 4, 0.6), 0.05, 5, "float64"),
    ("high dimensions", blobs(90, 96, 5, 0.7), 0.3, 3, "float64"),
    ("float32 values", blobs(150, 24, 6, 0.5) / 3, 0.15, 4, "float32"),
    ("duplicates, also scaled", duplicates(), 1e-9, 3, "float64"),
    ("duplicates are one short of a core point", duplicates(), 1e-9, 4, "float64"),
    # 20 degrees is within reach of both clusters and is no core point: it is of the first.
    ("border between two clusters", at_angles(0, 2, 4, 5, 20, 35, 36, 38, 40), reach(15.5), 4, "float64"),
    ("border, clusters in the other order", at_angles(20, 40, 38, 36, 35, 5, 4, 2, 0), reach(15.5), 4, "float64"),
    ("border point named before both", at_angles(20, 0, 40, 2, 38, 4, 36, 5, 35), reach(15.5), 4, "float64"),
    ("right angles are exactly at eps", [[1, 0, 0], [0, 2, 0], [0, 0, 3], [0, 1, 0], [-1, 0, 0]], 1.0, 4, "float64"),
    ("a distance of exactly eps", [[1, 0], [3, 4], [0, 1], [-4, 3], [-1, 0]], 0.4, 2, "float64"),
    ("just below a distance of eps", [[1, 0], [3, 4], [0, 1], [-4, 3], [-1, 0]], 0.39999999, 2, "float64"),
    ("opposite vectors at the largest eps", [[1, 2], [-1, -2], [2, 4], [5, 1]], 2.0, 4, "float64"),
    ("around the border", around_the_border(0.25, 12), 0.25, 2, "float64"),
    ("every point alone is a cluster", at_angles(0, 30, 60), 0.01, 1, "float64"),
    ("all noise", at_angles(0, 30, 60), 0.01, 2, "float64"),
    ("more samples asked than there are", at_angles(0, 1, 2), 0.5, 4, "float64"),
    ("a single point", [[1, 1]], 0.3, 1, "float64"),
]

cases = []
for name, points, eps, min_samples, values in CASES:
    points = numpy.asarray(points, dtype=values).astype("float64")
    found = DBSCAN(eps=eps, min_samples=min_samples, metric="cosine").fit(points)
    cases.append({
        "name": name, "eps": eps, "min_samples": min_samples, "values": values, "points": points.tolist(),
        "labels": found.labels_.tolist(), "core": found.core_sample_indices_.tolist(),
    })
lines = ",\n".join("  " + json.dumps(case) for case in cases)
print(f'{{"source": "scikit-learn {sklearn.__version__}, tests/reference/dbscan.py", "cases": [\n{lines}\n]}}')
