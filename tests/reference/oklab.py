#!/usr/bin/env python3
"""OKLab by the two matrices of its definition (through CIE XYZ), independent of the shortened
form in the program. Prints tests/unit/creative/oklab_reference.inc.

Source: Bjoern Ottosson, "A perceptual color space for image processing" (2020).
"""
import numpy as np

SRGB_TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375],
                        [0.2126729, 0.7151522, 0.0721750],
                        [0.0193339, 0.1191920, 0.9503041]])
M1 = np.array([[0.8189330101, 0.3618667424, -0.1288597137],
               [0.0329845436, 0.9293118715, 0.0361456387],
               [0.0482003018, 0.2643662691, 0.6338517070]])
M2 = np.array([[0.2104542553, 0.7936177850, -0.0040720468],
               [1.9779984951, -2.4285922050, 0.4505937099],
               [0.0259040371, 0.7827717662, -0.8086757660]])

for color in ["#ffffff", "#ff0000", "#00ff00", "#0000ff", "#808080", "#f07814", "#143cc8", "#0b1a12"]:
    c = np.array([int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    lab = M2 @ np.cbrt(M1 @ (SRGB_TO_XYZ @ linear))
    print(f'{{"{color}", {lab[0]:.6f}, {lab[1]:.6f}, {lab[2]:.6f}}},')
