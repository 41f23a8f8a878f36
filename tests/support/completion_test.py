#!/usr/bin/env python3
"""Asks bash itself what it completes with the script of `adgenome completion bash`.

usage: completion_test.py PROGRAM
"""
import pathlib
import subprocess
import sys
import tempfile

# Words of the line, the last one being completed; what must be offered, and what must not.
CASES = [
    (["sel"], ["select"], ["schema"]),
    ([""], ["cluster", "select", "version"], ["--store", "status"]),
    (["--"], [], ["select"]),
    (["migrate", ""], ["status", "up", "plan", "verify"], ["select"]),
    (["select", "--str"], ["--strictness"], ["--store"]),
    (["select", "--"], ["--count", "--seed", "--help"], ["--eps"]),
    (["cluster", "--"], ["--eps", "--store"], ["--count"]),
    (["select", "--format", ""], ["json", "jsonl", "csv", "table"], ["select"]),
    (["--format", "json", "sel"], ["select"], []),
    # "select" is the brand here, not the command.
    (["--brand", "select", "clu"], ["cluster"], []),
    (["select", "--strictness", "g"], ["growth"], ["default"]),
    (["completion", ""], ["bash", "zsh", "fish"], []),
    (["cluster", "--input", "vec"], ["vectors.jsonl"], ["--eps"]),
    (["cluster", "--eps", ""], [], ["vectors.jsonl", "cluster"]),
]


def complete(script, words, folder):
    code = (script + "\nCOMP_WORDS=(adgenome \"$@\"); COMP_CWORD=$#\n"
            "compopt() { :; }\n_adgenome\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n")
    done = subprocess.run(["bash", "-c", code, "bash", *words], capture_output=True, text=True, cwd=folder)
    return done.stdout.split(), done.stderr


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    script = subprocess.run([program, "completion", "bash"], capture_output=True, text=True, check=True).stdout
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "vectors.jsonl").touch()
        for words, wanted, unwanted in CASES:
            offered, errors = complete(script, words, folder)
            missing = [w for w in wanted if w not in offered]
            wrong = [w for w in unwanted if w in offered]
            if missing or wrong or errors:
                failures += 1
                print(f"{words}: offered {offered}, missing {missing}, not wanted {wrong} {errors}")
    print(f"{len(CASES) - failures} of {len(CASES)} as expected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
