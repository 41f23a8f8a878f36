#!/usr/bin/env python3
"""Writes tests/support/pictures: a header that claims 20000 x 20000 pixels, and a small JPEG.

The JPEG is made from the PPM on standard output: pictures.py | cjpeg -quality 85 > photo.jpg
(libjpeg-turbo-progs).
"""
import pathlib
import struct
import sys
import zlib

folder = pathlib.Path(__file__).resolve().parent.parent / "support" / "pictures"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


header = struct.pack(">IIBBBBB", 20000, 20000, 8, 6, 0, 0, 0)
(folder / "huge.png").write_bytes(
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b""))

width, height = 96, 64
pixels = bytes(v for y in range(height) for x in range(width)
               for v in (40 + 2 * x, 90 + y, 255 - 2 * (x + y) // 2))
sys.stdout.buffer.write(b"P6\n%d %d\n255\n" % (width, height) + pixels)
