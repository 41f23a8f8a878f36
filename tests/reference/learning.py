#!/usr/bin/env python3
"""Writes learning.json: cases for the rules of pages 6.1, 6.2 and 6.5 that have closed or numerical
solutions elsewhere, computed with NumPy and SciPy apart from the program:

  linear       classic rewards of random ads (raw rates, linear places, weights by objective)
  delay        chain-ladder shares with Mack's errors from random triangles
  standardise  click rates over the brand's mix of cells
  prior        beta-binomial maximum likelihood over values of a dimension
  belief       the mixture of a first month, and the prior as 10 observations
  correlation  Spearman's with the interval of Bonett and Wright
  drift        population stability index
  greatest     P(a Beta is the greatest) by quadrature
  score        precision-weighted means
  provisional  rewards of the first weeks
  triples      whitespace of three dimensions, all of them tried one by one

usage: /usr/bin/python3 tests/reference/learning.py > tests/reference/learning.json
"""
import itertools
import json
import math
import sys

import numpy as np
from scipy import integrate, optimize, special, stats

WEIGHTS = {"SALES": [0.2, 0.3, 0.5, 0], "LEADS": [0.2, 0.8, 0, 0], "TRAFFIC": [0.7, 0.1, 0.2, 0],
           "AWARENESS": [0.5, 0, 0, 0.5], "ENGAGEMENT": [0.5, 0.3, 0.2, 0], "UNKNOWN": [1 / 3, 1 / 3, 1 / 3, 0]}
QUARTILES = [(0.005, 0.02), (0.005, 0.03), (0.5, 3.0), (5, 20)]


def linear(rng):
    cases = []
    for objective, weights in list(WEIGHTS.items()) * 2:
        impressions = int(rng.integers(500, 20000))
        clicks = int(rng.integers(1, impressions // 20))
        conversions = int(rng.integers(0, max(2, clicks // 10)))
        spend = round(float(rng.uniform(10, 300)), 2)
        value = round(conversions * float(rng.uniform(20, 90)), 2)
        raw = [clicks / impressions, conversions / clicks, value / spend, spend / impressions * 1000]
        places = [float(np.clip((r - low) / (high - low), 0, 1)) for r, (low, high) in zip(raw, QUARTILES)]
        places[3] = 1 - places[3]
        cases.append({"objective": objective, "impressions": impressions, "clicks": clicks,
                      "conversions": conversions, "spend": spend, "value": value, "raw": raw, "places": places,
                      "reward": float(np.dot(weights, places))})
    return cases


def delay(rng):
    cases = []
    for _ in range(8):
        days, ages = int(rng.integers(8, 25)), int(rng.integers(3, 7))
        share = np.cumsum(rng.dirichlet(np.ones(ages + 1) * 2))
        share[-1] = 1
        triangle = np.zeros((days, ages + 1))
        for day in range(days):
            final = rng.poisson(60) + 1
            steps = rng.multinomial(final, np.diff(np.concatenate([[0], share])))
            triangle[day] = np.cumsum(steps)
        today = days + ages - 1 - int(rng.integers(0, ages))
        rows, known = [], []
        for day in range(days):
            last = min(ages, today - day)
            for age in range(last + 1):
                before = triangle[day, age - 1] if age else 0
                if age == 0 or triangle[day, age] != before:
                    rows.append([day, day, day + age, float(triangle[day, age] - before)])
            # What was not learned anew stands still, up to 28 days.
            known.append([triangle[day, min(age, last)] for age in range(min(28, today - day) + 1)])
        factors, spreads, sums = [], [], []
        for age in range(28):
            pairs = [(c[age], c[age + 1]) for c in known if len(c) > age + 1 and c[age] > 0]
            if not pairs:
                factors.append(None)
                continue
            before, after = np.array(pairs).T
            f = after.sum() / before.sum()
            factors.append(f)
            sums.append(before.sum())
            spreads.append(float(np.sum(before * (after / before - f) ** 2) / (len(pairs) - 1)) if len(pairs) > 1 else None)
        count = sum(f is not None for f in factors)
        greatest = max(s for s in spreads if s is not None)
        shares, sds, total, product = [], [], 0, 1
        for age in reversed(range(count)):
            product *= factors[age]
            total += (greatest if spreads[age] is None else spreads[age]) / (factors[age] ** 2 * sums[age])
            shares.insert(0, 1 / product)
            sds.insert(0, math.sqrt(total))
        cases.append({"rows": rows, "today": today, "shares": shares, "sds": sds})
    return cases


def standardise(rng):
    cases = []
    for _ in range(8):
        ads, cells = int(rng.integers(2, 6)), int(rng.integers(2, 7))
        shown = rng.integers(0, 1500, (ads, cells)) * (rng.random((ads, cells)) < 0.8)
        shown[:, 0] += 1
        clicked = rng.binomial(shown, rng.uniform(0.005, 0.03, (ads, cells)))
        mix = shown.sum(axis=0) / shown.sum()
        out = []
        for ad in range(ads):
            kept = [c for c in range(cells) if shown[ad, c] >= 200]
            pool = [c for c in range(cells) if shown[ad, c] < 200]
            # Of cells with equal impressions the last stands last.
            kept.sort(key=lambda c: -shown[ad, c])
            total = lambda group: sum(int(shown[ad, c]) for c in group)
            while 0 < total(pool) < 200 and kept:
                pool.append(kept.pop())
            groups = [[c] for c in kept] + ([pool] if total(pool) > 0 else [])
            w = np.array([sum(mix[c] for c in g) for g in groups])
            n = np.array([total(g) for g in groups], dtype=float)
            k = np.array([sum(int(clicked[ad, c]) for c in g) for g in groups], dtype=float)
            out.append({"rate": float(np.sum(w * k / n) / w.sum()), "mix_covered": float(w.sum()),
                        "effective_impressions": float(w.sum() ** 2 / np.sum(w**2 / n))})
        cases.append({"impressions": shown.tolist(), "clicks": clicked.tolist(), "ads": out})
    return cases


def prior(rng):
    cases = []
    while len(cases) < 10:
        count = int(rng.integers(5, 30))
        trials = rng.uniform(1, 60, count)
        strength = rng.uniform(2, 25)
        mean = rng.uniform(0.2, 0.8)
        successes = trials * rng.beta(strength * mean, strength * (1 - mean), count)

        def loss(at):
            a, b = np.exp(at)
            return -np.sum(special.betaln(a + successes, b + trials - successes) - special.betaln(a, b))

        best = min((optimize.minimize(loss, np.log([s * mean, s * (1 - mean)]), method="Nelder-Mead",
                                      options={"xatol": 1e-12, "fatol": 1e-14, "maxiter": 20000}) for s in (1, 10, 100)),
                   key=lambda r: r.fun)
        a, b = np.exp(best.x)
        if a + b > 500:
            continue
        cases.append({"successes": successes.tolist(), "trials": trials.tolist(), "alpha": a, "beta": b,
                      "log_likelihood": -best.fun})
    return cases


def belief(rng):
    cases = []
    for observations in (1, 5, 10, 40, 79, 80, 100, 500):
        a, b = rng.uniform(1, 30, 2)
        pa, pb = rng.uniform(1, 20, 2)
        w = min(observations / 100, 0.8)
        own, before = stats.beta(a, b), stats.beta(pa, pb)
        mean = w * own.mean() + (1 - w) * before.mean()
        variance = w**2 * own.var() + (1 - w) ** 2 * before.var()
        m0 = before.mean()
        cases.append({"alpha": a, "beta": b, "prior": [pa, pb], "observations": observations, "mean": mean,
                      "variance": variance, "later": [10 * m0 + a - 1, 10 * (1 - m0) + b - 1]})
    return cases


def correlation(rng):
    cases = []
    for n in (4, 5, 20, 21, 50, 100, 200, 1000):
        x = rng.normal(size=n).round(1 if n % 2 else 6)
        y = (rng.uniform(-1, 1) * x + rng.normal(size=n)).round(1)
        r = float(stats.spearmanr(x, y)[0])
        half = stats.norm.ppf(0.975) * math.sqrt((1 + r * r / 2) / (n - 3))
        cases.append({"x": x.tolist(), "y": y.tolist(), "r": r,
                      "interval": [math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)]})
    return cases


def drift(rng):
    cases = []
    for _ in range(5):
        values = int(rng.integers(2, 7))
        recent, earlier = rng.integers(0, 60, values), rng.integers(0, 60, values)
        seen = (recent + earlier) > 0
        p = (recent[seen] + 0.5) / (recent.sum() + 0.5 * seen.sum())
        q = (earlier[seen] + 0.5) / (earlier.sum() + 0.5 * seen.sum())
        cases.append({"recent": recent.tolist(), "earlier": earlier.tolist(), "psi": float(np.sum((p - q) * np.log(p / q)))})
    return cases


def greatest(rng):
    cases = []
    for n in (2, 2, 3, 4, 5, 8):
        beliefs = [stats.beta(*rng.uniform(1, 40, 2)) for _ in range(n)]
        shares = [integrate.quad(lambda x: b.pdf(x) * np.prod([c.cdf(x) for c in beliefs if c is not b]), 0, 1,
                                 epsabs=1e-11, limit=300)[0] for b in beliefs]
        cases.append({"beliefs": [list(b.args) for b in beliefs], "shares": shares})
    return cases


def score(rng):
    cases = []
    for n in (1, 2, 3, 6, 12):
        beliefs = [stats.beta(*rng.uniform(1, 40, 2)) for _ in range(n)]
        precision = sum(1 / b.var() for b in beliefs)
        mean = sum(b.mean() / b.var() for b in beliefs) / precision
        strength = mean * (1 - mean) * precision - 1
        whole = stats.beta(mean * strength, (1 - mean) * strength)
        cases.append({"beliefs": [list(b.args) for b in beliefs], "score": mean,
                      "interval": [whole.ppf(0.025), whole.ppf(0.975)]})
    return cases


def provisional(rng):
    logistic = lambda x, low, high: 1 / (1 + math.exp(-math.log(3) * (2 * math.log(x) - math.log(low) - math.log(high))
                                                      / (math.log(high) - math.log(low))))
    cases = []
    for _ in range(6):
        impressions = int(rng.integers(500, 9000))
        clicks = int(rng.integers(0, impressions // 30))
        spend = round(float(rng.uniform(3, 90)), 2)
        line = lambda x, low, high: min(1.0, max(0.0, (x - low) / (high - low)))
        classic = (line(clicks / impressions, 0.005, 0.02) + (1 - line(spend / clicks, 0.3, 1.5) if clicks else 0)) / 2
        robust = (logistic((clicks + 0.5) / impressions, 0.005, 0.02) + 1 - logistic(spend / (clicks + 0.5), 0.3, 1.5)) / 2
        cases.append({"impressions": impressions, "clicks": clicks, "spend": spend, "classic": classic, "robust": robust})
    return cases


def triples(rng):
    cases = []
    for case in range(5):
        elements = [{"dimension": f"d{d}", "value": f"v{v}", "alpha": round(float(rng.uniform(1, 20)), 3),
                     "beta": round(float(rng.uniform(1, 8)), 3)} for d in range(4) for v in range(5)]
        tag = lambda e: {"dimension": e["dimension"], "value": e["value"]}
        pairs = [(a, b) for a, b in itertools.combinations(elements, 2) if a["dimension"] != b["dimension"]]
        drawn = lambda share: [p for p in pairs if rng.random() < share]
        effects = [{"a": tag(b), "b": tag(a), "effect": round(float(rng.normal(0, 0.1)), 4),
                    "direction": str(rng.choice(["synergy", "neutral", "conflict"]))} for a, b in drawn(0.2)]
        used = [{"a": tag(a), "b": tag(b), "times_used": int(rng.integers(0, 8))} for a, b in drawn(0.5)]
        key = lambda *es: tuple(sorted((e["dimension"], e["value"]) for e in es))
        effect = {key(r["a"], r["b"]): r for r in effects}
        uses = {key(r["a"], r["b"]): r["times_used"] for r in used}
        three = {}
        if case % 2:  # triples are known
            for chosen in itertools.combinations(elements, 3):
                if len({e["dimension"] for e in chosen}) == 3 and rng.random() < 0.1:
                    three[key(*chosen)] = int(rng.integers(0, 8))
                    used.append(dict(zip("cab", map(tag, chosen)), times_used=three[key(*chosen)]))
        mean = lambda e: e["alpha"] / (e["alpha"] + e["beta"])
        variance = lambda e: stats.beta(e["alpha"], e["beta"]).var()
        found = []
        for chosen in itertools.combinations(elements, 3):
            own = [key(a, b) for a, b in itertools.combinations(chosen, 2)]
            if len({e["dimension"] for e in chosen}) < 3 or any(mean(e) <= 0.5 for e in chosen):
                continue
            if any(effect.get(k, {}).get("direction") == "conflict" for k in own):
                continue
            count = three.get(key(*chosen), 0) if three else min(uses.get(k, 0) for k in own)
            if count >= 5:
                continue
            potential = (sum(map(mean, chosen)) / 3 + sum(max(0, effect[k]["effect"]) for k in own if k in effect)
                         + 0.15 * math.exp(-count / 3))
            half = stats.norm.ppf(0.975) * math.sqrt(sum(map(variance, chosen))) / 3
            found.append((potential, half, key(*chosen), count))
        best = sorted(found, key=lambda f: (-f[0], f[2]))[:20]
        hopeful = sorted(found, key=lambda f: (-(f[0] + f[1]), f[2]))[:20]
        cases.append({"input": {"elements": elements, "interactions": effects, "usage": used},
                      "best": [{"key": f[2], "potential": f[0], "interval": [f[0] - f[1], f[0] + f[1]], "usage": f[3]} for f in best],
                      "optimistic": [f[2] for f in hopeful]})
    return cases


def main():
    rng = np.random.default_rng(20261121)
    json.dump({f.__name__: f(rng) for f in (linear, delay, standardise, prior, belief, correlation, drift, greatest,
                                            score, provisional, triples)}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
