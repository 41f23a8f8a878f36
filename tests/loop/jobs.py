#!/usr/bin/env python3
"""The queue with several workers as processes, on an SQLite file and on PostgreSQL: every job is run
exactly once, a worker that is killed loses nothing, a schedule that two see due makes one job.

usage: jobs.py PROGRAM

100 jobs a store; 1,000 with ADGENOME_LONG=1.
"""
import concurrent.futures
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from both_stores import PostgreSQL

WORKERS = 4
COUNT = 1000 if os.environ.get("ADGENOME_LONG") else 100
failed = []


def expect(name, expected, found):
    if expected != found:
        failed.append(f"{name}: expected {expected!r}, found {found!r}")


class Store:
    def __init__(self, program, url, folder):
        self.program, self.folder = program, folder
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_")}
        self.env["ADGENOME_STORE"] = url
        self.call("init", "--demo")

    def start(self, *arguments, **options):
        return subprocess.Popen([self.program, *arguments], cwd=self.folder, env=self.env,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options)

    def call(self, *arguments):
        done = subprocess.run([self.program, *arguments, "--format", "json"], cwd=self.folder, env=self.env,
                              capture_output=True)
        if done.returncode != 0:
            sys.exit(f"failed: {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr.decode()}")
        return json.loads(done.stdout)

    def submit(self, count):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            made = pool.map(lambda _: self.call("job", "submit", "creative_genome_update"), range(count))
            return sorted(job["job_id"] for job in made)

    def work(self, *arguments, workers=1):
        """What workers that start together report."""
        started = [self.start("worker", "--once", *arguments) for _ in range(workers)]
        reports = [json.loads(worker.communicate(timeout=600)[0]) for worker in started]
        expect("exit codes of workers", [0] * workers, [worker.returncode for worker in started])
        return reports


def held_jobs(store):
    return sum(store.call("job", "list", "--state", state)["total"] for state in ("claimed", "running"))


def runs_once(store):
    jobs = store.submit(COUNT)
    begin = time.monotonic()
    reports = store.work("--busy-timeout", "60000", workers=WORKERS)
    seconds = time.monotonic() - begin
    run = sorted(item["job_id"] for report in reports for item in report["items"])
    expect("each job is run once", jobs, run)
    listed = store.call("job", "list", "--limit", "5000")
    expect("listed", COUNT, listed["total"])
    expect("states", {"completed"}, {job["state"] for job in listed["items"]})
    expect("attempts", {1}, {job["attempts"] for job in listed["items"]})
    expect("every worker had work", True, all(report["completed"] > 0 for report in reports))
    print(f"{COUNT} jobs of two commands, {WORKERS} workers: {seconds:.1f} s")


def survives_a_kill(store):
    """Killed where it hurts: until a job was lost by its worker and taken up again."""
    lost = 0
    for _ in range(20):
        jobs = store.submit(6)
        worker = store.start("worker", "--once", "--lease", "1")
        while not held_jobs(store) and worker.poll() is None:
            pass
        worker.kill()
        worker.communicate()
        time.sleep(1.1)
        store.work("--lease", "1")
        for job_id in jobs:
            runs = [run["state"] for run in store.call("job", "show", job_id)["runs"]]
            expect("a job is completed once", 1, runs.count("completed"))
            expect("other runs are lost", len(runs) - 1, runs.count("lost"))
            lost += runs.count("lost")
        if lost:
            break
    expect("a worker was killed over a job", True, lost > 0)


def schedule_makes_one_job(store):
    store.call("job", "schedule", "0 3 * * *", "creative_genome_update", "--now", "2026-01-05T00:00:00Z")
    before = store.call("job", "list")["total"]
    reports = store.work("--now", "2026-02-02T00:00:00Z", workers=2)
    expect("scheduled", 1, sum(report["scheduled"] for report in reports))
    expect("one job for all that was missed", before + 1, store.call("job", "list")["total"])
    schedule = store.call("job", "list", "--now", "2026-02-02T00:00:00Z")["schedules"][0]
    expect("goes on from now", "2026-02-02T03:00:00Z", schedule["next_due_at"])
    expect("succeeded", (False, "2026-02-02T00:00:00Z"), (schedule["silent"], schedule["last_success_at"]))
    store.call("job", "unschedule", schedule["schedule_id"])


def ends_when_told(store):
    for number, code, name in [(signal.SIGTERM, 143, "SIGTERM"), (signal.SIGINT, 130, "SIGINT")]:
        worker = store.start("worker", "--poll", "0.1")
        time.sleep(0.5)
        worker.send_signal(number)
        report = json.loads(worker.communicate(timeout=30)[0])
        expect(f"exit code after {name}", code, worker.returncode)
        expect("stopped by", name, report["stopped_by"])


def watches_a_folder(store):
    folder = pathlib.Path(store.folder) / "inbox"
    folder.mkdir()
    rows = "platform,platform_ad_id,date_start,currency,impressions,spend\nmeta,1,2026-01-05,EUR,100,1.5\n"
    (folder / "first.csv").write_text(rows)
    def import_new():
        job = store.call("job", "submit", "performance_import", "--param", f"dir={folder}")["job_id"]
        store.work()
        done = store.call("job", "show", job)
        expect("import", "completed", done["state"])
        return [step["step"] for step in done["runs"][0]["metadata"]["steps"]]
    expect("a new file", ["import first.csv"], import_new())
    expect("a known file", [], import_new())
    (folder / "again.csv").write_text(rows)
    (folder / "second.csv").write_text(rows.replace("1.5", "2.5"))
    expect("new by content", ["import second.csv"], import_new())


def reports_progress(store):
    """What generate and review say of how far they are, to who listens."""
    selection = subprocess.run([store.program, "select", "--product", "demo-ridge", "--count", "1"], cwd=store.folder,
                               env=store.env, capture_output=True, check=True).stdout
    def listen(arguments, source):
        with tempfile.TemporaryFile() as channel:
            env = {**store.env, "ADGENOME_PROGRESS_FD": str(channel.fileno())}
            done = subprocess.run([store.program, *arguments], input=source, cwd=store.folder, env=env,
                                  capture_output=True, pass_fds=[channel.fileno()], check=True)
            channel.seek(0)
            return done.stdout, [json.loads(line) for line in channel]
    made, lines = listen(["generate", "--colors", "original,brand", "--images", "pictures"], selection)
    expect("reports of generate", [0, 1, 2], [line["ads_attempted"] for line in lines])
    last = {**lines[-1], "current_template": None, "current_color": None}
    expect("the last one", {"ads_attempted": 2, "ads_generated": 2, "ads_failed": 0, "current_template": None,
                            "current_size": "1:1", "current_color": None, "cost": 0}, last)
    reviewed, lines = listen(["review"], made)
    counts = json.loads(reviewed)["counts"]
    expect("the last report of review", {f"ads_{verdict}": counts[verdict] for verdict in ("approved", "flagged", "rejected")},
           lines[-1])


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    server = PostgreSQL()
    try:
        for url in ["adgenome.db", server.url]:
            if url is None:
                print("skipped on PostgreSQL: no server is installed")
                continue
            with tempfile.TemporaryDirectory() as folder:
                store = Store(program, url, folder)
                runs_once(store)
                survives_a_kill(store)
                schedule_makes_one_job(store)
                ends_when_told(store)
                watches_a_folder(store)
                reports_progress(store)
            failed[:] = [text if "(" in text[:3] else f"({url[:8]}) {text}" for text in failed]
    finally:
        server.stop()
    print("\n".join(f"failed: {text}" for text in failed) or "the queue holds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
