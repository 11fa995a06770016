"""Reads review forms back, and makes templates for them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx

from support.unit import Result, UnitUnderTest


@dataclass
class Form:
    """What stands in a form."""

    above: list[str]
    """The paragraphs above the table."""
    rows: dict[str, str]
    """The cells by the label before them."""
    footer: str


def read(file: Path) -> Form:
    """Read a form as Word would show it."""
    document = docx.Document(str(file))
    rows: dict[str, str] = {}
    for row in document.tables[0].rows:
        cells = list({id(cell._tc): cell for cell in row.cells}.values())
        texts = ["\n".join(p.text for p in cell.paragraphs) for cell in cells]
        rows |= {
            label.replace("　", "").replace(" ", ""): text for label, text in zip(texts[::2], texts[1::2], strict=True)
        }
    return Form(
        [paragraph.text for paragraph in document.paragraphs if paragraph.text],
        rows,
        "\n".join(paragraph.text for paragraph in document.sections[0].footer.paragraphs),
    )


def form(unit: UnitUnderTest, path: str, *options: str, now: str | None = None) -> Form:
    """Make the form of an entry and read it back."""
    result = make(unit, path, *options, now=now)
    assert result.exit_code == 0, result.all
    return read(unit.root / "form.docx")


def make(unit: UnitUnderTest, path: str, *options: str, now: str | None = None) -> Result:
    """Make the form of an entry as form.docx."""
    when = {"now": now} if now else {}
    return unit.gongshi("form", f"docs/{path}", "-o", "form.docx", "--force", *options, **when)


def template(body: str) -> bytes:
    """A Word file with this XML in its body."""
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    return changed(
        buffer.getvalue(),
        "word/document.xml",
        lambda xml: xml[: xml.index(b"<w:body>") + 8] + body.encode() + xml[xml.index(b"<w:sectPr") :],
    )


def paragraphs(*texts: str) -> str:
    """Paragraphs as Word writes them."""
    return "".join(f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>' for text in texts)


def changed(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """A zip file with one of its members changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == member else old.read(name))
    return buffer.getvalue()
