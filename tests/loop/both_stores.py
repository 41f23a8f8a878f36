#!/usr/bin/env python3
"""The whole loop on the demo brand, three times with the same seed and clock: on two SQLite files,
whose outputs must be the same bytes, and on PostgreSQL, whose outputs must be the same documents
with doubles to 1e-12. On each store every step of learning is then done again: nothing may change.

usage: both_stores.py PROGRAM PROJECT_FOLDER
"""
import glob
import json
import math
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile

START, END, LATER = "2026-01-05T09:00:00Z", "2026-02-02T09:00:00Z", "2026-02-02T10:00:00Z"

# name, arguments, name of the step whose output is the standard input
STEPS = [
    ("init", ["init", "--demo", "--now", START], None),
    ("select", ["select", "--product", "demo-ridge", "--count", "4", "--seed", "7", "--now", START], None),
    ("generate", ["generate", "--provider", "none", "--hooks", "4", "--colors", "original,brand",
                  "--seed", "7", "--now", START], "select"),
    ("review", ["review", "--seed", "7", "--now", START], "generate"),
    ("select-2", ["select", "--product", "demo-ember", "--count", "2", "--record", "--seed", "8", "--now", START], None),
    # without a seed of its own: it follows from the selection's
    ("generate-2", ["generate", "--hooks", "1", "--sizes", "1:1,16:9", "--colors", "original",
                    "--now", START], "select-2"),
    ("review-2", ["review", "--seed", "7", "--now", START], "generate-2"),
    ("ads", ["ads", "list"], None),
    ("performance", None, "ads"),  # scripts/demo-performance
    ("import", ["import", "performance", "-", "--now", END], "performance"),
    ("reward", ["reward", "--now", END], None),
    ("reward-classic", ["reward", "--rules", "classic", "--lag-correct", "--states", "--dry-run", "--now", END], None),
    ("genome", ["genome", "update", "--now", END], None),
    ("genome-show", ["genome", "show", "--now", END], None),
    ("genome-classic", ["genome", "update", "--rules", "classic", "--half-life", "4", "--dry-run", "--now", END], None),
    ("genome-sample", ["genome", "sample", "--dimension", "hook_type", "--seed", "7", "--now", END], None),
    ("genome-score", ["genome", "score", "--tag", "color_mode=brand", "--now", END], None),
    ("genome-validate", ["genome", "validate", "--seed", "7", "--now", END], None),
    ("weights", ["learn-weights", "--seed", "7", "--now", END], None),
    ("weights-classic", ["learn-weights", "--rules", "classic", "--dry-run", "--seed", "7", "--now", END], None),
    ("weights-show", ["weights", "show", "--now", END], None),
    ("promote", ["weights", "promote", "--now", END], None),
    ("weights-check", ["weights", "check", "--now", END], None),
    ("weights-history", ["weights", "history", "--now", END], None),
    ("select-learned", ["select", "--product", "demo-ridge", "--weights", "learned", "--seed", "9", "--now", END], None),
    ("evaluate", ["evaluate", "--policy", "roll_the_dice", "--compare", "roll_the_dice,smart_select",
                  "--seed", "7", "--now", END], None),
    ("preset-check", ["preset", "check", "smart_select", "roll_the_dice", "--brand", "demo-brand",
                      "--seed", "7", "--now", END], None),
    ("rollback", ["weights", "rollback", "--now", END], None),
    ("attribute", ["attribute", "--now", END], None),
    ("attribute-classic", ["attribute", "--rules", "classic", "--now", END], None),
    ("interactions", ["interactions", "--all", "--now", END], None),
    ("whitespace", ["whitespace", "--now", END], None),
    ("fatigue", ["fatigue", "--fit", "--remediate", "--now", END], None),
    ("whitespace-triples", ["whitespace", "--triples", "--optimistic", "--now", END], None),
    ("cluster", ["cluster", "--now", END], None),
    ("genome-context", ["genome", "context", "--now", END], None),
    ("select-3", ["select", "--product", "demo-ridge", "--all", "--seed", "9", "--now", END], None),
]
# Done again a moment later: each learner has seen it all.
AGAIN = [
    ("init", lambda d: d["created"] is False and d["demo"]["new"] == d["demo"]["changed"] == 0),
    ("import", lambda d: d["new"] == d["changed"] == 0 and d["unchanged"] > 0),
    ("reward", lambda d: d["summary"]["new"] == d["summary"]["changed"] == 0),
    ("genome", lambda d: d["summary"]["new"] == d["summary"]["changed"] == 0),
    ("weights", lambda d: d["snapshots_credited"] == 0),
    ("interactions", lambda d: d["summary"]["new"] == d["summary"]["changed"] == 0),
]


def differences(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        if list(a) != list(b):
            return [f"{path}: members {list(a)} and {list(b)}"]
        return [d for k in a for d in differences(a[k], b[k], f"{path}/{k}")]
    if isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            return [f"{path}: {len(a)} and {len(b)} entries"]
        return [d for i, (x, y) in enumerate(zip(a, b)) for d in differences(x, y, f"{path}/{i}")]
    if isinstance(a, float) and isinstance(b, float):
        return [] if math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-300) else [f"{path}: {a!r} and {b!r}"]
    return [] if type(a) is type(b) and a == b else [f"{path}: {a!r} and {b!r}"]


class PostgreSQL:
    """A server in a temporary folder on a Unix socket; `url` is None where none is installed."""

    def __init__(self):
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        self.url = None
        if not programs:
            return
        self.bin = pathlib.Path(programs[-1])
        self.folder = tempfile.mkdtemp(prefix="adgenome-postgres-")
        self.as_user = []
        if os.geteuid() == 0:  # the server refuses to run as root
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
            self.as_user = ["runuser", "-u", "postgres", "--"]
        self.call("initdb", "-D", f"{self.folder}/data", "-A", "trust", "-U", "adgenome", "-E", "UTF8",
                  "--locale=C.UTF-8", "--no-sync")
        self.start()
        self.url = f"postgres://adgenome@/postgres?host={self.folder}"

    def call(self, program, *arguments):
        subprocess.run([*self.as_user, str(self.bin / program), *arguments], check=True, cwd="/",
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self):
        self.call("pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log", "-o",
                  f"-k {self.folder} -c listen_addresses='' -c fsync=off", "start")

    def halt(self):
        """Ends the server in the middle of whatever it does."""
        self.call("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")

    def psql(self, sql, database="postgres"):
        return subprocess.run([str(self.bin / "psql"), "-h", self.folder, "-U", "adgenome", "-d", database,
                               "-qAtX", "-v", "ON_ERROR_STOP=1", "-f", "-"],
                              input=sql, check=True, capture_output=True, text=True).stdout

    def stop(self):
        if self.url:
            self.halt()
            shutil.rmtree(self.folder)


def play(program, project, store, folder):
    """Outputs of the steps by name, as bytes."""
    outputs = {}
    env = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_") or k.startswith("ADGENOME_TEST_")}
    env["ADGENOME_STORE"] = store

    def run(name, arguments, source):
        stdin = outputs[source] if source else b""
        command = [program, *arguments] if arguments else [
            sys.executable, f"{project}/scripts/demo-performance", "--start", START[:10], "--seed", "7"]
        done = subprocess.run(command, input=stdin, capture_output=True, cwd=folder, env=env)
        if done.returncode != 0:
            sys.exit(f"failed: {name}: exit code {done.returncode}: {' '.join(command)}\n{done.stderr.decode()}")
        return done.stdout

    for name, arguments, source in STEPS:
        outputs[name] = run(name, arguments, source)
    steps = {name: (arguments, source) for name, arguments, source in STEPS}
    for name, is_unchanged in AGAIN:
        arguments, source = steps[name]
        again = json.loads(run(name, [LATER if a == END else a for a in arguments], source))
        if not is_unchanged(again):
            sys.exit(f"failed: {name} a second time changed something: {json.dumps(again)[:2000]}")
    images = sorted(pathlib.Path(folder).glob("ads/*"))
    outputs["images"] = b"".join(image.name.encode() + image.read_bytes() for image in images)
    if not images:
        sys.exit("failed: no images were made")
    return outputs


def main():
    program, project = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    server = PostgreSQL()
    failed = []
    try:
        with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b, tempfile.TemporaryDirectory() as c:
            first = play(program, project, "adgenome.db", a)
            second = play(program, project, "adgenome.db", b)
            failed += [f"{name}: two runs on SQLite differ" for name in first if first[name] != second[name]]
            if server.url is None:
                print("skipped on PostgreSQL: no server is installed")
            else:
                third = play(program, project, server.url, c)
                for name, arguments, _ in STEPS:
                    if not arguments:
                        continue
                    one, other = json.loads(first[name]), json.loads(third[name])
                    if name == "init":
                        one.pop("store"), other.pop("store")
                    failed += [f"{name}: SQLite and PostgreSQL differ: {d}" for d in differences(one, other)[:5]]
                if first["images"] != third["images"]:
                    failed.append("images differ between the stores")
    finally:
        server.stop()
    print("\n".join(failed) or f"{len(STEPS)} steps agree")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
