"""Colours written as `#rrggbb`: their contrast (WCAG 2.1), and darker or lighter shades of them."""

from __future__ import annotations

BLACK, WHITE = "#000000", "#ffffff"
_STEPS = 255


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1 (WCAG 2.1).

    Args:
        colour: as `#rrggbb`.
    """
    channels = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.1).

    Args:
        one: as `#rrggbb`.
        other: as `#rrggbb`.
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, part: float) -> str:
    """Return a colour with a part of another one in it.

    Args:
        colour: as `#rrggbb`.
        other: as `#rrggbb`.
        part: of the other colour, 0 to 1.
    """
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(own + (their - own) * part):02x}" for own, their in pairs)


def with_contrast(colour: str, towards: str, ground: str, ratio: float) -> str:
    """Return the nearest shade of a colour that has a contrast with a ground; the colour itself if it has it.

    Args:
        colour: as `#rrggbb`.
        towards: `BLACK` for darker shades, `WHITE` for lighter ones.
        ground: the colour behind it, as `#rrggbb`.
        ratio: the least contrast; at most that of `towards`.
    """
    shades = (mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next((shade for shade in shades if contrast(shade, ground) >= ratio), towards)


def _channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
