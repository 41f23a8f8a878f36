#!/usr/bin/env python3
"""Runs command-line cases that are written down as data.

usage: run_cases.py --program build/dev/adgenome FOLDER...

A folder holds *.json files; each is a list of cases (or one case):

  name      what is shown
  run       list of steps in one empty folder, or the members of one step right here:
    args      the arguments behind `adgenome`
    stdin     text, or a list of records that is sent as JSONL
    exit      expected exit code (0)
    stdout    expected document: every member named must be there, numbers to 1e-9 relative, other
              members are not looked at; lists must have the same length. A string that begins
              with "~" is a regular expression for the value's text, "*" is anything but null.
    text      regular expression that the standard output contains
    stderr    regular expression that standard error contains; without it nothing may be there
              but warnings and notes
    same_as   number of an earlier step (from 1) whose standard output has the same bytes
  files     files to put into the folder first: name to text or document; a text that begins with
            "#!" is a program
  env       environment variables
  needs     paths without which the case is skipped, by name ("{shared}/data/x.csv")

In arguments, input and file names {tests} is the tests' folder and {shared} that of the real data. Every
JSON document that a step prints is held against its schema.
"""
import argparse
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema

TESTS = pathlib.Path(__file__).resolve().parent.parent
SHARED = TESTS.parent.parent / "shared"
SCHEMAS = TESTS.parent / "schema" / "json"


def fill(text):
    return text.replace("{tests}", str(TESTS)).replace("{shared}", str(SHARED))


def differences(expected, actual, path=""):
    """What of `expected` does not hold in `actual`, as lines."""
    at = path or "/"
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{at}: expected an object, found {actual!r}"]
        found = []
        for key, value in expected.items():
            if key not in actual:
                found.append(f"{path}/{key}: is missing")
            else:
                found += differences(value, actual[key], f"{path}/{key}")
        return found
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            size = len(actual) if isinstance(actual, list) else repr(actual)
            return [f"{at}: expected a list of {len(expected)}, found {size}"]
        return [d for i, (e, a) in enumerate(zip(expected, actual)) for d in differences(e, a, f"{path}/{i}")]
    if isinstance(expected, str) and expected.startswith("~"):
        return [] if re.search(expected[1:], str(actual)) else [f"{at}: {actual!r} does not match {expected[1:]}"]
    if expected == "*":
        return [] if actual is not None else [f"{at}: is null"]
    is_number = lambda v: isinstance(v, (int, float)) and not isinstance(v, bool)
    if is_number(expected) and is_number(actual):
        same = math.isclose(expected, actual, rel_tol=1e-9, abs_tol=1e-12)
    else:
        same = type(expected) is type(actual) and expected == actual
    return [] if same else [f"{at}: expected {expected!r}, found {actual!r}"]


def check_schema(document):
    name = document.get("schema", "")
    if not name.startswith("adgenome/"):
        return [f"the document names no contract: {name!r}"]
    file = SCHEMAS / f"{name.split('/')[1]}.schema.json"
    if not file.exists():
        return [f"no schema file for {name}"]
    schema = json.loads(file.read_text())
    validator = jsonschema.Draft7Validator(schema)
    return [f"schema: /{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(document)]


def run_step(program, step, folder, env, outputs):
    stdin = step.get("stdin", "")
    if isinstance(stdin, list):
        stdin = "".join(json.dumps(record) + "\n" for record in stdin)
    args = [fill(a) for a in step["args"]]
    done = subprocess.run([program, *args], input=fill(stdin).encode(), capture_output=True, cwd=folder, env=env, timeout=300)
    out, err = done.stdout.decode(), done.stderr.decode()
    outputs.append(done.stdout)
    problems = []
    if done.returncode != step.get("exit", 0):
        problems.append(f"exit code {done.returncode}, expected {step.get('exit', 0)}")
    if "stderr" in step:
        if not re.search(step["stderr"], err):
            problems.append(f"standard error does not match {step['stderr']!r}")
    elif re.search(r"^adgenome: error", err, re.M):
        problems.append("unexpected error")
    try:
        document = json.loads(out) if out.startswith("{") else None
    except ValueError:
        document = None  # JSONL, or text that only looks like it
    if isinstance(document, dict) and "schema" in document and "$schema" not in document:
        problems += check_schema(document)
    if "stdout" in step:
        if document is None:
            problems.append("standard output is not one JSON document")
        else:
            problems += differences(step["stdout"], document)
    if "text" in step and not re.search(step["text"], out, re.M):
        problems.append(f"standard output does not match {step['text']!r}")
    if "same_as" in step and done.stdout != outputs[step["same_as"] - 1]:
        problems.append(f"standard output differs from that of step {step['same_as']}")
    if problems:
        problems.append(f"  $ adgenome {' '.join(args)}")
        problems += [f"  stdout: {out[:2000]}", f"  stderr: {err[:2000]}"]
    return problems


def run_case(program, case):
    """None where skipped, else the list of problems."""
    for path in case.get("needs", []):
        if not os.path.exists(fill(path)):
            return None
    steps = case.get("run") or [case]
    with tempfile.TemporaryDirectory() as folder:
        for name, content in case.get("files", {}).items():
            text = content if isinstance(content, str) else json.dumps(content)
            target = pathlib.Path(folder) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            if text.startswith("#!"):
                target.chmod(0o755)
        env = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_")}
        env.update({k: fill(v) for k, v in case.get("env", {}).items()})
        outputs, problems = [], []
        for step in steps:
            problems += run_step(program, step, folder, env, outputs)
        return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("folders", nargs="+")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    passed = failed = skipped = 0
    for folder in options.folders:
        for file in sorted(pathlib.Path(folder).glob("*.json")):
            cases = json.loads(file.read_text())
            for case in cases if isinstance(cases, list) else [cases]:
                problems = run_case(program, case)
                if problems is None:
                    skipped += 1
                    print(f"skipped: {file.name}: {case['name']}")
                elif problems:
                    failed += 1
                    print(f"failed: {file.name}: {case['name']}")
                    print("".join(f"    {p}\n" for p in problems), end="")
                else:
                    passed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or passed + skipped == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
