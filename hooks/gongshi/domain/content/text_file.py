"""Decode a Markdown file and find its front matter."""

from __future__ import annotations

import re

from gongshi.common.errors import InvalidInput, Problem, Recoding, Replacement
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.i18n import gettext as _

FILE_BYTES = 4 * 1024 * 1024
"""The maximum size of a Markdown file."""

_FENCE = re.compile(r"---[ \t]*")
_CLOSING = re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE)
_WRONG_FENCE = lazy_pattern(r"^[ \t]*([-－‐‑–—−]{1,9})[ \t\u3000]*$", re.MULTILINE)
"""Dashes that people write in place of `---`, such as full-width ones or two of them."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def decode_markdown(content: bytes, path: str, limit: int | None = FILE_BYTES) -> str:
    """Return the text of a Markdown file with LF line endings and without a BOM.

    Args:
        content: the bytes of the file.
        path: the name of the file in problems.
        limit: the maximum number of bytes; None for files that Gongshi itself wrote.

    Raises:
        InvalidInput: the file is too large, no UTF-8 text, or contains a control character.
    """
    if limit and len(content) > limit:
        raise InvalidInput([Problem(path, _("is larger than 4 MiB; offer long material as an attachment"))])
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message, encoding = _encoding_hint(content)
        raise InvalidInput([Problem(path, message, line, fix=Recoding(encoding) if encoding else None)]) from None
    decoded = decoded.replace("\r\n", "\n").replace("\r", "\n")
    if match := _CONTROL.search(decoded):
        line = decoded.count("\n", 0, match.start()) + 1
        raise InvalidInput(
            [Problem(path, _("contains a control character, so it is not plain text; delete this character"), line)]
        )
    return decoded


def _encoding_hint(content: bytes) -> tuple[str, str]:
    """Return the message for a file that is not UTF-8, and its encoding if that is certain, else an empty text."""
    how = _("save it as UTF-8 (in Notepad: Save as, Encoding: UTF-8)")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content.decode("utf-16")
        except UnicodeDecodeError:
            return _("is UTF-16 text, but damaged; {how}").format(how=how), ""
        return _("is UTF-16 text; {how}").format(how=how), "utf-16"
    try:
        decoded = content.decode("gb18030")
    except UnicodeDecodeError:
        return _("is not UTF-8 text; {how}").format(how=how), ""
    message = _("is not UTF-8 text, but perhaps GBK; {how}").format(how=how)
    if not _is_chinese(decoded) or _is_mostly_utf8(content):
        return message, ""
    return _("is GBK text; {how}").format(how=how), "gb18030"


def _is_chinese(decoded: str) -> bool:
    """Tell whether a text that was read as GB 18030 is Chinese: nearly all its signs are in GB 2312.

    Bytes of another encoding, such as Big5 or Latin-1, give rare characters instead.
    """
    signs = [character for character in decoded if not character.isascii()]
    common = sum(_is_common(character) for character in signs)
    return any("\u4e00" <= character <= "\u9fff" for character in signs) and common >= 0.9 * len(signs)


def _is_common(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return character in "—·…€"


def _is_mostly_utf8(content: bytes) -> bool:
    """Tell whether a file seems to be UTF-8 with some damaged bytes."""
    decoded = content.decode("utf-8", "replace")
    lost = decoded.count("\ufffd")
    return sum(not character.isascii() for character in decoded) - lost > lost


def body_line(content: bytes, body: str) -> int:
    """Return the line of a Markdown file on which its body begins, counted from 1.

    Args:
        content: the bytes of the file, which `decode_markdown` can read.
        body: the text below its front matter, with LF line endings.
    """
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
    return lines - body.count("\n") + 1


def front_matter_span(decoded: str, path: str) -> tuple[int, int, int]:
    """Find the front matter and the body in a Markdown file.

    Args:
        decoded: the file as `decode_markdown` returns it.
        path: the name of the file in problems.

    Returns:
        Start and end of the YAML and start of the body, in characters.

    Raises:
        InvalidInput: the front matter is missing or has no end.
    """
    first, newline, _rest = decoded.partition("\n")
    if not _FENCE.fullmatch(first):
        raise InvalidInput([_no_start(decoded, first, path)])
    start = len(first) + len(newline)
    if match := _CLOSING.search(decoded, start):
        return start, match.start(), match.end()
    if match := _WRONG_FENCE.search(decoded, start):
        message = _(
            "“{line}” does not end the front matter; write three half-width dashes, `---`, without a space before them"
        )
        if match[1] == "---":
            message = _("blanks beside `---` keep it from ending the front matter; delete all blanks of this line")
        line = decoded.count("\n", 0, match.start()) + 1
        fix = Replacement(match.start(), match.end(), "---") if len(match[1]) > 1 else None
        raise InvalidInput([Problem(path, message.format(line=match[1]), line, fix=fix)])
    raise InvalidInput([Problem(path, _("the front matter has no end; add a line `---` after it"), 1)])


def _no_start(decoded: str, first: str, path: str) -> Problem:
    """Return the problem of a file whose first line does not begin the front matter."""
    if (match := _WRONG_FENCE.fullmatch(first)) and len(match[1]) > 1:
        message = _(
            "“{line}” does not begin the front matter; write three half-width dashes, `---`, without a space before "
            "them"
        )
        return Problem(path, message.format(line=match[1]), 1, fix=Replacement(0, len(first), "---"))
    if decoded.lstrip().startswith("---\n"):
        message = _("there are empty lines above the front matter; delete them, so that the first line is `---`")
        return Problem(path, message, 1)
    message = _("front matter is missing: the first line must be `---`, then keys such as `title: Text`, then `---`")
    return Problem(path, message, 1)
