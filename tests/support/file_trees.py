"""An independent look at HTML: what libxml2 and Python's own parser find in it, against lists of this module's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import lxml.etree
import lxml.html

FORBIDDEN = frozenset(
    """
    script style iframe frame frameset object embed applet form button select option textarea fieldset svg math template
    noscript meta base link title xmp plaintext noembed noframes dialog marquee portal picture param html head image
    """.split()  # noqa: SIM905
)
LOADING = frozenset(("src", "poster", "background", "data", "srcset", "imagesrcset", "lowsrc", "dynsrc", "manifest"))
NEVER = frozenset(
    """
    style srcdoc action formaction target ping autofocus autoplay contenteditable form is slot xlink:href xmlns usemap
    accesskey http-equiv content hidden
    """.split()  # noqa: SIM905
)
ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|(?![\w+.-]*:))", re.IGNORECASE)


def wrongs(text: str, hosts: tuple[str, ...]) -> list[str]:
    """Everything in a text that no page may have, as either parser sees it.

    Args:
        text: HTML.
        hosts: hosts that things may be loaded from.
    """
    found = [*_lxml(text), *_stdlib(text)]
    wrong = [f"<{name}>" for name, _attributes in found if name in FORBIDDEN]
    wrong += [
        f"{name} {key}={value}"
        for name, attributes in found
        for key, value in attributes.items()
        if key.startswith("on") or key in NEVER or _leads_astray(key, value, hosts)
    ]
    return wrong


def _leads_astray(key: str, value: str, hosts: tuple[str, ...]) -> bool:
    plain = re.sub(r"[\x00-\x20]", "", value).replace("\\", "/")
    if key in LOADING:
        for part in value.split(",") if key.endswith("srcset") else [value]:
            address = re.sub(r"[\x00-\x20]", "", part).replace("\\", "/").lower()
            away = re.match(r"(?:https?:)?/{2,}([^/?#]*)|[a-z][\w+.-]*:", address)
            if away and away[1] not in hosts:
                return True
    return key in {"href", "cite", *LOADING} and not ADDRESS.match(plain)


def _lxml(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    tree = lxml.html.fragment_fromstring(text, create_parent="div")
    for element in tree.iterdescendants():
        assert not isinstance(element, (lxml.etree._Comment, lxml.etree._ProcessingInstruction)), element
        yield str(element.tag), {str(key): str(value) for key, value in element.attrib.items()}


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in {"br", "hr", "img", "input", "source", "track", "wbr", "col"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def _stdlib(text: str) -> list[tuple[str, dict[str, str]]]:
    collector = _Collector()
    collector.feed(text)
    collector.close()
    assert collector.open == []
    return collector.found
