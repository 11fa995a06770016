"""Sanitizer: remove from an entry's HTML everything that could run or that loads from another host.

The parser of nh3 (ammonia, html5ever) reads the text, `text_elements` and `media_elements` decide tag by tag, and nh3
filters the result once more with the same lists. This is repeated until nothing changes. So sanitizing a clean text
again changes nothing, and no second parsing can turn harmless text into tags (M. Heiderich and others, mXSS Attacks:
Attacking well-secured Web-Applications by using innerHTML Mutations, 2013).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongshi.site.html import media_elements, text_elements
from gongshi.site.html.allowlist import parsed, sanitize_strict, unknown, words
from gongshi.site.html.findings import RemovedKind, RemovedPart, finding, finding_text
from gongshi.site.html.rewriter import HtmlRewriter, Picture
from gongshi.site.html.urls import SiteOrigin

__all__ = ["Picture", "RemovedKind", "RemovedPart", "SanitizedHtml", "SiteOrigin", "finding_text", "sanitize"]

_MAX_ROUNDS = 8
"""Maximum number of rounds. Ordinary texts are clean after one; a text that needs more than eight is an attack."""

_HANDLERS = {
    "a": text_elements.link,
    "audio": media_elements.media,
    "center": text_elements.centred,
    "div": text_elements.division,
    "embed": media_elements.frame,
    "h1": text_elements.heading,
    "iframe": media_elements.frame,
    "img": media_elements.image,
    "input": text_elements.input,
    "label": text_elements.label,
    "object": media_elements.frame,
    "p": media_elements.paragraph,
    "pre": text_elements.preformatted,
    "source": media_elements.source,
    "span": text_elements.span,
    "table": text_elements.table,
    "td": text_elements.cell,
    "th": text_elements.cell,
    "track": media_elements.source,
    "video": media_elements.media,
}


@dataclass(frozen=True)
class SanitizedHtml:
    """Sanitized HTML, safe to publish."""

    html: str
    findings: tuple[RemovedPart, ...]
    """The removed parts, each once, without markup that Markdown generated."""


def sanitize(html: str, own: SiteOrigin, pictures: Mapping[str, Picture]) -> SanitizedHtml:
    """Sanitize the HTML of an entry.

    Args:
        html: the entry's text as HTML, untrusted.
        own: the site's own hosts and words.
        pictures: the site's own pictures by their address in the HTML. If a picture's `url` differs from that address,
            it must be listed under both.
    """
    text = html.encode("utf-8", "replace").decode("utf-8")
    result, found = _rewritten(parsed(text), own, pictures)
    found = (*found, *(finding(RemovedKind.ELEMENT, f"<{name}>") for name in unknown(text)))
    for _round in range(_MAX_ROUNDS):
        kept = sanitize_strict(result)
        again = _rewritten(kept, own, pictures)[0]
        if kept == result == again:
            return SanitizedHtml(kept, found)
        result = _rewritten(parsed(kept), own, pictures)[0]
    return SanitizedHtml(words(text), (*found, finding(RemovedKind.WHOLE, text)))


def _rewritten(text: str, own: SiteOrigin, pictures: Mapping[str, Picture]) -> tuple[str, tuple[RemovedPart, ...]]:
    writer = HtmlRewriter(text, own, pictures)
    writer.run(_HANDLERS)
    return "".join(writer.out), tuple(dict.fromkeys(writer.findings))
