#!/usr/bin/env python3
"""A past decision replayed: whatever is imported, learned, decided and set later, --as-of TIME gives
what the command gave then, byte for byte, on both stores.

usage: replay.py PROGRAM [unittest arguments]
"""
import contextlib
import datetime
import itertools
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

    def found(self, *command, **options):
        """What a command finds, without saying whether it was kept."""
        return {k: v for k, v in self.run_program(*command, **options).items() if k != "stored"}

    @contextlib.contextmanager
    def clock_of_as_of(self):
        """Commands that are not told the time take that of --as-of."""
        self.now = None
        yield
        del self.now

    def make_brand(self, ads):
        self.run_program("init")
        self.run_program("import", "catalog", "-", stdin=lines([
            {"type": "organization", "id": "o", "name": "O"},
            {"type": "brand", "id": "b", "organization_id": "o", "name": "B", "currency": "EUR"}]))
        self.run_program("import", "ads", "-", stdin=lines(ads))

    def deliver(self, now, ads, first, days, clicks, **fields):
        """Days of 6,000 impressions for 40 EUR; clicks(position of the ad, day) of them click."""
        start = datetime.date.fromisoformat(first)
        self.run_program("import", "performance", "-", now=now, stdin=lines(
            {"platform": "meta", "platform_ad_id": ad, "date_start": str(start + datetime.timedelta(day)),
             "currency": "EUR", "impressions": 6000, "spend": 40, "link_clicks": clicks(n, day),
             **{k: v(n) for k, v in fields.items()}} for n, ad in enumerate(ads) for day in range(days)))

    def map_ads(self, now, pairs):
        self.run_program("import", "mapping", "-", now=now, stdin=lines(
            {"ad_id": ad, "platform": "meta", "platform_ad_id": other} for ad, other in pairs))

    def test_analyses_are_what_they_were(self):
        hooks, colors = ("question", "story", "offer"), ("brand", "original")
        kinds = list(itertools.islice(itertools.cycle(itertools.product(hooks, colors)), 36))
        self.make_brand({"id": f"a{n:02}", "brand_id": "b", "created_at": START,
                         "tags": {"hook_type": hook, "color_mode": color, "persona": f"p{n % 2}"}}
                        for n, (hook, color) in enumerate(kinds))
        places = [f"x{n:02}" for n in range(36)]
        self.map_ads(START, [(f"a{n:02}", x) for n, x in enumerate(places)])
        vectors = lambda ids, turn: self.run_program("import", "embeddings", "-", stdin=lines(
            {"id": ad, "kind": "ad", "model": "color_layout", "vector": [1.0, (n + turn) % 3, 0.1 * n]}
            for n, ad in enumerate(ids)))
        vectors([f"a{n:02}" for n in range(36)], 0)
        campaigns = {"campaign_id": lambda n: f"c{n % 2}", "campaign_name": lambda n: f"C{n % 2}"}
        self.deliver(END, places, START[:10], 28, lambda n, day: 60 + 4 * (n % 6) + day % 5 - (30 if n == 3 and day > 13 else 0),
                     objective=lambda n: ("OUTCOME_SALES", "OUTCOME_TRAFFIC")[n % 2], **campaigns)
        commands = [["attribute"], ["attribute", "--outcome", "rewards", "--strata", "objective"], ["interactions"],
                    ["fatigue", "--fit"], ["fatigue", "--by", "combo", "--dimensions", "hook_type,color_mode"], ["cluster"]]
        self.run_program("brand", "set", "rules=classic")
        self.run_program("reward", now=END)
        made = [self.found(*command, now=END) for command in commands]
        self.assertGreater(len(made[2]["interactions"]), 0)
        self.assertEqual(made[2]["summary"]["new"], len(made[2]["interactions"]))

        # Figures are restated, ads and vectors come in, ads turn out to be others, objectives change.
        self.run_program("brand", "set", "rules=robust", now=LATER)
        self.run_program("import", "ads", "-", now=LATER, stdin=lines(
            {"id": f"b{n}", "brand_id": "b", "created_at": LATER, "tags": {"hook_type": "list", "color_mode": "dark"}}
            for n in range(9)))
        vectors([f"b{n}" for n in range(9)], 1)
        self.map_ads(LATER, [(f"a{35 - n:02}", x) for n, x in enumerate(places)] + [(f"b{n}", f"y{n}") for n in range(9)])
        self.deliver(LATER, places, START[:10], 28, lambda n, day: 90 - 2 * (n % 7) + day % 3,
                     objective=lambda n: ("OUTCOME_LEADS", "OUTCOME_SALES")[n % 2], **campaigns)
        self.deliver(LATER, [f"y{n}" for n in range(9)], START[:10], 28, lambda n, day: 40 + n)
        self.run_program("reward", now=LATER)
        held = self.query("SELECT COUNT(*) FROM element_interactions")
        now = [self.found(*command, now=LATER) for command in commands]
        kept = self.found("interactions", now="2026-02-04T09:00:00Z")
        for command, then, later in zip(commands, made, now):
            with self.subTest(command=command), self.clock_of_as_of():
                self.assertNotEqual(later, then, "nothing has changed that would matter")
                self.assertEqual(self.found(*command, "--as-of", END), then)
                self.assertEqual(self.found(*command, "--as-of", LATER), later)
        # None of these runs was kept.
        self.assertEqual(self.found("interactions", now="2026-02-04T09:00:00Z"), kept)
        self.assertNotEqual(held, [("0",)])

    def looks(self):
        return self.query("SELECT experiment_id, look, analysed_at FROM experiment_analyses ORDER BY 1, 2")

    def test_looks_at_ads_are_what_they_were(self):
        self.make_brand({"id": ad, "brand_id": "b", "created_at": START, "tags": {"hook_type": ad}} for ad in "qn")
        experiment = lambda *args, **options: self.run_program("experiment", *args, **options)
        experiment("create", "--id", "e", "--kind", "ads", "--name", "E", "--arm", "control=q", "--arm", "b=n")
        experiment("activate", "e", now="2026-01-06T09:00:00Z")
        link = lambda arm, adset: experiment("link", "e", "--arm", arm, "--adset", adset, now="2026-01-07T09:00:00Z")
        link("control", "1"), link("b", "2")
        deliver = lambda now, days, clicks: self.deliver(now, ["x", "y"], "2026-01-08", days, clicks, adset_id=lambda n: f"{n + 1}")
        times = ["2026-01-07T10:00:00Z", "2026-01-12T09:00:00Z", "2026-01-15T09:00:00Z", "2026-01-18T09:00:00Z"]
        made = [experiment("analyze", "e", now=times[0])]
        for now, days in zip(times[1:], (4, 7, 10)):
            deliver(now, days, lambda n, day: 70 + 12 * n + (day * 3) % 5)
            made.append(experiment("analyze", "e", now=now))
        deliver(END, 14, lambda n, day: 90 - 20 * n)
        experiment("conclude", "e", now=END)
        kept = self.looks()
        experiment("analyze", "e", exit_code=3)
        for at, then in zip(times, made):
            with self.subTest(at=at), self.clock_of_as_of():
                self.assertEqual(experiment("analyze", "e", "--as-of", at), then)
        with self.clock_of_as_of():
            # A look that nobody had, and times without one.
            between = experiment("analyze", "e", "--as-of", "2026-01-16T09:00:00Z")
            self.assertEqual((between["look"], between["arms"]), (made[2]["look"], made[2]["arms"]))
            for at, why in (("2026-01-04", "was created later"), ("2026-01-06T08:00:00Z", "is draft"), (LATER, "is completed")):
                experiment("analyze", "e", "--as-of", at, exit_code=3)
                self.assertIn(why, self.err)
        self.assertEqual(self.looks(), kept)

    def test_looks_at_runs_and_past_ads_are_what_they_were(self):
        self.run_program("init", "--demo")
        experiment = lambda *args, **options: self.run_program("experiment", *args, **options)
        experiment("create", "--id", "e", "--name", "E", "--arm", "control={}", "--arm", 'more={"content_source": "hooks"}')
        experiment("activate", "e")
        selection = self.output("select", "--product", "demo-ridge", "--count", "6", "--seed", "7")
        self.output("generate", "--provider", "none", "--hooks", "2", "--sizes", "1:1", "--seed", "7", stdin=selection)
        self.output("generate", "--provider", "local", "--no-experiment", "--hooks", "1", "--sizes", "1:1", "--colors", "brand",
                    "--seed", "9", stdin=selection)
        ads = [ad["ad_id"] for ad in self.run_program("ads", "list")["items"]]
        decide = lambda chosen, action, at: self.run_program("import", "overrides", "-", now=at, stdin=lines(
            {"ad_id": ad, "action": action, "at": at, "by": "ann"} for ad in chosen))
        record = lambda now, *runs: experiment("record", "e", "--input", "-", now=now, stdin=lines(
            {"ad_run_id": f"r{n}", "seed_key": f"k{n}", "ads": 5, "approved": n % 6} for n in runs))
        times = ["2026-01-06T09:00:00Z", "2026-01-07T09:00:00Z"]
        compare = ["compare", "--by", "provider"]
        made = []
        for now, chosen, runs in zip(times, (ads[::2], ads[1::3]), (range(8), range(8, 14))):
            decide(chosen, "approve" if now == times[0] else "reject", now)
            record(now, *runs)
            made.append((experiment("analyze", "e", now=now), experiment(*compare, now=now)))
        self.assertGreater(made[0][1]["read"], 0)
        decide(ads, "reject", END)
        record(END, *range(14, 30))
        self.output("generate", "--provider", "none", "--hooks", "1", "--sizes", "4:5", "--seed", "8", stdin=selection, now=END)
        experiment("conclude", "e", now=END)
        kept = self.looks()
        self.assertNotEqual(experiment(*compare), made[1][1])
        for at, (looked, compared) in zip(times, made):
            with self.subTest(at=at), self.clock_of_as_of():
                self.assertEqual(experiment("analyze", "e", "--as-of", at), looked)
                self.assertEqual(experiment(*compare, "--as-of", at), compared)
        self.assertEqual(self.looks(), kept)


if __name__ == "__main__":
    main(Replay)
