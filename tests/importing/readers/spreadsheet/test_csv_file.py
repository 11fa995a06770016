"""Texts with columns become tables, each value as it was typed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.importing.document import FindingKind, UnreadableFileError
from gongshi.importing.readers.spreadsheet.csv_file import _decode, _find_separator, _read_rows
from support.workbooks import read

TEXT = '姓名,金额\n张三,0012\n李四,"1,234.50"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    found = read(TEXT.encode(encoding), tmp_path, "a.csv")
    assert found.table == [["姓名", "金额"], ["张三", "0012"], ["李四", "1,234.50"]]
    assert bool(found.findings("GB 18030", FindingKind.CHECK)) == (encoding == "gb18030")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("first", ["", "sep="])
def test_the_separator_is_found(tmp_path: Path, separator: str, first: str) -> None:
    lines = [f"{first}{separator}"] if first else []
    lines += [separator.join(row) for row in (["a", "b c"], ["1,5" if separator != "," else "15", "x"], ["2", "y"])]
    found = read("\r\n".join(lines).encode(), tmp_path, "a.csv")
    assert len(found.table) == 3 and {len(row) for row in found.table} == {2}


def test_values_stay_as_typed(tmp_path: Path) -> None:
    values = ["0012", "1E5", "2026-1-5", "=1+1", "+86 138", "-", "@x", "TRUE", "110101199003078888", "  缩进", "一\n二"]
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["值", "b"], *[[value, "x"] for value in values]])
    found = read(buffer.getvalue().encode(), tmp_path, "a.csv")
    assert [row[0] for row in found.table[1:]] == [value.replace("\n", "") for value in values]
    assert "一<br>二" in found.document.html


def test_rows_of_another_length_are_told_and_kept(tmp_path: Path) -> None:
    found = read(b"a,b,c\n1,2,3\n4,5,6\n7,8\n9,10,11,12\n", tmp_path, "a.csv")
    assert found.finding("wrong column", FindingKind.CHECK).place == "rows 4, 5"
    assert "12" in found.cells


def test_open_quotation_marks_are_told(tmp_path: Path) -> None:
    found = read(b'a,b\n1,"x\n2,y\n', tmp_path, "a.csv")
    assert found.finding("quotation marks", FindingKind.CHECK)
    assert "2,y" in found.document.visible_text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n,,\n",
        b"a\0\0b,c",
        b"\xef\xbb\xbfa\0b,c",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"\xff\xff\xff\x80,",
        b'"' + b"x" * 200_000,
    ],
)
def test_files_that_are_no_table_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        read(content, tmp_path, "a.csv")


def test_a_text_file_needs_tabs(tmp_path: Path) -> None:
    assert read(b"a\tb\n1\t2\n", tmp_path, "a.txt").cells == ["a", "b", "1", "2"]
    with pytest.raises(UnreadableFileError, match="tabs"):
        read("甲，乙。\n丙,丁\n".encode(), tmp_path, "a.txt")


def test_a_long_file_becomes_an_attachment(tmp_path: Path) -> None:
    rows = "".join(f"人{n},{n:04}\n" for n in range(50))
    found = read(("姓名,编号\n" + rows).encode(), tmp_path, "a.csv", language="en")
    (file,) = found.document.files
    (tmp_path / "again").mkdir()
    again = read((found.folder / file.name).read_bytes(), tmp_path / "again", cells="A1:B20")
    assert again.table[1] == ["人0", "0000"]
    assert "50 rows" in found.document.html


def test_a_range_is_cut_out(tmp_path: Path) -> None:
    found = read(TEXT.encode(), tmp_path, "a.csv", cells="A1:A2")
    assert found.cells == ["姓名", "张三"]
    assert found.finding("outside the range", FindingKind.LEFT_OUT)


@settings(max_examples=50)
@given(
    st.lists(
        st.lists(
            st.text(
                st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff\ufffe\uffff"), max_size=9
            ),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["utf-8-sig", "utf-16"]),
)
def test_what_was_written_is_read(rows: list[list[str]], encoding: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows(rows)
    text, _findings = _decode(buffer.getvalue().encode(encoding))
    assert _read_rows(text, ",")[0] == rows
    assert _find_separator(text) in ",;\t|"
