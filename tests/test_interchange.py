"""Clean text, absolute addresses, exact moments."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from lxml import etree

from gongshi.domain.publication import Form, Public
from gongshi.outputs.interchange import appeared, host_of, is_absolute, one_line, renewed, stamp
from support.published import HOSTILE, TEXTS, item

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
    assert stamp(datetime(2026, 11, 3, 2, 0, 0, 7, tzinfo=timezone.utc), ZONE) == "2026-11-03T10:00:00+08:00"
    assert stamp(datetime(1900, 1, 1, tzinfo=ZONE), ZONE) == "1899-12-31T15:54:17+00:00"


def test_an_entry_appears_when_it_was_first_approved() -> None:
    """A correction renews it and leaves the day of publication alone."""
    entry = item(since="2026-11-01T09:00:00+08:00", at="2026-11-05T09:00:00+08:00")
    assert str(appeared(entry.public, ZONE)) == "2026-11-01 09:00:00+08:00"
    assert str(renewed(entry.public, ZONE)) == "2026-11-05 09:00:00+08:00"


def test_an_entry_does_not_appear_before_its_time() -> None:
    """What was approved ahead came before the public at `publish_at`, in the site's time zone, not earlier."""
    entry = item(at="2026-11-01T09:00:00+08:00", publish_at="2026-11-20 08:00")
    assert appeared(entry.public, ZONE) == renewed(entry.public, ZONE) == datetime(2026, 11, 20, 8, tzinfo=ZONE)
    late = item(at="2026-11-21T09:00:00+08:00", publish_at="2026-11-20 08:00")
    assert appeared(late.public, ZONE) == datetime(2026, 11, 21, 9, tzinfo=ZONE)


def test_a_draft_never_appeared() -> None:
    """In the preview, nothing invents a day of publication for it."""
    draft = Public(Form.PAGE, item(publish_at="2026-11-20 08:00").public.version, None)
    assert appeared(draft, ZONE) is renewed(draft, ZONE) is None


def test_a_notice_of_withdrawal_is_no_entry_that_appeared() -> None:
    """The day of the withdrawal is no day of publication."""
    assert appeared(Public(Form.WITHDRAWN, None, None, since=datetime(2026, 11, 3, tzinfo=ZONE)), ZONE) is None
