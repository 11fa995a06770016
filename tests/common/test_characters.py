"""Characters that do not belong into texts: refused or advised with their line, before anybody approves them."""

from __future__ import annotations

import re
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.common import characters, conflict_markers
from gongshi.common.characters import Fault
from gongshi.domain.content import front_matter as content_front_matter
from gongshi.domain.content import text_advice, text_file
from gongshi.domain.review import draft_checks
from support.unit import UnitUnderTest, front_matter, settings

ERRORS = {
    "a lost character": "\ufffd",
    "a lost picture": "\ufffc",
    "left-to-right embedding": "\u202a",
    "right-to-left override": "\u202e",
    "left-to-right isolate": "\u2066",
    "pop isolate": "\u2069",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "a noncharacter": "\ufdd0",
    "a noncharacter of another plane": "\U0001fffe",
}
ADVICE = {
    "zero-width space": "\u200b",
    "byte order mark within": "\ufeff",
    "left-to-right mark": "\u200e",
    "Arabic letter mark": "\u061c",
    "word joiner": "\u2060",
    "Hangul filler": "\u3164",
    "private use": "\ue000",
    "private use of another plane": "\U00100000",
}
FINE = "全角　空格 no-break\u00a0space 👩\u200d🚒 ❤\ufe0f می\u200cخواهم 〔2026〕3号 Ⅳ ㎡ ①"
ONE_LINE = {
    "title": "title: {}",
    "summary": "summary: {}",
    "source": "source: {}",
    "tags[1]": "tags: [{}]",
    "event.place": "event:\n  start: 2026-12-05\n  place: {}",
    "event.organizer": "event:\n  start: 2026-12-05\n  organizer: {}",
    "event.contact": "event:\n  start: 2026-12-05\n  contact: {}",
    **{f"document.{key}": f"document:\n  {key}: {{}}" for key in ("number", "index", "issuer", "topic", "validity")},
    "attachments[1].title": "attachments:\n  - file: a.txt\n    title: {}",
}


def read(body: str = "Text.\n", **keys: object) -> content_front_matter.MarkdownFile:
    """A manuscript with these keys."""
    return content_front_matter.read(front_matter(body, **keys).encode(), "docs/a.md", requires_entry_keys=True)


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("key", ONE_LINE)
def test_errors_in_one_line_texts(key: str, name: str) -> None:
    """In a title and every other text of one line: an error with the line, the key and the number of the character."""
    value = "".join(f"\\U{ord(c):08x}" if ord(c) > 126 else c for c in f"One{ERRORS[name]}two")
    lines = ONE_LINE[key].format(f'"{value}"')
    title = "" if key == "title" else "title: A\n"
    text = f"---\ndate: 2026-11-03\nauthor: clerk\n{title}{lines}\n---\nText.\n"
    found = text_advice.errors(
        content_front_matter.read(text.encode(), "docs/a.md", requires_entry_keys=True), "docs/a.md"
    )
    assert [(problem.key, problem.advice) for problem in found] == [(key, False)]
    assert f"U+{ord(ERRORS[name]):04X}" in found[0].message
    assert found[0].line == text[: text.index("One")].count("\n") + 1


@pytest.mark.parametrize("name", ADVICE)
def test_advice_in_one_line_texts(name: str) -> None:
    """What is invisible, or of private use, is told but may stand."""
    found = text_advice.findings(read(title=f"One{ADVICE[name]}two"), "docs/a.md")
    assert [(problem.key, problem.advice) for problem in found] == [("title", True)]
    assert text_advice.errors(read(title=f"One{ADVICE[name]}two"), "docs/a.md") == ()


def test_what_people_write_is_fine() -> None:
    """Spaces of any width, emoji, and what Persian needs to be written."""
    manuscript = read(f"{FINE}\n\ttab\n", title=FINE, summary=FINE)
    assert text_advice.findings(manuscript, "docs/a.md") == ()


MARKED = "سان \u200f2026\u200e\u061c، \u2067ئۇ \u2066WPS\u2069\u2069 می\u200cخواهم."


def test_what_is_written_from_right_to_left_may_have_direction_marks() -> None:
    """With such a `lang`, marks and closed isolates are fine in titles and texts; without it they are not."""
    manuscript = read(f"{MARKED}\n", title=MARKED, summary=MARKED, lang="ug")
    assert text_advice.findings(manuscript, "docs/a.md") == ()
    for lang in (None, "en", "kk"):
        assert text_advice.errors(read(title=MARKED, lang=lang), "docs/a.md") != ()


@pytest.mark.parametrize("text", ["ئۇ\u202e123", "ئۇ\u202b123\u202c", "ئۇ\u2067123", "ئۇ\u2069\u2067123", "ئۇ\u2069"])
def test_what_turns_a_text_around_is_refused_in_every_language(text: str) -> None:
    """Embeddings, overrides and isolates that are not closed: an error in a title, advice in a text, with its line."""
    found = text_advice.findings(read(title=text, lang="ug"), "docs/a.md")
    assert {(problem.key, problem.line, problem.advice) for problem in found} == {("title", 2, False)}
    found = text_advice.findings(read(f"{MARKED}\n\n{text}\n", title="ئۇ", lang="ug"), "docs/a.md")
    assert {(problem.line, problem.advice) for problem in found} == {(11, True)}


def test_a_long_line_of_direction_marks_takes_no_time() -> None:
    """Each line is looked at once, however many marks it has."""
    start = time.process_time()
    assert list(characters.in_text("\u200f\u2067\u2069" * 100_000, right_to_left=True)) == []
    assert time.process_time() - start < 2


@pytest.mark.parametrize("name", [*ERRORS, *ADVICE])
def test_characters_in_a_text(name: str) -> None:
    """In the body advice, once for each character with its lines; what is no character is an error."""
    character = {**ERRORS, **ADVICE}[name]
    body = f"One\n\nTwo {character}{character}\nThree\nFour {character}\n"
    text = front_matter(body)
    found = text_advice.findings(
        content_front_matter.read(text.encode(), "docs/a.md", requires_entry_keys=True), "docs/a.md"
    )
    lines = [number for number, line in enumerate(text.split("\n"), 1) if character in line]
    assert [problem.line for problem in found] == lines[:1]
    assert f"(also on lines {lines[1]})" in found[0].message
    assert found[0].advice is not name.startswith("a noncharacter")


def test_submit_and_approve_refuse(unit: UnitUnderTest) -> None:
    """An error refuses to submit, to approve what was submitted before, and to publish urgently; advice does not."""
    unit.configure(settings(urgent={"role": "chief", "review_within": "24h"}))
    unit.write("announcements/t.md", title="One\u202etwo")
    unit.write("announcements/n.md", body="One \ufffe two")
    for path, line in (("t", 2), ("n", 8)):
        for command in (("submit", "--as", "clerk"), ("urgent", "--reason", "storm", "--as", "chief")):
            result = unit.gongshi(command[0], f"docs/announcements/{path}.md", *command[1:])
            assert result.exit_code == 1
            assert f"docs/announcements/{path}.md:{line}: " in result.all
    unit.write("announcements/a.md", body="One \u202e\u200b\ufffd\ue000 two")
    unit.publish("announcements/a.md")
    result = unit.gongshi("check", "--all")
    assert result.exit_code == 1
    assert "docs/announcements/t.md:2: title: contains U+202E" in result.output
    assert result.output.count("[error]") == 2
    assert len(re.findall(r"^docs/.* U\+.*\[advice\]$", result.output, re.MULTILINE)) == 4


def test_words_given_on_the_command_line(unit: UnitUnderTest) -> None:
    """Notes, reasons and titles follow the same rule; line separators in them become spaces."""
    unit.write("announcements/a.md")
    for text in ("One\u202etwo", "One\ufffdtwo", "One\ufdd0two", "One\x1btwo"):
        for command in (
            ("submit", "docs/announcements/a.md", "--note", text),
            ("withdraw", "docs/announcements/a.md", "--reason", text),
            ("new", "announcements", text),
        ):
            result = unit.gongshi(*command, "--as", "clerk")
            assert result.exit_code == 2
            assert f"U+{ord(text[3]):04X}" in result.errors
    assert unit.gongshi("new", "announcements", "全角　空格", "--as", "clerk").exit_code == 0
    assert unit.gongshi("new", "announcements", "One\u2028two", "--as", "clerk").exit_code == 2
    assert unit.gongshi("submit", "docs/announcements/a.md", "--note", "一　二\u2028三", "--as", "clerk").exit_code == 0
    assert '"note":"一 二 三"' in unit.dossier("announcements/a.md").read_text()


def test_texts_of_the_configuration(unit: UnitUnderTest) -> None:
    """The unit's name, titles of columns and names of people follow the same rule."""
    section = settings()
    section["unit"]["name"] = "Unit\u202e"
    section["columns"]["activities"]["title"] = "A\ufffdB"
    section["people"]["head"]["name"] = "H\u2066ead"
    unit.configure(section)
    result = unit.gongshi("status")
    assert result.exit_code == 2
    for key in ("unit.name", "columns.activities.title", "people.head.name"):
        assert f"extra.gongshi.{key}: contains U+" in result.errors


def test_one_line_texts_of_the_configuration_are_refused_for_their_reason(unit: UnitUnderTest) -> None:
    """A line break, a control character and a text without a visible character are named for what they are."""
    section = settings()
    section["unit"]["address"] = "One\ntwo"
    section["columns"]["activities"]["title"] = "\u200b"
    section["people"]["head"]["name"] = "H\x07ead"
    unit.configure(section)
    errors = unit.gongshi("status").errors
    assert "extra.gongshi.unit.address: contains U+000A, a line break; write it on one line" in errors
    assert "extra.gongshi.people.head.name: contains the control character U+0007; delete it" in errors
    section["unit"]["address"] = "全角　空格"
    section["people"]["head"]["name"] = "Head"
    unit.configure(section)
    errors = unit.gongshi("status").errors
    assert "extra.gongshi.columns.activities.title: has no visible character; write a text" in errors
    assert "unit.address" not in errors


BEFORE = """---
title: "One\\u202etwo\\ufffe\\U0001fffe"
summary: "A\\uffffB"
date: 2026-11-03
author: clerk
---
A \ufffe character
"""


def test_what_was_approved_before_stays(unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page approved before there was a rule is public and its file is no edit; `check` tells, and --strict builds."""
    from support.scenario import Scenario

    scenario = Scenario(unit, "announcements/a.md", {})
    with monkeypatch.context() as patch:
        patch.setattr(draft_checks, "errors", lambda *_: ())
        scenario.step({"write": {"raw": BEFORE}})
        for act in ({"submit": "clerk"}, {"approve": "head"}, {"approve": "deputy"}, {"approve": "chief"}):
            scenario.step(act)
    status = scenario.ask().statuses["announcements/a.md"]
    assert status.public
    assert status.reason is None
    assert unit.build("--strict").exit_code == 0
    result = unit.gongshi("check")
    assert result.exit_code == 1
    assert "docs/announcements/a.md:2: title: contains U+202E" in result.output
    assert unit.leaks("\ufffe", "\uffff", "\U0001fffe") == []
    assert "<title>One\u202etwo</title>" in (unit.site / "feed.xml").read_text(encoding="utf-8")


@pytest.mark.slow
def test_flags_by_hand(unit: UnitUnderTest) -> None:
    """Where people flip the flags by hand no command refuses: the build says it, and with --strict stops."""
    unit.configure(settings(assurance="flag"))
    flags = {"first": "head", "second": "deputy", "final": "chief"}
    unit.write("announcements/a.md", title="One\ufffdtwo", status="approved", approved_by=flags)
    result = unit.build()
    assert "docs/announcements/a.md: is public, but `gongshi check` finds errors in its text" in result.errors
    assert unit.build("--strict").exit_code == 1


CONFLICT = "One\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\nTwo\n"
CONFLICTS = {
    "whole": (CONFLICT, 2),
    "diff3": ("<<<<<<< HEAD\nours\n||||||| 1a2b3c4\nbase\n=======\ntheirs\n>>>>>>> branch\n", 1),
    "without a label": ("<<<<<<<\nours\n=======\ntheirs\n>>>>>>> b\n", 1),
    "the beginning removed": ("One\n=======\ntheirs\n>>>>>>> branch\n", 4),
    "the end removed": ("One\n<<<<<<< HEAD\nours\n", 2),
    "the middle of diff3 left": ("One\n||||||| 1a2b3c4\nbase\n=======\ntheirs\n", 2),
    "in a code block": ("```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n```\n", 2),
    "after a heading": ("Heading\n=======\n\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n", 4),
}
NO_CONFLICTS = {
    "a heading": "Heading\n=======\n\nText.\n",
    "a quotation of quotations": ">>>>>> six\n>>>>>>> seven\n>>>>>>>> eight\n",
    "a table of empty cells": "|||||||\n|-|-|-|-|-|-|\n",
    "a row of signs": "<<<<<<<<<<<<<<\n>>>>>>>>>>>>>>\n",
    "within a line": "a <<<<<<< b >>>>>>> c\n",
    "indented code": "    <<<<<<< HEAD\n    =======\n    >>>>>>> x\n",
}


@pytest.mark.parametrize("name", CONFLICTS)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_conflicts_in_a_text(unit: UnitUnderTest, name: str, ending: str) -> None:
    """What Git left is an error with its line, whole or half removed."""
    text, line = CONFLICTS[name]
    whole = front_matter(text)
    decoded = text_file.decode_markdown(whole.replace("\n", ending).encode(), "a.md")
    assert conflict_markers.conflict_line(decoded) == whole[: whole.index(text)].count("\n") + line
    if ending == "\n":
        unit.write("announcements/a.md", whole)
        result = unit.gongshi("submit", "docs/announcements/a.md", "--as", "clerk")
        assert result.exit_code == 1
        assert f"announcements/a.md:{whole[: whole.index(text)].count(chr(10)) + line}: Git could not" in result.all


@pytest.mark.parametrize("name", NO_CONFLICTS)
def test_no_conflicts(name: str) -> None:
    """Headings, quotations, tables and code that look like a part of one."""
    assert conflict_markers.conflict_line(f"---\ntitle: A\n---\n{NO_CONFLICTS[name]}") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\n<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> b\ndate: 2026-11-03\nauthor: clerk\n---\nText.\n", 2),
        ("<<<<<<< HEAD\n---\ntitle: A\n---\nA\n=======\n---\ntitle: B\n---\nB\n>>>>>>> b\n", 1),
        ("---\ntitle: A\n<<<<<<< HEAD\n---\nA\n=======\ndate: 2026-11-03\n---\nB\n>>>>>>> b\n", 3),
    ],
)
def test_conflicts_in_front_matter(unit: UnitUnderTest, text: str, line: int) -> None:
    """One message with the line, not what YAML makes of it."""
    unit.write("announcements/a.md", text)
    result = unit.gongshi("check")
    assert result.output.count("[error]") == 1
    assert f"docs/announcements/a.md:{line}: Git could not merge" in result.output


def test_conflicts_beside_a_text(unit: UnitUnderTest) -> None:
    """In an attachment that is text, and in the configuration."""
    unit.write("announcements/b/index.md", body="[a](a.csv)")
    unit.write("announcements/b/a.csv", CONFLICT)
    unit.write("announcements/b/b.csv", "Heading\n=======\n")
    result = unit.gongshi("check")
    assert "docs/announcements/b/a.csv: Git could not merge" in result.output
    assert result.output.count("[error]") == 1
    file = unit.root / "mkdocs.yml"
    lines = file.read_text().split("\n")
    file.write_text("\n".join([lines[0], "<<<<<<< HEAD", lines[1], "=======", lines[1], ">>>>>>> b", *lines[2:]]))
    result = unit.gongshi("check")
    assert result.exit_code == 2
    assert "mkdocs.yml:2: Git could not merge" in result.errors


def test_a_conflict_publishes_nothing_by_a_flag(unit: UnitUnderTest) -> None:
    """Where the flag in the file is the decision, both versions of it wear the flag: the page is withheld."""
    unit.configure(settings(assurance="flag"))
    flags = {"first": "head", "second": "deputy", "final": "chief"}
    unit.write("announcements/a.md", status="approved", approved_by=flags, body=CONFLICT)
    unit.write("announcements/b.md", status="approved", approved_by=flags)
    assert unit.build().exit_code == 0
    assert (unit.site / "announcements" / "b" / "index.html").is_file()
    assert not (unit.site / "announcements" / "a").exists()
    assert unit.build("--strict").exit_code == 1


def test_a_conflict_takes_no_page_down(unit: UnitUnderTest) -> None:
    """The version that was approved stays public while the file holds a conflict."""
    unit.write("announcements/a.md", title="Approved")
    unit.publish("announcements/a.md")
    unit.write("announcements/a.md", title="Approved", body=CONFLICT)
    assert unit.build().exit_code == 0
    assert "Approved" in unit.page("announcements/a")


PLANES = range(0, sys.maxunicode + 1, 0x10000)
EVERY = [
    chr(code)
    for codes in (
        range(0x20000),
        range(0xE0000, 0xE0200),
        *(range(plane, plane + 9) for plane in PLANES[2:]),
        *(range(plane + 0xFFF0, plane + 0x10000) for plane in PLANES[2:]),
    )
    for code in codes
]
"""The code points of which anything is known."""


def test_classes_of_characters() -> None:
    """Every code point: what has no visible form is named, letters of any script are left alone."""
    for character in EVERY:
        category, fault = unicodedata.category(character), characters.fault_of(character)
        if characters.is_noncharacter(character):
            assert fault is Fault.NONCHARACTER
        elif category in ("Cs", "Co"):
            assert fault is (Fault.NONCHARACTER if category == "Cs" else Fault.PRIVATE)
        elif category[0] in "LMNPS" and character not in "\ufffc\ufffd" and not characters.is_invisible(character):
            assert fault is None, hex(ord(character))
        if fault in (Fault.DIRECTION, Fault.SEPARATOR, Fault.CONTROL, Fault.INVISIBLE) and character not in "\t\n":
            assert characters.is_invisible(character), hex(ord(character))
    assert sum(map(characters.is_noncharacter, EVERY)) == 66
    assert not any(map(characters.is_invisible, " 　\u00a0字é\u0600"))
    assert all(map(characters.is_invisible, "\u200b\u3164\u115f\u2800\ufeff\u00ad\u202e\x00\u2028\ufe0f\U000e0041"))


@given(st.text(max_size=60))
def test_one_search_finds_every_fault(text: str) -> None:
    """The quick search over a text misses nothing that is a fault of a character."""
    expected = {c for c in text if characters.fault_of(c)}
    assert set(characters.in_line(text)) == expected
    assert {c for _line, c, _fault in characters.in_text(text)} == expected - {"\t", "\n"}


def test_every_fault_is_found_by_the_search() -> None:
    """The same for each code point alone."""
    for character in EVERY:
        assert bool(characters.in_line(character)) is (characters.fault_of(character) is not None), hex(ord(character))
