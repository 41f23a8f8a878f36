"""Peer of `select`: candidates read with json, scored in plain Python, drawn with NumPy.

usage: select_numpy.py CANDIDATES.jsonl CONTEXT.json COUNT > drawn ids
"""
import datetime
import json
import math
import sys

import numpy

NOW = datetime.datetime(2026, 11, 20, tzinfo=datetime.timezone.utc)
WEIGHTS = {"asset_match": 1.0, "unused_bonus": 0.8, "category_match": 0.6, "awareness_align": 0.5,
           "audience_match": 0.4, "belief_clarity": 0.6, "performance": 0.3, "fatigue": 0.4}


def scores(row, context):
    required = row.get("required_assets") or []
    used = row.get("last_used_at")
    days = None
    if used:
        days = (NOW - datetime.datetime.fromisoformat(used.replace("Z", "+00:00"))).total_seconds() / 86400
    category, sex, evaluation = row.get("category"), row.get("target_sex"), row.get("evaluation")
    performance = row.get("performance")
    if not sex or not context.get("target_sex"):
        audience = 0.7
    elif sex == context["target_sex"]:
        audience = 1.0
    else:
        audience = 0.7 if "unisex" in (sex, context["target_sex"]) else 0.2
    return {
        "asset_match": sum(a in context["asset_tags"] for a in required) / len(required) if required else 1.0,
        "unused_bonus": 1.0 if days is None else 1 - 0.7 * math.exp(-0.05 * days),
        "category_match": 1.0 if category == context["category"] else 0.0,
        "awareness_align": 1 - abs(row["awareness_level"] - context["awareness_stage"]) / 4,
        "audience_match": audience,
        "belief_clarity": 0.5 if not evaluation else sum(evaluation[f"d{i}"] for i in range(1, 6)) / 15,
        "performance": 0.5 if not performance else performance["alpha"] / (performance["alpha"] + performance["beta"]),
        "fatigue": 1.0 if days is None else min(1.0, max(0.2, 1 - math.exp(-0.05 * days))),
    }


with open(sys.argv[2]) as file:
    context = json.load(file)
ids, composites = [], []
with open(sys.argv[1]) as file:
    for line in file:
        row = json.loads(line)
        found = scores(row, context)
        ids.append(row["id"])
        composites.append(sum(WEIGHTS[name] * found[name] for name in WEIGHTS) / sum(WEIGHTS.values()))
composites = numpy.array(composites)
p = numpy.exp(numpy.log(composites / composites.max()) / 0.1)
p /= p.sum()
p = 0.98 * p + 0.02 / len(p)
drawn = numpy.random.default_rng(1).choice(len(ids), size=int(sys.argv[3]), replace=False, p=p)
print("\n".join(ids[i] for i in drawn))
