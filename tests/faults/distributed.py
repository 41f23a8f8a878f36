#!/usr/bin/env python3
"""That every statement keeps to what a PostgreSQL distributed by brand_id allows, proved on a plain
one: the tables that grow are made as partitions by hash of brand_id, so that PostgreSQL itself
refuses unique keys, references and upserts without it; the whole loop is
played on them; and the plan of every statement must touch one partition of each such table, the
same one in all (it names the brand of each, and joins them by it), and no queue of the coordinator
beside them. Statements that the loop does not reach are taken from the program's own text.

usage: distributed.py INTERCEPTED_PROGRAM PROJECT_FOLDER
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "loop"))
import both_stores

COORDINATOR = {"budget_changes", "job_runs", "job_schedules", "jobs", "schema_migrations"}
# Statements that mean all brands, of one table alone, and why.
ALL_BRANDS = {}


# Commands that run statements which are put together from parts, where the loop does not; {ad} is
# the id of an ad.
ALSO = [
    ["ads", "list", "--batch", "x", "--run", "x", "--template", "x", "--size", "1:1", "--color", "brand",
     "--status", "approved", "--after", "{ad}", "--limit", "1"],
    ["import", "performance", "restated.csv", "--now", "2026-02-03T09:00:00Z"],
    ["ads", "list", "--sort", "score", "--group", "template", "--after", "{ad}", "--limit", "1"],
    ["ads", "stats", "--since", "2026-01-01", "--until", "2026-12-31", "--group", "template"],
    ["ads", "show", "{ad}"],
    ["experiment", "list"],
    ["experiment", "create", "--id", "x", "--name", "x", "--arm", 'control={{"prompt_version": "1"}}',
     "--arm", 'b={{"prompt_version": "benefit-first"}}'],
    ["experiment", "activate", "x"],
    ["experiment", "analyze", "x"],
    ["experiment", "compare", "--by", "provider"],
    ["reward", "--as-of", "2020-01-01"],
    ["catalog", "list", "template", "--product", "demo-ridge", "--unused-by", "demo-ridge", "--category", "x",
     "--after", "a", "--limit", "1"],
    ["catalog", "show", "product", "demo-ridge"],
    *(["export", kind] for kind in ("catalog", "ads", "mapping", "deals", "clicks", "overrides", "embeddings")),
]


def is_of_migration(sql, project):
    """Whether a statement is of a migration, which carries the rows of all brands over."""
    files = (file.read_text() for file in sorted(pathlib.Path(project, "schema", "migrations").glob("*.sql")))
    return "carried_" in sql or any(sql.rstrip("; \n") in text for text in files)


def relations(plan):
    if isinstance(plan, dict):
        if "Relation Name" in plan:
            yield plan["Relation Name"]
        for value in plan.values():
            yield from relations(value)
    elif isinstance(plan, list):
        for value in plan:
            yield from relations(value)


def complaint(plan, tables):
    """What a cluster would have to say of a plan, or nothing."""
    names = set(relations(plan))
    shards = {}
    for name in names:
        found = re.fullmatch(r"(.+)_(\d)", name)
        if found and found[1] in tables:
            shards.setdefault(found[2], set()).add(found[1])
    if len(shards) > 1:
        return "touches more than one shard of " + ", ".join(sorted(set.union(*shards.values())))
    local = names & COORDINATOR
    if local and (shards or names & tables):
        return f"joins {', '.join(sorted(local))} of the coordinator with what is distributed"
    return None


class Database:
    def __init__(self, server):
        self.server = server

    def psql(self, sql):
        return subprocess.run(
            [str(self.server.bin / "psql"), "-h", self.server.folder, "-U", "adgenome", "-d", "postgres",
             "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", sql], capture_output=True, text=True)

    def plan(self, sql):
        done = self.psql("EXPLAIN (FORMAT JSON) " + sql)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def texts_of(program, tables):
    """The statements that stand in the program and name one of the tables, whole or in part."""
    found = re.findall(rb"(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH) [\x20-\x7e]{10,}",
                       pathlib.Path(program).read_bytes())
    named = re.compile(r"\b(FROM|INTO|UPDATE|JOIN) (" + "|".join(tables) + r")\b")
    return sorted({text.decode() for text in found if named.search(text.decode())})


def check_unreached(database, texts, seen, tables, project):
    """Plans of the statements that the loop did not reach, with values that do not matter."""
    failed = []
    values = {"boolean": "true", "date": "'2026-01-01'", "timestamp with time zone": "'2026-01-01'",
              "jsonb": "'{}'", "text": "'b'", "bytea": "'b'"}
    for text in texts:
        part = re.compile(re.escape(text).replace(r"\?", r"\$\d+"))  # parts are numbered when joined
        if text in ALL_BRANDS or is_of_migration(text, project) or any(part.search(sql) for sql in seen):
            continue
        types = database.psql(f"PREPARE p AS {text}; SELECT array_to_json(parameter_types::text[]) "
                              "FROM pg_prepared_statements")
        if types.returncode != 0:
            failed.append("is only a part of a statement: ALSO in tests/faults/distributed.py should have a "
                          f"command that uses it: {text}")
            continue
        given = ", ".join(values.get(t, "1") for t in json.loads(types.stdout))
        plan = database.psql(f"SET plan_cache_mode TO force_custom_plan; PREPARE p AS {text}; "
                             f"EXPLAIN (FORMAT JSON) EXECUTE p{f'({given})' if given else ''}")
        assert plan.returncode == 0, plan.stderr
        what = complaint(json.loads(plan.stdout), tables)
        if what:
            failed.append(f"{what}: {text}")
    return failed


def check_the_check(database, tables):
    """The proof is worth what it refuses."""
    planted = [
        "SELECT name FROM ads WHERE id = 'x'",
        "SELECT a.id FROM ads a JOIN rewards r ON r.ad_id = a.id WHERE a.brand_id = 'b'",
        "SELECT a.id FROM ads a WHERE a.brand_id = 'b' AND EXISTS "
        "(SELECT 1 FROM ad_mappings m WHERE m.ad_id = a.id)",
        "SELECT a.id FROM ads a JOIN rewards r ON r.brand_id IN ('c', 'd', 'e', 'f') AND r.ad_id = a.id WHERE a.brand_id = 'b'",
        "UPDATE ads SET name = 'x' WHERE id = 'y'",
        "DELETE FROM template_usage WHERE product_id = 'p'",
    ]
    failed = [f"a planted statement was not found: {sql}" for sql in planted
              if not complaint(database.plan(sql), tables)]
    good = ("SELECT a.id FROM ads a LEFT JOIN rewards r ON r.brand_id = a.brand_id AND r.ad_id = a.id "
            "WHERE a.brand_id = 'b'")
    if complaint(database.plan(good), tables):
        failed.append("a good statement was refused")
    for sql in ["CREATE UNIQUE INDEX planted ON ads (id)",
                "INSERT INTO combo_usage VALUES ('b', 'k', 1, now()) ON CONFLICT (combo_key) DO NOTHING"]:
        if database.psql(sql).returncode == 0:
            failed.append(f"PostgreSQL took a planted statement: {sql}")
    return failed


def main():
    program, project = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    server = both_stores.PostgreSQL()
    if server.url is None:
        print("skipped: no PostgreSQL server is installed")
        return 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            plans = f"{folder}/plans"
            os.environ |= {"ADGENOME_TEST_PARTITIONS": "1", "ADGENOME_TEST_PLANS": plans}
            outputs = both_stores.play(program, project, server.url, folder)
            restated = subprocess.run([sys.executable, f"{project}/scripts/demo-performance", "--start",
                                       both_stores.START[:10], "--seed", "8"], input=outputs["ads"],
                                      capture_output=True, check=True)
            pathlib.Path(f"{folder}/restated.csv").write_bytes(restated.stdout)
            database = Database(server)
            ad = database.psql("SELECT id FROM ads LIMIT 1").stdout.strip()
            for arguments in ALSO:
                subprocess.run([program, "--store", server.url, *[a.format(ad=ad) for a in arguments]],
                               check=True, cwd=folder, stdout=subprocess.DEVNULL)
            listed = database.psql("SELECT relname FROM pg_class WHERE relkind = 'p'").stdout
            tables = set(listed.split())
            failed = check_the_check(database, tables)
            seen = {}
            for line in pathlib.Path(plans).read_text().splitlines():
                statement = json.loads(line)
                seen.setdefault(statement["sql"], statement["plan"])
            for sql, plan in sorted(seen.items()):
                what = complaint(plan, tables)
                if what and sql not in ALL_BRANDS and not is_of_migration(sql, project):
                    failed.append(f"{what}: {sql}")
            texts = texts_of(program, tables)
            failed += check_unreached(database, texts, seen, tables, project)
    finally:
        server.stop()
    print("\n".join(failed) or f"{len(set(seen) | set(texts))} statements on {len(tables)} tables each keep "
                              f"to one brand, {len(seen)} of them played")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
