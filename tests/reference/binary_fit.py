#!/usr/bin/env python3
"""Reference numbers of kappa, isotonic and logistic fits: scikit-learn 1.2, NumPy 1.24.

usage: binary_fit.py > binary_fit.json
"""
import json
import sys

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score

rng = np.random.default_rng(5)


def kappa_of(table):
    table = np.asarray(table, float).reshape(2, 2)
    share = table / table.sum()
    chance = share.sum(1) @ share.sum(0)
    return (np.trace(share) - chance) / (1 - chance)


def kappas():
    """Kappa of scikit-learn; its standard error by the delta method with numeric derivatives."""
    rows = []
    for table in ((40, 10, 5, 45), (88, 14, 10, 10), (3, 1, 2, 30), (10, 0, 0, 10), (25, 25, 25, 25), (1, 20, 20, 1)):
        a, b, c, d = table
        first = [1] * (a + b) + [0] * (c + d)
        second = [1] * a + [0] * b + [1] * c + [0] * d
        n = sum(table)
        shares = np.asarray(table, float) / n
        step = 1e-6
        gradient = np.empty(4)
        for i in range(4):
            up, down = shares.copy(), shares.copy()
            up[i] += step
            down[i] -= step

            def of(s):
                s = s.reshape(2, 2)
                chance = s.sum(1) @ s.sum(0)
                return (np.trace(s) - chance) / (1 - chance)
            gradient[i] = (of(up) - of(down)) / (2 * step)
        covariance = (np.diag(shares) - np.outer(shares, shares)) / n
        rows.append({"table": table, "kappa": cohen_kappa_score(first, second),
                     "standard_error": float(np.sqrt(max(0.0, gradient @ covariance @ gradient)))})
    return rows


def isotonic():
    x = np.round(rng.uniform(0, 10, 80), 1)  # with ties
    y = (rng.uniform(size=80) < 1 / (1 + np.exp(-(x - 6)))).astype(int)
    weight = rng.choice([1.0, 2.5, 6.0], 80)
    fit = IsotonicRegression(out_of_bounds="clip").fit(x, y, sample_weight=weight)
    at = np.linspace(-1, 11, 61)
    return {"x": x.tolist(), "y": y.tolist(), "weight": weight.tolist(), "at": at.tolist(),
            "value": fit.predict(at).tolist()}


def logistic():
    rows = []
    for columns, ridge in ((1, 0.1), (3, 10.0), (5, 1.0)):
        x = rng.normal(size=(120, columns))
        y = (rng.uniform(size=120) < 1 / (1 + np.exp(-(0.4 + x @ rng.normal(size=columns))))).astype(int)
        weight = rng.choice([1.0, 3.0], 120)
        # scikit-learn's C multiplies the loss: its penalty is 1 / (2 C).
        fit = LogisticRegression(C=1 / ridge, tol=1e-12, max_iter=10000, solver="newton-cholesky").fit(x, y, sample_weight=weight)
        rows.append({"columns": columns, "ridge": ridge, "x": x.ravel().tolist(), "y": y.tolist(),
                     "weight": weight.tolist(), "intercept": float(fit.intercept_[0]),
                     "coefficients": fit.coef_[0].tolist()})
    return rows


json.dump({"kappa": kappas(), "isotonic": isotonic(), "logistic": logistic()}, sys.stdout, indent=1)
sys.stdout.write("\n")
