"""Handlers of the sanitizer for pictures, sound, video and frames: our own are shown, others become plain links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from gongshi.domain.config import attachment_types
from gongshi.site.html import allowlist
from gongshi.site.html.allowlist import escaped, quoted, tag, unescaped
from gongshi.site.html.findings import RemovedKind
from gongshi.site.html.rewriter import HtmlRewriter, Picture
from gongshi.site.html.text_elements import PHOTO, replacement_link
from gongshi.site.html.urls import UrlKind, file_name

_MAX_WIDTH = 960
"""Maximum width of a picture on a page, in CSS pixels."""
_OUTSIDE = (UrlKind.AWAY, UrlKind.BESIDE)
"""Places outside the site; pictures, sound and video from there are not shown, because nobody approved their bytes."""
_NUMBER = re.compile(r"[0-9]{1,5}%?\Z")
_PICTURES = frozenset((*attachment_types.PICTURES.split(), *attachment_types.OTHER_PICTURES))
_PLAYERS = {
    **dict.fromkeys(attachment_types.PLAYED_FILMS, "video"),
    **dict.fromkeys(attachment_types.PLAYED_SOUNDS, "audio"),
}
"""The element that plays a file, by the extension of its name."""
_OF_PICTURES = frozenset(("alt", "decoding", "loading", "sizes", "src", "srcset"))


def image(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Write a picture, or a link instead of it if it is not one of the site's own."""
    values = writer.kept(name, attributes)
    if missing := _missing(attributes):
        writer.report(RemovedKind.MISSING, missing)
        writer.out.append(escaped(unescaped(values.get("alt", ""))))
    else:
        writer.out.append(_picture(writer, values))


def _missing(attributes: str) -> str:
    """Return the address of a picture that no browser can load from here; empty for any other.

    Articles of WeChat name it in `data-src`, for a script; word processors write the bytes into the address.
    """
    values = dict(allowlist.attributes(attributes))
    source = unescaped(values.get("src", "")).strip()
    if source and not source.lower().startswith("data:"):
        return ""
    return unescaped(values.get("data-src", "")).strip() or source


def paragraph(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Turn a paragraph that holds only one picture, film or sound with a title into a figure with a caption."""
    pieces, place = writer.pieces, writer.place
    only = pieces[place : place + 2] == ["", "img"] and pieces[place + 4 : place + 6] == ["/", "p"]
    if only and not pieces[place - 1].strip() and not pieces[place + 3].strip() and not writer.within("figure"):
        shown = writer.kept("img", pieces[place + 2])
        title = unescaped(shown.get("title", "")).strip()
        if (
            title
            and not _missing(pieces[place + 2])
            and _place(writer, shown) is UrlKind.OWN
            and is_shown(unescaped(shown["src"]))
        ):
            del shown["title"]
            caption = f"<figcaption>{escaped(title)}</figcaption>"
            writer.out += [tag("figure", writer.kept(name, attributes)), _picture(writer, shown), caption, "</figure>"]
            writer.place += 8
            return
    writer.keep(name, attributes)


def _picture(writer: HtmlRewriter, values: dict[str, str]) -> str:
    address = writer.own.normalize_url(unescaped(values.get("src", "")))
    place = _place(writer, values)
    if place is not UrlKind.OWN:
        if address:
            writer.report(RemovedKind.PICTURE if place in _OUTSIDE else RemovedKind.ADDRESS, address)
        return replacement_link(writer, address, unescaped(values.get("alt", "")))
    ending = _ending(address)
    if ending in _PLAYERS and not writer.within("a"):
        return _player(_PLAYERS[ending], address, values)
    if ending not in _PICTURES and (ending in _PLAYERS or not is_shown(address)):
        if ending in attachment_types.UNPLAYED:
            writer.report(RemovedKind.UNPLAYED, address)
        return replacement_link(writer, address, unescaped(values.get("alt", "")).strip() or file_name(address))
    values["src"] = quoted(address)
    values.setdefault("alt", "")
    for side in ("width", "height"):
        if side in values and not _NUMBER.match(values[side]):
            del values[side]
    writer.shown += 1
    known = writer.pictures.get(address)
    return _own_picture(writer, values, known) if known else tag("img", values)


@lru_cache(maxsize=1024)
def _ending(address: str) -> str:
    name = file_name(address)
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_shown(address: str) -> bool:
    """Tell whether browsers can show or play the file at one of the site's own addresses, by its name.

    An address without an extension may be that of a picture, unless it ends in a slash, as those of pages do.

    Args:
        address: the address, with character references resolved.
    """
    ending = _ending(address)
    return ending in _PICTURES or ending in _PLAYERS or (not ending and not address.endswith("/"))


def _player(name: str, address: str, values: dict[str, str]) -> str:
    """Return a player for a film or sound that is written as a picture; old browsers show the link in it."""
    label = unescaped(values.get("alt", "")).strip()
    kept = {key: value for key, value in values.items() if key in allowlist.ATTRIBUTES[name] - _OF_PICTURES}
    if label:
        kept["aria-label"] = quoted(label)
    link = tag("a", {"href": quoted(address)}) + escaped(label or file_name(address)) + "</a>"
    return tag(name, {**kept, "src": quoted(address), "preload": "metadata", "controls": ""}) + f"{link}</{name}>"


def _place(writer: HtmlRewriter, values: dict[str, str]) -> UrlKind:
    return writer.at(values["src"]) if values.get("src", "").strip() else UrlKind.FORBIDDEN


def _own_picture(writer: HtmlRewriter, values: dict[str, str], picture: Picture) -> str:
    values["src"] = quoted(picture.url)
    _set_size(values, picture)
    if writer.shown > 1:
        values["loading"] = "lazy"
    values["decoding"] = "async"
    if picture.smaller:
        sizes = sorted({*picture.smaller, (picture.url, picture.width)}, key=lambda size: (size[1], size[0]))
        values["srcset"] = ", ".join(f"{_for_srcset(url)} {width}w" for url, width in sizes)
        widest = min(_MAX_WIDTH, picture.width)
        values["sizes"] = f"(min-width: {widest}px) {widest}px, 100vw"
    if picture.large is None or writer.within("a"):
        return tag("img", values)
    link_values = {"class": PHOTO, "href": quoted(picture.large)}
    if not values["alt"].strip():
        link_values["aria-label"] = quoted(writer.own.large)
    return tag("a", link_values) + tag("img", values) + "</a>"


def _set_size(values: dict[str, str], picture: Picture) -> None:
    """Set the width and height of a picture: as typed if that makes it no larger, in its own proportions."""
    width, height = values.pop("width", ""), values.pop("height", "")
    if width.endswith("%") and 0 < int(width[:-1]) < 100:
        values["width"] = width
        return
    wanted = int(width) if width.isdigit() else picture.width
    if not width and height.isdigit():
        wanted = round(int(height) * picture.width / picture.height)
    shown = wanted if 0 < wanted < picture.width else picture.width
    values["width"], values["height"] = str(shown), str(max(round(picture.height * shown / picture.width), 1))


def _for_srcset(url: str) -> str:
    return quoted(url.replace(" ", "%20").replace(",", "%2C"))


def media(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Write one of the site's own sound or video files, without autoplay, or a link instead of any other."""
    values = writer.kept(name, attributes)
    start = writer.place
    inside = writer.skip(name)
    tags = zip(inside[0::4], inside[1::4], inside[2::4], strict=False)
    sources = [
        dict(allowlist.attributes(text)).get("src", "") for slash, kind, text in tags if kind == "source" and not slash
    ]
    addresses = [writer.own.normalize_url(unescaped(value)) for value in (values.get("src", ""), *sources) if value]
    if not any(writer.own.place(address) is UrlKind.OWN for address in addresses):
        for address in addresses:
            writer.report(RemovedKind.MEDIA if writer.own.place(address) in _OUTSIDE else RemovedKind.ADDRESS, address)
        if not addresses:
            writer.report(RemovedKind.ELEMENT, f"<{name}>")
        title = unescaped(values.get("title", ""))
        writer.out.append(replacement_link(writer, addresses[0], title) if addresses else "")
        return
    own = [address for address in addresses if writer.own.place(address) is UrlKind.OWN]
    if all(_ending(address) in attachment_types.UNPLAYED for address in own):
        writer.report(RemovedKind.UNPLAYED, own[0])
        writer.out.append(replacement_link(writer, own[0], unescaped(values.get("title", "")) or file_name(own[0])))
        return
    writer.place = start
    for key in ("src", "poster"):
        if key in values:
            _own_only(writer, values, key)
    writer.start(name, {**values, "controls": ""})


def source(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Keep a `source` or `track` of sound or video if it is the site's own; `source` of `picture` is dropped."""
    values = writer.kept(name, attributes)
    if not writer.within("audio", "video") or not values.get("src"):
        return
    _own_only(writer, values, "src")
    if "src" in values:
        writer.start(name, values)


def _own_only(writer: HtmlRewriter, values: dict[str, str], key: str) -> None:
    values[key] = quoted(writer.own.normalize_url(unescaped(values[key])))
    place = writer.at(values[key])
    if place is not UrlKind.OWN:
        writer.report(RemovedKind.MEDIA if place in _OUTSIDE else RemovedKind.ADDRESS, values.pop(key))


def frame(writer: HtmlRewriter, name: str, attributes: str) -> None:
    """Replace an embedded page or file with a link."""
    values = dict(allowlist.attributes(attributes))
    writer.skip(name)
    address = writer.own.normalize_url(unescaped(values.get("src") or values.get("data") or ""))
    writer.report(RemovedKind.FRAME, address or f"<{name}>")
    writer.out.append(replacement_link(writer, address, unescaped(values.get("title", ""))))


def pictures(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the address of each picture element, and True if it has a description or a caption.

    A description that is only the name of the file describes nothing.

    Args:
        text: the HTML of an entry, untrusted.
    """
    pieces = allowlist.tokenize(allowlist.parsed(text))
    for slash, name, attributes in zip(pieces[1::4], pieces[2::4], pieces[3::4], strict=True):
        if name == "img" and not slash:
            values = {key: unescaped(value).strip() for key, value in allowlist.attributes(attributes)}
            address, alt = values.get("src", ""), values.get("alt", "")
            if address:
                yield address, bool(values.get("title") or (alt and alt != file_name(address)))
