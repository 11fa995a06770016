"""Pictures of seals, and other pictures beside a signature: they stand behind it, at the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree
from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.official.blocks import TEXT_BLOCKS, Line

_SEAL = "seal"
_NEAR = 6
"""The blocks before and behind a signature to which its seal may be fixed in the file."""


def describe_seals(root: _Element) -> None:
    """Give the pictures of seals an alternative text, in the language that is set.

    Args:
        root: the element that contains the blocks.
    """
    for picture in root.iter("img"):
        if _is_seal(picture) and not (picture.get("alt") or "").strip():
            picture.set("alt", _("seal"))


def take_pictures(lines: Sequence[Line], first: int, last: int) -> _Element | None:
    """Take the pictures of a signature out of its lines and return them as a paragraph at the right.

    Office programs place a seal over the signature, but fix it to some paragraph near it.

    Args:
        lines: the blocks.
        first: the number of the first line of the signature, counted from 0.
        last: that of the last line.
    """
    pictures = list(_pictures_of(lines, first, last))
    if not pictures:
        return None
    paragraph = etree.Element("p")
    paragraph.set("class", "right")
    for picture in pictures:
        _take(picture)
        paragraph.append(picture)
    return paragraph


def _pictures_of(lines: Sequence[Line], first: int, last: int) -> Iterator[_Element]:
    for number in range(max(0, first - _NEAR), min(len(lines), last + _NEAR + 1)):
        block = lines[number].block
        is_signature = first <= number <= last
        if block.tag in TEXT_BLOCKS:
            yield from [each for each in block.iter("img") if is_signature or _is_seal(each)]


def _is_seal(picture: _Element) -> bool:
    return _SEAL in (picture.get("class") or "").split()


def _take(picture: _Element) -> None:
    """Take a picture out of its block."""
    parent, words = picture.getparent(), picture.tail or ""
    assert parent is not None
    before = picture.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + words
    else:
        parent.text = (parent.text or "") + words
    picture.tail = None
    parent.remove(picture)
