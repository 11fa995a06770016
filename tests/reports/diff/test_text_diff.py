"""The comparison of texts: exact, bounded, readable, and nothing in it is invisible."""

from __future__ import annotations

import random
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.reports.diff.alignment import Effort, matches
from gongshi.reports.diff.hunks import Kind, Skipped, hunk_rows
from gongshi.reports.diff.spans import legend, stretches
from gongshi.reports.diff.text_diff import Extent, Op, Piece, extent, text_diff, tokens
from gongshi.reports.diff.visible_text import look_alike, runs

WORDS = st.lists(
    st.sampled_from(
        ["停水", "通知", "2026", "12,500.00", "the ", "a", "。", "\n", "\n\n", " ", "\u3000", "\t", "\u200b", "一"]
    ),
    max_size=30,
).map("".join)
TEXTS = st.one_of(WORDS, st.text(max_size=60))


def sides(pieces: tuple[Piece, ...]) -> tuple[str, str]:
    """Both texts, put together again."""
    return tuple("".join(p.text for p in pieces if p.op is not gone) for gone in (Op.IN, Op.OUT))  # type: ignore[return-value]


def written(pieces: tuple[Piece, ...]) -> str:
    """The pieces with the marks of the terminal."""
    marks = {Op.SAME: "{}", Op.OUT: "[-{}-]", Op.IN: "{{+{}+}}"}
    return "".join(marks[piece.op].format(piece.text) for piece in pieces)


@settings(max_examples=500)
@given(TEXTS, TEXTS)
def test_both_texts_can_be_put_together_again(before: str, after: str) -> None:
    """What is out or the same is the old text, what is in or the same the new one, to the last character."""
    assert sides(text_diff(before, after)) == (before, after)


@settings(max_examples=300)
@given(st.lists(st.integers(0, 5), max_size=14), st.lists(st.integers(0, 5), max_size=14))
def test_as_much_as_possible_is_shared(before: list[int], after: list[int]) -> None:
    """In short sequences the shared stretches are as long as the longest common subsequence."""
    lengths = [0] * (len(after) + 1)
    for item in before:
        row = [0]
        for j, other in enumerate(after):
            row.append(lengths[j] + 1 if item == other else max(lengths[j + 1], row[-1]))
        lengths = row
    found = matches(before, after, Effort())
    assert sum(length for _i, _j, length in found) == lengths[-1]


@settings(max_examples=100)
@given(st.integers(0, 2**32), st.sampled_from([0, 10**9]))
def test_shared_stretches_are_shared_and_in_order(seed: int, effort: int) -> None:
    """Also in long sequences, and where no work may be done."""
    chance = random.Random(seed)
    before = [chance.randrange(40) for _ in range(600)]
    after = [item if chance.random() < 0.9 else chance.randrange(60) for item in before if chance.random() < 0.95]
    i = j = 0
    for start, other, length in matches(before, after, Effort(effort)):
        assert start >= i and other >= j and length > 0
        assert before[start : start + length] == after[other : other + length]
        i, j = start + length, other + length


@settings(max_examples=300)
@given(TEXTS, TEXTS)
def test_every_change_is_in_a_row(before: str, after: str) -> None:
    """The rows to show leave nothing out that went out or came in, but line breaks that a row of its own stands for."""
    pieces = text_diff(before, after)
    for op in (Op.OUT, Op.IN):
        shown = "".join(p.text for row in hunk_rows(pieces) for p in row.pieces if isinstance(p, Piece) and p.op is op)
        assert shown.replace("\n", "") == "".join(p.text for p in pieces if p.op is op).replace("\n", "")


@settings(max_examples=300)
@given(TEXTS, TEXTS)
def test_rows_show_a_difference_where_there_is_one(before: str, after: str) -> None:
    """And only there."""
    kinds = {row.kind for row in hunk_rows(text_diff(before, after))}
    assert (kinds - {Kind.CONTEXT, Kind.SKIPPED} != set()) == (before != after)


@given(st.text(max_size=40), st.booleans(), st.booleans(), st.booleans())
def test_nothing_invisible_is_printed(text: str, changed: bool, spelled: bool, markers: bool) -> None:
    """Whatever stands in a text, what is printed has no control, format, unassigned or private character."""
    printed = "".join(part for part, _mark in runs(text, changed, spelled, markers))
    assert not [c for c in printed if unicodedata.category(c) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")]
    if changed:
        assert printed.isprintable()


@settings(max_examples=300)
@given(
    st.text("a \u3000\u00a0\u200b\u202e\t⟨␣⏎\u2800\ufe0f0U+20", max_size=5),
    st.text("a \u3000\u00a0\u200b\u202e\t⟨␣⏎\u2800\ufe0f0U+20", max_size=5),
)
def test_different_changes_look_different(before: str, after: str) -> None:
    """No two texts are printed alike: a number in brackets that stands in a text is not taken for a character."""
    if before != after:
        printed = [
            "".join(part for part, _mark in runs(text, changed=True)).replace(" ", "") for text in (before, after)
        ]
        spaces = [text.replace(" ", "") for text in (before, after)]
        assert printed[0] != printed[1] or spaces[0] == spaces[1]


def test_words_and_characters() -> None:
    """Chinese in single characters; words and numbers whole, with their decimals; all else single."""
    assert tokens("停水2026年 QR2码，12,500.00元。don't") == [
        *"停水", "2026", "年", " ", "QR2", "码", "，", "12,500.00", "元", "。", "don", "'", "t",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("关于11月25日停水的通知\n", "关于11月26日停水的通知\n", "关于11月[-25-]{+26+}日停水的通知\n"),
        ("预算 12,500.00 元\n", "预算 13,500.00 元\n", "预算 [-12,500.00-]{+13,500.00+} 元\n"),
        ("一\n二\n四\n", "一\n二\n三\n四\n", "一\n二\n{+三\n+}四\n"),
        # One character between two changes is no island.
        ("每月甲日乙时开门\n", "每月丙日丁时开门\n", "每月[-甲日乙-]{+丙日丁+}时开门\n"),
        # A line that was put in beside a changed line stands alone.
        ("三、质保期两年。\n名称\n", "三、质保期三年。\n四、供货期十天。\n名称\n", "三、质保期[-两-]{+三+}年。\n{+四、供货期十天。\n+}名称\n"),
        # A paragraph that was split lost nothing but got a line break.
        ("请带好身份证件。逾期不再办理。\n", "请带好身份证件。\n逾期不再办理。\n", "请带好身份证件。{+\n+}逾期不再办理。\n"),
    ],
)  # fmt: skip
def test_what_a_reader_sees(before: str, after: str, shown: str) -> None:
    """Changes are as small as a person would mark them, and no smaller."""
    assert written(text_diff(before, after)) == shown


def test_whole_lines_have_rows_of_their_own() -> None:
    """Lines that went out or came in, a changed line, context around them, and a count of what was left out."""
    lines = [f"第{n}行，没有改动。\n" for n in range(30)]
    after = lines.copy()
    after[10] = "第10行，有改动。\n"
    after[20:22] = ["完全不同的内容在此\n"]
    found = list(hunk_rows(text_diff("".join(lines), "".join(after))))
    assert [row.kind.value for row in found] == [
        "skipped", "context", "context", "changed", "context", "context", "skipped", "context", "context",
        "out", "out", "in", "context", "context", "skipped",
    ]  # fmt: skip
    assert [row.count for row in found if row.kind is Kind.SKIPPED] == [8, 5, 6]


def test_a_single_hidden_line_is_shown() -> None:
    """Where only one line would be left out, it is shown instead."""
    before = "".join(f"{n}\n" for n in range(9))
    kinds = [row.kind for row in hunk_rows(text_diff(before, before.replace("1\n", "x\n").replace("7\n", "y\n")))]
    assert Kind.SKIPPED not in kinds


@pytest.mark.parametrize(
    ("before", "after", "kind"), [("a\n", "a", Kind.LINE_BREAK_OUT), ("b\nc", "b\nd\n", Kind.LINE_BREAK_IN)]
)
def test_the_last_line_break(before: str, after: str, kind: Kind) -> None:
    """A line break that is missing at the end of one of the texts has a row of its own."""
    assert kind in [row.kind for row in hunk_rows(text_diff(before, after))]


def test_long_lines_are_cut_only_where_nothing_changed() -> None:
    """Around a change in a line of 10,000 characters some of it is shown, and how many characters are not."""
    before = "天" * 5000 + "甲" + "地" * 5000
    (row,) = hunk_rows(text_diff(before, before.replace("甲", "乙")))
    skipped = [piece.count for piece in row.pieces if isinstance(piece, Skipped)]
    assert skipped == [4940, 4940]


def test_changes_are_never_cut() -> None:
    """Ten thousand characters that came in within a line are all shown."""
    (row,) = hunk_rows(text_diff("甲乙丙丁。", "甲乙" + "长" * 10_000 + "丙丁。"))
    assert [piece.text for piece in row.pieces if isinstance(piece, Piece) and piece.op is Op.IN] == ["长" * 10_000]


@pytest.mark.parametrize("place", [0, 15])
def test_a_new_line_among_very_many_changed_ones(place: int) -> None:
    """It has a row of its own, neither with the line break before it nor with the beginning of the next line."""
    chance = random.Random(3)
    lines = [_line(chance, 30) for _ in range(350)]
    after = [line[:place] + "改" + line[place:] for line in lines]
    after.insert(200, "新的一行\n")
    new = [row.pieces for row in hunk_rows(text_diff("".join(lines), "".join(after))) if row.kind is Kind.IN]
    assert new == [(Piece(Op.IN, "新的一行"),)]


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ("一 二", "一\u00a0二", "␣", "⟨U+00A0⟩"),
        ("一二", "一\u200b二", "", "⟨U+200B⟩"),
        ("一二", "一\u202e二", "", "⟨U+202E⟩"),
        ("一二", "\u3000一二", "", "⟨U+3000⟩"),
        ("一\t二", "一  二", "⇥", "␣␣"),
        ("一二 ", "一二", "␣", ""),
        ("一\u2800二", "一\u3164二", "⟨U+2800⟩", "⟨U+3164⟩"),
        ("一二", "一二\ufe0f", "", "⟨U+FE0F⟩"),
        ("e\u0301", "e", "⟨U+0301⟩", ""),
        # The same to the eye: Cyrillic a, other width, other composition, a radical for a character.
        ("pay", "p\u0430y", "pay", "pа⟨U+0430⟩y"),
        ("1", "１", "1", "１⟨U+FF11⟩"),
        ("caf\u00e9", "cafe\u0301", "café⟨U+00E9⟩", "cafe\u0301⟨U+0301⟩"),
        ("一", "\u2f00", "一", "⼀⟨U+2F00⟩"),
        # What stands in the text cannot pass for one of these signs.
        ("一", "⟨U+200B⟩", "一", "⟨U+27E8⟩U+200B⟨U+27E9⟩"),
    ],
)
def test_what_cannot_be_seen_is_shown(before: str, after: str, old: str, new: str) -> None:
    """Spaces, control characters and letters that look like others show as signs or numbers."""
    found = list(stretches(text_diff(before, after)))
    texts = {op: "".join(text for s in found if s.op is op for text, _mark in s.runs) for op in (Op.OUT, Op.IN)}
    assert (texts[Op.OUT], texts[Op.IN]) == (old, new)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        # The usual indentation of a new or deleted paragraph, and what both versions have.
        ("甲\n", "甲\n\u3000\u3000新的一段\n", ["\u3000\u3000新的一段"]),
        ("甲\n\u3000\u3000旧的一段\n", "甲\n", ["\u3000\u3000旧的一段"]),
        ("", "\u3000\u3000甲\n\n\u3000\u3000乙", ["\u3000\u3000甲", "", "\u3000\u3000乙"]),
        ("\u3000\u3000办理时间", "\u3000\u3000受理地点", ["\u3000\u3000办理时间受理地点"]),
        ("\u3000请按排。\n", "\u3000请安排。\n", ["\u3000请按安排。"]),
        # A change of blanks, and blanks that are not usual.
        ("一二\n", "\u3000\u3000一二\n", ["⟨U+3000⟩⟨U+3000⟩一二"]),
        ("\u3000\u3000一二\n", "一二\n", ["⟨U+3000⟩⟨U+3000⟩一二"]),
        ("  一二\n", "\u3000\u3000一二\n", ["␣␣⟨U+3000⟩⟨U+3000⟩一二"]),
        ("\u3000\u3000一二\n", "\u3000\u3000\u3000一二\n", ["\u3000\u3000⟨U+3000⟩一二"]),
        ("甲\n", "甲\n\u3000新的一段\n", ["⟨U+3000⟩新的一段"]),
        ("甲\n", "甲\n\u3000\u3000\u3000新的一段\n", ["⟨U+3000⟩⟨U+3000⟩⟨U+3000⟩新的一段"]),
        ("甲\n", "甲\n\u3000\u3000\n", ["⟨U+3000⟩⟨U+3000⟩"]),
        ("甲\n", "甲\n\u3000\u3000新\u3000的\u00a0一\u200b段\n", ["\u3000\u3000新⟨U+3000⟩的⟨U+00A0⟩一⟨U+200B⟩段"]),
    ],
)
def test_only_unusual_indentation_is_marked(before: str, after: str, shown: list[str]) -> None:
    """Two full-width spaces before a paragraph are as ordinary as its words."""
    rows = [row for row in hunk_rows(text_diff(before, after)) if row.kind is not Kind.CONTEXT]
    found = ["".join(text for s in stretches(row.pieces, indents=True) for text, _mark in s.runs) for row in rows]
    assert found == shown


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("甲\n", "甲\n·—…（ＡＢ）℃㎡〔2026〕￥～①\n", "·—…（ＡＢ）℃㎡〔2026〕￥～①"),
        ("甲\n", "甲\n⚠\ufe0f注意☎\ufe0f1\ufe0f\u20e3\n", "⚠\ufe0f注意☎\ufe0f1\ufe0f\u20e3"),
        ("⚠注意\n", "⚠\ufe0f注意\n", "⚠⟨U+FE0F⟩注意"),
        ("甲\n", "甲\n注\ufe0f意\n", "注⟨U+FE0F⟩意"),
        # Of two texts that look alike, only the letters that differ are spelled.
        ("（℃1）", "（℃１）", "（℃1１⟨U+FF11⟩）"),
    ],
)
def test_signs_of_office_texts_are_shown_as_they_are(before: str, after: str, shown: str) -> None:
    """Middle dots, dashes, full-width forms, units and emoji."""
    rows = [row for row in hunk_rows(text_diff(before, after)) if row.kind is not Kind.CONTEXT]
    found = "".join(text for row in rows for s in stretches(row.pieces, indents=True) for text, _mark in s.runs)
    assert found.replace("⚠⚠", "⚠") == shown


def test_whole_lines_that_look_alike() -> None:
    """Stand in one row, where their letters can be spelled; other whole lines in rows of their own."""
    found = list(hunk_rows(text_diff("pay\n十一\n", "p\u0430y\n二三\n")))
    assert [row.kind for row in found] == [Kind.CHANGED, Kind.OUT, Kind.IN]
    assert "".join(text for s in stretches(found[0].pieces) for text, _mark in s.runs) == "payp\u0430⟨U+0430⟩y"


def test_the_marks_of_a_change_cannot_be_forged() -> None:
    """A text with `+}` in it cannot make the rest of an addition look as if it had been there."""
    (piece,) = text_diff("", "new +} old [-gone-] {+ new")
    printed = "".join(text for text, _mark in runs(piece.text, changed=True, markers=True))
    assert printed == "new +⟨U+007D⟩ old ⟨U+005B⟩-gone-⟨U+005D⟩ ⟨U+007B⟩+ new"
    assert "".join(text for text, _mark in runs("}x", changed=True, markers=True)) == "⟨U+007D⟩x"


def test_the_legend_names_the_signs() -> None:
    """Each sign with what it stands for; other marks are words already."""
    assert legend({"␣", "⟨U+200B⟩", "⟨U+1F600⟩", "… 3 unchanged characters …"}) == [
        ("␣", "space"), ("⟨U+1F600⟩", "grinning face"), ("⟨U+200B⟩", "zero-width space"),
    ]  # fmt: skip
    assert not look_alike("a", "a")


HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"


def _line(chance: random.Random, length: int = 40) -> str:
    return "".join(chance.choice(HAN) for _ in range(length)) + "。\n"


@pytest.mark.slow
@pytest.mark.parametrize("how", ["one", "all", "other", "shuffled", "equal", "long", "longer", "letters"])
def test_large_texts(how: str) -> None:
    """Ten thousand lines, or one of a hundred thousand characters, whatever changed in them."""
    chance = random.Random(7)
    lines = [_line(chance) for _ in range(10_000)]
    before = "".join(lines)
    if how == "one":
        after = before.replace(lines[5000], "改" + lines[5000])
    elif how == "all":
        after = "新\n" + "".join(line[:20] + "改" + line[21:] for line in lines)
    elif how == "other":
        after = "".join(_line(chance) for _ in range(9_000))
    elif how == "shuffled":
        after = "".join(chance.sample(lines, len(lines)))
    elif how == "equal":
        before, after = "甲\n" * 10_000, "乙\n甲\n" * 6_000
    elif how == "long":
        before = _line(chance, 100_000)
        after = "".join("改" if chance.random() < 0.05 else c for c in before)
    elif how == "longer":
        before, after = _line(chance, 100_000), _line(chance, 100_000)
    else:
        before, after = ("".join(chance.choice("ab ") for _ in range(100_000)) for _ in range(2))
    start = time.monotonic()
    pieces = text_diff(before, after)
    shown = sum(row.kind is not Kind.SKIPPED for row in hunk_rows(pieces))
    assert time.monotonic() - start < 20
    assert sides(pieces) == (before, after)
    if how == "all":
        assert sum(len(piece.text) for piece in pieces if piece.op is not Op.SAME) < 25_000
    if how == "one":
        assert shown < 10


def test_the_numbers_of_a_change() -> None:
    """Whole lines that went out or came in, lines that changed in part, and characters."""
    assert extent(text_diff("a b\nsame\nout\n", "a c\nsame\n")) == Extent(1, 0, 1, 5, 1)
    assert extent(text_diff("", "new\nlines\n")) == Extent(0, 2, 0, 0, 10)
    assert extent(text_diff("same", "same")) == Extent(0, 0, 0, 0, 0)
