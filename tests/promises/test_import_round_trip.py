"""A Word file, imported, approved three times and built: the page, the ledger and the review form say what it says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import html

from support.form_templates import read
from support.official_notice import NUMBER, TITLE, official_notice
from support.page_outline import outline
from support.unit import UnitUnderTest, settings

pytestmark = pytest.mark.slow

NOW = "2026-11-26T17:00:00+08:00"
ADDRESS = "announcements/2026/20261126-1"
ENTRY = f"docs/{ADDRESS}/index.md"
SECRETS = ("CANARYauthor", "CANARYproperties", "CANARYheader", "CANARYname", "imported_from", ".originals")
"""The author, a property, the header and the name of the file, and how the entry names it."""


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """A unit that imported the notice, approved it and built its site; no test changes it."""
    folder = tmp_path_factory.mktemp("notice")
    unit = UnitUnderTest(folder / "unit")
    unit.configure(settings(), theme={"name": "gongshi", "language": "zh"})
    (folder / "CANARYname.docx").write_bytes(official_notice())
    file, column = str(folder / "CANARYname.docx"), "announcements"
    commands = [("import", file, "--column", column, "--as", "clerk"), ("submit", ENTRY, "--as", "clerk")]
    commands += [("approve", ENTRY, "--as", person) for person in ("head", "deputy", "chief")]
    for command in commands:
        result = unit.gongshi(*command, now=NOW)
        assert result.exit_code == 0, result.all
    built = unit.build("--strict", now=NOW)
    assert built.exit_code == 0, built.all
    return unit


def test_the_page_has_title_record_and_text(unit: UnitUnderTest) -> None:
    """Headings, merged cells and the signature at the right stand where the paper has them."""
    page = html.fromstring(unit.page(ADDRESS)).find(".//main")
    assert page.findtext(".//h1") == TITLE
    [record] = page.find_class("gs-record")
    assert [" ".join(row.itertext()) for row in record.iter("tr")] == [
        f"文号 {NUMBER}", "发文机关 青禾镇人民政府", "成文日期 2026-11-26",
    ]  # fmt: skip
    [text] = page.find_class("gs-text")
    lines = outline(html.tostring(text, encoding="unicode"))
    assert [line for line in lines if line.startswith("#")] == [
        "## 一、救助对象",
        "## 二、救助标准和名额",
        "## 三、工作要求",
    ]
    assert [line for line in lines if line.startswith("|")] == [
        "| 片区 | 村（社区） | 户数 | 金额（元） |",
        "| 东片 | 禾苗社区 | 12 | 6,000.00 |",
        "| 东片 | 柳塘村 | 8 | 4,000.00 |",
        "| 西片 | 石桥村 | 15 | 7,500.00 |",
        "| 合计 | 合计 | 35 | 17,500.00 |",
    ]
    assert [line for line in lines if line.startswith("→")] == ["→ 青禾镇人民政府", "→ 2026年11月26日", "→ 〔公章〕"]


def test_ledger_and_review_form_name_the_document_number(unit: UnitUnderTest, tmp_path: Path) -> None:
    """As JSON and in the Word file."""
    [entry] = unit.gongshi("ledger", "--json", now=NOW).json()["entries"]
    assert (entry["number"], entry["title"], entry["state"]) == (NUMBER, TITLE, "published")
    form = unit.gongshi("form", ENTRY, "--json", now=NOW).json()["form"]
    assert (form["document"]["number"], form["document"]["issuer"]) == (NUMBER, "青禾镇人民政府")
    file = tmp_path / "form.docx"
    assert unit.gongshi("form", ENTRY, "-o", str(file), now=NOW).exit_code == 0
    assert any(NUMBER in text for text in read(file).rows.values())


def test_nothing_of_the_original_is_public(unit: UnitUnderTest, tmp_path: Path) -> None:
    """Not its author, properties, header or name: in no byte of the site, and in none of the staged tree."""
    assert unit.leaks(*SECRETS) == []
    staged = unit.copy(tmp_path / "unit")
    result = staged.gongshi("stage", "tree", now=NOW)
    assert result.exit_code == 0, result.all
    shutil.rmtree(staged.site)
    (staged.root / "tree").rename(staged.site)
    assert (staged.site / ENTRY.removeprefix("docs/")).exists()
    assert staged.leaks(*SECRETS) == []


def test_the_original_is_kept_as_it_is(unit: UnitUnderTest) -> None:
    """Beside the content, with its bytes."""
    [kept] = (unit.docs / ".originals").rglob("*.docx")
    assert kept.read_bytes() == (unit.root.parent / kept.name).read_bytes()
