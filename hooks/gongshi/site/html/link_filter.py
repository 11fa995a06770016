"""Link filter: turn each link from an approved page to unpublished content into plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Sequence
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, ETX, HTML_PLACEHOLDER, HTML_PLACEHOLDER_RE, STX

from gongshi.domain.content.paths import parent_dir
from gongshi.site.html.link_targets import LinkTarget, PublicUrls, file_meant
from gongshi.site.html.text_elements import CLOSED

_ATTRIBUTES = frozenset(
    """
    action archive background cite classid codebase data data-href data-src dynsrc formaction href imagesrcset longdesc
    lowsrc manifest ping poster profile src srcset usemap value xlink:href
    """.split()  # noqa: SIM905
)
_LISTS = frozenset(("srcset", "imagesrcset", "ping", "archive"))
_LINK_ATTRIBUTES = frozenset(("title", "target", "rel", "download"))
"""Attributes that describe an address and are removed with it."""
_TEXT_ATTRIBUTES = frozenset(("alt", "aria-label"))
"""Attributes whose text visitors read or hear, so addresses in it are replaced, too."""
_MEDIA = frozenset(("audio", "img", "source", "video"))
_EMPTIED = frozenset(("a", "p", "span"))
"""Elements that are removed if nothing but pictures without a description was in them."""
_ADDRESS = re.compile(r"(?:https?:|www\.|//)[^\s，。；、！？（）《》“”【】]+", re.IGNORECASE)
"""An address in running text; it ends at spaces and Chinese punctuation."""
_PUNCTUATION = "()[]{}<>\"'“”‘’（）《》【】,;!?，；、！？"
_STYLE_URL = re.compile(r"url\(\s*[\"']?([^\"')]*)", re.IGNORECASE)
_REFRESH_URL = re.compile(r"url\s*=\s*[\"']?([^\"']*)", re.IGNORECASE)
_ESCAPE = re.compile(f"{STX}([0-9]{{1,6}}){ETX}")
_TAGS = re.compile(r"(<[^>]*>)")
_MKDOCS_RELATIVE_PATHS = 0
"""Priority of MkDocs' own treeprocessor for links; ours runs before it."""
_TABLE_OF_CONTENTS = 5
"""Priority of the treeprocessor that makes the ids of headings from their words."""
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class PublicLinkFilter(Extension):
    """Markdown extension that removes the addresses of links to unpublished content.

    Args:
        routes: the public addresses.
        placeholder: text that replaces an address in the text of a removed link.
    """

    def __init__(self, routes: PublicUrls, placeholder: str) -> None:
        super().__init__()
        self.routes = routes
        self.placeholder = placeholder
        self.page = ""
        self.address = ""
        self.closed = 0
        """Number of addresses removed from the page so far, except those of pictures, film and sound."""
        self.unshown = 0
        """Number of the page's own pictures, films and sounds so far that are not shown, as they are not published."""
        self.asked: dict[str, str] = {}
        """The target of each link of the page, a value of `LinkTarget`; a cached page depends on it."""
        self.asked_raw: dict[str, str] = {}
        """The same for links in raw HTML."""
        self.cut: list[str] = []
        """The addresses removed from the page so far, with character references resolved."""

    def begin(self, page: str, address: str) -> None:
        """Reset for the next page.

        Args:
            page: its Markdown file, relative to `docs/`.
            address: its address, relative to the site.
        """
        self.page, self.address = page, address
        self.closed, self.unshown, self.asked, self.asked_raw, self.cut = 0, 0, {}, {}, []

    def removes(self, url: str, raw: bool = False) -> bool:
        """Tell whether an address on the current page must be removed, and count it if so.

        Args:
            url: the address in the page.
            raw: True for raw HTML.
        """
        # Markdown writes mail addresses as character references, with a placeholder for the ampersand.
        plain = html.unescape(_unescaped(url.replace(AMP_SUBSTITUTE, "&")))
        leads = self.routes.resolve(plain, self.page, self.address, raw)
        (self.asked_raw if raw else self.asked)[plain] = leads.value
        if leads is not LinkTarget.NOWHERE:
            return False
        self.closed += 1
        self.cut.append(plain)
        return True

    def count_as_media(self, tag: str, removed: Sequence[str]) -> None:
        """Count a picture, film or sound of the page's own bundle as one that is not shown, not as a link.

        It is approved with the page, so it has no address only if it cannot be published.

        Args:
            tag: the element; for any other than `_MEDIA` nothing is done.
            removed: the addresses that were removed from it.
        """
        folder = parent_dir(self.page) if self.page.endswith("/index.md") else None
        if folder and tag in _MEDIA and any((file_meant(url, self.page) or "").startswith(folder) for url in removed):
            self.closed -= len(removed)
            self.unshown += 1

    def mask_urls(self, text: str, urls: Iterable[str]) -> str:
        """Replace addresses in the text of a removed link, in any spelling, with the placeholder.

        Args:
            text: the text of the link.
            urls: the addresses removed from the link.
        """
        text = _unescaped(text)
        if any(unquote(url) in unquote(text) for url in urls if url):
            return self.placeholder
        meant = {point for url in urls for point in self._points(url)}
        for part in sorted({*text.split(), *_ADDRESS.findall(text)}, key=len, reverse=True):
            bare = part.strip(_PUNCTUATION)
            if any(mark in bare for mark in "./\\。．／%") and meant & self._points(bare, f"//{bare}"):
                text = text.replace(bare, self.placeholder)
        return text

    def _points(self, *urls: str) -> set[str]:
        return {point for url in urls for point in self.routes.points(url, self.page, self.address)}

    def filter_html(self, html: str, raw: bool = True) -> str:
        """Remove the addresses of unpublished content from HTML.

        Args:
            html: the HTML of a page or a part of it.
            raw: True for raw HTML; False if paths of files in `docs/` become addresses later.
        """
        return _Rewriter(self, html, raw).result()

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        """Register the processors with Markdown.

        Args:
            md: the converter.
        """
        md.treeprocessors.register(_Links(self, md, _HEADINGS), "gongshi_heading_links", _TABLE_OF_CONTENTS + 0.5)
        md.treeprocessors.register(_Links(self, md), "gongshi_links", _MKDOCS_RELATIVE_PATHS + 0.5)
        md.postprocessors.register(_RawLinks(self, md), "gongshi_raw_links", 31)


class _Links(Treeprocessor):
    """Removes addresses from a text, or from the elements inside some of its elements.

    Args:
        gate: the link filter.
        md: the converter.
        inside: the names of these elements; None for the whole text.
    """

    def __init__(self, gate: PublicLinkFilter, md: markdown.Markdown, inside: Collection[str] | None = None) -> None:
        super().__init__(md)
        self.gate = gate
        self.inside = inside

    def run(self, root: Element) -> None:
        unseen: list[Element] = []
        inside = self.inside
        roots = [root] if inside is None else [each for each in root.iter() if each.tag in inside and len(each)]
        for element in (each for part in roots for each in part.iter()):
            if not isinstance(element.tag, str):
                continue
            before = len(self.gate.cut)
            for name, url in list(element.attrib.items()):
                if not isinstance(url, str) or any(self.gate.removes(part) for part in _urls_in(name.lower(), url)):
                    del element.attrib[name]
            if len(self.gate.cut) > before:
                self._replace_addresses(element, self.gate.cut[before:])
                self.gate.count_as_media(element.tag, self.gate.cut[before:])
            if "mermaid" in element.get("class", ""):
                del element.attrib["class"]
            # MkDocs requires that each of these elements has an address.
            if (element.tag == "a" and "href" not in element.attrib) or (
                element.tag == "img" and "src" not in element.attrib
            ):
                self._unlink(element)
                if not len(element) and not (element.text or "").strip():
                    unseen.append(element)
        if unseen:
            _remove(root, unseen)

    def _replace_addresses(self, element: Element, urls: list[str]) -> None:
        for name in _TEXT_ATTRIBUTES.intersection(element.keys()):
            element.set(name, self.gate.mask_urls(element.attrib[name], urls))
        for each in element.iter():
            if each.text:
                each.text = self.gate.mask_urls(each.text, urls)
            if each.tail and each is not element:
                each.tail = self.gate.mask_urls(each.tail, urls)

    def _unlink(self, element: Element) -> None:
        if element.tag == "img":
            element.text = element.attrib.pop("alt", "")
        element.tag = "span"
        for name in _LINK_ATTRIBUTES:
            element.attrib.pop(name, None)


def _remove(root: Element, unseen: list[Element]) -> None:
    """Remove elements that show nothing, and what has no other content; the text after them stays."""
    parents = {child: parent for parent in root.iter() for child in parent}
    for element in unseen:
        parent = parents[element]
        place = list(parent).index(element)
        if place:
            before = parent[place - 1]
            before.tail = (before.tail or "") + (element.tail or "") or None
        else:
            parent.text = (parent.text or "") + (element.tail or "") or None
        parent.remove(element)
        if parent is not root and parent.tag in _EMPTIED and not len(parent) and not (parent.text or "").strip():
            unseen.append(parent)


class _RawLinks(Postprocessor):
    def __init__(self, gate: PublicLinkFilter, md: markdown.Markdown) -> None:
        super().__init__(md)
        self.gate = gate
        self._stash: list[Any] = []
        """The raw HTML blocks of the current page."""
        self._handled = 0
        """Number of blocks handled so far, whether they are in the text or not."""
        self.done: dict[int, tuple[str, list[str] | None]] = {}
        """Rewritten blocks by index, each with the removed addresses of the link that is open at its end; None if no
        link starts or ends in the block."""

    def run(self, text: str) -> str:
        assert self.md is not None
        stash: list[Any] = self.md.htmlStash.rawHtmlBlocks
        if stash is not self._stash:
            self._stash, self._handled, self.done = stash, 0, {}
        seen = set()
        removed_urls: list[str] = []
        parts = HTML_PLACEHOLDER_RE.split(text)
        # An inline tag is a block of its own, so the text of a link lies between two blocks.
        for place in range(1, len(parts), 2):
            index = int(parts[place])
            parts[place - 1] = self._replace_in_text(parts[place - 1], removed_urls)
            if index < len(stash):
                removed_urls = self._rewritten(stash, index, removed_urls)
                seen.add(index)
            parts[place] = HTML_PLACEHOLDER % index
        # The table of contents calls this for each heading, and the list of blocks only grows.
        for index in range(self._handled, len(stash)):
            if index not in seen:
                self._rewritten(stash, index, [])
        self._handled = len(stash)
        return "".join(parts)

    def _rewritten(self, stash: list[Any], index: int, removed_urls: list[str]) -> list[str]:
        """Rewrite a block; return the removed addresses of the link that is open at its end."""
        block = stash[index]
        if not isinstance(block, str) or "<" not in block:
            return removed_urls
        # Postprocessors also run for each heading, so most blocks are handled several times.
        done, after = self.done.get(index, (None, None))
        if done is not block:
            rewriter = _Rewriter(self.gate, block, raw=True, removed_urls=removed_urls)
            stash[index] = rewriter.result()
            after = rewriter.removed_urls if rewriter.has_link_boundary else None
            self.done[index] = stash[index], after
        return removed_urls if after is None else after

    def _replace_in_text(self, text: str, removed_urls: list[str]) -> str:
        if not removed_urls:
            return text
        return "".join(
            part if part.startswith("<") else _replace_addresses_in_html(self.gate, part, removed_urls)
            for part in _TAGS.split(text)
        )


class _Rewriter(HTMLParser):
    """Removes URL attributes from start tags and keeps every other byte of the HTML."""

    def __init__(self, gate: PublicLinkFilter, source: str, raw: bool, removed_urls: Iterable[str] = ()) -> None:
        super().__init__(convert_charrefs=False)
        self.gate = gate
        self.source = source
        self.raw = raw
        self.lines = [0]
        for line in source.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.edits: list[tuple[int, int, str]] = []
        self.removed_urls = list(removed_urls)
        """The addresses removed from the link around the current position."""
        self.has_link_boundary = False
        """True if a link starts or ends in the source."""
        self.read = 0
        """Index of the end of the last tag."""

    def result(self) -> str:
        try:
            self.feed(self.source)
            self.close()
        except AssertionError:
            # The parser fails on declarations such as `<![x[`; as escaped text they are harmless.
            return html.escape(self.source)
        parts, place = [], 0
        for start, end, tag in self.edits:
            parts += [self.source[place:start], tag]
            place = end
        return "".join([*parts, self.source[place:]])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._replace_addresses_before_tag()
        before = len(self.gate.cut)
        kept = [
            (name, value)
            for name, value in attrs
            if value is None
            or not (
                _is_forbidden(name, value) or any(self.gate.removes(part, self.raw) for part in _urls_in(name, value))
            )
        ]
        original = self.get_starttag_text() or ""
        self.read = start + len(original)
        cut = self.gate.cut[before:]
        self.gate.count_as_media(tag, cut)
        if cut:
            kept = [
                (name, self.gate.mask_urls(value, cut) if value and name in _TEXT_ATTRIBUTES else value)
                for name, value in kept
                if name not in _LINK_ATTRIBUTES
            ]
            kept += [(CLOSED, None)] if tag == "a" else []
        if tag == "a":
            self.removed_urls, self.has_link_boundary = cut, True
        if kept != attrs:
            end = " /" if original.endswith("/>") else ""
            self.edits.append((start, self.read, f"<{tag}{''.join(map(_attribute, kept))}{end}>"))

    def handle_endtag(self, tag: str) -> None:
        start = self._replace_addresses_before_tag()
        self.read = max(self.source.find(">", start), start) + 1
        if tag == "a":
            self.removed_urls, self.has_link_boundary = [], True

    def _replace_addresses_before_tag(self) -> int:
        """Replace addresses in the text before the current tag; return the index at which the tag starts."""
        line, column = self.getpos()
        start = self.lines[line - 1] + column
        text_before = self.source[self.read : start]
        if self.removed_urls and "<" not in text_before:
            kept = _replace_addresses_in_html(self.gate, text_before, self.removed_urls)
            if kept != text_before:
                self.edits.append((self.read, start, kept))
        return start

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def _unescaped(text: str) -> str:
    """Restore backslash-escaped characters, which Markdown replaces with codes until the end of the conversion."""
    return _ESCAPE.sub(lambda found: chr(int(found[1])), text) if STX in text else text


def _replace_addresses_in_html(gate: PublicLinkFilter, text: str, urls: list[str]) -> str:
    plain = html.unescape(text)
    kept = gate.mask_urls(plain, urls) if plain.strip() else plain
    return text if kept == plain else html.escape(kept, quote=False)


def _is_forbidden(name: str, value: str) -> bool:
    """Tell whether an attribute makes the theme load a library from another host, or contains a whole page."""
    return (name == "class" and "mermaid" in value) or name == "srcdoc"


def _attribute(pair: tuple[str, str | None]) -> str:
    name, value = pair
    if value is None:
        return f" {name}"
    escaped = value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f' {name}="{escaped}"'


def _urls_in(name: str, value: str) -> list[str]:
    """Return the URLs in an attribute, including those in `style` and in the `content` of a refresh."""
    if name == "style":
        return _STYLE_URL.findall(value)
    if name == "content":
        return _REFRESH_URL.findall(value)
    if name not in _ATTRIBUTES:
        return []
    if name in _LISTS:
        return [part for part in re.split(r"[,\s]+", value) if "/" in part or "." in part]
    # The value of a button or parameter counts as an address only if it contains a slash.
    return [value] if name != "value" or "/" in value else []
