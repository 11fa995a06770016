"""Mistakes of typing in YAML: named with their own line and cause, and mended as the message says."""

from __future__ import annotations

import pytest

from gongshi.common.errors import InvalidInput
from gongshi.domain.config import loader
from gongshi.domain.content import front_matter
from support.unit import UnitUnderTest

REST = "date: 2026-12-05\nauthor: lin\n"
MISTAKES = {
    "a full-width comma in braces": ("event: {start: 2026-12-05，place: 广场}", [2], "a full-width comma “，”"),
    "a full-width comma between items": ("attachments: [{file: a, title: A}，{file: b, title: B}]", [2], "comma “，”"),
    "a full-width comma at a line's end": ("event: {start: 2026-12-05，\n  place: 广场}", [2], "comma “，”"),
    "a full-width colon in braces": ("event: {start: 2026-12-05, place：广场}", [2], "a full-width colon “：”"),
    "the first colon in braces": ("event: {start：2026-12-05, place: 广场}", [2], "a full-width colon “：”"),
    "no space after a colon in braces": ("event: {start:2026-12-05}", [2], "a space is missing after the colon"),
    "both in braces": ("event: {start: 2026-12-05，place：广场}", [2], "write a half-width comma and a space"),
    "a key behind a full-width comma": ("event: {place: 广场，start：2026-12-05}", [2], "`, start: …`"),
    "full-width brackets": ("event: ｛start: 2026-12-05｝", [2], "full-width brackets"),
    "a full-width colon": ("source：青禾", [2], "a full-width colon “：”"),
    "a full-width colon in an item": ("attachments:\n- file：a.pdf\n  title: A", [3], "a full-width colon “：”"),
    "a full-width colon below a key": ("event:\n  start: 2026-12-05\n  place：广场", [4], "a full-width colon “：”"),
    "a full-width colon alone": ("event:\n  start：2026-12-05", [3], "a full-width colon “：”"),
    "no space after the colon": ("source:青禾", [2], "a space is missing after the colon"),
    "a space before the colon only": ("source :青禾", [2], "a space is missing after the colon"),
    "a full-width space after the colon": ("source:\u3000青禾", [2], "odd space after the colon"),
    "a no-break space after the colon": ("source:\u00a0青禾", [2], "odd space after the colon"),
    "two lines": ("source:青禾\nsummary：放假", [2, 3], "colon"),
    "an unclosed quotation mark": ('source: "青禾', [2], 'the quotation mark " at the start'),
    "an unclosed apostrophe": ("source: '青禾", [2], "the quotation mark ' at the start"),
    "an unclosed quotation mark with a later one": ('source: "青禾\nsummary: "放假"', [2], 'the quotation mark "'),
    "a Chinese quotation mark at the end": ('source: "青禾”', [2], 'begins with " and ends with ”'),
    "an unclosed quotation mark in braces": ('attachments:\n- {file: a.pdf, title: "附件}', [3], "the quotation mark"),
    "quotation marks around a part": ('source: "青禾"镇', [2], "must stand in quotes as a whole"),
    "an unclosed bracket": ("tags: [一, 二", [2], "the bracket [ is not closed; write ]"),
    "an unclosed brace": ("event: {start: 2026-12-05", [2], "the bracket { is not closed; write }"),
    "a colon in a value": ("summary: 时间: 明天", [2], "a value that contains “: ”"),
    "no space after a dash": ("tags:\n-一\n-二", [3, 4], "a space is missing after the dash"),
    "no space after dashes, at the end": ("pinned: true\ntags:\n-一", [4], "a space is missing after the dash"),
    "a full-width dash": ("tags:\n- 一\n－ 二", [4], "the dash “－” begins no item"),
    "another indentation": ("event:\n  start: 2026-12-05\n place: 广场", [4], "different numbers of spaces"),
    "no colon": ("source 青禾", [2], "the colon after the key is missing"),
    "a semicolon for the colon": ("source；青禾", [2], "the colon after the key is missing"),
    "an equals sign for the colon": ("source=青禾", [2], "the colon after the key is missing"),
    "no colon before further keys": ("event\n  start: 2026-12-05", [2], "the colon after the key is missing"),
    "a line of words that begins with no key": ("summary: 元旦\nholiday of three days", [3], "a line without a key"),
    "a value that looks like an item": ("source: - 青禾", [2], "must stand in quotes as a whole"),
    "a value that goes on without indentation": ("summary: 元旦\n放假三天", [3], "a line without a key"),
}  # fmt: skip


@pytest.mark.parametrize("place", ["first", "last"])
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_line_and_cause(name: str, place: str) -> None:
    """At the start of the front matter as at its end: only the mistake, on its own line."""
    yaml, lines, says = MISTAKES[name]
    above = "" if place == "first" else f"title: T\n{REST}"
    below = f"\ntitle: T\n{REST}" if place == "first" else "\n"
    with pytest.raises(InvalidInput) as caught:
        front_matter.read(f"---\n{above}{yaml}{below}---\nText.\n".encode(), "a.md", requires_entry_keys=True)
    shift = above.count("\n")
    assert [problem.line for problem in caught.value.problems] == [line + shift for line in lines]
    assert all(says in problem.message for problem in caught.value.problems)


def test_a_mistake_in_the_first_line() -> None:
    """The title, as it is usually written first; also where it is the only line."""
    for title in ("title:放假通知", "title:\u3000放假通知", "title：放假通知", '"title":放假通知'):
        for rest in ("", REST):
            with pytest.raises(InvalidInput) as caught:
                front_matter.read(f"---\n{title}\n{rest}---\n".encode(), "a.md", requires_entry_keys=False)
            assert caught.value.problems[0].line == 2, (title, rest)


@pytest.mark.parametrize("fence", ["———", "－－－", "--", "----"])
def test_dashes_that_do_not_end_the_front_matter(fence: str) -> None:
    """Other dashes than `---` are named with their line."""
    with pytest.raises(InvalidInput) as caught:
        front_matter.read(f"---\ntitle: T\n{fence}\nText.\n".encode(), "a.md", requires_entry_keys=False)
    says = "does not end the front matter; write three half-width dashes, `---`, without a space before them"
    assert str(caught.value) == f"a.md:3: “{fence.strip()}” {says}"


@pytest.mark.parametrize("fence", [" ---", "---\u3000"])
def test_blanks_beside_the_end_of_the_front_matter(fence: str) -> None:
    """They cannot be seen, so that the dashes look right: the message names the blanks."""
    with pytest.raises(InvalidInput) as caught:
        front_matter.read(f"---\ntitle: T\n{fence}\nText.\n".encode(), "a.md", requires_entry_keys=False)
    says = "blanks beside `---` keep it from ending the front matter; delete all blanks of this line"
    assert str(caught.value) == f"a.md:3: {says}"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("    clerk: {name: 王芳，roles: [editor]}", "a full-width comma “，”"),
        ("    clerk: {name: 王芳, roles：[editor]}", "a full-width colon “：”"),
        ("    clerk: {name：王芳, roles: [editor]}", "a full-width colon “：”"),
        ("    clerk: {name: 王芳, roles: [editor，clerk]}", "is one item"),
        ("    clerk:{name: 王芳}", "a space is missing after the colon"),
        ("    clerk: {name: 王芳, 角色: [editor]}", "did you mean `roles`?"),
        ('    clerk: {name: "王芳}', 'the quotation mark "'),
        ("    clerk: {name: 王芳, since: 2026-02-30}", "there is no such day"),
        ("    clerk: {name: 王芳, until: 1898-06-01}", "only 1900 to 2999"),
    ],
)
def test_the_configuration_too(unit: UnitUnderTest, line: str, says: str) -> None:
    """Under `extra.gongshi` the same mistakes are named, with the line of mkdocs.yml."""
    file = unit.root / "mkdocs.yml"
    file.write_text(f"site_name: 青禾\nextra:\n  gongshi:\n    people:\n  {line}\n    timezone: Asia/Shanghai\n")
    with pytest.raises(InvalidInput) as caught:
        loader.load_configuration(file)
    assert [problem.line for problem in caught.value.problems if says in problem.message] == [5]
