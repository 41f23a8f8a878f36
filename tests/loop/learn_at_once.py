#!/usr/bin/env python3
"""Four processes learn weights at the same moment, on SQLite and on PostgreSQL: every selection
item is credited by exactly one of them, and the sums are those of learning alone.

usage: learn_at_once.py PROGRAM PROJECT_FOLDER
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from both_stores import END, START, PostgreSQL

PROCESSES = 4


def prepare(program, project, folder, env):
    """A store with rewards that nobody has learned from. Returns how many items have one."""
    def run(*arguments, stdin=b""):
        done = subprocess.run([program, *arguments], input=stdin, capture_output=True, cwd=folder, env=env)
        if done.returncode != 0:
            sys.exit(f"failed: {' '.join(arguments)}\n{done.stderr.decode()}")
        return done.stdout

    run("init", "--demo", "--now", START)
    for seed in range(4):
        selection = run("select", "--product", "demo-ridge", "--count", "3", "--seed", str(seed), "--now", START)
        ads = run("generate", "--provider", "none", "--hooks", "1", "--sizes", "1:1", "--colors", "original",
                  "--seed", str(seed), "--now", START, stdin=selection)
        run("review", "--now", START, stdin=ads)
    export = subprocess.run([sys.executable, f"{project}/scripts/demo-performance", "--start", START[:10], "--seed", "7"],
                            input=run("ads", "list", "--format", "json"), capture_output=True, check=True).stdout
    run("import", "performance", "-", "--now", END, stdin=export)
    run("reward", "--now", END)
    return json.loads(run("learn-weights", "--dry-run", "--now", END, "--format", "json"))


def play(program, project, store, folder):
    env = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_")}
    env["ADGENOME_STORE"] = store
    alone = prepare(program, project, folder, env)
    if alone["snapshots_credited"] == 0:
        return ["there is nothing to learn from"]
    command = [program, "learn-weights", "--now", END, "--format", "json", "--busy-timeout", "30000"]
    started = [subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
               for _ in range(PROCESSES)]
    ended = [(process, *process.communicate()) for process in started]
    problems = [f"exit code {p.returncode}: {err.decode()}" for p, _, err in ended if p.returncode != 0]
    if problems:
        return problems
    documents = [json.loads(out) for _, out, _ in ended]
    credited = [document["snapshots_credited"] for document in documents]
    if sorted(credited) != [0] * (PROCESSES - 1) + [alone["snapshots_credited"]]:
        problems.append(f"credited {credited}, expected {alone['snapshots_credited']} by one of them")
    problems += ["the sums are not those of learning alone" for d in documents if d["state"] != alone["state"]]
    sets = {d["weight_set"] for d in documents if d["weight_set"]}
    if len(sets) != 1:
        problems.append(f"weight sets {sorted(sets)}, expected one")
    return problems


def main():
    program, project = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    server = PostgreSQL()
    failed = []
    try:
        with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
            failed += [f"SQLite: {p}" for p in play(program, project, "adgenome.db", a)]
            if server.url is None:
                print("skipped on PostgreSQL: no server is installed")
            else:
                failed += [f"PostgreSQL: {p}" for p in play(program, project, server.url, b)]
    finally:
        server.stop()
    print("\n".join(failed) or f"{PROCESSES} processes at once credit each item once")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
