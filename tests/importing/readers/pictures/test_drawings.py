"""Drawings that are taken over show what they showed, and have nothing else."""

from __future__ import annotations

import re

import pytest

from gongshi.importing.readers.pictures.drawings import visible_drawing

_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'


def drawing(inside: str) -> str | None:
    """What is left of a drawing, without its head."""
    found = visible_drawing(f"{_HEAD}{inside}</svg>".encode())
    return None if found is None else re.sub(r"^.*?<svg[^>]*?(/?)>|</svg>$", "", found.decode(), flags=re.DOTALL)


@pytest.mark.parametrize(
    "hidden",
    [
        "<title>CANARY</title>",
        "<desc>CANARY</desc>",
        '<text display="none">CANARY</text>',
        '<text visibility="hidden">CANARY</text>',
        '<g style="fill: red; opacity: 0"><text>CANARY</text></g>',
        "<defs><text>CANARY</text></defs>",
        '<defs><g id="unused"><text>CANARY</text></g></defs>',
    ],
)
def test_what_is_not_drawn_is_removed(hidden: str) -> None:
    """The text behind it stays."""
    found = drawing(f'<text x="1">A{hidden}B</text>' if "defs" not in hidden else f"{hidden}<text>AB</text>")
    assert found is not None
    assert "CANARY" not in found
    assert "AB" in found


def test_names_stay_where_something_refers_to_them() -> None:
    """By an address, a link, or an animation."""
    inside = (
        '<defs><linearGradient id="fill"/></defs><rect id="CANARY" class="CANARY" aria-label="CANARY" fill="url(#fill)"/>'
        '<animate id="first"/><animate begin="first.end"/><g id="part"/><use href="#part"/>'
    )
    found = drawing(inside)
    assert found is not None
    assert "CANARY" not in found
    assert all(f'id="{name}"' in found for name in ("fill", "first", "part"))


def test_a_drawing_with_rules_of_style_is_refused() -> None:
    """What they hide is not known."""
    assert drawing("<style>text { display: none }</style><text>CANARY</text>") is None


def test_a_drawing_that_repeats_itself_very_often_is_refused() -> None:
    """Browsers would draw a billion parts; a few hundred are usual."""
    levels = "".join(f'<g id="a{n}">{10 * f"<use href={chr(34)}#a{n - 1}{chr(34)}/>"}</g>' for n in range(1, 10))
    assert drawing(f'<defs><g id="a0"><path/></g>{levels}</defs><use href="#a9"/>') is None
    assert drawing('<g id="a"><use href="#a"/></g>') is None
    assert drawing('<g id="a"><path/></g>' + 300 * '<use href="#a"/>') is not None


def test_many_names_are_looked_up_at_once() -> None:
    """Not each one in all that the animations name."""
    inside = "".join(f'<g id="n{n}" begin="n{n}.end"/>' for n in range(20_000))
    assert drawing(inside) is not None
