"""Decodes the bytes of a web page, also where the encoding that it names is wrong."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

_HEAD_BYTES: Final = 4096
_META: Final = re.compile(rb"""<meta\b[^<>]{0,500}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w:.-]{2,40})""", re.IGNORECASE)
_XML: Final = re.compile(rb"""\s{0,99}<\?xml\b[^<>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w:.-]{2,40})""", re.IGNORECASE)
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NAMES: Final = {
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "chinese", "cp936", "ms936", "windows-936"), "gb18030"),
    **dict.fromkeys(("iso-8859-1", "latin1", "ascii", "us-ascii", "iso8859-1", "windows-1252"), "cp1252"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cn-big5"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("unicode", "utf-16", "utf-16le"), "utf-16-le"),
    "utf8": "utf-8",
}
"""Python's codecs for names of encodings, as browsers understand them (WHATWG Encoding Standard, 4.2)."""
_USED: Final = frozenset((*_NAMES.values(), "utf-8", "gb18030", "big5hkscs", "euc-jp", "hz", "iso2022_jp", "koi8-r"))
_CHINESE: Final = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
_OTHER_LETTERS: Final = re.compile("[\u0080-\u07ff]")


@dataclass(frozen=True)
class DecodedText:
    """The text of a page."""

    text: str
    encoding: str
    """The name of Python's codec."""
    replaced: int = 0
    """The number of characters that could not be decoded; U+FFFD stands in their place."""


def decode_page(content: bytes, declared: str | None = None) -> DecodedText:
    """Return the text of a web page: by byte order mark, as it is declared, as UTF-8 or as GB18030.

    Args:
        content: the bytes of the page.
        declared: the encoding that the file around the page names; None for no such file.
    """
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return _lenient(content[len(mark) :], codec)
    if content[1:2] == b"\0" and content[:1] == b"<":
        return _lenient(content, "utf-16-le")
    codec = _codec(declared) or _declared(content) or "utf-8"
    if codec.startswith("utf-16"):
        # A page that names this encoding in ASCII is not in it.
        codec = "utf-8"
    for each in _candidates(content, codec):
        if (text := _strict(content, each)) is not None:
            return DecodedText(text, each)
    return min((_lenient(content, each) for each in dict.fromkeys((codec, "utf-8", "gb18030"))), key=_faults)


def _candidates(content: bytes, codec: str) -> list[str]:
    """Return the codecs to try, the most probable first. Text in another encoding is hardly ever valid UTF-8."""
    order = ["utf-8", codec, "gb18030"]
    if codec != "utf-8" and (text := _strict(content, "utf-8")) and not _CHINESE.search(text):
        if _OTHER_LETTERS.search(text):
            order = [codec, "utf-8", "gb18030"]
    elif codec == "cp1252":
        order = ["utf-8", "gb18030", codec] if _looks_chinese(content) else ["utf-8", codec]
    return order


def _looks_chinese(content: bytes) -> bool:
    text = _strict(content, "gb18030")
    return text is not None and 2 * len(_CHINESE.findall(text)) >= sum(not each.isascii() for each in text)


def _declared(content: bytes) -> str | None:
    head = content[:_HEAD_BYTES]
    found = _META.search(head) or _XML.match(head)
    return _codec(found[1].decode("ascii", "replace")) if found else None


def _codec(name: str | None) -> str | None:
    plain = (name or "").strip("\"' ").lower()
    codec = _NAMES.get(plain, plain)
    try:
        return codec if codec in _USED or codecs.lookup(codec).name.startswith(("cp125", "iso8859")) else None
    except LookupError:
        return None


def _strict(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None


def _lenient(content: bytes, codec: str) -> DecodedText:
    text = content.decode(codec, "replace")
    return DecodedText(text, codec, text.count("\ufffd"))


def _faults(decoded: DecodedText) -> int:
    return decoded.replaced
