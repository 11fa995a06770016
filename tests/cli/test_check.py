"""What `gongshi check` tells of texts and files, and what it does not repeat."""

from __future__ import annotations

import pytest

from support import photos, recordings
from support.unit import UnitUnderTest

ENTRY = "activities/x/index.md"
HEIC = b"\0\0\0\x18ftypheic" + bytes(40)


def advice(unit: UnitUnderTest, *arguments: str) -> list[str]:
    return [line for line in unit.gongshi("check", *arguments).output.splitlines() if line.endswith("[advice]")]


def test_advice_on_what_is_public_is_shown_on_request_only(unit: UnitUnderTest) -> None:
    """The last line says how many are hidden and how to see them; `--all` or the entry's own name shows them."""
    unit.write("activities/x/p.jpg", photos.jpeg(photos.gradient()))
    unit.write(ENTRY, body="![](p.jpg)")
    assert len(advice(unit)) == 2
    unit.publish(ENTRY)
    told = unit.gongshi("check").output
    assert told == (
        "Entries and pages checked: 1. Errors: 0, advice: 0. Not shown: 2 advice on what is public already; "
        "to see it: gongshi check --all\n"
    )
    assert advice(unit, "docs/activities") == []
    for arguments in (("--all",), ("docs/activities/x/index.md",), ("docs/activities/x/p.jpg",)):
        assert len(advice(unit, *arguments)) == 2
        assert "Not shown" not in unit.gongshi("check", *arguments).output
    assert unit.gongshi("check", "--json").json() == {"problems": [], "hidden": 2}
    assert len(unit.gongshi("check", "--json", "--all").json()["problems"]) == 2


def test_advice_on_what_changed_is_shown(unit: UnitUnderTest) -> None:
    """A new text, a new picture and a withdrawn page are told of; errors always are."""
    unit.write("activities/x/p.jpg", photos.jpeg(photos.gradient()))
    unit.write("activities/x/q.jpg", photos.jpeg(photos.gradient()))
    unit.write(ENTRY, body="![](p.jpg)\n\n![Q](q.jpg)")
    unit.publish(ENTRY)
    unit.write("activities/x/q.jpg", photos.jpeg(photos.gradient(50, 50)))
    assert [line.split(":")[0] for line in advice(unit)] == ["docs/activities/x/q.jpg"]
    unit.write(ENTRY, body="![](p.jpg)\n\n![Q](q.jpg)\n\nMore.")
    assert [line.split(":")[0] for line in advice(unit)] == ["docs/activities/x/index.md", "docs/activities/x/q.jpg"]
    unit.write("activities/x/x.html", b"x")
    assert unit.gongshi("check").exit_code == 1
    (unit.docs / "activities/x/x.html").unlink()
    assert unit.gongshi("withdraw", f"docs/{ENTRY}", "--reason", "R", "--as", "chief").exit_code == 0
    assert len(advice(unit)) == 3


def test_every_picture_without_description_is_told_with_its_line(unit: UnitUnderTest) -> None:
    """Of an entry that is not public yet, too: Markdown, references, HTML and lists; one line for all of them."""
    for number in range(1, 13):
        unit.write(f"activities/x/{number}.png", photos.png(photos.gradient(9, 9)))
    unit.write("activities/x/film.mp4", recordings.film())
    unit.write("activities/x/a.pdf", b"%PDF-1.7")
    body = [
        "![](11.png)", "![](1.png)", "![A hall](2.png)", "![](2.png)", '<img src="3.png">', "![][r]", "- ![4.png](4.png)",
        '![](5.png "A caption")', "![](film.mp4)", "![](a.pdf)", "`![](12.png)`", "[r]: 6.png",
    ]  # fmt: skip
    unit.write(ENTRY, body="\n".join(f"{line}\n" for line in body))
    [told] = [line for line in advice(unit) if "description" in line]
    assert told.startswith(f"docs/{ENTRY}:8: 7 pictures have no description")
    assert "(also on lines 10, 14, 16, 20, 24, 30)" in told
    unit.write(ENTRY, body="Text.\n\n![](1.png)")
    [told] = [line for line in advice(unit) if "description" in line]
    assert told.startswith(f"docs/{ENTRY}:10: a picture has no description")
    unit.write(ENTRY, body="![A hall](1.png)")
    assert not [line for line in advice(unit) if "description" in line]


def test_a_picture_that_browsers_cannot_show_is_told_and_leaves_nothing_behind(unit: UnitUnderTest) -> None:
    """An HEIC named as a JPEG: no empty elements on the page, and the build counts pictures apart from links."""
    unit.write("activities/x/p.jpg", HEIC)
    unit.write(ENTRY, body="Before ![](p.jpg) after.\n\n![](p.jpg)\n\n[![](p.jpg)](p.jpg)\n\n![The hall](p.jpg)")
    told = "\n".join(advice(unit))
    assert "docs/activities/x/p.jpg: a picture of this kind (HEIC" in told and "Convert it to JPEG" in told
    assert f"docs/{ENTRY}:8: 3 pictures have no description" in told
    unit.publish(ENTRY)
    said = unit.build("--strict").all
    text = unit.page("activities/x").split('class="gs-text"')[1].split("</article>")[0].split("<figure")[0]
    assert "<span></span>" not in text and "<p></p>" not in text and "<img" not in text
    assert "Before  after." in text and "The hall" in text
    assert "p.jpg" not in unit.page("activities/x").split("<body")[0]
    assert f"{ENTRY}: 4 pictures, films or sounds are not published" in said
    assert f"`gongshi check docs/{ENTRY}` says why" in said
    assert "1 link leads to what is not public" in said
    unit.write("activities/x/q.heic", HEIC)
    assert "not all browsers show them; convert it to JPEG" in unit.gongshi("check").output


def test_film_that_browsers_do_not_play_is_told(unit: UnitUnderTest) -> None:
    """A kind that they do not know, with its line, and film in HEVC by its content; ordinary film is not."""
    film = recordings.film()
    assert b"avc1" in film
    unit.write("activities/x/old.mov", film)
    unit.write("activities/x/new.mp4", film.replace(b"avc1", b"hvc1"))
    unit.write("activities/x/fine.mp4", film)
    unit.write(ENTRY, body="![A](fine.mp4)\n\n![B](new.mp4)\n\n![C](old.mov)")
    told = "\n".join(advice(unit))
    assert f"docs/{ENTRY}:12: browsers do not play film or sound of this kind" in told and "old.mov" in told
    assert "docs/activities/x/new.mp4: the film is encoded in HEVC" in told
    assert "an element that pages must not use" not in told
    assert told.count("HEVC") == 1 and told.count("do not play film") == 1
    unit.publish(ENTRY)
    assert unit.build("--strict").exit_code == 0
    page = unit.page("activities/x")
    assert '<video aria-label="A" src="fine.mp4" preload="metadata" controls="">' in page
    assert '<a href="old.mov">C</a>' in page
    assert (unit.site / "activities/x/fine.mp4").is_file()


@pytest.mark.parametrize("name", ["a.pdf", "a.jpg", "a.mp4"])
def test_an_empty_file_is_told(unit: UnitUnderTest, name: str) -> None:
    """Once, with the true cause."""
    unit.write(f"activities/x/{name}", b"")
    unit.write(ENTRY, attachments=[{"file": name, "title": "F"}])
    assert [line for line in advice(unit) if name in line] == [
        f"docs/activities/x/{name}: the file is empty, so readers get nothing; put the whole file here [advice]"
    ]
