"""`extra.gongshi`: what is accepted, and one message for all that is not."""

from __future__ import annotations

from datetime import date, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as settled
from hypothesis import strategies as st

from gongshi.common.errors import InvalidInput
from gongshi.domain.config import loader
from gongshi.domain.config.policy import Person, Policy, Unit
from support.sample_unit import load_sample
from support.ssh_keys import HeldKey
from support.unit import UnitUnderTest, settings


def problems(unit: UnitUnderTest) -> str:
    """What is wrong with the configuration."""
    with pytest.raises(InvalidInput) as caught:
        loader.load_configuration(unit.root / "mkdocs.yml")
    return str(caught.value)


def test_the_sample_configuration() -> None:
    """The repository's own mkdocs.yml is accepted."""
    found = load_sample()
    assert found.policy.columns["announcements"].title == "通知公告"
    assert found.policy.chain_on("activities/x.md", date(2026, 1, 1)) == ("first", "final")
    assert found.policy.chain_on("activities/index.md", date(2026, 1, 1)) == ("first", "second", "final")
    assert found.policy.chain_on("about/index.md", date(2026, 1, 1)) == ("first", "second", "final")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"timezone": "Mars/Base"}, "timezone: is not a known time zone"),
        ({"columns": {"a": {"title": "T", "kind": "activity", "fresh_days": "１４"}}}, "fresh_days: must be a whole number"),
        ({"people": {"a": {"name": "A", "until": "２０２６-01-01"}}}, "people.a.until: must be a date"),
        ({"on_expiry": "hide"}, "on_expiry: must be one of mark, notice"),
        ({"unit": {"short_name": "X"}}, "unit.name: is missing"),
        ({"unit": {"name": "X", "phone": 5}}, "unit.phone: must be a text; put it in quotes"),
        ({"unit": None}, "unit: must be keys with values"),
        ({"colums": {}}, "colums: unknown key; did you mean `columns`?"),
        ({"people": []}, "people: must be keys with values"),
        ({"people": {"a": {"name": "A", "until": "soon"}}}, "people.a.until: must be a date"),
        ({"people": {"a": {"name": "A", "since": "2026-01-02", "until": "2026-01-01"}}}, "people.a.until: must not be before since"),
        ({"people": {"A b": {"name": "A"}}}, "people.A b: this name must begin with a to z"),
        ({"people": {"a": {"name": "A", "email": "x@y"}, "b": {"name": "B", "email": "X@Y"}}}, "people.b.email: a and b have the same address X@Y"),
        ({"people": {"a": {"name": "A", "email": "x@y"}, "b": {"name": "B", "email": "ｘ@y", "same_as": "a"}}}, "have the same address"),
        ({"people": {"a": {"name": "A", "same_as": "a"}}}, "people.a.same_as: must be the id of another person"),
        ({"people": {"a": {"name": "A", "same_as": "nobody"}}}, "people.a.same_as: must be the id of another person"),
        ({"columns": {"tags": {"title": "T", "kind": "activity"}}}, "columns.tags: this name is reserved"),
        ({"columns": {"a": {"title": "T", "kind": "activity", "fresh_days": 0}}}, "fresh_days: must be a whole number"),
        ({"columns": {"a": {"title": "T", "kind": "activity", "chain": []}}}, "columns.a.chain: is empty"),
        ({"columns": {"a": {"title": "T", "kind": "activity", "chain": ["first", "first"]}}}, "names a stage twice"),
        ({"columns": {"a": {"title": "T", "kind": "activity", "chain": ["x"]}}}, "names the stage `x`"),
        ({"review": None}, "review: must be keys with values"),
    ],
)  # fmt: skip
def test_mistakes(unit: UnitUnderTest, change: dict[str, Any], says: str) -> None:
    """Each mistake is named by its key, with a remedy."""
    unit.configure({**settings(), **change})
    text = problems(unit)
    assert says in text
    assert all(line.startswith("mkdocs.yml:") and "extra.gongshi" in line for line in text.splitlines())


@pytest.mark.parametrize(
    ("same_as", "says"),
    [
        ({"chief": "deputy", "deputy": "head", "head": "deputy"}, "head.same_as: Head, Deputy name each other in a circle (head → deputy → head)"),
        ({"head": "deputy", "deputy": "head"}, "head.same_as: Head, Deputy name each other in a circle"),
        ({"head": "deputy", "deputy": "chief", "chief": "head"}, "(head → deputy → chief → head)"),
    ],
)  # fmt: skip
def test_a_circle_of_persons(unit: UnitUnderTest, same_as: dict[str, str], says: str) -> None:
    """`same_as` in a circle stops every command and build, once for each circle, with the names of the persons."""
    section = settings()
    for person, other in same_as.items():
        section["people"][person]["same_as"] = other
    unit.configure(section)
    text = problems(unit)
    assert says in text
    assert text.count("circle") == 1
    assert unit.gongshi("doctor").exit_code == 2
    assert unit.build().exit_code != 0


@settled(max_examples=200)
@given(st.lists(st.sampled_from(["a", "b", "c", "d", "e", "nobody", None]), min_size=5, max_size=5))
def test_one_human_has_one_id(same_as: list[str | None]) -> None:
    """Whatever `same_as` says, circles too: two ids are one human exactly where a row of it joins them."""
    ids = ["a", "b", "c", "d", "e"]
    people = {id: Person(id, id, same_as=other) for id, other in zip(ids, same_as, strict=True)}
    policy = Policy(Unit("U"), timezone.utc, columns={}, people=people, stages={}, chain=(), withdraw_role="chief")
    pairs = [(id, other) for id, other in zip(ids, same_as, strict=True) if other]
    for id in ids:
        joined = {id}
        for _ in ids:
            joined |= {x for pair in pairs if joined & set(pair) for x in pair}
        assert {other for other in ids if policy.canonical_person(other) == policy.canonical_person(id)} == joined - {
            "nobody"
        }


def test_keys_of_one_human(unit: UnitUnderTest) -> None:
    """Ids of one human may share a key, however long the row between them; others may not."""
    section = settings()
    section["people"]["a"] = {"name": "A", "key": HeldKey("shared").public}
    section["people"]["b"] = {"name": "A", "same_as": "a"}
    section["people"]["c"] = {"name": "A", "same_as": "b", "key": HeldKey("shared").public}
    unit.configure(section)
    loader.load_configuration(unit.root / "mkdocs.yml")
    del section["people"]["b"]["same_as"]
    unit.configure(section)
    assert "people.c.key: a has the same key; each person needs their own keys" in problems(unit)


def test_full_width_digits(unit: UnitUnderTest) -> None:
    """A duration and a bound are written with the digits 0 to 9: no other program would read them otherwise."""
    for within in ("２４h", "2４h", "٢d"):
        unit.configure(settings(urgent={"role": "chief", "review_within": within}))
        assert "review_within: must be hours or days such as 24h or 3d" in problems(unit)
    unit.configure(settings(correction={"chain": ["first"], "characters": "２０"}))
    assert "characters: must be a whole number from 1" in problems(unit)


def test_mistakes_in_review(unit: UnitUnderTest) -> None:
    """All at once."""
    unit.configure(settings(assurance="gold", signed="perhaps", urgent={"role": "chief", "review_within": "soon"}))
    text = problems(unit)
    assert "review.assurance: must be one of flag, seal, git" in text
    assert "review.signed: must be true or false" in text
    assert "review.urgent.review_within: must be hours or days such as 24h or 3d" in text


@pytest.mark.parametrize(
    ("review", "says"),
    [
        ({"assurance": "git"}, "this release of Gongshi supports"),
        ({"assurance": "flag", "signed": True}, "only dossiers can be signed"),
    ],
)
def test_what_cannot_be(unit: UnitUnderTest, review: dict[str, Any], says: str) -> None:
    """An assurance that is not built yet, or that cannot be had, is refused, never taken for a weaker one."""
    unit.configure(settings(**review))
    assert says in problems(unit)


def test_nothing_there(unit: UnitUnderTest) -> None:
    """No file, no section, no YAML, a doubled key: a message each."""
    file = unit.root / "mkdocs.yml"
    unit.configure(None)
    assert "extra.gongshi: is missing" in problems(unit)
    file.write_text("site_name: x\nplain text\n")
    assert "mkdocs.yml:2: a line without a key" in problems(unit)
    file.write_text("extra: {}\nextra: {gongshi: {}}\n")
    assert "mkdocs.yml:2: extra: this key stands twice" in problems(unit)
    file.write_bytes(b"\xff\xfe")
    assert "is not UTF-8 text" in problems(unit)
    file.unlink()
    assert "cannot be read" in problems(unit)


def test_tags_elsewhere_do_no_harm(unit: UnitUnderTest) -> None:
    """MkDocs' own keys may hold tags and aliases; under extra.gongshi they are no values."""
    file = unit.root / "mkdocs.yml"
    text = file.read_text()
    file.write_text("x: &a !!python/name:os.sep\ny: *a\n" + text)
    assert loader.load_configuration(file).docs == unit.docs
    file.write_text(text.replace("name: Test Unit", "name: !ENV NAME"))
    assert "unit.name: must be a text" in problems(unit)


def test_dated_chains(unit: UnitUnderTest) -> None:
    """A chain with dates holds from its day on."""
    unit.configure(settings(chain={"2025-01-01": ["first"], "2026-06-01": ["first", "final"]}))
    policy = loader.load_configuration(Path(unit.root / "mkdocs.yml")).policy
    assert policy.chain_on("about.md", date(2024, 12, 31)) == ()
    assert policy.chain_on("about.md", date(2026, 5, 31)) == ("first",)
    assert policy.chain_on("about.md", date(2026, 6, 1)) == ("first", "final")


@pytest.mark.parametrize(
    "domain", ["a b.example", "www.unit.example:99999", "www .unit.example", "[::1", "..", "-", "，"]
)
def test_a_domain_that_is_none(unit: UnitUnderTest, domain: str) -> None:
    """With it nobody could tell which links are the site's own, and drafts' addresses would stay."""
    values = settings()
    values["unit"]["domain"] = domain
    unit.configure(values)
    result = unit.gongshi("status")
    assert result.exit_code == 2 and "extra.gongshi.unit.domain: must be a host name" in result.all
