"""Spreadsheets in which no text is a formula, and the same bytes for the same content."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import load_workbook

from gongshi.common.errors import Refused
from gongshi.common.office_files import make_reproducible
from gongshi.reports import spreadsheet
from gongshi.reports.spreadsheet import CELL_CHARACTERS, Sheet, SheetColumn, csv_file, plain, workbook
from support.unit import NOW


def test_cutting() -> None:
    """The length is counted as Excel counts, and escapes are counted, too."""
    for text in ("😀" * 20_000, "a" + "😀" * 20_000, "_x0041_" * 5000, "\x07" * 20_000, "a" * CELL_CHARACTERS):
        content = workbook([Sheet("S", [SheetColumn("C", 10)], [[text]])], "T", "A", datetime.fromisoformat(NOW))
        value = str(load_workbook(io.BytesIO(content))["S"]["A2"].value)
        assert len(value.encode("utf-16-le")) // 2 <= CELL_CHARACTERS
        assert (" characters in all)" in value) is (text != "a" * CELL_CHARACTERS)
    assert plain("a" * (CELL_CHARACTERS + 1)).startswith("aaa")


def test_settled_before_zips() -> None:
    """A moment before 1980 is stamped as the first that a zip knows."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as parts:
        parts.writestr("a", "x")
    content = make_reproducible(buffer.getvalue(), datetime.fromisoformat("1970-01-01T00:00:00+00:00"))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert parts.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)
        assert parts.read("a") == b"x"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＠", " =", "\u3000="])
def test_csv_injection(start: str) -> None:
    """Each beginning that a spreadsheet takes for a formula is held down; a tab or line end does not survive at all."""
    content = csv_file(Sheet("S", [SheetColumn("C", 10)], [[f"{start}1"], [f"\t{start}1"], [f"\r\n{start}1"]]))
    rows = [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
    assert rows == ["C", f"'{start}1", f"\\t{start}1", f"\\r\\n{start}1"]


def test_more_rows_than_a_sheet_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused before anything is written, with a way out."""
    monkeypatch.setattr(spreadsheet, "_ROWS", 3)
    workbook([Sheet("S", [SheetColumn("C", 10)], [[1], [2]])], "T", "A", datetime.fromisoformat(NOW))
    with pytest.raises(Refused, match="3 rows are too many for a sheet"):
        workbook([Sheet("S", [SheetColumn("C", 10)], [[1], [2], [3]])], "T", "A", datetime.fromisoformat(NOW))


def test_how_high_rows_are() -> None:
    """As high as their longest text, wide characters counted twice, within what Excel can; a digest is one line."""
    columns = [SheetColumn("C", 20), SheetColumn("D", 14, clipped=True)]
    rows: list[list[str | None]] = [["short", "f" * 64], ["长" * 40, None], ["长" * 4000, None]]
    content = workbook([Sheet("S", columns, rows)], "T", "A", datetime.fromisoformat(NOW))
    sheet = load_workbook(io.BytesIO(content))["S"]
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [16, 68, 409]
    assert (sheet["B2"].alignment.horizontal, sheet["B2"].value) == ("fill", "f" * 64)
    assert [sheet[f"A{row}"].alignment.vertical for row in (2, 4)] == ["center", "top"], "the beginning is seen"
