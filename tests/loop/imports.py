#!/usr/bin/env python3
"""What imports lead to, through the commands and on both stores.

usage: imports.py PROGRAM [unittest arguments]
"""
import gzip
import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "support"))
from on_stores import lines, main  # noqa: E402

SAMPLES = TESTS / "samples" / "performance"
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

    # One content, whatever it comes in ---------------------------------------------------------

    def test_a_file_a_pipe_and_a_compressed_file_are_one(self):
        text = (SAMPLES / "meta-en-bad.csv").read_bytes()
        self.folder.joinpath("ads.csv").write_bytes(text)
        self.folder.joinpath("ads.csv.gz").write_bytes(gzip.compress(text))
        found = []
        for source, stdin in [("ads.csv", b""), ("-", text), ("ads.csv.gz", b""), ("-", gzip.compress(text))]:
            self.env["ADGENOME_STORE"] = self.fresh_store(f"one{len(found)}")
            self.run_program("init")
            self.run_program("import", "catalog", "-", stdin=lines(CATALOGUE))
            summary = self.output("import", "performance", source, "--rejects", "bad.jsonl", stdin=stdin)
            rejects = [json.loads(line) | {"source": ""} for line in (self.folder / "bad.jsonl").read_text().splitlines()]
            tables = [self.query(f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4, 5, 6")
                      for table in ("ad_performance", "platform_ads", "campaigns")]
            found.append((summary, rejects, tables, self.query("SELECT kind, sha256, counts FROM imports ORDER BY 1")))
        self.assertGreater(json.loads(found[0][0])["new"], 0)
        for other in found[1:]:
            self.assertEqual(found[0], other)

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

    # Ads that performance makes ------------------------------------------------------------

    def uses(self):
        """Pairs of elements, how often they were used and when last."""
        return set(self.query("SELECT replace(combo_key, '|', ' '), times_used, substr(CAST(last_used_at AS VARCHAR(30)), 1, 10)"
                              " FROM combo_usage"))

    def test_ads_made_of_tags_are_used_as_imported_ads_are(self):
        tags = [{"hook": "story", "tone": "dry"}, {"hook": "story", "tone": "dry"}, {"hook": "question", "tone": "dry"}]
        rows = [{"platform": "meta", "platform_ad_id": str(n), "date_start": f"2026-01-0{n + 1}", "currency": "EUR",
                 "impressions": 1, "spend": 1, **tag} for n, tag in enumerate(tags)]
        ads = [{"id": str(n), "brand_id": "b", "tags": tag, "created_at": f"2026-01-0{n + 1}"} for n, tag in enumerate(tags)]
        wanted = {("hook=story tone=dry", "2", "2026-01-02"), ("hook=question tone=dry", "1", "2026-01-03")}
        for _ in range(2):
            self.run_program("import", "performance", "-", "--tags", "hook,tone", stdin=lines(rows))
            self.assertEqual(self.uses(), wanted)
        # The same ads again as ads change nothing, nor do ads that come first.
        self.run_program("import", "ads", "-", stdin=lines(ads))
        self.assertEqual(self.uses(), wanted)
        self.env["ADGENOME_STORE"] = self.fresh_store("ads")
        self.run_program("init")
        self.run_program("import", "catalog", "-", stdin=lines(CATALOGUE))
        self.run_program("import", "ads", "-", stdin=lines(ads))
        self.run_program("import", "performance", "-", "--tags", "hook,tone", stdin=lines(rows))
        self.assertEqual(self.uses(), wanted)
        # Other tags are another use, and the earlier one was none.
        self.run_program("import", "performance", "-", "--tags", "hook,tone", stdin=lines([rows[0] | {"tone": "warm"}]))
        self.assertEqual({use[:2] for use in self.uses()}, {
            ("hook=story tone=dry", "1"), ("hook=story tone=warm", "1"), ("hook=question tone=dry", "1")})

    # What accounts say ----------------------------------------------------------------------

    def conversions_of(self, *args, stdin):
        """Conversions by ad, of what is imported into a brand with three accounts."""
        self.run_program("import", "catalog", "-", stdin=lines(
            {"type": "account", "id": id, "brand_id": "b", "platform": platform, "currency": currency}
            for id, platform, currency in [("act_1", "meta", "EUR"), ("act_2", "meta", "USD"), ("t", "tiktok", "EUR")]))
        self.run_program("brand", "set", "conversion_event=purchase")
        for account in ("act_2", "t"):
            self.run_program("account", "set", "--account", account, "conversion_event=lead")
        self.run_program("import", "performance", "-", *args, stdin=stdin)
        rows = self.records("export", "performance")
        return {row["platform_ad_id"]: (row["conversions"], row["currency"]) for row in rows}

    def test_insights_count_the_event_of_their_account(self):
        rows = [{"account_id": account, "ad_id": str(n), "date_start": "2026-03-01", "impressions": "9", "spend": "1",
                 "actions": [{"action_type": "purchase", "value": "5"}, {"action_type": "lead", "value": "7"}]}
                for n, account in enumerate(["1", "2", "act_2", "3"])]
        self.assertEqual(self.conversions_of(stdin=lines(rows)),
                         {"0": (5, "EUR"), "1": (7, "USD"), "2": (7, "USD"), "3": (5, "EUR")})

    CSV = ("Ad ID,Day,{}Impressions,Amount spent (EUR),Purchases,Leads\n"
           "11,2026-03-01,{}9,1,5,7\n12,2026-03-01,{}9,1,5,7\n")

    def test_exports_count_the_event_of_the_account_in_a_column(self):
        self.assertEqual(self.conversions_of(stdin=self.CSV.format("Account ID,", "1,", "2,")),
                         {"11": (5, "EUR"), "12": (7, "EUR")})

    def test_exports_count_the_event_of_the_account_that_is_named(self):
        self.assertEqual(self.conversions_of("--set", "account_id=2", stdin=self.CSV.format("", "", "")),
                         {"11": (7, "EUR"), "12": (7, "EUR")})

    def test_exports_of_no_account_count_the_event_of_the_only_one(self):
        csv = "Ad ID,Ad name,By Day,Currency,Cost,Impression,Purchases,Leads\n21,A,2026-03-01,EUR,1,9,5,7\n"
        self.assertEqual(self.conversions_of(stdin=csv)["21"], (7, "EUR"))
        self.assertEqual(self.conversions_of(stdin=self.CSV.format("", "", ""))["11"], (5, "EUR"))


if __name__ == "__main__":
    main(Imports)
