"""QR codes, to go on reading on the phone."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import segno

from gongshi.site.metadata.qr_code import MASK, qr_svg

URL = "https://www.unit.example/announcements/2026/20261118-1/"
SVG = "{http://www.w3.org/2000/svg}"


def modules(drawn: str) -> list[list[int]]:
    """The dark and light modules as they are drawn, quiet zone and all."""
    root = ElementTree.fromstring(drawn)
    size = int(root.get("viewBox", "").split()[2])
    grid = [[0] * size for _ in range(size)]
    ink = root.findall(f"{SVG}path")[1]
    assert ink.get("stroke") == "#000" and ink.get("stroke-width") is None
    for row in re.findall(r"M[^M]+", ink.get("d", "")):
        start = re.match(r"M(\d+) (\d+)\.5(?=[hm])", row)
        assert start
        place, number = int(start[1]), int(start[2])
        for line, length in re.findall(r"(h|m)(\d+)(?: 0)?", row[start.end() :]):
            if line == "h":
                grid[number][place : place + int(length)] = [1] * int(length)
            place += int(length)
    return grid


def test_the_modules() -> None:
    """What is drawn is the code of the address, at level M or better, in a quiet zone of four modules."""
    code = segno.make_qr(URL, error="m", mask=MASK)
    expected = [list(row) for row in code.matrix_iter(border=4)]
    assert modules(qr_svg(URL, "")) == expected
    assert code.error in ("M", "Q", "H")
    zone = [row[:4] + row[-4:] for row in expected] + expected[:4] + expected[-4:]
    assert not any(any(part) for part in zone)


def test_black_on_white() -> None:
    """The ground is drawn as well: on a dark page a phone would read nothing."""
    root = ElementTree.fromstring(qr_svg(URL, ""))
    ground, dark = root.findall(f"{SVG}path")
    size = root.get("viewBox", "").split()[2]
    assert (ground.get("fill"), dark.get("stroke")) == ("#fff", "#000")
    assert ground.get("d") == f"M0 0h{size}v{size}H0z"


def test_it_can_stand_in_a_page() -> None:
    """It is an image with a label, escaped, without styles; the same each time."""
    drawn = qr_svg(URL, '扫码 "<b>&')
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img" and root.get("aria-label") == '扫码 "<b>&'
    assert "style" not in drawn and "class" not in drawn and "<b>" not in drawn
    assert drawn == qr_svg(URL, '扫码 "<b>&') and len(drawn) < 20_000


def test_chinese_addresses() -> None:
    """What is not ASCII is quoted, and what is quoted stays as it is."""
    quoted = "https://www.unit.example/%E9%80%9A%E7%9F%A5/?a=1&b=%20#c"
    assert modules(qr_svg("https://www.unit.example/通知/?a=1&b=%20#c", "")) == modules(qr_svg(quoted, ""))
    assert modules(qr_svg(quoted, "")) == [
        list(row) for row in segno.make_qr(quoted, error="m", mask=MASK).matrix_iter(border=4)
    ]


def test_too_long() -> None:
    """An address that fits no code gives no code."""
    assert qr_svg("https://www.unit.example/" + "a" * 3_000, "") == ""
