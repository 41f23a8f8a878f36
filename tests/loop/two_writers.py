#!/usr/bin/env python3
"""Two imports of performance at once into one store: both succeed, or one ends with exit code 5 after
its busy timeout and succeeds when it is run again. No update is lost: the store is then that of the
same imports one after the other, on SQLite and on PostgreSQL.

usage: two_writers.py PROGRAM
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import both_stores

HEADER = "platform,platform_ad_id,date_start,currency,impressions,spend,ad_name,campaign_id,objective\n"
ADS, DAYS = 300, 28


def cost_of(ad, day):
    """In cents."""
    return 100 + ad * day % 997


def export_file(path, first_ad, month):
    rows = []
    for ad in range(first_ad, first_ad + ADS):
        for day in range(1, DAYS + 1):
            cost = cost_of(ad, day)
            rows.append(f"meta,{ad},2026-{month:02}-{day:02},EUR,{ad * day},{cost // 100}.{cost % 100:02},"
                        f"Ad {ad},c{ad % 7},OUTCOME_SALES\n")
    path.write_text(HEADER + "".join(rows))


def play(program, store, folder):
    env = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_")} | {"ADGENOME_STORE": store}

    def start(*arguments):
        return subprocess.Popen([program, *arguments], cwd=folder, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=env)

    def end(process):
        out, error = process.communicate()
        return process.returncode, out.decode(), error.decode()

    code, _, error = end(start("init", "--demo"))
    assert code == 0, error
    failed, expected, gave_up = [], 0, 0
    for month in range(1, 7):
        files = [folder / f"{month}-{i}.csv" for i in range(2)]
        # What stands in both files is the same in both, and counts once.
        export_file(files[0], 0, month)
        export_file(files[1], ADS // 2, month)
        expected += sum(cost_of(ad, day) for ad in range(ADS + ADS // 2) for day in range(1, DAYS + 1))
        timeout = "1" if month % 2 else "60000"
        command = ["import", "performance", "--busy-timeout", timeout, "--format", "json"]
        running = [start(*command, str(file)) for file in files]
        for file, (code, out, error) in zip(files, [end(process) for process in running]):
            if code == 5 and timeout == "1":
                gave_up += 1
                if "locked by another process" not in error:
                    failed.append(f"exit 5 for another reason: {error}")
                code, out, error = end(start("import", "performance", str(file)))
            if code != 0:
                failed.append(f"{file.name}: exit code {code}: {error}")
    for file in sorted(folder.glob("[1-6]-*.csv")):
        code, out, error = end(start("import", "performance", str(file), "--format", "json"))
        again = json.loads(out)
        if again["unchanged"] != ADS * DAYS:
            failed.append(f"{file.name}: something was lost: {out}")
    total = round(100 * again["spend_after"]["EUR"])
    if total != expected:
        failed.append(f"the spend of the store is {total} cents, that of the files {expected}")
    return failed, gave_up


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    server = both_stores.PostgreSQL()
    failed, gave_up = [], 0
    try:
        for store in ["adgenome.db", server.url]:
            if store is None:
                print("skipped on PostgreSQL: no server is installed")
                continue
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                url = store if "://" in store else str(folder / store)
                found, waited = play(program, url, folder)
                failed += [f"{'PostgreSQL' if '://' in store else 'SQLite'}: {what}" for what in found]
                gave_up += waited
    finally:
        server.stop()
    print("\n".join(failed) or f"no update was lost, {gave_up} gave up at first")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
