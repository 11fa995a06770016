"""Excel workbooks made for a test, and how they are read."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from lxml import html
from openpyxl.workbook import Workbook

from gongshi.importing.document import Finding, FindingKind, ReadDocument, ReadOptions, Workspace
from gongshi.importing.readers import reader_for
from gongshi.importing.sources import ImportSource


@dataclass(frozen=True)
class Imported:
    """A file that was read."""

    document: ReadDocument
    folder: Path

    @property
    def table(self) -> list[list[str]]:
        """The texts of the cells of all tables."""
        root = html.fragment_fromstring(self.document.html, create_parent="div")
        return [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]

    @property
    def cells(self) -> list[str]:
        """The texts of the cells of all tables, in one list."""
        return [text for row in self.table for text in row]

    @property
    def everything(self) -> str:
        """All that an entry would have of the file."""
        return f"{self.document.fields.title}\n{self.document.html}\n{self.document.visible_text}"

    def findings(self, part: str, kind: FindingKind | None = None) -> list[Finding]:
        """The findings whose message has these words."""
        return [f for f in self.document.findings if part in f.message and kind in (None, f.kind)]

    def finding(self, part: str, kind: FindingKind | None = None) -> Finding:
        """The only finding whose message has these words."""
        (found,) = self.findings(part, kind)
        return found


def book(*rows: list[Any]) -> Workbook:
    """A workbook whose only sheet has these rows."""
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    return made


def saved(made: Workbook) -> bytes:
    """The bytes of a workbook."""
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def read(content: Workbook | bytes, folder: Path, name: str = "file.xlsx", **options: Any) -> Imported:
    """Read a file that has this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else saved(content))
    workspace = folder / "workspace"
    workspace.mkdir(exist_ok=True)
    source = ImportSource(path, path.suffix[1:], name)
    return Imported(reader_for(source)(path, Workspace(workspace), ReadOptions(**options)), workspace)
