"""Joins lines of Chinese: where a source line ends inside a paragraph, browsers would show a blank.

Source: CSS Text Module Level 3, section 4.1.2, segment break transformation rules, which not every browser follows.
"""

from __future__ import annotations

import re

from gongshi.common.lazy_pattern import lazy_pattern

_WIDE = (
    "\u2e80-\u2fdf\u3001-\u30ff\u3100-\u312f\u31c0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff0f"
    "\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\U00020000-\U0003ffff"
)
"""Characters of Chinese and Japanese; search-view.js has the same."""
_EITHER = "\xb7×‘’“”—…"
"""Punctuation of Chinese as well as of other languages; search-view.js has the same."""
_IN_TEXT = lazy_pattern(
    rf"([{_WIDE}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_WIDE}{_EITHER}])|([{_EITHER}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_WIDE}])"
)
_TAG = r"(?:a|b|cite|code|del|em|i|ins|mark|q|s|small|span|strong|sub|sup|u)"
_PREFORMATTED = lazy_pattern(r"(</?pre\b[^<>]*>)")
# It begins with a line end, which a search finds fast; what stands before is looked at only then.
_IN_HTML = lazy_pattern(rf"\n[ \t]*((?:<{_TAG}\b[^<>]*>)*)(?=([{_WIDE}])|[{_EITHER}])")
_BEFORE = lazy_pattern(rf"(?:([{_WIDE}])|[{_EITHER}])(?:</{_TAG}>)*\Z")
_LONGEST_TAGS = 80
"""Characters before a line end that are looked at."""


def join_text_lines(text: str) -> str:
    """Remove line ends, with the blanks around them, between characters or punctuation of Chinese.

    Args:
        text: plain text; other line ends stay.
    """
    return _IN_TEXT.sub(r"\1\2", text)


def join_html_lines(html: str) -> str:
    """Remove line ends between characters or punctuation of Chinese, also beside tags of emphasis and links.

    Args:
        html: a part of a page; preformatted text stays as it is.
    """
    if "<pre" not in html:
        return _join(html)
    parts, depth = [], 0
    for number, part in enumerate(_PREFORMATTED.split(html)):
        if number % 2:
            depth = max(0, depth + (-1 if part.startswith("</") else 1))
        parts.append(part if number % 2 or depth else _join(part))
    return "".join(parts)


def _join(html: str) -> str:
    def joined(found: re.Match[str]) -> str:
        start = found.start()
        before = _BEFORE.search(html[max(0, start - _LONGEST_TAGS) : start])
        return found[1] if before and (before[1] or found[2]) else found[0]

    return _IN_HTML.sub(joined, html)
