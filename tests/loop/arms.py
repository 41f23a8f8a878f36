#!/usr/bin/env python3
"""A generation experiment through the commands, on both stores: every key of an arm's config is seen in
what is made or in how it is judged, a run keeps its arm, and what became of it is recorded.

usage: arms.py PROGRAM [unittest arguments]
"""
import hashlib
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from on_stores import main  # noqa: E402

BEGAN, LATER = "2026-03-02T10:15:30Z", "2026-03-02T10:48:00Z"
PRODUCT = "demo-ridge"


# A claim that is prohibited rejects an ad by itself, or only takes from its score.
STRICT = {"least_assessed": 0.3}
LENIENT = {"least_assessed": 0.3, "auto_reject": [], "approve_from": 4, "flag_from": 2}


def seed_key(template, minute="202603021015"):
    return hashlib.sha256(f"{PRODUCT}:{template}:{minute}".encode()).hexdigest()


def arm_of(key, experiment="e", split=0.5):
    bucket = int(hashlib.sha256(f"{key}:{experiment}".encode()).hexdigest(), 16) % 10000
    return "b" if bucket < int(split * 10000 + 0.5) else "control"


class Arms:
    now = BEGAN

    def setUp(self):
        super().setUp()
        self.run_program("init", "--demo")
        self.templates = [t["id"] for t in self.run_program("catalog", "list", "template", "--limit", "100")["items"]]

    def begin(self, control, variant, *more):
        self.run_program("experiment", "create", "--id", "e", "--name", "E", "--arm", f"control={json.dumps(control)}",
                         "--arm", f"b={json.dumps(variant)}", *more)
        self.run_program("experiment", "activate", "e")

    def make(self, *more, templates=None, provider="none", elements="given", batch="one", **options):
        return self.run_program("generate", "--templates", ",".join(templates or self.templates[:8]), "--product", PRODUCT,
                                "--provider", provider, "--elements", elements, "--seed", "7", "--batch", batch, *more,
                                **options)

    def prohibit(self, claim="ice"):
        """What every ad says in its headline."""
        self.run_program("brand", "set", f"prohibited_claims=[\"{claim}\"]")

    def shown(self, ad):
        return self.run_program("ads", "show", ad["ad_id"])

    def two(self, control, variant, count=2, **options):
        """Ads of each arm, all of each as `ads show` has them."""
        self.begin(control, variant)
        chosen = {"control": [], "b": []}
        for template in self.templates:
            chosen[arm_of(seed_key(template))].append(template)
        made = self.make(templates=chosen["control"][:count] + chosen["b"][:count], **options)
        by_arm = {"control": [], "b": []}
        for ad in made["ads"]:
            by_arm[ad["arm"]].append({**ad, **self.shown(ad)})
        self.assertTrue(by_arm["control"] and by_arm["b"])
        return by_arm["control"], by_arm["b"]

    def values(self, ads, *path):
        found = set()
        for ad in ads:
            for name in path:
                ad = ad[name]
            found.add(ad)
        return found

    # Assignment ------------------------------------------------------------------------------

    def test_each_run_is_given_its_arm_by_the_rule_and_keeps_it(self):
        self.begin({}, {"prompt_version": "benefit-first"}, "--split", "0.3")
        made = self.make(templates=self.templates)
        self.assertEqual(made["experiment_id"], "e")
        arms = {ad["template_id"]: ad["arm"] for ad in made["ads"]}
        self.assertEqual(arms, {t: arm_of(seed_key(t), split=0.3) for t in self.templates})
        self.assertEqual(set(arms.values()), {"control", "b"})
        runs = {ad["ad_run_id"]: ad for ad in made["ads"]}
        expected = sorted((run, ad["arm"], seed_key(ad["template_id"])) for run, ad in runs.items())
        self.assertEqual(sorted(self.query("SELECT ad_run_id, arm, seed_key FROM experiment_runs")), expected)
        self.assertEqual(sorted(self.query("SELECT id, arm, seed_key FROM ad_runs WHERE experiment_id = 'e'")), expected)
        for ad in made["ads"]:
            key = seed_key(ad["template_id"])
            self.assertEqual(self.run_program("experiment", "assign", "--seed-key", key)["arm"], ad["arm"])

        # Taken up again in another minute, and when the experiment is over.
        again = self.make(templates=self.templates, now=LATER)
        self.assertEqual(again["ads"], made["ads"])
        self.run_program("experiment", "cancel", "e")
        self.assertEqual(self.make(templates=self.templates, now=LATER)["ads"], made["ads"])
        self.assertEqual(len(self.query("SELECT ad_run_id FROM experiment_runs")), len(runs))
        # Another batch is in none.
        free = self.make(batch="two", now=LATER)
        self.assertEqual((free["experiment_id"], {ad["arm"] for ad in free["ads"]}), (None, {None}))

    def test_what_was_interrupted_keeps_its_arms(self):
        self.begin({}, {"color_modes": ["brand"]})
        made = self.make()
        # As if it had been killed before the last runs were begun.
        last = [ad["ad_run_id"] for ad in made["ads"][3:]]
        for run in last:
            self.change(f"DELETE FROM ads WHERE ad_run_id = '{run}'")
            self.change(f"DELETE FROM ad_runs WHERE id = '{run}'")
        again = self.make(now=LATER)
        self.assertEqual([(ad["ad_id"], ad["arm"], ad["color_mode"]) for ad in again["ads"]],
                         [(ad["ad_id"], ad["arm"], ad["color_mode"]) for ad in made["ads"]])
        self.assertEqual(len(self.query("SELECT id FROM ad_runs WHERE experiment_id = 'e'")), len(made["ads"]))

    def test_it_can_be_left_out_and_a_dry_run_stores_nothing(self):
        self.begin({}, {"prompt_version": "benefit-first"})
        dry = self.make("--dry-run")
        self.assertEqual({ad["arm"] for ad in dry["ads"]}, {"control", "b"})
        self.assertEqual(self.query("SELECT ad_run_id FROM experiment_runs"), [])
        free = self.make("--no-experiment")
        self.assertEqual((free["experiment_id"], {ad["arm"] for ad in free["ads"]}), (None, {None}))
        self.assertEqual(self.query("SELECT ad_run_id FROM experiment_runs"), [])
        self.assertEqual({self.shown(ad)["prompt"]["task"]["prompt_version"] for ad in free["ads"]}, {"1"})

    def test_a_picture_from_outside_is_assigned_as_none(self):
        self.begin({}, {"prompt_version": "benefit-first"})
        picture = next(path for path in self.folder.rglob("*") if path.suffix in (".png", ".jpg"))
        made = self.run_program("generate", "--template-image", str(picture), "--product", PRODUCT, "--provider", "none",
                                "--seed", "7")
        self.assertEqual({ad["arm"] for ad in made["ads"]}, {arm_of(seed_key("none"))})

    def test_the_estimate_is_of_the_arms(self):
        self.begin({"color_modes": ["original"]}, {"color_modes": ["original", "complementary", "brand"]})
        arguments = ("--templates", ",".join(self.templates[:8]), "--product", PRODUCT, "--seed", "7")
        attempts = sum(3 if arm_of(seed_key(t)) == "b" else 1 for t in self.templates[:8])
        self.assertEqual(self.run_program("estimate", *arguments)["attempts"], attempts)
        self.assertEqual(self.make()["attempts"], attempts)
        self.assertEqual(self.run_program("estimate", "--no-experiment", "--colors", "brand", *arguments)["attempts"], 8)

    # Keys of a config ------------------------------------------------------------------------

    def test_prompt_version(self):
        control, variant = self.two({"prompt_version": "1"}, {"prompt_version": "benefit-first"})
        self.assertEqual(self.values(control, "prompt", "task", "prompt_version"), {"1"})
        self.assertEqual(self.values(variant, "prompt", "task", "prompt_version"), {"benefit-first"})
        configs = {row[0]: json.loads(row[1])["prompt_version"]
                   for row in self.query("SELECT arm, generation_config FROM ad_runs")}
        self.assertEqual(configs, {"control": "1", "b": "benefit-first"})

    def test_a_prompt_version_that_is_not_there_makes_nothing(self):
        self.begin({}, {"prompt_version": "of-mine"})
        self.make(exit_code=3)
        self.assertIn("of-mine", self.err)
        self.assertEqual(self.query("SELECT id FROM ad_batches"), [])
        folder = self.folder / "prompts"
        folder.mkdir()
        (folder / "of-mine.json").write_text(json.dumps({"sections": []}))

    def test_provider(self):
        control, variant = self.two({"provider": "local"}, {"provider": "none"}, count=1, provider="local")
        self.assertTrue(all((self.folder / ad["image"]).exists() for ad in control))
        self.assertEqual(self.values(variant, "image"), {None})
        self.assertEqual(sorted(set(self.query("SELECT r.arm, a.provider FROM ads a JOIN ad_runs r ON r.id = a.ad_run_id"))),
                         [("b", "none"), ("control", "local")])

    def test_content_source(self):
        control, variant = self.two({"content_source": "hooks"}, {"content_source": "angles"})
        self.assertEqual(self.values(control, "prompt", "content", "headline_source"), {"hooks"})
        self.assertEqual(self.values(variant, "prompt", "content", "headline_source"), {"angles"})

    def test_layouts(self):
        control, variant = self.two({"layouts": ["minimal-text"]}, {"layouts": ["infographic"]})
        self.assertEqual(self.values(control, "prompt", "style", "layout"), {"minimal-text/1"})
        self.assertEqual(self.values(variant, "prompt", "style", "layout"), {"infographic/2"})

    def test_color_modes(self):
        control, variant = self.two({"color_modes": ["complementary"]}, {"color_modes": ["brand"]}, count=1, provider="local")
        self.assertEqual(self.values(control, "color_mode"), {"complementary"})
        self.assertEqual(self.values(variant, "color_mode"), {"brand"})
        self.assertFalse(self.values(control, "sha256") & self.values(variant, "sha256"))

    def test_elements(self):
        control, variant = self.two({"elements": "given"}, {"elements": "sample"})
        how = lambda ads: {choice["choice"] for ad in ads for choice in ad["element_choices"].values()}
        self.assertEqual(how(control), {"given"})
        self.assertTrue(how(variant) & {"sampled", "explored"})

    def test_congruence_threshold(self):
        control, variant = self.two({"congruence_threshold": 0.2}, {"congruence_threshold": 0.95})
        self.assertEqual(self.values(control, "prompt", "content", "congruence", "threshold"), {0.2})
        self.assertEqual(self.values(variant, "prompt", "content", "congruence", "threshold"), {0.95})

    def test_quality_config(self):
        self.prohibit()
        control, variant = self.two({"quality_config": STRICT}, {"quality_config": LENIENT}, count=1, provider="local")
        ads = [ad["ad_id"] for ad in control + variant]
        reviewed = {r["ad_id"]: r for r in self.run_program("review", "--batch", "one", "--seed", "7")["reviews"]}
        self.assertEqual({reviewed[ad["ad_id"]]["verdict"] for ad in control}, {"rejected"})
        self.assertEqual({reviewed[ad["ad_id"]]["verdict"] for ad in variant}, {"approved"})
        self.assertEqual({reviewed[ad]["quality_config"] for ad in ads}, {"built-in with changes"})
        # Judged like all others where that is asked for.
        plain = self.run_program("review", "--batch", "one", "--no-experiment", "--seed", "7", now=LATER)["reviews"]
        self.assertEqual({(r["quality_config"], r["arm"]) for r in plain}, {("built-in", None)})
        self.assertEqual([r["score"] for r in plain], [reviewed[r["ad_id"]]["score"] for r in plain])

    def test_a_quality_config_by_its_version(self):
        self.run_program("calibrate", "propose", "--set", "least_assessed=1")
        control, variant = self.two({"quality_config": "built-in"}, {"quality_config": 1}, count=1, provider="local")
        reviewed = {r["ad_id"]: r for r in self.run_program("review", "--batch", "one", "--seed", "7")["reviews"]}
        self.assertEqual(self.values([reviewed[ad["ad_id"]] for ad in control], "quality_config"), {"built-in"})
        self.assertEqual(self.values([reviewed[ad["ad_id"]] for ad in variant], "quality_config"), {"brand/1"})
        self.assertEqual(self.values([reviewed[ad["ad_id"]] for ad in variant], "verdict"), {"flagged"})

    def test_retry(self):
        self.prohibit()
        control, variant = self.two({"retry": 0}, {"retry": 1}, count=1, provider="local")
        # The arm's counts before the option.
        reviewed = self.run_program("review", "--batch", "one", "--retry", "1", "--seed", "7")
        self.assertEqual(self.values(reviewed["reviews"], "verdict"), {"rejected"})
        children = [r for r in reviewed["reviews"] if r["retry_of"]]
        self.assertEqual(self.values(children, "retry_of"), self.values(variant, "ad_id"))
        self.assertEqual(self.values(children, "arm"), {"b"})
        self.assertEqual(len(reviewed["reviews"]), len(control) + 2 * len(variant))
        # They belong to the run of their parents: under its arm, and no unit of their own.
        runs = self.query("SELECT r.arm, r.seed_key FROM ad_runs r JOIN ads a ON a.ad_run_id = r.id "
                          "WHERE a.parent_ad_id <> ''")
        self.assertEqual(runs, [("b", seed_key(variant[0]["template_id"]))])
        self.assertEqual(sorted(row[0] for row in self.counts()),
                         sorted(ad["ad_run_id"] for ad in control + variant))
        self.assertEqual({row[2:] for row in self.counts()}, {("1", "0")})
        # What is made in the place of an ad counts for it.
        self.run_program("override", "approve", children[0]["ad_id"], now=LATER)
        runs = {r["ad_run_id"]: r for r in self.run_program("experiment", "analyze", "e", now=LATER)["runs"]}
        ours = runs[variant[0]["ad_run_id"]]
        self.assertEqual((ours["ads"], ours["approved"], ours["overridden"]), (1, 1, 1))
        self.assertEqual(runs[control[0]["ad_run_id"]]["approved"], 0)

    def test_a_retry_by_hand_keeps_the_arm_too(self):
        self.prohibit()
        control, variant = self.two({"layouts": ["minimal-text"]}, {"layouts": ["infographic"]}, count=1, provider="local")
        self.run_program("review", "--batch", "one", "--seed", "7")
        made = self.run_program("generate", "--retry-rejected", "one", "--seed", "8", now=LATER)
        parents = {ad["ad_id"]: ad for ad in control + variant}
        self.assertEqual(len(made["ads"]), 2)
        for ad in made["ads"]:
            shown = self.shown(ad)
            parent = parents[shown["parent_ad_id"]]
            self.assertEqual(ad["arm"], parent["arm"])
            self.assertEqual(shown["prompt"]["style"]["layout"], parent["prompt"]["style"]["layout"])
        self.assertEqual(len(self.counts()), 2)

    def test_configs_that_are_none(self):
        for config, said in [
                ({"prompt_versoin": "1"}, "did you mean prompt_version"), ({"preset": "smart_select"}, 'has no "preset"'),
                ({"provider": "dall-e"}, '"dall-e" is not known'), ({"content_source": "plan"}, '"plan" is not known'),
                ({"layouts": []}, "at least one"), ({"layouts": ["collage-9"]}, "is not known"),
                ({"color_modes": "brand"}, "expected a list"), ({"elements": "worst"}, "is not known"),
                ({"congruence_threshold": 2}, "from 0 to 1"), ({"retry": 1.5}, "whole number"), ({"retry": -1}, "whole number"),
                ({"quality_config": 4}, 'no quality config "brand/4"'), ({"quality_config": {"approve_from": 1}}, "flag_from"),
                ({"prompt_version": 1}, "expected a text")]:
            with self.subTest(config=config):
                self.run_program("experiment", "create", "--name", "N", "--arm", "control={}", "--arm",
                                 f"b={json.dumps(config)}", exit_code=3)
                self.assertIn(said, self.err)
        self.run_program("experiment", "create", "--name", "N", "--arm", 'control={"retry": 1, "elements": "best"}',
                         "--arm", 'b={"elements": "best", "retry": 1}', exit_code=3)
        self.assertIn("nothing would differ", self.err)

    # Outcomes --------------------------------------------------------------------------------

    def counts(self):
        return self.query("SELECT ad_run_id, arm, ads, approved FROM experiment_runs ORDER BY ad_run_id")

    def test_from_selection_to_conclusion(self):
        self.prohibit()
        self.begin({"quality_config": STRICT}, {"quality_config": LENIENT}, "--min-sample", "1")
        selection = self.output("select", "--product", PRODUCT, "--count", "8", "--seed", "7")
        made = self.output("generate", "--elements", "given", "--colors", "original", "--seed", "7", stdin=selection)
        reviewed = json.loads(self.output("review", "--seed", "7", stdin=made))
        ads = json.loads(made)["ads"]
        self.assertEqual({r["ad_id"]: r["arm"] for r in reviewed["reviews"]}, {ad["ad_id"]: ad["arm"] for ad in ads})
        approved = {r["ad_id"]: int(r["verdict"] == "approved") for r in reviewed["reviews"]}
        self.assertEqual(self.counts(), sorted((ad["ad_run_id"], ad["arm"], "1", str(approved[ad["ad_id"]])) for ad in ads))

        analysis = self.run_program("experiment", "analyze", "e", "--seed", "7")
        self.assertEqual([(r["ad_run_id"], r["arm"], r["seed_key"], r["ads"], r["approved"], r["overridden"])
                          for r in analysis["runs"]],
                         sorted((ad["ad_run_id"], ad["arm"], seed_key(ad["template_id"]), 1, approved[ad["ad_id"]], 0)
                                for ad in ads))
        arms = {arm["arm"]: (arm["n"], arm["sum"]) for arm in analysis["arms"]}
        for arm in ("control", "b"):
            own = [approved[ad["ad_id"]] for ad in ads if ad["arm"] == arm]
            self.assertEqual(arms[arm], (len(own), sum(own)))
        # The same runs by hand: nothing is new.
        by_hand = "".join(json.dumps({k: run[k] for k in ("ad_run_id", "arm", "seed_key", "ads", "approved")}) + "\n"
                          for run in analysis["runs"])
        recorded = self.run_program("experiment", "record", "e", "--input", "-", stdin=by_hand)
        self.assertEqual((recorded["new"], recorded["changed"], recorded["unchanged"]), (0, 0, len(ads)))

        # A person overrides a verdict: the rates and the outcome are those of the decisions as they are now.
        rejected = next(ad for ad in ads if ad["arm"] == "control")
        self.run_program("override", "approve", rejected["ad_id"], now=LATER)
        after = self.run_program("experiment", "analyze", "e", "--seed", "7", now=LATER)
        count = len([ad for ad in ads if ad["arm"] == "control"])
        self.assertEqual(after["override_rates"]["control"], {"ads": count, "overridden": 1, "rate": 1 / count})
        self.assertEqual(after["override_rates"]["b"]["rate"], 0)
        self.assertEqual({a["arm"]: a["sum"] for a in after["arms"]}["control"], 1)
        done = self.run_program("experiment", "conclude", "e", "--seed", "7", now=LATER)
        self.assertEqual((done["state"], done["conclusion"]["analysis"]["look"]), ("completed", 2))
        self.run_program("experiment", "effects")
        # From now on everything is made as it is asked for.
        self.assertIsNone(self.make(batch="two", now=LATER)["experiment_id"])

    def test_an_attempt_that_fails_counts_as_not_approved(self):
        outside = {"name": "b", "elements": [{"kind": "stack", "box": [0.2, 0.2, 1.5, 0.1], "items": [{"kind": "headline"}]}]}
        self.run_program("import", "catalog", "-", stdin=json.dumps(
            {"type": "template", "id": "broken", "name": "Broken", "category": "collage", "layout": outside}) + "\n")
        self.begin({}, {"prompt_version": "benefit-first"})
        made = self.make(provider="local", templates=["broken", self.templates[0]])
        self.assertEqual([ad["status"] for ad in made["ads"]], ["generation_failed", "pending"])
        rows = {row[0]: row[2:] for row in self.counts()}
        self.assertEqual(rows.pop(made["ads"][0]["ad_run_id"]), ("1", "0"))
        self.assertEqual([row[0] in ("", "None") for row in rows.values()], [True])


if __name__ == "__main__":
    main(Arms)
