"""Descriptions of pictures: those that programs wrote say nothing, or show the paths of the office's computers."""

from __future__ import annotations

import re
from typing import Final

_WRITTEN_BY_PROGRAM: Final = re.compile(
    r"描述已自动生成|已自动生成的?(说明|描述)|AI 生成的内容可能不正确|Description automatically generated"
    r"|AI-generated content may be incorrect",
    re.IGNORECASE,
)
_FILE_NAME: Final = re.compile(
    r"([a-z]:[\\/]|\\\\|file:|https?:).*|[^\s/\\]{1,120}\.(jpe?g|png|gif|bmp|tiff?|webp|emf|wmf)"
    r"|(Description: )?[0-9a-f_]{16,}|IMG_\d+",
    re.IGNORECASE | re.DOTALL,
)
"""The path, address, name or hash of a file."""


def is_written_by_program(text: str) -> bool:
    """Tell if no person wrote a description.

    Args:
        text: the description.
    """
    return bool(_WRITTEN_BY_PROGRAM.search(text) or _FILE_NAME.fullmatch(text.strip()))
