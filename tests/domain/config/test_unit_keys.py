"""Kind, colour, logo and numbers of a unit: what is accepted, where numbers lead, and one message for each mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gongshi.common.errors import InvalidInput
from gongshi.domain.config import loader
from gongshi.domain.config.policy import Unit
from gongshi.domain.config.unit_kinds import KINDS
from support.unit import UnitUnderTest, settings

POLICE = "https://beian.mps.gov.cn/#/query/webSearch?code="


def read(unit: UnitUnderTest, **keys: Any) -> Unit:
    """The unit with these keys, as mkdocs.yml gives it."""
    section = settings()
    section["unit"].update(keys)
    unit.configure(section)
    return loader.load_configuration(Path(unit.root / "mkdocs.yml")).policy.unit


def problem(unit: UnitUnderTest, **keys: Any) -> str:
    """The only problem of a unit with these keys."""
    with pytest.raises(InvalidInput) as caught:
        read(unit, **keys)
    (found,) = caught.value.problems
    return str(found)


def test_the_numbers_lead_where_they_can_be_looked_up(unit: UnitUnderTest) -> None:
    """The ministries' registers by default, the police record by its digits; a link of one's own comes first."""
    found = read(
        unit, icp="某ICP备00000000号-1", police_record="某公网安备 00000000000012号", id_code="0000000001",
        site_mark={"text": "Mark", "link": "https://mark.example/?id=1&x=2"},
    )  # fmt: skip
    assert found.marks == [
        ("site_mark", "Mark", "https://mark.example/?id=1&x=2"),
        ("id_code", "0000000001", None),
        ("icp", "某ICP备00000000号-1", "https://beian.miit.gov.cn/"),
        ("police_record", "某公网安备 00000000000012号", POLICE + "00000000000012"),
    ]
    own = {"text": "某ICP备1号", "link": "http://register.example/1"}
    assert read(unit, icp=own).marks == [("icp", "某ICP备1号", "http://register.example/1")]


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("公网安备００００００００００００１２号", "00000000000012"),
        ("备案号未定", None),
        ("公网安备0000000000001号", None),
    ],
)
def test_a_police_record_by_its_digits(unit: UnitUnderTest, written: str, digits: str | None) -> None:
    """Full-width digits count; what is no number of 14 digits leads nowhere, and a build says so."""
    assert read(unit, police_record=written).links == ({"police_record": POLICE + digits} if digits else {})
    said = unit.build()
    assert said.exit_code == 0
    assert ("police_record: has no number of 14 digits" in said.all) is (digits is None)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("kind", "school", "unit.kind: must be one of GovernmentOffice, "),
        ("colour", None, "unit.colour: is empty; write the colour in quotes"),
        ("colour", "red", "unit.colour: must be # and six digits"),
        ("colour", "#fff", "unit.colour: must be # and six digits"),
        ("colour", "#FFEE00", 'unit.colour: #ffee00 has a contrast of only 1.2:1 with white, and readable text needs 4.5:1; the nearest darker colour that has it is "#817800"'),
        ("colour", "#777777", 'only 4.4:1 with white, and readable text needs 4.5:1; the nearest darker colour that has it is "#767676"'),
        ("logo", "docs/logo.png", "unit.logo: must be an SVG or PNG file in hooks/"),
        ("logo", "hooks/../docs/logo.png", "unit.logo: must be an SVG or PNG file in hooks/"),
        ("logo", "hooks/host/logo.png", "unit.logo: must be an SVG or PNG file in hooks/"),
        ("logo", "hooks/logo.jpg", "unit.logo: must be an SVG or PNG file in hooks/"),
        ("logo", "hooks\\logo.png", "unit.logo: must be an SVG or PNG file in hooks/"),
        ("id_code", 1, 'unit.id_code: must be a text; put it in quotes: "1"'),
        ("icp", {"text": "x", "link": "javascript:alert(1)"}, "unit.icp.link: must be an address that begins with https://"),
        ("icp", {"text": "x", "link": "https://a b/"}, "unit.icp.link: must be an address that begins with https://"),
        ("icp", {"link": "https://a.example/"}, "unit.icp.text: is missing"),
        ("police_record", ["x"], "unit.police_record: must be a text"),
    ],
)  # fmt: skip
def test_mistakes(unit: UnitUnderTest, key: str, value: Any, says: str) -> None:
    """Each is named by line and key, with a remedy, and stops commands and builds."""
    found = problem(unit, **{key: value})
    assert found.startswith("mkdocs.yml:") and says in found
    assert unit.gongshi("status").exit_code == 2


def test_a_colour_without_quotes(unit: UnitUnderTest) -> None:
    """YAML takes it for a comment; the message says so, with the line on which it stands."""
    read(unit, colour="#1d4f91")
    file = unit.root / "mkdocs.yml"
    text = file.read_text().replace("'#1d4f91'", "#1d4f91")
    file.write_text(text)
    line = next(number for number, each in enumerate(text.splitlines(), 1) if "colour:" in each)
    with pytest.raises(InvalidInput) as caught:
        loader.load_configuration(file)
    assert f"mkdocs.yml:{line}: extra.gongshi.unit.colour: is empty; write the colour in quotes" in str(caught.value)


def test_every_kind_is_accepted(unit: UnitUnderTest) -> None:
    """By the name that schema.org gives it; without one it is a government office."""
    assert [read(unit, kind=kind).kind for kind in KINDS] == list(KINDS)
    assert read(unit).kind == "GovernmentOffice"
