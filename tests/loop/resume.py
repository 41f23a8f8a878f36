#!/usr/bin/env python3
"""Kills `generate` (kill -9) at random moments, again and again under the same --batch, until it
comes through: the ads are then those of a run that nobody disturbed, each made once, and every
picture is there. On SQLite and on PostgreSQL.

usage: resume.py PROGRAM
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from both_stores import PostgreSQL

ROUNDS = 20 if os.environ.get("ADGENOME_LONG") else 3
NOW = ["--now", "2026-03-02T09:00:00Z", "--seed", "7"]
GENERATE = ["generate", "--templates", "tpl-collage-01,tpl-lifestyle-01,tpl-testimonial-01", "--product", "demo-ridge",
            "--hooks", "2", "--sizes", "1:1,4:5", "--batch", "b", *NOW]


class Place:
    """An empty store with the demo brand, in a folder of its own."""

    def __init__(self, program, folder, url):
        self.program, self.folder = program, folder
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_")} | {"ADGENOME_STORE": url}
        self.run("init", "--demo", *NOW[:2])

    def start(self, *arguments):
        return subprocess.Popen([self.program, *arguments], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments):
        process = self.start(*arguments)
        out, err = process.communicate()
        if process.returncode != 0:
            sys.exit(f"failed: {arguments}: exit code {process.returncode}: {err.decode()}")
        return out

    def result(self):
        """What was said at the end, and what the store then has."""
        document = self.run(*GENERATE)
        listed = json.loads(self.run("ads", "list", "--format", "json"))
        missing = [ad["image"] for ad in listed["items"] if not pathlib.Path(self.folder, ad["image"]).exists()]
        assert not missing, missing
        usage = self.run("select", "--product", "demo-ridge", "--all", "--format", "jsonl", *NOW)
        return document, listed, usage


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    chance = random.Random(1)
    server = PostgreSQL()
    kinds = ["SQLite"] + (["PostgreSQL"] if server.url else [])
    failed, kills = [], 0
    with tempfile.TemporaryDirectory() as folder:
        numbers = iter(range(1000))

        def place(kind):
            home = pathlib.Path(folder, str(next(numbers)))
            home.mkdir()
            if kind == "SQLite":
                return Place(program, home, str(home / "adgenome.db"))
            server.psql(f"CREATE DATABASE resume{home.name}")
            return Place(program, home, server.url.replace("/postgres?", f"/resume{home.name}?"))

        try:
            for kind in kinds:
                begin = time.monotonic()
                expected = place(kind).result()
                seconds = time.monotonic() - begin
                for _ in range(ROUNDS):
                    disturbed = place(kind)
                    for _ in range(3):
                        process = disturbed.start(*GENERATE)
                        time.sleep(chance.uniform(0, seconds / 2))
                        process.kill()
                        process.communicate()
                        kills += process.returncode < 0
                    if disturbed.result() != expected:
                        failed.append(f"{kind}: what was interrupted is not what an undisturbed run makes")
        finally:
            server.stop()
    if kills < ROUNDS * len(kinds):
        failed.append(f"only {kills} were killed before their end")
    print("\n".join(failed) or f"{kills} kills, and every batch came out as if there had been none")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
