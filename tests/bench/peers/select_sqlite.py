"""Peer of `select` from a store: templates and what is known of them read with sqlite3, joined and
scored in plain Python, drawn with NumPy.

usage: select_sqlite.py STORE > number of candidates
"""
import datetime
import json
import math
import sqlite3
import sys

import numpy

NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
ROWS = """SELECT t.id, t.required_assets, e.d1, e.d2, e.d3, e.d4, e.d5, e.d6, u.last, s.alpha, s.beta FROM templates t
LEFT JOIN template_evaluations e ON e.template_id = t.id
LEFT JOIN (SELECT template_id, MAX(used_at) AS last FROM template_usage WHERE brand_id = 'demo-brand'
           AND product_id = 'demo-ridge' GROUP BY template_id) u ON u.template_id = t.id
LEFT JOIN element_scores s ON s.brand_id = 'demo-brand' AND s.product_id = '' AND s.dimension = 'template_id'
  AND s.value = t.id
WHERE t.active ORDER BY t.id"""
store = sqlite3.connect(sys.argv[1])
tags = {tag for (tags,) in store.execute("SELECT asset_tags FROM product_images WHERE product_id = 'demo-ridge'")
        for tag in json.loads(tags)}
ids, composites = [], []
for id, required, *d, d6, last, alpha, beta in store.execute(ROWS):
    required = json.loads(required)
    days = None
    if last:
        days = (NOW - datetime.datetime.fromisoformat(last.replace("Z", "+00:00"))).total_seconds() / 86400
    score = sum(tag in tags for tag in required) / len(required) if required else 1.0
    score += 0.8 * (1.0 if days is None else 1 - 0.7 * math.exp(-0.05 * days))
    score += 0.6 * (0.5 if d6 is None else sum(d) / 15 if d6 else 0.0)
    score += 0.3 * (0.5 if alpha is None else alpha / (alpha + beta))
    score += 0.4 * (1.0 if days is None else min(1.0, max(0.2, 1 - math.exp(-0.05 * days))))
    ids.append(id)
    composites.append(score)
composites = numpy.array(composites)
p = numpy.exp(numpy.log(composites / composites.max()) / 0.1)
p /= p.sum()
numpy.random.default_rng(1).choice(len(ids), size=3, replace=False, p=p)
print(len(ids))
