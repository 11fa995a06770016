"""Clean text, absolute addresses, exact moments."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from lxml import etree

from gongshi.site.metadata.formats import host_of, is_absolute, one_line, rfc3339, running_text
from support.published_items import HOSTILE, TEXTS

ZONE = ZoneInfo("Asia/Shanghai")


@given(TEXTS)
def test_any_text_becomes_one_line_that_every_format_carries(text: str) -> None:
    """XML takes it, UTF-8 takes it, and it has no line end and no control character."""
    line = one_line(text)
    element = etree.Element("x")
    element.text = line
    assert etree.fromstring(etree.tostring(element, encoding="UTF-8")).text == (line or None)
    assert json.loads(json.dumps(line).encode()) == line
    assert line.splitlines() in ([line], [])
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in line)


def test_what_can_be_read_stays() -> None:
    """Chinese, wide spaces and signs are left alone, and nothing is swallowed without a trace."""
    assert one_line("通知\u3000（第1号）: “a” <b> & c 😀") == "通知\u3000（第1号）: “a” <b> & c 😀"
    assert one_line("a\x00\n\tb\ud800") == "a b\ufffd"
    assert "alert(1)" in one_line(HOSTILE)


@pytest.mark.parametrize(
    ("site", "host"),
    [
        ("https://www.unit.example/", "www.unit.example"),
        ("http://unit.example/sub/", "unit.example"),
        ("", None),
        ("/", None),
        ("/sub/", None),
        ("//unit.example/", None),
        ("ftp://unit.example/", None),
        ("https:///x/", None),
        ("https://[x/", None),
        ("https://unit.example/\nDisallow: /", None),
        ("https://unit.example/ x/", None),
    ],
)
def test_only_a_web_address_with_a_host_is_absolute(site: str, host: str | None) -> None:
    """Anything else names no place that another machine could find."""
    assert is_absolute(site) is (host is not None)
    assert host_of(site) == host


def test_a_stamp_is_in_the_zone_of_the_site() -> None:
    """To the second, with the offset; in UTC where the offset has seconds, which RFC 3339 cannot write."""
    assert rfc3339(datetime(2026, 11, 3, 2, 0, 0, 7, tzinfo=timezone.utc), ZONE) == "2026-11-03T10:00:00+08:00"
    assert rfc3339(datetime(1900, 1, 1, tzinfo=ZONE), ZONE) == "1899-12-31T15:54:17+00:00"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("各村（社区）：\n现将有关事项通知如下。\n青禾镇人民政府\n2026年11月26日", "各村（社区）：现将有关事项通知如下。青禾镇人民政府 2026年11月26日"),
        ("时间：11月26日\n地点：三楼", "时间：11月26日 地点：三楼"),
        ("See below.\nSecond line", "See below. Second line"),
    ],
)  # fmt: skip
def test_lines_become_running_text(lines: str, text: str) -> None:
    """Chinese punctuation is followed by nothing, all else by a blank, so that no two words become one."""
    assert running_text(lines) == text
