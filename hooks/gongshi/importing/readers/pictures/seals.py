"""Recognizes pictures of red seals (公章) by their colours."""

from __future__ import annotations

from typing import Final

from PIL import Image

_SIZE: Final = 48
"""Width and height to which a picture is reduced to look at its colours."""
_INK: Final = (0.02, 0.9)
"""The part of a picture of a seal that is inked: a ring, a star and letters."""
_PAPER, _RED, _REDDER = 200, 120, 50
_MOST = 0.8


def is_red(picture: Image.Image) -> bool:
    """Tell if most of the pixels that differ from white paper are red, as in a picture of a seal.

    Args:
        picture: the decoded picture.
    """
    small = picture.convert("RGBA").resize((_SIZE, _SIZE))
    paper = Image.new("RGBA", small.size, "white")
    data = Image.alpha_composite(paper, small).convert("RGB").tobytes()
    inked = [(data[n], data[n + 1], data[n + 2]) for n in range(0, len(data), 3) if min(data[n : n + 3]) < _PAPER]
    red = [each for each in inked if each[0] > _RED and each[0] - max(each[1:]) > _REDDER]
    return _INK[0] < 3 * len(inked) / len(data) < _INK[1] and len(red) > _MOST * len(inked)
