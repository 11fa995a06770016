"""Reads the name of a folder of photos: the title of the activity and its day."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

_DAY: Final = r"(?<![0-9])((?:19|20)[0-9]{2})[-_./年 ]([0-9]{1,2})[-_./月 ]([0-9]{1,2})(?:日|号)?"
_COMPACT_DAY: Final = r"(?<![0-9])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])"
_LAST: Final = r"[ ]?(?:[-—–~～至到]|——)[ ]?([0-9][0-9年月./-]{0,9})(?:日|号)?"
_END: Final = r"(?![0-9年月日号])"
_PATTERNS: Final = tuple(re.compile(day + last + _END) for day in (_COMPACT_DAY, _DAY) for last in (_LAST, "()"))
"""A day, and the last of several: `20261126`, `2026-11-26`, `2026年11月26日至28日`, `2026.11.26-11.28`."""
_AROUND: Final = " \t\u3000_-—–·.,，、:：;；~～+"
_EMPTY_BRACKETS: Final = re.compile(r"\(\s*\)|（\s*）|\[\s*\]|【\s*】|〔\s*〕")
_MEANINGLESS: Final = re.compile(
    r"(?:(?:新建|未命名|无标题)文件夹|new folder|untitled(?: folder)?|dcim|camera(?: roll)?|相机(?:胶卷)?|照片|图片"
    r"|手机照片|相册|photos?|pictures?|images?|img|desktop|桌面|下载|downloads?|wechat|weixin|微信(?:图片|相册)?|temp|[0-9]{3}[a-z_]{5}"
    r"|[0-9 _.-]*)(?:\s*[(（]?[0-9]{1,3}[)）]?)?",
    re.IGNORECASE,
)
"""Names that systems and cameras give (DCF 2.0: three digits, five letters), and those that name no activity."""
_MAX_NAME = 250


@dataclass(frozen=True)
class FolderName:
    """The parts of a folder's name."""

    title: str | None
    """None if the name says nothing about an activity."""
    start: date | None = None
    end: date | None = None
    """The last day, if the name tells of several."""


def parse_folder_name(name: str) -> FolderName:
    """Return the title and the days in the name of a folder.

    Args:
        name: the name, such as `20261126 元旦游园会`.
    """
    text = unicodedata.normalize("NFC", "".join(each for each in name[:_MAX_NAME] if each.isprintable()))
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            days = _days(match)
            before, after = text[: match.start()].strip(_AROUND), text[match.end() :].strip(_AROUND)
            if days and _is_at_edge(before, after):
                return FolderName(_title(_EMPTY_BRACKETS.sub("", _joined(before, after))), *days)
    return FolderName(_title(text))


def _is_at_edge(before: str, after: str) -> bool:
    """Tell if a day stands at the beginning or the end, perhaps in brackets, and is no part of a sentence."""
    return before in ("", "(", "（", "[", "【", "〔") or after in ("", ")", "）", "]", "】", "〕")


def _joined(before: str, after: str) -> str:
    return f"{before} {after}" if before and after and before[-1].isascii() and after[0].isascii() else before + after


def _days(match: re.Match[str]) -> tuple[date, date | None] | None:
    """Return the first and the last day, or None if one is none."""
    year, month, day, last = match.groups()
    try:
        start = date(int(year), int(month), int(day))
        end = _last_day(last, start) if last else None
    except ValueError:
        return None
    return (start, end) if end is None or end >= start else None


def _last_day(text: str, start: date) -> date:
    """Return the last of several days: a day, a month and a day, or a whole date; raise ValueError if it is none."""
    parts = re.findall("[0-9]+", text)
    if len(parts) == 1 and len(parts[0]) in (4, 8):
        parts = [part for part in (text[:-4], text[-4:-2], text[-2:]) if part]
    if len(parts) > 3:
        raise ValueError
    whole = [start.year, start.month, start.day]
    whole[3 - len(parts) :] = map(int, parts)
    return date(*whole)


def _title(text: str) -> str | None:
    stripped = re.sub(r"\s+", " ", text).strip(_AROUND)
    return None if _MEANINGLESS.fullmatch(stripped) else stripped
