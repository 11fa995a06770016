"""Lists have the numbers that Word shows."""

from __future__ import annotations

import pytest

from gongshi.importing.document import FindingKind
from support.word_documents import cell, level, numbered, numbering, paragraph, row, style, styled, table, word_document
from support.word_reading import added, blocks, lost, read, told

OFFICIAL = [
    level(0, "chineseCountingThousand", "%1、"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimal", "（%4）"),
    level(4, "decimalEnclosedCircle", "%5"),
]
DECIMAL = [level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"), level(2, "lowerLetter", "%3)")]


def lines(*body: str, **parts: str) -> list[str]:
    """The visible text; the entry must say the same."""
    document = read(word_document(*body, links=None, **parts))
    assert not lost(document)
    assert not added(document)
    return document.visible_text.splitlines()


def test_each_level_has_its_own_format_and_restarts_below_a_higher_one() -> None:
    levels = (0, 1, 1, 2, 2, 3, 4, 4, 2, 1, 2, 0, 1)
    shown = lines(*(numbered(1, each, "甲。") for each in levels), numbering=numbering(OFFICIAL))
    labels = ["一、", "（一）", "（二）", "1.", "2.", "（1）", "①", "②", "3.", "（三）", "1.", "二、", "（一）"]
    assert [line.removesuffix("甲。").strip() for line in shown] == labels


def test_numbers_with_a_full_stop_are_items_and_all_others_are_typed() -> None:
    body = (
        numbered(1, 2, "甲"),
        numbered(1, 2, "乙"),
        numbered(1, 3, "丙"),
        numbered(1, 4, "丁"),
        numbered(1, 2, "戊"),
    )
    assert blocks(read(word_document(*body, numbering=numbering(OFFICIAL)))) == [
        '<ol><li value="1">甲</li><li value="2">乙</li></ol>',
        "<p>（1）丙</p>",
        "<p>① 丁</p>",
        '<ol><li value="3">戊</li></ol>',
    ]


def test_items_are_nested_as_their_levels_are_and_go_on_after_a_paragraph() -> None:
    levels = [level(0, "decimal", "%1."), level(1, "decimal", "%2."), level(3, "bullet", "●")]
    body = [numbered(1, each, f"第{each}级") for each in (0, 1, 1, 3, 0)]
    document = read(word_document(*body, paragraph("间隔"), numbered(1, 0, "末"), numbering=numbering(levels)))
    assert blocks(document) == [
        '<ol><li value="1">第0级<ol><li value="1">第1级</li><li value="2">第1级<ul><li>第3级</li></ul></li></ol></li>'
        '<li value="2">第0级</li></ol>',
        "<p>间隔</p>",
        '<ol><li value="3">末</li></ol>',
    ]


def test_labels_of_several_levels_and_legal_numbering() -> None:
    levels = [
        level(0, "upperRoman", "第%1章"),
        level(1, "decimalZero", "%1.%2", more="<w:isLgl/>"),
        level(2, "decimal", "%1-%2-%3", more="<w:isLgl/>"),
    ]
    body = [numbered(1, each, "。") for each in (0, 0, 1, 2)]
    assert lines(*body, numbering=numbering(levels)) == ["第I章\u3000。", "第II章\u3000。", "2.01 。", "2-01-1 。"]


def test_a_level_that_was_skipped_counts_as_begun_and_bullets_have_no_number() -> None:
    levels = [level(0, "decimal", "%1"), level(1, "bullet", "—"), level(2, "decimal", "%1.%2%3")]
    assert lines(numbered(1, 2, "甲"), numbered(1, 2, "乙"), numbering=numbering(levels)) == ["1.1 甲", "1.2 乙"]


def test_lists_of_one_definition_go_on_counting_unless_they_name_a_start() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    found = numbering(DECIMAL, instances={1: (0, ""), 2: (0, ""), 3: (0, override)})
    body = [numbered(each, 0, "甲") for each in (1, 1, 2, 3, 3, 1)]
    assert [line[0] for line in lines(*body, numbering=found)] == list("123567")


def test_an_instance_may_replace_a_level() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "ideographTraditional", "%1．")}</w:lvlOverride>'
    found = numbering(DECIMAL, instances={1: (0, override)})
    assert lines(numbered(1, 0, "事"), numbered(1, 0, "物"), numbering=found) == ["甲．事", "乙．物"]


@pytest.mark.parametrize(("restart", "last"), [("", "1.1"), ('<w:lvlRestart w:val="0"/>', "1.3")])
def test_a_level_restarts_only_where_it_is_not_forbidden(restart: str, last: str) -> None:
    levels = [level(0, "none", ""), level(1, "decimal", "1.%2", more=restart)]
    shown = lines(*(numbered(1, each, "甲") for each in (0, 1, 1, 0, 1)), numbering=numbering(levels))
    assert shown[-1].split() == [last, "甲"]


def test_styles_give_numbers_also_through_links_and_inheritance() -> None:
    levels = [level(0, "decimal", "%1、"), level(1, "decimal", "%1.%2、", more='<w:pStyle w:val="second"/>')]
    number = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    none = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
    styles = style("first", content=number) + style("second", based_on="first") + style("third", based_on="second")
    shown = lines(
        *(styled(name, "甲") for name in ("first", "second", "third")),
        paragraph("乙", properties='<w:pStyle w:val="first"/>' + none),
        styles=styles,
        numbering=numbering(levels),
    )
    assert shown == ["1、甲", "1.1、甲", "1.2、甲", "乙"]


def test_a_numbering_style_has_the_levels_of_its_definition() -> None:
    linked = style("官方", kind="numbering", content='<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>')
    found = numbering(['<w:numStyleLink w:val="官方"/>'], OFFICIAL)
    assert lines(numbered(1, 1, "甲。"), styles=linked, numbering=found) == ["（一）甲。"]


def test_signs_of_bullets_that_mean_something_are_typed() -> None:
    levels = [level(0, "bullet", "□"), level(1, "bullet", "\uf06c"), level(2, "bullet", "附")]
    document = read(word_document(*(numbered(1, each, "甲") for each in (0, 1, 2)), numbering=numbering(levels)))
    assert blocks(document) == ["<p>□ 甲</p>", "<ul><li>甲</li></ul>", "<p>附 甲</p>"]
    assert not lost(document)


def test_numbers_in_cells_are_typed_even_where_nothing_follows() -> None:
    rows = (row("序号", "姓名"), row(cell(numbered(1, 0)), "张三"), row(cell(numbered(1, 0)), "李四"))
    document = read(word_document(table(*rows), numbering=numbering([level(0, "decimal", "%1")])))
    assert "<tr><td>2</td><td>李四</td></tr>" in blocks(document)[0]
    assert "2" in document.visible_text.splitlines()
    assert not lost(document)


def test_custom_formats_and_those_that_are_unknown() -> None:
    choice = '<mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="001, 002, 003, ..."/>'
    custom = (
        f'<w:lvl w:ilvl="0"><w:start w:val="9"/>{choice}</mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/>'
        '</mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1号"/></w:lvl>'
    )
    document = read(word_document(numbered(1, 0, "甲"), numbering=numbering([custom, level(1, "bahtText", "%2")])))
    assert document.visible_text == "009号 甲\n"
    unknown = read(word_document(numbered(1, 1, "甲"), numbering=numbering([custom, level(1, "bahtText", "%2")])))
    assert told(unknown, FindingKind.CHECK) == ["bahtText"]


@pytest.mark.parametrize("suffix", ["tab", "space", "nothing"])
def test_what_follows_a_number_is_a_blank_unless_word_shows_none(suffix: str) -> None:
    levels = [level(0, "decimal", "(%1)", more=f'<w:suff w:val="{suffix}"/>')]
    shown = lines(numbered(1, 0, "甲"), numbering=numbering(levels))
    assert shown == ["(1)甲" if suffix == "nothing" else "(1) 甲"]
