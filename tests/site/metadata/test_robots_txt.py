"""What search engines are told."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

from gongshi.site.metadata.robots_txt import robots


def test_everything_may_be_read() -> None:
    """By any reader, with or without an address of the site."""
    for site in ("https://www.unit.example/", ""):
        reader = RobotFileParser()
        reader.parse(robots(site).decode().splitlines())
        assert reader.can_fetch("anyone", "/announcements/a/")


def test_the_map_is_named_where_the_site_has_an_address() -> None:
    """A relative address of the map would be none."""
    reader = RobotFileParser()
    reader.parse(robots("https://www.unit.example/sub/").decode().splitlines())
    assert reader.site_maps() == ["https://www.unit.example/sub/sitemap.xml"]
    assert robots("") == robots("/sub/") == b"User-agent: *\nAllow: /\n"


def test_an_address_adds_no_rule() -> None:
    """A line end in the configuration writes no second line."""
    assert robots("https://unit.example/\nDisallow: /") == b"User-agent: *\nAllow: /\n"
