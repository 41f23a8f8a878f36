#!/usr/bin/env python3
"""Runs the job that README.md shows for continuous integration: ci_job.py --program build/dev/adgenome

Its preset passes; with a typing error the job fails, and the message names it; with an
expectation that does not hold it fails as well. The report is XML that says the same.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRESET = {"weights": {"performance": 1, "fatigue": 0.5}, "temperature": 0.5,
          "expect": {"min_effective_templates": 20, "max_share": 0.1}}


def job():
    block = re.search(r"^```yaml\nname: presets\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S).group(1)
    commands = re.findall(r"^ +- run: (.+)$", block, re.M)
    assert len(commands) == 1, commands
    return commands[0]


def run(command, preset, env):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "presets").mkdir()
        (folder / "presets" / "ours.json").write_text(json.dumps(preset))
        rows = [{"id": f"t{i}", "performance": {"alpha": 1 + i % 5, "beta": 3}} for i in range(40)]
        (folder / "candidates.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=folder, env=env, text=True, capture_output=True)
        report = xml.etree.ElementTree.parse(folder / "presets.xml").getroot()
        return done.returncode, done.stderr, [case.get("message") for case in report.iter("failure")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    program = pathlib.Path(parser.parse_args().program).resolve()
    env = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_")}
    env["PATH"] = f"{program.parent}:{env['PATH']}"
    command = job()
    code, errors, failures = run(command, PRESET, env)
    assert code == 0 and not failures, (code, errors)
    code, errors, failures = run(command, {**PRESET, "weights": {"performence": 1}}, env)
    assert code == 7 and "presets/ours.json /weights/performence" in errors and "did you mean performance?" in errors, (code, errors)
    assert len(failures) == 1 and "performence" in failures[0], failures
    code, errors, failures = run(command, {**PRESET, "expect": {"min_effective_templates": 39.5, "max_share": 0.01}}, env)
    assert code == 7 and "min_effective_templates" in errors and "max_share" in errors, (code, errors)
    assert len(failures) == 2, failures
    print("the job passes, and fails where it should")


if __name__ == "__main__":
    sys.exit(main())
