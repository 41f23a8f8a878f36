#!/usr/bin/env python3
"""Expected figures of off-policy evaluation on the Open Bandit data.

usage: open_bandit.py FOLDER_WITH_THE_CSV_FILES > open_bandit.json

Two questions with a known or checkable answer, by the textbook formulas in NumPy (no code of the
program):
  uniform_from_bts   what would uniform choice (1/34 each) have earned, from the log of Thompson
                     sampling: compare the click rate of the uniform log
  bts_from_uniform   what would drawing each item as often as Thompson sampling did have earned,
                     from the uniform log: q(item) = its share of the Thompson log
model: click rate of each item in the log itself, shrunk: (clicks + 1) / (rows + 200); the target's
expectation is the mean of the model under the target. Rows are units. The standard error of a
self-normalised mean is that of its linearisation.
"""
import csv
import json
import pathlib
import sys

import numpy as np


def read(path):
    rows = list(csv.DictReader(open(path)))
    return (np.array([int(r["item_id"]) for r in rows]), np.array([float(r["click"]) for r in rows]),
            np.array([float(r["propensity_score"]) for r in rows]))


def error(residuals, scale):
    n = len(residuals)
    return float(np.sqrt(n / (n - 1) * (residuals**2).sum()) / scale)


def evaluate(item, click, propensity, target):
    n = len(click)
    q = target[item]
    w = q / propensity
    counts = np.bincount(item, minlength=34)
    model = (np.bincount(item, click, minlength=34) + 1) / (counts + 200)
    value = w * click
    snips = value.sum() / w.sum()
    dr = target @ model + w * (click - model[item])
    return {"rounds": n, "effective_sample_size": w.sum()**2 / (w**2).sum(), "largest_weight": w.max(),
            "ips": {"value": value.mean(), "standard_error": error(value - value.mean(), n)},
            "snips": {"value": snips, "standard_error": error(value - snips * w, w.sum())},
            "dr": {"value": dr.mean(), "standard_error": error(dr - dr.mean(), n)}}


def main():
    folder = pathlib.Path(sys.argv[1])
    bts = read(folder / "obd_bts_men.csv")
    uniform = read(folder / "obd_random_men.csv")
    shares = np.bincount(bts[0], minlength=34) / len(bts[0])
    print(json.dumps({
        "uniform_from_bts": evaluate(*bts, np.full(34, 1 / 34)),
        "bts_from_uniform": evaluate(*uniform, shares),
        "click_rates": {"uniform": uniform[1].mean(), "bts": bts[1].mean()}}, indent=1))


main()
