"""A server of the tests that speaks the wire format of Meta's Marketing API on the loopback.

It holds one ad account (MetaServer.account, .campaigns, .ads, .rows) and answers as documented: lists
paged by cursor, insights by ad and day, asynchronous reports, errors in the body, usage headers. It
refuses what the real one would refuse, and notes in .faults what a client must never do: a token in
an address, an unknown parameter. Misbehaviour is a list of rules in .script, each

    {"on": regular expression on "METHOD path", "times": 1, "after": 0, "do": what, ...}

where "after" matching calls are let through first (calls that an earlier rule took are not counted)
and "do" is one of
  error    {"code", "subcode", "message", "transient", "status", "headers"}: an error in the body
  status   {"status", "body", "headers"}: any answer
  headers  {"headers"}: the usual answer with these headers
  cut      the usual answer, and the connection is closed in the middle of it
  shorten  half of the usual answer, well framed
  swell    the usual answer with {"bytes"} blanks behind it, which compression hides
  hang     {"seconds"}: silence before the usual answer
"""
import base64
import datetime
import gzip
import http.server
import json
import re
import threading
import time
import urllib.parse

VERSION = "v25.0"
PARAMETERS = {"fields", "limit", "after", "level", "time_increment", "time_range", "filtering",
              "use_unified_attribution_setting"}


class MetaServer:
    def __init__(self, token="EAAtest", page=100):
        self.token = token
        self.largest_page = page
        self.account = {"id": "act_1", "account_id": "1", "name": "Shop", "currency": "EUR",
                        "timezone_name": "Europe/Vienna", "timezone_offset_hours_utc": 1}
        self.campaigns, self.ads, self.rows = [], [], []
        self.report_states = ["Job Not Started", "Job Running", "Job Completed"]
        self.most_days = 10_000  # in one question; more is too much data
        self.script, self.requests, self.faults, self.reports = [], [], [], {}
        self.lock = threading.Lock()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # head and body in one packet, or the client's delayed ACK costs 40 ms

            def do_GET(self):
                server.answer(self, "GET", "")

            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                server.answer(self, "POST", self.rfile.read(length).decode())

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def calls(self, pattern):
        """The questions of the calls that match, as they came."""
        return [question for name, question in self.requests if re.search(pattern, name)]

    # What is answered ------------------------------------------------------------------------

    def answer(self, handler, method, body):
        address = urllib.parse.urlsplit(handler.path)
        question = dict(urllib.parse.parse_qsl(body or address.query, keep_blank_values=True))
        path = address.path.removeprefix(f"/{VERSION}/")
        name = f"{method} {path}"
        with self.lock:
            self.requests.append((name, question))
            rule = self.rule_for(name)
            if "access_token" in handler.path + body or self.token in handler.path + body:
                self.faults.append(f"{name}: a token in the address or body")
            for unknown in set(question) - PARAMETERS:
                self.faults.append(f"{name}: unknown parameter {unknown}")
            document = self.document(handler.headers.get("Authorization"), method, address.path, question)
        status, headers = 200, {}
        if "error" in document:
            status = document.pop("status", 400)
        text = json.dumps(document)
        what = rule.get("do") if rule else None
        if what == "error":
            status, text = rule.get("status", 400), json.dumps(error(**{
                key: rule[key] for key in ("code", "subcode", "message", "transient") if key in rule}))
        elif what == "status":
            status, text = rule["status"], rule.get("body", "")
        elif what == "shorten":
            text = text[:len(text) // 2]
        elif what == "swell":
            text += " " * rule["bytes"]
        elif what == "hang":
            time.sleep(rule["seconds"])
        headers = (rule or {}).get("headers", {})
        data = text.encode()
        is_packed = len(data) > 200 and "gzip" in handler.headers.get("Accept-Encoding", "")
        if is_packed:
            data = gzip.compress(data, 1)
        try:
            handler.send_response(status)
            for header, value in headers.items():
                handler.send_header(header, value if isinstance(value, str) else json.dumps(value))
            handler.send_header("Content-Type", "text/html" if text.startswith("<") else "application/json")
            handler.send_header("Content-Length", str(len(data)))
            if is_packed:
                handler.send_header("Content-Encoding", "gzip")
            handler.end_headers()
            handler.wfile.write(data[:len(data) // 2] if what == "cut" else data)
            if what == "cut":
                handler.close_connection = True
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True  # the client was killed

    def rule_for(self, name):
        for rule in self.script:
            if not re.search(rule["on"], name):
                continue
            seen = rule["seen"] = rule.get("seen", 0) + 1
            after = rule.get("after", 0)
            if after < seen <= after + rule.get("times", 1):
                return rule
        return None

    def document(self, authorization, method, path, question):
        if authorization != f"Bearer {self.token}":
            return error(190, f"Malformed access token {(authorization or '').removeprefix('Bearer ')}", status=401)
        if not path.startswith(f"/{VERSION}/"):
            return error(2635, "You are calling a deprecated version of the Ads API")
        path = path.removeprefix(f"/{VERSION}/")
        account = self.account["id"]
        if (method, path) == ("GET", account):
            return {field: self.account[field] for field in ("id", *question["fields"].split(","))}
        if (method, path) == ("GET", f"{account}/campaigns"):
            return self.page(path, self.visible(self.campaigns, question, "campaign.effective_status"), question)
        if (method, path) == ("GET", f"{account}/ads"):
            return self.page(path, self.visible(self.ads, question, "ad.effective_status"), question)
        if path == f"{account}/insights":
            rows = self.insights(question)
            if isinstance(rows, dict) or method == "GET":
                return rows if isinstance(rows, dict) else self.page(path, rows, question)
            run = str(9000 + len(self.reports))
            self.reports[run] = {"rows": rows, "states": list(self.report_states)}
            return {"report_run_id": run}
        run, _, edge = path.partition("/")
        if method == "GET" and run in self.reports and edge == "insights":
            return self.page(path, self.reports[run]["rows"], question)
        if method == "GET" and run in self.reports and not edge:
            states = self.reports[run]["states"]
            state = states.pop(0) if len(states) > 1 else states[0]
            return {"id": run, "async_status": state, "async_percent_completion": 100 if state == "Job Completed" else 40}
        return error(100, f"Unsupported {method.lower()} request. Object with ID '{run}' does not exist", subcode=33)

    def visible(self, objects, question, field):
        """What is archived or deleted is in no list that does not ask for it."""
        filters = json.loads(question.get("filtering", "[]"))
        asked = next((f["value"] for f in filters if f["field"] == field and f["operator"] == "IN"),
                     ["ACTIVE", "PAUSED"])
        return [o for o in objects if o.get("effective_status", "ACTIVE") in asked]

    def insights(self, question):
        try:
            days = json.loads(question["time_range"])
            first, last = (datetime.date.fromisoformat(days[key]) for key in ("since", "until"))
        except (KeyError, ValueError):
            return error(100, "(#100) time_range must be two dates")
        if question.get("level") != "ad" or question.get("time_increment") != "1":
            return error(100, "(#100) this server knows ads by day only")
        if (last - first).days + 1 > self.most_days:
            return error(1, "Please reduce the amount of data you're asking for, then retry your request", status=500)
        fields = question["fields"].split(",")
        status = {ad["id"]: ad.get("effective_status", "ACTIVE") for ad in self.ads}
        shown = self.visible([{**row, "effective_status": status.get(row["ad_id"], "ACTIVE")} for row in self.rows],
                             question, "ad.effective_status")
        return [{field: row[field] for field in (*fields, "date_start", "date_stop") if field in row}
                for row in shown if str(first) <= row["date_start"] <= str(last)]

    def page(self, path, rows, question):
        limit = min(int(question.get("limit", 25)), self.largest_page)
        start = int(base64.b64decode(question["after"])) if question.get("after") else 0
        document = {"data": rows[start:start + limit]}
        if document["data"]:
            cursor = lambda offset: base64.b64encode(str(offset).encode()).decode()
            document["paging"] = {"cursors": {"before": cursor(start), "after": cursor(start + limit)}}
            if start + limit < len(rows):
                more = urllib.parse.urlencode({**question, "access_token": self.token, "after": cursor(start + limit)})
                document["paging"]["next"] = f"{self.url}/{VERSION}/{path}?{more}"
        return document


def error(code, message="an error", subcode=None, transient=False, status=400):
    body = {"message": message, "type": "OAuthException", "code": code, "is_transient": transient, "fbtrace_id": "Atest"}
    if subcode:
        body["error_subcode"] = subcode
    return {"error": body, "status": status}


def sample(server, days, ads=3, first=datetime.date(2026, 3, 1)):
    """Fills the account: campaigns and ads by number, and a row for each ad and day."""
    server.campaigns = [
        {"id": f"23850000000000000{n}", "name": f"Campaign {n}", "objective": objective,
         "status": status, "effective_status": status}
        for n, (objective, status) in enumerate([("OUTCOME_SALES", "ACTIVE"), ("OUTCOME_LEADS", "ARCHIVED")])]
    server.ads = [
        {"id": f"12021000000000{n:04}", "name": f"Ad {n}", "adset": {"id": f"99{n}", "name": f"Set {n}"},
         "campaign_id": server.campaigns[n % 2]["id"],
         "effective_status": "DELETED" if n == ads - 1 else "ACTIVE"} for n in range(ads)]
    server.rows = []
    for day in range(days):
        date = str(first + datetime.timedelta(days=day))
        for n, ad in enumerate(server.ads):
            server.rows.append({
                "account_id": server.account["account_id"], "account_currency": server.account["currency"],
                "campaign_id": ad["campaign_id"], "campaign_name": f"Campaign {n % 2}",
                "adset_id": ad["adset"]["id"], "adset_name": ad["adset"]["name"], "ad_id": ad["id"],
                "ad_name": ad["name"], "date_start": date, "date_stop": date,
                "impressions": str(1000 + 10 * day + n), "spend": f"{10 + n}.{day % 100:02}", "reach": "900",
                "frequency": "1.111111", "clicks": "30", "inline_link_clicks": "20",
                "actions": [{"action_type": "link_click", "value": "20"},
                            {"action_type": "omni_purchase", "value": "2"},
                            {"action_type": "purchase", "value": "2"},
                            {"action_type": "offsite_conversion.fb_pixel_purchase", "value": "1"}],
                "action_values": [{"action_type": "omni_purchase", "value": "59.8"},
                                  {"action_type": "purchase", "value": "59.8"}],
                "purchase_roas": [{"action_type": "omni_purchase", "value": "5.98"}],
                "attribution_setting": "7d_click_1d_view"})
