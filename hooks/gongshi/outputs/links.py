"""Links from approved pages: one that leads to something that is not public loses its address and keeps its text."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from gongshi.outputs.routes import Leads, Routes

_ATTRIBUTES = frozenset(
    """
    action archive background cite classid codebase data data-href data-src dynsrc formaction href imagesrcset longdesc
    lowsrc manifest ping poster profile src srcset usemap value xlink:href
    """.split()  # noqa: SIM905
)
_LISTS = frozenset(("srcset", "imagesrcset", "ping", "archive"))
_STYLE_URL = re.compile(r"url\(\s*[\"']?([^\"')]*)", re.IGNORECASE)
_REFRESH_URL = re.compile(r"url\s*=\s*[\"']?([^\"']*)", re.IGNORECASE)
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

    def begin(self, page: str, address: str) -> None:
        """Say which page is converted next.

        Args:
            page: its Markdown file, relative to `docs/`.
            address: its address, relative to the site.
        """
        self.page, self.address = page, address
        self.closed, self.asked = 0, {}

    def closes(self, url: str) -> bool:
        """Whether a URL on the present page must go."""
        # Markdown writes mail addresses as entities behind a placeholder for the ampersand.
        plain = html.unescape(url.replace(AMP_SUBSTITUTE, "&"))
        leads = self.routes.leads(plain, self.page, self.address)
        self.asked[plain] = leads.value
        self.closed += leads is Leads.NOWHERE
        return leads is Leads.NOWHERE

    def sifted(self, html: str) -> str:
        """HTML without the addresses that lead nowhere.

        Args:
            html: as it stands in the page.
        """
        return _Rewriter(self, html).result()

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
            for name, url in list(element.attrib.items()):
                if not isinstance(url, str):
                    del element.attrib[name]
                elif any(self.gate.closes(part) for part in _urls(name.lower(), url)):
                    del element.attrib[name]
                    self._blank(element, url)
            if "mermaid" in element.get("class", ""):
                del element.attrib["class"]
            # MkDocs takes it for granted that each of these has an address.
            if (element.tag == "a" and "href" not in element.attrib) or (
                element.tag == "img" and "src" not in element.attrib
            ):
                self._unlink(element)

    def _blank(self, element: Element, url: str) -> None:
        if element.text and unquote(url) in unquote(element.text):
            element.text = self.gate.placeholder

    def _unlink(self, element: Element) -> None:
        if element.tag == "img":
            element.text = element.attrib.pop("alt", "")
        element.tag = "span"
        for name in ("title", "target", "rel", "download"):
            element.attrib.pop(name, None)


class _RawLinks(Postprocessor):
    def __init__(self, gate: LinkGate, md: markdown.Markdown) -> None:
        super().__init__(md)
        self.gate = gate
        self._stash: list[Any] = []
        """The raw HTML of the page that is converted."""
        self._done = 0
        """How many pieces of it are rewritten."""

    def run(self, text: str) -> str:
        assert self.md is not None
        stash: list[Any] = self.md.htmlStash.rawHtmlBlocks
        if stash is not self._stash:
            self._stash, self._done = stash, 0
        # The table of contents asks for this once for each heading, and the HTML only becomes more.
        for index in range(self._done, len(stash)):
            if isinstance(stash[index], str) and "<" in stash[index]:
                stash[index] = _Rewriter(self.gate, stash[index]).result()
        self._done = len(stash)
        return text


class _Rewriter(HTMLParser):
    """Takes URL attributes out of start tags and leaves every other byte of the HTML as it is."""

    def __init__(self, gate: LinkGate, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.gate = gate
        self.source = source
        self.lines = [0]
        for line in source.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.edits: list[tuple[int, int, str]] = []

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
        kept = [
            (name, value)
            for name, value in attrs
            if value is None
            or not (_foreign(name, value) or any(self.gate.closes(part) for part in _urls(name, value)))
        ]
        if len(kept) < len(attrs):
            line, column = self.getpos()
            start = self.lines[line - 1] + column
            original = self.get_starttag_text() or ""
            end = " /" if original.endswith("/>") else ""
            self.edits.append((start, start + len(original), f"<{tag}{''.join(map(_attribute, kept))}{end}>"))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


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
