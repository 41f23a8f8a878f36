#!/usr/bin/env python3
"""What is left when the k-th statement fails, or the process is killed before it, in each use case
of the daily loop and of the store: exit code 5 and one line, a store that is as before or as after, and the command
run again gives what it gives undisturbed. On SQLite for every k under ADGENOME_LONG, else for a
sample, and so on PostgreSQL.

usage: every_statement.py INTERCEPTED_PROGRAM PROJECT_FOLDER
"""
import concurrent.futures
import os
import pathlib
import signal
import sys

from stores import IS_LONG, LEFT_OUT, SLOW, Cases, say, stores_to_disturb

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
        elif (done.returncode != 5 or error.count("adgenome: error: ") != 1) and not case.has_gone_on(done):
            return [f"{at}exit code {done.returncode}: {error[:300]}"]
        return [at + what for what in case.complaints(place) + case.complaints_again(place)]


def main():
    program, project = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    failed, runs = [], 0
    with stores_to_disturb() as stores:
        for store in stores:
            made = Cases(program, project, store, without=frozenset() if IS_LONG else LEFT_OUT)
            cases = made.all() + made.of_the_store()
            size = {"SQLite": 10**9 if IS_LONG else 3, "PostgreSQL": 24 if IS_LONG else 1}[store.kind]
            slow = 40 if IS_LONG else 1
            # Without ADGENOME_LONG a case on PostgreSQL goes wrong in one of the ways, the next case in the next.
            ways = {case: WAYS if IS_LONG or store.kind == "SQLite" else [list(WAYS)[i % len(WAYS)]]
                    for i, case in enumerate(cases)}
            work = [(case, k, way) for case in cases for way in ways[case]
                    for k in sample(case.statements, min(size, slow) if case.name in SLOW else size)]
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                for found in pool.map(lambda w: disturbed(w[0], store, w[1], w[2], WAYS[w[2]]), work):
                    failed += found
            runs += len(work)
    return say(failed, f"{runs} disturbed runs left nothing half written")


if __name__ == "__main__":
    sys.exit(main())
