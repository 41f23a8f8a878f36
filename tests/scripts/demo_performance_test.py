"""What scripts/demo-performance writes is a Meta export that import can be tried on."""
import csv
import io
import json
import pathlib
import subprocess
import sys
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "demo-performance"


def ad(number, status="approved", **tags):
    return {"ad_id": f"0190{number:04x}", "short_id": f"{number:08x}", "brand_id": "demo-brand",
            "name": f"demobrand-{number:08x}-tplcollage01-brand-1080x1350",
            "product_id": "demo-ridge", "template_id": "tpl-collage-01", "canvas_size": "4:5",
            "color_mode": "brand", "status": status, "tags": tags}


def run(ads, *args):
    return subprocess.run([sys.executable, SCRIPT, "--start", "2026-03-01", *args], input=json.dumps({"items": ads}),
                          capture_output=True, text=True, check=True).stdout


def rows_of(text):
    header, total, *rows = csv.reader(io.StringIO(text))
    return total, [dict(zip(header, row)) for row in rows]


def rate(rows, clicks="Link clicks"):
    return sum(int(r[clicks] or 0) for r in rows) / sum(int(r["Impressions"]) for r in rows)


class DemoPerformance(unittest.TestCase):
    def test_one_row_an_ad_and_day_below_the_totals(self):
        total, rows = rows_of(run([ad(1), ad(2)]))
        self.assertEqual(len(rows), 56)
        self.assertEqual({r["Reporting starts"] for r in rows}, {f"2026-03-{d:02}" for d in range(1, 29)})
        self.assertEqual(total[2:5], ["", "", ""])
        self.assertEqual(int(total[10]), sum(int(r["Impressions"]) for r in rows))
        self.assertEqual(total[15], f"{sum(round(100 * float(r['Amount spent (EUR)'])) for r in rows) / 100:.2f}")
        for row in rows:
            self.assertRegex(row["Ad ID"], r"^[0-9]{18}$")
            self.assertTrue(300 <= int(row["Impressions"]) <= 3000)
            self.assertLessEqual(int(row["Link clicks"] or 0), int(row["Clicks (all)"] or 0))

    def test_is_labelled_and_carries_the_short_id(self):
        _, rows = rows_of(run([ad(0xabc)]))
        for row in rows:
            self.assertTrue(row["Campaign name"].startswith("SIMULATED"))
            self.assertEqual(row["Ad name"], "demobrand-00000abc-tplcollage01-brand-1080x1350")

    def test_the_same_input_gives_the_same_bytes_in_any_order(self):
        ads = [ad(1, hook_type="offer"), ad(2), ad(3)]
        self.assertEqual(run(ads), run(ads[::-1]))
        self.assertNotEqual(run(ads), run(ads, "--seed", "2"))

    def test_what_was_rejected_does_not_run(self):
        _, rows = rows_of(run([ad(1, "rejected"), ad(2, "generation_failed"), ad(3, "pending")]))
        self.assertEqual({r["Ad name"].split("-")[1] for r in rows}, {"00000003"})

    def test_some_elements_are_better(self):
        _, good = rows_of(run([ad(n, hook_type="testimonial", template_category="ugc-style") for n in range(10)]))
        _, poor = rows_of(run([ad(n, hook_type="offer", template_category="professional") for n in range(10)]))
        self.assertGreater(rate(good), 2 * rate(poor))


if __name__ == "__main__":
    unittest.main()
