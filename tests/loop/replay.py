#!/usr/bin/env python3
"""A past decision replayed: whatever is imported, learned, decided and set later, --as-of TIME gives
what the command gave then, byte for byte, on both stores.

usage: replay.py PROGRAM [unittest arguments]
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from on_stores import lines, main  # noqa: E402

START, END, LATER = "2026-01-05T09:00:00Z", "2026-02-02T09:00:00Z", "2026-02-03T09:00:00Z"
SELECT = ["select", "--product", "demo-ridge", "--count", "4", "--seed", "9"]


class Replay:
    now = START

    def learn(self, now):
        for command in (["reward"], ["genome", "update"], ["learn-weights", "--seed", "7"], ["whitespace"]):
            self.run_program(*command, now=now)

    def loop(self, seed, start, end):
        """A turn of the demo's loop, without pictures."""
        selection = self.output("select", "--product", "demo-ridge", "--count", "4", "--seed", seed, now=start)
        self.output("generate", "--provider", "none", "--hooks", "2", "--seed", seed, stdin=selection, now=start)
        self.import_demo_performance(start, end, seed)
        self.learn(end)

    def test_a_selection_is_what_it_was(self):
        self.run_program("init", "--demo")
        self.run_program("brand", "set", "weights.fatigue=2")
        self.loop("7", START, END)
        made = self.output(*SELECT, now=END)
        self.run_program("brand", "set", "weights.fatigue=9", "min_asset_score=0.9", now=LATER)
        self.loop("8", LATER, "2026-03-10T09:00:00Z")
        self.assertNotEqual(self.output(*SELECT, now=END), made, "nothing has changed that would matter")
        self.assertEqual(self.output(*SELECT, "--as-of", END, now=END), made)

    def test_rewards_of_reviews_are_what_they_were(self):
        self.run_program("init")
        self.run_program("import", "catalog", "-", stdin=lines([
            {"type": "organization", "id": "o", "name": "O"},
            {"type": "brand", "id": "b", "organization_id": "o", "name": "B", "currency": "EUR"}]))
        self.run_program("import", "ads", "-", stdin=lines(
            {"id": f"a{n}", "brand_id": "b", "status": "approved" if n % 2 else "rejected"} for n in range(6)))
        decide = lambda action, at: self.run_program("import", "overrides", "-", now=at, stdin=lines(
            [{"ad_id": "a1", "action": action, "at": at, "by": "ann"}]))
        decide("reject", "2026-01-06T09:00:00Z")
        made = self.output("reward", now=END)
        self.assertEqual(len(json.loads(made)["rewards"]), 6)
        decide("approve", LATER)
        self.run_program("import", "catalog", "-", now=LATER, stdin=lines(
            [{"type": "account", "id": "act_1", "brand_id": "b", "platform": "meta", "currency": "EUR"}]))
        self.assertNotEqual(self.output("reward", now=LATER), made)
        self.assertEqual(self.output("reward", "--as-of", END), made)


if __name__ == "__main__":
    main(Replay)
