"""No text stalls a build, a check, an act or a preview: what takes too long is refused with its line, the rest goes on."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from gongshi.domain.config.policy import Correction
from gongshi.domain.content import text_limits
from gongshi.domain.content.front_matter import FrontMatter, MarkdownFile
from gongshi.domain.content.version import Version
from gongshi.domain.review.minor_correction import Violation, correction_violation
from support.sample_unit import load_sample
from support.unit import ENDLESS, UnitUnderTest, settings

BODY_LINE = 7
"""The line on which the body of an entry under test begins, after the empty line below its front matter."""
SIZE = 50_000


def repeated(unit: str, size: int = SIZE) -> str:
    """A text of this length."""
    return (unit * (size // len(unit) + 1))[:size]


HEAVY = {
    "pictures": repeated("!["),
    "brackets": repeated("["),
    "links": repeated("[a]("),
    "tags": repeated("<a "),
    "declarations": repeated("<!["),
    "autolinks": repeated("<http://"),
    "footnote": "[^1]: x\n\n" + repeated("a[^1] "),
    "headings by line": repeated("a\n=\n"),
    "rules": repeated("---\n"),
    "headings": repeated("# a\n"),
    "abbreviation lines": repeated("*[a]: b\n"),
    "abbreviations": "".join(f"*[A{n}]: t\n\n" for n in range(2000)) + repeated("A1 "),
    "long abbreviation": "*[a]: " + "b" * 20_000 + "\n\n" + repeated("a "),
    "long address": "[a]: http://" + "b" * 20_000 + "\n\n" + repeated("[a] "),
    "wide table": "|" + "a|" * 8000 + "\n|" + "-|" * 8000 + "\n" + "|a\n" * 8000,
    "backticks": "a|b\n-|-\n" + repeated("`|``|"),
    "short but wide table": "|" + "a|" * 400 + "\n|" + "-|" * 400 + "\n" + "|a\n" * 700,
    "short contents": repeated("# a\n\n[TOC]\n\n", 3_000),
    "mixed": repeated("*[`"),
    "braces": "# a " + repeated("{# a ", 4 * SIZE),
    "contents": repeated("# a\n\n[TOC]\n\n"),
    "list in list": "- " * 600 + "a",
    "indented list": "".join("    " * n + "- a\n" for n in range(300)),
    "quotations": "> " * 300 + "a",
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HEAVY)
def test_a_text_that_takes_long_to_convert_is_an_error_with_its_line(unit: UnitUnderTest, kind: str) -> None:
    """`check` names the line, `submit` refuses, and neither converts it."""
    unit.write("announcements/a.md", body="Ordinary.\n\nStill.\n\n" + HEAVY[kind])
    found = unit.gongshi("check", "docs/announcements/a.md", "--json")
    errors = [problem for problem in found.json()["problems"] if not problem["advice"]]
    assert found.exit_code == 1, found.all
    assert errors
    assert all(error["line"] >= BODY_LINE + 5 for error in errors)
    assert unit.gongshi("submit", "docs/announcements/a.md", "--as", "clerk").exit_code == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", HEAVY)
def test_finding_out_takes_no_time(kind: str) -> None:
    """The check itself is done in a moment, at any size."""
    begin = time.process_time()
    assert list(text_limits.problems(HEAVY[kind] * 4, "a.md", lambda: 1))
    assert time.process_time() - begin < 2


ORDINARY = {
    "prose": repeated(
        "各位居民请注意，**办理时间**为周一至周五，详见[办事指南](https://www.unit.example/a/)。\n\n", 200_000
    ),
    "list": repeated("- 第一项：*说明*，见[附件](a.pdf)\n", 200_000),
    "table": "| 序号 | 姓名 | 单位 | 备注 |\n| --- | --- | --- | --- |\n"
    + repeated("| 1 | 张三 | `青禾镇` | [0, 5) |\n", 200_000),
    "footnotes": "".join(f"第{n}条[^{n}]。\n\n[^{n}]: 说明。\n\n" for n in range(400)),
    "headings": repeated("## 一、总则\n\n内容。\n\n### （一）要求\n\n内容。\n\n", 200_000),
    "html": repeated('<table><tr><td>甲</td><td><a href="a.pdf">乙</a></td></tr></table>\n\n', 200_000),
    "code": repeated("    if a[0] < b and c: *d = &e;\n", 100_000),
}


@pytest.mark.parametrize("kind", ORDINARY)
def test_a_long_ordinary_text_passes(kind: str) -> None:
    """200 KB of what units publish are within every limit."""
    assert list(text_limits.problems(ORDINARY[kind], "a.md", lambda: 1)) == []


@pytest.mark.slow
def test_a_long_table_is_published(unit: UnitUnderTest) -> None:
    """From `submit` to the page."""
    unit.write("activities/a.md", body=ORDINARY["table"])
    unit.publish("activities/a.md")
    assert unit.build().exit_code == 0
    assert unit.page("activities/a").count("<tr>") > 5000


LONG = "\n\nMore words." * 400
"""Shorter texts are converted without a limit of their own, as nothing in them takes long."""


@pytest.mark.slow
def test_a_text_without_end_holds_up_nothing(unit: UnitUnderTest) -> None:
    """A text that passed before and needs more than its time now: its page says so, a warning names it, others are built."""
    unit.configure(settings() | {"limits": {"text_seconds": 1}})
    for name, body in (("a", f"ENDLESS{LONG}"), ("b", "Words."), ("c", f"ENDLESS, too{LONG}")):
        unit.write(f"activities/{name}.md", body=body, title=f"Title {name}")
        unit.publish(f"activities/{name}.md")
    hook = unit.own_hooks() / "gate.py"
    hook.write_text(hook.read_text() + ENDLESS)
    result = unit.build()
    assert result.exit_code == 0, result.all
    for name in ("a", "c"):
        assert f"docs/activities/{name}.md: its text cannot be converted (it needs more than 1 seconds)" in result.all
        assert "This page cannot be shown at the moment." in unit.page(f"activities/{name}")
    assert "Words." in unit.page("activities/b")
    assert "Title a" in unit.page("activities")
    assert unit.build("--strict").exit_code == 1


@pytest.mark.slow
def test_a_page_that_was_given_up_is_made_again(unit: UnitUnderTest) -> None:
    """It is kept in no cache: the next build, with more time, shows the text."""
    unit.configure(settings() | {"limits": {"text_seconds": 1}})
    unit.write("activities/a.md", body=f"ENDLESS words{LONG}")
    unit.publish("activities/a.md")
    hook = unit.own_hooks() / "gate.py"
    whole = hook.read_text()
    hook.write_text(whole + ENDLESS)
    assert unit.build().exit_code == 0
    assert "ENDLESS words" not in unit.page("activities/a")
    hook.write_text(whole)
    assert unit.build().exit_code == 0
    assert "ENDLESS words" in unit.page("activities/a")


@pytest.mark.slow
def test_a_text_without_memory_holds_up_nothing(unit: UnitUnderTest) -> None:
    """Memory is limited as time is."""
    for name, body in (("a", f"ENDLESS{LONG}"), ("b", "Words.")):
        unit.write(f"activities/{name}.md", body=body)
        unit.publish(f"activities/{name}.md")
    hook = unit.own_hooks() / "gate.py"
    hook.write_text(hook.read_text() + ENDLESS.replace("pass", "text += text"))
    result = unit.build()
    assert result.exit_code == 0, result.all
    assert "docs/activities/a.md: its text cannot be converted (it needs too much memory)" in result.all
    assert "Words." in unit.page("activities/b")


@pytest.mark.slow
def test_an_approved_text_stays_as_it_was_shown(unit: UnitUnderTest) -> None:
    """A text approved before there were limits, and beyond one of them, is public still; the next version is refused."""
    body = repeated("# a\n", 16_000)
    unit.write("activities/a.md", body=body)
    unit.publish_unlimited("activities/a.md")
    result = unit.build()
    assert result.exit_code == 0, result.all
    assert unit.page("activities/a").count("<h2") > 3000
    assert unit.gongshi("check", "docs/activities/a.md").exit_code == 1


@pytest.mark.slow
def test_nesting_beyond_the_call_stack_is_an_error_with_its_line(unit: UnitUnderTest) -> None:
    """Python's own limit, where no rule counts: told at `check` and refused at `submit`, no longer silent."""
    body = "One.\n\nTwo.\n\n" + "*a " * 1500 + " a*" * 1500 + "\n\nThree."
    unit.write("activities/a.md", body=body)
    found = unit.gongshi("check", "docs/activities/a.md")
    assert found.exit_code == 1
    assert f"docs/activities/a.md:{BODY_LINE + 5}: the text from this line on cannot be converted" in found.all
    refused = unit.gongshi("submit", "docs/activities/a.md", "--as", "clerk")
    assert (refused.exit_code, "nested too deeply" in refused.all) == (1, True)


@pytest.mark.parametrize("value", ["0", "ten", "1.5", "", "-1", "{a: 1}"])
def test_a_limit_that_is_none(unit: UnitUnderTest, value: str) -> None:
    """The configuration says which key is wrong."""
    unit.configure(settings() | {"limits": {"text_seconds": value}})
    text = (unit.root / "mkdocs.yml").read_text()
    (unit.root / "mkdocs.yml").write_text(text.replace(f"text_seconds: '{value}'", f"text_seconds: {value}"))
    found = unit.gongshi("status")
    assert found.exit_code == 2
    assert "extra.gongshi.limits.text_seconds" in found.all


@pytest.mark.slow
def test_a_text_without_end_holds_up_no_tree(unit: UnitUnderTest) -> None:
    """`stage` reads texts to count their links; one that takes too long is in the tree all the same."""
    unit.configure(settings() | {"limits": {"text_seconds": 1}})
    for name in ("a", "b"):
        unit.write(f"activities/{name}.md", body="[x](secret.md)" + " ENDLESS" * (name == "a"))
        unit.publish(f"activities/{name}.md")
    hooks = unit.own_hooks()
    module = hooks / "gongshi" / "release" / "staging.py"
    module.write_text(module.read_text() + ENDLESS)
    result = unit.gongshi("stage", "tree", "--json")
    assert result.exit_code == 0, result.all
    assert result.json()["links_to_withheld"] == {"activities/b.md": 1}
    assert "ENDLESS" in (unit.root / "tree" / "activities" / "a.md").read_text()


def test_a_correction_of_many_lines_is_judged_in_linear_time() -> None:
    """A build judges each correction anew."""
    lines = 20_000

    def version(letter: str) -> Version:
        return Version("announcements/a.md", MarkdownFile(FrontMatter("Title"), f"a{letter}\n" * lines, {}), {})

    policy = replace(load_sample().policy, correction=Correction((), 200))
    begin = time.process_time()
    found = correction_violation(version("b"), version("c"), policy)
    assert found is not None
    assert found.violation is Violation.TOO_LONG
    assert time.process_time() - begin < 2


@pytest.mark.slow
def test_many_empty_lines_take_no_time(unit: UnitUnderTest) -> None:
    """200 KB of empty lines are within every limit, that of time included."""
    for name, line in (("a", "\n"), ("b", " \n"), ("c", "\u3000\n")):
        unit.write(f"announcements/{name}.md", body="x\n\n" + repeated(line, 200_000) + "\ny")
    assert unit.gongshi("check").exit_code == 0
