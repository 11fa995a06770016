"""Every letter of a file is in the entry, or named as a difference; and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gongshi.importing.comparison import fidelity
from gongshi.importing.comparison.alignment import find_gaps
from gongshi.importing.document import Finding, FindingKind
from support.page_converters import site_converter

WORDS = st.text(
    st.sampled_from("一二三的的5510.。()“A") | st.characters(categories=("L", "N", "P"), exclude_characters="＿"),
    min_size=1,
    max_size=12,
)


def _told(findings: Sequence[Finding]) -> list[tuple[FindingKind, str]]:
    return [(each.kind, each.words) for each in findings]


def _page(lines: Sequence[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


@st.composite
def _texts(draw: st.DrawFn) -> tuple[str, str]:
    """Return the visible text of a file and a page with the same words, differently divided into lines."""
    visible, page = [], []
    for _block in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(("p", "br", "table", "ol", "ul", "h2", "div")))
        lines = draw(st.lists(WORDS, min_size=1, max_size=4))
        shown = [escape(line) for line in lines]
        blank = draw(st.sampled_from(("", " ", "　", "\t")))
        if kind == "ol":
            has_numbers = draw(st.booleans())
            visible += [f"{number}. {line}" if has_numbers else line for number, line in enumerate(lines, 3)]
            page.append("<ol start='3'>" + "".join(f"<li>{line}</li>" for line in shown) + "</ol>")
        elif kind == "ul":
            visible += [draw(st.sampled_from(("", "• ", "● ", "\uf0b7"))) + line for line in lines]
            page.append("<ul>" + "".join(f"<li>{line}</li>" for line in shown) + "</ul>")
        elif kind == "table":
            visible += lines if draw(st.booleans()) else ["\t".join(lines)]
            page.append("<table><tr>" + "".join(f"<td>{line}</td>" for line in shown) + "</tr></table>")
        elif kind == "br":
            visible += lines if draw(st.booleans()) else ["".join(lines)]
            page.append("<p>" + f"<br>{blank}".join(shown) + "</p>")
        else:
            visible += [blank + line for line in lines]
            page += [f"<{kind}>{line}{blank}</{kind}>" for line in shown]
    return "\n".join(visible), "\n".join(page)


@given(texts=_texts())
def test_the_same_text_is_no_difference(texts: tuple[str, str]) -> None:
    assert fidelity.compare_texts(*texts, []) == ()


@given(texts=_texts(), data=st.data())
def test_each_letter_that_is_missing_is_told(texts: tuple[str, str], data: st.DataObject) -> None:
    visible, page = texts
    words = [place for place, letter in enumerate(visible) if not letter.isspace()]
    place = data.draw(st.sampled_from(words))
    more = visible[:place] + data.draw(st.sampled_from("甲5。")) + visible[place:]
    assert fidelity.compare_texts(more, page, [])


@given(lines=st.lists(WORDS, min_size=1, max_size=8), data=st.data())
def test_each_letter_that_is_missing_changed_or_new_on_the_page_is_told(lines: list[str], data: st.DataObject) -> None:
    line = data.draw(st.integers(0, len(lines) - 1))
    place = data.draw(st.integers(0, len(lines[line]) - 1))
    new = data.draw(st.sampled_from(("", "甲", "5", lines[line][place] * 2)))
    changed = lines[line][:place] + new + lines[line][place + 1 :]
    assume(changed != lines[line])
    altered = [*lines[:line], changed, *lines[line + 1 :]]
    assert fidelity.compare_texts("\n".join(lines), _page(altered), [])
    assert fidelity.compare_texts("\n".join(altered), _page(lines), [])


@given(
    a=st.lists(st.integers(0, 3), max_size=40), b=st.lists(st.integers(0, 3), max_size=40), cells=st.integers(0, 300)
)
def test_what_is_not_named_as_different_is_equal(a: list[int], b: list[int], cells: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gongshi.importing.comparison.alignment._CELLS", cells)
        patch.setattr("gongshi.importing.comparison.alignment._WINDOW", 12)
        patch.setattr("gongshi.importing.comparison.alignment._SURE", 2)
        gaps = list(find_gaps(a, b))
    rebuilt, place = [], 0
    for gap in gaps:
        rebuilt += [*a[place : gap.a_start], *b[gap.b_start : gap.b_end]]
        place = gap.a_end
    assert [*rebuilt, *a[place:]] == b


@pytest.mark.parametrize(
    ("visible", "markdown"),
    [
        pytest.param("按规定[1]办理\n[1] 见《办法》", "按规定[^1]办理\n\n[^1]: 见《办法》", id="with numbers"),
        pytest.param(
            "按规定办理\n见《办法》\n特此通知", "按规定[^1]办理\n\n特此通知\n\n[^1]: 见《办法》", id="in between"
        ),
    ],
)
def test_footnotes_are_no_difference(visible: str, markdown: str) -> None:
    assert fidelity.compare_texts(visible, site_converter()(markdown), []) == ()


def test_the_mark_of_links_to_other_sites_is_no_difference() -> None:
    assert fidelity.compare_texts("见指南。", site_converter()("见[指南](https://other.example/a)。"), []) == ()


@pytest.mark.parametrize("visible", ["关于缴费\n的通知\n正文", "正文\n关于缴费的通知", "标题：关于缴费的通知\n正文"])
def test_a_title_in_the_front_matter_is_no_difference(visible: str) -> None:
    assert fidelity.compare_texts(visible, "<p>正文</p>", ["关于缴费的通知"]) == ()


def test_a_title_stands_for_one_line_only() -> None:
    found = fidelity.compare_texts("关于缴费的通知\n甲\n关于缴费的通知", "<p>甲</p>", ["关于缴费的通知"])
    assert _told(found) == [(FindingKind.LEFT_OUT, "关于缴费的通知")]


def test_text_of_the_front_matter_does_not_stand_for_digits_of_other_lines() -> None:
    found = fidelity.compare_texts("共25人", "<p>共2人</p>", ["5"])
    assert _told(found) == [(FindingKind.LEFT_OUT, "5")]


@pytest.mark.parametrize(
    "lines",
    [["甲", "文本框里的一段长文字", "后文"], ["甲", "公章", "一段长文字一段长文字", "一段更长的文字一段更长的文字"]],
)
def test_a_passage_that_stands_elsewhere_is_no_difference(lines: list[str]) -> None:
    page = _page([lines[0], *lines[2:], lines[1]])
    assert fidelity.compare_texts("\n".join(lines), page, []) == ()


def test_cells_that_changed_places_are_told() -> None:
    page = "<table><tr><td>张三</td><td>李四李四</td></tr><tr><td>甲乙丙丁戊己庚辛壬癸一</td><td>一百</td></tr></table>"
    assert fidelity.compare_texts("张三\n一百\n甲乙丙丁戊己庚辛壬癸一\n李四李四", page, [])
    assert fidelity.compare_texts("甲乙丙丁戊己庚辛壬癸一\n张三\n李四李四\n一百", page, [])


def test_what_was_told_already_is_not_told_again() -> None:
    visible = "页眉 青禾镇\n正文\n第1页\n删去的一段很长的文字，后面还有"
    found = fidelity.compare_texts(visible, "<p>正文</p>", [], ["页眉青禾镇", "删去的一段很长的文字…"])
    assert _told(found) == [(FindingKind.LEFT_OUT, "第1页")]


@pytest.mark.parametrize(
    ("visible", "shown", "told"),
    [
        ("甲 5元\n乙", "甲元乙", [(FindingKind.LEFT_OUT, "5", "after “甲”")]),
        ("第一段\n第二 段 有字", "第一段", [(FindingKind.LEFT_OUT, "第二 段 有字", "after “第一段”")]),
        ("金额100元", "金额1000元", [(FindingKind.CHANGED, "0", "after “金额100”")]),
        ("甲乙", "丙乙", [(FindingKind.CHANGED, "甲", "at the beginning")]),
    ],
)
def test_a_difference_is_told_with_its_words_and_its_place(visible: str, shown: str, told: list[Any]) -> None:
    found = fidelity.compare_texts(visible, f"<p>{shown}</p>", [])
    assert [(each.kind, each.words, each.place) for each in found] == told


def test_a_changed_word_is_told_with_the_word_of_the_entry() -> None:
    (found,) = fidelity.compare_texts("缴费25元", "<p>缴费52元</p>", [])
    assert (found.words, found.message) == ("25", "the entry says here: “52”")


def test_many_differences_are_counted() -> None:
    found = fidelity.compare_texts("\n".join(f"第{number}行的文字" for number in range(60)), "", [])
    assert len(found) == 1
    lines = [f"第{number}行的文字不少" for number in range(60)]
    found = fidelity.compare_texts("\n".join(lines), _page([line.replace("文字", "字") for line in lines]), [])
    assert len(found) == 51
    assert found[-1].message == "10 more differences between the file and the entry; compare both side by side"


@pytest.mark.slow
@pytest.mark.parametrize("letters", ["是否", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"])
def test_long_tables_are_compared_cell_by_cell(letters: str) -> None:
    cells = [letters[number * number % 7 % len(letters) :: number % 3 + 2] or "5" for number in range(30_000)]
    altered = list(cells)
    del altered[20_000]
    altered[10_000] += "5"
    found = fidelity.compare_texts("\n".join(cells), _page(altered), [])
    assert 1 < len(found) < 4


def test_a_title_is_found_though_its_first_line_is_carried_too() -> None:
    """The issuer stands alone and at the beginning of the title."""
    lines = "Qinghe Town\nNotice on heating\nText."
    assert fidelity.compare_texts(lines, "<p>Text.</p>", ["Qinghe Town Notice on heating", "Qinghe Town"]) == ()


def test_a_document_number_and_the_person_who_signed_may_stand_on_one_line() -> None:
    """Each of them once."""
    line, number, signer = "青委〔2026〕15号　　签发人：陈志远", "青委〔2026〕15号", "签发人：陈志远"
    assert fidelity.compare_texts(f"{line}\n正文", "<p>正文</p>", [number], [signer]) == ()
    assert fidelity.compare_texts(f"{line}\n正文", "<p>正文</p>", [number], ["签发人：陈志"]) != ()
    assert fidelity.compare_texts(f"{line}\n{line}\n正文", "<p>正文</p>", [number], [signer]) != ()


def test_what_another_finding_says_to_be_changed_is_told_once() -> None:
    """An equation in one line has signs that the file does not have; letters that it lacks are told."""
    page = "<p>x (a+b)/2 y</p>"
    assert fidelity.compare_texts("x a+b2 y", page, [], changed=["(a+b)/2"]) == ()
    assert fidelity.compare_texts("x a+b2 y", page, []) != ()
    assert fidelity.compare_texts("x a+b2c y", page, [], changed=["(a+b)/2"]) != ()


def test_equations_side_by_side_are_told_once() -> None:
    """Raised, lowered and accented letters stand for plain ones; the words between them are compared."""
    page = "<p>向量êᵢ用旧的eⱼ表示为，</p><p>êᵢ=∑_(j=1)^n eⱼRᵢʲ</p>"
    changed = ["êᵢ\neⱼ", "êᵢ=∑_(j=1)^n eⱼRᵢʲ"]
    assert fidelity.compare_texts("向量ei用旧的ej表示为，\nei=j=1nejRij", page, [], changed=changed) == ()
    (found,) = fidelity.compare_texts("向量ei用旧的ej表示了，\nei=j=1nejRij", page, [], changed=changed)
    assert found.words == "了"


def test_equal_charts_and_neighbouring_text_boxes_are_told_once() -> None:
    table = "<table><tr><td>甲</td><td>1</td></tr></table>"
    page = f"{table}{table}<p>左边的框</p><p>右边的框</p><p>正文</p>"
    changed = ["甲\n1", "甲\n1", "左边的框", "右边的框"]
    assert fidelity.compare_texts("正文", page, [], changed=changed) == ()
    assert fidelity.compare_texts("正文", page + table, [], changed=changed) != ()


def test_words_left_out_near_other_ones_are_told_once() -> None:
    """Such as values of properties of the file around a word of one letter."""
    assert fidelity.compare_texts("前 张三\n甲\n12345 后", "<p>前</p><p>甲</p><p>后</p>", [], ["张三", "12345"]) == ()


def test_lines_to_be_filled_in_are_no_difference() -> None:
    """Readers write underlined blanks so; what stands between them is compared."""
    assert fidelity.compare_texts("姓名： 年龄：岁", "<p>姓名：＿＿＿＿ 年龄：＿＿岁</p>", []) == ()
    (found,) = fidelity.compare_texts("姓名： 年龄：5岁", "<p>姓名：＿＿＿＿ 年龄：＿＿岁</p>", [])
    assert "5" in found.words
    assert fidelity.compare_texts("姓名：＿＿", "<p>姓名：</p>", []) != ()
