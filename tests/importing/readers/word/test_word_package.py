"""Word files are opened within limits; damaged and hostile ones are refused with a message, or mended."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.importing.document import RevisionChoice, UnreadableFileError
from gongshi.importing.readers.containers import zip_limits
from gongshi.importing.readers.word.parts.package import WordPackage
from support.office_documents import repacked, word, workbook
from support.word_parts import NAMES, clean, cleaned, p, part, r, row, word_file, zipped

_DAMAGED = "damaged"
_REAL = 20_000_003


def _refused(content: bytes) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        _open(content)
    return str(refused.value)


def _open(content: bytes) -> str:
    return clean(content, RevisionChoice.ACCEPT).text


def _document(xml: str | bytes) -> bytes:
    return repacked(word_file(""), lambda name, old: _encoded(xml) if name == "word/document.xml" else old)


def _encoded(xml: str | bytes) -> bytes:
    return xml if isinstance(xml, bytes) else xml.encode()


def test_other_files_are_refused_with_what_to_do() -> None:
    for content in (
        b"",
        b"PK",
        b"{\\rtf1 a}",
        b"<html>",
        workbook([["a"]]),
        zipped({"a.txt": "a"}),
        word(["a"])[:-200],
    ):
        assert "save it as .docx" in _refused(content)


def test_an_archive_that_is_protected_by_a_password_is_refused() -> None:
    content = bytearray(word(["a"]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    assert "password" in _refused(bytes(content))


def test_archives_that_unpack_to_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_limits, "MAX_BYTES", 1 << 20)
    bomb = word_file(p("文"), {"media/a.bin": bytes(2 << 20)})
    assert len(bomb) < 10_000
    assert "too large" in _refused(bomb)
    monkeypatch.setattr(zip_limits, "MAX_BYTES", 1 << 30)
    monkeypatch.setattr(zip_limits, "MAX_PART", 1 << 20)
    assert "too large" in _refused(_document(f"<w:document {NAMES}>{' ' * (2 << 20)}</w:document>"))
    monkeypatch.setattr(zip_limits, "MAX_PARTS", 20)
    assert "too large" in _refused(word_file(p("文"), {f"a{n}.bin": "" for n in range(30)}))


def test_an_archive_that_lies_about_a_size_unpacks_no_more_than_it_says() -> None:
    content = bytearray(word_file(p("文"), {"media/a.bin": bytes(_REAL)}))
    said = struct.pack("<I", _REAL)
    assert content.count(said) == 2
    content = content.replace(said, struct.pack("<I", 100))
    tracemalloc.start()
    try:
        assert _DAMAGED in _refused(bytes(content))
        assert tracemalloc.get_traced_memory()[1] < _REAL // 4
    finally:
        tracemalloc.stop()


def test_parts_that_share_their_bytes_do_not_multiply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_limits, "MAX_BYTES", 1 << 20)
    data = zlib.compress(bytes(600_000))[2:-4]
    crc = zlib.crc32(bytes(600_000))
    head = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(data), 600_000, 1, 0) + b"a"
    entries = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(data), 600_000, 1, 0, 0, 0, 0, 0, 0)
        + name
        for name in (b"a", b"b", b"c")
    )
    start = len(head) + len(data)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 3, 3, len(entries), start, 0)
    assert "too large" in _refused(head + data + entries + end)


def test_document_types_and_entities_are_refused_in_every_encoding() -> None:
    bomb = (
        '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        + f"<w:document {NAMES}><w:body>{p('&b;')}</w:body></w:document>"
    )
    for xml in (
        bomb,
        bomb.encode("utf-16"),
        bomb.encode("utf-16-be"),
        bomb.encode("utf-32"),
        ("\ufeff" + bomb).encode(),
    ):
        assert _DAMAGED in _refused(_document(xml))
    external = f'<!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><w:document {NAMES}/>'
    assert _DAMAGED in _refused(_document(external))


def test_xml_that_is_nested_too_deeply_or_broken_is_refused() -> None:
    assert _DAMAGED in _refused(_document(f"<w:document {NAMES}><w:body>" + "<w:sdt><w:sdtContent>" * 5000))
    assert _DAMAGED in _refused(
        _document(f"<w:document {NAMES}><w:body>" + "<w:sdt>" * 300 + "</w:sdt>" * 300 + "</w:body></w:document>")
    )
    assert _DAMAGED in _refused(_document(b"<w:document"))
    assert _DAMAGED in _refused(_document(b""))


def test_content_controls_in_each_other_lose_nothing() -> None:
    body = "<w:sdt><w:sdtContent>" * 100 + p("深") + "</w:sdtContent></w:sdt>" * 100
    assert cleaned(body).text == "深"


def test_names_of_parts_that_lead_elsewhere_are_ignored() -> None:
    content = repacked(
        word_file(p("文")), lambda _name, old: old, **{"../../etc/passwd": b"x", "/abs": b"x", "a//b": b"x"}
    )
    assert _open(content) == "文"
    assert not [name for name in WordPackage(content).parts if ".." in name or name.startswith("/")]


def test_backslashes_and_case_of_names_do_not_matter() -> None:
    swapped = {"word/document.xml": "word\\Document.xml"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word_file(p("文")))) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(swapped.get(name, name), old.read(name))
    assert _open(buffer.getvalue()) == "文"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused_unless_they_are_the_same() -> None:
    content = word_file(p("文"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = archive.read("word/document.xml")
    for added, is_refused in ((document, False), (document.replace("文".encode(), "武".encode()), True)):
        buffer = io.BytesIO(content)
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("word/document.xml", added)
        if is_refused:
            assert _DAMAGED in _refused(buffer.getvalue())
        else:
            assert _open(buffer.getvalue()) == "文"


def test_the_strict_variant_is_read() -> None:
    def strict(_name: str, old: bytes) -> bytes:
        text = old.decode()
        for area, word_ in (
            ("wordprocessingml", "main"),
            ("officeDocument", "relationships"),
            ("officeDocument", "math"),
        ):
            text = text.replace(
                f"http://schemas.openxmlformats.org/{area}/2006/{word_}", f"http://purl.oclc.org/ooxml/{area}/{word_}"
            )
        return text.encode()

    notes = part("footnotes", f'<w:footnote w:id="2">{p("注")}</w:footnote>')
    body = p(
        r("粗", "<w:b/>"), '<w:r><w:footnoteReference w:id="2"/></w:r>', "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"
    )
    read = clean(repacked(word_file(body, {"footnotes.xml": notes}), strict))
    assert "<strong>粗</strong>" in read.html
    assert "注" in read.text and "x" in read.text


def test_one_branch_of_alternatives_is_read() -> None:
    def both(requires: str, choice: str, fallback: str) -> str:
        return (
            f'<mc:AlternateContent><mc:Choice Requires="{requires}">{choice}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>'
            "</mc:AlternateContent>"
        )

    assert cleaned(p("前", both("wps", r("新"), r("旧")), "后")).text == "前新后"
    assert cleaned(p("前", both("v", r("新"), r("旧")), "后")).text == "前新后"
    assert cleaned(f'<w:p xmlns:zz="urn:unknown">{both("zz", r("新"), r("旧"))}</w:p>').text == "旧"
    assert cleaned(p(both("wps", both("w14", r("内"), r("外")), r("旧")))).text == "内"


def test_missing_parts_notes_and_links_are_mended_and_told() -> None:
    content = word_file(
        p("文", '<w:r><w:footnoteReference w:id="9"/></w:r>', f'<w:hyperlink r:id="none">{r("此处")}</w:hyperlink>'),
        links={"a": ("footnotes", "footnotes.xml"), "b": ("styles", "none.xml"), "c": ("image", "NULL")},
    )
    read = clean(content)
    assert read.text == "文此处"
    assert read.told() == [("paragraph 1", "")]


def test_what_the_conversion_does_not_know_is_not_lost() -> None:
    read = cleaned(
        p(
            r("一"),
            "<w:r><w:cr/></w:r>",
            r("二"),
            "<w:r><w:ptab/></w:r>",
            f"<w:bdo>{r('三')}</w:bdo>",
            f"<w:dir>{r('四')}</w:dir>",
        )
        + p(f"<w:r><w:ruby><w:rubyPr/><w:rt>{r('gōng')}</w:rt><w:rubyBase>{r('公')}</w:rubyBase></w:ruby></w:r>")
        + p('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', '<w:r><w:sym w:font="宋体" w:char="2103"/></w:r>')
        + p(r("\uf0fe", '<w:rFonts w:ascii="Wingdings"/>'), r("\ue123"))
        + f"<w:tbl><w:bookmarkStart w:id='1' w:name='a'/>{row('格')}<w:tr><w:tc><w:tcPr><w:gridSpan w:val='x'/></w:tcPr>{p('乙')}</w:tc></w:tr></w:tbl>"
    )
    assert read.text == "一/二\t三四\n公（gōng）\n☑℃\n☑\ue123\n格\n乙"
    assert ("paragraph 2", "公（gōng）") in read.told()
    assert ("paragraph 4", "\ue123") in read.told()


def test_a_sign_without_a_character_is_told() -> None:
    read = cleaned(p("甲", '<w:r><w:sym w:font="Secret Font" w:char="F0AB"/></w:r>'))
    assert read.text == "甲"
    assert read.told() == [("paragraph 1", "F0AB")] and "Secret Font" in read.words


@given(st.binary(max_size=300), st.integers(0, 3000))
def test_damaged_bytes_never_end_in_a_traceback(noise: bytes, position: int) -> None:
    content = bytearray(_SAMPLE)
    content[position : position + len(noise)] = noise
    try:
        _open(bytes(content))
    except UnreadableFileError as error:
        assert str(error)


_SAMPLE = word_file(p("一") + f"<w:tbl>{row('甲', '乙')}</w:tbl>", {"header1.xml": part("hdr", p("页眉"))})
