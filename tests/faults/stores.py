"""Stores that tests disturb: copies of what the loop has made, and what can be said of them."""
import contextlib
import itertools
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "loop"))
import both_stores

IS_LONG = bool(os.environ.get("ADGENOME_LONG"))
# Commands of several transactions, by their nature: the schema and then the demo's catalogue; one
# ad after the other.
IN_PARTS = {"init", "generate", "generate-2", "review", "review-2"}
# Where pictures are drawn and read, a run takes seconds.
SLOW = {"generate-2", "review", "review-2"}
# Steps that others than these do without.
LEFT_OUT = {"select-2", "generate-2", "review-2"}
_numbers = itertools.count()


def _copy_files(source, target):
    """The folder of a place. Pictures are never changed: links will do where there can be any."""
    def copy(file, new):
        if file.endswith(".png") and os.stat(source).st_dev == os.stat(target).st_dev:
            os.link(file, new)
        else:
            shutil.copy(file, new)
    shutil.copytree(source, target, copy_function=copy, dirs_exist_ok=True)


def _difference(content, expected):
    """Which tables differ, and in how many rows."""
    tables = sorted({*content, *expected})
    differing = [(t, content.get(t, frozenset()), expected.get(t, frozenset())) for t in tables]
    return "; ".join(f"{table}: {len(rows - others)} rows more and {len(others - rows)} fewer"
                     for table, rows, others in differing if rows != others) or "tables"


class Store:
    """A kind of store: makes empty places and copies of others."""

    @contextlib.contextmanager
    def copy_of(self, place):
        copy = self.copy(place)
        try:
            yield copy
        finally:
            self.remove(copy)


class FileStore(Store):
    kind = "SQLite"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def new(self):
        return FilePlace(self.folder / f"store{next(_numbers)}" / "adgenome.db")

    def copy(self, place):
        copy = self.new()
        _copy_files(place.folder, copy.folder)
        return copy

    def remove(self, place):
        shutil.rmtree(place.folder)


class FilePlace:
    def __init__(self, file):
        self.url, self.folder = str(file), str(file.parent)
        file.parent.mkdir()

    def write(self, statements):
        with contextlib.closing(sqlite3.connect(self.url)) as store:
            store.executescript(";".join(["BEGIN", *statements, "COMMIT"]))

    def wait_until_left(self):
        """Until no process that was killed is at it any more."""

    def complaints(self):
        with contextlib.closing(sqlite3.connect(self.url)) as store:
            found = [row[0] for row in store.execute("PRAGMA integrity_check") if row[0] != "ok"]
            return found + [f"a row of {row[0]} refers to none" for row in store.execute("PRAGMA foreign_key_check")]

    def content(self):
        """Rows by table; nothing where there is no store."""
        if not os.path.exists(self.url):
            return {}
        with contextlib.closing(sqlite3.connect(self.url)) as store:
            names = [row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: frozenset(store.execute(f'SELECT * FROM "{name}"')) for name in names}

    difference = staticmethod(_difference)


class ServerStore(Store):
    kind = "PostgreSQL"

    def __init__(self, folder, server):
        self.folder, self.server = pathlib.Path(folder), server

    def new(self, template="template0"):
        name = f"place{next(_numbers)}"
        self.server.psql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return ServerPlace(self.server, name, self.folder / name)

    def copy(self, place):
        copy = self.new(place.name)
        _copy_files(place.folder, copy.folder)
        return copy

    def remove(self, place):
        self.server.psql(f"DROP DATABASE {place.name} WITH (FORCE)")
        shutil.rmtree(place.folder)


class ServerPlace:
    def __init__(self, server, name, folder):
        self.server, self.name, self.folder = server, name, str(folder)
        self.url = server.url.replace("/postgres?", f"/{name}?")
        folder.mkdir()

    def write(self, statements):
        self.server.psql("; ".join(statements), self.name)

    def wait_until_left(self):
        while self.server.psql(f"SELECT 1 FROM pg_stat_activity WHERE datname = '{self.name}'"):
            time.sleep(0.01)

    def complaints(self):
        return []  # what the server takes, it keeps whole; references are checked by itself

    def content(self):
        names = self.server.psql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", self.name).split()
        return {name: frozenset(self.server.psql(f"COPY {name} TO STDOUT", self.name).splitlines())
                for name in names}

    difference = staticmethod(_difference)


class Case:
    """A use case: a command on the store that it finds, and what it makes of it undisturbed."""

    def __init__(self, program, name, arguments, stdin, place, store):
        """Runs it undisturbed on the place, of which a copy is kept."""
        self.program, self.name, self.arguments, self.stdin = program, name, arguments, stdin
        self.before, self.is_whole = store.copy(place), name not in IN_PARTS
        self.content_before = place.content()
        count = pathlib.Path(place.folder, "count")
        begin = time.monotonic()
        done = self.run(place, {"ADGENOME_TEST_COUNT": str(count)})
        self.seconds = time.monotonic() - begin
        if done.returncode != 0:
            sys.exit(f"failed: {name}: exit code {done.returncode}: {done.stderr.decode()}")
        self.statements = int(count.read_text())
        self.stdout, self.content_after = done.stdout, place.content()

    def start(self, place, environment=None, as_user=(), more=()):
        """The command as a process that has its input already."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_")}
        with tempfile.TemporaryFile() as stdin:
            stdin.write(self.stdin)
            stdin.seek(0)
            return subprocess.Popen([*as_user, self.program, *self.arguments, *more], stdin=stdin, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, cwd=place.folder,
                                    env=env | {"ADGENOME_STORE": place.url} | (environment or {}))

    def run(self, place, environment, as_user=()):
        process = self.start(place, environment, as_user)
        stdout, stderr = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def is_possible(self, content):
        """Whether a store may be found so after the command was cut off."""
        return not self.is_whole or content in (self.content_before, self.content_after)


class MigrationCase(Case):
    """`migrate up` on a store that an older program made, with data in it."""

    OLDER = 3
    DATA = ["INSERT INTO organizations (id, name) VALUES ('o', 'O')",
            "INSERT INTO brands (id, organization_id, name) VALUES ('b', 'o', 'B')",
            *(f"INSERT INTO ads (brand_id, id, short_id, ad_run_id, prompt_index, canvas_size, color_mode, name, "
              f"status, provider, created_at) VALUES ('b', 'a{i}', 's{i}', 'r', {i}, '1:1', 'brand', 'n', 'approved', "
              "'local', '2026-01-05T09:00:00.000000Z')" for i in range(1, 300)),
            *(f"INSERT INTO campaigns (brand_id, platform, campaign_id) VALUES ('b', 'meta', '{i}')"
              for i in range(300)),
            *("INSERT INTO ad_performance (brand_id, platform, platform_ad_id, date_start, date_stop, currency, "
              f"learned_at, impressions, spend_micros) VALUES ('b', 'meta', '{i % 20}', '2026-01-{1 + i // 20:02}', "
              f"'2026-01-{1 + i // 20:02}', 'EUR', '2026-02-01T00:00:00.000000Z', {i}, {i * 1000})"
              for i in range(300))]

    def __init__(self, program, project, store):
        self.stdin, self.program = b"", program
        place = store.new()
        self._migrate_to(self.OLDER, place)
        place.write(self.DATA)
        self.possible = [place.content()]
        with store.copy_of(place) as stepwise:
            for step in sorted(pathlib.Path(project, "schema", "migrations").glob("*.sql")):
                self._migrate_to(int(step.name[:4]), stepwise)
                self.possible.append(stepwise.content())
        super().__init__(program, "migration", ["migrate", "up", "--now", both_stores.START], b"", place, store)

    def _migrate_to(self, last, place):
        self.arguments = ["--now", both_stores.START]
        done = self.run(place, {"ADGENOME_TEST_STEPS": str(last)})
        assert done.returncode == 0, done.stderr

    def is_possible(self, content):
        return content in self.possible


class Cases:
    """Every use case of the loop, one after the other, each with the store as the one before left it."""

    def __init__(self, program, project, store, without=frozenset()):
        self.program, self.project, self.store, self.without = program, project, store, without

    def all(self):
        place, outputs, cases = self.store.new(), {}, []
        for name, arguments, source in both_stores.STEPS:
            if name in self.without:
                continue
            stdin = outputs[source] if source else b""
            if arguments is None:
                outputs[name] = subprocess.run(
                    [sys.executable, f"{self.project}/scripts/demo-performance", "--start", both_stores.START[:10],
                     "--seed", "7"], input=stdin, capture_output=True, check=True).stdout
                continue
            case = Case(self.program, name, arguments, stdin, place, self.store)
            outputs[name] = case.stdout
            if case.content_before != case.content_after:
                cases.append(case)
        return cases
