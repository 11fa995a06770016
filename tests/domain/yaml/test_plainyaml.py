"""Plain front matter means what PyYAML takes it for, or is left to PyYAML."""

from __future__ import annotations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from gongshi.domain.content import paths
from gongshi.domain.yaml import fast_parser, parser

SIGNS = [
    "a", "b", "一", "：", ":", "#", "-", "?", ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", '"', "%", "@", "`", " ",
    "\\", "=", "~", "<", ".", "0", "1", "9", "y", "\t", "\u3000", "\xa0", "\x85", "\u2028", "\u200b", "\ufeff", "é", "😀",
    ": ", " #", "- ", "<<", "\r", "...", "---",
]  # fmt: skip
WORDS = [
    "关于停水的通知", "2026-11-03", "2026-11-03 09:00", "12:30", "true", "Yes", "off", "null", "~", "1.5", "0x1F", "1_000",
    "012", ".inf", "=", "<<", "a: b", "a #b", "http://a.cn/b", "青政发〔2026〕12号", '"11330/2026"', "'单'", '""', "'it''s'",
    '"a" b', "[a, b]", "[通知, 2026-11-03, true]", "[]", "[a,b]", "[a, ]", "[a, 'b']", "[[a]]", "[a: b]", "{a: b}", "", " ",
    "a ", "a:", "*a", "&a b", "!!str a", "|", ">-", "# a", "- a", "@a", "`a`", "%a", "? a", "-a", "?a", '"a\\nb"', "'a\\b'", ":a", "a\\n",
]  # fmt: skip
VALUES = st.sampled_from(WORDS) | st.lists(st.sampled_from(SIGNS), max_size=6).map("".join)
KEY_NAMES = st.sampled_from(
    ["title", "tags", "document", "event", "on", "null", "a_b", "n", "A", "k1", "a b", "é", '"a"']
)
BREAKS = st.sampled_from(["\n"] * 9 + ["", "\n\n", " \n"])
PLAIN = st.builds("{}{}{}{}".format, KEY_NAMES, st.sampled_from([": "] * 8 + [":", ":  ", " : "]), VALUES, BREAKS)
BLOCKS = st.builds(
    lambda key, lead, lines: f"{key}:\n" + "".join(lead + line for line in lines),
    KEY_NAMES,
    st.sampled_from(["- ", "  ", "  - ", "    ", " ", "-  ", "-", ""]),
    st.lists(PLAIN | st.builds("{}{}".format, VALUES, BREAKS) | st.builds("  {}".format, PLAIN), max_size=4),
)
DOCUMENTS = st.lists(PLAIN | BLOCKS, max_size=5).map("".join) | st.lists(
    st.sampled_from(["- ", "  ", "\n", "a: b", "title:", "tags: [a, b]", *SIGNS]), max_size=20
).map("".join)


SOUND = st.sampled_from([word for word in WORDS if fast_parser.parse(f"k: {word}\n", 1)])
ROWS = st.tuples(st.sampled_from(["a", "b_c", "on", "null"]), SOUND | SOUND | SOUND | VALUES).map(": ".join)
TAILS = st.one_of(
    SOUND.map(lambda value: f" {value}\n"),
    SOUND.map(lambda value: f" {value}\n"),
    VALUES.map(lambda value: f" {value}\n"),
    st.builds(
        lambda lead, rows: "\n" + "".join(f"{lead}{row}\n" for row in rows),
        st.sampled_from(["- ", "  ", "  - "]),
        st.lists(ROWS | SOUND, min_size=1, max_size=3),
    ),
    st.builds(
        lambda lead, pairs: "\n" + "".join(f"{lead}- a: {a}\n{lead}  b: {b}\n" for a, b in pairs),
        st.sampled_from(["", " ", "  "]),
        st.lists(st.tuples(SOUND, SOUND), min_size=1, max_size=2),
    ),
)
NEARLY_PLAIN = st.dictionaries(st.sampled_from(["title", "tags", "n", "yes", "k_k"]), TAILS, min_size=1).map(
    lambda tails: "".join(f"{key}:{tail}" for key, tail in tails.items())
)


@pytest.mark.slow
@given(NEARLY_PLAIN | DOCUMENTS, st.integers(1, 3))
@settings(max_examples=800, deadline=None)
def test_read_alike_or_declined(text: str, first_line: int) -> None:
    """Texts, kinds, lines and spans are those of PyYAML's events; where these are refused, the text is declined."""
    found = fast_parser.parse(text, first_line)
    event("declined" if found is None else "read")
    if found is not None:
        assert found == parser.parse(text, "x.md", first_line)


FRONT_MATTER = """\
title: 关于停水的通知
date: 2026-11-03 09:00
status: approved
tags: [通知, 供水]
document:
  number: 青政发〔2026〕12号
  index: "11330/2026"
attachments:
- file: 附件.pdf
  title: 申请表
- file: b.xlsx
  title: 'B'
people:
  - clerk
  - head
"""


def test_usual_front_matter_is_plain() -> None:
    """What `gongshi new` and most people write is not left to PyYAML."""
    found = fast_parser.parse(FRONT_MATTER, 2)
    assert found is not None
    assert found == parser.parse(FRONT_MATTER, "x.md", 2)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a: b", "a: b\na: c\n", "a: &x b\n", "a: *x\n", "a: b # c\n", "a:\n", "a: b\n---\nc: d\n", "a: b\n c\n"],
)
def test_declined(text: str) -> None:
    """Whatever may need an answer in words, or another meaning, is left to PyYAML."""
    assert fast_parser.parse(text, 1) is None


NAMES = st.text(st.sampled_from("conprnauxlpt019.mdex-_KKſ é/"), min_size=1, max_size=12)


@given(NAMES | st.sampled_from(["con.md", "COM1", "nul", "event.ics", "a" * 300, "a//b", "ſ.md", "K", "a/con.md/b"]))
def test_harmless_paths(path: str) -> None:
    """Of a path that is taken for harmless at once, no name has a fault."""
    if paths._HARMLESS.fullmatch(path):
        for name in path.split("/"):
            assert paths.name_problem(f"{name}/。") is None
            assert not paths._DEVICE.fullmatch(name)
            assert len(name.encode()) <= paths._NAME_BYTES
