"""Read the keys of `unit` that have rules of their own: kind, colour, logo, and the numbers that lead to a register."""

from __future__ import annotations

import math
import re
import unicodedata
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from gongshi.common.colours import BLACK, WHITE, contrast, with_contrast
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.config.policy import MARKS, Unit
from gongshi.domain.config.unit_kinds import KINDS
from gongshi.domain.yaml.parser import Mapping, Node, Scalar
from gongshi.domain.yaml.schema import Field, ProblemCollector, choice, object_of, text
from gongshi.i18n import gettext as _

MIN_CONTRAST = 4.5
"""The least contrast of text with its ground (WCAG 2.1, level AA)."""
LOGO_FOLDER = "hooks"
_LOGO_ENDINGS = (".png", ".svg")
_COLOUR = lazy_pattern(r"#[0-9a-fA-F]{6}")
_ICP_REGISTER = "https://beian.miit.gov.cn/"
_POLICE_REGISTER = "https://beian.mps.gov.cn/#/query/webSearch?code={digits}"
_POLICE_DIGITS = lazy_pattern(r"(?<![0-9])[0-9]{14}(?![0-9])")


def colour(report: ProblemCollector, key: str, node: Node) -> str | None:
    """Read a colour `#rrggbb` on which white text, and which as text on white, can be read."""
    if isinstance(node, Scalar) and node.kind == "null":
        report.add(
            node.line, key, _('is empty; write the colour in quotes, as in "#1d4f91": YAML skips what follows #')
        )
        return None
    if not isinstance(node, Scalar) or not _COLOUR.fullmatch(node.text):
        report.add(node.line, key, _('must be # and six digits 0 to 9, a to f, in quotes, as in "#1d4f91"'))
        return None
    found = node.text.lower()
    if (ratio := contrast(found, WHITE)) < MIN_CONTRAST:
        message = _(
            "{colour} has a contrast of only {ratio}:1 with white, and readable text needs {least}:1; the nearest "
            'darker colour that has it is "{darker}"'
        )
        darker = with_contrast(found, BLACK, WHITE, MIN_CONTRAST)
        rounded = math.floor(ratio * 10) / 10
        report.add(node.line, key, message.format(colour=found, ratio=rounded, least=MIN_CONTRAST, darker=darker))
        return None
    return found


def logo(report: ProblemCollector, key: str, node: Node) -> str | None:
    """Read the path of the logo, relative to mkdocs.yml; the file itself is read by a build."""
    found: str | None = text()(report, key, node)
    if found is None:
        return None
    parts = found.split("/")
    inside = parts[0] == LOGO_FOLDER and len(parts) > 1 and parts[1] != "host" and not {"", ".", ".."} & {*parts}
    if not inside or "\\" in found or PurePosixPath(found).suffix.lower() not in _LOGO_ENDINGS:
        report.add(node.line, key, _("must be an SVG or PNG file in hooks/, such as hooks/logo.svg"))
        return None
    return found


def _web_address(report: ProblemCollector, key: str, node: Node) -> str | None:
    """Read an address of the web."""
    found: str | None = text()(report, key, node)
    if found is None:
        return None
    try:
        parts = urlsplit(found)
        is_usable = parts.scheme in ("https", "http") and bool(parts.hostname) and not re.search(r'[\s"<>\\]', found)
    except ValueError:
        is_usable = False
    if not is_usable:
        report.add(node.line, key, _("must be an address that begins with https:// or http://"))
        return None
    return found


_MARK = {"text": Field(text(), required=True), "link": Field(_web_address)}


def mark(report: ProblemCollector, key: str, node: Node) -> dict[str, Any] | None:
    """Read a number or mark in the footer: a text, or `{text, link}`."""
    parsed: Any = (object_of(_MARK, dict) if isinstance(node, Mapping) else text())(report, key, node)
    return {"text": parsed} if isinstance(parsed, str) else parsed


def unit(**values: Any) -> Unit:
    """Return the unit, each number with the address where it can be looked up.

    Args:
        values: the keys as they were read.
    """
    marks = {name: values[name] for name in MARKS if name in values}
    links = {name: link for name, each in marks.items() if (link := each.get("link") or _register(name, each["text"]))}
    return Unit(**{**values, **{name: each["text"] for name, each in marks.items()}}, links=links)


def _register(name: str, written: str) -> str | None:
    """Return the address of the register for a number, as the ministries ask for it; None if there is none."""
    if name == "icp":
        return _ICP_REGISTER
    digits = _POLICE_DIGITS.search(unicodedata.normalize("NFKC", written)) if name == "police_record" else None
    return _POLICE_REGISTER.format(digits=digits[0]) if digits else None


FIELDS = {
    "kind": Field(choice(*KINDS)),
    "colour": Field(colour),
    "logo": Field(logo),
    **{name: Field(mark) for name in MARKS},
}
