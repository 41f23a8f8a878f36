#!/usr/bin/env python3
"""What imports lead to, through the commands and on both stores.

usage: imports.py PROGRAM [unittest arguments]
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from on_stores import lines, main  # noqa: E402

CATALOGUE = [{"type": "organization", "id": "o", "name": "O"},
             {"type": "brand", "id": "b", "organization_id": "o", "name": "B", "currency": "EUR"}]
DAYS = [f"2026-01-{day:02}" for day in range(1, 21)]


def delivered(ads=30, objective=None):
    """JSONL of performance: ads that grow better by number, of two campaigns in turn."""
    rows = []
    for n in range(ads):
        for day in DAYS:
            row = {"platform": "meta", "platform_ad_id": f"1202{n:04}", "date_start": day, "currency": "EUR",
                   "impressions": 2000, "spend": 10, "clicks": 40 + 2 * n, "link_clicks": 20 + n,
                   "conversions": 1 + n % 7, "conversion_value": 30 + n, "campaign_id": f"c{n % 2}",
                   "ad_name": f"Ad {n}", "hook": "story" if n % 3 else "question"}
            rows.append(row | ({"objective": objective} if objective else {}))
    return lines(rows)


class Imports:
    now = "2026-03-10T12:00:00Z"

    def setUp(self):
        super().setUp()
        self.run_program("init")
        self.run_program("import", "catalog", "-", stdin=lines(CATALOGUE))

    def import_performance(self, *args, **options):
        return self.run_program("import", "performance", "-", "--tags", "hook", *args, **options)

    def rewards(self, **options):
        return self.run_program("reward", **options)

    # Campaigns that come late ----------------------------------------------------------------

    def test_rewards_made_under_unknown_are_revised_when_the_campaign_arrives(self):
        self.import_performance(stdin=delivered())
        first = self.rewards()
        self.assertEqual({reward["objective"] for reward in first["rewards"]}, {"UNKNOWN"})
        self.assertEqual((first["summary"]["new"], len(first["rewards"])), (30, 30))
        scores = self.run_program("genome", "update")
        self.assertEqual(self.rewards()["summary"]["unchanged"], 30)
        # Only of campaign c0 the objective arrives.
        known = [row for row in map(json.loads, delivered(objective="OUTCOME_SALES").splitlines())
                 if row["campaign_id"] == "c0"]
        later = "2026-03-10T13:00:00Z"
        arrived = self.import_performance(stdin=lines(known), now=later)
        self.assertEqual((arrived["new"], arrived["changed"], arrived["rewards_to_revise"]), (0, 0, 15))
        self.assertEqual(self.import_performance(stdin=lines(known), now=later)["rewards_to_revise"], 15)
        revised = self.rewards(now=later)
        self.assertEqual((revised["summary"]["changed"], revised["summary"]["unchanged"]), (15, 15))
        for before, after in zip(first["rewards"], revised["rewards"]):
            is_known = int(after["ad_id"]) % 2 == 0
            self.assertEqual((after["objective"], after["version"]), ("SALES", 2) if is_known else ("UNKNOWN", 1))
            if not is_known:
                self.assertEqual(before, after)
        self.assertEqual(self.import_performance(stdin=lines(known), now=later)["rewards_to_revise"], 0)
        self.assertEqual(self.rewards(now=later)["summary"]["unchanged"], 30)
        follows = self.run_program("genome", "update", now=later)
        self.assertGreater(follows["summary"]["changed"], 0)
        self.assertNotEqual(scores["elements"], follows["elements"])


if __name__ == "__main__":
    main(Imports)
