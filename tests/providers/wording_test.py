#!/usr/bin/env python3
"""Headlines scored and worded by the language models of providers, from the command line to the stored
prompts, against the tests' own server, on both stores: one suite, run once per provider.

usage: wording_test.py PROGRAM [unittest arguments]
"""
import hashlib
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from on_stores import lines, main  # noqa: E402
from with_models import KEY, WithModels, of_each  # noqa: E402

HOOK, OTHER = "Ice in the desert at noon", "Who drinks warm water?"
RECORDS = [
    {"type": "organization", "id": "o", "name": "O"},
    {"type": "brand", "id": "b", "organization_id": "o", "name": "B", "currency": "EUR", "voice": "Dry.",
     "prohibited_claims": ["cures thirst"]},
    {"type": "product", "id": "p", "brand_id": "b", "name": "Flask", "benefits": ["Cold for 24 hours"],
     "current_offer": "15% off the first order"},
    {"type": "offer_variant", "id": "v", "product_id": "p", "name": "V", "message": "Cold water on the way up",
     "hero_headline": "A bottle for mountains"},
    {"type": "persona", "id": "lena", "brand_id": "b", "name": "Lena, hiker", "snapshot": "Out before sunrise.",
     "awareness_stage": "problem_aware"},
    {"type": "hook", "id": "h1", "product_id": "p", "text": HOOK, "hook_type": "benefit", "persuasion_type": "contrast",
     "belief_angle": "cold", "impact_score": 0.9},
    {"type": "hook", "id": "h2", "product_id": "p", "text": OTHER, "hook_type": "question",
     "persuasion_type": "curiosity", "impact_score": 0.8},
    {"type": "hook", "id": "h3", "product_id": "p", "text": "“Still cold on Sunday.”", "hook_type": "testimonial",
     "persuasion_type": "social_proof", "impact_score": 0.1},
    {"type": "angle", "id": "a", "product_id": "p", "name": "Cold", "belief_statement": "Warm water is no water."},
    *({"type": "template", "id": f"t{n}", "name": f"T{n}", "category": "minimal-text",
       "text_areas": [{"role": "headline", "max_chars": room}], "detected_at": "2026-01-01T00:00:00Z"}
      for n, room in ((1, 48), (2, 40)))]


class Wording(WithModels):
    def setUp(self):
        super().setUp()
        self.scores = {"given": 0.3, "worded": 0.5, "adapted": 0.8}
        self.texts = {"worded": "Cold water before sunrise", "adapted": "Cold water all the way up"}
        self.server.answer = self.answer
        self.run_program("init")
        self.run_program("import", "catalog", "-", stdin=lines(RECORDS))

    def answer(self, schema):
        """Of the headline against each target: the score of that part, 0.1 less for the belief."""
        document = {}
        for part, member in schema["properties"].items():
            document[part] = {name: self.texts[part] if name == "headline" else
                              self.scores[part] - (0.1 if name == "belief" else 0) for name in member["properties"]}
        return document

    def generate(self, *more, templates="t1", hooks="1", exit_code=0):
        return self.run_program("generate", "--templates", templates, "--product", "p", "--provider", "none", "--wording",
                                self.provider, "--elements", "given", "--hooks", hooks, "--colors", "original", "--seed", "7",
                                "--log-level", "trace", "--yes", *more, exit_code=exit_code)

    def content(self, ad):
        shown = self.run_program("ads", "show", ad["ad_id"])
        self.assertEqual(shown["congruence_score"], shown["prompt"]["content"]["congruence_score"])
        return shown["prompt"]["content"]

    def contents(self, *more, **what):
        return [self.content(ad) for ad in self.generate(*more, **what)["ads"]]

    def ledger(self):
        return sorted(self.query("SELECT state, attempt, cost_micros FROM provider_calls"))

    def sent(self):
        """What the provider was shown, by headline."""
        return [text for _, body in self.server.requests for text in [json.dumps(body)]]

    # What is asked and kept --------------------------------------------------------------------

    def test_arms_differ_in_the_threshold_under_which_headlines_are_adapted(self):
        sha = lambda text: hashlib.sha256(text.encode()).hexdigest()
        is_variant = lambda template, experiment: int(
            sha(f"{sha(f'p:{template}:202603020000')}:{experiment}"), 16) % 10000 < 5000
        experiment = next(e for e in (f"e{i}" for i in range(100)) if is_variant("t2", e) and not is_variant("t1", e))
        self.run_program("experiment", "create", "--id", experiment, "--name", "E", "--arm",
                         'control={"congruence_threshold": 0.2}', "--arm", 'b={"congruence_threshold": 0.5}')
        self.run_program("experiment", "activate", experiment)
        done = self.generate(templates="t1,t2")
        self.assertEqual({ad["arm"]: ad["headline"] for ad in done["ads"]},
                         {"control": HOOK, "b": self.texts["adapted"]})
        self.assertEqual([self.content(ad)["congruence"]["threshold"] for ad in done["ads"]], [0.2, 0.5])

    def test_a_headline_under_the_threshold_is_adapted_and_both_texts_are_kept(self):
        done = self.generate()
        content = self.content(done["ads"][0])
        self.assertEqual((done["ads"][0]["headline"], content["headline"], content["headline_original"]),
                         (self.texts["adapted"], self.texts["adapted"], HOOK))
        fit = content["congruence"]
        # Three targets: the hook's belief angle names the angle.
        self.assertEqual([round(fit[name]["score"], 9) for name in ("offer_variant", "landing_page", "belief")],
                         [0.8, 0.8, 0.7])
        self.assertAlmostEqual(fit["score"], (0.8 + 0.8 + 0.7) / 3)
        self.assertAlmostEqual(fit["score_before"], (0.3 + 0.3 + 0.2) / 3)
        self.assertEqual(fit["threshold"], 0.6)
        self.assertEqual(fit["method"].split("/")[0], self.provider)
        self.assertEqual([(step["purpose"], step["before"], step["after"], step["is_taken"])
                          for step in content["wording"]], [("congruence", HOOK, self.texts["adapted"], True)])
        self.assertEqual((done["cost"], done["warnings"]), (0.015, []))
        self.assertEqual(self.ledger(), [("done", "1", "15000")])
        self.assertEqual(self.query("SELECT provider, step, subject_id, currency FROM provider_calls"),
                         [(self.provider, "congruence", "h1", "USD")])
        # Everything that was given reached the request.
        for word in (HOOK, "Cold water on the way up", "A bottle for mountains", "Warm water is no water.", "Dry.",
                     "cures thirst", "15% off the first order"):
            self.assertIn(word, self.sent()[0])

    def test_a_congruent_headline_stays(self):
        self.scores["given"] = 0.75
        content, = self.contents()
        self.assertEqual((content["headline"], content["wording"]), (HOOK, []))
        self.assertAlmostEqual(content["congruence_score"], (0.75 + 0.75 + 0.65) / 3)
        self.assertIsNone(content["congruence"]["score_before"])

    def test_the_threshold_is_the_brands(self):
        self.run_program("brand", "set", "congruence_threshold=0.2")
        content, = self.contents()
        self.assertEqual((content["headline"], content["congruence"]["threshold"]), (HOOK, 0.2))

    def test_a_persona_is_spoken_to_in_its_words(self):
        self.scores["worded"] = 0.9
        content, = self.contents("--persona", "lena")
        self.assertEqual((content["headline"], content["headline_original"]), (self.texts["worded"], HOOK))
        self.assertEqual([step["purpose"] for step in content["wording"]], ["persona"])
        self.assertAlmostEqual(content["congruence_score"], (0.9 + 0.9 + 0.8) / 3)
        self.assertIn("Out before sunrise.", self.sent()[0])
        self.assertEqual(self.ledger(), [("done", "1", "15000")])

    def test_what_is_worded_is_adapted_where_it_does_not_fit(self):
        content, = self.contents("--persona", "lena")
        self.assertEqual([(step["purpose"], step["before"]) for step in content["wording"]],
                         [("persona", HOOK), ("congruence", self.texts["worded"])])
        self.assertEqual(content["headline"], self.texts["adapted"])
        self.assertAlmostEqual(content["congruence"]["score_before"], (0.5 + 0.5 + 0.4) / 3)

    def test_quotations_are_scored_and_never_put_in_other_words(self):
        self.run_program("brand", "set", "congruence_threshold=0.9")
        contents = self.contents("--persona", "lena", hooks="3")
        quoted, = [one for one in contents if one["headline_original"].startswith("“")]
        self.assertEqual((quoted["headline"], quoted["wording"]), (quoted["headline_original"], []))
        self.assertEqual(quoted["congruence"]["offer_variant"], {"score": 0.3})

    def test_one_question_serves_all_templates_sizes_and_colors(self):
        done = self.generate("--sizes", "1:1,9:16", "--colors", "original,complementary", templates="t1,t2")
        self.assertEqual((done["attempts"], {ad["headline"] for ad in done["ads"]}), (8, {self.texts["adapted"]}))
        self.assertEqual(len(self.server.requests), 1)
        self.assertEqual(done["cost"], 0.015)
        # It has to fit the smaller of the two areas.
        self.assertRegex(self.sent()[0], r"most_characters\W+40\b")

    def test_a_split_batch_asks_once_and_words_all_its_parts(self):
        self.run_program("brand", "set", "attempt_cap=2")
        done = self.generate("--sizes", "1:1,4:5", "--split", templates="t1,t2")
        self.assertEqual((len(done["batches"]), [ad["headline"] for ad in done["ads"]]), (2, [self.texts["adapted"]] * 4))
        self.assertEqual((done["cost"], len(self.server.requests)), (0.015, 1))

    def test_no_two_headlines_become_alike(self):
        done = self.generate(hooks="2")
        self.assertEqual([ad["headline"] for ad in done["ads"]], [self.texts["adapted"], OTHER])
        self.assertIn("says the same as another headline of the batch", done["warnings"][0])

    def test_recreate_words_the_templates_text_without_its_offer(self):
        template = {"type": "template", "id": "t3", "name": "T3", "category": "minimal-text", "text_areas": [
            {"role": "headline", "max_chars": 48, "text": "Half price: 50% off our lamps"}],
            "detected_at": "2026-01-01T00:00:00Z"}
        self.run_program("import", "catalog", "-", stdin=lines([template]))
        self.scores.update(worded=0.9)
        self.texts["worded"] = "Cold for 24 hours, wherever you are"
        content, = self.contents("--source", "recreate", templates="t3")
        self.assertEqual((content["headline"], content["headline_original"]),
                         (self.texts["worded"], "Half price: 50% off our lamps"))
        self.texts["worded"] = "Half price: 50% off our flask"
        self.texts["adapted"] = "Cold flask at half price, 50% off"
        content, = self.contents("--source", "recreate", "--batch", "again", "--seed", "8", templates="t3")
        self.assertEqual(content["headline"], HOOK)  # what is most like it by the local measures
        self.assertEqual([step["is_taken"] for step in content["wording"]], [False, False])

    # What is paid --------------------------------------------------------------------------------

    def test_estimate_lists_what_is_paid_then(self):
        arguments = ("--templates", "t1,t2", "--product", "p", "--provider", "none", "--wording", self.provider,
                     "--elements", "given", "--hooks", "2", "--sizes", "1:1,9:16", "--colors", "original", "--seed", "7")
        line, = [line for line in self.run_program("estimate", *arguments)["lines"] if line["step"] == "congruence"]
        self.assertEqual((line["provider"], line["quantity"], line["price"], line["cost"]), (self.provider, 2, 0.015, 0.03))
        self.assertEqual(self.server.requests, [])
        done = self.run_program("generate", *arguments, "--yes")
        self.assertEqual((done["cost"], len(self.server.requests)), (0.03, 2))
        self.run_program("brand", "set", f"prices.{self.provider}.congruence=0.02")
        line, = [line for line in self.run_program("estimate", *arguments)["lines"] if line["step"] == "congruence"]
        self.assertEqual(line["cost"], 0.04)

    def test_nothing_is_asked_locally_in_a_dry_run_or_before_it_is_agreed_to(self):
        self.generate("--dry-run")
        self.generate("--wording", "local", "--batch", "local")
        sizes = ",".join(f"{300 + n}x300" for n in range(31))
        self.output("generate", "--templates", "t1", "--product", "p", "--provider", "none", "--wording", self.provider,
                    "--elements", "given", "--sizes", sizes, "--colors", "original", exit_code=2)
        self.assertEqual(self.server.requests, [])
        self.assertEqual(self.ledger(), [])

    def test_the_brand_says_who_words(self):
        self.run_program("brand", "set", f"wording={self.provider}")
        done = self.run_program("generate", "--templates", "t1", "--product", "p", "--provider", "none", "--elements",
                                "given", "--seed", "7")
        self.assertEqual(done["ads"][0]["headline"], self.texts["adapted"])

    def test_a_batch_that_is_taken_up_again_asks_nothing_and_writes_the_same(self):
        first = self.output(*(arguments := (
            "generate", "--templates", "t1,t2", "--product", "p", "--provider", "none", "--wording", self.provider,
            "--elements", "given", "--hooks", "2", "--colors", "original", "--seed", "7", "--batch", "one")))
        self.scores["given"] = 1
        self.assertEqual(json.loads(self.output(*arguments)), json.loads(first))
        self.assertEqual(len(self.server.requests), 2)
        self.assertEqual(self.query("SELECT COUNT(*) FROM provider_answers"), [("0",)])

    def test_a_run_that_was_killed_between_two_answers_pays_no_answer_twice(self):
        arguments = ("generate", "--templates", "t1", "--product", "p", "--provider", "none", "--wording", self.provider,
                     "--elements", "given", "--hooks", "2", "--colors", "original", "--seed", "7", "--batch", "one")
        self.kill_at(2, *arguments)
        self.run_program(*arguments)
        self.assertEqual(len(self.server.requests), 3)
        self.assertEqual(self.ledger(), [("done", "1", "15000"), ("done", "2", "15000"), ("failed", "1", "0")])

    def test_the_cache_serves_the_same_question_again(self):
        self.generate("--cache", "--batch", "one")
        again = self.generate("--cache", "--batch", "two", "--seed", "8")
        self.assertEqual((again["ads"][0]["headline"], again["cost"]), (self.texts["adapted"], 0))
        self.assertEqual(len(self.server.requests), 1)
        self.assertEqual(self.ledger(), [("cached", "1", "0"), ("done", "1", "15000")])

    # What goes wrong -----------------------------------------------------------------------------

    def test_a_rewrite_that_says_too_much_is_not_taken_and_is_told(self):
        cases = {"Cold water, now 50% off": 'offers "50 %", which was not given',
                 "Cold water with free shipping": 'offers "free shipping", which was not given',
                 "Cold for 48 hours on the way up": "names the number 48, which was not given",
                 "Cold water that cures thirst": 'makes the prohibited claim "cures thirst"',
                 "Cold water all the way up to the top and then all the way down": "more than the 48 that there is room for",
                 "Cold water\nall the way": "is more than one line of text",
                 "": "is empty",
                 "“Cold all the way,” says a hiker": "is a quotation of what nobody said"}
        for n, (text, words) in enumerate(cases.items()):
            with self.subTest(text):
                self.texts["adapted"] = text
                done = self.generate("--seed", str(n), "--batch", f"b{n}")
                content = self.content(done["ads"][0])
                self.assertEqual((content["headline"], done["ads"][0]["status"]), (HOOK, "pending"))
                self.assertAlmostEqual(content["congruence_score"], (0.3 + 0.3 + 0.2) / 3)
                step, = content["wording"]
                self.assertEqual((step["after"], step["is_taken"]), (text, False))
                self.assertIn(words, step["reason"])
                self.assertIn(words, done["warnings"][0])
                config = json.loads(self.query("SELECT generation_config FROM ad_runs WHERE batch_id = "
                                               f"'b{n}'")[0][0])
                self.assertEqual(config["missing_advice"][0]["advice"], "wording")
                self.assertIn(words, config["missing_advice"][0]["reason"])

    def test_a_rewrite_that_fits_less_is_not_taken(self):
        self.scores["adapted"] = 0.1
        content, = self.contents()
        self.assertEqual((content["headline"], content["wording"][0]["is_taken"]), (HOOK, False))

    def test_an_answer_that_cannot_be_used_is_asked_for_once_more(self):
        for n, (do, cost) in enumerate([("html", 0.015), ("text", 0.015), ("shorten", 0.03), ("against", 0.03)]):
            with self.subTest(do=do):
                self.misbehave(do)
                done = self.generate("--seed", str(n), "--batch", do)
                self.assertEqual((done["ads"][0]["headline"], done["cost"]), (self.texts["adapted"], cost))
                self.assertEqual(len(self.server.requests), 2)

    def test_without_an_answer_the_local_measures_speak_and_the_ads_are_made(self):
        cases = [({"do": "html"}, "answers with a page of HTML", 2), ({"do": "shorten"}, "malformed or cut off", 2),
                 ({"do": "against"}, "against the schema", 2), ({"do": "refuse"}, "refuses", 1),
                 ({"do": "swell", "bytes": 9_000_000}, "more than 8388608 bytes", 1),
                 ({"do": "status", "status": 401, "message": f"not with {KEY}"}, "not with ***", 1),
                 ({"do": "status", "status": 429, "message": "slow down"}, "failed 6 times", 6)]
        for n, (rule, words, calls) in enumerate(cases):
            with self.subTest(**rule):
                self.misbehave(**rule, times=99)
                done = self.generate("--seed", str(n), "--batch", f"b{n}")
                content = self.content(done["ads"][0])
                self.assertEqual((content["headline"], content["congruence"]["method"], done["failed"]), (HOOK, "local", 0))
                self.assertEqual(len(done["warnings"]), 1)
                self.assertIn(words, done["warnings"][0])
                self.assertIn(words, self.query(f"SELECT generation_config FROM ad_runs WHERE batch_id = 'b{n}'")[0][0])
                self.assertEqual(len(self.server.requests), calls)

    def test_a_provider_that_is_down_is_not_asked_for_every_headline(self):
        self.setting("CONCURRENCY", 1)
        self.misbehave("status", times=999, status=503)
        done = self.generate(hooks="3")
        self.assertEqual((done["generated"], len(self.server.requests), len(done["warnings"])), (3, 6, 1))

    def test_a_missing_key_is_said_before_anything_is_made(self):
        self.forget_key()
        self.generate(exit_code=6)
        self.assertIn(f"no key for {self.provider}", self.err)
        self.assertEqual(self.query("SELECT COUNT(*) FROM ad_batches"), [("0",)])


class Gemini(Wording):
    provider = "gemini"

    def test_pictures_by_a_provider_are_worded_by_it(self):
        done = self.run_program("generate", "--templates", "t1", "--product", "p", "--provider", "gemini", "--elements",
                                "given", "--seed", "7")
        self.assertEqual((done["ads"][0]["headline"], done["cost"]), (self.texts["adapted"], 0.055))


if __name__ == "__main__":
    main(Gemini, *of_each(Wording, "OpenAI", "Anthropic"))
