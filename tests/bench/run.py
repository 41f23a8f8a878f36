#!/usr/bin/env python3
"""Measures the program against a named peer, side by side in one run, and writes RESULTS.md; with
--only, its other rows stay as they are.

usage: run.py PROGRAM [--repeat N] [--only NAME] [--processor-time]

Times and memory are those of whole processes, the median of N runs, program and peer in turn. On a
machine that does other things too, --processor-time is the fairer one of either; its rows say so.
"""
import argparse
import atexit
import datetime
import json
import os
import pathlib
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

HERE = pathlib.Path(__file__).resolve().parent
PEERS = HERE / "peers"
RESULTS = HERE / "RESULTS.md"


def peak_megabytes(pid):
    """So far. Not ru_maxrss: that begins with the size of the process that started this one."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def run(command, output):
    """Seconds, processor seconds and peak MB of one process; its output goes to a file."""
    with open(output, "wb") as file, open(f"{output}.errors", "wb") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=file, stderr=errors)
        memory = 0.0
        while True:
            memory = max(memory, peak_megabytes(process.pid))
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            time.sleep(0.0005 if time.perf_counter() - start < 0.1 else 0.01)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{pathlib.Path(f'{output}.errors').read_text()[-2000:]}")
    return seconds, used.ru_utime + used.ru_stime, memory


def own_seconds(output):
    """What a program says itself of its time: {"cpu_ms": ...}."""
    return json.loads(pathlib.Path(output).read_text())["cpu_ms"] / 1000


def measure(folder, ours, peer, repeat, is_inside, by_processor, reset):
    ours_runs, peer_runs = [], []
    for _ in range(repeat):
        reset()
        for command, name, runs in ((ours, "ours", ours_runs), (peer, "peer", peer_runs)):
            seconds, used, memory = run(command, folder / name)
            runs.append((own_seconds(folder / name) if is_inside else used if by_processor else seconds, memory))
    median = lambda runs: tuple(statistics.median(column) for column in zip(*runs))
    return median(ours_runs), median(peer_runs)


def cluster(program, folder, count, dimensions):
    generator = numpy.random.default_rng(1)
    centres = generator.normal(size=(200, dimensions)).astype("float32")
    vectors = centres[generator.integers(0, 200, count)]
    # Half of the points lie in clusters, half of them far from everything.
    spread = numpy.where(generator.random(count) < 0.5, 0.5, 3.0).astype("float32")[:, None]
    vectors = vectors + spread * generator.normal(size=(count, dimensions)).astype("float32")
    numpy.save(folder / "vectors.npy", vectors)
    del vectors
    ours = [program, "cluster", "--npy", str(folder / "vectors.npy"), "--format", "json"]
    peer = [sys.executable, str(PEERS / "cluster_sklearn.py"), str(folder / "vectors.npy"), "0.3", "3"]

    def same():
        found = json.loads((folder / "ours").read_text())
        labels = [int(line) for line in (folder / "peer").read_text().split()]
        return labels == [item["cluster"] for item in found["items"]], f"{len(found['clusters'])} clusters, {found['noise']} noise"
    return ours, peer, same


def candidates(folder, count):
    source = random.Random(1)
    day = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
    assets = ["logo", "badge", "product", "person", "before_after"]
    with open(folder / "candidates.jsonl", "w") as file:
        for i in range(count):
            row = {"id": f"t{i}", "category": source.choice(["ugc", "static", "review", "offer"]),
                   "awareness_level": source.randint(1, 5), "target_sex": source.choice(["male", "female", "unisex"]),
                   "required_assets": source.sample(assets, source.randint(0, 3)), "detected": True}
            if source.random() < 0.5:
                row["last_used_at"] = (day - datetime.timedelta(hours=source.randint(0, 2000))).strftime("%Y-%m-%dT%H:%M:%SZ")
            if source.random() < 0.5:
                row["evaluation"] = {f"d{k}": source.randint(0, 3) for k in range(1, 6)} | {"d6": True}
            if source.random() < 0.5:
                row["performance"] = {"alpha": 1 + source.randint(0, 20), "beta": 1 + source.randint(0, 20)}
            file.write(json.dumps(row) + "\n")
    context = {"asset_tags": ["logo", "product"], "category": "ugc", "awareness_stage": 2, "target_sex": "female"}
    (folder / "context.json").write_text(json.dumps(context))


def select_in_memory(program, folder):
    ours = [str(pathlib.Path(program).parent / "bench_select"), "1000000"]
    peer = [sys.executable, str(PEERS / "draw_numpy.py"), "1000000"]
    return ours, peer, lambda: (True, "processor time of scoring by all scorers and drawing against that of scoring and drawing in NumPy")


def select_from_store(program, folder):
    store = folder / "bench.db"
    subprocess.run([program, "init", "--demo", "--store", str(store), "--now", "2026-03-01"], check=True, capture_output=True)
    subprocess.run(["sqlite3", str(store)], input=(HERE / "templates.sql").read_bytes(), check=True, capture_output=True)
    ours = [program, "select", "--store", str(store), "--product", "demo-ridge", "--seed", "1", "--now", "2026-03-01", "--format", "json"]
    peer = [sys.executable, str(PEERS / "select_sqlite.py"), str(store)]

    def same():
        found = json.loads((folder / "ours").read_text())["candidates_after_gate"]
        return found == int((folder / "peer").read_text()), f"{found} candidates in the store"
    return ours, peer, same


def select(program, folder, count):
    candidates(folder, count)
    files = [str(folder / "candidates.jsonl"), str(folder / "context.json")]
    ours = [program, "select", "--candidates", files[0], "--context", files[1], "--count", "10", "--seed", "1",
            "--now", "2026-11-20", "--format", "json"]
    peer = [sys.executable, str(PEERS / "select_numpy.py"), *files, "10"]

    def same():
        drawn = len(json.loads((folder / "ours").read_text())["templates"])
        return drawn == len((folder / "peer").read_text().split()), f"{drawn} templates drawn by each"
    return ours, peer, same


def learn_weights(program, folder, repeats=1):
    """100,000 snapshots, the same ones again `repeats` times."""
    source = numpy.random.default_rng(1)
    names = ["asset_match", "unused_bonus", "category_match", "awareness_align", "audience_match", "belief_clarity",
             "performance", "fatigue"]
    used = dict(zip(names, [1.0, 0.8, 0.6, 0.5, 0.4, 0.6, 0.3, 0.4]))
    lines = []
    for _ in range(100_000):
        scores = source.random(len(names)).round(4)
        reward = min(1.0, max(0.0, 0.3 + 0.3 * scores[0] + 0.2 * scores[6] + 0.1 * source.normal()))
        lines.append(json.dumps({"weights_used": used, "scores": dict(zip(names, scores.tolist())),
                                 "reward": round(reward, 4), "propensity": 0.01}) + "\n")
    block = "".join(lines).encode()
    with open(folder / "snapshots.jsonl", "wb") as file:
        for _ in range(repeats):
            file.write(block)
    ours = [program, "learn-weights", "--input", str(folder / "snapshots.jsonl"), "--format", "json"]
    peer = [sys.executable, str(PEERS / "learn_weights_numpy.py"), str(folder / "snapshots.jsonl")]

    def same():
        effects = {row["scorer"]: row["effect"] for row in json.loads((folder / "ours").read_text())["scorers"]}
        peer_effects = dict(line.split() for line in (folder / "peer").read_text().splitlines())
        worst = max(abs(effects[name] - float(peer_effects[name])) for name in names)
        return worst < 0.01, f"effects differ by at most {worst:.4f}"
    return ours, peer, same


def attribute(program, folder, repeats=1):
    """100,000 rows of 2,000 ads of 500 runs by week, the same ones again `repeats` times."""
    source = random.Random(1)
    dimensions = {"hook_type": 6, "template_category": 8, "visual_style": 5, "color_mode": 3, "canvas_size": 3, "persona": 4,
                  "awareness_stage": 5, "offer": 3}
    ads = []
    for a in range(2_000):
        run = random.Random(a // 4)
        tags = {name: f"{name}-{(source if i % 2 else run).randrange(values)}" for i, (name, values) in enumerate(dimensions.items())}
        ads.append((tags, f"run-{a // 4}", {"audience": f"set-{run.randrange(6)}", "launch_month": f"2026-0{1 + a // 400}"}))
    lines = []
    for i in range(100_000):
        tags, run, strata = ads[i % 2_000]
        trials = source.randrange(500, 5_000)
        lines.append(json.dumps({"tags": tags, "strata": strata, "cluster": run, "trials": trials,
                                 "successes": int(trials * source.uniform(0.005, 0.02))}) + "\n")
    block = "".join(lines).encode()
    with open(folder / "rows.jsonl", "wb") as file:
        for _ in range(repeats):
            file.write(block)
    ours = [program, "attribute", "--input", str(folder / "rows.jsonl"), "--format", "json"]
    peer = ["/usr/bin/python3", str(PEERS / "attribute_statsmodels.py"), str(folder / "rows.jsonl")]

    def same():
        found = {(e["dimension"], e["value"]): e["odds_ratio"] for e in json.loads((folder / "ours").read_text())["elements"]}
        theirs = [line.split() for line in (folder / "peer").read_text().splitlines()]
        worst = max(abs(found[d, v] / float(ratio) - 1) for d, v, ratio in theirs)
        return len(theirs) == len(found) and worst < 1e-9, f"{len(found)} odds ratios differ by at most {worst:.0e}; ours with jackknife and permutations"
    return ours, peer, same


def two_arms(count):
    """Doubles that are all different, one arm a little above the other."""
    source = numpy.random.default_rng(1)
    return source.gamma(2.0, 30.0, count), source.gamma(2.0, 30.02, count)


def same_test(found, theirs):
    off = abs(found["p_value"] - theirs["p_value"])
    return found["u_control"] == theirs["u_control"] and off < 1e-12, f"the same U, p within {off:.0e}"


def mann_whitney(program, folder, count=10_000_000):
    paths = [str(folder / "control"), str(folder / "variant")]
    for path, values in zip(paths, two_arms(count)):
        values.tofile(path)
    ours = [str(pathlib.Path(program).parent / "bench_stats"), "mann_whitney", *paths]
    peer = [sys.executable, str(PEERS / "mann_whitney_scipy.py"), *paths]

    def same():
        agree, what = same_test(*(json.loads((folder / name).read_text()) for name in ("ours", "peer")))
        return agree, f"processor time of the test alone; {what}"
    return ours, peer, same


def analyze_rows(program, folder, count=10_000_000):
    arms = zip(*two_arms(count))
    with open(folder / "rows.jsonl", "w") as file:
        for control, variant in arms:
            file.write(f'{{"arm":"control","value":{float(control)!r}}}\n{{"arm":"variant","value":{float(variant)!r}}}\n')
    rows = str(folder / "rows.jsonl")
    ours = [program, "experiment", "analyze", "--input", rows, "--only", "mann_whitney", "--format", "json"]
    peer = [sys.executable, str(PEERS / "analyze_scipy.py"), rows]

    def same():
        found = json.loads((folder / "ours").read_text())["comparisons"][0]["mann_whitney"]
        return same_test(found, json.loads((folder / "peer").read_text()))
    return ours, peer, same


def best_arm(program, folder, arms=20):
    ours = [str(pathlib.Path(program).parent / "bench_stats"), "best", str(arms)]
    peer = [sys.executable, str(PEERS / "best_scipy.py"), str(arms)]

    def same():
        found, theirs = (json.loads((folder / name).read_text())["p_best"] for name in ("ours", "peer"))
        off = max(abs(a - b) for a, b in zip(found, theirs))
        return off < 1e-9, f"processor time; probabilities within {off:.0e}, ours with the expected losses"
    return ours, peer, same


def reward(program, folder, ads=10_000, days=100):
    store = str(folder / "store.db")
    export_file(folder / "export.csv", ads, days)
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([program, "init", "--demo", "--store", store], **quiet)
    subprocess.run([program, "import", "performance", str(folder / "export.csv"), "--tags", "Ad set name", "--store", store,
                    "--now", "2026-04-20"], **quiet)
    # Nothing is kept, so that every run does the same.
    ours = [program, "reward", "--store", store, "--now", "2026-04-20", "--dry-run", "--format", "json"]
    sums = ("SELECT ad_number, SUM(impressions), SUM(spend_micros), SUM(link_clicks), SUM(conversions_millionths), "
            "SUM(conversion_value_micros), MIN(date_start) FROM ad_performance WHERE replaced_at IS NULL GROUP BY ad_number")
    peer = ["sqlite3", "-csv", store, sums]

    def same():
        rewards = json.loads((folder / "ours").read_text())["rewards"]
        rows = (folder / "peer").read_text().splitlines()
        shown = sum(int(row.split(",")[1]) for row in rows)
        return (len(rewards) == len(rows) == ads and sum(r["impressions"] for r in rewards) == shown,
                f"{len(rewards):,} rewards over the impressions that the sums give")
    return ours, peer, same


def genome(program, folder, rows=1_000_000):
    source = random.Random(3)
    dimensions = {f"d{d}": [f"v{v}" for v in range(8)] for d in range(6)}
    with open(folder / "rewards.jsonl", "w") as file:
        for i in range(rows):
            tags = {d: source.choice(values) for d, values in dimensions.items()}
            file.write(json.dumps({"ad_id": str(i), "run": str(i // 5), "tags": tags, "reward": round(source.random(), 4),
                                   "weight": 0.5}) + "\n")
    ours = [program, "genome", "update", "--input", str(folder / "rewards.jsonl"), "--format", "json"]
    peer = [sys.executable, str(PEERS / "genome_numpy.py"), str(folder / "rewards.jsonl")]

    def same():
        own = {(e["dimension"], e["value"]): e for e in json.loads((folder / "ours").read_text())["elements"]}
        other = json.loads((folder / "peer").read_text())
        worst = max(abs(own[e["dimension"], e["value"]]["mean"] / e["mean"] - 1) for e in other)
        return len(own) == len(other) and worst < 1e-9, f"{len(own)} elements, means within {worst:.0e}"
    return ours, peer, same


def whitespace_triples(program, folder, dimensions=12, values=60):
    source = random.Random(5)
    elements = [{"dimension": f"d{d:02}", "value": f"v{v:02}", "alpha": round(source.uniform(4, 9), 3),
                 "beta": round(source.uniform(1, 4), 3)} for d in range(dimensions) for v in range(values)]
    (folder / "elements.json").write_text(json.dumps({"elements": elements}))
    ours = [program, "whitespace", "--triples", "--input", str(folder / "elements.json"), "--format", "json"]
    peer = [sys.executable, str(PEERS / "whitespace_triples_numpy.py"), str(folder / "elements.json")]

    def same():
        best = [c["potential"] for c in json.loads((folder / "ours").read_text())["candidates"]]
        worst = max(abs(a / b - 1) for a, b in zip(best, json.loads((folder / "peer").read_text())))
        return worst < 1e-12, f"the 20 best of 47,520,000, potentials within {worst:.0e}"
    return ours, peer, same


def render(program, folder):
    assets = str(HERE.parent.parent / "demo-assets")
    ours = [str(pathlib.Path(program).parent / "bench_render"), assets, "96"]
    peer = [sys.executable, str(PEERS / "render_pillow.py"), assets, "24"]

    def same():
        found, theirs = (json.loads((folder / name).read_text()) for name in ("ours", "peer"))
        return True, (f"processor time an ad: drawing {found['drawing_ms']:.1f} ms, PNG {found['encoding_ms']:.1f} ms, "
                      f"{2000 / found['cpu_ms']:.0f} ads a second on two cores; the twelve layouts against one like product-focus, "
                      f"{found['png_bytes'] / 1024:.0f} KB against {theirs['png_bytes'] / 1024:.0f} KB")
    return ours, peer, same


def start(program, folder):
    ours = [program, "version"]
    peer = ["sqlite3", "--version"]
    return ours, peer, lambda: (True, "the smallest command of either")


EXPORT_COLUMNS = [
    "Reporting starts", "Reporting ends", "Campaign name", "Campaign ID", "Ad set name", "Ad set ID", "Ad name",
    "Ad ID", "Account name", "Account ID", "Objective", "Delivery status", "Impressions", "Reach", "Frequency",
    "Clicks (all)", "Link clicks", "CTR (all)", "CPC (all) (EUR)", "CPM (EUR)", "Amount spent (EUR)", "Purchases",
    "Website purchases", "Purchases conversion value", "Purchase ROAS (return on ad spend)", "Adds to cart",
    "Checkouts initiated", "Landing page views", "Attribution setting", "Results"]


def export_file(path, ads, days):
    """An export of Ads Manager by day, as it comes: day after day, all ads of each; its spend in cents."""
    first = datetime.date(2026, 1, 1)
    spent = 0
    with open(path, "w") as file:
        file.write(",".join(EXPORT_COLUMNS) + "\n")
        for d in range(days):
            day = (first + datetime.timedelta(d)).isoformat()
            for a in range(ads):
                impressions, spend = 1000 + (a * 7919 + d * 104729) % 9000, 500 + (a * 31 + d * 17) % 90000
                clicks, bought = impressions // 50, (a + d) % 5
                spent += spend
                file.write(
                    f"{day},{day},Campaign {a % 50} - prospecting,{120210000000000000 + a % 50},Broad {a % 500},"
                    f"{120220000000000000 + a % 500},Ad {a} hook {a % 7} v{a % 3},{120230000000000000 + a},Shop,"
                    f"1234567890,OUTCOME_SALES,active,{impressions},{impressions * 9 // 10},1.11,{clicks},"
                    f"{clicks * 4 // 5},2.0,{spend / 100 / clicks:.2f},{spend * 10 / impressions:.2f},"
                    f"{spend // 100}.{spend % 100:02},{bought},{bought},{bought * 49.9:.2f},"
                    f"{bought * 4990 / spend:.2f},{bought * 3},{bought * 2},{clicks // 2},"
                    f"7-day click or 1-day view,{bought}\n")
    return spent


def imported(folder, rows, spent):
    """Whether all rows came in and their spend is that of the file, to the cent."""
    summary = json.loads((folder / "ours").read_text())
    total = round(100 * summary["spend_after"].get("EUR", 0))
    return summary["new"] == rows and total == spent, f"{summary['new']:,} new, {total / 100:,.2f} EUR as in the file"


def import_sqlite(program, folder, ads=10_000, days=100):
    spent = export_file(folder / "export.csv", ads, days)
    file, base, store, bare = (str(folder / name) for name in ("export.csv", "base.db", "store.db", "bare.db"))
    subprocess.run([program, "init", "--demo", "--store", base], check=True, stdout=subprocess.DEVNULL)

    def reset():
        for old in folder.glob("store.db*"):
            old.unlink()
        pathlib.Path(bare).unlink(missing_ok=True)
        shutil.copy(base, store)
    ours = [program, "import", "performance", file, "--store", store, "--format", "json"]
    peer = ["sqlite3", bare, ".mode csv", f".import {file} export"]
    return ours, peer, lambda: imported(folder, ads * days, spent), reset


class Databases:
    """Two databases of a server of their own: `store` for the program, `bare` for the peer."""

    def __init__(self):
        sys.path.insert(0, str(HERE.parent / "loop"))
        import both_stores
        server = both_stores.PostgreSQL()
        if server.url is None:
            sys.exit("no PostgreSQL server is installed")
        atexit.register(server.stop)
        self.psql = [str(server.bin / "psql"), "-qX", "-h", server.folder, "-U", "adgenome"]
        self.dump = [str(server.bin / "pg_dump"), "-h", server.folder, "-U", "adgenome"]
        self.store = f"postgres://adgenome@/store?host={server.folder}"

    def run(self, database, sql):
        return subprocess.run([*self.psql, "-At", "-d", database, "-c", sql], check=True, capture_output=True,
                              text=True).stdout

    def renew(self):
        for name in ("store", "bare"):
            self.run("postgres", f"DROP DATABASE IF EXISTS {name}")
            self.run("postgres", f"CREATE DATABASE {name}")


def import_postgres(program, folder, ads=10_000, days=100):
    databases = Databases()
    spent = export_file(folder / "export.csv", ads, days)
    columns = ", ".join(f'"{name}" text' for name in EXPORT_COLUMNS)

    def reset():
        databases.renew()
        subprocess.run([program, "init", "--demo", "--store", databases.store], check=True, stdout=subprocess.DEVNULL)
        databases.run("bare", f"CREATE TABLE export ({columns})")
    ours = [program, "import", "performance", str(folder / "export.csv"), "--store", databases.store, "--format", "json"]
    peer = [*databases.psql, "-d", "bare", "-c", f"\\copy export from '{folder}/export.csv' csv header"]
    return ours, peer, lambda: imported(folder, ads * days, spent), reset


def copy_store(program, folder, ads=10_000, days=100):
    databases = Databases()
    export_file(folder / "export.csv", ads, days)
    base = str(folder / "base.db")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([program, "init", "--demo", "--store", base], **quiet)
    subprocess.run([program, "import", "performance", str(folder / "export.csv"), "--store", base], **quiet)
    ours = [program, "store", "copy", base, databases.store, "--format", "json"]
    # The peer gets the rows as text, and a table with the same key.
    databases.renew()
    subprocess.run(ours, **quiet)
    databases.run("store", f"\\copy ad_performance to '{folder}/rows'")
    table = subprocess.run([*databases.dump, "-s", "-t", "ad_performance", "store"], check=True, capture_output=True,
                           text=True).stdout

    def reset():
        databases.renew()
        subprocess.run([*databases.psql, "-d", "bare"], input=table, text=True, **quiet)
    peer = [*databases.psql, "-d", "bare", "-c", f"\\copy ad_performance from '{folder}/rows'"]

    def same():
        sums = "SELECT COUNT(*), SUM(spend_micros), SUM(impressions) FROM ad_performance"
        rows = json.loads((folder / "ours").read_text())["rows"]
        return databases.run("store", sums) == databases.run("bare", sums), f"{rows:,} rows with those of other tables"
    return ours, peer, same, reset


BENCHES = {
    "cluster": ("cluster, 30,000 x 768 float32", "scikit-learn DBSCAN, brute force", lambda p, f: cluster(p, f, 30_000, 768),
                "4.5 times, under a sixth of the memory"),
    "cluster-wide": ("cluster, 100,000 x 256 float32", "scikit-learn DBSCAN, brute force", lambda p, f: cluster(p, f, 100_000, 256),
                     "under 12 s"),
    "select": ("select, 100,000 candidates as JSONL", "plain Python and NumPy", lambda p, f: select(p, f, 100_000), "under 0.5 s"),
    "select-small": ("select, 1,000 candidates as JSONL", "plain Python and NumPy", lambda p, f: select(p, f, 1_000),
                     "under 15 ms"),
    "select-memory": ("select, 1,000,000 candidates in memory", "NumPy, scores given", select_in_memory, "under 100 ms"),
    "select-store": ("select, 1,000,000 templates in SQLite", "plain Python, sqlite3 and NumPy", select_from_store, "under 1.5 s"),
    "learn-weights": ("learn-weights, 100,000 snapshots as JSONL", "json and NumPy", learn_weights, ""),
    "attribute": ("attribute, 100,000 rows as JSONL", "json and statsmodels", attribute, ""),
    "attribute-many": ("attribute, 10,000,000 rows as JSONL (3.3 GB)", "json and statsmodels, in one pass",
                       lambda p, f: attribute(p, f, 100), "one pass, the memory of 100,000"),
    "mann-whitney": ("Mann-Whitney, two arms of 10,000,000 doubles in memory", "SciPy mannwhitneyu", mann_whitney,
                     "20 times, half the memory"),
    "analyze": ("experiment analyze --only mann_whitney, 20,000,000 values as JSONL", "json and SciPy", analyze_rows, ""),
    "best-arm": ("P(best) of 20 arms", "SciPy quad, one integral an arm", best_arm, "under 2 ms, within 1e-9"),
    "import-sqlite": ("import performance, 1,000,000 ad-days of 30 columns, SQLite", "sqlite3 .import, bare table",
                      import_sqlite, "at least as fast, under 64 MB"),
    "import-postgres": ("the same, PostgreSQL", "psql \\copy, bare table", import_postgres,
                        "at least 0.6 of its speed, under 64 MB"),
    "learn-weights-many": ("learn-weights, 10,000,000 snapshots as JSONL (4.3 GB)", "json and NumPy, in one pass",
                           lambda p, f: learn_weights(p, f, 100), "one pass, the memory of 100,000"),
    "copy": ("store copy, SQLite with 1,000,000 ad-days to PostgreSQL", "psql \\copy of ad_performance with its key",
             copy_store, "under 64 MB"),
    "reward": ("reward, 1,000,000 ad-days in SQLite", "sqlite3, the sums by ad alone", reward, ""),
    "genome": ("genome update, 1,000,000 rewards as JSONL", "json, NumPy and SciPy", genome, ""),
    "whitespace-triples": ("whitespace --triples, 12 dimensions of 60 values", "NumPy, every triple", whitespace_triples,
                           "under 1 s"),
    "render": ("drawing an ad of 1080x1080, PNG included", "Pillow, the same kind of ad, PNG at level 1", render,
               "20 a second on two cores: under 100 ms"),
    "start": ("version", "sqlite3 --version", start, "under 8 ms"),
}
# Measured by the programs themselves: what is prepared in them does not count.
INSIDE = {"select-memory", "render", "mann-whitney", "best-arm"}
# What the local review finds is no matter of time: a section of its own behind the table.
DEFECTS = "review-defects"


def planted_defects(program):
    """Confusion tables of the local review: ads of the first seed were looked at while the measures were made."""
    tables = []
    for seed, what in (("1", "Looked at while the measures were made:"), ("12", "Held out:"),
                       ("20261201", "Held out, a seed that was named before anything was drawn with it:")):
        run = subprocess.run([str(pathlib.Path(program).parent / "bench_review"), str(HERE.parent.parent / "demo-assets"), "--seed", seed],
                             check=True, capture_output=True, text=True)
        tables += [what, "", run.stdout.rstrip(), ""]
    return ["", "## Planted defects", "",
            "Ads drawn by the project's own renderer in every layout, four sizes, five palettes, two products, and what the local "
            "review makes of them by the built-in quality config. `found`: `failed_checks` of the review names what tells of the "
            "defect (a defect that the scan found, which rejects the ad, or a check under 5.0); any other low score does not count. "
            "The columns behind are the verdicts: the weighted mean of an ad with one bad check of little weight (a missing logo, a "
            "wrong palette) still passes, by the rules of the rubric; the check is named all the same. A clean ad is a false alarm "
            "where anything is named. Aim: at least 95 % found, false alarms under 5 % (`scripts/bench --only review-defects`; a "
            "fifth of it is the test review_defects).", "", *tables]


def kept_rows():
    """The rows that RESULTS.md has so far, by what they measure."""
    lines = RESULTS.read_text().splitlines() if RESULTS.exists() else []
    if "## Planted defects" in lines:
        lines = lines[:lines.index("## Planted defects")]
    return {line.split(" | ")[0].removeprefix("| "): line for line in lines if line.startswith("| ")}


def kept_defects():
    """The section that RESULTS.md has so far."""
    _, found, section = RESULTS.read_text().partition("\n## Planted defects") if RESULTS.exists() else ("", "", "")
    return ["", "## Planted defects" + section.rstrip()] if found else []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", choices=[*BENCHES, DEFECTS], action="append")
    parser.add_argument("--processor-time", action="store_true")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    version = json.loads(subprocess.run([program, "version", "--format", "json"], capture_output=True, check=True).stdout)
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    head = [
        "# Benchmarks", "",
        f"adgenome {version['version']}, release build; {cpu}, {os.cpu_count()} cores. Whole processes, program and peer "
        "in turn, median of the runs; `load` is that of the machine before (`scripts/bench`). Rows that were not measured "
        "anew are from the machine of their time.", "",
        "| what | time | memory | peer | its time | its memory | times faster | share of memory | aim | result | runs | load |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | --- | --- | ---: | ---: |"]
    rows = kept_rows()
    defects = planted_defects(program) if DEFECTS in (options.only or [DEFECTS]) else kept_defects()
    agreed = True
    write = lambda: RESULTS.write_text("\n".join(head + [rows[bench[0]] for bench in BENCHES.values() if bench[0] in rows] +
                                                defects).rstrip() + "\n")
    write()
    for name in [name for name in options.only or BENCHES if name != DEFECTS]:
        title, peer_name, prepare, aim = BENCHES[name]
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place)
            load = os.getloadavg()[0]
            # Some begin every run anew, from an empty store.
            ours, peer, same, *reset = prepare(program, folder)
            repeat = options.repeat * 20 if name in ("start", "select-small") else options.repeat
            (seconds, memory), (peer_seconds, peer_memory) = measure(folder, ours, peer, repeat, name in INSIDE,
                                                                     options.processor_time, *(reset or [lambda: None]))
            is_same, what = same()
            if options.processor_time and name not in INSIDE:
                what = f"processor time; {what}"
        agreed = agreed and is_same
        show = lambda s: f"{1000 * s:.1f} ms" if s < 1 else f"{s:.2f} s"
        share = f"1/{peer_memory / memory:.1f}" if memory else ""
        rows[title] = (f"| {title} | {show(seconds)} | {memory:.0f} MB | {peer_name} | {show(peer_seconds)} | {peer_memory:.0f} MB "
                       f"| {peer_seconds / seconds:.1f} | {share} | {aim} | {'' if is_same else 'DIFFERS: '}{what} | {repeat} | {load:.1f} |")
        print(rows[title], file=sys.stderr)
        write()
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main())
