#!/usr/bin/env python3
"""What a preset with a gate of its own would have earned: `evaluate --policy` against the formula of
Des Raj, worked out here from the program's other outputs alone: the draws as they were recorded, the
rewards, and the probabilities that `select --all` gives under the preset. On both stores.

usage: evaluate_gate.py PROGRAM PROJECT_FOLDER
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from both_stores import END, START, PostgreSQL

SELECTIONS, DRAWS = 20, 2
WEIGHTS = {"asset_match": 0.4, "unused_bonus": 0.8, "category_match": 0.6, "awareness_align": 0.5, "audience_match": 0.4,
           "belief_clarity": 0.6, "performance": 0.3, "fatigue": 0.4}
# The demo brand's product misses an asset of some templates, and others were never analysed.
PRESETS = {"open": {}, "gated": {"min_asset_score": 0.7}}


def earned(templates, rewards, propensity):
    """What one selection says that a policy of these probabilities earns."""
    terms, before = [], 0.0
    for drawn in templates:
        reward, q = rewards[drawn["template_id"]], propensity[drawn["template_id"]]
        if reward is None:
            break
        terms.append(before + q * reward / drawn["draw_probability"])
        before += q * reward
    return sum(terms) / len(terms)


def play(program, project, store, folder):
    env = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_")}
    env["ADGENOME_STORE"] = store

    def run(*arguments, stdin=b""):
        done = subprocess.run([program, *arguments, "--format", "json"], input=stdin, capture_output=True, cwd=folder, env=env)
        if done.returncode != 0:
            sys.exit(f"failed: {' '.join(arguments)}\n{done.stderr.decode()}")
        return done.stdout

    run("init", "--demo", "--now", START)
    for name, gate in PRESETS.items():
        preset = {"name": name, "weights": WEIGHTS, "temperature": 0.5, "explore_floor": 0.1, **gate}
        (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(preset))
    selected = [run("select", "--product", "demo-ridge", "--count", str(DRAWS), "--preset", "open.json", "--record",
                    "--seed", str(seed), "--now", START) for seed in range(SELECTIONS)]
    propensity = {}
    for name in PRESETS:
        listed = json.loads(run("select", "--product", "demo-ridge", "--all", "--preset", f"{name}.json", "--now", START))
        propensity[name] = {row["template_id"]: row["propensity"] or 0.0 for row in listed["templates"]}
    # One ad for each template drawn, so that its reward is the draw's.
    made = [json.loads(run("generate", "--provider", "none", "--hooks", "1", "--sizes", "1:1", "--colors", "original",
                           "--seed", str(seed), "--now", START, stdin=selection)) for seed, selection in enumerate(selected)]
    export = subprocess.run([sys.executable, f"{project}/scripts/demo-performance", "--start", START[:10], "--seed", "7"],
                            input=run("ads", "list", "--limit", "1000"), capture_output=True, check=True).stdout
    run("import", "performance", "-", "--now", END, stdin=export)
    known = {row["ad_id"]: row["reward"] for row in json.loads(run("reward", "--now", END))["rewards"]}
    matured = [(json.loads(selection)["templates"], {ad["template_id"]: known.get(ad["ad_id"]) for ad in each["ads"]})
               for selection, each in zip(selected, made)]
    matured = [(t, rewards) for t, rewards in matured if rewards[t[0]["template_id"]] is not None]
    problems = [] if len(matured) > SELECTIONS / 2 else [f"only {len(matured)} selections have a reward"]
    found = {}
    for name in PRESETS:
        evaluation = json.loads(run("evaluate", "--policy", f"{name}.json", "--seed", "1", "--now", END))
        found[name] = evaluation["estimates"]["ips"]["value"]
        expected = sum(earned(t, rewards, propensity[name]) for t, rewards in matured) / len(matured)
        if evaluation["rounds"] != len(matured):
            problems.append(f"{name}: {evaluation['rounds']} rounds, expected {len(matured)}")
        # Pools keep scores in 65,535ths.
        if abs(found[name] - expected) > 1e-3 * expected:
            problems.append(f"{name}: {found[name]}, expected {expected}")
        problems += [f"{name}: {w}" for w in evaluation["warnings"] if "asset score" in w]
    kept_out = {t["template_id"] for drawn, _ in matured for t in drawn if propensity["gated"][t["template_id"]] == 0}
    if len(kept_out) < 3 or abs(found["gated"] / found["open"] - 1) < 0.01:
        problems.append(f"the gate has no effect: it keeps out {sorted(kept_out)}, {found}")
    return problems


def main():
    program, project = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    server = PostgreSQL()
    failed = []
    try:
        with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
            failed += [f"SQLite: {p}" for p in play(program, project, "adgenome.db", a)]
            if server.url is None:
                print("skipped on PostgreSQL: no server is installed")
            else:
                failed += [f"PostgreSQL: {p}" for p in play(program, project, server.url, b)]
    finally:
        server.stop()
    print("\n".join(failed) or "presets with a gate earn what the formula says")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
