#!/usr/bin/env python3
"""What a preset with a gate of its own would have earned: `evaluate --policy` against the formula of
Des Raj, worked out here from the program's other outputs alone: the draws as they were recorded, the
rewards, and the probabilities that `select --all` gives under the preset. On both stores.

usage: evaluate_gate.py PROGRAM [unittest arguments]
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from on_stores import main  # noqa: E402

START, END = "2026-01-05T09:00:00Z", "2026-02-02T09:00:00Z"
SELECTIONS, DRAWS = 20, 2
WEIGHTS = {"asset_match": 0.4, "unused_bonus": 0.8, "category_match": 0.6, "awareness_align": 0.5, "audience_match": 0.4,
           "belief_clarity": 0.6, "performance": 0.3, "fatigue": 0.4}
# The demo brand's product misses an asset of some templates, and others were never analysed.
PRESETS = {"open": {}, "gated": {"min_asset_score": 0.7}}


def earned(templates, rewards, propensity):
    """What one selection says that a policy of these probabilities earns."""
    terms, before = [], 0.0
    for drawn in templates:
        reward, q = rewards[drawn["template_id"]], propensity[drawn["template_id"]]
        if reward is None:
            break
        terms.append(before + q * reward / drawn["draw_probability"])
        before += q * reward
    return sum(terms) / len(terms)


class EvaluateGate:
    now = START

    def propensity(self, name):
        listed = self.run_program("select", "--product", "demo-ridge", "--all", "--preset", f"{name}.json")
        return {row["template_id"]: row["propensity"] or 0.0 for row in listed["templates"]}

    def rewarded(self, selected):
        """What the selections drew in turn, and the reward of each template of it, where the first has one."""
        # One ad for each template drawn, so that its reward is the draw's.
        made = [self.run_program("generate", "--provider", "none", "--hooks", "1", "--sizes", "1:1", "--colors", "original",
                                 "--seed", str(seed), stdin=selection) for seed, selection in enumerate(selected)]
        self.import_demo_performance(START, END)
        known = {row["ad_id"]: row["reward"] for row in self.run_program("reward", now=END)["rewards"]}
        pairs = [(json.loads(selection)["templates"], {ad["template_id"]: known.get(ad["ad_id"]) for ad in each["ads"]})
                 for selection, each in zip(selected, made)]
        return [(drawn, rewards) for drawn, rewards in pairs if rewards[drawn[0]["template_id"]] is not None]

    def test_presets_with_a_gate_earn_what_the_formula_says(self):
        self.run_program("init", "--demo")
        for name, gate in PRESETS.items():
            preset = {"name": name, "weights": WEIGHTS, "temperature": 0.5, "explore_floor": 0.1, **gate}
            (self.folder / f"{name}.json").write_text(json.dumps(preset))
        selected = [self.output("select", "--product", "demo-ridge", "--count", str(DRAWS), "--preset", "open.json",
                                "--record", "--seed", str(seed)) for seed in range(SELECTIONS)]
        propensity = {name: self.propensity(name) for name in PRESETS}
        matured = self.rewarded(selected)
        self.assertGreater(len(matured), SELECTIONS / 2)
        found = {}
        for name in PRESETS:
            evaluation = self.run_program("evaluate", "--policy", f"{name}.json", "--seed", "1", now=END)
            found[name] = evaluation["estimates"]["ips"]["value"]
            expected = sum(earned(*selection, propensity[name]) for selection in matured) / len(matured)
            with self.subTest(name):
                self.assertEqual(evaluation["rounds"], len(matured))
                # Pools keep scores in 65,535ths.
                self.assertAlmostEqual(found[name], expected, delta=1e-3 * expected)
                self.assertEqual([w for w in evaluation["warnings"] if "asset score" in w], [])
        kept_out = {t["template_id"] for drawn, _ in matured for t in drawn if propensity["gated"][t["template_id"]] == 0}
        self.assertGreaterEqual(len(kept_out), 3)
        self.assertGreaterEqual(abs(found["gated"] / found["open"] - 1), 0.01, "the gate has no effect")


if __name__ == "__main__":
    main(EvaluateGate)
