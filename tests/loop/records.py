#!/usr/bin/env python3
"""Records of every kind out of one store, into an empty one of the other backend, and out again:
the same bytes, in both directions. Once for the demo brand after a turn of the loop, once for a
store that holds every type with every field.

usage: records.py PROGRAM
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from both_stores import PostgreSQL

NOW, LATER = "2026-01-05T09:00:00Z", "2026-02-02T09:00:00Z"
KINDS = ["catalog", "ads", "mapping", "deals", "clicks", "overrides", "embeddings"]

EVERYTHING = {
    "catalog": [
        {"type": "organization", "id": "o", "name": "Ümlaut \"quoted\" \\ 日本"},
        {"type": "brand", "id": "b", "organization_id": "o", "name": "B", "cross_brand_sharing": True,
         "selection_config": {"tier": "growth", "weights": {"fatigue": 1e5}},
         "account_config": {"b": 0.1, "a": [1.0, 1e20, 1e-7, -3, None, True, 12345678901234567890]},
         "currency": "EUR", "timezone": "Europe/Vienna", "palette": ["#112233"], "voice": "dry, \"short\"",
         "prohibited_claims": ["best"], "required_disclaimers": ["line\nbreak"]},
        {"type": "brand", "id": "b2", "organization_id": "o", "name": "Second"},
        {"type": "account", "id": "123456789012345678", "brand_id": "b", "platform": "meta", "currency": "eur",
         "timezone": "UTC", "config": {"x": 1}},
        {"type": "product", "id": "p", "brand_id": "b", "name": "P", "display_name": "The P", "benefits": ["x", "y"],
         "unique_selling_points": ["u"], "target_audience": "t", "current_offer": "10 %", "dimensions": "1x2",
         "guarantee": "g", "landing_page_url": "https://example.org/?a=1&b=2"},
        {"type": "product", "id": "p2", "brand_id": "b2", "name": "P2"},
        {"type": "offer_variant", "id": "v", "product_id": "p", "name": "V", "message": "m", "pain_points": ["pp"],
         "benefits": [], "landing_page_url": "l", "hero_headline": "h", "hero_text": "ht"},
        {"type": "persona", "id": "pe", "brand_id": "b", "name": "Pe", "gender": "female", "age_range": "25-34",
         "awareness_stage": "problem_aware", "snapshot": "s", "depiction": "d"},
        {"type": "brand_asset", "id": "a", "brand_id": "b", "kind": "logo", "path": "logo.png"},
        {"type": "template", "id": "t", "name": "T", "category": "c", "niche": "n", "awareness_level": 3,
         "target_sex": "unisex", "required_assets": ["x"], "optional_assets": ["y"],
         "text_areas": [{"role": "headline", "max_chars": 40}], "layout": {"name": "stack"}, "image": "t.png",
         "palette": ["#000000"], "embedding": [0.1, -0.25, 1e-30, 100000.0], "ad_library": {"id": "99"},
         "active": False, "detected_at": "2026-01-01T00:00:00.25Z"},
        {"type": "template", "id": "t2", "name": "T2", "category": "c"},
        {"type": "template_evaluation", "template_id": "t", "d1": 0, "d2": 1, "d3": 2, "d4": 3, "d5": None, "d6": False},
        {"type": "product_image", "id": "i", "product_id": "p", "path": "i.png", "asset_tags": ["x"], "quality": 0.3},
        {"type": "hook", "id": "h", "product_id": "p", "text": "T", "hook_type": "question", "belief_angle": "ba",
         "persuasion_type": "pt", "impact_score": 7.5},
        {"type": "angle", "id": "an", "product_id": "p", "name": "A", "belief_statement": "bs", "problem": "pr",
         "mechanism": "me", "proof": "po", "awareness_stage": "unaware", "persona_ids": ["pe"], "active": False},
        {"type": "plan", "id": "pl", "product_id": "p", "name": "Plan",
         "items": [{"angle_id": "an", "persona_id": "pe", "template_id": "t2", "hook_id": "h", "count": 3}, {"count": 1}]},
        {"type": "competitor_ad", "id": "ca", "brand_id": "b", "competitor": "Rival", "tags": {"hook_type": "ugc"},
         "image": "c.png", "first_seen": "2025-12-01", "last_seen": "2026-01-01T12:00:00+02:00"},
        {"type": "hook", "id": "kept", "product_id": "p", "text": "T", "of_theirs": {"n": 1.5}},
    ],
    "ads": [
        {"id": "120210000000000001", "brand_id": "b", "name": "Ad", "product_id": "p", "template_id": "t",
         "tags": {"hook_type": "question", "angle": "an", "n": 3}, "image": "ad.png", "status": "flagged",
         "imported": True, "created_at": "2025-11-01"},
        {"id": "bare", "brand_id": "b"},
        {"id": "good", "brand_id": "b", "status": "approved", "imported": False, "tags": {"x": "y"}},
        {"id": "elsewhere", "brand_id": "b2"},
    ],
    "mapping": [{"ad_id": "bare", "platform": "google", "platform_ad_id": "987654321098765432"},
                {"ad_id": "good", "platform": "meta", "platform_ad_id": "120210000000000009"}],
    "deals": [{"event_id": "e1", "deal_id": "d", "stage": "lead", "at": "2026-01-02T03:04:05.678901Z"},
              {"event_id": "e2", "deal_id": "d", "stage": "closed_won", "at": "2026-01-03T00:00:00+01:00", "ad_id": "bare",
               "click_id": "c1", "contact_id": "me@example.org", "amount": "1234.567891", "currency": "usd",
               "account_id": "123456789012345678"},
              {"event_id": "e3", "deal_id": "d2", "stage": "closed_won", "at": "2026-01-04", "amount": 0.1, "ad_id": "gone"}],
    "clicks": [{"click_id": "c1", "ad_id": "bare", "at": "2026-01-01T00:00:00Z"},
               {"click_id": "c2", "platform_ad_id": "120210000000000009", "at": "2026-01-01T00:00:01Z", "contact_id": "x"}],
    "overrides": [{"ad_id": "bare", "action": "reject", "at": "2026-01-02", "by": "ann", "checks": {"V2": 3}, "reason": "dull"},
                  {"ad_id": "good", "action": "confirm", "at": "2026-01-02", "by": "bob"}],
    "embeddings": [{"kind": "ad", "id": "bare", "model": "m", "vector": [0.1, -1e-30, 3]},
                   {"kind": "template", "id": "t", "model": "m", "vector": [1, 2.5, 16777217]},
                   {"kind": "ad", "id": "bare", "model": "two", "vector": [0.3333333333333333]}],
}


class Stores:
    def __init__(self, program, folder, server):
        self.program, self.folder, self.server, self.count = program, pathlib.Path(folder), server, 0

    def fresh(self, backend):
        """The URL of an empty store of a backend."""
        self.count += 1
        if backend == "postgres":
            name = f"records_{self.count}"
            self.server.call("createdb", "-h", self.server.folder, "-U", "adgenome", name)
            url = self.server.url.replace("@/postgres?", f"@/{name}?")
        else:
            (self.folder / str(self.count)).mkdir()
            url = str(self.folder / str(self.count) / "store.db")
        self.run(url, "init")
        return url

    def run(self, url, *arguments, stdin=b"", now=NOW):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ADGENOME_")}
        done = subprocess.run([self.program, *arguments, "--now", now, "--store", url], input=stdin,
                              capture_output=True, env=environment, cwd=self.folder)
        if done.returncode != 0:
            sys.exit(f"failed: exit code {done.returncode}: {' '.join(arguments)}\n{done.stderr.decode()}")
        return done.stdout

    def exported(self, url, brands):
        return {(kind, brand): self.run(url, "export", kind, "--brand", brand) if brand else self.run(url, "export", kind)
                for kind in KINDS for brand in ([None] if kind in ("catalog", "ads") else brands)}

    def imported(self, url, exports, extra):
        """Summaries of importing what was exported."""
        return {key: json.loads(self.run(url, "import", key[0], "-", "--strict", "--extra", extra,
                                         *(["--brand", key[1]] if key[1] else []), stdin=data, now=LATER))
                for key, data in exports.items()}


def lines(records):
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def fill_with_everything(stores, url):
    for kind in KINDS:
        summary = json.loads(stores.run(url, "import", kind, "-", "--strict", "--extra", "keep",
                                        *(["--brand", "b"] if kind not in ("catalog", "ads") else []),
                                        stdin=lines(EVERYTHING[kind])))
        if summary["new"] != len(EVERYTHING[kind]):
            sys.exit(f"failed: {kind}: {summary}")


def fill_with_the_loop(stores, url):
    stores.run(url, "init", "--demo")
    selection = stores.run(url, "select", "--product", "demo-ridge", "--count", "4", "--seed", "7")
    batch = stores.run(url, "generate", "--hooks", "2", "--colors", "original", "--sizes", "1:1", "--seed", "7",
                       stdin=selection)
    stores.run(url, "review", stdin=batch)
    ads = json.loads(batch)["ads"]
    stores.run(url, "import", "overrides", "-", stdin=lines(
        [{"ad_id": ad["ad_id"], "action": "reject", "at": NOW, "by": "ann"} for ad in ads[:2]]))
    stores.run(url, "import", "mapping", "-", stdin=lines(
        [{"ad_id": ads[0]["ad_id"], "platform": "meta", "platform_ad_id": "120210000000000001"}]))


def check(stores, name, fill, brands, source, target, extra):
    first = stores.fresh(source)
    fill(stores, first)
    exports = stores.exported(first, brands)
    second = stores.fresh(target)
    summaries = stores.imported(second, exports, extra)
    failed = [f"{key}: not all new: {s}" for key, s in summaries.items() if s["new"] != s["read"]]
    again = stores.exported(second, brands)
    for key, data in exports.items():
        if again[key] != data:
            a, b = data.decode().splitlines(), again[key].decode().splitlines()
            difference = next(((x, y) for x, y in zip(a, b) if x != y), (len(a), len(b)))
            failed.append(f"{key}: differs:\n  {difference[0]}\n  {difference[1]}")
    # What is there already is known to be so, in both stores.
    for url in (first, second):
        for key, summary in stores.imported(url, exports, extra).items():
            if summary["unchanged"] != summary["read"]:
                failed.append(f"{key}: not all unchanged: {summary}")
    if not all(exports[kind, None] for kind in ("catalog", "ads")):
        failed.append("nothing was exported")
    return [f"{name}, {source} to {target}: {line}" for line in failed]


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    server = PostgreSQL()
    failed = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            stores = Stores(program, folder, server)
            ways = [("sqlite", "postgres"), ("postgres", "sqlite")] if server.url else [("sqlite", "sqlite")]
            if not server.url:
                print("skipped on PostgreSQL: no server is installed")
            for source, target in ways:
                failed += check(stores, "every type", fill_with_everything, ["b", "b2"], source, target, "keep")
                failed += check(stores, "the demo's loop", fill_with_the_loop, ["demo-brand"], source, target, "reject")
    finally:
        server.stop()
    print("\n".join(failed) or f"{len(KINDS)} kinds come back as they were")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
