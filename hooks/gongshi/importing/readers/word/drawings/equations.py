"""Equations (OMML, ECMA-376 part 1, 22.1), written in one line, such as `(a+b)/c` or `√(x)`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.word.fields.raised_signs import divisor, grouped, subscript, superscript
from gongshi.importing.readers.word.parts.elements import enclosing, replace, text_run
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import place_of, words_of

_VALUE: Final = tag("m:val")
_EQUATIONS: Final = (tag("m:oMathPara"), tag("m:oMath"))
_ACCENTS: Final = {"^": "\u0302", "~": "\u0303", "¯": "\u0304", "→": "\u20d7"}
"""Accents that Word writes as characters of their own, and the combining ones."""


def write_equations(package: WordPackage) -> tuple[Finding, ...]:
    """Replace equations with text in one line, and tell the words.

    Args:
        package: the document.
    """
    findings = []
    for part in package.text_parts:
        for equation in list(package.xml(part).iter(*_EQUATIONS)):
            if enclosing(equation, "m:oMathPara", "m:oMath") is not None:
                continue
            formulas = equation.findall(tag("m:oMath")) if equation.tag == tag("m:oMathPara") else [equation]
            text = "\n".join(filter(None, (_linear(each).strip() for each in formulas)))
            others = [each for each in equation.iter(tag("w:r")) if enclosing(each, "m:r") is None]
            if text:
                message = _("a formula is written in one line; compare it with the file")
                findings.append(Finding(FindingKind.CHANGED, message, place_of(equation), text))
            runs = [text_run(text)] if text else []
            paragraph = enclosing(equation, "w:p")
            replace(equation, runs if paragraph is not None else [])
            if others and runs:
                for each in reversed(others):
                    runs[0].addnext(each)
    return tuple(findings)


def _linear(element: _Element) -> str:
    """Return an element of a formula as text."""
    write = _WRITERS.get(str(element.tag))
    if write is not None:
        return write(element)
    if element.tag == tag("m:r"):
        return words_of(element) if element.find(tag("m:t")) is None else _run_text(element)
    return "".join(_linear(child) for child in element if not str(child.tag).endswith("Pr"))


def _run_text(run: _Element) -> str:
    return "".join(each.text or "" for each in run.iter(tag("m:t"), tag("w:t")))


def _part(element: _Element, name: str) -> str:
    return "".join(_linear(each) for each in element.findall(tag(f"m:{name}")))


def _setting(element: _Element, path: str, default: str) -> str:
    found = element.find("/".join(tag(f"m:{each}") for each in path.split("/")))
    return default if found is None else found.get(_VALUE, "")


def _fraction(element: _Element) -> str:
    top, bottom = _part(element, "num"), _part(element, "den")
    if _setting(element, "fPr/type", "bar") == "noBar":
        return f"({top}; {bottom})"
    return f"{grouped(top)}/{divisor(bottom)}"


def _root(element: _Element) -> str:
    hidden = element.find(f"{tag('m:radPr')}/{tag('m:degHide')}")
    is_hidden = hidden is not None and hidden.get(_VALUE, "1") not in ("0", "off", "false")
    degree = "" if is_hidden else superscript(_part(element, "deg"))
    return f"{degree}√({_part(element, 'e')})"


def _sum(element: _Element) -> str:
    sign = _setting(element, "naryPr/chr", "∫") or ""
    limits = "".join(
        f"{mark}{grouped(text)}"
        for mark, name in (("_", "sub"), ("^", "sup"))
        if (text := _part(element, name).strip())
    )
    body = _part(element, "e")
    return f"{sign}{limits} {body}" if limits else sign + body


def _bracketed(element: _Element) -> str:
    left, right = _setting(element, "dPr/begChr", "("), _setting(element, "dPr/endChr", ")")
    separator = _setting(element, "dPr/sepChr", "|")
    return left + separator.join(_linear(each) for each in element.findall(tag("m:e"))) + right


def _matrix(element: _Element) -> str:
    rows = (", ".join(_linear(each) for each in row.findall(tag("m:e"))) for row in element.findall(tag("m:mr")))
    return f"[{'; '.join(rows)}]"


def _lines(element: _Element) -> str:
    return "; ".join(_linear(each).replace("&", "") for each in element.findall(tag("m:e")))


def _accent(element: _Element) -> str:
    body, sign = _part(element, "e"), _setting(element, "accPr/chr", "\u0302")
    sign = _ACCENTS.get(sign, sign)
    return (
        unicodedata.normalize("NFC", body + sign)
        if len(body) == 1 and unicodedata.combining(sign[:1] or " ")
        else f"{grouped(body)}{sign}"
    )


def _group_character(element: _Element) -> str:
    return _part(element, "e") + _setting(element, "groupChrPr/chr", "\u23df")


def _limit(mark: str) -> Callable[[_Element], str]:
    return lambda element: f"{_part(element, 'e')}{mark}{grouped(_part(element, 'lim'))}"


def _function(element: _Element) -> str:
    name, body = _part(element, "fName"), _part(element, "e")
    return f"{name} {body}" if name[-1:].isalpha() and body[:1].isalnum() else name + body


def _phantom(element: _Element) -> str:
    """Return what a phantom shows: with `m:show` off it only takes up room (22.1.2.81)."""
    shown = element.find(f"{tag('m:phantPr')}/{tag('m:show')}")
    is_shown = shown is None or shown.get(_VALUE, "1") not in ("0", "off", "false")
    return _part(element, "e") if is_shown else ""


_WRITERS: Final[dict[str, Callable[[_Element], str]]] = {
    tag("m:f"): _fraction,
    tag("m:rad"): _root,
    tag("m:nary"): _sum,
    tag("m:d"): _bracketed,
    tag("m:m"): _matrix,
    tag("m:eqArr"): _lines,
    tag("m:acc"): _accent,
    tag("m:bar"): lambda each: f"{_part(each, 'e')}\u0304" if len(_part(each, "e")) == 1 else f"‾({_part(each, 'e')})",
    tag("m:groupChr"): _group_character,
    tag("m:limLow"): _limit("_"),
    tag("m:limUpp"): _limit("^"),
    tag("m:func"): _function,
    tag("m:phant"): _phantom,
    tag("m:sSup"): lambda each: _base(each) + superscript(_part(each, "sup")),
    tag("m:sSub"): lambda each: _base(each) + subscript(_part(each, "sub")),
    tag("m:sSubSup"): lambda each: _base(each) + subscript(_part(each, "sub")) + superscript(_part(each, "sup")),
    tag("m:sPre"): lambda each: subscript(_part(each, "sub")) + superscript(_part(each, "sup")) + _base(each),
}
"""The text of each object of a formula, by its element."""


def _base(element: _Element) -> str:
    body = _part(element, "e")
    return body if body[:1] in "([|{" else grouped(body)
