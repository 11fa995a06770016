"""Fields of a Word document: what they show becomes text, their instructions go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.containers.relationships import Relationship
from gongshi.importing.readers.word.fields.content_controls import UNCHECKED, contents_text, property_text
from gongshi.importing.readers.word.fields.eq_fields import eq_text
from gongshi.importing.readers.word.fields.field_structure import Field, read_fields, remove_runs
from gongshi.importing.readers.word.fields.form_fields import checkbox_text, choice_text
from gongshi.importing.readers.word.fields.links import local_finding, public_address
from gongshi.importing.readers.word.parts.elements import element, enclosing, remove, text_run
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import place_of, words_of

_CONTENTS: Final = frozenset(("TOC", "TOA", "INDEX"))
_CONTENTS_TITLES: Final = frozenset(("目录", "目次", "contents", "tableofcontents"))
_PROPERTIES: Final = frozenset(
    (
        *("AUTHOR", "LASTSAVEDBY", "FILENAME", "TEMPLATE", "USERNAME", "USERINITIALS", "USERADDRESS", "INFO"),
        *("DOCPROPERTY", "DOCVARIABLE", "KEYWORDS", "COMMENTS", "INCLUDETEXT"),
    )
)
_DATES: Final = frozenset(("DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE"))
_PAGES: Final = frozenset(("PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "PAGEREF"))
_NUMBERS: Final = frozenset(("LISTNUM", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT"))
_BARCODES: Final = frozenset(("BARCODE", "DISPLAYBARCODE", "MERGEBARCODE"))
_BUTTONS: Final = frozenset(("MACROBUTTON", "GOTOBUTTON"))
_REFERENCES: Final = frozenset(("REF", "NOTEREF", "STYLEREF", "PAGEREF", "SEQ"))
_NOT_FOUND: Final = ("Error!", "错误！", "错误!")
"""Beginnings of the result of a reference whose target is missing, in the languages of Word."""
_PICTURES: Final = tuple(map(tag, ("w:drawing", "w:pict", "w:object")))
_Treatment = Callable[[Field], Iterator[Finding]]


def flatten_fields(package: WordPackage) -> tuple[Finding, ...]:
    """Replace fields with what they show; leave out tables of contents and properties of the document.

    Args:
        package: the document; its content controls and tracked changes are settled.
    """
    findings: list[Finding] = []
    for part in package.text_parts:
        for fields in read_fields(package.xml(part)):
            removed_to = -1
            for each in fields:
                if each.start > removed_to and not each.is_in_code:
                    treat = _treatment(each.kind)
                    findings += _link(package, part, each) if each.kind == "HYPERLINK" else treat(each) if treat else ()
                if each.kind in _CONTENTS | _PROPERTIES:
                    removed_to = max(removed_to, each.end)
            for each in fields:
                remove_runs(each.code_runs)
    return tuple(findings)


def _treatment(kind: str) -> _Treatment | None:
    groups: tuple[tuple[frozenset[str], _Treatment], ...] = (
        (_CONTENTS, _leave_contents),
        (_PROPERTIES, _leave_property),
        (_DATES, _check_date),
        (_PAGES, _check_page),
        (_NUMBERS, _tell_number),
        (_BARCODES, _tell_barcode),
        (_BUTTONS, _show_button),
        (_REFERENCES, _check_reference),
        (frozenset(("EQ",)), _show_formula),
        (frozenset(("SYMBOL",)), _show_symbol),
        (frozenset(("FORMCHECKBOX",)), _show_checkbox),
        (frozenset(("FORMDROPDOWN",)), _show_choice),
        (frozenset(("INCLUDEPICTURE",)), _tell_picture),
        (frozenset(("MERGEFIELD",)), _check_merge),
    )
    return next((treat for kinds, treat in groups if kind in kinds), None)


def _leave_contents(field: Field) -> Iterator[Finding]:
    title = _contents_title(field)
    words = "\n".join(filter(None, (words_of(title) if title is not None else "", field.words)))
    if words:
        yield Finding(FindingKind.LEFT_OUT, contents_text(), place_of(field.begin), words)
    remove_runs(field.result)
    if title is not None:
        remove(title)


def _contents_title(field: Field) -> _Element | None:
    """Return the paragraph in front of a table of contents, if it is its title."""
    paragraph = enclosing(field.begin, "w:p")
    previous = paragraph.getprevious() if paragraph is not None else None
    if previous is None or previous.tag != tag("w:p"):
        return None
    return previous if "".join(words_of(previous).split()).lower() in _CONTENTS_TITLES else None


def _leave_property(field: Field) -> Iterator[Finding]:
    if field.words:
        yield Finding(FindingKind.LEFT_OUT, property_text(), place_of(field.begin), field.words)
    remove_runs(field.result)


def _check_date(field: Field) -> Iterator[Finding]:
    message = _("Word sets this date anew each time, so it need not be the one that was meant")
    yield Finding(FindingKind.CHECK, message, place_of(field.begin), field.words)


def _check_page(field: Field) -> Iterator[Finding]:
    if field.words:
        message = _("this is a number of a page of the paper; the web page has none")
        yield Finding(FindingKind.CHECK, message, place_of(field.begin), field.words)


def _check_reference(field: Field) -> Iterator[Finding]:
    if field.words.startswith(_NOT_FOUND):
        message = _("this reference is broken in the file")
        yield Finding(FindingKind.CHECK, message, place_of(field.begin), field.words)


def _check_merge(field: Field) -> Iterator[Finding]:
    if field.words.startswith(("«", "<<")):
        message = _("this place of a form letter is not filled in")
        yield Finding(FindingKind.CHECK, message, place_of(field.begin), field.words)


def _tell_number(field: Field) -> Iterator[Finding]:
    if not field.words:
        message = _("a number that Word counts itself is left out: the file does not say it; write it")
        yield Finding(FindingKind.LEFT_OUT, message, place_of(field.begin), _line(field))


def _tell_barcode(field: Field) -> Iterator[Finding]:
    if not _has_picture(field):
        message = _("a bar code or QR code is left out: the file has no picture of it")
        yield Finding(FindingKind.LEFT_OUT, message, place_of(field.begin), " ".join(field.arguments[:1]))


def _tell_picture(field: Field) -> Iterator[Finding]:
    if not _has_picture(field):
        address = next(iter(field.arguments), "")
        yield Finding(FindingKind.LEFT_OUT, remote_picture_text(), place_of(field.begin), address)
        remove_runs(field.result)


def remote_picture_text() -> str:
    """Return the message on a picture that is not in the file."""
    return _("a picture is left out: it is not in the file but at another address, and nothing is fetched")


def _show_button(field: Field) -> Iterator[Finding]:
    words = " ".join(field.arguments[1:])
    if words:
        _show(field, words)
        message = _("these words are a button in Word")
        yield Finding(FindingKind.CHANGED, message, place_of(field.begin), words)


def _show_formula(field: Field) -> Iterator[Finding]:
    words = eq_text(field.code)
    if words and not field.words:
        _show(field, words)
        message = _("a formula or sign put together by Word is written in one line")
        yield Finding(FindingKind.CHANGED, message, place_of(field.begin), words)


def _show_symbol(field: Field) -> Iterator[Finding]:
    if field.words or not field.arguments:
        return
    number, font = field.arguments[0], ""
    for option, value in zip(field.arguments, field.arguments[1:], strict=False):
        font = value if option == "\\f" else font
    try:
        code = int(number, 16 if number[:2].lower() == "0x" else 10)
    except ValueError:
        return
    field.begin.addprevious(element("w:r", element("w:sym", w_font=font, w_char=f"{code:04X}")))
    yield from ()


def _show_checkbox(field: Field) -> Iterator[Finding]:
    _show(field, checkbox_text(field.begin[-1]) or UNCHECKED)
    yield from ()


def _show_choice(field: Field) -> Iterator[Finding]:
    words = choice_text(field.begin[-1])
    if words and not field.words:
        _show(field, words)
    yield from ()


def _link(package: WordPackage, part: str, field: Field) -> Iterator[Finding]:
    address, anchor = _link_target(field.tokens)
    public = public_address(address) if address else None
    if address and public is None:
        yield local_finding(address, field.begin, field.words)
        return
    if not public and not anchor:
        return
    wrapper: _Element | None = None
    for run in field.result:
        if enclosing(run, "w:hyperlink") is not None or run.getparent() is None:
            wrapper = None
            continue
        if wrapper is None or wrapper.getnext() is not run:
            wrapper = element("w:hyperlink")
            if public:
                id = package.add_relationship(part, Relationship("hyperlink", public, external=True))
                wrapper.set(tag("r:id"), id)
            if anchor:
                wrapper.set(tag("w:anchor"), anchor)
            run.addprevious(wrapper)
        wrapper.append(run)


def _link_target(tokens: list[tuple[str, bool]]) -> tuple[str, str]:
    address = anchor = waiting = ""
    for word, is_quoted in tokens:
        is_switch = word.startswith("\\") and not is_quoted
        if waiting:
            anchor, waiting = (word if waiting == "l" else anchor), ""
        elif is_switch and word[1:2].lower() in ("l", "o", "t"):
            waiting = word[1].lower()
        elif not is_switch:
            address = address or word
    return address, anchor


def _show(field: Field, words: str) -> None:
    coded = next((each for each in field.code_runs if each.find(tag("w:instrText")) is not None), field.begin)
    field.begin.addprevious(text_run(words, coded.find(tag("w:rPr"))))


def _has_picture(field: Field) -> bool:
    return any(next(run.iter(*_PICTURES), None) is not None for run in field.result)


def _line(field: Field) -> str:
    paragraph = enclosing(field.begin, "w:p")
    return words_of(paragraph) if paragraph is not None else ""
