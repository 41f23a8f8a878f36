"""Peer of bench_render: one ad like those of the layout "product-focus" with Pillow: a gradient, a
disc, the cut-out product with a blurred shadow, logo, headline, line, button, badge and disclaimer;
PNG at zlib's level 1. Prints the processor time an ad.

usage: render_pillow.py DEMO_ASSETS COUNT
"""
import io
import json
import sys
import time

from PIL import Image, ImageDraw, ImageFilter, ImageFont

assets, count = sys.argv[1], int(sys.argv[2])
SIDE = 1080
product = Image.open(f"{assets}/ridge-front.png").convert("RGBA")
logo = Image.open(f"{assets}/logo.png").convert("RGBA")
HEAVY, BOLD, BODY = (f"/usr/share/fonts/truetype/lato/Lato-{name}.ttf" for name in ("Black", "Bold", "Regular"))


def fitted(draw, text, font, width, largest):
    size = largest
    while draw.multiline_textbbox((0, 0), text, ImageFont.truetype(font, size))[2] > width:
        size -= 1
    return ImageFont.truetype(font, size)


def ad():
    canvas = Image.linear_gradient("L").resize((SIDE, SIDE))
    canvas = Image.composite(Image.new("RGB", (SIDE, SIDE), "#cfe0dc"), Image.new("RGB", (SIDE, SIDE), "#f2faf8"), canvas)
    draw = ImageDraw.Draw(canvas)
    draw.ellipse((173, 389, 907, 1123), fill="#ffffff")
    height = 530
    bottle = product.resize((product.width * height // product.height, height), Image.LANCZOS)
    x, y = (SIDE - bottle.width) // 2, 378
    shadow = Image.new("L", (SIDE, SIDE), 0)
    shadow.paste(bottle.getchannel("A").point(lambda a: a // 4), (x, y + 17))
    canvas.paste("#12211f", (0, 0), shadow.filter(ImageFilter.GaussianBlur(32)))
    canvas.paste(bottle, (x, y), bottle)
    mark = logo.resize((logo.width * 48 // logo.height, 48), Image.LANCZOS)
    canvas.paste(mark, ((SIDE - mark.width) // 2, 60), mark)
    draw = ImageDraw.Draw(canvas)
    headline = "Ice at breakfast.\nStill ice at midnight."
    font = fitted(draw, headline, HEAVY, 907, 93)
    draw.multiline_text((SIDE / 2, 205), headline, "#12211f", font, anchor="mm", align="center")
    line = "Water that is as cold at the top as it was at the spring"
    draw.text((SIDE / 2, 318), line, "#12211f", fitted(draw, line, BODY, 907, 36), anchor="mm")
    draw.ellipse((778, 432, 994, 648), fill="#e2683c")
    draw.multiline_text((886, 540), "15% off\nyour first\norder", "#12211f", ImageFont.truetype(BOLD, 44), anchor="mm", align="center")
    draw.rounded_rectangle((425, 925, 655, 1005), 40, fill="#e2683c")
    draw.text((540, 965), "Shop now", "#12211f", ImageFont.truetype(BOLD, 39), anchor="mm")
    draw.text((540, 1035), "Tested at 20 °C room temperature.", "#12211f", ImageFont.truetype(BODY, 19), anchor="mm")
    file = io.BytesIO()
    canvas.save(file, "PNG", compress_level=1)
    return file.getvalue()


ad()
start = time.process_time()
sizes = [len(ad()) for _ in range(count)]
print(json.dumps({"cpu_ms": 1000 * (time.process_time() - start) / count, "png_bytes": sum(sizes) / count}))
