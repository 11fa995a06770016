"""Tracked changes of Word files: asked for, accepted or rejected as Word does, and told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.importing.document import FindingKind, RevisionChoice, UnreadableFileError
from support.word_parts import Cleaned, clean, cleaned, p, part, r, row, table, word_file

ACCEPT, REJECT = RevisionChoice.ACCEPT, RevisionChoice.REJECT
_WHO = 'w:id="1" w:author="Canary Wang" w:date="2026-01-01T00:00:00Z"'


def _ins(*runs: str) -> str:
    return f"<w:ins {_WHO}>{''.join(runs)}</w:ins>"


def _del(text: str) -> str:
    return f'<w:del {_WHO}><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def _mark(kind: str) -> str:
    return f"<w:rPr><w:{kind} {_WHO}/></w:rPr>"


_EDITED = p("费用为", _del("壹佰"), _ins(r("贰佰")), "元")


def test_a_file_with_tracked_changes_is_refused_until_the_user_chooses() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        cleaned(p("一") + _EDITED)
    message = str(refused.value)
    assert "2 tracked changes" in message
    assert "deleted (paragraph 2): 壹佰" in message
    assert "inserted (paragraph 2): 贰佰" in message
    assert "--changes accept" in message and "--changes reject" in message
    assert "Canary" not in message


def test_only_the_first_changes_are_named_and_long_words_are_cut() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        cleaned("".join(p(f"第{n}", _ins(r("字" * 100))) for n in range(9)))
    assert str(refused.value).count("inserted") == 3
    assert len(str(refused.value)) < 500


def test_accepting_and_rejecting_gives_what_word_gives_and_tells_the_words() -> None:
    assert cleaned(_EDITED, ACCEPT).text == "费用为贰佰元"
    assert cleaned(_EDITED, REJECT).text == "费用为壹佰元"
    for choice in (ACCEPT, REJECT):
        assert cleaned(_EDITED, choice).told(FindingKind.CHANGED) == [("paragraph 1", "壹佰"), ("paragraph 1", "贰佰")]


def test_nothing_of_refused_words_nor_of_their_author_is_left() -> None:
    for choice, gone in ((ACCEPT, "壹佰"), (REJECT, "贰佰")):
        everything = cleaned(_EDITED, choice).everything.decode("utf-8", "ignore")
        assert gone not in everything
        assert "Canary" not in everything


def test_changes_of_formatting_alone_do_not_stop_the_import() -> None:
    change = f"<w:rPr><w:b/><w:rPrChange {_WHO}><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr>"
    properties = f'<w:jc w:val="left"/><w:pPrChange {_WHO}><w:pPr><w:jc w:val="right"/></w:pPr></w:pPrChange>'
    read = cleaned(p(f"<w:r>{change}<w:t>文</w:t></w:r>", properties=properties))
    assert read.text == "文"
    assert not read.findings


def test_rejecting_restores_the_earlier_formatting() -> None:
    change = f"<w:rPr><w:rPrChange {_WHO}><w:rPr><w:b/></w:rPr></w:rPrChange></w:rPr>"
    body = p(f"<w:r>{change}<w:t>文</w:t></w:r>", _ins(r("新")))
    assert "<strong>文</strong>" in cleaned(body, REJECT).html
    assert "<strong>" not in cleaned(body, ACCEPT).html


def test_a_deleted_paragraph_end_joins_the_paragraphs() -> None:
    body = p("甲", properties=_mark("del")) + p("乙", properties=_mark("del")) + p("丙") + p("丁")
    assert cleaned(body, ACCEPT).text == "甲乙丙\n丁"
    assert cleaned(body, REJECT).text == "甲\n乙\n丙\n丁"


def test_an_inserted_paragraph_disappears_when_rejected() -> None:
    body = p("甲") + p(_ins(r("乙")), properties=_mark("ins")) + p("丙")
    assert cleaned(body, REJECT).text == "甲\n丙"
    assert cleaned(body, ACCEPT).text == "甲\n乙\n丙"
    assert len(cleaned(body, ACCEPT).findings) == 1


def test_a_paragraph_divided_in_two_is_one_again_when_rejected() -> None:
    body = p("前半", properties=_mark("ins")) + p("后半")
    assert cleaned(body, REJECT).text == "前半后半"
    assert cleaned(body, REJECT).told() == [("paragraph 1", "(the end of a paragraph)")]


def test_moved_words_are_at_one_place_only() -> None:
    moved = p(f'<w:moveFromRangeStart w:id="1" w:name="m"/><w:moveFrom {_WHO}>{r("搬")}</w:moveFrom>', "留") + p(
        f"<w:moveTo {_WHO}>{r('搬')}</w:moveTo>", "处"
    )
    assert cleaned(moved, ACCEPT).text == "留\n搬处"
    assert cleaned(moved, REJECT).text == "搬留\n处"


def test_rows_and_cells_of_tables_are_accepted_and_rejected() -> None:
    body = table("甲|1", row("乙", "2", properties=f"<w:ins {_WHO}/>"), row("丙", "3", properties=f"<w:del {_WHO}/>"))
    assert cleaned(body, ACCEPT).text == "甲\n1\n乙\n2"
    assert cleaned(body, REJECT).text == "甲\n1\n丙\n3"
    assert cleaned(body, ACCEPT).told() == [("table 1, row 2", "乙\n2"), ("table 1, row 3", "丙\n3")]
    cell = f"<w:tc><w:tcPr><w:cellIns {_WHO}/></w:tcPr>{p('新格')}</w:tc>"
    body = f"<w:tbl><w:tr><w:tc>{p('旧格')}</w:tc>{cell}</w:tr></w:tbl>"
    assert cleaned(body, REJECT).text == "旧格"


def test_a_table_that_was_inserted_disappears_when_rejected() -> None:
    body = p("前") + table(row("乙", properties=f"<w:ins {_WHO}/>")) + p("后")
    assert "<table>" not in cleaned(body, REJECT).html


def test_changes_in_footnotes_and_text_boxes_count() -> None:
    notes = part("footnotes", f'<w:footnote w:id="2">{_EDITED}</w:footnote>')
    content = word_file(p("文", '<w:r><w:footnoteReference w:id="2"/></w:r>'), {"footnotes.xml": notes})
    with pytest.raises(UnreadableFileError, match="footnote 1"):
        clean(content)
    read: Cleaned = clean(content, ACCEPT)
    assert "费用为贰佰元" in read.text


def test_words_inserted_and_then_deleted_never_come_back() -> None:
    body = p("甲", _ins(_del("暂")), "乙")
    assert cleaned(body, ACCEPT).text == "甲乙"
    assert cleaned(body, REJECT).text == "甲乙"


def test_a_tracked_list_number_is_refused_with_its_change() -> None:
    properties = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/><w:ins {_WHO}/></w:numPr>'
    read = cleaned(p("项", _ins(r("新")), properties=properties), REJECT)
    assert b"numPr" not in read.everything


def test_a_change_inside_a_content_control_is_found() -> None:
    body = f"<w:sdt><w:sdtContent>{p('甲', properties=_mark('del'))}</w:sdtContent></w:sdt>{p('乙')}"
    assert cleaned(body, ACCEPT).text == "甲乙"


_STATES = st.sampled_from(("kept", "ins", "del"))


@pytest.mark.slow
@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(("甲", "乙", "丙", "¶")), _STATES), max_size=12))
def test_any_changes_give_the_text_before_and_after(signs: list[tuple[str, str]]) -> None:
    body, line = "", ""
    for sign, state in (*signs, ("终", "kept"), ("¶", "kept")):
        if sign == "¶":
            body += f"<w:p><w:pPr>{'' if state == 'kept' else _mark(state)}</w:pPr>{line}</w:p>"
            line = ""
        else:
            line += {"kept": r(sign), "ins": _ins(r(sign)), "del": _del(sign)}[state]
    for choice, gone in ((ACCEPT, "del"), (REJECT, "ins")):
        expected = "".join(sign for sign, state in signs if state != gone) + "终"
        assert cleaned(body, choice).text == "\n".join(filter(None, expected.split("¶")))
