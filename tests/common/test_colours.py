"""Colours: contrast as WCAG 2.1 counts it, and the nearest shade that has enough of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongshi.common.colours import BLACK, WHITE, contrast, mixed, with_contrast

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_known_contrasts() -> None:
    """The extremes, and two greys that stand in textbooks: the lightest that passes on white, and the next."""
    assert contrast(WHITE, BLACK) == contrast(BLACK, WHITE) == 21
    assert contrast(WHITE, WHITE) == 1
    assert contrast("#767676", WHITE) >= 4.5 > contrast("#777777", WHITE)


@given(COLOURS)
def test_the_nearest_shade_is_enough_and_no_darker_than_needed(colour: str) -> None:
    """Any colour gets a readable shade, and one that is readable stays as it is."""
    found = with_contrast(colour, BLACK, WHITE, 4.5)
    assert contrast(found, WHITE) >= 4.5
    if contrast(colour, WHITE) >= 4.5:
        assert found == colour
    else:
        shades = [mixed(colour, BLACK, step / 255) for step in range(256)]
        assert contrast(shades[shades.index(found) - 1], WHITE) < 4.5
