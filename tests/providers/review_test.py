#!/usr/bin/env python3
"""Reviews by the vision models of providers from the command line, against the tests' own server, on both
stores: one suite, run once per provider.

usage: review_test.py PROGRAM [unittest arguments]
"""
import json
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from model_server import document_for  # noqa: E402
from on_stores import main  # noqa: E402
from with_models import WithModels, of_each  # noqa: E402


class Review(WithModels):
    def setUp(self):
        super().setUp()
        self.run_program("init", "--demo")
        made = self.run_program("generate", "--templates", "tpl-testimonial-01", "--product", "demo-ridge", "--seed", "3",
                                "--sizes", "400x400")
        self.ad = made["ads"][0]["ad_id"]

    def review(self, *more, stages="stage1={0},stage2={0},stage3=none", exit_code=0):
        document = self.run_program("review", "--ads", self.ad, "--reviewers", stages.format(self.provider), "--seed", "1",
                                    "--log-level", "trace", *more, exit_code=exit_code)
        return document["reviews"][0]

    def test_the_rubric_is_asked_for_and_the_verdict_computed_here(self):
        done = self.review()
        self.assertEqual((done["verdict"], done["score"]), ("approved", 8.5))
        scan, full = done["stages"]
        self.assertEqual((scan["reviewer"], {defect["state"] for defect in scan["defects"]}), (self.provider, {"clear"}))
        self.assertEqual(full["checks"]["V1"]["score"], 8.5)
        self.assertEqual(full["checks"]["V1"]["evidence"]["reason"], "as it should be")
        self.assertTrue(full["checks"]["V1"]["evidence"]["model"].startswith(self.provider + "/"))
        self.assertEqual(self.query("SELECT step, subject_id, cost_micros FROM provider_calls ORDER BY step"),
                         [("defect_scan", self.ad, "2000"), ("full_review", self.ad, "5000")])
        self.assertTrue(self.review()["cached"])
        self.assertEqual(len(self.server.requests), 2)

    def test_a_defect_that_is_found_ends_the_review(self):
        def one_found(schema):
            document = document_for(schema)
            document["PRODUCT_DISTORTION"] = {"state": "found", "evidence": "squeezed"}
            return document

        self.server.answer = one_found
        self.assertEqual(self.review()["verdict"], "rejected")
        self.assertEqual(len(self.server.requests), 1)

    def test_a_second_opinion_is_called_between_the_bounds(self):
        def between(schema):
            document = document_for(schema)
            for name, check in document.items():
                if "score" in check:
                    check["score"] = 6.0 if name == "V2" else 8.0
            return document

        self.server.answer = between
        other = "gemini" if self.provider == "openai" else "openai"
        stages = [stage["reviewer"] for stage in self.review(stages=f"stage1=local,stage2={{0}},stage3={other}")["stages"]]
        self.assertEqual(stages, ["local", self.provider, other])

    def test_repeats_show_the_spread(self):
        scores = iter([9.0, 7.0, 8.0])

        def other_each_time(schema):
            document = document_for(schema)
            score = next(scores)
            for check in document.values():
                check["score"] = score
            return document

        self.server.answer = other_each_time
        full = self.review("--repeat", "3", stages="stage1=local,stage2={0},stage3=none")["stages"][1]
        self.assertEqual(full["checks"]["V1"]["score"], 8.0)
        self.assertEqual(len(self.server.requests), 3)

    def test_an_error_of_the_reviewer_is_never_a_pass(self):
        for rule in ({"do": "against"}, {"do": "html"}, {"do": "refuse"}, {"do": "status", "status": 429},
                     {"do": "status", "status": 401}):
            with self.subTest(**rule):
                self.misbehave(times=99, **rule)
                self.assertEqual(self.review("--fresh", exit_code=6)["verdict"], "review_failed")
        self.assertEqual(self.query("SELECT SUM(cost_micros) FROM provider_calls"), [("4000",)])

    def test_what_is_rejected_is_made_anew_and_reviewed_itself(self):
        verdicts = iter([2.0, 9.0])

        def better_the_second_time(schema):
            document = document_for(schema)
            score = next(verdicts)
            for name, check in document.items():
                check["score"] = score if name == "V1" else 9.0
            return document

        self.server.answer = better_the_second_time
        arguments = ("review", "--ads", self.ad, "--reviewers", f"stage1=local,stage2={self.provider},stage3=none",
                     "--seed", "1", "--retry", "2", "--fail-on", "rejected")
        done = self.run_program(*arguments)
        parent, child = done["reviews"]
        self.assertEqual((parent["ad_id"], parent["verdict"], parent["retry_of"]), (self.ad, "rejected", None))
        self.assertEqual((child["verdict"], child["retry_of"]), ("approved", self.ad))
        self.assertEqual(done["counts"] | {"approved": 1, "rejected": 1}, done["counts"])
        self.assertEqual(done["retries"], {"rounds": 2, "attempts": 1, "failed": 0, "cost": 0, "not_retried": []})
        made = self.run_program("ads", "show", child["ad_id"])
        self.assertTrue(any("V1, product accuracy (2 of 10)" in text for text in made["prompt"]["special_instructions"]),
                        made["prompt"]["special_instructions"])
        self.assertEqual((made["provider"], str(self.folder / made["image"])), ("local", str(self.folder / "ads" / pathlib.Path(made["image"]).name)))
        self.assertEqual(self.query("SELECT parent_ad_id, child_ad_id, type, round FROM ad_lineage"),
                         [(self.ad, child["ad_id"], "retry", "1")])
        # The same once more makes nothing, asks nobody, and says the same.
        asked = len(self.server.requests)
        again = self.run_program(*arguments)
        self.assertEqual([review["ad_id"] for review in again["reviews"]], [self.ad, child["ad_id"]])
        self.assertEqual((again["retries"]["attempts"], len(self.server.requests)), (0, asked))

    def test_nobody_is_asked_in_a_dry_run(self):
        self.review("--dry-run", exit_code=6)
        self.assertEqual(self.server.requests, [])


class Local:
    """Measured here: what pictures can be that are none, and headlines with and without a stored congruence."""

    now = "2026-03-02T00:00:00Z"

    def setUp(self):
        super().setUp()
        self.run_program("init", "--demo")
        self.made = self.run_program("generate", "--templates", "tpl-testimonial-01", "--product", "demo-ridge", "--seed", "3",
                                     "--sizes", "400x400,400x500,500x400,600x600")["ads"]

    def review(self, *more, exit_code=0):
        return self.run_program("review", "--ads", ",".join(ad["ad_id"] for ad in self.made), "--seed", "1", *more,
                                exit_code=exit_code)["reviews"]

    def test_a_picture_that_is_none_is_an_error_by_name_and_the_others_are_reviewed(self):
        files = [self.folder / ad["image"] for ad in self.made]
        files[0].write_text("no picture")
        files[1].unlink()
        size = struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0)
        files[2].write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(size)) + b"IHDR" + size
                             + struct.pack(">I", zlib.crc32(b"IHDR" + size)))
        reviews = self.review("--sheet", "sheet.html", "--fail-on", "rejected", exit_code=6)
        self.assertEqual([review["verdict"] for review in reviews], ["review_failed"] * 3 + ["approved"])
        for review, file, what in zip(reviews, files, ("is not a PNG or JPEG", "No such file", "20000x20000")):
            self.assertIn(file.name, review["stages"][0]["error"])
            self.assertIn(what, review["stages"][0]["error"])
            self.assertIsNone(review["score"])
        self.assertTrue((self.folder / "sheet.html").exists())

    def test_congruence_is_the_stored_one_else_measured_now(self):
        def headline_check(review):
            return review["stages"][1]["checks"]["G1"]

        stored = self.run_program("ads", "show", self.made[0]["ad_id"])["congruence_score"]
        check = headline_check(self.review()[0])
        self.assertAlmostEqual(check["score"], 10 * stored)
        self.assertEqual((check["evidence"]["congruence"], check["evidence"]["method"]), (stored, "local"))
        self.assertNotIn("measured_against", check["evidence"])
        self.change("UPDATE ads SET congruence_score = NULL")
        check = headline_check(self.review()[0])
        self.assertEqual((check["evidence"]["method"], check["evidence"]["measured_against"].split("-")[0]),
                         ("local", "ridge"))
        self.change("UPDATE ads SET congruence_score = 0.25")
        self.assertEqual(headline_check(self.review()[0])["score"], 2.5)

    def test_texts_outside_the_areas_of_the_layout_cost_layout_fidelity(self):
        def layout_check(review):
            return review["stages"][1]["checks"]["V3"]

        as_drawn = layout_check(self.review()[0])
        self.assertEqual((as_drawn["score"], as_drawn["evidence"]["outside_areas"]), (10, []))
        # Another layout under the name that was drawn: its areas are elsewhere.
        layout = self.run_program("ads", "show", self.made[0]["ad_id"])
        own = {"name": "testimonial", "version": 1, "elements": [
            {"kind": "stack", "box": [0.0, 0.7, 1.0, 0.08], "items": [{"kind": "headline"}, {"kind": "cta"}]}]}
        self.assertEqual(layout["template_id"], "tpl-testimonial-01")
        self.change(f"UPDATE templates SET layout = '{json.dumps(own)}' WHERE id = 'tpl-testimonial-01'")
        moved = layout_check(self.review()[0])
        self.assertEqual(moved["score"], 0)
        self.assertIn("headline", moved["evidence"]["outside_areas"])


if __name__ == "__main__":
    main(*of_each(Review, "Gemini", "OpenAI", "Anthropic"), Local)
