"""Tests of commands, each body on a store of its own: once an SQLite file, once a PostgreSQL database."""
import atexit
import contextlib
import itertools
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "loop"))
from both_stores import PostgreSQL  # noqa: E402

_numbers = itertools.count(1)
_servers = []


def postgres():
    """The server that all tests of this process share."""
    if not _servers:
        _servers.append(PostgreSQL())
        atexit.register(_servers[0].stop)
    return _servers[0]


def lines(records):
    return "".join(json.dumps(record) + "\n" for record in records)


class OnStore:
    """What test bodies use; `program` is set by main()."""

    program = None
    now = None  # of commands that are not told another

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.env = {k: v for k, v in os.environ.items()
                    if not k.startswith("ADGENOME_") and not k.lower().endswith("_proxy")}
        self.env["ADGENOME_STORE"] = self.fresh_store()

    def start(self, *args, **env):
        return subprocess.Popen([self.program, *args], cwd=self.folder, env={**self.env, **env}, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def output(self, *args, exit_code=0, stdin="", now=None, **env):
        """What a command prints, as it is; its messages are in self.err."""
        at = now or self.now
        process = self.start(*args, *(["--now", at] if at else []), **env)
        out, err = process.communicate(stdin.encode() if isinstance(stdin, str) else stdin, timeout=120)
        self.err = err.decode()
        self.assertEqual(process.returncode, exit_code, f"{args}\n{out.decode()}\n{self.err}")
        return out.decode()

    def records(self, *args, **options):
        """The records that a command prints line by line."""
        return [json.loads(line) for line in self.output(*args, **options).splitlines()]

    def run_program(self, *args, **options):
        """The document that a command prints."""
        out = self.output(*args, **options)
        return json.loads(out) if out else None

    def import_demo_performance(self, start, end, seed="7"):
        """What the store's ads delivered from `start` on, as scripts/demo-performance makes it up, imported at `end`."""
        export = subprocess.run(
            [sys.executable, TESTS.parent / "scripts" / "demo-performance", "--start", start[:10], "--seed", seed],
            input=self.output("ads", "list"), capture_output=True, text=True, check=True).stdout
        return self.run_program("import", "performance", "-", stdin=export, now=end)

    def wait_for(self, condition):
        end = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), end, "what was waited for did not come")
            time.sleep(0.01)


class OnSqlite:
    def fresh_store(self, name="store"):
        return f"{self.folder}/{name}.db"

    def query(self, sql):
        """Rows of texts, of the store as it is."""
        with contextlib.closing(sqlite3.connect(self.env["ADGENOME_STORE"])) as store:
            return [tuple(str(value) for value in row) for row in store.execute(sql)]

    def change(self, sql):
        """What somebody else does to the store."""
        with contextlib.closing(sqlite3.connect(self.env["ADGENOME_STORE"])) as store, store:
            store.execute(sql)


class OnPostgres:
    @classmethod
    def setUpClass(cls):
        if postgres().url is None:
            raise unittest.SkipTest("on PostgreSQL: no server is installed")

    def fresh_store(self, name="store"):
        name = f"{name}{next(_numbers)}"
        postgres().psql(f"CREATE DATABASE {name}")
        return postgres().url.replace("/postgres?", f"/{name}?")

    def query(self, sql):
        database = self.env["ADGENOME_STORE"].split("/")[3].split("?")[0]
        return [tuple(line.split("|")) for line in postgres().psql(sql, database).splitlines()]

    def change(self, sql):
        self.query(sql)


def on_both_stores(*bodies):
    """Two classes of tests for each class of bodies."""
    return [type(body.__name__ + store.__name__, (store, body, OnStore, unittest.TestCase), {})
            for body in bodies for store in (OnSqlite, OnPostgres)]


def main(*bodies):
    """usage: TEST PROGRAM [unittest arguments]"""
    OnStore.program = str(pathlib.Path(sys.argv[1]).resolve())
    module = sys.modules["__main__"]
    for test in on_both_stores(*bodies):
        setattr(module, test.__name__, test)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
