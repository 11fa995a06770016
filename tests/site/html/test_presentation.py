"""Figures and tick boxes get classes for the theme, and nothing else of a text changes."""

from __future__ import annotations

import re

import pytest

from gongshi.site.html.presentation import with_theme_classes
from gongshi.site.html.sanitizer import sanitize
from gongshi.site.html.urls import site_origin


def _table(*columns: list[str]) -> str:
    head = "".join(f'<th scope="col">{column[0]}</th>' for column in columns)
    rows = zip(*(column[1:] for column in columns), strict=True)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _aligned(cells: list[str]) -> bool:
    html = with_theme_classes(_table(["项目", *("水" for _cell in cells)], ["值", *cells]))
    assert re.sub(' class="gs-num"', "", html) == _table(["项目", *("水" for _cell in cells)], ["值", *cells])
    assert html.count("gs-num") in (0, len(cells) + 1)
    return "gs-num" in html


@pytest.mark.parametrize(
    "cells",
    [
        ["3.50", "12.00"],
        ["1,203.00", "80"],
        ["￥3", "￥1200"],
        ["12%", "3.5%"],
        ["3元", "0.6元"],
        ["-3", "5"],
        ["2", "", "—"],
        ["2", "1", "3"],
    ],
)
def test_a_column_of_figures_is_aligned(cells: list[str]) -> None:
    assert _aligned(cells)


@pytest.mark.parametrize(
    "cells",
    [
        ["1", "2", "3"],
        ["", "—"],
        ["水", "3"],
        ["0500-8820118", "0500-8820119"],
        ["13800001234", "13900001234"],
        ["001", "002"],
        ["2026-11-26", "2026-11-27"],
        ["8:30", "9:00"],
        ["3元/吨", "5元/吨"],
        ["<strong>3</strong>", "4"],
    ],
)
def test_other_columns_stay_as_they_are(cells: list[str]) -> None:
    """Such as the numbers of the rows, telephone numbers, codes and dates."""
    assert not _aligned(cells)


def test_what_somebody_aligned_or_merged_stays_as_it_is() -> None:
    for html in (
        '<table><tbody><tr><td class="gs-center">3.5</td></tr></tbody></table>',
        '<table><tbody><tr><td rowspan="2">3.5</td></tr></tbody></table>',
    ):
        assert with_theme_classes(html) == html


def test_a_cell_keeps_its_own_class() -> None:
    html = with_theme_classes('<table><tbody><tr><td class="x">3.5</td></tr></tbody></table>')
    assert html == '<table><tbody><tr><td class="gs-num x">3.5</td></tr></tbody></table>'


def test_ticked_items_are_named() -> None:
    html = "<ul><li>☑ 已办</li><li>\n<p>☐ 未办</p></li><li>见☑ 项</li></ul>"
    assert with_theme_classes(html) == (
        '<ul><li class="gs-tick">☑ 已办</li><li class="gs-tick">\n<p>☐ 未办</p></li><li>见☑ 项</li></ul>'
    )


def test_what_looks_like_a_cell_in_an_attribute_stays_there() -> None:
    """The sanitizer escapes it; else the class would end the attribute, and its text would become attributes."""
    typed = '<p title="<table><tr><td onclick=x>5.5</td></tr></table>">a</p><p title="<li>☑ ">☑</p>'
    html = sanitize(typed, site_origin(None, None, "en"), {}).html
    assert "&lt;td onclick=x&gt;" in html
    assert with_theme_classes(html) == html
