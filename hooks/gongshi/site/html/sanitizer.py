"""What of an entry's HTML reaches its page: nothing that runs, and nothing from another host.

The parser of nh3 (ammonia, html5ever) reads the text, `text_elements` and `media_elements` decide tag by tag,
and nh3 sifts the result once more against the same lists. A text is clean when all this leaves it as it is. So
cleaning a clean text changes nothing, and no second reading of it can turn harmless text into tags (M. Heiderich and
others, mXSS Attacks: Attacking well-secured Web-Applications by using innerHTML Mutations, 2013).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongshi.site.html import media_elements, text_elements
from gongshi.site.html.allowlist import parsed, sifted, unknown, words
from gongshi.site.html.findings import Finding, Kind, finding, finding_text
from gongshi.site.html.rewriter import Picture, Writer
from gongshi.site.html.urls import Own

__all__ = ["Cleaned", "Finding", "Kind", "Own", "Picture", "clean", "finding_text"]

_ROUNDS = 8
"""Ordinary texts are clean after one round; those that are not after eight were made to be odd."""

_HANDLERS = {
    "a": text_elements.link,
    "audio": media_elements.media,
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
class Cleaned:
    """HTML that may stand in a page."""

    html: str
    findings: tuple[Finding, ...]
    """What was taken off, each only once; nothing that Markdown made."""


def clean(html: str, own: Own, pictures: Mapping[str, Picture]) -> Cleaned:
    """What of a text may stand in its page.

    Args:
        html: the entry's text as HTML, whatever stands in it.
        own: the site's own hosts and words.
        pictures: the site's own pictures by their address as it stands in the HTML. One whose `url` is another must be
            there under both.
    """
    text = html.encode("utf-8", "replace").decode("utf-8")
    result, found = _rewritten(parsed(text), own, pictures)
    found = (*found, *(finding(Kind.ELEMENT, f"<{name}>") for name in unknown(text)))
    for _round in range(_ROUNDS):
        kept = sifted(result)
        again = _rewritten(kept, own, pictures)[0]
        if kept == result == again:
            return Cleaned(kept, found)
        result = _rewritten(parsed(kept), own, pictures)[0]
    return Cleaned(words(text), (*found, finding(Kind.WHOLE, text)))


def _rewritten(text: str, own: Own, pictures: Mapping[str, Picture]) -> tuple[str, tuple[Finding, ...]]:
    writer = Writer(text, own, pictures)
    writer.run(_HANDLERS)
    return "".join(writer.out), tuple(dict.fromkeys(writer.findings))
