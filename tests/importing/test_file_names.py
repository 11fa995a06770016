"""Names of imported files: front matter, report and every file system accept them."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.domain.yaml import one_line_text
from gongshi.importing.file_names import kept_name, readable_name


@pytest.mark.parametrize(
    ("name", "readable", "kept"),
    [
        ("通知.docx", "通知.docx", "通知.docx"),
        ("a\nb.docx", "a_b.docx", "a_b.docx"),
        ("a\x1b[31m\u202eb.docx", "a_[31m_b.docx", "a_[31m_b.docx"),
        (os.fsdecode("公告.docx".encode("gb18030")), "公告.docx", "公告.docx"),
        (os.fsdecode(b"\xff\xff.docx"), "\ufffd\ufffd.docx", None),
        ('a:b"c\\d?.docx', 'a:b"c\\d?.docx', "a_b_c_d_.docx"),
        ("CON.docx", "CON.docx", "_CON.docx"),
        ("x. ", "x.", "x"),
        ("..", "..", "_"),
    ],
)
def test_names_are_readable_and_can_be_kept(name: str, readable: str, kept: str | None) -> None:
    """On every system; only what is refused is replaced."""
    assert readable_name(name) in (readable, readable.replace("\ufffd", "_"))
    assert kept is None or kept_name(name) == kept


@given(st.one_of(st.text(min_size=1, max_size=300), st.binary(min_size=1, max_size=300).map(os.fsdecode)))
def test_any_name_is_accepted_by_the_front_matter_and_by_file_systems(name: str) -> None:
    """Whatever bytes it has."""
    readable, kept = readable_name(name), kept_name(name)
    readable.encode()
    assert one_line_text.unreadable(readable) is None
    assert 0 < len(kept.encode()) <= 204
    assert not set(kept) & set('<>:"/\\|?*\0\n')
    assert kept not in (".", "..")
