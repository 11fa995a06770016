"""Entries in other languages than the site's: each title, text and value names its language; the frame stays as it is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from support.unit import UnitUnderTest, settings

TITLE = "توك توختىتىش."
UYGHUR = 'lang="ug" dir="rtl"'
NEIGHBOUR = "announcements/b.md"
KEYS: dict[str, Any] = {
    "title": TITLE, "lang": "ug", "date": "2026-11-04", "source": "تەھرىر.", "tags": ["ئۇقتۇرۇش", "停水"],
    "document": {"number": "青便民〔2026〕3号", "issuer": "مەركەز."}, "attachments": [{"file": "f.txt", "title": "جەدۋەل."}],
    "event": {"start": "2026-12-05", "place": "مەيدان.", "contact": "0500 8820118", "organizer": "文化站"},
}  # fmt: skip
BODY = "[باغلىنىش](https://other.example/)\n\n> سۆز\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """A site with entries in Uyghur, among them one that expired and a standing page, and one without a language."""
    unit = UnitUnderTest(tmp_path_factory.mktemp("languages"))
    unit.configure({**settings(), "on_expiry": "notice"})
    unit.write("announcements/a/index.md", body=BODY, **KEYS)
    unit.write("announcements/a/f.txt", b"file")
    unit.write(NEIGHBOUR, title="Plain", tags=["shared"])
    unit.write("announcements/expired.md", title=TITLE, lang="ug", expires_at="2026-11-10")
    unit.write("announcements/index.md", title=TITLE, lang="ug", body="تونۇشتۇرۇش.")
    unit.write("activities/c.md", **{**KEYS, "attachments": None})
    unit.write("guide/index.md", title=TITLE, lang="ug", body="سۆز.")
    unit.write("index.md", title=TITLE, lang="ug", body="سۆز.")
    for path in ("announcements/a/index.md", NEIGHBOUR, "announcements/expired.md", "announcements/index.md"):
        unit.publish(path, now="2026-11-09T09:00:00+08:00")
    for path in ("activities/c.md", "guide/index.md", "index.md"):
        unit.publish(path)
    assert unit.build().exit_code == 0
    return unit


def test_an_entry_names_its_language_and_the_frame_does_not(built: UnitUnderTest) -> None:
    """Title, text and values have `lang` and `dir`; values in Chinese, and words of the theme, are not called Uyghur."""
    page = built.page("announcements/a")
    assert '<html lang="en"' in page and '<body dir="ltr"' in page
    assert f"<h1 {UYGHUR}>{TITLE}</h1>" in page
    assert f'<div class="gs-text" {UYGHUR}>' in page
    for value in ("تەھرىر.", "مەركەز.", "مەيدان.", "جەدۋەل."):
        assert f"<bdi {UYGHUR}>{value}</bdi>" in page
    for value in ("青便民〔2026〕3号", "文化站"):
        assert f'<bdi lang="en">{value}</bdi>' in page
    assert '<bdi lang="ug">0500 8820118</bdi>' in page
    assert "<bdi>ئۇقتۇرۇش</bdi></a>" in page and ">停水</a>" in page
    assert '<span class="gs-away__mark" lang="en" dir="ltr">' in page
    assert page.count(UYGHUR) == 6
    assert "assets/gongshi/languages.css" in page


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("announcements", 2), ("announcements/2026", 1), ("activities", 1), ("tags/ئۇقتۇرۇش", 2), ("tags/停水", 2),
        ("announcements/expired", 1), (NEIGHBOUR[:-3], 1), ("guide", 2), ("", 5), ("site-map", 1),
    ],
)  # fmt: skip
def test_titles_name_their_language_wherever_they_stand(built: UnitUnderTest, address: str, count: int) -> None:
    """In lists, year archives, tags, neighbours, notices, on the home page and the site map; with the styles for it."""
    page = built.page(address)
    assert page.count(UYGHUR) == count
    assert page.count(TITLE) >= 1
    assert "assets/gongshi/languages.css" in page
    titles = re.findall(rf"<[^<>]*>(?:<a [^<>]*>)?{re.escape(TITLE)}", page.split("<main", 1)[1])
    assert titles
    assert all(UYGHUR in tags for tags in titles)


def test_an_entry_without_a_language_has_the_page_that_it_had(unit: UnitUnderTest) -> None:
    """No attribute, no isolate, no further style: what was approved before `lang` existed looks as before."""
    keys = {key: value for key, value in KEYS.items() if key not in ("lang", "tags")}
    unit.write("announcements/a/index.md", body="سۆز", **keys)
    unit.write("announcements/a/f.txt", b"file")
    unit.publish("announcements/a/index.md")
    assert unit.build().exit_code == 0
    for address in ("announcements/a", "announcements", "", "site-map"):
        page = unit.page(address)
        assert re.findall(r" lang=\S+| dir=\S+|<bdi", page) == [' lang="en"', ' dir="ltr"']
        assert "languages.css" not in page
    assert "xml:lang" not in (unit.site / "feed.xml").read_text().split("<entry", 1)[1]


def test_a_language_is_a_change_that_is_reviewed(unit: UnitUnderTest) -> None:
    """The page stays as approved until the new `lang` is; `diff` shows it, and each line in its own direction."""
    unit.write("announcements/a.md", title=TITLE, body="سۆز.")
    unit.publish("announcements/a.md")
    unit.write("announcements/a.md", title=TITLE, body="باشقا سۆز.", lang="ug")
    assert "language" in unit.gongshi("diff", "docs/announcements/a.md").output
    assert unit.gongshi("diff", "docs/announcements/a.md", "--html", "diff.html").exit_code == 0
    page = (unit.root / "diff.html").read_text(encoding="utf-8")
    assert f"<h1>Changes: \u2068{TITLE}\u2069</h1>" in page
    assert '<div class="line" dir="auto">' in page
    assert unit.build().exit_code == 0
    assert f"<h1>{TITLE}</h1>" in unit.page("announcements/a")
    unit.publish("announcements/a.md")
    assert unit.build().exit_code == 0
    assert f"<h1 {UYGHUR}>{TITLE}</h1>" in unit.page("announcements/a")


def test_the_reason_of_a_withdrawal_stands_right(unit: UnitUnderTest) -> None:
    """Nobody names its language, so its letters decide; the label before it stays where it is."""
    for name, reason in (("a", "خاتالىق بار."), ("b", "It was wrong.")):
        unit.write(f"announcements/{name}.md")
        unit.publish(f"announcements/{name}.md")
        found = unit.gongshi("withdraw", f"docs/announcements/{name}.md", "--reason", reason, "--as", "chief")
        assert found.exit_code == 0
    assert unit.build().exit_code == 0
    assert "<bdi>خاتالىق بار.</bdi></p>" in unit.page("announcements/a")
    assert "It was wrong.</p>" in unit.page("announcements/b")


@pytest.mark.parametrize("body", ["One.\n{: lang=ug_CN }\n", "*One*{lang=ug dir=left}\n", '<p lang="维文">One</p>\n'])
def test_a_passage_with_a_mistaken_language_is_told(unit: UnitUnderTest, body: str) -> None:
    """By `gongshi check`, as advice that quotes it: the page would silently lose it."""
    unit.write("announcements/a.md", body=body)
    output = unit.gongshi("check").output
    assert "an attribute that names no language or direction was removed" in output
    assert "Errors: 0, advice: 1" in output


def test_a_neighbour_learns_of_a_changed_language(unit: UnitUnderTest) -> None:
    """A page from the cache does not keep the direction that a title beside it had."""
    for name, day in (("a", "2026-11-03"), ("b", "2026-11-04")):
        unit.write(f"announcements/{name}.md", title=f"{name} {TITLE}", date=day)
        unit.publish(f"announcements/{name}.md")
    assert unit.build().exit_code == 0
    unit.write("announcements/b.md", title=f"b {TITLE}", date="2026-11-04", lang="ug")
    unit.publish("announcements/b.md")
    assert unit.build().exit_code == 0
    assert f"{UYGHUR}>b {TITLE}</a>" in unit.page("announcements/a")
