#!/usr/bin/env python3
"""Kills the program at random moments (kill -9) while it imports, learns and migrates, and looks at
what is left: the store opens and is whole, each batch is there or not, and the command run again
gives what it gives undisturbed. 20 rounds on each backend, 240 under ADGENOME_LONG.

usage: kill_loop.py INTERCEPTED_PROGRAM PROJECT_FOLDER
"""
import itertools
import pathlib
import random
import sys
import time

from stores import IS_LONG, LEFT_OUT, Cases, MigrationCase, say, stores_to_disturb

USE_CASES = {"import", "reward", "genome", "weights", "migration"}
ROUNDS = 240 if IS_LONG else 20


def killed(case, store, seconds):
    """One run that is killed after a while, and the one after it: complaints, and whether it was."""
    at = f"{store.kind}: {case.name} killed after {seconds * 1000:.1f} ms: "
    with store.copy_of(case.before) as place:
        process = case.start(place)
        time.sleep(seconds)
        process.kill()
        process.communicate()
        was_killed = process.returncode < 0
        place.wait_until_left()
        return [at + what for what in case.complaints(place) + case.complaints_again(place)], was_killed


def main():
    program, project = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    chance = random.Random(1)
    failed, kills = [], 0
    with stores_to_disturb() as stores:
        for store in stores:
            cases = [case for case in Cases(program, project, store, without=LEFT_OUT).all() if case.name in USE_CASES]
            cases.append(MigrationCase(program, project, store))
            assert len(cases) == len(USE_CASES), [case.name for case in cases]
            for case in itertools.islice(itertools.cycle(cases), ROUNDS):
                found, was_killed = killed(case, store, chance.uniform(0, case.seconds))
                failed += found
                kills += was_killed
    # A loop that never hits proves nothing.
    if kills < ROUNDS * len(stores) // 3:
        failed.append(f"only {kills} of {ROUNDS * len(stores)} were killed before their end")
    return say(failed, f"{kills} killed in {ROUNDS * len(stores)} rounds: nothing half written")


if __name__ == "__main__":
    sys.exit(main())
