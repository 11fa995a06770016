"""Files of offices for the benchmark of imports: the same number gives the same words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from bench import phrases
from bench.pictures import photograph
from bench.texts import Writer
from support.ofd_files import OfdPage, ofd
from support.pdf_files import PdfPage, pdf
from support.saved_pages import site_page
from support.word_documents import aligned, level, numbered, numbering, paragraph, row, table, word_document
from support.workbooks import book, saved

PAGES: Final = 20
"""Pages of a long notice, of 600 characters each."""
_PAGE: Final = 600
_DAY: Final = date(2026, 11, 20)
_HEADS: Final = ("序号", "村（社区）", "户数", "金额（元）")
_NUMBERS: Final = numbering([level(0, "decimal", "%1."), level(1, "chineseCounting", "（%2）")])


def notice(number: int, pages: int = 1) -> bytes:
    """A notice in Word with headings, numbers, a table on each page, and a signature.

    Args:
        number: which one.
        pages: its length.
    """
    writer = Writer(number, _DAY)
    body = [
        aligned("center", f"青政发〔2026〕{number}号"),
        aligned("center", f"{writer.title(is_activity=False)}（{number}）"),
    ]
    for page in range(pages):
        body.append(paragraph(f"{'一二三四五六七八九十'[page % 10]}、{writer.phrase(phrases.NOTICE_TITLES)[:20]}"))
        letters = 0
        while letters < _PAGE:
            words = writer.paragraph()
            letters += len(words)
            body.append(numbered(1, letters // 400, words) if page % 3 == 2 else paragraph("　　" + words))
        body.append(table(row(*_HEADS), *(row(*_cells(writer, line)) for line in range(8))))
    body += [aligned("right", "青禾镇人民政府"), aligned("right", "2026年11月20日")]
    return word_document(*body, numbering=_NUMBERS)


def workbook(number: int, rows: int = 400) -> bytes:
    """A list in Excel.

    Args:
        number: which one.
        rows: its length.
    """
    writer = Writer(number, _DAY)
    made = book([f"补助名单（{number}）"], list(_HEADS), *(_cells(writer, line) for line in range(rows)))
    for cell in made.worksheets[0]["D"]:
        cell.number_format = "#,##0.00"
    return saved(made)


def _cells(writer: Writer, line: int) -> list[str]:
    return [str(line + 1), writer.phrase(phrases.NOTICE_TITLES)[:6], str(line * 7 % 90), f"{line * 137 % 9000}.50"]


def comma_list(number: int) -> bytes:
    """A list in GB18030.

    Args:
        number: which one.
    """
    writer = Writer(number, _DAY)
    return "".join(f"{','.join(_cells(writer, line))}\r\n" for line in range(400)).encode("gb18030")


def web_page(number: int) -> bytes:
    """An article of a site.

    Args:
        number: which one.
    """
    writer = Writer(number, _DAY)
    paragraphs = "".join(f"<p>　　{writer.paragraph()}</p>" for _each in range(40))
    return site_page(f'<div class="TRS_Editor">{paragraphs}</div>').encode()


def portable_document(number: int) -> bytes:
    """A notice of twenty pages in PDF.

    Args:
        number: which one.
    """
    writer = Writer(number, _DAY)
    made = []
    for _each in range(PAGES):
        page, top = PdfPage(), 100.0
        while top < 600:
            top = page.paragraph(top, _short(writer, page.letters))
        made.append(page)
    return pdf(*made)


def _short(writer: Writer, known: Mapping[str, int]) -> str:
    """Return a paragraph whose letters have a place in the font of a page, which has 255."""
    words, letters = "", set(known)
    for letter in writer.paragraph():
        letters.add(letter)
        if len(letters) > 250:
            break
        words += letter
    return words or "同上。"


def layout_document(number: int) -> bytes:
    """A notice of twenty pages in OFD.

    Args:
        number: which one.
    """
    writer = Writer(number, _DAY)
    made = []
    for _each in range(PAGES):
        page, top = OfdPage(), 100.0
        while top < 600:
            top = page.paragraph(top, writer.paragraph())
        made.append(page)
    return ofd(*made)


def photos(number: int) -> dict[str, bytes]:
    """Photos of an activity by their names.

    Args:
        number: which activity.
    """
    day = _DAY + timedelta(days=number)
    return {f"IMG_{day:%Y%m%d}_{each:06}.jpg": photograph(number * 100 + each) for each in range(20)}


FILES: Final[Mapping[str, Callable[[int], bytes]]] = {
    "docx": lambda number: notice(number, PAGES),
    "xlsx": workbook,
    "csv": comma_list,
    "html": web_page,
    "pdf": portable_document,
    "ofd": layout_document,
}
"""The functions that make files, by their extensions."""
