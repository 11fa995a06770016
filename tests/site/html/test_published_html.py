"""What a page shows of an entry: nothing that runs, nothing from abroad, no place where a photo was taken; and who says so."""

from __future__ import annotations

import pytest

from support import photos
from support.earlier_rules import publish_whatever_it_holds
from support.unit import UnitUnderTest

BUNDLE = "announcements/photos/index.md"


@pytest.mark.slow
def test_raw_html_does_not_reach_the_page(unit: UnitUnderTest) -> None:
    """Scripts, handlers, frames and forms are taken off, and `check` tells the editor before anybody approves."""
    body = "\n\n".join(
        [
            "Kept <b>bold</b>.", "<script>alert('EVIL1')</script>", '<p onclick="EVIL2()">click</p>',
            '<iframe src="https://other.example/EVIL3"></iframe>', '<form action="https://other.example/EVIL4"><input></form>',
            "[link](javascript:EVIL5)", '<p style="position:fixed">EVIL6</p>',
        ]
    )  # fmt: skip
    unit.write("announcements/a.md", body=body)
    unit.publish("announcements/a.md")
    assert unit.build("--strict").exit_code == 0
    page = unit.page("announcements/a")
    assert "<b>bold</b>" in page
    for gone in ("<script>alert", "onclick", "<iframe", '<form action="https', "javascript:", "position:fixed"):
        assert gone not in page
    said = unit.gongshi("check", "--all").output
    for words in ("a script was removed", "a script in an attribute", "became a plain link", "parts of a form",
                  "an address that pages must not use", "a style was removed"):  # fmt: skip
        assert f"docs/announcements/a.md: {words}" in said or words in said
    assert unit.gongshi("check").exit_code == 0


def test_nothing_is_loaded_from_abroad(unit: UnitUnderTest) -> None:
    """A picture from another host becomes a plain link, a link away wears its mark."""
    unit.write(
        "announcements/a.md", body="![Map](https://other.example/map.png)\n\n[Ministry](https://ministry.example/)"
    )
    unit.publish("announcements/a.md")
    assert unit.build().exit_code == 0
    page = unit.page("announcements/a")
    assert "<img" not in page.split('class="gs-text"')[1].split("gs-neighbours")[0].split("<figure")[0]
    assert 'href="https://other.example/map.png"' in page
    assert "(external link)" in page
    assert "a picture that does not lie beside its text" in unit.gongshi("check", "--all").output


@pytest.mark.slow
def test_photos_lose_what_cameras_write(unit: UnitUnderTest) -> None:
    """Size, lazy loading and narrower copies are in the page; the approved bytes with their position are nowhere."""
    unit.write("announcements/photos/p.jpg", photos.jpeg(photos.gradient(1600, 900)))
    unit.write(BUNDLE, body="Text.\n\n![The square](p.jpg)\n\n![Again](p.jpg)")
    assert "the photo holds where it was taken" in unit.gongshi("check").output
    unit.publish(BUNDLE)
    assert unit.build("--strict").exit_code == 0
    page = unit.page("announcements/photos")
    assert 'width="1600"' in page and 'height="900"' in page and 'loading="lazy"' in page and "srcset=" in page
    assert unit.leaks("CANARY-") == []
    manifest = unit.gongshi("verify", "site", "--source")
    assert manifest.exit_code == 0, manifest.all
    files = [path.name for path in (unit.site / "announcements" / "photos").iterdir()]
    assert len([name for name in files if name.endswith(".webp")]) == 2


@pytest.mark.slow
def test_a_long_screenshot_keeps_its_width(unit: UnitUnderTest) -> None:
    """1,080 × 12,000 pixels stay so on the page, `check` tells of it, and `verify` proves the site."""
    unit.write("activities/x/p.png", photos.png(photos.gradient(1080, 12000, "P")))
    unit.write("activities/x/index.md", body="![The whole notice](p.png)")
    assert "docs/activities/x/p.png: the picture is 11 times as tall as wide" in unit.gongshi("check").output
    unit.publish("activities/x/index.md")
    assert unit.build("--strict").exit_code == 0
    assert 'width="1080" height="12000"' in unit.page("activities/x")
    assert unit.gongshi("verify", "site", "--source").exit_code == 0


@pytest.mark.slow
def test_cards_show_clear_pictures_only(unit: UnitUnderTest) -> None:
    """A tiny picture is not blown up on a card, and of a very long one no part is cut out."""
    for name, size in {"tiny": (60, 40), "tall": (400, 1300), "wide": (1300, 400), "fine": (400, 300)}.items():
        unit.write(f"activities/{name}/{name}.png", photos.png(photos.gradient(*size)))
        unit.write(f"activities/{name}/index.md", body=f"![A picture]({name}.png)")
        unit.publish(f"activities/{name}/index.md")
    assert unit.build("--strict").exit_code == 0
    home = unit.page("").split('class="gs-cards"')[1]
    assert "fine.png" in home and not any(f"{name}.png" in home for name in ("tiny", "tall", "wide"))
    assert 'width="60" height="40"' in unit.page("activities/tiny")


def test_broken_pictures(unit: UnitUnderTest) -> None:
    """They are not published; the page shows their description, and `check` says what to do."""
    unit.write("announcements/photos/p.jpg", b"\xff\xd8\xff\xe0 no picture CANARY")
    unit.write(BUNDLE, body="![The square](p.jpg)")
    assert "docs/announcements/photos/p.jpg: the picture cannot be read to its end" in unit.gongshi("check").output
    unit.publish(BUNDLE)
    assert unit.build().exit_code == 0
    assert "The square" in unit.page("announcements/photos")
    assert not (unit.site / "announcements" / "photos" / "p.jpg").exists()
    assert unit.leaks("CANARY") == []


def test_addresses_that_are_read_in_two_ways(unit: UnitUnderTest) -> None:
    """What one parser takes for a comment and another for a link still leads to no draft."""
    unit.write("announcements/draft.md")
    tricks = [
        "a <!--> [k](draft.md) --> b", "<!--><img src=../draft/>-->",
        '<noscript><p title="</noscript><a href=../draft/>k</a>"></noscript>',
    ]  # fmt: skip
    unit.write("announcements/a.md", body="\n\n".join(tricks))
    unit.publish("announcements/a.md")
    assert unit.build().exit_code == 0
    assert "draft" not in unit.page("announcements/a").split('class="gs-text"')[1].split("</article>")[0]


@pytest.mark.slow
def test_tags_that_look_like_files(unit: UnitUnderTest) -> None:
    """No tag stops a build, and each has an address that every system can store."""
    unit.write("announcements/a.md", tags=["index.html", "INDEX", "con", "a/../b", ".."])
    unit.publish("announcements/a.md")
    assert unit.build("--strict").exit_code == 0
    made = {path.name for path in (unit.site / "tags").iterdir()}
    assert {"index.html", "index.html-", "INDEX-", "con-", "a-..-b"} == made
    assert unit.gongshi("verify", "site", "--source").exit_code == 0


@pytest.mark.slow
def test_deep_nesting_builds_the_same_everywhere(unit: UnitUnderTest) -> None:
    """How deep a program stands in its own calls does not change the site."""
    unit.write("announcements/a.md", body="> " * 300 + "x")
    unit.publish_unlimited("announcements/a.md")
    assert unit.build().exit_code == 0
    assert unit.gongshi("verify", "site", "--source").exit_code == 0


@pytest.mark.slow
def test_what_is_no_picture_for_us(unit: UnitUnderTest) -> None:
    """Bitmaps are not cleaned, so they are not published, whatever their name and whenever they were approved."""
    unit.write("announcements/photos/f.bmp", b"BM" + bytes(60) + b"CANARY")
    unit.write(BUNDLE, body="![Old](f.bmp)")
    assert "pictures of the kind .bmp cannot be published" in unit.gongshi("check").output
    publish_whatever_it_holds(unit, BUNDLE)
    assert unit.build().exit_code == 0
    assert unit.leaks("CANARY") == []
    (unit.docs / "announcements/photos/f.bmp").rename(unit.docs / "announcements/photos/f.png")
    unit.write(BUNDLE, body="![Old](f.png)")
    assert "a picture of this kind" in unit.gongshi("check").output
    unit.write("activities/x/index.md")
    unit.write("activities/x/Event.ICS", "mine")
    # Nobody's file takes the place of the calendar's.
    assert "the name event.ics is reserved" in unit.gongshi("check").output


def test_an_event_of_one_day(unit: UnitUnderTest) -> None:
    """Its day stands there once."""
    unit.write("activities/a.md", event={"start": "2026-12-05 09:00", "end": "2026-12-05 12:00"})
    unit.publish("activities/a.md")
    assert unit.build().exit_code == 0
    assert "2026-12-05 09:00–12:00" in unit.page("activities/a")
    assert "2026-12-05 09:00–12:00" in unit.page("")
