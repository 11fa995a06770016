"""Handlers of the sanitizer for links, tables, headings, and the parts of tabs and task lists."""

from __future__ import annotations

import re
from typing import Final

from gongshi.site.html import allowlist
from gongshi.site.html.allowlist import escaped, quoted, unescaped
from gongshi.site.html.findings import RemovedKind
from gongshi.site.html.rewriter import HtmlRewriter
from gongshi.site.html.urls import UrlKind

AWAY, MARK, PHOTO, TABLE = "gs-away", "gs-away__mark", "gs-photo", "gs-table"
_REL: Final = "noopener noreferrer external"
CLOSED: Final = "data-gs-closed"
"""Attribute of a link whose address the link filter removed; the link filter reports it, so the sanitizer does not."""
_TABS = re.compile(r"__tabbed_\d+$")
_THEME = re.compile(r"gs-|__(?!tabbed_\d)")


def link(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Keep a link to this site, mark a link to another site, and remove a forbidden or broken address."""
    if writer.within("a") or is_photo(writer, attributes):
        writer.unwrap(name)
        return
    values = writer.kept(name, attributes)
    if " name=" in attributes and "id" not in values:
        _anchor(values, attributes)
    if "href" not in values:
        if "id" in values:
            writer.start(name, values)
        else:
            if CLOSED not in attributes:
                writer.report(RemovedKind.ADDRESS, writer.pieces[writer.place - 1])
            writer.unwrap(name)
        return
    values["href"] = quoted(writer.own.normalize_url(unescaped(values["href"])))
    place = writer.at(values["href"])
    if place is UrlKind.AWAY:
        external_link(writer, name, values)
    elif place in (UrlKind.FORBIDDEN, UrlKind.BROKEN):
        writer.report(RemovedKind.ADDRESS, values["href"])
        writer.unwrap(name)
    else:
        writer.start(name, values)


def external_link(writer: HtmlRewriter, name: str, values: dict[str, str]) -> None:
    """Start a link to another site; the mark `(external link)` is written at its end.

    Args:
        writer: the rewriter.
        name: the element that becomes the link.
        values: its attributes, with `href`.
    """
    values.pop("download", None)
    values["class"] = f"{values['class']} {AWAY}" if "class" in values else AWAY
    values["rel"] = _REL
    writer.start(name, values, "a", f"{_mark(writer)}</a>")


def replacement_link(writer: HtmlRewriter, address: str, text: str) -> str:
    """Return a plain link to replace an element that is not shown.

    Args:
        writer: the rewriter.
        address: the address of the link.
        text: its text; if empty, the address is the text.
    """
    shown = escaped(text.strip() or address)
    place = writer.own.place(address)
    if writer.within("a") or place not in (UrlKind.OWN, UrlKind.BESIDE, UrlKind.AWAY) or not address:
        return escaped(text)
    if place is not UrlKind.AWAY:
        return f'<a href="{quoted(address)}">{shown}</a>'
    return f'<a href="{quoted(address)}" class="{AWAY}" rel="{_REL}">{shown}{_mark(writer)}</a>'


def _mark(writer: HtmlRewriter) -> str:
    return f'<span class="{MARK}">{escaped(writer.own.away)}</span>'


def _anchor(values: dict[str, str], attributes: str) -> None:
    """Turn the outdated `name` attribute of an anchor into an `id`."""
    names = [value for key, value in allowlist.attributes(attributes) if key == "name"]
    if names and not _THEME.match(names[0]):
        values["id"] = names[0]


def is_photo(writer: HtmlRewriter, attributes: str) -> bool:
    """Tell whether a link is one that the sanitizer itself puts around a picture, leading to the full-size picture.

    Args:
        writer: the rewriter.
        attributes: the attributes of the link as HTML.
    """
    if f'class="{PHOTO}"' not in attributes or writer.pieces[writer.place - 1]:
        return False
    following = writer.pieces[writer.place : writer.place + 6]
    if following[1:2] != ["img"] or following[3:6] != ["", "/", "a"]:
        return False
    values = dict(allowlist.attributes(following[2]))
    picture = writer.pictures.get(unescaped(values.get("src", "")))
    target = dict(allowlist.attributes(attributes)).get("href")
    return picture is not None and picture.large is not None and quoted(picture.large) == target


def span(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Remove the mark of a link to another site, because the sanitizer writes it again."""
    place = writer.place
    if attributes == f' class="{MARK}"' and writer.pieces[place - 1 : place + 2] == [
        escaped(writer.own.away),
        "/",
        "span",
    ]:
        writer.place += 4
    else:
        writer.keep(name, attributes)


def division(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Remove the box around a table, because the sanitizer writes it again."""
    if attributes and f'class="{TABLE}"' in attributes:
        writer.unwrap(name)
    else:
        writer.keep(name, attributes)


def table(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Put a table into a box that can be scrolled by keyboard, except code listings with line numbers."""
    values = writer.kept(name, attributes)
    if values.get("class") in ("highlighttable", "codehilitetable"):
        writer.start(name, values)
        return
    writer.tables += 1
    label = _caption(writer) or f"{writer.own.table} {writer.tables}"
    writer.out.append(f'<div class="{TABLE}" tabindex="0" role="region" aria-label="{quoted(label)}">')
    writer.start(name, values, closing="</table></div>")


def _caption(writer: HtmlRewriter) -> str:
    pieces, place = writer.pieces, writer.place
    if pieces[place : place + 2] != ["", "caption"]:
        return ""
    texts = []
    while place < len(pieces) and pieces[place : place + 2] != ["/", "caption"]:
        texts.append(pieces[place + 3])
        place += 4
    return " ".join(unescaped("".join(texts)).split())


def cell(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Add `scope` to header cells."""
    values = writer.kept(name, attributes) if attributes else {}
    if name == "th" and "scope" not in values and _in_head(writer):
        values["scope"] = "col"
    writer.start(name, values)


def _in_head(writer: HtmlRewriter) -> bool:
    return writer.open.depth("thead") > writer.open.depth("table")


def centred(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Turn the outdated `center` into a division whose text is centred."""
    writer.start(name, {**writer.kept(name, attributes), "class": "gs-center"}, "div")


def heading(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Turn `h1` into `h2`, because the page's title is the `h1`."""
    writer.start(name, writer.kept(name, attributes), "h2")


def preformatted(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Remove empty lines at the start: parsers drop the first one, so each further parsing would drop one more."""
    writer.keep(name, attributes)
    writer.pieces[writer.place - 1] = writer.pieces[writer.place - 1].lstrip("\n")


def input(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Keep the radio buttons of tabs and the check boxes of task lists; drop every other field."""
    values = writer.kept(name, attributes)
    kind = values.get("type")
    if kind == "radio" and _TABS.match(values.get("name", "")) and writer.within_class("tabbed-set"):
        writer.start(name, values)
    elif kind == "checkbox" and writer.within_class("task-list-item"):
        values.pop("name", None)
        writer.start(name, values)
    else:
        writer.drop_tag(name, attributes)


def label(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Keep the labels of tabs and task lists; drop every other label."""
    values = writer.kept(name, attributes)
    is_theirs = writer.within_class("tabbed-set") or writer.within_class("task-list-item")
    if is_theirs and not _THEME.match(values.get("for", "")):
        writer.start(name, values)
    else:
        writer.drop_tag(name, attributes)
