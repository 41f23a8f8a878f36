#!/usr/bin/env python3
"""Expected numbers of the model-averaged regression behind learned weights, method linear.

Prints weights_linear.json. Works in the dual: the centred rewards of n snapshots are normal with
covariance s2 W^-1 + tau^2 X X', whose density SciPy gives; the program works on k x k sums.
"""
import json

import numpy as np
from scipy import optimize, stats

TAUS = (0.01, 0.03, 0.1, 0.3)
KAPPAS = (0.0, 0.05, 0.1, 0.2)


def analyse(scores, rewards, weights, static):
    total = weights.sum()
    x = scores - weights @ scores / total
    y = rewards - weights @ rewards / total
    s2 = max(0.02, weights @ y**2 / (total - 1))
    x, y = x * np.sqrt(weights)[:, None], y * np.sqrt(weights)
    log_evidence, means, deviations = [], [], []
    for tau in TAUS:
        marginal = s2 * np.eye(len(y)) + tau**2 * x @ x.T
        gain = tau**2 * x.T @ np.linalg.inv(marginal)
        spread = np.sqrt(np.diag(tau**2 * np.eye(len(static)) - gain @ x * tau**2))
        for kappa in KAPPAS:
            prior = kappa * static / static.mean()
            log_evidence.append(stats.multivariate_normal.logpdf(y, x @ prior, marginal))
            means.append(prior + gain @ (y - x @ prior))
            deviations.append(spread)
    probability = np.exp(np.array(log_evidence) - max(log_evidence))
    probability /= probability.sum()
    means, deviations = np.array(means), np.array(deviations)

    def quantile(i, p):
        cdf = lambda v: probability @ stats.norm.cdf(v, means[:, i], deviations[:, i]) - p
        return optimize.brentq(cdf, -20, 20, xtol=1e-15, rtol=1e-15)

    effects = probability @ means
    positive = np.maximum(effects, 0)
    learned = 0.1 + max(0, static.sum() - 0.1 * len(static)) * positive / positive.sum()
    return {
        "static": static.tolist(),
        "snapshots": [{"scores": s, "reward": r, "weight": w}
                      for s, r, w in zip(scores.tolist(), rewards.tolist(), weights.tolist())],
        "effects": effects.tolist(),
        "intervals": [[quantile(i, 0.025), quantile(i, 0.975)] for i in range(len(static))],
        "largest_model_weight": probability.max(),
        "learned": learned.tolist(),
    }


def main():
    i = np.arange(60)
    scores = np.c_[(i * 7 % 10) / 10, (i * 3 % 11) / 11, (i * 5 % 13) / 13]
    rewards = 0.3 + 0.4 * scores[:, 0] + 0.05 * ((i * 17 % 7) - 3) / 3
    static = np.array([1.0, 0.8, 0.6])
    weights = 0.3 + (i * 11 % 8) / 10
    noisy = np.clip(rewards + 0.3 * ((i * 29 % 23) / 22 - 0.5), 0, 1)
    cases = [analyse(scores, rewards, np.ones(60), static), analyse(scores, noisy, weights, static)]
    print(json.dumps({"cases": cases}, indent=1))


main()
