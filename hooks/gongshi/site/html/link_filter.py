"""Links from approved pages: one that leads to something that is not public loses its address and keeps its text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, ETX, HTML_PLACEHOLDER, HTML_PLACEHOLDER_RE, STX

from gongshi.site.html.link_targets import Leads, Routes
from gongshi.site.html.text_elements import CLOSED

_ATTRIBUTES = frozenset(
    """
    action archive background cite classid codebase data data-href data-src dynsrc formaction href imagesrcset longdesc
    lowsrc manifest ping poster profile src srcset usemap value xlink:href
    """.split()  # noqa: SIM905
)
_LISTS = frozenset(("srcset", "imagesrcset", "ping", "archive"))
_OF_ADDRESS = frozenset(("title", "target", "rel", "download"))
"""Attributes that say something of an address, and go with it."""
_SPOKEN = frozenset(("alt", "aria-label"))
"""Attributes that visitors read or hear."""
_ADDRESS = re.compile(r"(?:https?:|www\.|//)[^\s，。；、！？（）《》“”【】]+", re.IGNORECASE)
"""An address within words, up to Chinese punctuation."""
_AROUND = "()[]{}<>\"'“”‘’（）《》【】,;!?，；、！？"
_STYLE_URL = re.compile(r"url\(\s*[\"']?([^\"')]*)", re.IGNORECASE)
_REFRESH_URL = re.compile(r"url\s*=\s*[\"']?([^\"']*)", re.IGNORECASE)
_ESCAPE = re.compile(f"{STX}([0-9]{{1,6}}){ETX}")
_TAGS = re.compile(r"(<[^>]*>)")
_MKDOCS_RELATIVE_PATHS = 0
"""The priority of MkDocs' own treeprocessor for links; ours comes before it."""


class LinkGate(Extension):
    """A Markdown extension that takes the address off links to what is not public.

    Args:
        routes: what is public.
        placeholder: stands for a link whose text is its address.
    """

    def __init__(self, routes: Routes, placeholder: str) -> None:
        super().__init__()
        self.routes = routes
        self.placeholder = placeholder
        self.page = ""
        self.address = ""
        self.closed = 0
        """How many links of the page lost their address so far."""
        self.asked: dict[str, str] = {}
        """Where each link of the page leads, a value of `Leads`."""
        self.asked_raw: dict[str, str] = {}
        """The same for links in HTML that visitors get as it is."""
        self.cut: list[str] = []
        """The addresses that were taken off the page so far, character references resolved."""

    def begin(self, page: str, address: str) -> None:
        """Say which page is converted next.

        Args:
            page: its Markdown file, relative to `docs/`.
            address: its address, relative to the site.
        """
        self.page, self.address = page, address
        self.closed, self.asked, self.asked_raw, self.cut = 0, {}, {}, []

    def closes(self, url: str, raw: bool = False) -> bool:
        """Whether a URL on the present page must go.

        Args:
            url: as it stands in the page.
            raw: whether it stands in HTML that visitors get as it is.
        """
        # Markdown writes mail addresses as entities behind a placeholder for the ampersand.
        plain = html.unescape(_unescaped(url.replace(AMP_SUBSTITUTE, "&")))
        leads = self.routes.leads(plain, self.page, self.address, raw)
        (self.asked_raw if raw else self.asked)[plain] = leads.value
        if leads is not Leads.NOWHERE:
            return False
        self.closed += 1
        self.cut.append(plain)
        return True

    def hushed(self, text: str, urls: Iterable[str]) -> str:
        """The text of a link that lost its addresses, with a placeholder for each of them, in whatever form.

        Args:
            text: what visitors would read.
            urls: the addresses that the link lost.
        """
        text = _unescaped(text)
        if any(unquote(url) in unquote(text) for url in urls if url):
            return self.placeholder
        meant = {point for url in urls for point in self._points(url)}
        for part in sorted({*text.split(), *_ADDRESS.findall(text)}, key=len, reverse=True):
            bare = part.strip(_AROUND)
            if any(mark in bare for mark in "./\\。．／%") and meant & self._points(bare, f"//{bare}"):
                text = text.replace(bare, self.placeholder)
        return text

    def _points(self, *urls: str) -> set[str]:
        return {point for url in urls for point in self.routes.points(url, self.page, self.address)}

    def sifted(self, html: str, raw: bool = True) -> str:
        """HTML without the addresses that lead nowhere.

        Args:
            html: as it stands in the page.
            raw: whether visitors get it as it is; else names of files become addresses later.
        """
        return _Rewriter(self, html, raw).result()

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        """Register with Markdown."""
        md.treeprocessors.register(_Links(self, md), "gongshi_links", _MKDOCS_RELATIVE_PATHS + 0.5)
        md.postprocessors.register(_RawLinks(self, md), "gongshi_raw_links", 31)


class _Links(Treeprocessor):
    def __init__(self, gate: LinkGate, md: markdown.Markdown) -> None:
        super().__init__(md)
        self.gate = gate

    def run(self, root: Element) -> None:
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            before = len(self.gate.cut)
            for name, url in list(element.attrib.items()):
                if not isinstance(url, str) or any(self.gate.closes(part) for part in _urls(name.lower(), url)):
                    del element.attrib[name]
            if len(self.gate.cut) > before:
                self._blank(element, self.gate.cut[before:])
            if "mermaid" in element.get("class", ""):
                del element.attrib["class"]
            # MkDocs takes it for granted that each of these has an address.
            if (element.tag == "a" and "href" not in element.attrib) or (
                element.tag == "img" and "src" not in element.attrib
            ):
                self._unlink(element)

    def _blank(self, element: Element, urls: list[str]) -> None:
        for name in _SPOKEN.intersection(element.keys()):
            element.set(name, self.gate.hushed(element.attrib[name], urls))
        for each in element.iter():
            if each.text:
                each.text = self.gate.hushed(each.text, urls)
            if each.tail and each is not element:
                each.tail = self.gate.hushed(each.tail, urls)

    def _unlink(self, element: Element) -> None:
        if element.tag == "img":
            element.text = element.attrib.pop("alt", "")
        element.tag = "span"
        for name in _OF_ADDRESS:
            element.attrib.pop(name, None)


class _RawLinks(Postprocessor):
    def __init__(self, gate: LinkGate, md: markdown.Markdown) -> None:
        super().__init__(md)
        self.gate = gate
        self._stash: list[Any] = []
        """The raw HTML of the page that is converted."""
        self._looked_at = 0
        """How many blocks of it were looked at, shown or not."""
        self.done: dict[int, tuple[str, list[str] | None]] = {}
        """Blocks that were rewritten, and which addresses a link lost that is open behind each; None where none begins
        or ends in it."""

    def run(self, text: str) -> str:
        assert self.md is not None
        stash: list[Any] = self.md.htmlStash.rawHtmlBlocks
        if stash is not self._stash:
            self._stash, self._looked_at, self.done = stash, 0, {}
        seen = set()
        muted: list[str] = []
        parts = HTML_PLACEHOLDER_RE.split(text)
        # A tag within a line is a block of its own, and the text of a link stands between two of them.
        for place in range(1, len(parts), 2):
            index = int(parts[place])
            parts[place - 1] = self._hushed(parts[place - 1], muted)
            if index < len(stash):
                muted = self._rewritten(stash, index, muted)
                seen.add(index)
            parts[place] = HTML_PLACEHOLDER % index
        # The table of contents asks for this once for each heading, and the HTML only becomes more.
        for index in range(self._looked_at, len(stash)):
            if index not in seen:
                self._rewritten(stash, index, [])
        self._looked_at = len(stash)
        return "".join(parts)

    def _rewritten(self, stash: list[Any], index: int, muted: list[str]) -> list[str]:
        """Rewrite a block; the addresses that a link lost which is open at its end."""
        block = stash[index]
        if not isinstance(block, str) or "<" not in block:
            return muted
        # Postprocessors run for each heading, too, so most blocks come here several times.
        done, after = self.done.get(index, (None, None))
        if done is not block:
            rewriter = _Rewriter(self.gate, block, raw=True, muted=muted)
            stash[index] = rewriter.result()
            after = rewriter.muted if rewriter.turned else None
            self.done[index] = stash[index], after
        return muted if after is None else after

    def _hushed(self, text: str, muted: list[str]) -> str:
        if not muted:
            return text
        return "".join(
            part if part.startswith("<") else _hushed_html(self.gate, part, muted) for part in _TAGS.split(text)
        )


class _Rewriter(HTMLParser):
    """Takes URL attributes out of start tags and leaves every other byte of the HTML as it is."""

    def __init__(self, gate: LinkGate, source: str, raw: bool, muted: Iterable[str] = ()) -> None:
        super().__init__(convert_charrefs=False)
        self.gate = gate
        self.source = source
        self.raw = raw
        self.lines = [0]
        for line in source.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.edits: list[tuple[int, int, str]] = []
        self.muted = list(muted)
        """The addresses that the link around the present place lost."""
        self.turned = False
        """Whether a link begins or ends in the source."""
        self.read = 0
        """Where the last tag ended."""

    def result(self) -> str:
        try:
            self.feed(self.source)
            self.close()
        except AssertionError:
            # The parser gives up on declarations such as `<![x[`: shown as text, they do no harm.
            return html.escape(self.source)
        parts, place = [], 0
        for start, end, tag in self.edits:
            parts += [self.source[place:start], tag]
            place = end
        return "".join([*parts, self.source[place:]])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._hush()
        before = len(self.gate.cut)
        kept = [
            (name, value)
            for name, value in attrs
            if value is None
            or not (_foreign(name, value) or any(self.gate.closes(part, self.raw) for part in _urls(name, value)))
        ]
        original = self.get_starttag_text() or ""
        self.read = start + len(original)
        cut = self.gate.cut[before:]
        if cut:
            kept = [
                (name, self.gate.hushed(value, cut) if value and name in _SPOKEN else value)
                for name, value in kept
                if name not in _OF_ADDRESS
            ]
            kept += [(CLOSED, None)] if tag == "a" else []
        if tag == "a":
            self.muted, self.turned = cut, True
        if kept != attrs:
            end = " /" if original.endswith("/>") else ""
            self.edits.append((start, self.read, f"<{tag}{''.join(map(_attribute, kept))}{end}>"))

    def handle_endtag(self, tag: str) -> None:
        start = self._hush()
        self.read = max(self.source.find(">", start), start) + 1
        if tag == "a":
            self.muted, self.turned = [], True

    def _hush(self) -> int:
        """Blank addresses in the text before the present tag, which is where that begins."""
        line, column = self.getpos()
        start = self.lines[line - 1] + column
        said = self.source[self.read : start]
        if self.muted and "<" not in said:
            kept = _hushed_html(self.gate, said, self.muted)
            if kept != said:
                self.edits.append((self.read, start, kept))
        return start

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def _unescaped(text: str) -> str:
    """The text with the characters that a backslash stood before, which Markdown puts back at the very end."""
    return _ESCAPE.sub(lambda found: chr(int(found[1])), text) if STX in text else text


def _hushed_html(gate: LinkGate, text: str, urls: list[str]) -> str:
    plain = html.unescape(text)
    kept = gate.hushed(plain, urls) if plain.strip() else plain
    return text if kept == plain else html.escape(kept, quote=False)


def _foreign(name: str, value: str) -> bool:
    """Whether an attribute makes the theme load its diagram library from another host, or holds a page of its own."""
    return (name == "class" and "mermaid" in value) or name == "srcdoc"


def _attribute(pair: tuple[str, str | None]) -> str:
    name, value = pair
    if value is None:
        return f" {name}"
    escaped = value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f' {name}="{escaped}"'


def _urls(name: str, value: str) -> list[str]:
    """The URLs in an attribute; those in styles and in refreshing pages, too."""
    if name == "style":
        return _STYLE_URL.findall(value)
    if name == "content":
        return _REFRESH_URL.findall(value)
    if name not in _ATTRIBUTES:
        return []
    if name in _LISTS:
        return [part for part in re.split(r"[,\s]+", value) if "/" in part or "." in part]
    # A button's or a parameter's value is an address only where it looks like one.
    return [value] if name != "value" or "/" in value else []
