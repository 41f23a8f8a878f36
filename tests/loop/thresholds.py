#!/usr/bin/env python3
"""Thresholds are settings: a brand's decide verdicts, an account's count before them, and a run that
looks back has those of its time. On both stores.

usage: thresholds.py PROGRAM [unittest arguments]
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from on_stores import lines, main  # noqa: E402

START, NOW, LATER = "2026-01-05T09:00:00Z", "2026-01-12T09:00:00Z", "2026-01-13T09:00:00Z"


class Thresholds:
    now = START

    def setUp(self):
        super().setUp()
        self.run_program("init")
        self.run_program("import", "catalog", "-", stdin=lines([
            {"type": "organization", "id": "o", "name": "O"},
            {"type": "brand", "id": "b", "organization_id": "o", "name": "B", "currency": "EUR"},
            *({"type": "account", "id": f"act_{n}", "brand_id": "b", "platform": "meta", "currency": "EUR"}
              for n in (1, 2))]))

    def set(self, *assignments, account=None, now=LATER, **options):
        whose = ["account", "set", "--account", account] if account else ["brand", "set"]
        return self.run_program(*whose, *assignments, now=now, **options)

    def test_bands_of_fatigue(self):
        # One row that spans the week: people saw each ad 2.5 times.
        self.run_program("import", "performance", "-", now=NOW, stdin=lines(
            {"platform": "meta", "platform_ad_id": ad, "account_id": account, "date_start": "2026-01-05",
             "date_stop": "2026-01-11", "currency": "EUR", "impressions": 9000, "spend": 30, "link_clicks": 90,
             "reach": 3600} for ad, account in (("x", "1"), ("y", "2"), ("z", ""))))
        found = lambda *args: self.run_program("fatigue", *args, now=LATER)
        levels = lambda document: {ad["platform_ad_id"]: ad["level"] for ad in document["ads"]}
        usual = found()
        self.assertEqual((levels(usual), usual["thresholds"]), (dict.fromkeys("xyz", "healthy"), []))
        self.set("fatigue.frequency_watch=2")
        self.assertEqual(levels(found()), dict.fromkeys("xyz", "watch"))
        self.assertEqual([rule["band"] for rule in found()["ads"][0]["rules"]], [2])
        self.set("fatigue.frequency_watch=2.6", "fatigue.q=0.05", account="act_1")
        both = found()
        self.assertEqual(levels(both), {"x": "healthy", "y": "watch", "z": "watch"})
        of = lambda account, **changed: {"platform": "meta", "account_id": account, "changed": changed}
        self.assertEqual(both["thresholds"], [of(None, frequency_watch=2), of("1", frequency_watch=2.6, q=0.05),
                                              of("2", frequency_watch=2)])
        # The account keeps what the brand has for the rest.
        self.set("fatigue.frequency_moderate=2.8", "fatigue.frequency_critical=20")
        self.assertEqual(found()["thresholds"][1]["changed"],
                         {"frequency_watch": 2.6, "frequency_moderate": 2.8, "frequency_critical": 20, "q": 0.05})
        self.assertEqual(found("--as-of", NOW), usual)
        shown = {item["key"]: (item["value"], item["source"])
                 for item in self.run_program("account", "show", "--account", "act_1")["items"]}
        self.assertEqual([shown[f"fatigue.{name}"] for name in ("frequency_watch", "frequency_critical", "cpm_increase_critical")],
                         [(2.6, "account"), (20, "brand"), (0.5, "default")])
        self.set("fatigue.frequency_watch=", "fatigue.q=", account="act_1")
        self.assertEqual(levels(found())["x"], "watch")

    def test_bands_ascend(self):
        refuse = lambda *args, **options: self.set(*args, exit_code=3, **options)
        refuse("fatigue.frequency_watch=6")
        self.assertIn("fatigue.frequency_watch: 6 is above fatigue.frequency_moderate, 5", self.err)
        refuse("fatigue.ctr_decline_moderate=20")
        self.assertIn("fatigue.ctr_decline_moderate: expected 0 to 1", self.err)
        refuse("fatigue.frequency_wach=2")
        self.assertIn("did you mean fatigue.frequency_watch?", self.err)
        self.set("fatigue.frequency_watch=4", account="act_2")
        refuse("fatigue.frequency_moderate=3.5")
        self.assertIn("account act_2: fatigue.frequency_watch: 4 is above fatigue.frequency_moderate, 3.5", self.err)
        refuse("fatigue.frequency_watch=5.5", account="act_2")
        self.assertIn("fatigue.frequency_watch: 5.5 is above fatigue.frequency_moderate, 5", self.err)
        self.set("fatigue.frequency_watch=13", "fatigue.frequency_moderate=14", "fatigue.frequency_high=15",
                 "fatigue.frequency_critical=16")
        self.run_program("import", "catalog", "-", "--strict", exit_code=3, stdin=lines(
            [{"type": "brand", "id": "b", "organization_id": "o", "name": "B",
              "account_config": {"fatigue": {"frequenzy_watch": 2}}}]))
        self.assertIn('fatigue has no threshold "frequenzy_watch"', self.err)

    def test_maturity_of_rewards(self):
        self.run_program("import", "ads", "-", stdin=lines(
            {"id": f"a{n}", "brand_id": "b", "created_at": START} for n in (1, 2)))
        self.run_program("import", "mapping", "-", stdin=lines(
            {"ad_id": f"a{n}", "platform": "meta", "platform_ad_id": f"x{n}"} for n in (1, 2)))
        deliver = lambda now, last: self.run_program("import", "performance", "-", now=now, stdin=lines(
            {"platform": "meta", "platform_ad_id": f"x{n}", "account_id": f"act_{n}", "date_start": f"2026-01-0{day}",
             "currency": "EUR", "impressions": 6000, "spend": 50, "link_clicks": 300 + 10 * n,
             "conversions": last if day == 9 else 10, "conversion_value": 400} for n in (1, 2) for day in range(5, 10)))
        fifth = "2026-01-10T09:00:00Z"
        deliver(fifth, 10)
        rewards = lambda *args, now=fifth: self.run_program("reward", "--states", *args, now=now)
        states = lambda document: {ad["ad_id"]: ad["reason"] for ad in document["rewards"]}
        usual = rewards("--dry-run")
        # A third of the weight is old enough: clicks.
        self.assertEqual((states(usual), usual["thresholds"]), ({"a1": "coverage", "a2": "coverage"}, []))
        self.set("maturity.conversion_days=4", now=fifth)
        self.assertEqual(states(rewards("--dry-run")), {"a1": None, "a2": None})
        self.set("maturity.conversion_days=6", account="act_2", now=fifth)
        both = rewards("--dry-run")
        self.assertEqual(states(both), {"a1": None, "a2": "coverage"})
        of = lambda account, **changed: {"platform": "meta", "account_id": account, "changed": changed}
        self.assertEqual(both["thresholds"], [of("act_1", conversion_days=4), of("act_2", conversion_days=6)])
        self.set("maturity.coverage=0.3", account="act_2", now=fifth)
        self.assertEqual(states(rewards()), {"a1": None, "a2": None})
        # Late orders move rewards; how much a revision takes is a setting too.
        deliver(NOW, 25)
        changed = lambda: rewards("--dry-run", now=NOW)["summary"]["changed"]
        self.set("maturity.revision=1", now=NOW)
        self.assertEqual(changed(), 0)
        self.set("maturity.revision=0.0001", account="act_1", now=NOW)
        self.assertEqual(changed(), 1)
        self.set("maturity.ctr_days=2.5", exit_code=3)
        self.assertIn("maturity.ctr_days: expected a whole number, 0 to 90, found 2.5", self.err)


if __name__ == "__main__":
    main(Thresholds)
