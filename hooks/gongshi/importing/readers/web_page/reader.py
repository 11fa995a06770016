"""Reads saved web pages: finds the article, takes its pictures, and reduces it to simple HTML."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml.etree import _Element

from gongshi.common.files import read_file
from gongshi.i18n import gettext as _
from gongshi.importing.document import (
    DocumentFields,
    Finding,
    FindingKind,
    ReadDocument,
    ReadOptions,
    UnreadableFileError,
    Workspace,
)
from gongshi.importing.readers.web_page.article import main_part, page_fields, site_furniture
from gongshi.importing.readers.web_page.article.record_table import RecordTable, take_record_table
from gongshi.importing.readers.web_page.article.title_lines import take_title
from gongshi.importing.readers.web_page.cleaning import list_labels, word_html
from gongshi.importing.readers.web_page.cleaning.hidden_content import RemovedContent, remove_invisible
from gongshi.importing.readers.web_page.conversion import tables
from gongshi.importing.readers.web_page.conversion.blocks import blocks_to_html, cell_html
from gongshi.importing.readers.web_page.conversion.captions import attach_captions
from gongshi.importing.readers.web_page.conversion.links import Links
from gongshi.importing.readers.web_page.conversion.pictures import Pictures
from gongshi.importing.readers.web_page.conversion.reduction import reduce_article
from gongshi.importing.readers.web_page.page_source.addresses import base_address
from gongshi.importing.readers.web_page.page_source.decoding import decode_page
from gongshi.importing.readers.web_page.page_source.frames import ChosenPage, choose_page
from gongshi.importing.readers.web_page.page_source.saved_page import ArchivedPage, FolderPage, SavedPage
from gongshi.importing.readers.web_page.page_source.stylesheet import Stylesheet
from gongshi.importing.readers.web_page.page_source.visible_text import bounded, lines_of

_MAX_SHEET_BYTES: Final = 2 << 20
_MAX_SHEETS: Final = 20
_MARK: Final = "\ue000article\ue001"
"""Stands for the article while the lines around it are read."""
_AROUND: Final = 3000
"""Characters of what stood around an article that a finding quotes."""
_LINKS_SHARE: Final = 0.6


@dataclass(frozen=True)
class _Article:
    """The article of a page, ready to be reduced."""

    main: list[_Element]
    title_line: str
    around: list[str]
    """The lines of the page that do not belong to it."""
    record: RecordTable | None
    fields: DocumentFields


def read_web_page(path: Path, workspace: Workspace, options: ReadOptions) -> ReadDocument:
    """Read a web page that was saved as a file, with the pictures beside it.

    Args:
        path: the file.
        workspace: where pictures and attachments are written.
        options: the user's choices.

    Raises:
        UnreadableFileError: the page is too large, has no text, or has tracked changes and `options` say no choice.
    """
    return _read(FolderPage(path), workspace, options)


def read_web_archive(path: Path, workspace: Workspace, options: ReadOptions) -> ReadDocument:
    """Read a web page that was saved with its pictures as one file (.mht).

    Args:
        path: the file.
        workspace: where pictures and attachments are written.
        options: the user's choices.

    Raises:
        UnreadableFileError: as for `read_web_page`.
    """
    return _read(ArchivedPage(read_file(path)), workspace, options)


def _read(saved: SavedPage, workspace: Workspace, options: ReadOptions) -> ReadDocument:
    chosen = choose_page(saved, options.sheet)
    page, saved = chosen.page, chosen.saved
    styles = _styles(page.root, saved)
    base = base_address(page, saved.address)
    generator = page_fields.page_generator(page.root)
    head = page_fields.read_fields(page.root, generator)
    body = page.body
    tables.complete_rows(body)
    hidden_cells = [words for table in body.iter("table") for words in tables.remove_hidden_columns(table, styles)]
    office = word_html.take_office_parts(body, styles, options.revisions)
    removed = remove_invisible(body, styles)
    removed.hidden += [(body, words) for words in hidden_cells]
    names = [] if main_part.is_office_program(generator) else page_fields.page_names(page.root)
    article = _find_article(body, head, names, generator)
    notes = list(office.notes.values())
    for note in notes:
        removed.hidden += [(note, words) for _element, words in remove_invisible(note, styles).hidden]
    list_labels.label_items([*article.main, *notes], styles)
    lines = lines_of([*article.main, *notes])
    pictures, links = Pictures(saved, base, workspace), Links(saved, base, workspace)
    pictures.tell_backgrounds(article.main)
    blocks = attach_captions(reduce_article(article.main, styles, pictures, links, office.note_addresses))
    links.take_around(body, article.main)
    asides = _asides(office, styles, pictures, links)
    if not any(block.html or block.text.strip() or block.is_picture for block in blocks):
        raise UnreadableFileError(_no_text())
    findings = [
        *_page_findings(chosen, article),
        *chosen.findings,
        *office.findings,
        *_removed_findings(removed, article.main, body),
        *pictures.all_findings(),
        *links.all_findings(),
    ]
    visible = [article.title_line, *lines] if article.title_line else lines
    html = "\n".join([blocks_to_html(blocks), *asides])
    return ReadDocument(html, "\n".join(visible), article.fields, (*pictures.files, *links.files), tuple(findings))


def _styles(root: _Element, saved: SavedPage) -> Stylesheet:
    """Return the rules of a page: those that it contains, and those that were saved with it."""
    found: list[str] = []
    complete = True
    for each in root.iter("style", "link"):
        if each.tag == "style":
            found.append((each.text or "")[:_MAX_SHEET_BYTES])
        elif "stylesheet" in each.get("rel", "").lower():
            file = saved.find(each.get("href", "").strip())
            found += [decode_page(file.content[:_MAX_SHEET_BYTES]).text] if file else []
            complete &= file is not None
    return Stylesheet(found[:_MAX_SHEETS], complete and len(found) <= _MAX_SHEETS)


def _find_article(body: _Element, head: DocumentFields, names: list[str], generator: str) -> _Article:
    record = take_record_table(body)
    main = main_part.find_main_part(body, generator)
    before, around = _lines_around(body, main)
    fields = page_fields.complete_fields(head, names, record, before, lines_of(main))
    around += site_furniture.remove_furniture(main) if not main_part.is_office_program(generator) else []
    title_line = take_title(main, fields.title) if fields.title else ""
    around = [line for line in around if line != fields.title]
    return _Article(main, title_line, around, record, fields)


def _lines_around(body: _Element, main: list[_Element]) -> tuple[list[str], list[str]]:
    """Return the lines before the article, and all lines that do not belong to it."""
    if main == [body]:
        return [], []
    kept = [(element, element.text, list(element)) for element in main]
    for element in main:
        for child in list(element):
            element.remove(child)
        element.text = _MARK
    text = "\n".join(lines_of((body,)))
    for element, own, children in kept:
        element.text = own
        element.extend(children)
    before, *_rest = text.split(_MARK)
    return before.split("\n"), [line for line in text.replace(_MARK, "\n").split("\n") if line.strip()]


def _asides(office: word_html.OfficeParts, styles: Stylesheet, pictures: Pictures, links: Links) -> list[str]:
    return [
        f'<aside id="{name}">{cell_html(reduce_article([note], styles, pictures, links, {}))}</aside>'
        for name, note in office.notes.items()
    ]


def _page_findings(chosen: ChosenPage, article: _Article) -> list[Finding]:
    found: list[Finding] = []
    if chosen.replaced:
        message = _("{count} characters of the page are damaged; they stand as \ufffd in the text")
        found.append(Finding(FindingKind.CHECK, message.format(count=chosen.replaced)))
    if chosen.page.flattened:
        found.append(Finding(FindingKind.CHECK, _("the page is built in an unusual way; compare the text with it")))
    if article.around:
        message = _("what stands around the article, such as menus, buttons and footers, was left out")
        words = bounded(" ".join(article.around), _AROUND)
        found.append(Finding(FindingKind.LEFT_OUT, message, words=words))
    if article.record:
        message = _("the record table of the page became values of the entry and is not in the text")
        found.append(Finding(FindingKind.CHANGED, message, words=article.record.words))
    whole = sum(len(text.strip()) for part in article.main for text in part.itertext())
    linked = sum(len(text.strip()) for part in article.main for each in part.iter("a") for text in each.itertext())
    if linked > _LINKS_SHARE * whole:
        message = _("most of the text is links; perhaps this page is a list and no article")
        found.append(Finding(FindingKind.CHECK, message))
    return found


def _removed_findings(removed: RemovedContent, main: list[_Element], body: _Element) -> list[Finding]:
    parts = set(main)

    def in_article(element: _Element) -> bool:
        """Tell whether it stands in the article, or in what was removed from it."""
        chain = [element, *element.iterancestors()]
        return any(each in parts for each in chain) or all(each is not body for each in chain)

    found: list[Finding] = []
    hidden = [words for element, words in removed.hidden if words and in_article(element)]
    if hidden:
        message = _("hidden text was left out")
        found.append(Finding(FindingKind.LEFT_OUT, message, words=bounded(" ".join(hidden))))
    faint = [words for element, words in removed.faint if in_article(element)]
    if faint:
        message = _("text that may have the colour of its ground is in the entry; delete it if it is not meant")
        found.append(Finding(FindingKind.CHECK, message, words=bounded(" ".join(faint))))
    fields = [words for element, words in removed.fields if words and in_article(element)]
    if fields:
        message = _("form fields and buttons were left out")
        found.append(Finding(FindingKind.LEFT_OUT, message, words=bounded(" ".join(fields))))
    frames: dict[str, list[str]] = {}
    for element, name, words in removed.frames:
        if words and in_article(element):
            frames.setdefault(name, []).append(words)
    for name, texts in frames.items():
        message = _("film, sound, drawings and embedded pages cannot be imported (here: {name})")
        found.append(Finding(FindingKind.LEFT_OUT, message.format(name=name), words=bounded(" ".join(texts), 2000)))
    return found


def _no_text() -> str:
    return _(
        "there is no text in this page, perhaps because a script loads it; open it in a browser, copy the text into "
        "Word and import the .docx file"
    )
