"""Entries and pages that cannot stand side by side in the site: named, and never the end of a build."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from gongshi.domain.config import attachment_types, loader
from gongshi.domain.content import paths
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.review.actions import ReviewActions
from support.builds import snapshot
from support.unit import UnitUnderTest, front_matter, settings

START = datetime.fromisoformat("2026-11-03T08:00:00+08:00")
EVENT = {"start": "2026-12-05"}


@cache
def picture() -> bytes:
    """A picture that is wide enough for narrower copies, and too noisy to be small."""
    noise = random.Random(1).randbytes(1500 * 40 * 3)
    buffer = BytesIO()
    Image.frombytes("RGB", (1500, 40), noise).save(buffer, "PNG")
    return buffer.getvalue()


@contextmanager
def earlier_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Approve what is refused today, as an earlier release or another configuration did."""
    with monkeypatch.context() as patch:
        patch.setattr(paths, "name_problem", paths.recorded_name_problem)
        patch.setattr(paths, "address_problem", lambda *_: None)
        patch.setattr(DocsTree, "_find_collisions", lambda _self: None)
        patch.setattr(DocsTree, "_refuse_nested", lambda *_: None)
        patch.setattr(attachment_types, "refusal", lambda *_: None)
        yield


class Office:
    """Publishes entries one after another and removes their files from `docs/`, so that any can follow any."""

    def __init__(self, unit: UnitUnderTest) -> None:
        section = settings(chain=["final"], urgent=None)
        section["review"].pop("urgent")
        for column in section["columns"].values():
            column["chain"] = ["final"]
        unit.configure(section)
        self.unit = unit
        self.found = loader.load_configuration(unit.root / "mkdocs.yml")
        self.at = START

    def publish(self, path: str, text: str | None = None, files: dict[str, bytes] | None = None) -> bool:
        """Publish one entry; False where it was refused."""
        self.at += timedelta(minutes=1)
        try:
            for name, content in {path: (text or front_matter(title=path)).encode(), **(files or {})}.items():
                self.unit.write(name, content)
            for person in ("clerk", "chief"):
                actions = ReviewActions(self.found, person, self.at, DocsTree(self.unit.docs, self.found.policy))
                actions.submit(path) if person == "clerk" else actions.approve(path)
        except Exception as error:
            if not isinstance(error, ValueError | OSError) and "gongshi" not in type(error).__module__:
                raise
            return False
        finally:
            for child in self.unit.docs.iterdir():
                if child.name != ".reviews":
                    shutil.rmtree(child) if child.is_dir() else child.unlink()
        return True


@pytest.fixture
def office(unit: UnitUnderTest) -> Office:
    """A unit in which one approval publishes."""
    return Office(unit)


def event(**keys: Any) -> str:
    """An activity's text."""
    return front_matter(event=EVENT, **keys).replace("'2026-12-05'", "2026-12-05")


FIRST_COME: dict[str, tuple[list[tuple[str, str | None, dict[str, bytes]]], str, str]] = {
    # What is published in this order; the address that stands; the entry that is withheld.
    "a page at the place of a calendar file": (
        [("activities/w.md", event(), {}), ("activities/w/event.ics.md", None, {})],
        "activities/w/event.ics",
        "activities/w/event.ics.md",
    ),
    "a calendar file at the place of a page": (
        [("activities/w/event.ics.md", None, {}), ("activities/w.md", event(), {})],
        "activities/w/event.ics/index.html",
        "activities/w.md",
    ),
    "a page and a bundle": (
        [("about.md", None, {}), ("about/index.md", None, {"about/a.txt": b"x"})],
        "about/index.html",
        "about/index.md",
    ),
    "a file and a page in its place": (
        [("about/index.md", None, {"about/team.txt": b"x"}), ("about/team.txt/a.md", None, {})],
        "about/team.txt",
        "about/team.txt/a.md",
    ),
    "other case": (
        [("about/index.md", None, {"about/Team.txt": b"x"}), ("about/team.txt/a.md", None, {})],
        "about/Team.txt",
        "about/team.txt/a.md",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FIRST_COME)
def test_who_came_first_stays(office: Office, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Of two that cannot stand side by side the first stays; both are named, and the rest is built and proved."""
    entries, stands, withheld = FIRST_COME[name]
    with earlier_rules(monkeypatch):
        assert office.publish("announcements/other.md")
        for path, text, files in entries:
            assert office.publish(path, text, files), path
    unit = office.unit
    result = unit.build()
    assert result.exit_code == 0, result.all
    assert f"docs/{withheld}:1: address taken; withheld" in result.errors
    assert (unit.site / stands).is_file()
    assert (unit.site / "announcements" / "other" / "index.html").is_file()
    assert unit.gongshi("verify", "site", "--source").exit_code == 0
    first = next(path for path, _text, _files in entries if path != withheld)
    told = unit.gongshi("check")
    assert told.exit_code == 1
    assert [f"docs/{withheld}: " in line and f"docs/{first}, which" in line for line in told.output.split("\n")].count(
        True
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("activities/w/event.ics.md", "the name event.ics is reserved"),
        ("activities/w/Event.ICS.md", "the name event.ics is reserved"),
        ("activities/w/event.ics/index.md", "the name event.ics is reserved"),
        ("announcements/feed.xml/a.md", "the address /announcements/feed.xml/ is reserved"),
        ("announcements/Feed.XML/a/index.md", "the address /announcements/Feed.XML/ is reserved"),
        ("activities/calendar.ics/a.md", "the address /activities/calendar.ics/ is reserved"),
        ("activities/page/2/a.md", "the address /activities/page/ is reserved"),
        ("activities/2026.md", "the address /activities/2026/ is reserved"),
        ("activities/2026/index.md", "the address /activities/2026/ is reserved"),
        *((f"{name}.md", "is reserved") for name in ("404", "404.html", "search", "tags", "site-map", "sitemap.xml")),
        *((f"{name}/x.md", "is reserved") for name in ("assets", "search", "TAGS", "feed.xml", "robots.txt")),
        ("about.md/index.md", "the name of a folder must not end in .md"),
    ],
)
def test_addresses_of_the_site(unit: UnitUnderTest, path: str, says: str) -> None:
    """What the site makes itself is refused at `check` and `submit`, in any case and at any depth."""
    unit.write(path)
    result = unit.gongshi("check")
    assert result.exit_code == 1
    assert f"docs/{path}: {says}" in result.output or says in result.output
    assert unit.gongshi("submit", f"docs/{path}", "--as", "clerk").exit_code == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("about.md", "about/index.md"),
        ("about/Data", "about/data/x.md"),
        ("about/A.pdf", "about/a.pdf"),
        ("about/x/y", "about/X/Y/z.pdf"),
    ],
)
def test_drafts_that_collide(unit: UnitUnderTest, one: str, other: str) -> None:
    """Of two files in `docs/` each is named with the other, a file in the place of a folder included."""
    unit.write("about/index.md")
    for path in (one, other):
        unit.write(path, None if path.endswith(".md") else "x")
    output = unit.gongshi("check").output
    for path, rival in ((one, other), (other, one)):
        assert f"docs/{path}: has the same address as docs/{rival}" in output


def test_a_draft_beside_what_is_public(office: Office) -> None:
    """`check` names a draft that could not be published beside what the record has, before anybody approves it."""
    assert office.publish("about.md")
    office.unit.write("about/index.md")
    office.unit.write("about/a.txt", "x")
    result = office.unit.gongshi("check", "docs/about/index.md")
    assert "docs/about/index.md: has the same address as docs/about.md, which was published first" in result.output
    assert result.exit_code == 1
    office.unit.write("about.md", title="Edited")
    (office.unit.docs / "about" / "index.md").unlink()
    (office.unit.docs / "about" / "a.txt").unlink()
    assert office.unit.gongshi("check").exit_code == 0


@pytest.mark.slow
def test_copies_of_pictures_take_free_names(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page or file of another entry that has the name of a narrower copy stays, and so does the picture."""
    with earlier_rules(monkeypatch):
        files = {"about/p.png": picture(), "about/P.PNG.960.webp": b"no picture"}
        assert office.publish("about/p.png.480.webp.md")
        assert office.publish("about/index.md", front_matter("![p](p.png)", title="A"), files)
    assert office.unit.build().exit_code == 0
    made = snapshot(office.unit.site)
    assert "about/p.png.480.webp/index.html" in made
    assert {"about/p.png", "about/p.png.480-2.webp", "about/p.png.960-2.webp"} <= made.keys()
    assert office.unit.gongshi("verify", "site", "--source").exit_code == 0


def test_a_tree_leaves_out_what_came_later(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two files that cannot stand side by side in a tree the first stays; both are named."""
    with earlier_rules(monkeypatch):
        assert office.publish("about.md")
        assert office.publish("about.md/index.md")
    result = office.unit.gongshi("stage", "tree")
    assert result.exit_code == 0, result.all
    assert "docs/about.md/index.md is left out: its files collide with those of docs/about.md" in result.errors
    assert set(snapshot(office.unit.root / "tree")) == {"about.md", ".well-known/gongshi.json"}
    assert office.unit.gongshi("stage", "tree", "--json").json()["left_out"] == {"about.md/index.md": "about.md"}
    assert office.unit.gongshi("verify", "tree", "--source").exit_code == 0


NEAR = ("w", "W", "team", "x", "event.ics", "p.png", "p.png.480.webp")
"""Names that collide with one another."""
FAR = (
    *(
        "a",
        "index",
        "é",
        "page",
        "2",
        "2026",
        "feed.xml",
        "calendar.ics",
        "index.html",
        "search",
        "tags",
        "site-map",
        "404",
    ),
    *("404.html", "sitemap.xml", "sitemap.xml.gz", "assets", "objects", "robots.txt", "favicon.svg", "a.md", "x.pdf"),
    *("announcements", "activities", "Activities"),
)
"""Names that collide with what the site makes."""


def some_path(chance: random.Random, depth: int) -> str:
    """A path of names that are likely to collide."""
    return "/".join(chance.choice(NEAR if chance.random() < 0.85 else FAR) for _ in range(chance.randrange(1, depth)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 5])
def test_any_tree_builds(office: Office, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Whatever was approved, at whatever paths: build, verify, stage exit 0, and what is public is there."""
    chance = random.Random(seed)
    with earlier_rules(monkeypatch):
        for _number in range(50):
            folder = chance.choice(("about", "activities", "activities", "announcements", chance.choice(FAR)))
            path = f"{folder}/{some_path(chance, 4)}{chance.choice(('.md', '/index.md'))}"
            text = event(title=path, tags=[chance.choice(FAR)]) if chance.random() < 0.7 else None
            owned = chance.randrange(3) if path.endswith("/index.md") else 0
            files = {paths.parent_dir(path) + some_path(chance, 3): picture() for _ in range(owned)}
            office.publish(path, text, {name: each for name, each in files.items() if not paths.is_markdown(name)})
    unit = office.unit
    result = unit.build()
    assert result.exit_code == 0, result.all
    assert unit.gongshi("verify", "site", "--source").exit_code == 0
    assert unit.gongshi("stage", "tree").exit_code == 0
    assert unit.gongshi("verify", "tree", "--source").exit_code == 0
    entries = unit.gongshi("status", "--json").json()["entries"]
    public = [entry["path"] for entry in entries if entry["public"]]
    states = Counter(entry["state"] for entry in entries if not entry["public"])
    assert len(public) > 8
    assert states["address-taken"]
    assert set(states) <= {"address-taken", "tampered"}
    assert all((unit.site / paths.output_path(path)).is_file() for path in public)
