"""Texts for people that several parts of the program write alike: sizes of files, suggestions for mistyped names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext

_KIB = 1 << 10
_MIB = 1 << 20


def format_size(size: int, in_bytes: bool = True) -> str:
    """Return a size as text, rounded to a tenth of its unit.

    Args:
        size: in bytes.
        in_bytes: whether a size below 1 KB is given in bytes; else in KB, at least 0.1.
    """
    if in_bytes and size < _KIB:
        return f"{size} B"
    return f"{max(size / _KIB, 0.1):.1f} KB" if size < _MIB else f"{size / _MIB:.1f} MB"


def format_exact_size(size: int) -> str:
    """Return a size as text that also gives the exact number of bytes.

    Args:
        size: in bytes.
    """
    if size < _KIB:
        return ngettext("{count} byte", "{count} bytes", size).format(count=size)
    if size < _MIB:
        return _("{size} KiB ({count} bytes)").format(size=f"{size / _KIB:.1f}", count=size)
    return _("{size} MiB ({count} bytes)").format(size=f"{size / _MIB:.1f}", count=size)


def closest(written: str, known: Iterable[str]) -> str | None:
    """Return the known name that was probably meant by a mistyped or shortened one; None if none is near.

    Args:
        written: the name as somebody typed it, such as `通知` for `通知公告`.
        known: the names that there are.
    """
    # Imported here: only needed for a mistake.
    from difflib import get_close_matches

    names = {_folded(name): name for name in known}
    wanted = _folded(written)
    if len(wanted) > 1 and (longer := [name for name in names if wanted in name]):
        return names[min(longer, key=len)]
    near = get_close_matches(wanted, list(names), n=1)
    return names[near[0]] if near else None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
