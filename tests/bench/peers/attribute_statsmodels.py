"""Peer of `attribute`: rows read with json in one pass, folded to element and stratum in dictionaries, and the pooled
odds ratio of every element by statsmodels.

usage: attribute_statsmodels.py ROWS.jsonl > odds ratios
"""
import collections
import json
import sys

import numpy
from statsmodels.stats.contingency_tables import StratifiedTable

cells = collections.defaultdict(lambda: [0, 0])
totals = collections.defaultdict(lambda: [0, 0])
with open(sys.argv[1]) as file:
    for line in file:
        row = json.loads(line)
        stratum = tuple(sorted(row["strata"].items()))
        for dimension, value in row["tags"].items():
            for sums in (cells[dimension, value, stratum], totals[dimension, stratum]):
                sums[0] += row["successes"]
                sums[1] += row["trials"]
for dimension, value in sorted({key[:2] for key in cells}):
    tables = []
    for (name, stratum), (all_y, all_n) in totals.items():
        if name != dimension:
            continue
        y, n = cells.get((dimension, value, stratum), (0, 0))
        if 0 < n < all_n and 0 < all_y < all_n:
            tables.append(numpy.array([[y, n - y], [all_y - y, all_n - n - (all_y - y)]], dtype=float))
    print(dimension, value, StratifiedTable(tables).oddsratio_pooled)
