"""Publishing at once, and small corrections, as clerks and visitors see them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.domain.review.minor_correction import _edit_count
from support.unit import UnitUnderTest, settings

ENTRY = "activities/a.md"
INVISIBLE = "\u3164\u115f\u1160\uffa0\u200b\u200d\u200e\u202e\u2066\u00ad\ufe0f\U000e0100\U000e0041\u2800\u180e\ufeff"
LATER = "2026-11-22T10:00:00+08:00"


@pytest.fixture
def duty(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit with an officer on duty, and small corrections by the section head alone."""
    section = settings(
        urgent={"role": "duty-officer", "review_within": "24h"}, correction={"chain": ["first"], "characters": 6}
    )
    section["people"]["duty"] = {"name": "Duty", "roles": ["duty-officer"]}
    unit.configure(section)
    return unit


def test_urgent(duty: UnitUnderTest) -> None:
    """The command publishes at once and says what is owed; status tells until when; the page says nothing of it."""
    duty.write(ENTRY, title="Storm warning", event={"start": "2026-11-23"})
    result = duty.gongshi("urgent", f"docs/{ENTRY}", "--as", "duty", "--reason", "A storm SECRETREASON")
    assert result.exit_code == 0
    assert result.output == (
        "docs/activities/a.md “Storm warning”: published urgently; "
        "the next build publishes it; its full chain is owed until 2026-11-22 10:00\n"
    )
    status = duty.gongshi("status").output
    assert "published urgently, chain owed (1)" in status
    assert "published urgently by Duty on 2026-11-21 (A storm SECRETREASON)" in status
    assert "its full chain is owed until 2026-11-22 10:00; waits for First: Head" in status
    facts = duty.gongshi("status", "--json").json()["entries"][0]
    assert (facts["state"], facts["public"], facts["owed_until"]) == ("urgent", "page", "2026-11-22T10:00:00+08:00")
    build = duty.build("--strict")
    assert build.exit_code == 0
    assert "Published: 1 entry or page" in build.all
    assert "Of these, 1 is public before its chain" in build.all
    assert "Withheld" not in build.all
    assert "SECRETREASON" not in build.all
    assert "Storm warning" in duty.page("activities/a")
    assert duty.leaks("SECRETREASON", "rgent", "Duty", "duty") == []


def _told(page: str, name: str) -> str:
    """A page without what names its own address: that, the code of it, and the way to the other page."""
    page = re.sub(r"<svg.*?</svg>|<nav class=\"gs-neighbours\".*?</nav>", "", page, flags=re.DOTALL)
    return page.replace(f"activities/{name}", "X")


def test_the_page_is_the_same_with_its_chain(duty: UnitUnderTest) -> None:
    """Nobody who reads the page can tell an urgent publication from another."""
    for path, verb in (("activities/a.md", "urgent"), ("activities/b.md", "approve")):
        duty.write(path, title="Same", body="Same words.")
        if verb == "urgent":
            assert duty.gongshi("urgent", f"docs/{path}", "--as", "duty", "--reason", "r").exit_code == 0
        else:
            duty.publish(path)
    assert duty.build().exit_code == 0
    pages = [_told(duty.page(f"activities/{name}"), name) for name in "ab"]
    assert pages[0] == pages[1]


@pytest.mark.slow
def test_overdue(duty: UnitUnderTest) -> None:
    """Past the time the next build takes it down, with --strict too; the chain brings it back."""
    duty.write(ENTRY, title="CANARY")
    assert duty.gongshi("urgent", f"docs/{ENTRY}", "--as", "duty", "--reason", "r").exit_code == 0
    assert duty.build().exit_code == 0
    build = duty.build("--strict", now=LATER)
    assert build.exit_code == 0
    assert duty.leaks("CANARY") == []
    assert "docs/activities/a.md: published urgently, and its chain did not follow in time; taken down" in build.all
    assert "taken down, chain overdue (1)" in duty.gongshi("status", now=LATER).output
    duty.approve(ENTRY, now=LATER)
    assert duty.build("--strict", now=LATER).exit_code == 0
    assert "CANARY" in duty.page("activities/a")


def test_urgent_is_refused(duty: UnitUnderTest) -> None:
    """Without a reason, for others than the role, for what is public already."""
    duty.write(ENTRY)
    assert duty.gongshi("urgent", f"docs/{ENTRY}", "--as", "duty").exit_code == 2
    assert duty.gongshi("urgent", f"docs/{ENTRY}", "--as", "duty", "--reason", " ").exit_code == 2
    chief = duty.gongshi("urgent", f"docs/{ENTRY}", "--as", "chief", "--reason", "r")
    assert chief.exit_code == 1
    assert "Chief does not hold the role duty-officer on 2026-11-21 (review.urgent.role in mkdocs.yml)" in chief.errors
    assert duty.gongshi("urgent", f"docs/{ENTRY}", "--as", "duty", "--reason", "r").exit_code == 0
    again = duty.gongshi("urgent", f"docs/{ENTRY}", "--as", "duty", "--reason", "r")
    assert again.exit_code == 1
    assert "this version is public already" in again.errors
    submit = duty.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk")
    assert "is submitted already and waits for First" in submit.errors


def test_attachments_are_published_urgently_too(duty: UnitUnderTest) -> None:
    """The urgent act keeps the bytes; what is edited afterwards does not go out."""
    path = "activities/b/index.md"
    duty.write(path, title="Storm")
    duty.write("activities/b/map.txt", "KEPT")
    assert duty.gongshi("urgent", f"docs/{path}", "--as", "duty", "--reason", "r").exit_code == 0
    duty.write("activities/b/map.txt", "EDITED")
    assert duty.build().exit_code == 0
    assert (duty.site / "activities" / "b" / "map.txt").read_text() == "KEPT"
    assert duty.leaks("EDITED") == []


@pytest.mark.slow
def test_correct(duty: UnitUnderTest) -> None:
    """A wrong word is mended with one approval, logged with its note; the old text stays up meanwhile."""
    duty.write(ENTRY, title="T", body="The hall opens at eihgt.")
    duty.publish(ENTRY)
    duty.write(ENTRY, title="T", body="The hall opens at eight.")
    result = duty.gongshi("correct", f"docs/{ENTRY}", "--as", "clerk", "--note", "A slip of the pen")
    assert (
        result.output == "docs/activities/a.md “T”: correction submitted; a minor correction; waits for First: Head\n"
    )
    assert duty.build().exit_code == 0
    assert "eihgt" in duty.page("activities/a")
    result = duty.gongshi("approve", f"docs/{ENTRY}", "--as", "head")
    assert result.output == "docs/activities/a.md “T”: approved at First; the next build publishes it\n"
    assert duty.build().exit_code == 0
    assert "eight" in duty.page("activities/a")
    assert b"A slip of the pen" in duty.dossier(ENTRY).read_bytes()


@pytest.mark.slow
def test_correct_beside_links_and_signs(duty: UnitUnderTest) -> None:
    """All commands judge it alike, or say that mkdocs.yml cannot be read; a link that changes is named."""
    body = "\u3000\u3000请按排人员（青政〔2026〕5号），收费￥30，详见[通知](https://www.unit.example/a)。\n\n| 甲 |\n|---|\n| 乙 |"
    duty.write(ENTRY, title="T", body=body)
    duty.publish(ENTRY)
    before = duty.dossier(ENTRY).read_bytes()
    duty.write(ENTRY, title="T", body=body.replace("example/a", "example/b"))
    result = duty.gongshi("correct", f"docs/{ENTRY}", "--as", "clerk", "--note", "n")
    assert result.exit_code == 1
    assert (
        "docs/activities/a.md: the address of a link was “https://www.unit.example/a” and is "
        "“https://www.unit.example/b”; a minor correction changes words only. Submit the change"
    ) in result.errors
    assert duty.dossier(ENTRY).read_bytes() == before
    duty.write(ENTRY, title="T", body=body.replace("按排", "安排"))
    assert duty.gongshi("correct", f"docs/{ENTRY}", "--as", "clerk", "--note", "n").exit_code == 0
    assert duty.gongshi("approve", f"docs/{ENTRY}", "--as", "head").exit_code == 0
    assert duty.build("--strict").exit_code == 0
    assert "请安排人员" in duty.page("activities/a")
    facts = duty.gongshi("status", "--json").json()["entries"][0]
    assert (facts["state"], facts["public"]) == ("published", "page")
    verified = duty.gongshi("verify", str(duty.site), "--source")
    assert verified.exit_code == 0, verified.all
    text = (duty.root / "mkdocs.yml").read_text(encoding="utf-8")
    (duty.root / "mkdocs.yml").write_text(text.replace("- tables", "- not-installed-here"), encoding="utf-8")
    result = duty.gongshi("status")
    assert (result.exit_code, result.output) == (2, "")
    assert "mkdocs.yml: markdown_extensions: not-installed-here may read files" in result.errors
    verified = duty.gongshi("verify", str(duty.site))
    assert "it was not compared with the record" in verified.output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"title": "U", "body": "The hall opens at eight."}, "the front matter differs"),
        ({"title": "T", "body": "The hall is shut."}, "more than 6 characters differ"),
        ({"title": "T", "body": "The hall opens at eihgt."}, "the text is what passed the full chain last"),
        ({"title": "T", "body": "# The hall opens at eihgt."}, "a paragraph became a heading of level 1"),
        *(
            ({"title": "T", "body": f"The hall opens{character} at eihgt."}, "a character that does not show")
            for character in INVISIBLE
        ),
    ],
)
def test_what_is_no_correction(duty: UnitUnderTest, changes: dict[str, str], text: str) -> None:
    """It is refused with the reason and what to do; nothing is recorded."""
    duty.write(ENTRY, title="T", body="The hall opens at eihgt.")
    duty.publish(ENTRY)
    before = duty.dossier(ENTRY).read_bytes()
    duty.write(ENTRY, **changes)
    result = duty.gongshi("correct", f"docs/{ENTRY}", "--as", "clerk", "--note", "n")
    assert result.exit_code == 1
    assert text in result.errors
    assert duty.dossier(ENTRY).read_bytes() == before


def test_a_note_says_something(duty: UnitUnderTest) -> None:
    """Words that do not show are none; an emoji keeps its variation selector."""
    duty.write(ENTRY, title="T", body="The hall opens at eihgt.")
    for note in ("\u3164", " \u3164 \ufe0f", "\u200b"):
        result = duty.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", "--note", note)
        assert result.exit_code == 2
        assert "is empty; write a few words" in result.errors
    result = duty.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", "--note", "to\u3164day")
    assert "contains invisible characters" in result.errors
    assert duty.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", "--note", "⚠\ufe0f today").exit_code == 0


def test_a_changed_attachment_is_no_correction(duty: UnitUnderTest) -> None:
    """Files are not text."""
    path = "activities/b/index.md"
    duty.write(path)
    duty.write("activities/b/a.txt", "one")
    duty.publish(path)
    duty.write("activities/b/a.txt", "two")
    result = duty.gongshi("correct", f"docs/{path}", "--as", "clerk", "--note", "n")
    assert result.exit_code == 1
    assert "attachments or pictures differ" in result.errors


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        ("", "", 0),
        ("a", "", 1),
        ("", "abc", 3),
        ("abc", "abd", 2),
        ("八点开门", "九点开门", 2),
        ("ab" * 50, "ba" * 50, 2),
    ],
)
def test_the_size_of_a_correction(before: str, after: str, steps: int) -> None:
    """Characters put in and taken out are counted, each once, over all lines."""
    assert _edit_count([before], [after], steps) == steps
    assert _edit_count([before, "x", "a"], [after, "x", "b"], steps + 2) == steps + 2
    assert steps == 0 or _edit_count([before], [after], steps - 1) > steps - 1


LETTERS = st.text("abc", max_size=9)


@given(LETTERS, LETTERS, st.integers(0, 18))
def test_the_size_of_a_correction_is_the_least(before: str, after: str, limit: int) -> None:
    """As the longest common subsequence gives it, by the textbook's table."""
    row = [0] * (len(after) + 1)
    for x in before:
        above = row[:]
        for i, y in enumerate(after):
            row[i + 1] = above[i] + 1 if x == y else max(above[i + 1], row[i])
    least = len(before) + len(after) - 2 * row[-1]
    assert _edit_count([before], [after], limit) == min(least, limit + 1)


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        ("urgent", ["review.urgent.role", "review.urgent.review_within", "columns.COLUMN.chain", "review.chain"]),
        ("correct", ["review.correction.characters", "review.correction.chain"]),
    ],
)
def test_help_says_where_the_rules_are_set(unit: UnitUnderTest, command: str, keys: list[str]) -> None:
    """Who may, the bound and the chain: by their keys in mkdocs.yml."""
    text = " ".join(unit.gongshi(command, "--help").output.split())
    assert [key for key in (*keys, "mkdocs.yml") if key not in text] == []


def test_refusals_say_where_the_rules_are_set(duty: UnitUnderTest) -> None:
    """The key of the role for a withdrawal, of the bound for a correction; a stage's role is the stage's affair."""
    duty.write(ENTRY, body="Short.")
    duty.publish(ENTRY)
    withdraw = duty.gongshi("withdraw", f"docs/{ENTRY}", "--as", "head", "--reason", "r")
    assert "Head does not hold the role chief on 2026-11-21 (review.withdraw_role in mkdocs.yml)" in withdraw.errors
    duty.write(ENTRY, body="Much longer than it was.")
    correct = duty.gongshi("correct", f"docs/{ENTRY}", "--as", "clerk", "--note", "n")
    assert "full chain last (review.correction.characters in mkdocs.yml)" in correct.errors
    duty.submit(ENTRY)
    approve = duty.gongshi("approve", f"docs/{ENTRY}", "--as", "deputy")
    assert approve.errors.endswith("Deputy does not hold the role section-head on 2026-11-21\n")
