"""Small figures and letters above or below the line, as characters where there are some, such as ²."""

from __future__ import annotations

import re
from typing import Final

_SUPERSCRIPTS: Final = dict(
    zip("0123456789+-−=()niabcdefghjklmoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)
)
_SUBSCRIPTS: Final = dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_PLAIN: Final = re.compile("[\\w.°′″'\u0300-\u036f\u20d0-\u20ff]+")
"""A term that needs no brackets."""
_DIVISOR: Final = re.compile("[0-9]+([.][0-9]+)?|d?[a-zA-Zα-ωΑ-Ω][₀-₉⁰¹²³⁴-⁹]*|[\u4e00-\u9fff]+")
"""A term that needs no brackets behind a stroke."""


def superscript(text: str) -> str:
    """Return a text as it stands above the line, such as `²` or `^(n×1)`.

    Args:
        text: the text.
    """
    return _written(text, _SUPERSCRIPTS, "^")


def subscript(text: str) -> str:
    """Return a text as it stands below the line, such as `₂` or `_(max)`.

    Args:
        text: the text.
    """
    return _written(text, _SUBSCRIPTS, "_")


def grouped(text: str) -> str:
    """Return a term in brackets, unless it is so simple that it needs none.

    Args:
        text: the term.
    """
    text = text.strip()
    return text if len(text) < 2 or _PLAIN.fullmatch(text) else f"({text})"


def divisor(text: str) -> str:
    """Return a term as it stands behind a stroke, in brackets unless it is a number or one sign.

    Args:
        text: the term.
    """
    text = text.strip()
    return text if _DIVISOR.fullmatch(text) else f"({text})"


def _written(text: str, signs: dict[str, str], mark: str) -> str:
    text = text.strip()
    if text and all(each in signs for each in text):
        return "".join(signs[each] for each in text)
    return mark + grouped(text) if text else ""
