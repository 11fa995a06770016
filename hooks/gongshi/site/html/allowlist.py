"""Allowlist of HTML elements and attributes, and functions that parse, filter and split HTML.

The lists contain what Markdown generates with the allowed extensions, and what people write by hand in figures, tables,
definition lists and media.
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
"""Elements that are kept, with allowed attributes."""
_HANDLED: Final = frozenset("a audio div h1 img input label source span table td th track video".split())  # noqa: SIM905
DROPPED: Final = frozenset(
    """
    applet frameset iframe embed object frame math noembed noframes noscript plaintext script select style svg template
    textarea title xmp
    """.split()  # noqa: SIM905
)
"""Elements that are removed with their content."""
UNWRAPPED: Final = frozenset(
    """
    acronym area base basefont bgsound big blink button center data datalist dialog dir fieldset font form
    legend link main map marquee meta meter nav nobr optgroup option output param picture progress search slot
    strike tt
    """.split()  # noqa: SIM905
)
"""Elements whose tags are removed while their content stays, like elements in no list."""

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
_OWN_ATTRIBUTES: Final = {"a": "rel", "div": "tabindex role", "img": "decoding loading sizes srcset"}
"""Attributes that only the sanitizer itself may write."""

ATTRIBUTES: Final = {name: _EVERYWHERE | set(names.split()) for name, names in _ATTRIBUTES.items()}
"""Attributes that authors may use, by element; `EVERYWHERE` for elements that are not listed."""
EVERYWHERE: Final = _EVERYWHERE | {"role"}

KNOWN: Final = (PLAIN | _HANDLED | DROPPED | UNWRAPPED) - {"frame", "frameset"}
"""Elements of HTML; a text in angle brackets with any other name is no tag."""
_ALLOWED_SCHEMES: Final = {"http", "https", "mailto", "tel"}
_REPORTED_SCHEMES: Final = set(
    """
    about blob chrome data feed file filesystem ftp gopher intent jar javascript livescript magnet mocha mhtml qq sms
    tencent thunder view-source vbscript view weixin ws wss
    """.split()  # noqa: SIM905
) | set("abcdefghijklmnopqrstuvwxyz")
"""Forbidden URL schemes whose removal is reported to the editor; single letters are drives, as in `C:\\`."""

_PARSER: Final = nh3.Cleaner(
    tags=set(PLAIN | _HANDLED | DROPPED | UNWRAPPED),
    clean_content_tags=set(),
    attributes={},
    generic_attribute_prefixes={""},
    url_schemes=_ALLOWED_SCHEMES | _REPORTED_SCHEMES,
    link_rel=None,
)
_FILTER: Final = nh3.Cleaner(
    tags=set(PLAIN | _HANDLED),
    clean_content_tags=set(DROPPED),
    attributes={
        "*": set(EVERYWHERE),
        **{
            name: set((_ATTRIBUTES.get(name, "") + " " + _OWN_ATTRIBUTES.get(name, "")).split())
            for name in {*_ATTRIBUTES, *_OWN_ATTRIBUTES}
        },
    },
    url_schemes=_ALLOWED_SCHEMES,
    link_rel=None,
)

_CONTROLS: Final = re.compile(f"[\x00-\x08\x0b-\x1f\x7f{NONCHARACTERS_OF_FIRST_PLANE}]")
"""Control characters that XML, and so a feed, does not allow, and noncharacters of the first plane. Whole pages are
searched, and a pattern with characters beyond the first plane would take three times as long; XML allows those."""
_NAME: Final = re.compile(r"<([A-Za-z][^\s/>]*)")
_TAG: Final = re.compile(r"""<(/?)([a-z][^\s/>]*)((?:\s[^\s/>]+?="[^"]*")*)>""", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""\s([^\s/>]+?)="([^"]*)\"""")


def parsed(text: str) -> str:
    """Parse HTML as browsers do and return it in the form that `tokenize` can split.

    Comments, declarations, control characters and elements that are in no list are removed.

    Args:
        text: any HTML.
    """
    return _CONTROLS.sub("", _PARSER.clean(text))


def unknown(text: str) -> list[str]:
    """Return the elements of a text that are in no list, such as the placeholder `<name>`.

    Args:
        text: the HTML before parsing.
    """
    return sorted({name.lower() for name in _NAME.findall(text)} - KNOWN)


def sanitize_strict(text: str) -> str:
    """Remove everything that is not in the lists: the final check that HTML is safe.

    Args:
        text: any HTML.
    """
    return _FILTER.clean(text)


def words(text: str) -> str:
    """Return the plain text of some HTML as one paragraph.

    Args:
        text: any HTML.
    """
    return "<p>" + _CONTROLS.sub("", nh3.clean(text, tags=set(), clean_content_tags=set(DROPPED))) + "</p>"


def tokenize(text: str) -> list[str]:
    """Split parsed HTML into a flat list: text, then for each tag `/` or an empty string, name, attributes, text.

    Args:
        text: HTML as `parsed` returns it.
    """
    return _TAG.split(text)


def attributes(text: str) -> list[tuple[str, str]]:
    """Return name and value of each attribute of a tag; values stay escaped.

    Args:
        text: the attributes as HTML.
    """
    return _ATTRIBUTE.findall(text)


def unescaped(value: str) -> str:
    """Resolve the character references of a value or text.

    Args:
        value: escaped text.
    """
    return html.unescape(value) if "&" in value else value


def escaped(value: str) -> str:
    """Escape a text as the parser does.

    Args:
        value: plain text.
    """
    return value.replace("&", "&amp;").replace("\xa0", "&nbsp;").replace("<", "&lt;").replace(">", "&gt;")


def tag(name: str, values: dict[str, str]) -> str:
    """Return a start tag.

    Args:
        name: the element.
        values: its attributes, already escaped.
    """
    return "<" + name + "".join([f' {key}="{value}"' for key, value in values.items()]) + ">"


def quoted(value: str) -> str:
    """Escape an attribute value as the parser does.

    Args:
        value: plain text.
    """
    return escaped(value).replace('"', "&quot;")
