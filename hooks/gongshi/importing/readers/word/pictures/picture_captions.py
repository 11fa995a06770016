"""Captions below pictures: a paragraph of the style "Caption", or a line that begins like 图1."""

from __future__ import annotations

import json
import re
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.word.parts.elements import enclosing, remove
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import words_of
from gongshi.importing.readers.word.parts.text_styles import TextStyles
from gongshi.importing.readers.word.pictures.pictures import describe

_STYLES: Final = frozenset(("caption", "题注", "图题", "图片题注"))
_MAX_LETTERS: Final = 60
_NUMBERED: Final = re.compile(
    r"(图|附图|照片|图片|Figure|Fig\.?)\s{0,3}[0-9０-９一二三四五六七八九十]{1,3}([-－—.．][0-9０-９]{1,3})?"
    r"(?![0-9０-９]|[年月日个张片纸表中所是为的与和及至到显])",
    re.IGNORECASE,
)
"""The number of a picture at the beginning of a line, but not of a sentence about it, such as 图1所示."""
_OBJECTS: Final = tuple(map(tag, ("w:drawing", "w:footnoteReference", "w:endnoteReference", "w:hyperlink", "w:br")))


def fold_captions(package: WordPackage) -> None:
    """Make the line below a picture its caption, where the picture stands alone in its paragraph.

    Args:
        package: the document; its pictures are placed.
    """
    styles = TextStyles(package)
    for part in package.text_parts:
        pictures: dict[_Element, list[_Element]] = {}
        for drawing in package.xml(part).iter(tag("w:drawing")):
            paragraph = enclosing(drawing, "w:p")
            if paragraph is not None:
                pictures.setdefault(paragraph, []).append(drawing)
        for paragraph, drawings in pictures.items():
            following = paragraph.getnext()
            named = next(drawings[0].iter(tag("wp:docPr")), None)
            is_alone = len(drawings) == 1 and named is not None and not words_of(paragraph)
            if named is not None and is_alone and following is not None and _is_caption(following, styles):
                known = json.loads(named.get("descr", ""))
                named.set("descr", describe({**known, "title": " ".join(words_of(following).split())}))
                remove(following)


def _is_caption(paragraph: _Element, styles: TextStyles) -> bool:
    if paragraph.tag != tag("w:p") or next(paragraph.iter(*_OBJECTS), None) is not None:
        return False
    words = words_of(paragraph)
    if not words or len(words) > _MAX_LETTERS or words.endswith(("。", "；", ";")):
        return False
    return styles.style_name(paragraph) in _STYLES or bool(_NUMBERED.match(words))
