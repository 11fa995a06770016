"""Tell addresses from other text in the brackets of a link."""

from __future__ import annotations

import re
from typing import Final

_NUMBERS: Final = re.compile(r"[\d.,，、%~_()（）–—-]+")
_CERTAIN: Final = re.compile(
    r"https?://\S+|mailto:\S+|[^\s，。；、]+\.(?:[A-Za-z][A-Za-z0-9]{1,4}|7z|3gp)"
    r"|\.{0,2}/\S+|#(?!\d)\S+"
)


def is_address(target: str) -> bool:
    """Tell whether the text in the brackets of a link can be an address, unlike the (3) of [2026](3).

    Args:
        target: what stands in the brackets, without a title.
    """
    address = target.strip()
    if address[:1] == "<" and address[-1:] == ">":
        address = address[1:-1]
    if not address or "\n" in address:
        return target in ("", "<>")
    if _NUMBERS.fullmatch(address) or re.search(r"[<>]", address) or address.count("（") != address.count("）"):
        return False
    return bool(re.search(r"[^\W_]", address)) and (bool(re.search(r"[/.#:?@]", address)) or address.isascii())


def is_certain_address(target: str) -> bool:
    """Tell whether the text in full-width brackets is certainly an address or the name of a file.

    Args:
        target: what stands in the brackets.
    """
    return bool(_CERTAIN.fullmatch(target.strip()))
