"""A preview reads again only what was touched, and shows what a fresh look would show."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import pytest

from gongshi.build.preview.snapshot_cache import SnapshotCache
from gongshi.domain.config import loader
from gongshi.domain.content import docs_tree
from gongshi.domain.review.snapshot import Snapshot, take_snapshot
from support.unit import NOW, UnitUnderTest

MOMENT = datetime.fromisoformat(NOW)


@pytest.fixture
def many(unit: UnitUnderTest) -> UnitUnderTest:
    """A published bundle, a published text, a draft and one that waits."""
    unit.write("announcements/b/index.md", attachments=[{"file": "a.txt", "title": "A"}])
    unit.write("announcements/b/a.txt", "bytes")
    unit.write("announcements/text.md")
    unit.publish("announcements/b/index.md")
    unit.publish("announcements/text.md")
    unit.write("announcements/draft.md")
    unit.write("announcements/waits.md")
    unit.submit("announcements/waits.md")
    return unit


def looked(unit: UnitUnderTest, cache: SnapshotCache | None, now: datetime = MOMENT) -> Snapshot:
    """The unit as it stands, freshly or as a preview sees it."""
    found = loader.load_configuration(unit.root / "mkdocs.yml")
    return cache.survey(found, now) if cache else take_snapshot(found, now)


def test_it_shows_what_a_fresh_look_shows(many: UnitUnderTest) -> None:
    """After edits, deletions, decisions, new files, other settings and on another day."""
    cache = SnapshotCache()

    def same(now: datetime = MOMENT) -> None:
        assert looked(many, cache, now).statuses == looked(many, None, now).statuses

    same()
    many.write("announcements/text.md", title="Edited")
    same()
    many.write("announcements/b/a.txt", "others")
    same()
    many.write("announcements/b/b.txt", "more")
    same()
    many.approve("announcements/waits.md", 1)
    same()
    (many.docs / "announcements" / "draft.md").unlink()
    same()
    many.write("announcements/embargo.md", publish_at="2026-11-23 08:00:00+08:00")
    many.publish("announcements/embargo.md")
    same()
    same(MOMENT + timedelta(hours=30))
    same(MOMENT + timedelta(days=3))
    assert many.gongshi("withdraw", "docs/announcements/b", "--as", "chief", "--reason", "x").exit_code == 0
    same()
    text = (many.root / "mkdocs.yml").read_text()
    (many.root / "mkdocs.yml").write_text(text.replace("role: section-head", "role: chief"))
    same()
    dossier = many.dossier("announcements/text.md")
    dossier.write_bytes(dossier.read_bytes()[:-3])
    same()


def test_what_was_not_touched_is_not_read(many: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look reads nothing but what hangs on the clock, and then what was saved."""
    cache = SnapshotCache()
    read: list[str] = []
    original = docs_tree.DocsTree.draft

    def spied(self: docs_tree.DocsTree, source: docs_tree.Source) -> docs_tree.Draft:
        read.append(source.path)
        return original(self, source)

    monkeypatch.setattr(docs_tree.DocsTree, "draft", spied)
    looked(many, cache)
    assert sorted(read) == ["announcements/b/index.md", "announcements/draft.md", "announcements/text.md",
                            "announcements/waits.md"]  # fmt: skip
    read.clear()
    looked(many, cache)
    assert read == ["announcements/waits.md"]
    read.clear()
    os.utime(many.docs / "announcements" / "b" / "a.txt")
    looked(many, cache)
    assert sorted(read) == ["announcements/b/index.md", "announcements/waits.md"]
