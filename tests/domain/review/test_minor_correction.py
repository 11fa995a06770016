"""Minor corrections are judged by the page that a text becomes: words may change there, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gongshi import i18n
from gongshi.build.correction_converter import CorrectionConverter
from gongshi.build.lazy_corrections import LazyConverter
from gongshi.build.markdown_settings import load_markdown_settings
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Person, Policy
from gongshi.domain.content.front_matter import FrontMatter, MarkdownFile
from gongshi.domain.content.version import Version
from gongshi.domain.review.converted_text import Part, read_tokens
from gongshi.domain.review.correction_messages import correction_text
from gongshi.domain.review.minor_correction import Violation, correction_violation
from support.sample_unit import load_sample


def _converter(configuration: Configuration) -> CorrectionConverter:
    return CorrectionConverter(configuration, load_markdown_settings(configuration.file))


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The rules of the sample: 20 characters, and the converter of its site."""
    i18n.set_language("en")
    sample = load_sample()
    return replace(sample.policy, convert=_converter(sample))


def _version(body: str) -> Version:
    return Version("announcements/a.md", MarkdownFile(FrontMatter(title="T"), body, {}, first_line=5), {})


def _refusal(before: str, after: str, policy: Policy) -> str | None:
    found = correction_violation(_version(before), _version(after), policy, explain=True)
    judged = correction_violation(_version(before), _version(after), policy)
    assert (found is None) == (judged is None)
    return correction_text(found, 20, 5) if found else None


ORDINARY = (
    "\u3000\u3000请按排人员参加。",
    "请按排人员参加（青政〔2026〕5号），联系 bmfw@qinghe.example，收费￥30，不高于25℃。",
    "请按排人员参加，详见[通知](https://www.qinghe.example/a/)。",
    "——请按排人员参加。",
    "| 事项 | 负责 |\n| --- | --- |\n| 按排 | 张三 |",
    "正文。\n\n## 工作按排\n\n正文。",
    "1. 按排人员\n2. 其他",
    "- 按排人员\n\n    按排车辆",
    "请按排人员。\n\n<figure><figcaption>图</figcaption></figure>\n\n另有 H<sub>2</sub>O。",
    "请<b>按排</b>人员。",
    "**按排**，*按排*，_按排_，`按排`",
    '> 按排\n\n!!! note "按排"\n    按排人员',
    "名词\n:   按排人员\n\n见注[^1]。\n\n[^1]: 按排",
    '![按排](a.png "按排")，[甲](b.pdf "按排")',
    '请按排[通知][1]。\n\n[1]: https://www.qinghe.example/ "按排"',
    "请看 WTO 的规定。\n\n*[WTO]: 按排",
    "[TOC]\n\n# 按排\n\n# 按排",
    "\u3000\u3000请按排人员参加[通知](a.pdf)。 ",
    "⚠\ufe0f请按排人员，☎\ufe0f。",
)


@pytest.mark.parametrize("before", ORDINARY)
def test_a_wrong_word_is_corrected_wherever_it_stands(before: str, policy: Policy) -> None:
    """Signs, links, tables, headings and HTML around it stay as they are."""
    assert _refusal(before, before.replace("按排", "安排"), policy) is None


def test_a_blank_at_the_end_of_a_line_is_no_obstacle(policy: Policy) -> None:
    """Editors remove it on their own."""
    assert _refusal("见[甲](a.pdf)按排。 \n[乙](b.pdf)", "见[甲](a.pdf)安排。\n[乙](b.pdf)", policy) is None


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("[甲](a.pdf)", "[甲](b.pdf)", "the address of a link was “a.pdf” and is “b.pdf”"),
        ("[甲][1]\n\n[1]: a.pdf", "[甲][1]\n\n[1]: b.pdf", "the address of a link was “a.pdf” and is “b.pdf”"),
        ("[甲](a.pdf)", "甲", "a link (a.pdf) was removed"),
        ("甲", "[甲](a.pdf)", "a link (a.pdf) was added"),
        ("![甲](a.png)", "![甲](b.png)", "a picture was “a.png” and is “b.png”"),
        ("甲", "甲![](a.png)", "a picture (a.png) was added"),
        ("甲", "甲![](a-very-long-address-of-a-picture.png)", "was added"),
        ("## 甲", "### 甲", "a heading of level 2 became a heading of level 3"),
        ("甲", "# 甲", "a paragraph became a heading of level 1"),
        ("- 甲", "1. 甲", "a list became a numbered list"),
        ("- 甲\n- 乙", "- 甲\n- 乙\n- 丙", "an item of a list was added"),
        ("|甲|\n|-|\n|乙|", "|甲|\n|-|\n|乙|\n|丙|", "a row of a table was added"),
        ("|甲|乙|\n|-|-|\n|丙|丁|", "|甲|乙|丙|\n|-|-|-|\n|丙|丁|", "a heading cell of a table was added"),
        ("甲", "**甲**", "bold text was added"),
        ("甲", "甲\n\n⚠\ufe0f乙", "a paragraph was added"),
        ("- 甲", "-甲", "a list became a paragraph"),
        ("请⚠按排", "请⚠\ufe0f安排", "a changed line has a character that does not show"),
        ("请按排", "请安\ufe0f排", "a changed line has a character that does not show"),
        ("[甲](a)乙", "[甲](a)\n乙", "a line break was added"),
        ("[甲](a)\n乙", "[甲](a)  \n乙", "line 5: something differs that is not a word of the page"),
        ("甲", "甲<s>", "the HTML element <s> was added"),
        ("甲<!-- 乙 -->", "甲<!-- 丙 -->", "a comment, or other HTML that readers do not see"),
        ("甲", "甲<!-- 丙 -->", "a comment, or other HTML that readers do not see"),
        ("<p hidden>甲</p>", "<p hidden>乙</p>", "something differs that is not a word of the page"),
        ("<script>a</script>", "<script>b</script>", "a comment, or other HTML that readers do not see"),
        ("甲\n{: #a }", "甲\n{: #b }", "the attribute id of <p> was “a” and is “b”"),
        ("甲\n{: .a }", "甲\n{: .b }", "the attribute class of <p> was “a” and is “b”"),
        ('<ol start="2"><li>甲</li></ol>', '<ol start="3"><li>甲</li></ol>', "the attribute start of <ol>"),
        ('[甲](a.pdf)', '[甲](a.pdf "乙")', "the attribute title of <a> was empty and is “乙”"),
        ("甲。\n\n[1]: a.pdf", "甲。\n\n[1]: b.pdf", "line 7: something differs that is not a word of the page"),
        ("甲。\n\n*[WTO]: 乙", "甲。\n\n*[WTO]: 丙", "line 7: something differs that is not a word of the page"),
        ("*甲*[乙](a)", "_甲_[乙](a)", "line 5: something differs that is not a word of the page"),
        ("**甲**乙丙丁[戊](a)", "**甲乙丙丁**[戊](a)", "line 5: something differs that is not a word of the page"),
        ("[甲](a)安", "[甲](a)&#23433;", "line 5: something differs that"),
        ("[甲](a)乙\n丙", "[甲](a)乙丙", "a line break was removed"),
        ("TOC\n\n# 乙", "[TOC]\n\n# 乙", "a paragraph became the HTML element <div>"),
    ],
)  # fmt: skip
def test_other_changes_are_refused_with_their_reason(before: str, after: str, says: str, policy: Policy) -> None:
    """The element or the line is named, with its older and newer value."""
    message = _refusal(before, after, policy)
    assert message is not None
    assert says in message


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("￥300", "￥800", "a number, an amount or a date differs: “300” became “800”"),
        ("[甲](a)三月五日", "[甲](a)三月六日", "“五日” became “六日”"),
        ("[甲](a)３人", "[甲](a)４人", "a number"),
        ("[甲](a)③", "[甲](a)④", "a number"),
        ("￥三百", "$三百", "a sign differs"),
        ("[甲](a)免费", "[甲](a)免费\u0336", "a sign was added"),
        ("[甲](a)免费", "[甲](a)免\u00a0费", "a sign was added"),
        ("[甲](a)免费", "[甲](a)免\ue000费", "a sign was added"),
        ("[甲](a)可以", "[甲](a)不可以", "a negation, a limit or a time was added: “不”"),
        ("[甲](a)上午", "[甲](a)下午", "a negation, a limit or a time differs: “上午” became “下午”"),
        ("[A](a) may not smoke", "[A](a) may now smoke", "a negation, a limit or a time was removed: “not”"),
        ("写信到 a@b.cn", "写信到 a@c.cn", "the address of a link was “mailto:a@b.cn” and is “mailto:a@c.cn”"),
        ("详见 https://a.cn/1。", "详见 https://a.cn/2。", "the address of a link was “https://a.cn/1” and is"),
        ("[甲](a)网站 www.b.cn", "[甲](a)网站 www.c.cn", "an address differs"),
        ("[甲](a)值班领导", "[甲](a)值班员", "a name was removed: “值班领导”"),
        ("[甲](a)值班领导换综合办负责人", "[甲](a)综合办负责人换值班领导", "a name differs: “值班领导”"),
        ("[甲](a)气温－5度", "[甲](a)气温5度", "a number, an amount or a date differs: “-5度” became “5度”"),
        ("[甲](a)负5度", "[甲](a)正5度", "“负5度” became “5度”"),
        ("[A](a) can", "[A](a) can’t", "a negation, a limit or a time was added: “n’t”"),
        ("[A](a) at 5pm", "[A](a) at 5am", "a negation, a limit or a time differs: “pm” became “am”"),
        ("[A](a) fifteen", "[A](a) fifty", "a negation, a limit or a time differs: “fifteen” became “fifty”"),
    ],
)
def test_facts_are_not_corrected(before: str, after: str, says: str, policy: Policy) -> None:
    """Where more stands than plain words, numbers, signs, negations, addresses and known names stay."""
    message = _refusal(before, after, policy)
    assert message is not None
    assert says in message


def test_a_new_colleague_makes_no_old_correction_void(policy: Policy) -> None:
    """Else a page would show its old text again as soon as mkdocs.yml names the person."""
    came = date(2026, 11, 22)
    later = replace(policy, people={**policy.people, "new": Person("new", "李姗", since=came)})
    before, after = _version("[甲](a)联系李珊"), _version("[甲](a)联系李姗")
    assert correction_violation(before, after, later, day=came - timedelta(days=1)) is None
    found = correction_violation(before, after, later, day=came)
    assert found is not None
    assert found.violation is Violation.WORDS


def test_plain_words_count_without_a_converter(policy: Policy) -> None:
    """As corrections that were recorded before; anything else is refused then."""
    bare = replace(policy, convert=None)
    assert correction_violation(_version("请按排人员。"), _version("请安排人员。"), bare) is None
    found = correction_violation(_version("请按排￥3。"), _version("请安排￥3。"), bare)
    assert found is not None
    assert found.violation is Violation.UNREADABLE


def test_a_converter_that_fails_refuses(policy: Policy) -> None:
    """Nobody can tell then what differs in the page."""

    def fail(text: str) -> None:
        raise RecursionError(text)

    found = correction_violation(
        _version("请按排￥3。"),
        _version("请安排￥3。"),
        replace(policy, convert=fail),  # type: ignore[arg-type]
    )
    assert found is not None
    assert found.violation is Violation.UNREADABLE


@pytest.mark.parametrize("odd", ["<![x", "<![if x]>", "<!x", "<?x", "&#x110000;", "<a b=<c", "<p/x/>", "\0", "\x02"])
def test_odd_html_stops_nothing(odd: str, policy: Policy) -> None:
    """It is compared, or the correction is refused; the build goes on."""
    before = f"[甲](a)按排\n\n<div>\n{odd}\n</div>\n\n{odd}"
    assert _refusal(before, before.replace("按排", "安排"), policy) in (
        None,
        "the text cannot be converted here, so nobody can tell what differs in the page. Submit the change",
    )


def test_a_text_with_all_marks_is_refused(policy: Policy) -> None:
    """No character is left then that could stand for a changed part."""
    full = "".join(map(chr, range(0x30000, 0x30000 + 1000)))
    found = correction_violation(_version(f"￥按排\n\n{full}"), _version(f"￥安排\n\n{full}"), policy)
    assert found is not None
    assert found.violation is Violation.UNREADABLE


def test_long_changes_are_not_converted(policy: Policy) -> None:
    """A build does not convert what is refused anyway."""

    def fail(text: str) -> None:
        raise AssertionError(text)

    strict = replace(policy, convert=fail)  # type: ignore[arg-type]
    found = correction_violation(_version("￥3"), _version("￥3" + "甲" * 21), strict)
    assert found is not None
    assert found.violation is Violation.TOO_LONG


@pytest.mark.slow
def test_a_text_that_never_ends_is_given_up(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit on time is that of a page, so that a correction cannot stop a build."""

    def endless(_self: object, _text: str) -> str:
        while True:
            pass

    monkeypatch.setattr("markdown.Markdown.convert", endless)
    sample = load_sample()
    converter = _converter(replace(sample, policy=replace(sample.policy, text_seconds=1)))
    long = "￥按排" + "\n\n甲" * 2000
    found = correction_violation(
        _version(long), _version(long.replace("按排", "安排")), replace(policy, convert=converter)
    )
    assert found is not None
    assert found.violation is Violation.UNJUDGED


@pytest.mark.slow
def test_many_hidden_elements_are_read_fast() -> None:
    """The time grows with the length, not with its square: no limit on time is in force here."""
    tokens = read_tokens("<p hidden>" + "<b>甲" * 100_000 + "</i>乙" * 100_000 + "<title>丙</title></p>丁")
    assert [(token.part, token.is_hidden) for token in tokens[-5:]] == [
        (Part.START, False),
        (Part.UNSEEN, False),
        (Part.END, False),
        (Part.END, False),
        (Part.TEXT, False),
    ]
    assert all(token.is_hidden for token in tokens[:-5] if token.part is Part.TEXT)


def test_a_long_line_is_corrected_at_one_place(policy: Policy) -> None:
    """An alignment of two long lines takes more memory than many machines have, so what lies between must be short."""
    before = f"￥按排{'甲' * 30_000}按排"
    assert _refusal(before, before.replace("按排", "安排", 1), policy) is None
    assert "nobody can tell what differs" in (_refusal(before, before.replace("按排", "安排"), policy) or "")


def test_long_texts_are_corrected_too(policy: Policy) -> None:
    """They are converted in a process of their own."""
    long = "￥按排" + "\n\n甲" * 2000
    assert _refusal(long, long.replace("按排", "安排"), policy) is None


def test_converters_with_the_same_settings_are_equal() -> None:
    """A preview keeps its statuses as long as the settings are the same, and judges again when they change."""
    sample = load_sample()
    markdown = load_markdown_settings(sample.file)
    one, other = LazyConverter(sample, lambda: markdown), LazyConverter(sample, lambda: markdown)
    assert (one, hash(one)) == (other, hash(other))
    assert one != LazyConverter(replace(sample, site_url="https://other.example/"), lambda: markdown)
    assert one != LazyConverter(sample, lambda: replace(markdown, extensions=()))


def test_the_id_of_a_heading_depends_on_its_place_only() -> None:
    """So that its words can be corrected; an ID that the text gives stays."""
    converter = _converter(load_sample())
    found = converter("# A\n\n# B\n\n# C {: #own }").written
    assert found == '<h1 id="section">A</h1>\n<h1 id="section_1">B</h1>\n<h1 id="own">C</h1>'
