"""Values for the front matter are taken where they stand in their usual form, and no word of the text is lost."""

from __future__ import annotations

from collections import Counter
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from gongshi.importing.document import DocumentFields, Finding
from gongshi.importing.official.missing_values import missing_values
from gongshi.importing.official.official_document import recognize_parts

CASES = Path(__file__).parents[2] / "cases" / "import" / "official.yml"
MARKS = {"C": ("p", "center"), "R": ("p", "right"), "S": ("p", "signoff"), "P": ("p", None)}


def _block(line: str) -> str:
    """Return the HTML of a block in the notation of the cases."""
    mark, bar, words = line.partition("| ")
    if not bar or (mark not in MARKS and mark not in ("H2", "H3", "H4")):
        return line if line.startswith("<") else f"<p>{line}</p>"
    tag, kind = MARKS.get(mark, (mark.lower(), None))
    return f'<{tag} class="{kind}">{words}</{tag}>' if kind else f"<{tag}>{words}</{tag}>"


def _notation(block: Any) -> str:
    """Return a block in the notation of the cases."""
    inner = etree.tostring(block, encoding="unicode", with_tail=False, method="html")
    if block.tag not in ("p", "h2", "h3", "h4"):
        return str(inner)
    words = inner[inner.index(">") + 1 : inner.rindex("<")]
    mark = (
        block.tag.upper() if block.tag != "p" else {"center": "C", "right": "R", "signoff": "S"}.get(block.get("class"))
    )
    return f"{mark}| {words}" if mark else words


def _root(text: str) -> Any:
    return html.fragment_fromstring("".join(map(_block, text.splitlines())), create_parent="div")


def _signs(text: str) -> Counter[str]:
    return Counter(each for each in text if each.isalnum())


def _lost(before: str, root: Any, fields: DocumentFields, findings: tuple[Finding, ...]) -> Counter[str]:
    """Return the letters and digits of a text that are neither in the tree nor in a value nor in a finding."""
    kept = "".join(root.itertext()) + "".join(str(each) for each in vars(fields).values() if each)
    return _signs(before) - _signs(kept + "".join(each.words for each in findings))


def _cases() -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", _cases())
def test_parts_are_recognized(case: dict[str, Any]) -> None:
    root = _root(case["text"])
    before = "".join(root.itertext())
    known = DocumentFields(**case.get("known", {}))
    fields, findings = recognize_parts(root, known, case.get("column") != "announcement")
    assert [_notation(block) for block in root] == case.get("left", case["text"]).splitlines()
    taken = {name: _as_written(value) for name, value in vars(fields).items() if value is not None}
    assert taken == {name: str(value) for name, value in case.get("fields", {}).items()}
    told = [f"{each.kind.value}: {each.message}" for each in findings]
    expected = case.get("findings", [])
    assert [each for each in zip(told, expected, strict=False) if each[1] not in each[0]] == []
    assert len(told) == len(expected), told
    assert _lost(before, root, fields, findings) == Counter()


def _as_written(value: Any) -> str:
    return str(value).removesuffix(":00") if str(value).count(":") == 2 else str(value)


WORDS = st.sampled_from(
    [
        *(
            "青禾镇人民政府文件",
            "青禾镇人民政府",
            "青禾镇中心小学",
            "青政发〔2026〕12号",
            "青政发[2026]12号　　签发人：张三",
            "000001",
        ),
        *(
            "特急",
            "机密★1年",
            "关于做好防火工作的",
            "通知",
            "关于放假的通知",
            "（试行）",
            "（征求意见稿）",
            "——",
            "★",
            "公告",
            "第3号",
        ),
        *(
            "各村（社区）：",
            "现将有关事项通知如下。",
            "一、总体要求",
            "（一）提高认识",
            "第一章　总则",
            "附件：1. 报名表",
            "2. 承诺书",
        ),
        *(
            "　　　　　　　青禾镇人民政府　　",
            "2026年11月26日",
            "二〇二六年十一月二十六日",
            "2026年2月30日",
            "2026年11月　日",
            "附件1",
        ),
        *(
            "抄送：县政府办公室。",
            "青禾镇办公室　　2026年11月26日印发",
            "（此件公开发布）",
            "此件依申请公开",
            "时间：11月28日上午9:00—11:30",
        ),
        *(
            "活动时间",
            "地点：镇文化站",
            "主办单位：文化站",
            "",
            "　　",
            "Notice of closure",
            "26 November 2026",
            "Dear parents,",
        ),
    ]
)
TEXTS = st.one_of(WORDS, st.text(max_size=30), st.lists(WORDS, min_size=2, max_size=3).map("\n".join))


@st.composite
def _blocks(draw: st.DrawFn) -> str:
    kind = draw(
        st.sampled_from(
            ["p", "p", "p", "p", "center", "center", "right", "h2", "h3", "table", "ol", "bold", "img", "note"]
        )
    )
    words = escape(draw(TEXTS).replace("\0", "")).replace("\n", "<br>")
    more = escape(draw(WORDS))
    inline = {
        "bold": f"<p><strong>{words}</strong> {more}</p>",
        "img": f'<p class="right">{words}<img src="a.png" alt=""> {more}</p>',
        "note": f'<p class="center">{words}<a class="footnote" href="#n1"></a></p>',
        "table": f"<table><tr><td>{words}</td><td>{more}</td></tr></table>",
        "ol": f'<ol><li value="1">{words}</li></ol>',
    }
    if kind in inline:
        return inline[kind]
    return f"<{kind}>{words}</{kind}>" if kind[0] in "hp" else f'<p class="{kind}">{words}</p>'


@pytest.mark.slow
@given(st.lists(_blocks(), max_size=14))
@settings(max_examples=150)
def test_no_word_no_picture_and_no_note_vanishes(blocks: list[str]) -> None:
    root = html.fragment_fromstring("".join(blocks), create_parent="div")
    before = "".join(root.itertext())
    kept = [len(list(root.iter(tag))) for tag in ("img", "a", "li")]
    fields, findings = recognize_parts(root, DocumentFields())
    assert _lost(before, root, fields, findings) == Counter()
    assert [len(list(root.iter(tag))) for tag in ("img", "a", "li")] == kept


@given(st.lists(_blocks(), max_size=14))
@settings(max_examples=100)
def test_values_that_the_reader_knows_stay(blocks: list[str]) -> None:
    root = html.fragment_fromstring("".join(blocks), create_parent="div")
    known = DocumentFields(
        title="Known", number="1号", issued=date(2020, 1, 1), issuer="某单位", event_start=date(2020, 1, 2)
    )
    before = "".join(root.itertext())
    fields, findings = recognize_parts(root, known)
    assert _lost(before, root, fields, findings) == Counter()
    assert (fields.title, fields.number, fields.issued, fields.issuer) == ("Known", "1号", date(2020, 1, 1), "某单位")
    assert fields.event_start == date(2020, 1, 2)


def test_a_text_of_many_lines_takes_time_in_proportion() -> None:
    lines = [
        "2026年11月26日",
        "青禾镇人民政府",
        "附件：1. 表",
        "机密★",
        "一、总体要求",
        "时间：不定",
        "　" * 20 + "办公室",
    ] * 150
    root = _root("\n".join(lines))
    recognize_parts(root, DocumentFields())
    root = html.fragment_fromstring("<p>" + "<br>".join(lines) + "</p>", create_parent="div")
    recognize_parts(root, DocumentFields())


@pytest.mark.parametrize(
    ("fields", "kind", "keys"),
    [
        (DocumentFields(), "announcement", ["title", "summary", "tags"]),
        (DocumentFields(title="关于停水的通知"), "announcement", ["summary", "tags"]),
        (
            DocumentFields(title="通知", issuer="青禾镇人民政府"),
            "announcement",
            ["summary", "tags", "document.issued"],
        ),
        (
            DocumentFields(title="公示", notice_from=date(2026, 11, 26), notice_to=date(2026, 12, 2)),
            "announcement",
            ["summary", "tags"],
        ),
        (
            DocumentFields(title="拟录用人员公示"),
            "announcement",
            ["summary", "tags", "public_notice.from", "public_notice.to"],
        ),
        (DocumentFields(title="Walk"), "activity", ["summary", "tags", "event.start", "event.place"]),
        (
            DocumentFields(title="Walk", event_start=date(2026, 11, 28), event_place="Park"),
            "activity",
            ["summary", "tags", "event.end"],
        ),
    ],
)
def test_keys_that_are_left_to_the_editor_are_listed(fields: DocumentFields, kind: str, keys: list[str]) -> None:
    assert missing_values(fields, kind) == keys
