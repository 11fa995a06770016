"""Write the marks of one line so that Markdown reads those that are meant, and leaves alone those that are text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from gongshi.site.markdown.addresses import is_address, is_certain_address

HEADING: Final = re.compile(
    r"(#{1,6}|＃{1,6})(?:(?=[ \t\u3000\u00a0]|\Z)|(?<=##|＃＃)(?=[^#＃\s])"
    r"|(?=[\u3400-\u9fff“《（【][^#＃]{0,38}(?<![。；，、])\Z))"
)
"""The mark of a heading. Words may follow two signs without a blank, Chinese ones a single sign, unlike in `#1号楼`."""
_NUMBER_LIKE: Final = re.compile(r"(\d+)\.(?=[ \t])")
RULE: Final = re.compile(r"([-*_])(?:[ \t]*\1){2,}[ \t]*\Z")
"""A line of signs that is shown as a rule."""
STRUCK: Final = r"~~(?![~\s])((?:[^~\n]|~(?!~))+?)(?<!\s)~~(?!~)"
"""Text between the marks of struck text."""
_REFERENCE: Final = re.compile(r"\[[^\[\]^]+\]:[ \t]*(\S+)")
_CODE_SPAN: Final = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_IMAGE_MARK: Final = re.compile(r"！(?=[\[［][^\[\]［］\n]*[\]］][(（])")
_LINK: Final = re.compile(
    r"([\[【［])([^\[\]【】［］\n]*)([\]】］])([(（])((?:[^()（）\n]|\([^()\n]*\)|（[^（）\n]*）)*)([)）])"
)
_CLOSING: Final = {"[": "]", "【": "】", "［": "］"}
_LINK_MARKS: Final = ("](", "】(", "】（", "］(", "］（", "]（")


def literal_marks(content: str) -> str:
    """Escape the marks at the beginning of a line that Markdown would take although they are text.

    Args:
        content: the line, without its indentation.
    """
    first = content[:1]
    if first in "#>" or (first in "-*_" and RULE.match(content)) or (first in "-+*" and content[1:2] == " "):
        return "\\" + content
    if first.isdigit() and (match := _NUMBER_LIKE.match(content)):
        return f"{match[1]}\\{content[match.end() - 1 :]}"
    if first == "[" and (match := _REFERENCE.match(content)) and not is_address(match[1]):
        return "\\" + content
    return content


def item_text(content: str) -> str:
    """Return the text of a list item, in which a number sign without a blank is text.

    Args:
        content: the item without its mark.
    """
    text = chinese_marks(content)
    return "\\" + text if text.startswith("#") and not HEADING.match(text) else text


def chinese_marks(content: str) -> str:
    """Write the marks of links and pictures that a Chinese input method typed as Markdown has them.

    Args:
        content: a line, or the text of an item or heading.
    """
    if not any(mark in content for mark in _LINK_MARKS):
        return content
    return "".join(_outside_code(content, _links))


def _outside_code(content: str, change: Callable[[str], str]) -> Iterator[str]:
    if "`" not in content:
        yield change(content)
        return
    place = 0
    for match in _CODE_SPAN.finditer(content):
        yield change(content[place : match.start()])
        yield match[0]
        place = match.end()
    yield change(content[place:])


def _links(text: str) -> str:
    return _LINK.sub(_link, _IMAGE_MARK.sub("!", text) if "！" in text else text)


def _link(match: re.Match[str]) -> str:
    opening, words, closing, bracket, target, end = match.groups()
    is_plain = opening == "[" and bracket == "(" and end == ")"
    if is_plain or closing != _CLOSING[opening] or not is_certain_address(target):
        return match[0]
    return f"[{words}]({target.strip()})"
