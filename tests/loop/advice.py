#!/usr/bin/env python3
"""What was learned is what prompts are told, and the pairs that they are told of are noted, on both stores.

usage: advice.py PROGRAM [unittest arguments]
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from on_stores import main  # noqa: E402

START, END = "2026-01-05T09:00:00Z", "2026-02-02T09:00:00Z"


class Advice:
    def make(self, batch, now):
        made = self.run_program("generate", "--templates", "tpl-collage-01,tpl-lifestyle-01", "--product", "demo-ridge",
                                "--provider", "none", "--batch", batch, "--seed", "7", now=now)
        return made, [self.run_program("ads", "show", ad["ad_id"])["prompt"] for ad in made["ads"]]

    def test_prompts_are_told_what_genome_context_says(self):
        self.run_program("init", "--demo", now=START)
        self.assertEqual(self.make("first", START)[1][0]["performance_context"], None)
        self.run_program("generate", "--templates", "tpl-collage-01,tpl-lifestyle-01,tpl-testimonial-01,tpl-comparison-01",
                         "--product", "demo-ridge", "--provider", "none", "--hooks", "4", "--colors", "original,brand",
                         "--seed", "8", now=START)
        self.import_demo_performance(START, END)
        for command in (["reward"], ["genome", "update"], ["interactions", "--all"], ["whitespace"]):
            self.run_program(*command, now=END)
        context = self.run_program("genome", "context", now=END)
        del context["schema"]
        self.assertTrue(context["dimensions"] and context["whitespace"])
        made, prompts = self.make("second", END)
        for prompt in prompts:
            self.assertEqual(prompt["performance_context"], context)
        candidates = self.run_program("whitespace", now=END)["candidates"]
        told = lambda pair: (pair["a"], pair["b"])
        injected = [c for c in candidates if c["status"] == "injected"]
        self.assertEqual([told(c) for c in injected], [told(p) for p in context["whitespace"]])
        self.assertEqual({c["run_id"] for c in injected}, {made["ads"][0]["ad_run_id"]})


if __name__ == "__main__":
    main(Advice)
