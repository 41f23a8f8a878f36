#!/usr/bin/env python3
"""Four processes learn weights at the same moment, on SQLite and on PostgreSQL: every selection
item is credited by exactly one of them, and the sums are those of learning alone.

usage: learn_at_once.py PROGRAM [unittest arguments]
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from on_stores import main  # noqa: E402

START, END = "2026-01-05T09:00:00Z", "2026-02-02T09:00:00Z"
PROCESSES = 4


class LearnAtOnce:
    now = START

    def earn_rewards(self):
        """Rewards that nobody has learned from."""
        self.run_program("init", "--demo")
        for seed in range(4):
            selection = self.output("select", "--product", "demo-ridge", "--count", "3", "--seed", str(seed))
            ads = self.output("generate", "--provider", "none", "--hooks", "1", "--sizes", "1:1", "--colors", "original",
                              "--seed", str(seed), stdin=selection)
            self.output("review", stdin=ads)
        self.import_demo_performance(START, END)
        self.run_program("reward", now=END)

    def test_processes_at_once_credit_each_item_once(self):
        self.earn_rewards()
        alone = self.run_program("learn-weights", "--dry-run", now=END)
        self.assertGreater(alone["snapshots_credited"], 0, "there is nothing to learn from")
        started = [self.start("learn-weights", "--now", END, "--busy-timeout", "30000") for _ in range(PROCESSES)]
        ended = [(process, *process.communicate()) for process in started]
        for process, _, err in ended:
            self.assertEqual(process.returncode, 0, err.decode())
        documents = [json.loads(out) for _, out, _ in ended]
        self.assertEqual(sorted(document["snapshots_credited"] for document in documents),
                         [0] * (PROCESSES - 1) + [alone["snapshots_credited"]])
        for document in documents:
            self.assertEqual(document["state"], alone["state"], "the sums are not those of learning alone")
        self.assertEqual(len({document["weight_set"] for document in documents if document["weight_set"]}), 1)


if __name__ == "__main__":
    main(LearnAtOnce)
