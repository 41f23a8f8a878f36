#!/usr/bin/env python3
"""Runs the examples of README.md: run_readme.py --program build/dev/adgenome [--update]

A block ```sh below the line <!-- run --> is run by bash in one empty folder, the blocks one after
the other. A block ```text that follows it is what it prints, byte for byte; --update writes what
it prints now into README.md.
"""
import argparse
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = re.compile(r"^<!-- run -->\n```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.M | re.S)


def run(block, folder, env):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=folder, env=env, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    if done.returncode != 0:
        sys.exit(f"exit code {done.returncode} of\n{block}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    program = pathlib.Path(options.program).resolve()
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_")}
    env["PATH"] = f"{program.parent}:{ROOT / 'scripts'}:{env['PATH']}"
    examples = failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for example in list(EXAMPLE.finditer(text)):
            examples += 1
            block, expected = example.groups()
            printed = run(block, folder, env)
            if expected is None or printed == expected:
                continue
            if options.update:
                text = text.replace(example.group(0), example.group(0).replace(f"```text\n{expected}```", f"```text\n{printed}```"))
                continue
            failures += 1
            print(f"README.md shows another output than\n{block}")
            print("\n".join(difflib.unified_diff(expected.splitlines(), printed.splitlines(), "README.md", "now", lineterm="")))
    if options.update:
        readme.write_text(text, encoding="utf-8")
    print(f"{examples} examples, {failures} failed")
    return 1 if failures or not examples else 0


if __name__ == "__main__":
    sys.exit(main())
