"""Word files from templates: the unit's own, broken ones, and texts that try to be more than text."""

from __future__ import annotations

import io
import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import pytest

from gongshi.common.errors import InvalidInput
from gongshi.common.office_files import make_reproducible
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.records.store import ReviewStore
from gongshi.reports.form import word_template
from support import shipped_form
from support.form_templates import changed, form, make, paragraphs, read, template
from support.unit import HOOKS, UnitUnderTest

ENTRY = "announcements/a.md"
NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
SHIPPED = HOOKS / "gongshi" / "templates" / "form.docx"
VALUES: dict[str, Any] = {
    "title": "Water cut",
    "unit": {"name": "Test Unit"},
    "stages": [{"title": "First"}, {"title": "Final"}],
    "files": [],
}


def _table(*texts: str) -> str:
    """A table of one cell with these paragraphs."""
    cell = f"<w:tc><w:tcPr/>{paragraphs(*texts)}</w:tc>"
    return f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>{cell}</w:tr></w:tbl>"


def _fill(body: str, **values: Any) -> str:
    """What a template with this body says once it is filled."""
    content = word_template.render_docx(template(body), "form.docx", {**VALUES, **values}, NOW)
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def _problem(content: bytes, tmp_path: Path) -> str:
    """What is said about a template that is no use."""
    file = tmp_path / "form.docx"
    file.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        word_template.render_docx(word_template.read_template(file, "form.docx"), "form.docx", VALUES, NOW)
    assert len(caught.value.problems) == 1
    return str(caught.value)


def test_the_shipped_form_is_as_drawn() -> None:
    """The template that comes along is what tests/support/shipped_form.py draws."""
    drawn = zipfile.ZipFile(io.BytesIO(shipped_form.draw()))
    with zipfile.ZipFile(SHIPPED) as shipped:
        assert {name: shipped.read(name) for name in shipped.namelist()} == {
            name: drawn.read(name) for name in drawn.namelist()
        }


def test_a_units_own_form(unit: UnitUnderTest) -> None:
    """hooks/form.docx takes the place of the shipped form, and --template the place of both."""
    (unit.root / "hooks").unlink()
    (unit.root / "hooks").mkdir()
    shutil.copy(HOOKS / "gate.py", unit.root / "hooks")
    unit.write(ENTRY, title="Water cut")
    assert form(unit, ENTRY).rows["标题"] == "Water cut"
    (unit.root / "hooks" / "form.docx").write_bytes(template(paragraphs("Ours: {{ title }}")))
    assert make(unit, ENTRY).exit_code == 0
    assert [p.text for p in docx.Document(str(unit.root / "form.docx")).paragraphs] == ["Ours: Water cut"]
    (unit.root / "other.docx").write_bytes(template(paragraphs("Other: {{ author }}")))
    assert make(unit, ENTRY, "--template", "other.docx").exit_code == 0
    assert [p.text for p in docx.Document(str(unit.root / "form.docx")).paragraphs] == ["Other: Clerk"]
    missing = make(unit, ENTRY, "--template", "nowhere.docx")
    assert (missing.exit_code, "there is no template nowhere.docx" in missing.errors) == (2, True)


def test_a_template_edited_in_word(unit: UnitUnderTest) -> None:
    """Word cuts a placeholder into pieces with marks of its own in between; it is found all the same."""
    pieces = ("{", "{ ti", "tle }", "}")
    runs = "".join(
        f'<w:r><w:rPr><w:b/></w:rPr><w:t>{piece}</w:t></w:r><w:proofErr w:type="spellEnd"/>' for piece in pieces
    )
    assert _fill(f"<w:p>{runs}</w:p>") == "Water cut"


def test_every_part_is_filled() -> None:
    """Headers and footers take placeholders, too; the properties of the file are the form's own."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "{{ unit.name }}"
    document.sections[0].footer.paragraphs[0].text = "{{ title }}"
    document.core_properties.subject = "{{ stays as it is }}"
    buffer = io.BytesIO()
    document.save(buffer)
    filled = docx.Document(
        io.BytesIO(word_template.render_docx(buffer.getvalue(), "form.docx", {**VALUES, "title": "A & B"}, NOW))
    )
    assert filled.sections[0].header.paragraphs[0].text == "Test Unit"
    assert filled.sections[0].footer.paragraphs[0].text == "A & B"
    properties = filled.core_properties
    assert (properties.title, properties.author, properties.subject) == ("A & B", "Test Unit", "{{ stays as it is }}")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (paragraphs("{{ titel }}"), "names the placeholder titel, which a form does not have; did you mean title?"),
        (paragraphs("{{ zzz }}"), "names the placeholder zzz, which a form does not have; `--json` lists"),
        (paragraphs("{{ unit.nmae }}"), "names the placeholder nmae, which a form does not have; did you mean name?"),
        (paragraphs("{% if colunm %}x{% endif %}"), "names the placeholder colunm"),
        (paragraphs("{% for s in stages %}{{ s.tilte }}{% endfor %}"), "did you mean title?"),
        (paragraphs("Title", "{{ title | }}", "End"), "has a mistake in a placeholder near “{{ title | }}”: "),
        (paragraphs("{% for s in stages %}x"), "has a mistake in a placeholder near"),
        (paragraphs("{{ title|safe }}"), "has a mistake in a placeholder near “{{ title|safe }}”: No filter named"),
        (paragraphs("{% if title %}", "x{% endif %}{% include 'x' %}"), "cannot be filled: "),
        (paragraphs("{{ 1 // 0 }}"), "cannot be filled: "),
        (paragraphs("{{ title.__class__.mro() }}"), "form.docx: "),
        (_table("{% if not title %}x") + paragraphs("{% endif %}"), "begins inside a table and ends outside"),
    ],
)
def test_mistakes_in_a_template(body: str, says: str, tmp_path: Path) -> None:
    """One message names the template, the placeholder or place, and what to do."""
    said = _problem(template(body), tmp_path)
    assert said.startswith("form.docx: ")
    assert says in said
    assert "\n" not in said


def _bomb(kind: str, size: int, count: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(f"word/{number}.{kind}", bytes(size))
    return buffer.getvalue()


def _without(member: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(SHIPPED) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name != member:
                new.writestr(name, old.read(name))
    return buffer.getvalue()


_MACROS = b"application/vnd.ms-word.document.macroEnabled.main+xml"
_PLAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not a Word file; save it in Word as .docx"),
        (b"Dear colleagues", "is not a Word file; save it in Word as .docx"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "is an old .doc file or has a password"),
        (SHIPPED.read_bytes()[:3000], "is not a Word file"),
        (_without("word/document.xml"), "is not a Word file"),
        (_without("[Content_Types].xml"), "is not a Word file"),
        (changed(SHIPPED.read_bytes(), "word/document.xml", lambda _xml: b"<w:document"), "is not a Word file"),
        (
            changed(SHIPPED.read_bytes(), "[Content_Types].xml", lambda x: x.replace(_PLAIN, _MACROS)),
            "is not a Word file",
        ),
        (_bomb("png", 16 << 20, 5), "is too large for a form"),
        (_bomb("xml", 3 << 20, 1), "is too large for a form"),
        (_bomb("png", 1, 1001), "is too large for a form"),
        (bytes((16 << 20) + 1), "is too large for a form"),
    ],
    ids=[
        "empty",
        "text",
        "doc",
        "cut",
        "no-document",
        "no-types",
        "broken-xml",
        "docm",
        "pictures",
        "text",
        "members",
        "huge",
    ],
)
def test_what_is_no_template(content: bytes, says: str, tmp_path: Path) -> None:
    """A file of another kind, a broken one and a zip bomb: one message, and no traceback."""
    assert says in _problem(content, tmp_path)


def test_a_broken_template_by_command(unit: UnitUnderTest) -> None:
    """The command names the template as the user did, exits 1 and writes nothing."""
    unit.write(ENTRY)
    (unit.root / "broken.docx").write_text("no zip")
    result = make(unit, ENTRY, "--template", "broken.docx")
    assert (result.exit_code, result.output) == (1, "")
    assert (
        result.errors == "Error: broken.docx: is not a Word file; save it in Word as .docx (not .doc, .docm or .dotx)\n"
    )
    assert not (unit.root / "form.docx").exists()


HOSTILE = [
    "{{ 7*7 }}",
    "{% for x in stages %}",
    "{_{ title }_}{_% x %_}",
    "A & B < C > D \"quoted\" 'single'",
    "</w:t></w:r></w:p><w:p/>",
    "&lt;b&gt; &#123;",
    "]]>",
    "a\tb",
    "日本語 𠮷 😀",
]


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE)
def test_texts_stay_texts(text: str) -> None:
    """Placeholders, markup and references in a title come out as they were written."""
    for body in (
        "[{{ title }}]",
        "[{{ title|e }}]",
        "{{ '[' ~ title ~ ']' }}",
        "[{% set t %}{{ title }}{% endset %}{{ t }}]",
    ):
        assert _fill(paragraphs(body), title=text) == f"[{text}]"


@pytest.mark.slow
@pytest.mark.parametrize("character", ["\0", "\x07", "\x0b", "\x1f", "\x7f", "\ufffe", "\ud800", "\u202e", "\u2066"])
def test_no_control_characters(character: str) -> None:
    """What XML forbids or what turns a line around shows as a replacement mark or a line break, and loses no text."""
    for body in ("{{ title }}", "{{ title|e }}", "{{ '' ~ title }}"):
        shown = _fill(paragraphs(body), title=f"before{character}after")
        assert shown in ("before\ufffdafter", "before\nafter")


def test_lines_stay_lines() -> None:
    """A text of several lines keeps them."""
    assert _fill(paragraphs("{{ title }}"), title="one\ntwo\r\nthree") == "one\ntwo\nthree"


def test_hostile_texts_through_the_command(unit: UnitUnderTest) -> None:
    """Title, attachment and a forged note with everything in them: the form shows them, whole."""
    title = "{{ 7*7 }} {% if x %} A & B <w:p/> ]]>"
    unit.write("announcements/b/index.md", title=title, attachments=[{"file": "a & b.pdf", "title": "<b>{{ x }}</b>"}])
    unit.write("announcements/b/a & b.pdf", b"x")
    unit.submit("announcements/b/index.md")
    archive = ReviewStore(unit.docs)
    dossier = archive.read_dossier("announcements/b/index.md")
    note = "字" * 5000 + "\x07\u202e\n</w:t>{{ 1 }}"
    archive.append(dossier, Decision(Action.RETURN, "head", NOW, dossier.decisions[-1].digest, note=note))
    found = form(unit, "announcements/b/index.md")
    assert found.rows["标题"] == title
    assert found.rows["附件"] == "1. <b>{{ x }}</b>（a & b.pdf，1 B）"
    assert found.rows["First"].startswith("“" + "字" * 5000 + "\ufffd\ufffd </w:t>{{ 1 }}”\n结论：Returned")
    assert docx.Document(str(unit.root / "form.docx")).core_properties.title == title


def test_a_long_title_fits_the_properties() -> None:
    """Properties of a file hold 255 characters; a longer text is cut there and nowhere else."""
    assert _fill(paragraphs("{{ title }}"), title="x" * 400) == "x" * 400


def test_a_cell_is_never_empty() -> None:
    """Word refuses a cell without a paragraph, which a loop over nothing would leave."""
    body = _table("{%p for file in files %}", "{{ file.name }}", "{%p endfor %}")
    content = word_template.render_docx(template(body), "form.docx", VALUES, NOW)
    (found,) = docx.Document(io.BytesIO(content)).tables[0]._tbl.iter("{*}tc")
    assert [child.tag.rsplit("}", 1)[1] for child in found] == ["tcPr", "p"]


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes(unit: UnitUnderTest) -> None:
    """With SOURCE_DATE_EPOCH two forms are equal to the byte, in any time zone; the file's own times are that time."""
    unit.write(ENTRY)
    contents = []
    for zone in ("UTC", "America/New_York"):
        assert unit.gongshi("form", f"docs/{ENTRY}", "-o", "form.docx", "--force", TZ=zone).exit_code == 0
        contents.append((unit.root / "form.docx").read_bytes())
    assert contents[0] == contents[1]
    with zipfile.ZipFile(io.BytesIO(contents[0])) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 11, 21, 2, 0, 0)}
    properties = docx.Document(io.BytesIO(contents[0])).core_properties
    assert properties.created == properties.modified
    assert str(properties.created) == "2026-11-21 02:00:00+00:00"


def test_settled_files() -> None:
    """Members keep names, order and bytes; times before 1980, which zip files cannot name, become the first they can."""
    buffer = io.BytesIO()
    stamp = b'<dcterms:modified xsi:type="dcterms:W3CDTF">2020-01-01T00:00:00Z</dcterms:modified>'
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (("b.xml", b"B"), ("a.xml", b"A"), ("docProps/core.xml", stamp)):
            archive.writestr(name, content)
    for year, first in ((2026, (2026, 1, 2, 3, 4, 4)), (1970, (1980, 1, 1, 0, 0, 0))):
        moment = datetime.fromisoformat(f"{year}-01-02T03:04:05+00:00")
        with zipfile.ZipFile(io.BytesIO(make_reproducible(buffer.getvalue(), moment))) as archive:
            assert archive.namelist() == ["b.xml", "a.xml", "docProps/core.xml"]
            assert {member.date_time for member in archive.infolist()} == {first}
            assert archive.read("a.xml") == b"A"
            assert f"{year}-01-02T03:04:05Z".encode() in archive.read("docProps/core.xml")


def test_page_breaks(unit: UnitUnderTest) -> None:
    """The title is repeated on each page, and no row is forbidden to go on on the next one."""
    unit.write(ENTRY)
    make(unit, ENTRY)
    table = docx.Document(str(unit.root / "form.docx")).tables[0]
    assert len(table._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader")) == 1
    assert len(table._tbl.xpath(".//w:tblHeader")) == 1
    assert table._tbl.xpath(".//w:cantSplit") == []
    assert table._tbl.xpath(".//w:trHeight[@w:hRule='exact']") == []
    assert read(unit.root / "form.docx").rows["标题"] == "A title"
