"""Advice on mkdocs.yml: what is still the sample's, another site's address, roles and chains that nobody can fill."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gongshi.domain.config import loader
from gongshi.reports.doctor.settings import find_advice
from support.sample_unit import copy_sample
from support.unit import UnitUnderTest, settings

TODAY = date(2026, 11, 21)
OWN = {
    "site_name: 青禾镇便民服务中心": "site_name: 某县图书馆",
    "https://www.qinghe.example/": "https://www.library.gov.cn/",
    "      name: 青禾镇便民服务中心": "      name: 某县图书馆",
    "青禾便民": "县图书馆",
    "www.qinghe.example": "www.library.gov.cn",
    "青禾镇人民路18号": "人民路1号",
    "0500-8820118": "0571-0000000",
    "12990000MB0QH2018K": "12330000000000000A",
    "青禾镇便民服务中心": "某县图书馆",
    "@qinghe.example": "@library.gov.cn",
    'id_code: "0000000001"': 'id_code: "3300000001"',
    "某ICP备00000000号-1": "浙ICP备12345678号-1",
    "某公网安备00000000000000号": "浙公网安备33010000000001号",
}
"""What the sample's mkdocs.yml says, and what another unit writes instead, in this order."""


def advice(unit: UnitUnderTest) -> list[str]:
    """Everything that is advised on mkdocs.yml."""
    return [str(problem) for problem in find_advice(loader.load_configuration(unit.root / "mkdocs.yml"), TODAY)]


def _replace(unit: UnitUnderTest, values: dict[str, str]) -> str:
    """Change mkdocs.yml and return it."""
    file = unit.root / "mkdocs.yml"
    text = file.read_text(encoding="utf-8")
    for old, new in values.items():
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return text


@pytest.fixture
def sample(tmp_path: Path) -> UnitUnderTest:
    """A copy of the sample unit."""
    return copy_sample(tmp_path / "unit")


def test_nothing_is_advised_on_the_sample(sample: UnitUnderTest) -> None:
    """Nor on a unit that has replaced everything, whose file has nothing left of the sample."""
    assert advice(sample) == []
    text = _replace(sample, OWN)
    assert advice(sample) == []
    assert not re.search("qinghe|青禾", text)


def test_each_line_of_the_sample_that_is_left_is_told(sample: UnitUnderTest) -> None:
    """Whichever single line of it remains: with file, line and key, and no other line."""
    file = sample.root / "mkdocs.yml"
    before = file.read_text(encoding="utf-8").splitlines()
    after = _replace(sample, OWN).splitlines()
    changed = [number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert len(changed) > 15
    for number in changed:
        file.write_text("\n".join([*after[:number], before[number], *after[number + 1 :]]), encoding="utf-8")
        place = rf"mkdocs\.yml:{number + 1}: [\w.]+: is still the sample unit's: “.+”; write your own unit's"
        assert [bool(re.fullmatch(place, line)) for line in advice(sample)] == [True], before[number]


def test_the_name_of_the_sample_is_told_where_the_address_is_another(sample: UnitUnderTest) -> None:
    """Whoever begins with the address is reminded of the name."""
    _replace(sample, {"https://www.qinghe.example/": "https://www.library.gov.cn/"})
    assert any(": extra.gongshi.unit.name: is still the sample unit's" in line for line in advice(sample))


def test_the_rest_of_the_sample_is_told_where_the_name_of_the_site_is_another(sample: UnitUnderTest) -> None:
    """Whoever begins at the top of the file is reminded of the unit."""
    _replace(sample, {"site_name: 青禾镇便民服务中心": "site_name: 某县图书馆"})
    assert any(": extra.gongshi.unit.name: is still the sample unit's" in line for line in advice(sample))


def test_a_town_of_the_same_name_keeps_its_own(sample: UnitUnderTest) -> None:
    """Only the sample's host and numbers are told then."""
    own = {key: value.replace("某县图书馆", "青禾镇人民政府") for key, value in OWN.items()}
    _replace(sample, {**own, "青禾便民": "青禾镇", "青禾镇人民路18号": "青禾镇人民路1号"})
    assert advice(sample) == []


@pytest.mark.slow
def test_it_is_told_by_check_doctor_and_build(sample: UnitUnderTest) -> None:
    """As advice, which stops nothing, not even a strict build; each says the same line, in check also for programs."""
    own, mayor = {"www.qinghe.example/": "www.library.gov.cn/"}, {"role: duty-officer": "role: mayor"}
    for values, options in ((own, ["--strict"]), (mayor, [])):
        _replace(sample, values)
        told = advice(sample)
        assert told
        check, build, doctor = sample.gongshi("check"), sample.build(*options), sample.gongshi("doctor")
        for line in told:
            assert f"{line} [advice]\n" in check.output
            assert f"INFO    -  gongshi: {line}\n" in build.all
            assert f" {line}\n" in doctor.output
        assert (check.exit_code, build.exit_code, doctor.exit_code) == (0, 0, int(values is mayor))
    assert "mkdocs.yml" not in sample.gongshi("check", "docs/about").output
    found = [problem for problem in sample.gongshi("check", "--json").json()["problems"] if problem["key"]]
    assert len(found) == len(told) and all(problem["advice"] and problem["line"] for problem in found)


@pytest.mark.parametrize(
    ("site_url", "domain", "says"),
    [
        ("https://www.unit.example/", "www.unit.example", None),
        ("https://unit.example/folder/", "www.unit.example", None),
        ("https://www.unit.gov.cn/", None, None),
        ("http://10.1.2.3/", None, None),
        (None, "www.unit.gov.cn", "site_url: is missing, so there are no feeds and the site map stays empty; write `site_url: https://www.unit.gov.cn/`"),
        (None, "http://www.unit.gov.cn", "write `site_url: http://www.unit.gov.cn/`"),
        (None, None, "write `site_url: https://www.qinghe.gov.cn/`"),
        ("https://other.gov.cn/", "www.unit.gov.cn", "site_url: is https://other.gov.cn/, but unit.domain is www.unit.gov.cn"),
        ("https://unit.example/", None, "site_url: is https://unit.example/, which no reader can open"),
        ("www.unit.gov.cn", "www.unit.gov.cn", "cannot be built; write `site_url: https://www.unit.gov.cn`"),
        ("https：//www.unit.gov.cn/", None, "write `site_url: https://www.unit.gov.cn/`"),
        ("http://localhost:8000/", None, "which no reader can open"),
        ("https://example.com/", None, "which no reader can open"),
    ],
)  # fmt: skip
def test_the_address_of_the_site(
    unit: UnitUnderTest, site_url: str | None, domain: str | None, says: str | None
) -> None:
    """An address that is missing, another's or nobody's is told, with the line to write."""
    section = settings()
    section["unit"]["domain"] = domain
    if domain is None:
        del section["unit"]["domain"]
    unit.configure(section, site_url=site_url)
    found = advice(unit)
    assert [says in line for line in found] == [True] if says else found == []


def _with_people(**changes: dict[str, Any]) -> dict[str, Any]:
    section = settings()
    for person, values in changes.items():
        section["people"].setdefault(person, {"name": person.title()}).update(values)
    return section


ALL_ROLES = ["editor", "section-head", "deputy", "chief"]
STAFFING: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"deputy": {"until": date(2026, 11, 20)}}, {}, "review.chain: nobody in office has the role deputy, so nothing can pass Second; had or will have it: Deputy until 2026-11-20. Give it"),
    ({"deputy": {"since": date(2027, 1, 1)}}, {}, "had or will have it: Deputy from 2027-01-01. Give it"),
    ({"deputy": {"roles": []}}, {}, "nothing can pass Second; give it to somebody in people, or name one of the roles there: chief, editor, section-head"),
    ({}, {"withdraw_role": "director"}, "review.withdraw_role: nobody in office has the role director, so nobody can withdraw a page; give it"),
    ({}, {"withdraw_role": "Chef"}, "give it to somebody in people, or name one of the roles there: chief, deputy, editor, section-head"),
    ({}, {"urgent": {"role": "duty", "review_within": "24h"}}, "review.urgent: nobody in office has the role duty, so nobody can publish urgently; give it"),
    ({"clerk": {"until": date(2026, 1, 1)}}, {}, "review.chain: every person in office is needed for a stage, so nothing can pass: who submits a version may not approve it"),
    ({"chief": {"roles": ALL_ROLES}, "head": {"roles": []}, "deputy": {"roles": []}}, {}, "review.chain: there are fewer people than stages"),
    ({}, {"urgent": {"role": "chief", "review_within": "24h"}}, "review.urgent: after an urgent publication by Chief, nobody else"),
    ({"duty": {"roles": ["duty"]}, "clerk": {"until": date(2026, 1, 1)}}, {"urgent": {"role": "duty", "review_within": "24h"}}, "review.urgent: after an urgent publication by Duty, nobody else"),
    ({}, {"correction": {"chain": ["first"], "characters": 5}, "chain": {date(2027, 1, 1): ["final"]}}, "review.chain: no chain is in force today"),
]  # fmt: skip


@pytest.mark.parametrize(("people", "review", "says"), STAFFING)
def test_what_nobody_can_do(unit: UnitUnderTest, people: dict[str, Any], review: dict[str, Any], says: str) -> None:
    """A role that nobody has now or at all, and a chain that nobody can complete; with its line, and what to do."""
    section = _with_people(**people)
    section["review"].update(review)
    unit.configure(section)
    found = [line for line in advice(unit) if says in line]
    assert len(found) >= 1, advice(unit)
    assert all(re.match(r"mkdocs\.yml:[1-9]\d*: extra\.gongshi\.\w", line) for line in advice(unit))


def test_one_person_with_every_role(unit: UnitUnderTest) -> None:
    """The shortest chain cannot be completed either: nobody approves what they submitted."""
    section = settings()
    section["people"] = {"all": {"name": "All", "roles": ALL_ROLES}}
    section["review"]["chain"] = ["final"]
    for column in section["columns"].values():
        del column["chain"]
    unit.configure(section)
    assert ["every person in office is needed for a stage" in line for line in advice(unit)] == [True]
    section["people"]["other"] = {"name": "Other", "roles": []}
    unit.configure(section)
    assert advice(unit) == []
