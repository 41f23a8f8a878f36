"""Peer of `cluster`: scikit-learn's brute force on cosine distance.

usage: cluster_sklearn.py VECTORS.npy EPS MIN_SAMPLES > labels
"""
import sys

import numpy
from sklearn.cluster import DBSCAN

vectors = numpy.load(sys.argv[1]).astype("float64")
found = DBSCAN(eps=float(sys.argv[2]), min_samples=int(sys.argv[3]), metric="cosine", n_jobs=-1).fit(vectors)
numpy.savetxt(sys.stdout, found.labels_, fmt="%d")
