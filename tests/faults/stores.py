"""Stores that tests disturb: copies of what the loop has made, and what can be said of them."""
import contextlib
import itertools
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / folder) for folder in ("loop", "support")]
import both_stores
from meta_server import MetaServer, sample
from records import EVERYTHING, KINDS, lines

IS_LONG = bool(os.environ.get("ADGENOME_LONG"))
# Commands of several transactions, by their nature: the schema and then the demo's catalogue; one
# ad after the other; the schema and then the rows; day by day.
IN_PARTS = {"init", "generate", "generate-2", "review", "review-2", "store copy", "sync meta"}
# Where pictures are drawn and read, a run takes seconds.
SLOW = {"generate-2", "review", "review-2"}
# Steps that others than these do without.
LEFT_OUT = {"select-2", "generate-2", "review-2"}
_MARK = "--- next table"
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
        # One call for all: a process a table takes longer than all else.
        texts = self.server.psql("".join(f"\\echo {_MARK}\nCOPY {name} TO STDOUT;\n" for name in names), self.name)
        return {name: frozenset(text.splitlines()) for name, text in zip(names, texts.split(f"{_MARK}\n")[1:])}

    difference = staticmethod(_difference)


@contextlib.contextmanager
def stores_to_disturb():
    """A store of each kind that this machine has."""
    server = both_stores.PostgreSQL()
    folder = tempfile.mkdtemp(prefix="adgenome-faults-")
    os.chmod(folder, 0o755)
    try:
        if server.url is None:
            print("skipped on PostgreSQL: no server is installed")
        yield [FileStore(folder)] + ([ServerStore(folder, server)] if server.url else [])
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def say(failed, otherwise):
    """Prints what went wrong, else that nothing did; the exit code."""
    print("\n".join(failed[:40]) or otherwise)
    return 1 if failed else 0


class Case:
    """A use case: a command on the store that it finds, and what it makes of it undisturbed. "{store}"
    among its arguments is the store."""

    environment = {}

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

    def start(self, place, environment=None, as_user=(), more=(), instead=None):
        """The command as a process that has its input already, or another one instead."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_")}
        with tempfile.TemporaryFile() as stdin:
            stdin.write(self.stdin)
            stdin.seek(0)
            arguments = [argument.replace("{store}", place.url) for argument in instead or self.arguments]
            return subprocess.Popen([*as_user, self.program, *arguments, *more], stdin=stdin, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, cwd=place.folder,
                                    env=env | {"ADGENOME_STORE": place.url} | self.environment | (environment or {}))

    def run(self, place, environment, as_user=(), more=(), instead=None):
        process = self.start(place, environment, as_user, more, instead)
        stdout, stderr = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def has_gone_on(self, done):
        """Whether the command did its work although a statement failed."""
        return False

    def is_possible(self, content):
        """Whether a store may be found so after the command was cut off."""
        return not self.is_whole or content in (self.content_before, self.content_after)

    def complaints(self, place):
        """Of what a disturbed run has left."""
        failed = place.complaints()
        content = place.content()
        if not self.is_possible(content):
            failed.append("half of it was written: " + place.difference(content, self.content_before))
        return failed

    def complaints_again(self, place):
        """Of the command run again, undisturbed."""
        done = self.run(place, {})
        if done.returncode != 0:
            return [f"then exit code {done.returncode}: {done.stderr.decode()[:300]}"]
        content = place.content()
        if content != self.content_after:
            return ["run again it gives another store: " + place.difference(content, self.content_after)]
        return []


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


class SyncCase(Case):
    """`sync meta` of three days from a server of the tests."""

    server = None

    def __init__(self, program, place, store):
        if SyncCase.server is None:
            SyncCase.server = MetaServer()
            sample(SyncCase.server, days=3, ads=2)
        self.environment = {"ADGENOME_META_TOKEN": SyncCase.server.token, "ADGENOME_SYNC_META_WAIT_FACTOR": "0.0005",
                            "ADGENOME_SYNC_META_BASE_URL": SyncCase.server.url}
        super().__init__(program, "sync meta", ["sync", "meta", "--brand", "b2", "--account", "act_1", "--since",
                                                "2026-03-01", "--seed", "7", "--now", "2026-03-03T12:00:00Z"],
                         b"", place, store)


class WorkerCase(Case):
    """`worker --once` with a job to do. A job that a worker has lost is done by the next one once its
    lease is over: at another time, so that what counts is that it was completed once."""

    def __init__(self, program, place, store):
        super().__init__(program, "worker", ["worker", "--once", "--brand", "demo-brand", "--now", both_stores.END],
                         b"", place, store)

    def is_possible(self, content):
        return True

    def has_gone_on(self, done):
        return done.returncode == 0 and b"the store does not answer" in done.stderr

    def complaints_again(self, place):
        for attempt in range(3):  # a failed attempt is made again after a while
            done = self.run(place, {}, more=["--now", f"2026-02-{3 + attempt:02}T09:00:00Z"])
            if done.returncode != 0:
                return [f"then exit code {done.returncode}: {done.stderr.decode()[:300]}"]
        shown = self.run(place, {}, instead=["job", "list", "--brand", "demo-brand", "--now", "2026-02-05T09:00:00Z"])
        states = [job["state"] for job in json.loads(shown.stdout)["items"]]
        return [] if states == ["completed"] else [f"then the jobs are {states}"]


# The use cases of the store, as they come after the loop: name, arguments, standard input.
OF_THE_STORE = [
    *((f"import {kind}", ["import", kind, "-", "--extra", "keep", "--now", both_stores.START,
                          *([] if kind in ("catalog", "ads") else ["--brand", "b"])], lines(EVERYTHING[kind]))
      for kind in KINDS),
    ("import ads again", ["import", "ads", "-", "--now", both_stores.START],
     lines([{"id": "120210000000000001", "brand_id": "b", "tags": {"hook_type": "story", "angle": "an"}}])),
    ("brand set", ["brand", "set", "--brand", "b", "tier=premium", "--now", both_stores.START], b""),
    ("account set", ["account", "set", "--brand", "b", "conversion_event=lead", "--now", both_stores.START], b""),
    ("job submit", ["job", "submit", "creative_genome_update", "--brand", "demo-brand", "--seed", "7",
                    "--now", both_stores.END], b""),
    ("job schedule", ["job", "schedule", "--defaults", "--brand", "b", "--seed", "7", "--now", both_stores.END], b""),
]


class Cases:
    """Every use case of the loop, one after the other, each with the store as the one before left it."""

    def __init__(self, program, project, store, without=frozenset()):
        self.program, self.project, self.store, self.without = program, project, store, without

    def all(self):
        place, outputs, cases = self.store.new(), {}, []
        self.place = place
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

    def of_the_store(self):
        """Those of the store itself, once the loop is over."""
        cases = [Case(self.program, name, arguments, stdin, self.place, self.store)
                 for name, arguments, stdin in OF_THE_STORE]
        source = self.store.copy(self.place).url
        cases.append(Case(self.program, "store copy", ["store", "copy", source, "{store}", "--now", both_stores.END],
                          b"", self.store.new(), self.store))
        return [*cases, SyncCase(self.program, self.place, self.store), WorkerCase(self.program, self.place, self.store)]
