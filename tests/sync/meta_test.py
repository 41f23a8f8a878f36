#!/usr/bin/env python3
"""`sync meta` from the command line against the tests' own Meta server, on both stores.

usage: meta_test.py PROGRAM [unittest arguments]
"""
import datetime
import json
import pathlib
import signal
import ssl
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from meta_server import MetaServer, sample  # noqa: E402
from on_stores import lines, main  # noqa: E402

DAY = datetime.timedelta(days=1)
FIRST = datetime.date(2026, 3, 1)
TOKEN = "EAAsesame"
BRANDS = [{"type": "organization", "id": "o", "name": "O"},
          {"type": "brand", "id": "b", "organization_id": "o", "name": "B", "currency": "EUR"}]


def cents(rows):
    return round(sum(round(float(row["spend"]) * 100) for row in rows) / 100, 2)


class Sync:
    def setUp(self):
        super().setUp()
        self.server = MetaServer(token=TOKEN)
        self.addCleanup(self.server.close)
        self.env.update(ADGENOME_META_TOKEN=TOKEN, ADGENOME_SYNC_META_BASE_URL=self.server.url,
                        ADGENOME_SYNC_META_WAIT_FACTOR="0.0005")
        self.brand()

    def tearDown(self):
        self.assertEqual(self.server.faults, [])

    def brand(self, *more):
        if not more:
            self.run_program("init")
        self.run_program("import", "catalog", "-", stdin=lines(more or BRANDS))

    def link(self, account="act_1", brand="b"):
        self.brand({"type": "account", "id": account, "brand_id": brand, "platform": "meta", "currency": "EUR"})

    def output(self, *args, **options):
        out = super().output(*args, **options)
        self.assertNotIn(TOKEN, out + self.err)
        return out

    def sync(self, *args, now="2026-03-10T12:00:00Z", exit_code=0, **env):
        return self.run_program("sync", "meta", "--brand", "b", "--seed", "7", *args, now=now,
                                exit_code=exit_code, **env)

    def days_asked(self):
        ranges = [json.loads(q["time_range"]) for q in self.server.calls("insights$") if "time_range" in q]
        return [(r["since"], r["until"]) for r in ranges]

    # What is pulled --------------------------------------------------------------------------

    def test_an_account_with_everything_that_belongs_to_it(self):
        self.server.largest_page = 2
        sample(self.server, days=10, ads=5)
        done = self.sync("--account", "act_1", "--since", str(FIRST))
        account = done["accounts"][0]
        self.assertEqual(done["rows"], {"read": 50, "new": 50, "changed": 0, "unchanged": 0, "rejected": 0})
        self.assertEqual(done["spend_after"], {"EUR": cents(self.server.rows)})
        self.assertEqual((account["currency"], account["timezone"], account["newly_linked"]),
                         ("EUR", "Europe/Vienna", True))
        self.assertEqual((account["campaigns"], account["ads"], account["days_done"]), (2, 5, 10))
        self.assertEqual(self.days_asked()[::3], [(str(FIRST + n * DAY),) * 2 for n in range(10)])
        again = self.sync("--account", "1", "--since", str(FIRST))
        self.assertEqual(again["rows"]["unchanged"], 50)
        self.assertFalse(again["accounts"][0]["newly_linked"])

    def test_a_long_range_comes_in_reports(self):
        sample(self.server, days=100)
        done = self.sync("--account", "act_1", "--since", str(FIRST), now="2026-06-08T12:00:00Z")
        self.assertEqual(done["rows"]["new"], 300)
        self.assertEqual(done["spend_after"], {"EUR": cents(self.server.rows)})
        self.assertEqual(len(self.server.calls("^POST act_1/insights")), 4)
        self.assertEqual(self.days_asked()[0], ("2026-03-01", "2026-03-28"))
        self.assertEqual(self.days_asked()[-1], ("2026-05-24", "2026-06-08"))

    def test_restated_days_are_pulled_again(self):
        sample(self.server, days=40)
        self.sync("--account", "act_1", "--since", "2026-03-01", now="2026-04-01T12:00:00Z")
        self.server.rows[30]["spend"] = "99.99"
        self.server.requests.clear()
        done = self.sync(now="2026-04-03T12:00:00Z")
        self.assertEqual(self.days_asked()[0][0], "2026-03-04")  # 28 days before the last pull's end
        self.assertEqual(done["accounts"][0]["date_stop"], "2026-04-03")
        self.assertEqual(done["rows"], {"read": 93, "new": 6, "changed": 1, "unchanged": 86, "rejected": 0})

    def test_days_are_the_accounts_days(self):
        sample(self.server, days=12)
        late = "2026-03-10T23:30:00Z"
        self.assertEqual(self.sync("--account", "act_1", "--since", "2026-03-09", now=late)
                         ["accounts"][0]["date_stop"], "2026-03-11")
        self.server.account["timezone_offset_hours_utc"] = -8
        self.assertEqual(self.sync("--since", "2026-03-09", now=late)["accounts"][0]["date_stop"], "2026-03-10")
        self.sync("--since", "2026-03-12", now=late, exit_code=3)
        self.assertIn("the first day, 2026-03-12, is after the account's today, 2026-03-10", self.err)

    def test_conversions_are_the_event_that_the_account_counts(self):
        sample(self.server, days=1, ads=1)
        self.link()
        self.run_program("brand", "set", "conversion_event=lead")
        self.run_program("account", "set", "conversion_event=link_click")
        for account in ("act_1", None):  # as rows name their account, and where they do not
            if account is None:
                del self.server.rows[0]["account_id"]
            self.sync("--since", str(FIRST), now="2026-03-01T12:00:00Z")
            self.assertEqual([row["conversions"] for row in self.records("export", "performance")], [20])

    def test_the_same_data_as_a_file_is_the_same_performance(self):
        sample(self.server, days=5, ads=4)
        self.server.rows[3]["actions"] = []
        del self.server.rows[4]["action_values"]
        self.server.rows[5]["spend"] = "0.1"
        self.link()
        self.sync("--since", str(FIRST))
        pulled = self.output("export", "performance")
        self.assertEqual(len(pulled.splitlines()), 20)
        self.env["ADGENOME_STORE"] = self.fresh_store("imported")
        self.brand()
        self.link()
        objectives = {campaign["id"]: campaign["objective"] for campaign in self.server.campaigns}
        page = {"data": [row | {"objective": objectives[row["campaign_id"]]} for row in self.server.rows]}
        self.run_program("import", "performance", "-", stdin=json.dumps(page))
        self.assertEqual(self.output("export", "performance"), pulled)

    def test_bad_rows_are_rejected_and_the_others_are_taken(self):
        sample(self.server, days=2)
        self.server.rows[0]["impressions"] = "many"
        self.server.rows[4]["spend"] = "-1"
        done = self.sync("--account", "act_1", "--since", str(FIRST), "--rejects", "bad.jsonl")
        self.assertEqual(done["rows"], {"read": 6, "new": 4, "changed": 0, "unchanged": 0, "rejected": 2})
        rejects = pathlib.Path(self.folder, "bad.jsonl").read_text().splitlines()
        self.assertEqual(len(rejects), 2)
        self.assertIn("insights of act_1", json.loads(rejects[0])["source"])

    def test_no_account_or_several(self):
        done = self.sync()
        self.assertEqual((done["skipped"], done["reason"]), (True, "no_ad_account_linked"))
        self.assertEqual(self.server.requests, [])
        sample(self.server, days=3)
        self.link("act_1")
        self.link("act_2")  # which the token does not see
        done = self.sync("--since", str(FIRST), exit_code=6)
        self.assertEqual([a["rows"]["new"] for a in done["accounts"]], [9, 0])
        self.assertIn("(#100, subcode 33)", done["accounts"][1]["error"]["message"])
        self.assertIn("adgenome: error: Meta refuses GET", self.err)

    def test_an_account_of_another_brand_is_refused(self):
        self.brand({"type": "brand", "id": "c", "organization_id": "o", "name": "C"})
        self.link("1", brand="c")
        self.sync("--account", "act_1", exit_code=3)
        self.assertIn("account act_1 belongs to the brand c, not to b", self.err)
        self.assertEqual(self.server.requests, [])

    def test_a_dry_run_says_what_it_would_pull_and_asks_nobody(self):
        self.link()
        done = self.sync("--dry-run", now="2026-03-30T12:00:00Z")
        self.assertEqual((done["accounts"][0]["date_start"], done["days_left"]), ("2026-03-02", 29))
        self.assertEqual(self.server.requests, [])

    # What goes wrong -------------------------------------------------------------------------

    def test_failures_that_pass_change_nothing(self):
        sample(self.server, days=6)
        self.server.largest_page = 2
        self.server.script = [
            {"on": "^GET act_1$", "do": "status", "status": 503},
            {"on": "campaigns", "do": "status", "status": 200, "body": "<html>Sorry</html>"},
            {"on": "ads", "do": "error", "code": 2, "status": 500},
            {"on": "insights", "after": 1, "do": "cut"},
            {"on": "insights", "after": 4, "do": "shorten"},
            {"on": "insights", "after": 7, "do": "error", "code": 1, "status": 200},
            {"on": "insights", "after": 9, "do": "error", "code": 12345, "transient": True}]
        done = self.sync("--account", "act_1", "--since", str(FIRST))
        self.assertEqual(done["rows"], {"read": 18, "new": 18, "changed": 0, "unchanged": 0, "rejected": 0})
        self.assertEqual(done["spend_after"], {"EUR": cents(self.server.rows)})
        self.assertEqual(done["retries"], 7)
        self.assertIsNone(done["campaign_sync_error"])

    def test_what_does_not_pass_ends_the_command_and_keeps_the_days(self):
        sample(self.server, days=10)
        self.server.script = [{"on": "insights", "after": 3, "times": 99, "do": "status", "status": 500}]
        done = self.sync("--account", "act_1", "--since", str(FIRST), exit_code=6)
        self.assertEqual((done["days_done"], done["days_left"], done["rows"]["new"]), (3, 7, 9))
        self.assertIn("failed 6 times, the last time: HTTP status 500", self.err)
        self.server.script.clear()
        self.server.requests.clear()
        done = self.sync()
        self.assertEqual(done["accounts"][0]["resumed_at"], "2026-03-04")
        self.assertEqual(self.days_asked()[0][0], "2026-03-04")
        self.assertEqual(done["spend_after"], {"EUR": cents(self.server.rows)})

    def test_an_answer_without_end_is_not_taken_in(self):
        sample(self.server, days=2)
        self.server.script = [{"on": "insights", "do": "swell", "bytes": 65 << 20}]
        self.assertEqual(self.sync("--account", "act_1", "--since", str(FIRST), exit_code=6)["retries"], 0)
        self.assertIn("the answer has more than 67108864 bytes", self.err)

    def test_an_expired_token(self):
        sample(self.server, days=10)
        self.server.script = [{"on": "insights", "after": 5, "do": "error", "code": 190, "subcode": 463,
                               "message": f"Error validating access token {TOKEN}: Session has expired"}]
        done = self.sync("--account", "act_1", "--since", str(FIRST), exit_code=6)
        self.assertEqual((done["days_done"], done["retries"]), (5, 0))
        self.assertRegex(self.err, r"\(#190, subcode 463\) Error validating access token \*\*\*")
        self.assertIn("hint: make a new access token", self.err)
        self.assertEqual(self.sync()["accounts"][0]["resumed_at"], "2026-03-06")
        self.sync(exit_code=6, ADGENOME_META_TOKEN="EAAother")
        self.assertIn("Malformed access token ***", self.err)
        self.sync(exit_code=6, ADGENOME_META_TOKEN="")
        self.assertIn("hint: put one with the permission ads_read into the environment", self.err)
        self.sync(ADGENOME_META_TOKEN="", META_ACCESS_TOKEN=TOKEN)

    def test_throttling_is_waited_out_and_bounded(self):
        sample(self.server, days=4)
        usage = {"1": [{"type": "ads_insights", "call_count": 101, "total_cputime": 3, "total_time": 4,
                        "estimated_time_to_regain_access": 2}]}
        self.server.script = [
            {"on": "insights", "after": 1, "do": "error", "code": 80000, "headers": {"X-Business-Use-Case-Usage": usage}},
            {"on": "insights", "after": 3, "do": "status", "status": 429, "headers": {"Retry-After": "30"}},
            {"on": "insights", "after": 2, "do": "headers", "headers": {"X-App-Usage": {"call_count": 100}}}]
        done = self.sync("--account", "act_1", "--since", str(FIRST), now="2026-03-04T12:00:00Z")
        self.assertEqual((done["throttled"], done["waited_seconds"]), (2, 120 + 30 + 60))
        self.assertEqual(done["rows"]["new"], 12)
        self.assertIn("waiting 2 min", self.err)
        self.server.script = [{"on": "insights", "times": 9, "do": "error", "code": 4,
                               "headers": {"X-Business-Use-Case-Usage": usage}}]
        self.sync("--max-wait", "300", now="2026-03-05T12:00:00Z", exit_code=6)
        self.assertIn("it asks to wait 2 min, and of the 5 min that may be waited 4 min are used", self.err)
        self.assertIn("hint: run the command again later", self.err)

    def test_campaigns_that_cannot_be_read_leave_their_objectives_unknown(self):
        sample(self.server, days=3)
        self.server.script = [{"on": "campaigns", "times": 1, "do": "error", "code": 200, "message": "no leave"}]
        done = self.sync("--account", "act_1", "--since", str(FIRST))
        self.assertIn("(#200) no leave", done["campaign_sync_error"])
        self.assertEqual((done["campaigns_affected"], done["rows"]["new"]), (2, 9))
        done = self.sync()
        self.assertEqual((done["campaign_sync_error"], done["campaigns_affected"]), (None, 0))

    def test_rewards_made_without_objectives_are_revised_when_the_campaigns_come(self):
        sample(self.server, days=20, ads=24)
        self.server.script = [{"on": "campaigns", "times": 1, "do": "error", "code": 200, "message": "no leave"}]
        self.sync("--account", "act_1", "--since", str(FIRST), now="2026-05-10T12:00:00Z")
        ads = [{"id": f"ad{n}", "brand_id": "b"} for n in range(24)]
        self.run_program("import", "ads", "-", stdin=lines(ads), now="2026-05-10T12:00:00Z")
        self.run_program("import", "mapping", "-", stdin=lines(
            {"ad_id": f"ad{n}", "platform": "meta", "platform_ad_id": ad["id"]}
            for n, ad in enumerate(self.server.ads)), now="2026-05-10T12:00:00Z")
        made = self.run_program("reward", now="2026-05-10T13:00:00Z")
        self.assertEqual({reward["objective"] for reward in made["rewards"]}, {"UNKNOWN"})
        arrived = self.sync(now="2026-05-10T14:00:00Z")
        self.assertEqual((arrived["rows"]["changed"], arrived["rewards_to_revise"]), (0, 24))
        revised = self.run_program("reward", now="2026-05-10T15:00:00Z")
        self.assertEqual({reward["objective"] for reward in revised["rewards"]}, {"SALES", "LEADS"})
        self.assertEqual((revised["summary"]["changed"], {reward["version"] for reward in revised["rewards"]}), (24, {2}))
        self.assertEqual(self.sync(now="2026-05-10T16:00:00Z")["rewards_to_revise"], 0)

    def test_too_much_data_is_asked_for_in_parts(self):
        sample(self.server, days=60)
        self.server.most_days = 9
        done = self.sync("--account", "act_1", "--since", str(FIRST), now="2026-04-29T12:00:00Z")
        self.assertEqual(done["rows"]["new"], 180)
        self.assertEqual(done["spend_after"], {"EUR": cents(self.server.rows)})
        self.assertEqual(self.days_asked()[:3], [("2026-03-01", "2026-03-28"), ("2026-03-01", "2026-03-14"),
                                                 ("2026-03-01", "2026-03-07")])
        self.server.script = [{"on": "^GET act_1/insights", "times": 99, "do": "error", "code": 100, "subcode": 1487534}]
        done = self.sync("--since", "2026-04-29", now="2026-04-29T12:00:00Z")
        self.assertEqual(done["rows"]["unchanged"], 3)  # by a report after all

    def test_reports_that_fail_are_asked_for_again(self):
        sample(self.server, days=40)
        self.server.report_states = ["Job Started", "Job Failed"]
        self.server.script = [{"on": "^POST act_1/insights", "after": 2, "times": 99, "do": "status", "status": 500}]
        done = self.sync("--account", "act_1", "--since", str(FIRST), now="2026-04-09T12:00:00Z", exit_code=6)
        self.assertEqual(len(self.server.reports), 8)  # the attempts that were answered with 500 began one too
        self.assertEqual(done["days_done"], 0)
        self.server.script.clear()
        self.server.report_states = ["Job Skipped"]
        self.sync(now="2026-04-09T12:00:00Z", exit_code=6)
        self.assertIn("the report failed 3 times, the last time: Job Skipped", self.err)

    def test_a_server_that_is_not_there_and_one_without_a_certificate(self):
        self.link()
        self.sync(ADGENOME_SYNC_META_BASE_URL="http://127.0.0.1:9", exit_code=6)
        self.assertIn("failed 6 times", self.err)
        self.sync(ADGENOME_SYNC_META_BASE_URL="http://graph.facebook.test", exit_code=3)
        self.assertIn("is not an address that a key can be sent to", self.err)
        made = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                               "-nodes", "-keyout", "key", "-out", "cert", "-subj", "/CN=localhost", "-days", "2"],
                              cwd=self.folder, capture_output=True)
        self.assertEqual(made.returncode, 0, made.stderr)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.folder}/cert", f"{self.folder}/key")
        self.server.http.socket = context.wrap_socket(self.server.http.socket, server_side=True)
        port = self.server.http.server_address[1]
        done = self.sync(ADGENOME_SYNC_META_BASE_URL=f"https://localhost:{port}", exit_code=6)
        self.assertIn("certificate", self.err)
        self.assertEqual((done["calls"], self.server.requests), (1, []))

    def test_a_proxy_from_the_environment(self):
        sample(self.server, days=1)
        done = self.sync("--account", "act_1", "--since", "2026-03-10", http_proxy=self.server.url,
                         ADGENOME_SYNC_META_BASE_URL="http://127.0.0.1:9")
        self.assertEqual(done["days_done"], 1)

    # Interruptions ---------------------------------------------------------------------------

    def test_killed_between_the_days_and_run_again(self):
        sample(self.server, days=10)
        self.server.script = [{"on": "insights", "after": 4, "do": "hang", "seconds": 5}]
        process = self.start("sync", "meta", "--brand", "b", "--account", "act_1", "--since", str(FIRST),
                             "--now", "2026-03-10T12:00:00Z")
        self.wait_for(lambda: len(self.server.calls("insights")) == 5)
        command_line = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes()
        self.assertNotIn(TOKEN.encode(), command_line)
        process.kill()
        process.communicate()
        self.server.requests.clear()
        done = self.sync("--account", "act_1")
        self.assertEqual(done["accounts"][0]["resumed_at"], "2026-03-05")
        self.assertEqual(self.days_asked()[0][0], "2026-03-05")
        self.assertEqual((done["rows"]["new"], done["spend_after"]), (18, {"EUR": cents(self.server.rows)}))
        # Finished: the next one begins anew.
        self.assertIsNone(self.sync()["accounts"][0]["resumed_at"])

    def test_a_pull_that_was_left_open_for_long_restates_what_may_have_changed(self):
        sample(self.server, days=60)
        self.server.script = [{"on": "^POST act_1/insights", "after": 2, "times": 6, "do": "status", "status": 500}]
        done = self.sync("--account", "act_1", "--since", str(FIRST), now="2026-04-29T12:00:00Z", exit_code=6)
        self.assertEqual(done["days_done"], 56)
        self.server.script.clear()
        done = self.sync(now="2026-05-01T12:00:00Z")
        self.assertEqual(done["accounts"][0]["resumed_at"], "2026-04-02")  # 28 days before it began
        self.assertEqual(done["spend_after"], {"EUR": cents(self.server.rows)})

    def test_a_pull_that_begins_behind_an_interrupted_one_says_what_is_missing(self):
        sample(self.server, days=10)
        self.server.script = [{"on": "insights", "after": 2, "do": "error", "code": 190}]
        self.sync("--account", "act_1", "--since", str(FIRST), exit_code=6)
        done = self.sync("--since", "2026-03-03")
        self.assertEqual((done["accounts"][0]["resumed_at"], done["warnings"]), (None, []))
        self.server.script = [{"on": "insights", "after": 2, "do": "error", "code": 190}]
        self.sync("--since", str(FIRST), exit_code=6)
        done = self.sync("--since", "2026-03-05")
        self.assertIn("days of act_1 before 2026-03-05 are missing", done["warnings"][0])

    def test_signals_end_a_wait_at_once(self):
        sample(self.server, days=5)
        for number, (name, code) in enumerate([(signal.SIGINT, 130), (signal.SIGTERM, 143)]):
            self.server.script = [{"on": "insights", "after": 2, "times": 9, "do": "status", "status": 429,
                                   "headers": {"Retry-After": "600"}}]
            process = self.start("sync", "meta", "--brand", "b", "--account", "act_1", "--since", str(FIRST),
                                 "--now", "2026-03-05T12:00:00Z", ADGENOME_SYNC_META_WAIT_FACTOR="1")
            self.wait_for(lambda: self.server.script[0].get("seen", 0) == 3)
            time.sleep(0.2)
            sent = time.monotonic()
            process.send_signal(name)
            process.communicate()
            self.assertEqual(process.returncode, code)
            self.assertLess(time.monotonic() - sent, 1)
        self.server.script.clear()
        self.assertEqual(self.sync(now="2026-03-05T12:00:00Z")["accounts"][0]["resumed_at"], "2026-03-05")


if __name__ == "__main__":
    main(Sync)
