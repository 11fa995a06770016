"""Values of declared types: each mistake with its remedy, and what is plainly meant is read."""

from __future__ import annotations

from dataclasses import fields

import pytest

from gongshi.common.errors import InvalidInput
from gongshi.domain.content import front_matter, text_advice
from gongshi.domain.content.front_matter import FrontMatter, MarkdownFile
from gongshi.domain.content.front_matter_declaration import declaration, written_name
from gongshi.domain.review import draft_checks
from gongshi.i18n import use_language
from support.scenario import Scenario
from support.unit import UnitUnderTest


def read(yaml: str) -> MarkdownFile:
    """A file with a title and the given front matter."""
    return front_matter.read(f"---\ntitle: T\n{yaml}\n---\nText.\n".encode(), "a.md", requires_entry_keys=False)


def problems(yaml: str) -> list[str]:
    """The problems of a file that cannot be read."""
    with pytest.raises(InvalidInput) as caught:
        read(yaml)
    return [str(problem) for problem in caught.value.problems]


def test_chinese_names_of_keys_lead_to_the_keys() -> None:
    """A key written in Chinese is refused with the key that is meant; that is not called missing as well."""
    for word, key in (("日期", "date"), ("作者", "author"), ("标签", "tags"), ("摘要", "summary"), ("来源", "source"),
                      ("附件", "attachments"), ("置顶", "pinned"), ("公示期", "public_notice")):  # fmt: skip
        assert problems(f"{word}: x") == [f"a.md:3: {word}: unknown key; did you mean `{key}`?"]
    assert problems("发布时间: 2026-01-01")[0].endswith("did you mean `date` or `publish_at`?")
    assert problems("event: {开始: 2026-12-05, 地点: 广场}") == [
        "a.md:3: event.地点: unknown key; did you mean `place`?",
        "a.md:3: event.开始: unknown key; did you mean `start`?",
    ]
    with pytest.raises(InvalidInput) as caught:
        front_matter.read("---\n标题: 放假\n---\n".encode(), "a.md", requires_entry_keys=False)
    assert str(caught.value) == "a.md:2: 标题: unknown key; did you mean `title`?"
    assert problems("ｄａｔｅ: x")[0].endswith("did you mean `date`?")
    assert problems("\u200bdate: x")[0].endswith("contains U+200B, which nobody can see; delete it")


def test_every_key_is_found_by_its_chinese_title() -> None:
    """The name by which forms and comparisons show a key leads to it."""
    with use_language("zh"):
        titles = {declaration(field).title(): written_name(field) for field in fields(FrontMatter)}
    for title, key in titles.items():
        assert problems(f"{title}: x")[0].endswith(f"unknown key; did you mean `{key}`?")


def test_a_colon_within_a_key_that_is_free() -> None:
    """Without a value a space was forgotten; a key that has a value is read, as before."""
    assert problems("approved_by: {first:head}") == [
        "a.md:3: approved_by.first:head: a space is missing after the colon, as in `title: Text`"
    ]
    assert read("approved_by: {'a:b': head}").meta.approved_by == {"a:b": "head"}


@pytest.mark.parametrize("mark", ["，", "、", "；"])
def test_items_that_a_chinese_mark_does_not_separate(mark: str) -> None:
    """An error with `，`, advice with marks that also stand in names; in quotes it is one item, without a word."""
    found = text_advice.findings(read(f"tags: [作息{mark}通知, 三]"), "a.md")
    assert [(problem.line, problem.key, problem.advice) for problem in found] == [(3, "tags[1]", mark != "，")]
    assert "write `作息, 通知`, or put it in quotes" in found[0].message
    assert text_advice.findings(read(f"tags: ['作息{mark}通知', 三]"), "a.md") == ()
    assert text_advice.findings(read("tags: [作息, 通知]"), "a.md") == ()


def test_items_on_lines_of_their_own_that_a_chinese_comma_joins() -> None:
    """Advice, as a comma may stand in a name; in quotes it is one item, without a word."""
    found = text_advice.findings(read("tags:\n- 作息，通知"), "a.md")
    assert [(problem.line, problem.key, problem.advice) for problem in found] == [(4, "tags[1]", True)]
    assert "write each item on its own line" in found[0].message
    assert text_advice.findings(read("tags:\n- '作息，通知'"), "a.md") == ()


def test_keys_that_lost_their_indentation() -> None:
    """A key of an activity at the start of a line is told to be indented; a full-width indentation is not shown raw."""
    assert problems("event:\nstart: 2026-12-05")[1] == (
        "a.md:4: start: does not stand here; if it belongs to a key above, put two spaces before it"
    )
    says = "a.md:4: start: a full-width space before the key; delete it, or indent with two ordinary spaces"
    assert says in problems("event:\n\u3000start: 2026-12-05")


def test_a_key_within_a_value() -> None:
    """A key behind a full-width comma became part of the place: an error; a word that is no key is text."""
    found = text_advice.errors(read("event: {start: 2026-12-05, place: 广场，organizer：文化站}"), "a.md")
    assert [(problem.line, problem.key) for problem in found] == [(3, "event.place")]
    assert "write a half-width comma and a space before it: `, organizer: …`" in found[0].message
    assert "`, place: …`" in problems("event: {start: 2026-12-05，地点：广场}")[0]
    for text in ("event: {start: 2026-12-05, place: 广场，雨天：礼堂}", "event: {start: 2026-12-05, contact: 王，电话：0500}",
                 "event: {start: 2026-12-05, place: 广场，电话：0500}",
                 "event: {start: 2026-12-05, place: '广场，organizer：文化站'}"):  # fmt: skip
        assert text_advice.findings(read(text), "a.md") == ()


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        ("tags: 作息", "must be a list; write `[作息]`"),
        ("tags: 作息，通知", "must be a list; write `[作息, 通知]`"),
        ("tags: ［作息，通知］", "must be a list; write `[作息, 通知]`"),
        ("tags: 作息, 通知", "must be a list; write `[作息, 通知]`"),
        ("attachments: form.docx", "must be a list; begin each item with `- `"),
        ("attachments: {file: a, title: A}", "must be a list; begin each item with `- `"),
        ("tags: 2026", "must be a list, as in `[one, two]`"),
    ],
)
def test_no_list(yaml: str, says: str) -> None:
    """The list that was meant is shown."""
    assert says in problems(yaml)[0]


def test_what_was_approved_before_stays(unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """An approved version with such values is public and keeps its meaning; only new versions are refused."""
    raw = (
        "---\ntitle: T\ndate: 2026-11-03\nauthor: clerk\ntags: [作息，通知]\n"
        "event: {start: 2026-12-05, end: 2026-12-05 17:00, place: 广场，organizer：文化站}\n---\nText.\n"
    )
    scenario = Scenario(unit, "activities/a.md", {})
    with monkeypatch.context() as patch:
        patch.setattr(draft_checks, "errors", lambda *_: ())
        scenario.step({"write": {"raw": raw}})
        for act in ({"submit": "clerk"}, {"approve": "head"}, {"approve": "chief"}):
            scenario.step(act)
    public = scenario.ask().statuses["activities/a.md"].public
    assert public
    version = public.version
    assert version
    assert version.meta.tags == ("作息，通知",)
    assert version.meta.event
    assert version.meta.event.place == "广场，organizer：文化站"
    assert unit.gongshi("check", "docs/activities/a.md").output.count("[error]") == 3
    unit.write("activities/b.md", raw)
    assert unit.gongshi("submit", "docs/activities/b.md", "--as", "clerk").exit_code == 1
