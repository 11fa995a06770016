"""Characters that stand in the XML as elements or in symbol fonts (ECMA-376 part 1, 17.3.3)."""

from __future__ import annotations

import re
from typing import Final

from lxml.etree import _Element
from mammoth.docx.dingbats import dingbats

from gongshi.importing.readers.word.parts.package import tag

_SYMBOL_FONTS: Final = frozenset(font for font, _code in dingbats)
_COMMON: Final = {
    **{("Wingdings", 0xFE): "☑", ("Wingdings", 0xFD): "☒", ("Wingdings", 0xFC): "√", ("Wingdings", 0xFB): "×"},
    **{("Wingdings", 0xA8): "☐", ("Wingdings", 0x6F): "□", ("Wingdings", 0x72): "□", ("Wingdings", 0x71): "□"},
    **{("Wingdings", 0x6E): "■", ("Wingdings", 0x6C): "●", ("Wingdings", 0xD8): "➢", ("Wingdings", 0xE0): "→"},
    **{("Wingdings 2", 0x50): "√", ("Wingdings 2", 0x4F): "×", ("Wingdings 2", 0x51): "☒", ("Wingdings 2", 0x52): "☑"},
    **{("Wingdings 2", 0x53): "☒", ("Wingdings 2", 0x54): "☒", ("Wingdings 2", 0xA3): "☐", ("Wingdings 2", 0x2A): "☐"},
    **{("Symbol", 0xB7): "·", ("Symbol", 0xD7): "·"},
}
"""Signs that computers have fonts for, instead of those that are nearest in shape."""
PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
"""Characters without a meaning of their own; in symbol fonts, each is a sign."""
_FIXED: Final = {
    tag("w:tab"): "\t",
    tag("w:ptab"): "\t",
    tag("w:br"): "\n",
    tag("w:cr"): "\n",
    tag("w:noBreakHyphen"): "-",
    tag("w:softHyphen"): "",
}


def is_symbol_font(font: str) -> bool:
    """Return whether a font has signs in the place of letters.

    Args:
        font: its name.
    """
    return font in _SYMBOL_FONTS


def symbol_text(text: str, font: str) -> str:
    """Return text in a symbol font, such as Wingdings, in characters of Unicode; other text as it is.

    Args:
        text: the text; signs of symbol fonts may have codes from U+F000.
        font: the name of its font.
    """
    return "".join(_symbol(sign, font) for sign in text) if font in _SYMBOL_FONTS else text


def _symbol(sign: str, font: str) -> str:
    code = ord(sign) - 0xF000 if "\uf000" <= sign <= "\uf0ff" else ord(sign)
    if code > 0xFF or code <= 0x20:
        return sign
    if (font, code) in _COMMON:
        return _COMMON[font, code]
    return chr(dingbats[font, code]) if (font, code) in dingbats else sign


def element_text(element: _Element, font: str) -> str | None:
    """Return the text of a child of a run; None if it has none, such as a drawing.

    Args:
        element: the child.
        font: the name of the run's font for Latin characters.
    """
    name = element.tag
    if name == tag("w:t"):
        return symbol_text(element.text or "", font)
    if name == tag("w:sym"):
        return sign_text(element)
    if name == tag("w:ruby"):
        base, upper = (_texts(element.find(tag(part))) for part in ("w:rubyBase", "w:rt"))
        return f"{base}（{upper}）" if upper.strip() else base
    return _FIXED.get(name) if isinstance(name, str) else None


def sign_text(element: _Element) -> str:
    """Return the character of a sign (17.3.3.30, sym); nothing if its code is none, or one that only its font knows.

    Args:
        element: a `w:sym`.
    """
    try:
        code = int(element.get(tag("w:char"), ""), 16)
    except ValueError:
        return ""
    if code < 0x20 or 0xD800 <= code < 0xE000 or code > 0xFFFF:
        return ""
    found = symbol_text(chr(code), element.get(tag("w:font"), ""))
    return "" if PRIVATE.search(found) else found


def _texts(element: _Element | None) -> str:
    return "" if element is None else "".join(each.text or "" for each in element.iter(tag("w:t")))
