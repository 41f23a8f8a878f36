#!/usr/bin/env python3
"""Writes a command-line case: rewards and element scores of 1,143 real Facebook ads, computed with
NumPy and SciPy apart from the program, from the CSV file itself.

usage: /usr/bin/python3 tests/reference/facebook_campaigns.py facebook_campaigns_kag.csv \
           > tests/cli/genome/facebook_campaigns.json
"""
import collections
import csv
import json
import sys

import numpy as np
from scipy import special, stats

from reward import beta_prior, logistic, normalised_sd, place

FILE = "{shared}/data/facebook_campaigns_kag.csv"
DIMENSIONS = ("age", "gender", "interest")
NOW = "2023-10-20"  # every ad is old enough, also when the quarter began


def rate(prior, events, exposure):
    """Mean of the posterior and standard deviation of its logarithm."""
    shape, rest, _ = prior
    a, b = shape + events, rest + max(0, exposure - events)
    return a / (a + b), np.sqrt(special.polygamma(1, a) - special.polygamma(1, a + b))


def main():
    with open(sys.argv[1], newline="") as file:
        ads = list(csv.DictReader(file))
    number = lambda name: np.array([float(ad[name]) for ad in ads])
    impressions, clicks, orders = number("Impressions"), number("Clicks"), number("Approved_Conversion")
    order = np.argsort([ad["ad_id"] for ad in ads])
    clicked = order[clicks[order] > 0]
    ctr_prior = beta_prior(clicks[order], impressions[order])
    conv_prior = beta_prior(orders[clicked], clicks[clicked])
    rates = {"ctr": {}, "conv": {}}
    for i in range(len(ads)):
        if impressions[i] >= 1000 and impressions[i] * ctr_prior[2] >= 10:
            rates["ctr"][i] = rate(ctr_prior, clicks[i], impressions[i])
        if clicks[i] * conv_prior[2] >= 3:
            rates["conv"][i] = rate(conv_prior, orders[i], clicks[i])
    quartiles = {name: np.percentile([r[0] for r in of.values()], [25, 75]) for name, of in rates.items()}

    rewards, sums = {}, collections.defaultdict(lambda: [1.0, 1.0, 0])
    final = 0
    for i, ad in enumerate(ads):
        present = [name for name in rates if i in rates[name]]
        if not present:
            continue
        final += len(present) == 2
        places = [float(logistic(place(rates[name][i][0], *quartiles[name]))) for name in present]
        sds = [normalised_sd(*rates[name][i], *quartiles[name]) for name in present]
        reward, sd = np.mean(places), np.hypot(*sds) / 2 if len(sds) == 2 else sds[0]
        weight = 0.05 / (0.05 + sd**2)
        rewards[ad["ad_id"]] = {"ad_id": ad["ad_id"], "reward": float(reward), "reward_sd": float(sd),
                                "weight": float(weight)}
        for dimension in DIMENSIONS:  # each ad is a run of its own, made elsewhere
            score = sums[(dimension, ad[dimension])]
            score[0] += 0.3 * weight * reward
            score[1] += 0.3 * weight * (1 - reward)
            score[2] += 1
    listed = [rewards[ad] for ad in sorted(rewards)]
    elements = collections.defaultdict(list)
    for (dimension, value), (alpha, beta, count) in sums.items():
        low, high = stats.beta.ppf([0.025, 0.975], alpha, beta)
        elements[dimension].append({"product_id": None, "dimension": dimension, "value": value, "alpha": alpha,
                                    "beta": beta, "mean": alpha / (alpha + beta), "interval": [low, high],
                                    "observations": count})
    for of in elements.values():
        of.sort(key=lambda element: -element["interval"][0])
    every = [element for dimension in DIMENSIONS for element in elements[dimension]]

    load = ["import", "performance", FILE, "--set", "platform=generic", "--set", "currency=USD", "--dates", "dmy",
            "--tags", ",".join(DIMENSIONS), "--now", "2023-09-15"]
    for field, column in (("platform_ad_id", "ad_id"), ("date_start", "Date"), ("impressions", "Impressions"),
                          ("clicks", "Clicks"), ("spend", "Spent"), ("conversions", "Approved_Conversion"),
                          ("campaign_id", "xyz_campaign_id")):
        load += ["--map", f"{field}={column}"]
    summary = {"ads": len(ads), "rewarded": len(rewards), "final": final, "currency": "USD",
               "unmatched_platform_ads": 0,
               "baseline": {name: {"p25": q[0], "p75": q[1], "source": "brand", "ads": len(rates[name])}
                            for name, q in quartiles.items()},
               "priors": {"ctr": {"mean": ctr_prior[2], "events": ctr_prior[0]},
                          "conv": {"mean": conv_prior[2], "events": conv_prior[0]}, "roas": None}}
    case = {
        "name": "rewards and element scores of real ads, against figures computed elsewhere",
        "needs": [FILE],
        "run": [
            {"args": ["init"]},
            {"args": ["import", "catalog", "-"],
             "stdin": [{"type": "organization", "id": "o", "name": "O"},
                       {"type": "brand", "id": "b", "organization_id": "o", "name": "B"}]},
            {"args": load, "stdout": {"new": len(ads), "rejected": 0}},
            {"args": ["reward", "--now", NOW], "stdout": {"rewards": listed, "summary": summary}},
            {"args": ["reward", "--now", NOW],
             "stdout": {"summary": {"new": 0, "changed": 0, "unchanged": len(rewards)}}},
            {"args": ["genome", "update", "--now", NOW],
             "stdout": {"elements": every, "summary": {"new": 3 * len(rewards), "rewards": len(rewards)}}},
            {"args": ["genome", "update", "--now", NOW],
             "stdout": {"summary": {"new": 0, "changed": 0, "unchanged": 3 * len(rewards)}}},
            {"args": ["genome", "show", "--dimension", "gender"], "stdout": {"elements": elements["gender"]}},
        ],
    }
    json.dump([case], sys.stdout, default=float)
    print()


if __name__ == "__main__":
    main()
