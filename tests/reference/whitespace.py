#!/usr/bin/env python3
"""Expected numbers of page 6.5. Prints whitespace.json.

The interval comes from an exact fractions-based variance of the two Beta means, not from doubles.
"""
import itertools
import json
import math
from fractions import Fraction
from statistics import NormalDist

ELEMENTS = [("hook_type", "question", 8, 4), ("hook_type", "number", 30, 20), ("hook_type", "plain", 5, 5),
            ("persona", "runner", 12, 3), ("persona", "parent", 6, 5), ("color_mode", "dark", 9, 8)]
EFFECTS = {(("hook_type", "question"), ("persona", "runner")): (0.08, "synergy"),
           (("hook_type", "number"), ("persona", "runner")): (-0.2, "conflict"),
           (("color_mode", "dark"), ("persona", "parent")): (-0.04, "neutral")}
USES = {(("hook_type", "question"), ("persona", "parent")): 2, (("color_mode", "dark"), ("persona", "runner")): 5}


def moments(alpha, beta):
    mean = Fraction(alpha, alpha + beta)
    return mean, mean * (1 - mean) / (alpha + beta + 1)


def main():
    found = []
    for x, y in itertools.combinations(sorted(ELEMENTS), 2):
        (ma, va), (mb, vb) = moments(*x[2:]), moments(*y[2:])
        key = (x[:2], y[:2])
        effect, direction = EFFECTS.get(key, (0, None))
        uses = USES.get(key, 0)
        if x[0] == y[0] or min(ma, mb) <= Fraction(1, 2) or uses >= 5 or direction == "conflict":
            continue
        potential = float((ma + mb) / 2) + max(0, effect) + 0.15 * math.exp(-uses / 3)
        half = NormalDist().inv_cdf(0.975) * math.sqrt((va + vb) / 4)
        found.append({"a": "=".join(key[0]), "b": "=".join(key[1]), "potential": potential, "usage": uses,
                      "interval": [potential - half, potential + half]})
    found.sort(key=lambda c: (-c["potential"], c["a"], c["b"]))
    name = lambda pair: ["=".join(tag) for tag in pair]
    print(json.dumps({"elements": [{"tag": f"{d}={v}", "alpha": a, "beta": b} for d, v, a, b in ELEMENTS],
                      "interactions": [{"pair": name(p), "effect": e, "direction": d} for p, (e, d) in EFFECTS.items()],
                      "usage": [{"pair": name(p), "count": n} for p, n in USES.items()],
                      "candidates": found}, indent=1))


main()
