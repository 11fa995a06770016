"""The addresses in a page: made absolute where the page's own address is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element

from gongshi.importing.readers.web_page.page_source.parsing import ParsedPage

_SAVED_FROM: Final = re.compile(r"\s*saved from url=\(\d{1,5}\)\s*(\S{1,2000})", re.IGNORECASE)
"""The comment that browsers write into a saved page (Microsoft, Mark of the Web)."""
_MAX_LENGTH: Final = 2000
_CONTROLS: Final = re.compile("[\t\r\n]")


@dataclass(frozen=True)
class BaseAddress:
    """The address to which those of a page are relative; empty if it is not known."""

    url: str = ""

    def resolve(self, reference: str) -> str | None:
        """Return the absolute address for a link, or None if it leads nowhere on the web or cannot be known.

        Args:
            reference: the address as it stands in the page.
        """
        plain = clean(reference)
        try:
            found = plain if urlsplit(plain).scheme else urljoin(self.url, plain)
            parts = urlsplit(found)
        except ValueError:
            return None
        if len(found) > _MAX_LENGTH:
            return None
        if parts.scheme.lower() in ("http", "https") and parts.netloc:
            return found
        return found if parts.scheme.lower() in ("mailto", "tel") and len(found) > len(parts.scheme) + 1 else None


def clean(reference: str) -> str:
    """Return an address without blanks around it, as browsers read it (WHATWG URL, 4.4).

    Args:
        reference: the address as it stands in the page.
    """
    return _CONTROLS.sub("", reference.strip())


def base_address(page: ParsedPage, archived: str) -> BaseAddress:
    """Return the address of a page: its `base`, where it was saved from, or what it calls its own address.

    Args:
        page: the page.
        archived: the address that the archive around it names; empty for none.
    """
    saved = next((found[1] for each in page.comments if (found := _SAVED_FROM.match(each))), "")
    own = next(filter(_is_web, (archived, saved, *_named(page.root))), "")
    base = next((each.get("href", "") for each in page.root.iter("base") if each.get("href")), "")
    joined = BaseAddress(own).resolve(base) if base else None
    return BaseAddress(joined or own)


def _named(root: _Element) -> list[str]:
    links = [each.get("href", "") for each in root.iter("link") if each.get("rel", "").lower() == "canonical"]
    return links + [each.get("content", "") for each in root.iter("meta") if each.get("property") == "og:url"]


def _is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))
