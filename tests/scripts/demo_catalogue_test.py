"""The demo brand's catalogue holds together: references, pictures, and copy that keeps its own rules."""
import collections
import json
import pathlib
import struct
import unittest

DEMO = pathlib.Path(__file__).resolve().parents[2] / "src" / "app" / "assets" / "demo"
CATEGORIES = {"testimonial", "problem-solution", "before-after", "lifestyle", "product-focus", "comparison",
              "educational", "infographic", "minimal-text", "ugc-style", "professional", "collage"}


def records():
    by_type = collections.defaultdict(list)
    for line in (DEMO / "catalog.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        by_type[record["type"]].append(record)
    return by_type


class DemoCatalogue(unittest.TestCase):
    def setUp(self):
        self.records = records()

    def ids(self, kind):
        return {r["id"] for r in self.records[kind]}

    def test_ids_are_unique_and_references_hold(self):
        for kind, found in self.records.items():
            keys = [r.get("id") or r["template_id"] for r in found]
            self.assertEqual(len(keys), len(set(keys)), kind)
        for found in self.records.values():
            for record in found:
                for kind in ("organization", "brand", "product", "template"):
                    if f"{kind}_id" in record:
                        self.assertIn(record[f"{kind}_id"], self.ids(kind), record)
                for persona in record.get("persona_ids", []):
                    self.assertIn(persona, self.ids("persona"))

    def test_there_is_enough_to_choose_from(self):
        self.assertEqual({t["category"] for t in self.records["template"]}, CATEGORIES)
        self.assertGreaterEqual(len(self.records["template"]), 18)
        for product in self.ids("product"):
            hooks = [h for h in self.records["hook"] if h["product_id"] == product]
            self.assertGreaterEqual(len(hooks), 8)
            self.assertEqual(len({h["text"] for h in hooks}), len(hooks))
            images = [i for i in self.records["product_image"] if i["product_id"] == product]
            self.assertGreaterEqual(sum("product_cutout" in i["asset_tags"] for i in images), 2)
            self.assertGreaterEqual(sum("lifestyle" in i["asset_tags"] for i in images), 1)

    def test_pictures_are_there_light_and_transparent_where_cut_out(self):
        named = self.records["product_image"] + self.records["brand_asset"]
        self.assertEqual({p.name for p in (DEMO / "demo-assets").iterdir()},
                         {pathlib.PurePath(r["path"]).name for r in named})
        for record in named:
            content = (DEMO / record["path"]).read_bytes()
            self.assertLess(len(content), 200_000, record["path"])
            width, height, _, color = struct.unpack(">IIBB", content[16:26])
            has_alpha = color in (4, 6) or b"tRNS" in content[:4096]
            self.assertEqual(has_alpha, "lifestyle" not in record.get("asset_tags", []), record["path"])
            if "asset_tags" in record:
                self.assertGreaterEqual(max(width, height), 900)

    def test_copy_keeps_the_brand_rules(self):
        texts = [h["text"] for h in self.records["hook"]]
        for product in self.records["product"]:
            texts += product["benefits"] + product["unique_selling_points"]
        for variant in self.records["offer_variant"]:
            texts += [variant["message"], variant["hero_headline"], variant["hero_text"], *variant["benefits"]]
        for claim in self.records["brand"][0]["prohibited_claims"]:
            for text in texts:
                self.assertNotIn(claim.lower(), text.lower())


if __name__ == "__main__":
    unittest.main()
