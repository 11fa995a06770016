"""A build that would take many pages down stops, unless decisions took them down."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.builds import snapshot
from support.unit import UnitUnderTest, settings

PAGES = [f"announcements/{number}.md" for number in range(8)]
STOPPED = "8 of 8 pages would be taken down although nobody decided that; what is there stays as it is:"
LATER = "2026-11-22T10:00:00+08:00"


def rules(unit: UnitUnderTest, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the configuration."""
    values = settings()
    change(values)
    unit.configure(values)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """A unit with eight public pages."""
    unit = UnitUnderTest(tmp_path_factory.mktemp("takedown") / "unit")
    for path in PAGES:
        unit.write(path, title=f"Title {path[-4]}")
    for act, person in (("submit", "clerk"), ("approve", "head"), ("approve", "deputy"), ("approve", "chief")):
        result = unit.gongshi(act, "docs/announcements", "--as", person)
        assert result.exit_code == 0, result.all
    assert unit.build().exit_code == 0
    assert unit.gongshi("stage", "tree").exit_code == 0
    return unit


@pytest.fixture
def unit(built: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of it."""
    shutil.copytree(built.root, tmp_path / "copy", symlinks=True)
    copy = UnitUnderTest.__new__(UnitUnderTest)
    copy.root, copy.environment = tmp_path / "copy", {}
    return copy


def drop(unit: UnitUnderTest, *names: str) -> None:
    """Remove folders."""
    for name in names:
        shutil.rmtree(unit.root / name)


def emptied(unit: UnitUnderTest) -> None:
    """Lose all content, and what the clone has seen of it."""
    drop(unit, "docs", ".gongshi")
    unit.docs.mkdir()


def renamed(values: dict[str, Any]) -> None:
    """Give a column another name; its pages are standing pages then, with another chain."""
    values["columns"]["notices"] = values["columns"].pop("announcements")
    values["review"]["chain"] = ["first"]


MISTAKES: dict[str, tuple[Callable[[UnitUnderTest], object], str]] = {
    "assurance": (
        lambda u: rules(u, lambda s: s["review"].update(assurance="flag")), "assurance was seal and is flag in mkdocs.yml"
    ),
    "a chain": (
        lambda u: rules(u, lambda s: s["columns"]["announcements"].update(chain=["first", "final"])),
        "- the chain has changed since",
    ),
    "a person": (lambda u: rules(u, lambda s: s["people"].pop("deputy")), "- deputy is not in people in mkdocs.yml: "),
    "a role": (
        lambda u: rules(u, lambda s: s["people"]["chief"].update(roles=["editor"])),
        "- Chief does not hold the role chief on 2026-11-21: ",
    ),
    "signatures": (
        lambda u: rules(u, lambda s: s["review"].update(signed=True)), "- has no signature by a key that mkdocs.yml gives"
    ),
    "the record": (lambda u: drop(u, "docs/.reviews"), "- record damaged: "),
    "the record in another clone": (lambda u: drop(u, "docs/.reviews", ".gongshi"), "- draft: "),
    "the objects": (lambda u: drop(u, "docs/.reviews/objects"), "- record damaged: "),
    "everything": (emptied, "- neither file nor dossier is there: "),
    "the name of a column": (lambda u: rules(u, renamed), "- the chain has changed since"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_takes_nothing_down(unit: UnitUnderTest, mistake: str) -> None:
    """Without a decision the build stops, names pages and reasons, and leaves the site byte for byte as it was."""
    before = snapshot(unit.site)
    MISTAKES[mistake][0](unit)
    result = unit.build()
    assert result.exit_code == 1, result.all
    assert STOPPED in result.all
    assert MISTAKES[mistake][1] in result.all
    assert "announcements/0.md" in result.all
    assert "Title" not in result.all
    assert "gongshi doctor --accept-takedown" in result.all
    assert "Traceback" not in result.all
    assert snapshot(unit.site) == before
    assert not list(unit.root.glob(".site-*"))
    tree = snapshot(unit.root / "tree")
    staged = unit.gongshi("stage", "tree")
    assert (staged.exit_code, STOPPED in staged.errors) == (1, True)
    assert snapshot(unit.root / "tree") == tree


@pytest.mark.slow
def test_going_on(unit: UnitUnderTest) -> None:
    """What was told can be accepted, once, and nothing more than that."""
    rules(unit, lambda s: s["people"].pop("deputy"))
    assert "nothing to accept" in unit.gongshi("doctor", "--accept-takedown").errors
    assert unit.build().exit_code == 1
    assert "a build was stopped because it would take down 8 pages" in unit.gongshi("doctor").output
    assert unit.gongshi("doctor").exit_code == 1
    assert "the next build may take down 8 pages" in unit.gongshi("doctor", "--accept-takedown").output
    stopped = unit.root / ".gongshi" / "takedown.json"
    accepted = stopped.read_text()
    document = json.loads(accepted)
    document["entries"].pop()
    stopped.write_text(json.dumps(document))
    assert unit.build().exit_code == 1
    stopped.write_text(accepted)
    result = unit.build("-q")
    assert result.exit_code == 0, result.all
    assert unit.leaks("Title 0") == []
    assert not stopped.exists()
    assert unit.build().exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "stops"), [("0%", True), ("62%", True), ("63%", False), ("100%", False), (None, True)]
)
def test_the_limit(unit: UnitUnderTest, limit: str | None, stops: bool) -> None:
    """It is a share of the pages; a third where the configuration says nothing."""
    for path in PAGES[:5]:
        Path(unit.dossier(path)).unlink()
    rules(unit, lambda s: s.update(takedown_limit=limit) if limit else None)
    result = unit.build()
    assert result.exit_code == int(stops), result.all
    assert ("5 of 8 pages would be taken down" in result.all) == stops


@pytest.mark.slow
@pytest.mark.parametrize("value", ["33", "101%", "1/3", "33.5%", "-1%", "a third", "３３%", ""])
def test_a_limit_that_is_none(unit: UnitUnderTest, value: str) -> None:
    """It is refused with what may stand there."""
    rules(unit, lambda s: s.update(takedown_limit=value))
    result = unit.build()
    assert result.exit_code == 2
    assert "extra.gongshi.takedown_limit: write a percentage with its sign, from 0% to 100%, such as 33%" in result.all


def test_few_pages(unit: UnitUnderTest) -> None:
    """Four pages stop no build."""
    for path in PAGES[:4]:
        Path(unit.dossier(path)).unlink()
    assert unit.build().exit_code == 0


@pytest.mark.slow
def test_decisions_take_down_as_much_as_they_like(unit: UnitUnderTest) -> None:
    """Withdrawals pass, however many."""
    for path in PAGES:
        assert unit.gongshi("withdraw", f"docs/{path}", "--as", "chief", "--reason", "x").exit_code == 0
    assert unit.build("--strict").exit_code == 0
    assert unit.leaks("Title 0") == []


@pytest.mark.slow
def test_dates_take_down_as_much_as_they_like(unit: UnitUnderTest) -> None:
    """What expires passes; what had expired before and was shown all the same goes by a changed configuration."""
    for path in PAGES:
        unit.write(path, title="Expires", expires_at="2026-11-21")
    for act, person in (("submit", "clerk"), ("approve", "head"), ("approve", "deputy"), ("approve", "chief")):
        assert unit.gongshi(act, "docs/announcements", "--as", person).exit_code == 0
    assert unit.build().exit_code == 0
    site = unit.root / "kept"
    shutil.copytree(unit.site, site)
    rules(unit, lambda s: s.update(on_expiry="notice"))
    assert unit.build(now=LATER).exit_code == 0
    unit.configure(settings())
    shutil.rmtree(unit.site)
    site.rename(unit.site)
    assert unit.build(now=LATER).exit_code == 0
    rules(unit, lambda s: s.update(on_expiry="notice"))
    result = unit.build(now="2026-11-23T10:00:00+08:00")
    assert (result.exit_code, STOPPED in result.all) == (1, True)


def test_what_was_withdrawn_does_not_stay_up(unit: UnitUnderTest) -> None:
    """A mistake does not keep up a page that somebody withdrew: then the build goes on and warns."""
    assert unit.gongshi("withdraw", f"docs/{PAGES[0]}", "--as", "chief", "--reason", "x").exit_code == 0
    rules(unit, lambda s: s["people"].pop("deputy"))
    strict = unit.build("--strict")
    assert strict.exit_code == 1
    assert f"These stay up although they were withdrawn: {PAGES[0]}." in strict.all
    result = unit.build()
    assert result.exit_code == 0, result.all
    assert "WARNING -  gongshi: 7 of 8 pages are taken down although nobody decided that:" in result.all
    assert f"because what was withdrawn must not stay up: {PAGES[0]}." in result.all
    assert unit.leaks("Title 0") == []


@pytest.mark.slow
def test_an_urgent_publication_runs_out(unit: UnitUnderTest) -> None:
    """Its time, and a return, take it down by rule; a shorter time in the configuration does so by mistake."""

    def with_urgent(hours: str) -> None:
        def change(values: dict[str, Any]) -> None:
            values["review"]["urgent"] = {"role": "duty", "review_within": hours}
            values["people"]["officer"] = {"name": "Officer", "roles": ["duty"], "since": "2025-01-01"}

        rules(unit, change)

    with_urgent("24h")
    fresh = [f"announcements/u{number}.md" for number in range(8)]
    for number, path in enumerate(fresh):
        unit.write(path, title=chr(0x4E00 + 99 * number) * 20, body=chr(0x5000 + 99 * number) * 200)
        done = unit.gongshi("urgent", f"docs/{path}", "--as", "officer", "--reason", "x")
        assert done.exit_code == 0, done.all
    assert unit.build().exit_code == 0
    with_urgent("1h")
    early = unit.build(now="2026-11-21T12:00:00+08:00")
    assert (early.exit_code, "8 of 16 pages would be taken down" in early.all) == (1, True)
    assert unit.build(now="2026-11-22T12:00:00+08:00").exit_code == 0


def test_a_memory_that_cannot_be_written(unit: UnitUnderTest) -> None:
    """The build stops all the same and names the other way to go on."""
    shutil.rmtree(unit.root / ".gongshi")
    (unit.root / ".gongshi").write_text("x")
    rules(unit, lambda s: s["people"].pop("deputy"))
    result = unit.build()
    assert result.exit_code == 1
    assert "If it is meant, raise `takedown_limit` under extra.gongshi in mkdocs.yml (now 33%)." in result.all


@pytest.mark.slow
@pytest.mark.parametrize("content", ["{", "[]", '{"files": 5}', '{"as_of": "x", "assurance": 1, "files": {}}'])
def test_a_damaged_manifest(unit: UnitUnderTest, content: str) -> None:
    """Nothing can be compared, so nothing is stopped."""
    (unit.site / ".well-known" / "gongshi.json").write_text(content)
    rules(unit, lambda s: s["people"].pop("deputy"))
    assert "Traceback" not in unit.build().all


@pytest.mark.slow
def test_flags(tmp_path: Path) -> None:
    """Where flags are the decisions, another flag takes down, and a name taken off the list does not."""
    unit = UnitUnderTest(tmp_path / "unit")
    rules(unit, lambda s: s["review"].update(assurance="flag"))
    for path in PAGES:
        unit.write(path, status="approved", approved_by={"first": "head", "second": "deputy", "final": "chief"})
    assert unit.build().exit_code == 0
    values = settings(assurance="flag")
    values["people"].pop("deputy")
    unit.configure(values)
    result = unit.build()
    assert (result.exit_code, STOPPED in result.all) == (1, True)
    rules(unit, lambda s: s["review"].update(assurance="flag"))
    assert unit.build().exit_code == 0
    for path in PAGES:
        unit.write(path, status="draft")
    assert unit.build().exit_code == 0


def test_a_withdrawal_of_what_is_shown_counts_whatever_followed(unit: UnitUnderTest) -> None:
    """A page that was withdrawn, and approved anew for a later day, does not stay up because many others are lost."""
    withdrawn = unit.gongshi("withdraw", "docs/announcements/0.md", "--reason", "Mistake", "--as", "chief")
    assert withdrawn.exit_code == 0, withdrawn.all
    unit.write("announcements/0.md", title="Later", publish_at="2027-01-01 08:00")
    unit.publish("announcements/0.md")
    drop(unit, "docs/.reviews/objects")
    result = unit.build()
    assert result.exit_code == 0, result.all
    assert "This was not stopped, because what was withdrawn must not stay up" in result.all
    assert unit.leaks("Title 0") == []


@pytest.mark.slow
def test_an_acceptance_is_for_one_folder(unit: UnitUnderTest) -> None:
    """A tree staged meanwhile neither uses up nor shares what was accepted for the site."""
    rules(unit, lambda s: s["people"].pop("deputy"))
    assert unit.build().exit_code == 1
    assert "the next build may take down 8 pages" in unit.gongshi("doctor", "--accept-takedown").output
    assert unit.gongshi("stage", "other").exit_code == 0
    assert unit.gongshi("stage", "tree").exit_code == 1
    assert unit.build().exit_code == 1
    assert unit.gongshi("doctor", "--accept-takedown").output
    assert unit.build().exit_code == 0


def test_a_damaged_list_of_the_site_stops_as_well(unit: UnitUnderTest) -> None:
    """Whatever of it can be read tells what would be taken down; where nothing can, the build says so."""
    file = unit.site / ".well-known" / "gongshi.json"
    document = json.loads(file.read_text())
    del document["as_of"], document["seal"]
    file.write_text(json.dumps(document))
    rules(unit, lambda s: s["people"].pop("deputy"))
    assert STOPPED in unit.build().all
    file.write_text('{"holds": "site"')
    assert "cannot tell which pages it takes down" in unit.build().all
