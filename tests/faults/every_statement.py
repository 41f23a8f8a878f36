#!/usr/bin/env python3
"""What is left when the k-th statement fails, or the process is killed before it, in each use case
of the daily loop: exit code 5 and one line, a store that is as before or as after, and the command
run again gives what it gives undisturbed. On SQLite for every k under ADGENOME_LONG, else for a
sample, and so on PostgreSQL.

usage: every_statement.py INTERCEPTED_PROGRAM PROJECT_FOLDER
"""
import concurrent.futures
import os
import pathlib
import shutil
import signal
import sys
import tempfile

from stores import IS_LONG, SLOW, Cases, FileStore, ServerStore, both_stores

# How the k-th statement goes wrong: as an error, as an error that ends the transaction as well
# (a full disk does that to SQLite), or with the whole process.
WAYS = {
    "fails": {"ADGENOME_TEST_FAIL_AT": "{k}"},
    "fails and rolls back": {"ADGENOME_TEST_FAIL_AT": "{k}", "ADGENOME_TEST_ROLLED_BACK": "1"},
    "is never reached": {"ADGENOME_TEST_KILL_AT": "{k}"},
}


def sample(count, size):
    """Up to `size` of 1..count, spread evenly from the last, which commits."""
    if count <= size:
        return range(1, count + 1)
    return sorted({count - i * count // size for i in range(size)})


def disturbed(case, store, k, way, environment):
    """One run that goes wrong at statement k, and the one after it; complaints."""
    at = f"{store.kind}: {case.name}: statement {k} of {case.statements} {way}: "
    with store.copy_of(case.before) as place:
        done = case.run(place, {name: value.format(k=k) for name, value in environment.items()})
        error = done.stderr.decode()
        if way == "is never reached":
            if done.returncode != -signal.SIGKILL:
                return [f"{at}exit code {done.returncode}"]
        elif done.returncode != 5 or error.count("adgenome: error: ") != 1:
            return [f"{at}exit code {done.returncode}: {error[:300]}"]
        failed = [at + what for what in place.complaints()]
        content = place.content()
        if content not in (case.content_before, case.content_after) and case.is_whole:
            failed.append(at + "half of it was written: " + place.difference(content, case.content_before))
        again = case.run(place, {})
        if again.returncode != 0:
            return failed + [f"{at}then exit code {again.returncode}: {again.stderr.decode()[:300]}"]
        content = place.content()
        if content != case.content_after:
            failed.append(at + "run again it gives another store: "
                          + place.difference(content, case.content_after))
        return failed


def main():
    program, project = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    failed, runs = [], 0
    server = both_stores.PostgreSQL()
    folder = tempfile.mkdtemp(prefix="adgenome-faults-")
    try:
        stores = [FileStore(folder)]
        if server.url is None:
            print("skipped on PostgreSQL: no server is installed")
        else:
            stores.append(ServerStore(folder, server))
        for store in stores:
            cases = Cases(program, project, store).all()
            size = {"SQLite": 10**9 if IS_LONG else 3, "PostgreSQL": 24 if IS_LONG else 1}[store.kind]
            slow = 40 if IS_LONG else 0
            work = [(case, k, way) for case in cases for way in WAYS
                    for k in sample(case.statements, min(size, slow) if case.name in SLOW else size)]
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                for found in pool.map(lambda w: disturbed(w[0], store, w[1], w[2], WAYS[w[2]]), work):
                    failed += found
            runs += len(work)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(failed[:40]) or f"{runs} disturbed runs left nothing half written")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
