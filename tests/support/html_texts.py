"""Random texts of the HTML that readers of files return, and what one sees of a text on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import unquote

from hypothesis import strategies as st
from lxml import html

Letters = tuple[tuple[str, frozenset[str]], ...]
"""Characters that are no blanks, each with its marks."""
MARKS = ("strong", "em", "u", "s", "sup", "sub")
FRAGMENTS = (
    *"*_`~#＃>＞-+=|｜\\[]{}()<>&!！:：.^$@\"'；，。、％/",
    *("**", "***", "****", "____", "~~", "```", "~~~", "---", "===", "- ", "* ", "+ ", "1. ", "12. ", "2026. ", "0. "),
    *("[^1]", "[^1]: ", "[x](y)", "[x](http://a.cn)", "![a](b.png)", "[x]: http://a.cn", "[x]", "*[甲]: 乙", "[TOC]"),
    *("<A级>", "<b>", "</b>", "<div>", "</div>", "<!--", "-->", "<br>", "<p>", "<script>", "<table>", "<a@b.cn>"),
    *("&lt;", "&amp;", "&#35;", "&nbsp", "&copy=", "{500元}", "{.signoff}", "{: .x}", "{#id}", "!!! note", "??? x"),
    *(
        ": ",
        ":   ",
        "::: ",
        "=== ",
        "【甲】（http://a.cn）",
        "［甲］(a.pdf)",
        "＊＊",
        "～～",
        "http://a.cn/x_y_z",
        "a@b.cn",
    ),
    *(
        "王**",
        "138****1234",
        "5*3*2",
        "#1号楼",
        "- 5℃",
        "[ ] ",
        "[x] ",
        "> ",
        "| a | b |",
        "|---|---|",
        "\\\\",
        "C:\\a",
    ),
    *(
        "甲",
        "乙丙",
        "说明",
        "青禾镇人民政府",
        "5",
        "12",
        "2026年",
        "a",
        "word",
        "《》",
        "“",
        "”",
        "　",
        "  ",
        " ",
        "\t",
        "\u00a0",
    ),
    *("\u200b", "\ufeff", "\u00ad", "😀", "\u202e", "é", "e\u0301", "\U000f0000", "\u2028", "\x85"),
)
_CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff").filter(
    lambda each: not 0xFDD0 <= ord(each) < 0xFDF0
)
ADDRESSES = (
    *(
        "http://a.cn/甲 (1).html?x=1&y=2",
        "a_b*c*.pdf",
        "mailto:a@b.cn",
        "https://www.unit.example/_x_",
        "http://a.cn/[1]",
    ),
    *("http://a.cn/x_y_z", "http://a.cn/)(", "http://a.cn/`a`&lt;", "http://a.cn/（甲）"),
)
NOTES = ("n1", "n2", "n3")
WORDS = st.lists(st.sampled_from(FRAGMENTS) | _CHARACTERS, min_size=1, max_size=6).map("".join)
"""Text that may be anything, also blanks."""


@dataclass(frozen=True)
class HtmlText:
    """A text as a reader returns it."""

    html: str
    shown: tuple[Any, ...]
    """What one should see, as `seen` returns it."""


def letters(text: str, marks: frozenset[str] = frozenset()) -> Letters:
    """Return the characters of a text that are no blanks."""
    return tuple((each, marks) for each in text if not each.isspace())


@st.composite
def _links(draw: st.DrawFn) -> tuple[str, Letters]:
    text, href = draw(WORDS), draw(st.sampled_from(ADDRESSES))
    text = draw(st.sampled_from((text, text, href.removeprefix("mailto:"))))
    link = f'<a href="{escape(href)}">{escape(text, quote=False)}</a>'
    # Two links to one address would be one link.
    return link + "，", (letters(text, _link_mark(href, text)) if text.strip() else ()) + letters("，")


def _link_mark(href: str, text: str) -> frozenset[str]:
    """Return the mark of a link; none if its text is its address, as pages make links of all addresses."""
    is_address = unquote(href.removeprefix("mailto:")) == unquote(text.strip())
    return frozenset() if is_address else frozenset({"a:" + re.sub(r"\s", "", unquote(href))})


@st.composite
def _pictures(draw: st.DrawFn) -> tuple[str, Letters]:
    alt = draw(st.just("") | WORDS)
    return f'<img src="a.png" alt="{escape(alt)}">', ((_picture(alt), frozenset()),)


def _picture(alt: str) -> str:
    return "img:" + "".join(alt.split())


@st.composite
def _note_marks(draw: st.DrawFn) -> tuple[str, Letters]:
    note = draw(st.sampled_from(NOTES))
    return f'<a class="footnote" href="#{note}"></a>', (("note:" + note, frozenset()),)


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, Letters]:
    """Return a line that is not empty, as HTML and as its letters."""
    pieces: list[str] = []
    shown: Letters = ()
    for _run in range(draw(st.integers(1, 3))):
        kind = draw(st.integers(0, 11))
        if kind < 3:
            piece, found = draw((_links(), _pictures(), _note_marks())[kind])
            pieces.append(piece)
            shown = (*shown, *found)
            continue
        text = draw(WORDS)
        marks = draw(st.just(frozenset[str]()) | st.sets(st.sampled_from(MARKS), max_size=2).map(frozenset))
        if not text.strip():
            marks = frozenset()
        tags = sorted(marks)
        content = escape(text, quote=False)
        pieces.append("".join(f"<{tag}>" for tag in tags) + content + "".join(f"</{tag}>" for tag in reversed(tags)))
        shown = (*shown, *letters(text, marks))
    if not shown:
        return "甲", letters("甲")
    return "".join(pieces), shown


PARAGRAPHS = st.builds(
    lambda look, found: HtmlText(
        f"<p{look and f' class={look}'}>" + "<br>".join(line for line, _letters in found) + "</p>",
        (("p", look, tuple(shown for _line, shown in found)),),
    ),
    st.sampled_from(("", "", "", "center", "right", "signoff")),
    st.lists(lines(), min_size=1, max_size=3),
)
HEADINGS = st.builds(
    lambda rank, line: HtmlText(
        f"<h{rank}>{line[0]}</h{rank}>", ((f"h{rank}", tuple((sign, marks - {"strong"}) for sign, marks in line[1])),)
    ),
    st.integers(2, 4),
    lines().filter(
        lambda line: (
            all("strong" in marks for _sign, marks in line[1]) or not any("strong" in marks for _sign, marks in line[1])
        )
    ),
)


@st.composite
def lists(draw: st.DrawFn, depth: int = 1) -> HtmlText:
    """Return a list, with lists inside it."""
    kind = draw(st.sampled_from(("ul", "ol")))
    number = draw(st.integers(1, 30))
    parts: list[str] = []
    shown: list[Any] = []
    for _item in range(draw(st.integers(1, 4))):
        found = draw(st.lists(lines(), min_size=1, max_size=2))
        inner = draw(st.none() | lists(depth + 1)) if depth < 3 else None
        parts.append(f"<li value={number}>" + "<br>".join(line for line, _letters in found))
        parts.append((inner.html if inner else "") + "</li>")
        shown.append(("li", depth, number if kind == "ol" else 0, tuple(each for _line, each in found)))
        shown.extend(inner.shown if inner else ())
        number += draw(st.sampled_from((1, 1, 1, 2, 0)))
    return HtmlText(f"<{kind}>{''.join(parts)}</{kind}>", tuple(shown))


@st.composite
def tables(draw: st.DrawFn) -> HtmlText:
    """Return a table, sometimes with merged cells or a caption."""
    width, height = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    has_head, merges = draw(st.booleans()), draw(st.integers(0, 3)) == 0
    rows: list[str] = []
    shown: list[Any] = []
    for row in range(height):
        cells, column = [], 0
        while column < width:
            name = "th" if has_head and not row else "td"
            span = min(draw(st.integers(1, 2)), width - column) if merges else 1
            found = draw(st.just([]) | st.lists(lines(), min_size=1, max_size=2))
            if name == "th":
                found = [
                    (re.sub("</?strong>", "", line), tuple((a, b - {"strong"}) for a, b in each))
                    for line, each in found
                ]
            cells.append(f"<{name} colspan={span}>" + "<br>".join(line for line, _letters in found) + f"</{name}>")
            if found:
                shown.append((name, row, column, span, tuple(each for _line, each in found)))
            column += span
        rows.append(f"<tr>{''.join(cells)}</tr>")
    # A table without any text is no table.
    if not shown:
        return HtmlText("<p>甲</p>", (("p", "", (letters("甲"),)),))
    return HtmlText(f"<table>{''.join(rows)}</table>", tuple(shown))


QUOTES = PARAGRAPHS.map(
    lambda found: HtmlText(
        "<blockquote>" + re.sub("<p[^>]*?>", "", found.html, count=1).removesuffix("</p>") + "</blockquote>",
        (("quote",), ("p", "", found.shown[0][2])),
    )
)


@st.composite
def texts(draw: st.DrawFn, most: int = 3) -> HtmlText:
    """Return a text of some blocks, with footnotes."""
    blocks = draw(st.lists(PARAGRAPHS | HEADINGS | lists() | tables() | QUOTES, min_size=1, max_size=most))
    notes = [(note, draw(st.lists(_plain_lines(), min_size=1, max_size=2))) for note in NOTES]
    asides = (f"<aside id={note}>{'<br>'.join(line for line, _letters in found)}</aside>" for note, found in notes)
    shown = [fact for block in blocks for fact in block.shown]
    marks = dict.fromkeys(re.findall(r"'note:(\w+)'", repr(shown)))
    numbers = {note: str(number) for number, note in enumerate(marks, 1)}
    facts = [_numbered(fact, numbers) for fact in shown]
    found_by_note = {note: tuple(each for _line, each in found) for note, found in notes}
    facts += [("p", "", found_by_note[note]) for note in NOTES if note not in numbers]
    facts += [("note", numbers[note], found_by_note[note]) for note in numbers]
    return HtmlText("".join(block.html for block in blocks) + "".join(asides), tuple(facts))


@st.composite
def _plain_lines(draw: st.DrawFn) -> tuple[str, Letters]:
    text = draw(WORDS)
    return (escape(text, quote=False), letters(text)) if text.strip() else ("甲", letters("甲"))


def _numbered(fact: Any, numbers: dict[str, str]) -> Any:
    """Return what is seen with the numbers of footnotes in place of their names."""
    if isinstance(fact, tuple):
        return tuple(_numbered(each, numbers) for each in fact)
    if isinstance(fact, str) and fact.startswith("note:"):
        return "note:" + numbers[fact.removeprefix("note:")]
    return fact


def seen(page: str) -> tuple[Any, ...]:
    """Return what one sees of a page: each paragraph, heading, item and cell with its place and its letters."""
    return tuple(_blocks(html.fragment_fromstring(page, create_parent="div"), 0))


def joined_signatures(shown: tuple[Any, ...]) -> list[Any]:
    """Return what is seen with the lines of a signature as one paragraph; the side of a picture does not count."""
    joined: list[Any] = []
    for fact in shown:
        each = fact
        if each[0] == "p" and len(each[2]) == len(each[2][0]) == 1 and each[2][0][0][0].startswith("img:"):
            each = ("p", "", each[2])
        if joined and each[:2] == joined[-1][:2] == ("p", "signoff"):
            joined[-1] = ("p", "signoff", joined[-1][2] + each[2])
        elif each != ("quote",):
            joined.append(each)
    return joined


def _blocks(element: Any, depth: int) -> Iterator[Any]:
    for child in element:
        name = child.tag
        if name == "p":
            classes = (child.get("class") or "").replace("gs-", "")
            yield ("p", classes, _lines(child))
        elif name in ("h2", "h3", "h4", "h5", "h6"):
            yield (name, *_lines(child))
        elif name in ("ul", "ol"):
            yield from _items(child, depth + 1)
        elif name == "table":
            yield from _cells(child)
        elif name == "blockquote":
            yield ("quote",)
            yield from _blocks(child, 0)
        elif name == "div" and child.get("class") == "footnote":
            yield from (("note", str(number), _lines(item)) for number, item in enumerate(child.iter("li"), 1))
        elif name == "div":
            yield from _blocks(child, depth)
        else:
            yield (name, child.text_content())
    loose = [element.text, *(child.tail for child in element)]
    if any(each and each.strip() for each in loose):
        yield ("loose", loose)


def _items(element: Any, depth: int) -> Iterator[Any]:
    number = int(element.get("start") or 1)
    for item in element:
        number = int(item.get("value") or number)
        yield ("li", depth, number if element.tag == "ol" else 0, _lines(item))
        for inner in item:
            if inner.tag in ("ul", "ol"):
                yield from _items(inner, depth + 1)
        number += 1


def _cells(table: Any) -> Iterator[Any]:
    for number, row in enumerate(table.iter("tr")):
        column = 0
        for cell in row:
            span = int(cell.get("colspan") or 1)
            if found := _lines(cell):
                yield (cell.tag, number, column, span, found)
            column += span


def _lines(element: Any) -> tuple[Letters, ...]:
    found: list[Letters] = [()]

    def walk(each: Any, marks: frozenset[str]) -> None:
        found[-1] = (*found[-1], *letters(each.text or "", marks))
        for child in each:
            href = child.get("href") or ""
            if child.tag in ("ul", "ol"):
                continue
            if child.tag in ("br", "p"):
                found.append(())
            if child.tag == "img":
                found[-1] = (*found[-1], (_picture(child.get("alt")), frozenset()))
            elif href.startswith("#fn:"):
                found[-1] = (*found[-1], ("note:" + href[4:], frozenset()))
            elif child.get("class") not in ("gs-away__mark", "footnote-backref"):
                name = {"del": "s"}.get(child.tag, child.tag)
                text = "".join(each.text or "" for each in child.iter() if each.get("class") != "gs-away__mark")
                inner = _link_mark(href, text) if name == "a" else frozenset({name} - {"br", "p", "span"})
                is_note = name == "sup" and (child.get("id") or "").startswith("fnref:")
                walk(child, marks if is_note else marks | inner)
            found[-1] = (*found[-1], *letters(child.tail or "", marks))

    walk(element, frozenset())
    return tuple(line for line in found if line)
