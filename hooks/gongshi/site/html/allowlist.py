"""Which HTML pages may hold, and HTML as a flat row of tags and texts.

What Markdown makes with the extensions that the gate allows is in the lists; so is what people write by hand in
figures, tables, definition lists and media.
"""

from __future__ import annotations

import html
import re
from typing import Final

import nh3

from gongshi.common.characters import NONCHARACTERS_OF_FIRST_PLANE

VOID: Final = frozenset("area base bgsound br col embed frame hr img input link meta param source track wbr".split())  # noqa: SIM905
PLAIN: Final = frozenset(
    """
    abbr address article aside b bdi bdo blockquote caption cite code col colgroup dd del details dfn dl dt em
    figcaption figure footer h2 h3 h4 h5 h6 header hgroup hr br i ins kbd li mark menu ol p pre q rp rt ruby s samp
    section small strong sub summary sup tbody tfoot thead time tr u ul var wbr
    """.split()  # noqa: SIM905
)
"""Elements that stay as they are, apart from attributes."""
_HANDLED: Final = frozenset("a audio div h1 img input label source span table td th track video".split())  # noqa: SIM905
SWALLOWED: Final = frozenset(
    """
    applet frameset iframe embed object frame math noembed noframes noscript plaintext script select style svg template
    textarea title xmp
    """.split()  # noqa: SIM905
)
"""Elements that go with all that is in them."""
_LEFT: Final = frozenset(
    """
    acronym area base basefont bgsound big blink button center data datalist dialog dir fieldset font form
    legend link main map marquee meta meter nav nobr optgroup option output param picture progress search slot
    strike tt
    """.split()  # noqa: SIM905
)
"""Elements that go while what is in them stays; like any that is in no list."""

_EVERYWHERE: Final = frozenset(
    "aria-describedby aria-label aria-labelledby class data-linenos data-tabs dir id lang title".split()  # noqa: SIM905
)
_ATTRIBUTES: Final = {
    "a": "download href hreflang type",
    "audio": "controls loop muted preload src",
    "bdo": "dir",
    "col": "span",
    "colgroup": "span",
    "del": "datetime",
    "details": "open",
    "img": "alt height src width",
    "input": "checked disabled name type",
    "ins": "datetime",
    "label": "for",
    "li": "value",
    "ol": "reversed start type",
    "source": "src type",
    "td": "colspan headers rowspan",
    "th": "abbr colspan headers rowspan scope",
    "time": "datetime",
    "track": "default kind label src srclang",
    "ul": "type",
    "video": "controls height loop muted playsinline poster preload src width",
}
_MADE: Final = {"a": "rel", "div": "tabindex role", "img": "decoding loading sizes srcset"}
"""Attributes that are never the author's, but the cleaning's own."""

ATTRIBUTES: Final = {name: _EVERYWHERE | set(names.split()) for name, names in _ATTRIBUTES.items()}
"""The attributes that authors may give, by element; `EVERYWHERE` for all others."""
EVERYWHERE: Final = _EVERYWHERE | {"role"}

_KNOWN: Final = (PLAIN | _HANDLED | SWALLOWED | _LEFT) - {"frame", "frameset"}
_SCHEMES: Final = {"http", "https", "mailto", "tel"}
_TOLD: Final = set(
    """
    about blob chrome data feed file filesystem ftp gopher intent jar javascript livescript magnet mocha mhtml qq sms
    tencent thunder view-source vbscript view weixin ws wss
    """.split()  # noqa: SIM905
) | set("abcdefghijklmnopqrstuvwxyz")
"""Schemes that go as all others do, but are told to the editor; single letters are drives, as in `C:\\`."""

_PARSER: Final = nh3.Cleaner(
    tags=set(PLAIN | _HANDLED | SWALLOWED | _LEFT),
    clean_content_tags=set(),
    attributes={},
    generic_attribute_prefixes={""},
    url_schemes=_SCHEMES | _TOLD,
    link_rel=None,
)
_SIEVE: Final = nh3.Cleaner(
    tags=set(PLAIN | _HANDLED),
    clean_content_tags=set(SWALLOWED),
    attributes={
        "*": set(EVERYWHERE),
        **{
            name: set((_ATTRIBUTES.get(name, "") + " " + _MADE.get(name, "")).split())
            for name in {*_ATTRIBUTES, *_MADE}
        },
    },
    url_schemes=_SCHEMES,
    link_rel=None,
)

_CONTROLS: Final = re.compile(f"[\x00-\x08\x0b-\x1f\x7f{NONCHARACTERS_OF_FIRST_PLANE}]")
"""Characters that XML, and so a feed, cannot hold, and what is no character. Whole pages are searched, which takes
three times as long with characters beyond the first plane; XML allows those."""
_NAME: Final = re.compile(r"<([A-Za-z][^\s/>]*)")
_TAG: Final = re.compile(r"""<(/?)([a-z][^\s/>]*)((?:\s[^\s/>]+?="[^"]*")*)>""", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""\s([^\s/>]+?)="([^"]*)\"""")


def parsed(text: str) -> str:
    """The HTML as a browser understands it, written in the one way that `pieces` reads.

    Args:
        text: any text. Comments, declarations, control characters and elements that are in no list are gone.
    """
    return _CONTROLS.sub("", _PARSER.clean(text))


def unknown(text: str) -> list[str]:
    """The elements of a text that are in no list, such as `<name>` in the place of a name.

    Args:
        text: as it was before it was parsed.
    """
    return sorted({name.lower() for name in _NAME.findall(text)} - _KNOWN)


def sifted(text: str) -> str:
    """The HTML without anything that is not in the lists; the last word on what is safe."""
    return _SIEVE.clean(text)


def words(text: str) -> str:
    """Only the words of a text, as one paragraph."""
    return "<p>" + _CONTROLS.sub("", nh3.clean(text, tags=set(), clean_content_tags=set(SWALLOWED))) + "</p>"


def pieces(text: str) -> list[str]:
    """The parsed HTML as a row: text, and again and again `/` or nothing, name, attributes, text."""
    return _TAG.split(text)


def attributes(text: str) -> list[tuple[str, str]]:
    """Names and values, these still escaped, of the attributes of a tag."""
    return _ATTRIBUTE.findall(text)


def unescaped(value: str) -> str:
    """A value or text as it is meant."""
    return html.unescape(value) if "&" in value else value


def escaped(value: str) -> str:
    """A value or text as the parser writes it."""
    return value.replace("&", "&amp;").replace("\xa0", "&nbsp;").replace("<", "&lt;").replace(">", "&gt;")


def tag(name: str, values: dict[str, str]) -> str:
    """A start tag.

    Args:
        name: of the element.
        values: its attributes, already escaped.
    """
    return "<" + name + "".join([f' {key}="{value}"' for key, value in values.items()]) + ">"


def quoted(value: str) -> str:
    """A value as the parser writes it between quotation marks."""
    return escaped(value).replace('"', "&quot;")
