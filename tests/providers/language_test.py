#!/usr/bin/env python3
"""Questions to the language models of providers from the command line (what is seen in a template's
picture), against the tests' own server, on both stores: one suite, run once per provider.

usage: language_test.py PROGRAM [unittest arguments]
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from model_server import png  # noqa: E402
from on_stores import lines, main  # noqa: E402
from with_models import KEY, WithModels, of_each  # noqa: E402

RECORDS = [{"type": "organization", "id": "o", "name": "O"},
           {"type": "brand", "id": "b", "organization_id": "o", "name": "B", "currency": "EUR"},
           *({"type": "template", "id": f"t{n}", "name": f"T{n}", "category": "collage", "image": f"t{n}.png"}
             for n in range(1, 9))]


class Language(WithModels):
    def setUp(self):
        super().setUp()
        self.server.answer = lambda schema: {"people": 2, "depiction": "they walk", "objects": ["dog"],
                                             "confidence": 0.9}
        self.run_program("init")
        self.run_program("import", "catalog", "-", stdin=lines(RECORDS))
        for n in range(1, 9):
            (self.folder / f"t{n}.png").write_bytes(png(64, 64, (n * 20, 90, 200)))

    def analyse(self, template="t1", *more, exit_code=0):
        document = self.run_program("template", "analyze", template, "--provider", self.provider, "--brand", "b",
                                    "--seed", "7", "--log-level", "trace", *more, exit_code=exit_code)
        return document["items"][0]["analysis"] if document else None

    def ledger(self):
        return self.query("SELECT state, attempt, cost_micros FROM provider_calls ORDER BY subject_id, attempt")

    def test_an_answer_is_used_paid_once_and_kept(self):
        found = self.analyse()
        self.assertEqual(found["people"], {"count": 2, "depiction": "they walk"})
        self.assertEqual(found["objects"], ["dog"])
        self.assertEqual(self.ledger(), [("done", "1", "30000")])
        self.assertEqual(self.query("SELECT provider, step, subject_id, currency, status FROM provider_calls"),
                         [(self.provider, "template_analysis", "t1.png", "USD", "200")])
        self.analyse("t1", "--again")
        self.assertEqual(len(self.server.requests), 1)

    def test_what_passes_is_waited_out(self):
        self.setting("TIMEOUT", 1)
        for n, (do, more) in enumerate([("status", {"status": 429}), ("status", {"status": 529}), ("cut", {}),
                                        ("reset", {}), ("hang", {"seconds": 1.3})], 1):
            with self.subTest(do=do, **more):
                self.misbehave(do, times=2, **more)
                self.assertEqual(self.analyse(f"t{n}")["people"]["count"], 2)
                self.assertEqual(len(self.server.requests), 3)
        self.assertEqual(self.ledger(), [("done", "1", "30000")] * 5)

    def test_an_answer_that_cannot_be_used_is_asked_for_once_more(self):
        for n, (do, cost) in enumerate([("html", 0), ("text", 0), ("shorten", 30000), ("against", 30000)], 1):
            with self.subTest(do=do):
                self.misbehave(do)
                self.assertEqual(self.analyse(f"t{n}")["people"]["count"], 2)
                self.assertEqual(len(self.server.requests), 2)
                self.assertEqual(self.ledger()[-2:], [("failed", "1", str(cost)), ("done", "2", "30000")])
                if do == "against":
                    self.assertIn("Your last answer could not be used", str(self.server.requests[1][1]))

    def test_answers_that_stay_unusable_say_why(self):
        expected = {"html": "answers with a page of HTML, not with JSON",
                    "text": 'answers with the content type "text/plain", not with JSON',
                    "shorten": "answers with what is not a JSON object (malformed or cut off)",
                    "against": "writes JSON against the schema: /people: missing"}
        for n, (do, words) in enumerate(expected.items(), 1):
            with self.subTest(do=do):
                self.misbehave(do, times=99)
                self.assertEqual(self.analyse(f"t{n}")["unknown"]["people"], f"{self.provider} {words}")
                self.assertEqual(len(self.server.requests), 2)

    def test_refusals_and_huge_answers_are_not_tried_again(self):
        cases = [({"do": "refuse"}, "refuses"), ({"do": "swell", "bytes": 9_000_000}, "has more than 8388608 bytes")]
        cases += [({"do": "status", "status": status, "message": f"not with {KEY}"}, f"HTTP status {status}: not with ***")
                  for status in (400, 401, 403, 404)]
        for n, (rule, words) in enumerate(cases, 1):
            with self.subTest(**rule):
                self.misbehave(**rule, times=99)
                self.assertIn(words, self.analyse(f"t{n}")["unknown"]["people"])
                self.assertEqual(len(self.server.requests), 1)
        self.assertEqual(set(self.ledger()), {("failed", "1", "0")})

    def test_a_storm_that_does_not_end_costs_nothing(self):
        self.misbehave("status", times=99, status=429, message="slow down", headers={"Retry-After": "1"})
        self.assertIn("failed 6 times, the last time: HTTP status 429: slow down", self.analyse()["unknown"]["people"])
        self.assertEqual(len(self.server.requests), 6)
        self.assertEqual(self.ledger(), [("failed", "1", "0")])

    def test_nobody_is_asked_without_being_named_or_in_a_dry_run(self):
        self.run_program("template", "analyze", "t1")
        self.analyse("t1", "--dry-run")
        self.assertEqual(self.server.requests, [])
        self.forget_key()
        self.analyse(exit_code=6)
        self.assertIn(f"no key for {self.provider}", self.err)


if __name__ == "__main__":
    main(*of_each(Language, "Gemini", "OpenAI", "Anthropic"))
