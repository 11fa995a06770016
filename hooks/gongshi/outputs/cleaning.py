"""What of an entry's HTML reaches its page: nothing that runs, and nothing from another host.

The parser of nh3 (ammonia, html5ever) reads the text, `elements` and `embedding` decide tag by tag, and nh3 sifts the
result once more against the same lists. A text is clean when all this leaves it as it is. So cleaning a clean text
changes nothing, and no second reading of it can turn harmless text into tags (M. Heiderich and others, mXSS Attacks:
Attacking well-secured Web-Applications by using innerHTML Mutations, 2013).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongshi.outputs import elements, embedding
from gongshi.outputs.addresses import Own
from gongshi.outputs.markup import parsed, sifted, unknown, words
from gongshi.outputs.removals import Finding, Kind, finding, finding_text
from gongshi.outputs.writer import Picture, Writer

__all__ = ["Cleaned", "Finding", "Kind", "Own", "Picture", "clean", "finding_text"]

_ROUNDS = 8
"""Ordinary texts are clean after one round; those that are not after eight were made to be odd."""

_HANDLERS = {
    "a": elements.link,
    "audio": embedding.media,
    "div": elements.division,
    "embed": embedding.frame,
    "h1": elements.heading,
    "iframe": embedding.frame,
    "img": embedding.image,
    "input": elements.input,
    "label": elements.label,
    "object": embedding.frame,
    "p": embedding.paragraph,
    "pre": elements.preformatted,
    "source": embedding.source,
    "span": elements.span,
    "table": elements.table,
    "td": elements.cell,
    "th": elements.cell,
    "track": embedding.source,
    "video": embedding.media,
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
