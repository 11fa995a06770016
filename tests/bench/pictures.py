"""Photographs for the benchmarks: a few scenes painted once, then another for each entry by some pixels."""

from __future__ import annotations

import io
from functools import cache
from random import Random

from PIL import Image, ImageFilter

SIZES = ((800, 600), (1200, 800), (1600, 1067), (900, 1200))


def photograph(number: int) -> bytes:
    """A JPEG that no other number has.

    Args:
        number: which one.
    """
    scene = _scene(number % len(SIZES)).copy()
    draw = Random(number)
    for _mark in range(40):
        colour = draw.randrange(256), draw.randrange(256), draw.randrange(256)
        left, top = draw.randrange(scene.width - 8), draw.randrange(scene.height - 8)
        scene.paste(colour, (left, top, left + 8, top + 8))
    buffer = io.BytesIO()
    scene.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


@cache
def _scene(number: int) -> Image.Image:
    """Soft patches of colour with some grain, about as hard to compress as a photograph."""
    width, height = SIZES[number]
    draw = Random(f"scene {number}")
    patches = Image.frombytes("RGB", (16, 12), draw.randbytes(16 * 12 * 3)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    grain = Image.frombytes("RGB", (width, height), draw.randbytes(width * height * 3)).filter(
        ImageFilter.GaussianBlur(1)
    )
    return Image.blend(patches, grain, 0.25)
