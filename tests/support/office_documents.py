"""Real office documents and PDFs, made for a test."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import docx
import openpyxl


def word(paragraphs: Iterable[str], rows: Iterable[Sequence[str]] = (), header: str = "") -> bytes:
    """A Word document with paragraphs, a table and a header."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    rows = list(rows)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def workbook(rows: Iterable[Sequence[Any]], title: str = "List", state: str = "visible") -> bytes:
    """An Excel workbook with one sheet beside the first, which is empty."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet(title)
    sheet.sheet_state = state
    for row in rows:
        sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def pdf(*lines: str) -> bytes:
    """A PDF of one page, each text on a line of its own; ASCII only."""
    shown = b"".join(
        b"BT /F1 12 Tf 50 %d Td (%b) Tj ET\n" % (700 - 20 * n, line.encode()) for n, line in enumerate(lines)
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%bendstream" % (len(shown), shown),
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + table + trailer


def repacked(content: bytes, change: Callable[[str, bytes], bytes], **added: bytes) -> bytes:
    """A ZIP archive with its parts changed, and others added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in added.items():
            new.writestr(name, part)
    return buffer.getvalue()
