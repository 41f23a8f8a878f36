#!/usr/bin/env python3
"""Writes reward.json: a brand of 30 ads and its rewards by the robust rules of page 6.1, computed
with NumPy and SciPy apart from the program. Each ad's figures are those of one row, so that its mean
order value is the row's. Uses posterior moments by numerical integration where
the program has closed forms.

usage: /usr/bin/python3 tests/reference/reward.py > tests/reference/reward.json
"""
import json
import sys

import numpy as np
from scipy import integrate, stats

DAYS = {"ctr": 3, "conv": 7, "roas": 10}
WEIGHTS = {"ctr": 0.2, "conv": 0.3, "roas": 0.5}
AGE = 40  # days since every ad's first delivery, at the time of the rewards
QUARTILES = {"ctr": (0.005, 0.02), "conv": (0.005, 0.03), "roas": (0.5, 3.0)}


def brand():
    rng = np.random.default_rng(20261120)
    ads = []
    for i in range(30):
        impressions = int(rng.integers(300, 30000))
        clicks = int(rng.binomial(impressions, rng.beta(6, 494)))
        orders = int(rng.binomial(clicks, rng.beta(3, 97)))
        value = round(float(np.sum(rng.lognormal(4, 0.5, orders))), 2)
        spend = round(impressions * 0.009 + 1, 2)
        ads.append({"ad_id": f"ad{i:02d}", "impressions": impressions, "clicks": clicks,
                    "spend": spend, "conversions": orders, "conversion_value": value})
    return ads


def spread(events, exposure, mean):
    k, total = len(events), exposure.sum()
    square = np.sum(exposure * (events / exposure - mean) ** 2)
    return square, total - np.sum(exposure**2) / total, k - 1


def beta_prior(events, exposure):
    mean = events.sum() / exposure.sum()
    square, room, degrees = spread(events, exposure, mean)
    rho = (square / (mean * (1 - mean)) - degrees) / (room - degrees)
    shape = 100 if rho <= 0 else np.clip(mean * (1 / rho - 1), 0.5, 100)
    return shape, shape * (1 - mean) / mean, mean


def gamma_prior(events, exposure):
    mean = events.sum() / exposure.sum()
    square, room, degrees = spread(events, exposure, mean)
    variance = (square - degrees * mean) / room
    shape = 100 if variance <= 0 else np.clip(mean**2 / variance, 0.5, 100)
    return shape, shape / mean, mean


def log_sd(distribution):
    low, high = distribution.ppf(1e-14), distribution.isf(1e-14)
    moment = lambda power: integrate.quad(
        lambda t: t**power * distribution.pdf(np.exp(t)) * np.exp(t), np.log(max(low, 1e-300)), np.log(high),
        limit=500, epsabs=1e-13, epsrel=1e-13)[0]
    return np.sqrt(moment(2) - moment(1) ** 2)


def place(x, p25, p75):
    return np.log(3) * (2 * np.log(x) - np.log(p25) - np.log(p75)) / (np.log(p75) - np.log(p25))


def logistic(x):
    return 1 / (1 + np.exp(-x))


def normalised_sd(x, sd, p25, p75):
    slope = 2 * np.log(3) * sd / (np.log(p75) - np.log(p25))
    moment = lambda power: integrate.quad(
        lambda z: logistic(place(x, p25, p75) + slope * z) ** power * stats.norm.pdf(z), -12, 12,
        epsabs=1e-13, epsrel=1e-13)[0]
    return np.sqrt(moment(2) - moment(1) ** 2)


def main():
    ads = brand()
    column = lambda name: np.array([ad[name] for ad in ads], dtype=float)
    orders, value, spend = column("conversions"), column("conversion_value"), column("spend")
    has = orders > 0
    means = np.where(has, value / np.where(has, orders, 1), 0)
    by_value = np.argsort(means[has], kind="stable")
    reached = np.cumsum(orders[has][by_value]) >= 0.99 * orders.sum()
    cap = means[has][by_value][np.argmax(reached)]
    capped = orders * np.minimum(means, cap)
    brand_value = capped.sum() / orders.sum()
    order_value = (10 * brand_value + capped) / (10 + orders)

    ctr = beta_prior(column("clicks"), column("impressions"))
    with_clicks = column("clicks") > 0
    conv = beta_prior(orders[with_clicks], column("clicks")[with_clicks])
    roas = gamma_prior(orders, spend / order_value)
    out = []
    for i, ad in enumerate(ads):
        n, c, y = ad["impressions"], ad["clicks"], ad["conversions"]
        parts = {}
        if n > 0:
            a, b = ctr[0] + c, ctr[1] + n - c
            parts["ctr"] = (c / n, a / (a + b), log_sd(stats.beta(a, b)), n * ctr[2],
                            n >= 1000 and n * ctr[2] >= 10)
        if c > 0:
            a, b = conv[0] + y, conv[1] + max(0, c - y)
            parts["conv"] = (y / c, a / (a + b), log_sd(stats.beta(a, b)), c * conv[2], c * conv[2] >= 3)
        a, b = roas[0] + y, roas[1] + spend[i] / order_value[i]
        expected = spend[i] / brand_value * roas[2]
        parts["roas"] = (value[i] / spend[i], a / b, log_sd(stats.gamma(a, scale=1 / b)), expected, expected >= 3)
        present = {name: WEIGHTS[name] for name, part in parts.items() if part[4]}
        coverage = sum(present.values())
        record = {"ad_id": ad["ad_id"], "coverage": coverage, "reward": None, "reward_sd": None, "weight": None,
                  "components": {}}
        for name, (raw, shrunk, sd, events, _) in parts.items():
            record["components"][name] = {
                "raw": raw, "shrunk": shrunk, "expected_events": events,
                "normalised": logistic(place(shrunk, *QUARTILES[name])),
                "normalised_sd": normalised_sd(shrunk, sd, *QUARTILES[name])}
        if coverage >= 0.5:
            part = lambda name, key: present.get(name, 0) / coverage * record["components"].get(name, {}).get(key, 0)
            record["reward"] = sum(part(name, "normalised") for name in present)
            sds = {name: part(name, "normalised_sd") for name in WEIGHTS}
            record["reward_sd"] = float(np.hypot(sds["ctr"], sds["conv"] + sds["roas"]))
            record["weight"] = 0.05 / (0.05 + record["reward_sd"] ** 2)
        out.append(record)
    document = {"age_days": AGE, "objective": "CONVERSIONS", "ads": ads, "rewards": out,
                "priors": {"ctr": ctr[0], "conv": conv[0], "roas": roas[0], "order_value": brand_value}}
    json.dump(document, sys.stdout, indent=1, default=float)
    print()


if __name__ == "__main__":
    main()
