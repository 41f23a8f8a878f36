"""The layouts that ship keep their contract: there is one a category, each valid by its schema."""
import json
import pathlib
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAYOUTS = sorted((ROOT / "src" / "creative" / "assets" / "layouts").glob("*.json"))
CATEGORIES = {"testimonial", "problem-solution", "before-after", "lifestyle", "product-focus", "comparison",
              "educational", "infographic", "minimal-text", "ugc-style", "professional", "collage"}


class Layouts(unittest.TestCase):
    def setUp(self):
        schema = json.loads((ROOT / "schema" / "json" / "layout.schema.json").read_text())
        self.validator = jsonschema.Draft7Validator(schema)

    def test_there_is_one_a_category(self):
        self.assertEqual({file.stem for file in LAYOUTS}, CATEGORIES)

    def test_they_are_valid_and_named_as_their_files(self):
        for file in LAYOUTS:
            layout = json.loads(file.read_text())
            self.assertEqual(layout["name"], file.stem)
            self.assertEqual([f"{e.json_path}: {e.message}" for e in self.validator.iter_errors(layout)], [], file.name)

    def test_what_is_no_layout_is_refused(self):
        for wrong in ({"name": "x", "elements": []}, {"name": "x", "elements": [{"kind": "shape", "colour": "red"}]},
                      {"name": "x", "elements": [{"kind": "shape", "fill": "pink"}]},
                      {"name": "x", "elements": [{"kind": "stack", "items": [{"kind": "headline", "font": "arial"}]}]}):
            self.assertFalse(self.validator.is_valid(wrong), wrong)


if __name__ == "__main__":
    unittest.main()
