#!/usr/bin/env python3
"""Pictures by providers from the command line, against the tests' own server, on both stores: one suite,
run once per provider.

usage: pictures_test.py PROGRAM [unittest arguments]
"""
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from on_stores import main  # noqa: E402
from with_models import KEY, WithModels, of_each  # noqa: E402

TEMPLATES = "tpl-testimonial-01,tpl-comparison-01"


def size_of(path):
    return struct.unpack(">II", path.read_bytes()[16:24])


class Pictures(WithModels):
    kind = "image"

    def setUp(self):
        super().setUp()
        self.run_program("init", "--demo")

    def arguments(self, *more, templates="tpl-testimonial-01", sizes="1:1", colors="original"):
        # Another batch has another seed, or its ids would be those of the first.
        seed = zlib.crc32(" ".join(more[more.index("--batch"):][:2] if "--batch" in more else ()).encode())
        return ("generate", "--templates", templates, "--product", "demo-ridge", "--provider", self.provider,
                "--wording", "local", "--elements", "given", "--sizes", sizes, "--colors", colors, "--seed", str(seed), "--log-level", "trace", "--yes", *more)

    def generate(self, *more, exit_code=0, env=None, **what):
        return self.run_program(*self.arguments(*more, **what), exit_code=exit_code, **(env or {}))

    def ledger(self, columns="state, attempt, cost_micros"):
        return self.query(f"SELECT {columns} FROM provider_calls ORDER BY idempotency_key, attempt")

    def error_after(self, do, **more):
        """What the one attempt of a batch says that fails by this, every time it is asked for."""
        self.misbehave(do, **{"times": 99, **more})
        return self.generate(exit_code=6)["ads"][0]["error"]

    # What is made ----------------------------------------------------------------------------

    def test_the_fan_out_is_made_in_the_sizes_asked_for_and_paid_once(self):
        done = self.generate(templates=TEMPLATES, sizes="1:1,4:5,9:16,16:9", colors="original,brand")
        self.assertEqual((done["attempts"], done["failed"], done["cost"]), (16, 0, 0.64))
        sizes = {"1:1": (1080, 1080), "4:5": (1080, 1350), "9:16": (1080, 1920), "16:9": (1920, 1080)}
        for ad in done["ads"]:
            self.assertEqual(size_of(self.folder / ad["image"]), sizes[ad["canvas_size"]])
            self.assertEqual((ad["cost"], ad["status"]), (0.04, "pending"))
        self.assertEqual(len(set(self.server.paid)), 16)
        self.assertEqual(self.ledger(), [("done", "1", "40000")] * 16)
        self.assertEqual(self.query("SELECT DISTINCT provider, step, currency, status FROM provider_calls"),
                         [(self.provider, "image", "USD", "200")])
        self.assertEqual(self.query("SELECT COUNT(*) FROM provider_answers"), [("0",)])

    def test_the_price_is_the_brands(self):
        self.run_program("brand", "set", f"prices.{self.provider}.image=0.07")
        self.assertEqual(self.generate()["cost"], 0.07)

    def test_the_cache_serves_the_same_request_again(self):
        first = self.generate("--cache", "--batch", "one", sizes="1:1,9:16")
        again = self.generate("--cache", "--batch", "two", sizes="1:1,9:16")
        self.assertEqual((first["cost"], again["cost"], again["failed"]), (0.08, 0, 0))
        self.assertEqual(len(self.server.paid), 2)
        self.assertEqual(sorted(row[0] for row in self.ledger()), ["cached", "cached", "done", "done"])

    def test_a_picture_of_which_nothing_was_recorded_is_read_as_a_whole(self):
        drawn = self.run_program("generate", "--templates", "tpl-testimonial-01", "--product", "demo-ridge", "--wording", "local",
                                 "--elements", "given", "--sizes", "1:1", "--colors", "original", "--seed", "0", "--batch", "drawn")["ads"][0]
        self.server.drawn = (self.folder / drawn["image"]).read_bytes()
        made = self.generate()["ads"][0]
        self.assertEqual((made["headline"], self.query("SELECT COUNT(*) FROM ads WHERE provider <> 'local' AND rendering IS NULL")),
                         (drawn["headline"], [("1",)]))
        review = self.run_program("review", "--ads", made["ad_id"])["reviews"][0]
        scan, full = review["stages"]
        defects = {defect["kind"]: defect for defect in scan["defects"]}
        self.assertEqual({kind: defects[kind]["state"] for kind in ("TEXT_GARBLED", "PACKAGING_TEXT_ERROR", "PRODUCT_DISTORTION")},
                         {"TEXT_GARBLED": "clear", "PACKAGING_TEXT_ERROR": "clear", "PRODUCT_DISTORTION": "clear"})
        legible = full["checks"]["V2"]
        self.assertGreater(legible["score"], 8)
        self.assertEqual((legible["evidence"]["read"], legible["evidence"]["unread_texts"]), ("the whole picture", []))
        for check in ("V1", "V9"):
            self.assertGreater(full["checks"][check]["score"], 8)
        self.assertIsNone(full["checks"]["V3"]["score"])
        self.assertEqual(review["verdict"], "approved")
        self.assertGreaterEqual(review["assessed_weight"], 0.6)

    def test_a_picture_that_shows_nothing_is_for_a_person(self):
        made = self.generate()["ads"][0]
        review = self.run_program("review", "--ads", made["ad_id"])["reviews"][0]
        scan, full = review["stages"]
        self.assertEqual(review["verdict"], "flagged")
        self.assertEqual({defect["state"] for defect in scan["defects"]}, {"not_assessed"})
        for check in ("V1", "V2", "V6", "V9"):
            self.assertIsNone(full["checks"][check]["score"])
            self.assertTrue(full["checks"][check]["evidence"]["reason"])

    # What goes wrong -------------------------------------------------------------------------

    def test_a_storm_of_429_ends_with_every_attempt_made_and_paid_once(self):
        self.server.script = [
            {"on": "image", "times": 20, "do": "status", "status": 429, "message": f"slow down, {KEY}"},
            {"on": "image", "times": 10, "after": 4, "do": "status", "status": 429, "headers": {"Retry-After": "3"}}]
        self.setting("TRIES", 20)
        done = self.generate(templates=TEMPLATES, sizes="1:1,4:5,9:16,16:9")
        self.assertEqual((done["attempts"], done["failed"], done["cost"]), (8, 0, 0.32))
        self.assertEqual(len(self.server.requests), 38)
        self.assertEqual(len(set(self.server.paid)), 8)
        self.assertEqual(self.ledger(), [("done", "1", "40000")] * 8)

    def test_a_storm_without_an_end_fails_every_attempt_for_nothing(self):
        self.misbehave("status", times=999, status=429, message="slow down")
        done = self.generate(sizes="1:1,4:5,9:16", exit_code=6)
        self.assertEqual((done["failed"], done["cost"]), (3, 0))
        for ad in done["ads"]:
            self.assertEqual(ad["status"], "generation_failed")
            self.assertIn("failed 6 times, the last time: HTTP status 429: slow down", ad["error"])
        self.assertEqual(len(self.server.requests), 18)
        self.assertEqual(self.ledger(), [("failed", "1", "0")] * 3)

    def test_what_passes_is_waited_out(self):
        for do, more in [("status", {"status": 500}), ("status", {"status": 503}), ("cut", {}), ("reset", {}),
                         ("hang", {"seconds": 1.5})]:
            with self.subTest(do=do, **more):
                self.setting("TIMEOUT", 1)
                self.misbehave(do, times=2, **more)
                done = self.generate("--batch", f"{do}{more.get('status', '')}")
                self.assertEqual((done["failed"], done["cost"]), (0, 0.04))

    def test_retry_after_is_honoured_in_seconds_and_as_a_date(self):
        for batch, header in [("seconds", "2"), ("date", "Mon, 02 Mar 2026 00:00:02 GMT")]:
            headers = {"Retry-After": header}
            if batch == "date":
                headers["Date"] = "Mon, 02 Mar 2026 00:00:00 GMT"
            self.setting("WAIT_FACTOR", 0.25)
            self.misbehave("status", status=503, headers=headers)
            self.server.times.clear()
            self.generate("--batch", batch)
            waited = self.server.times[1] - self.server.times[0]
            self.assertGreaterEqual(waited, 0.5)

    def test_a_wait_beyond_the_bound_is_not_begun(self):
        error = self.error_after("status", status=429, headers={"Retry-After": "3600"})
        self.assertIn("asks to wait 3600 s, more than the 120 s that are allowed", error)
        self.assertEqual(len(self.server.requests), 1)

    def test_an_answer_that_cannot_be_used_is_asked_for_once_more(self):
        # Whether the first answer is charged for: what the provider itself has written is.
        for do, is_paid in [("html", False), ("text", False), ("shorten", True), ("against", True), ("tiny", True),
                            ("strip", True)]:
            with self.subTest(do=do):
                self.misbehave(do)
                done = self.generate("--batch", do)
                self.assertEqual((done["failed"], done["cost"]), (0, 0.08 if is_paid else 0.04))
        self.assertEqual(sorted(self.ledger())[0][0], "done")

    def test_answers_that_stay_unusable_say_why(self):
        expected = {"html": "answers with a page of HTML, not with JSON",
                    "text": 'answers with the content type "text/plain", not with JSON',
                    "shorten": "answers with what is not a JSON object (malformed or cut off)",
                    "against": "sends a picture that is none",
                    "tiny": "sends a picture of 16 x 16 pixels for a canvas of 1080 x 1080",
                    "strip": "sends a picture of 2000 x 200 pixels for a canvas of 1080 x 1080"}
        for do, words in expected.items():
            with self.subTest(do=do):
                self.misbehave(do, times=99)
                error = self.generate("--batch", do, exit_code=6)["ads"][0]["error"]
                self.assertEqual(error, f"{self.provider} {words}")
                self.assertEqual(len(self.server.requests), 2)

    def test_a_huge_answer_is_cut_off(self):
        error = self.error_after("swell", bytes=70_000_000)
        self.assertIn("the answer has more than 67108864 bytes", error)

    def test_a_slow_provider_is_not_waited_for_without_an_end(self):
        self.setting("TIMEOUT", 1)
        self.setting("TRIES", 2)
        error = self.error_after("hang", seconds=1.3)
        self.assertIn("failed 2 times, the last time: timeout was reached", error)

    def test_refusals_are_not_tried_again(self):
        for status in (400, 401, 403, 404, 302):
            with self.subTest(status=status):
                self.misbehave("status", times=99, status=status, message=f"not with {KEY}")
                error = self.generate("--batch", str(status), exit_code=6)["ads"][0]["error"]
                self.assertEqual(error, f"{self.provider} refuses: HTTP status {status}: not with ***")
                self.assertEqual(len(self.server.requests), 1)

    def test_one_attempt_that_fails_leaves_the_others(self):
        self.setting("CONCURRENCY", 1)
        self.misbehave("status", times=1, after=1, status=400)
        done = self.generate(sizes="1:1,4:5,9:16")
        self.assertEqual([ad["status"] for ad in done["ads"]], ["pending", "generation_failed", "pending"])
        self.assertEqual(done["cost"], 0.08)

    # Interruptions ---------------------------------------------------------------------------

    def test_a_killed_batch_goes_on_and_pays_nothing_twice(self):
        what = {"templates": TEMPLATES, "sizes": "1:1,4:5,9:16"}
        self.kill_at(5, *self.arguments("--batch", "b1", **what))
        paid_before = len(self.server.paid)
        done = self.generate("--batch", "b1", **what)
        self.assertEqual((done["attempts"], done["failed"]), (6, 0))
        # The fifth call was answered to nobody: only it is made again.
        made = [row for row in self.server.paid[paid_before:]]
        self.assertEqual(paid_before, 4)
        self.assertEqual(len(self.server.requests), 5 + 2)
        self.assertGreaterEqual(len(made), 2)
        self.assertEqual(sorted(self.ledger()), [("done", "1", "40000")] * 5 + [("done", "2", "40000")]
                         + [("failed", "1", "0")])
        interrupted = self.query("SELECT error FROM provider_calls WHERE state = 'failed'")
        self.assertIn("interrupted before its answer came", interrupted[0][0])
        self.assertEqual(self.query("SELECT COUNT(*) FROM ads WHERE status = 'pending'"), [("6",)])

    # Retries ---------------------------------------------------------------------------------

    def test_rejected_pictures_are_made_anew_by_their_provider_where_they_were(self):
        made = self.generate("--batch", "first", "--images", "there", sizes="1:1,4:5", env={})["ads"]
        claim = made[0]["headline"].replace('"', "")
        self.run_program("brand", "set", f'prohibited_claims=["{claim}"]', "attempt_cap=5")
        paid = len(self.server.paid)
        done = self.run_program("review", "--batch", "first", "--seed", "7", "--retry", "3", exit_code=0)
        # Two attempts were made before; three more reach the cap, whatever --retry allows.
        self.assertEqual((done["retries"]["attempts"], done["retries"]["cost"]), (3, 0.12))
        self.assertEqual(len(self.server.paid) - paid, 3)
        parents = {ad["ad_id"] for ad in made}
        rounds = [sorted(review["ad_id"] for review in done["reviews"] if review["retry_of"] in parents)]
        self.assertEqual(len(rounds[0]), 2)
        grandchildren = [review for review in done["reviews"] if review["retry_of"] in rounds[0]]
        self.assertEqual([review["verdict"] for review in grandchildren], ["rejected"])
        self.assertEqual({one["reason"] for one in done["retries"]["not_retried"]},
                         {"the cap of 5 attempts is reached"})
        for review in done["reviews"]:
            ad = self.run_program("ads", "show", review["ad_id"])
            self.assertEqual((ad["provider"], str(pathlib.Path(ad["image"]).parent)), (self.provider, "there"))
            self.assertTrue((self.folder / ad["image"]).exists())

    def test_a_retry_without_its_provider_is_an_error(self):
        made = self.generate("--batch", "first")["ads"]
        claim = made[0]["headline"].replace('"', "")
        self.run_program("brand", "set", f'prohibited_claims=["{claim}"]')
        self.forget_key()
        done = self.run_program("review", "--batch", "first", "--retry", "1", exit_code=6)
        self.assertEqual(done["retries"]["attempts"], 0)
        self.assertIn(f"no key for {self.provider}", done["retries"]["not_retried"][0]["reason"])

    # Limits ----------------------------------------------------------------------------------

    def test_calls_at_once_and_a_minute_are_bounded(self):
        self.setting("CONCURRENCY", 2)
        self.misbehave("hang", times=99, seconds=0.3)
        self.generate("--batch", "two", sizes="1:1,4:5,9:16,16:9")
        self.assertEqual(self.server.most_under_way, 2)
        self.server.script, self.server.times[:] = [], []
        self.setting("CALLS_A_MINUTE", 300)
        self.generate("--batch", "slow", sizes="1:1,4:5,9:16,16:9")
        self.assertGreaterEqual(self.server.times[3] - self.server.times[0], 0.55)

    # Keys ------------------------------------------------------------------------------------

    def test_keys_come_from_the_environment_or_a_file(self):
        self.forget_key()
        self.generate("--batch", "none", exit_code=6)
        self.assertIn(f"no key for {self.provider}", self.err)
        (self.folder / "key").write_text(KEY + "\n")
        (self.folder / "team.toml").write_text(f'[{self.provider}]\nkey-file = "key"\n')
        self.assertEqual(self.generate("--batch", "file", "--config", "team.toml")["failed"], 0)
        (self.folder / "key").write_text("two\nlines\n")
        self.generate("--batch", "lines", "--config", "team.toml", exit_code=3)
        self.assertEqual(self.query("SELECT COUNT(*) FROM provider_calls"), [("1",)])

    def test_config_shows_where_settings_come_from_and_no_secret(self):
        (self.folder / "team.toml").write_text(f'[{self.provider}]\nkey = "{KEY}"\nconcurrency = 9\n')
        self.forget_key()
        shown = {row["option"]: (row["value"], row["source"])
                 for row in self.run_program("config", "--config", "team.toml")["items"]
                 if row["command"] == self.provider}
        self.assertEqual(shown["key"], ("***", "config team.toml"))
        self.assertEqual(shown["concurrency"], ("9", "config team.toml"))
        self.assertEqual(shown["base-url"][1], f"environment ADGENOME_{self.provider.upper()}_BASE_URL")
        self.assertEqual(shown["tries"], ("6", "default"))

    def test_no_key_is_sent_in_the_clear(self):
        self.setting("BASE_URL", "http://models.test")
        error = self.generate(exit_code=6)["ads"][0]["error"]
        self.assertIn("is not an address that a key can be sent to", error)


if __name__ == "__main__":
    main(*of_each(Pictures, "Gemini", "OpenAI"))
