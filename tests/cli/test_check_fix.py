"""`gongshi check --fix`: which files it mends, and how it says so."""

from __future__ import annotations

import pytest

from gongshi.domain.content import mending
from support.unit import UnitUnderTest

WRONG = "---\ntitle： 通知: 一\ndate: 2026年11月3日 # 发文\nauthor: clerk\n---\n\n正文：“一”\n"
RIGHT = "---\ntitle: '通知: 一'\ndate: 2026-11-03 # 发文\nauthor: clerk\n---\n\n正文：“一”\n"


def test_mistakes_are_mended_and_shown(unit: UnitUnderTest) -> None:
    """Each line as it was and as it is; the exit code and the problems are those after mending."""
    file = unit.write("announcements/a.md", WRONG)
    unit.write("announcements/b.md", title=None)
    told = unit.gongshi("check", "docs/announcements/a.md")
    assert (told.exit_code, "gongshi check --fix" in told.output) == (1, True)
    result = unit.gongshi("check", "--fix", "docs/announcements/a.md")
    assert result.exit_code == 0, result.all
    assert file.read_text(encoding="utf-8") == RIGHT
    assert "docs/announcements/a.md:2: title: title： 通知: 一 → title: '通知: 一' [mended]\n" in result.output
    assert "docs/announcements/a.md:3: date: date: 2026年11月3日 # 发文 → date: 2026-11-03 # 发文 [mended]\n" in (
        result.output
    )
    again = unit.gongshi("check", "--fix", "--json")
    assert again.exit_code == 1
    assert again.json()["fixed"] == []
    assert [problem["key"] for problem in again.json()["problems"]] == ["title"]
    file.write_text(WRONG, encoding="utf-8")
    assert unit.gongshi("check", "--fix", "--json").json()["fixed"][1] == {
        "path": "docs/announcements/a.md",
        "line": 3,
        "key": "date",
        "before": "date: 2026年11月3日 # 发文",
        "after": "date: 2026-11-03 # 发文",
    }


def test_what_is_public_or_under_review_is_mended_only_if_it_is_named(
    unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes were approved or wait for it; the record is never touched."""
    from gongshi.domain.review import draft_checks

    text = "---\ntitle: T\ntags: [停水，停电]\nauthor: clerk\n---\n\nText.\n"
    with monkeypatch.context() as patch:
        patch.setattr(draft_checks, "errors", lambda *_: ())
        for path in ("activities/public.md", "activities/waiting.md"):
            unit.write(path, text)
            unit.submit(path)
        unit.approve("activities/public.md")
    files = {path: path.read_bytes() for path in unit.docs.rglob("*") if path.is_file()}
    assert unit.gongshi("check", "--fix").exit_code == 1
    assert {path: path.read_bytes() for path in files} == files
    assert unit.gongshi("check", "--fix", "docs/activities/public.md").exit_code == 0
    assert "tags: [停水, 停电]" in (unit.docs / "activities/public.md").read_text(encoding="utf-8")
    changed = [path.name for path, content in files.items() if path.read_bytes() != content]
    assert changed == ["public.md"]


def test_a_flag_unit_mends_only_what_is_named(unit: UnitUnderTest) -> None:
    """There a file that can be read may be public with the next build."""
    from support.unit import settings

    unit.configure(settings(assurance="flag"))
    approved = WRONG.replace("author", "status: approved\nauthor")
    file = unit.write("announcements/a.md", approved)
    unit.gongshi("check", "--fix")
    assert file.read_text(encoding="utf-8") == approved


def test_a_file_that_changes_meanwhile_is_left_alone(unit: UnitUnderTest) -> None:
    """An editor saved it between reading and mending: nothing is written, and the exit code says so."""
    from datetime import datetime

    from gongshi.domain.config import loader
    from gongshi.domain.review import draft_mending
    from gongshi.domain.review.snapshot import take_snapshot
    from support.unit import NOW

    file = unit.write("announcements/a.md", WRONG)
    configuration = loader.load_configuration(unit.root / "mkdocs.yml")
    snapshot = take_snapshot(configuration, datetime.fromisoformat(NOW))
    file.write_text(WRONG + "More.\n", encoding="utf-8")
    mended, refused = draft_mending.mend_drafts(snapshot, ["announcements/a.md"], [])
    assert mended == []
    assert "was changed while it was to be mended" in refused[0].message
    assert file.read_text(encoding="utf-8") == WRONG + "More.\n"


def test_a_file_of_another_encoding_is_written_in_utf_8(unit: UnitUnderTest) -> None:
    """As Notepad saves it: GBK with CRLF."""
    file = unit.write("announcements/a.md", RIGHT.replace("\n", "\r\n").encode("gb18030"))
    result = unit.gongshi("check", "--fix")
    assert result.exit_code == 0, result.all
    assert "docs/announcements/a.md: GB18030 → UTF-8 [mended]\n" in result.output
    assert file.read_bytes() == RIGHT.replace("\n", "\r\n").encode()
    assert mending.mend(file.read_bytes(), lambda _content: ()) == (file.read_bytes(), [])


def test_a_file_that_another_run_has_mended_meanwhile_is_no_fault(unit: UnitUnderTest) -> None:
    from datetime import datetime

    from gongshi.domain.config import loader
    from gongshi.domain.review import draft_mending
    from gongshi.domain.review.snapshot import take_snapshot
    from support.unit import NOW

    unit.write("announcements/a.md", WRONG)
    snapshot = take_snapshot(loader.load_configuration(unit.root / "mkdocs.yml"), datetime.fromisoformat(NOW))
    assert unit.gongshi("check", "--fix").exit_code == 0
    assert draft_mending.mend_drafts(snapshot, ["announcements/a.md"], []) == ([], [])
