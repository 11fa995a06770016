"""What of an approved film or sound is published: what is seen and heard, and nothing of where, when, with what and by whom."""

from __future__ import annotations

import random
import struct
import tracemalloc

import pytest

from gongshi.domain.config.attachment_types import FILMS, SOUNDS
from gongshi.site.images.faults import MediaFault, fault_text
from gongshi.site.media import process
from support import recordings
from support.recordings import DAY, MADE, SEEN, box
from support.unit import UnitUnderTest

ENTRY = "announcements/b/index.md"


def made(name: str, content: bytes) -> bytes:
    found = process.clean_media(name, content)
    assert isinstance(found, bytes), found
    return found


@pytest.mark.parametrize("name", MADE)
def test_nothing_but_what_is_seen_and_heard(name: str) -> None:
    """Places, days, owners, devices, covers, other tracks and what hangs behind are in no byte; everything seen stays."""
    content = MADE[name]()
    assert b"CANARY" in content
    output = made(name, content)
    assert b"CANARY" not in output and struct.pack(">I", DAY) not in output
    assert output.count(SEEN) == content.count(SEEN)


@pytest.mark.parametrize("name", MADE)
def test_cleaning_twice_changes_nothing(name: str) -> None:
    """What is published is the same whether the approved file was cleaned before or not."""
    output = made(name, MADE[name]())
    assert made(name, output) == output


@pytest.mark.parametrize(
    "name", ["film.mp4", "clip.mov", "late.mov", "s.wav", "old.avi", "f.webm", "live.webm", "s.ogg"]
)
def test_everything_keeps_its_place(name: str) -> None:
    """Where a format knows offsets, what stays stays where it was, so the film plays."""
    content = MADE[name]()
    output = made(name, content)
    place = -1
    for _number in range(content.count(SEEN)):
        place = content.find(SEEN, place + 1)
        assert output[place : place + len(SEEN)] == SEEN


def test_every_kind_that_can_be_attached_is_cleaned() -> None:
    """No ending for film or sound can be an attachment whose content is published as it is because nobody knows it."""
    for ending in [*FILMS.split(), *SOUNDS.split()]:
        assert process.clean_media(f"x.{ending}", b"no film at all") is MediaFault.MEDIA
        assert process.clean_media(f"x.{ending.upper()}", b"\x30\x26\xb2\x75 as wmv") is MediaFault.MEDIA
    assert "Convert it to MP4" in fault_text(MediaFault.MEDIA)


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a.zip", "README", "a.docx"])
def test_other_files_are_no_film(name: str) -> None:
    """Texts that begin like a film or sound are left alone."""
    for content in (
        b"",
        b"x",
        b"Get free tickets",
        b"ID3 is a tag",
        b"OggSound",
        b"RIFF is a word",
        b"\xff\xfb\x90\x64",
    ):
        assert process.clean_media(name, content) is None


def test_a_film_under_another_name() -> None:
    """What a file is tell its bytes, not its name."""
    assert b"CANARY" not in made("a.txt", recordings.film())
    assert b"CANARY" not in made("a.mp4", recordings.matroska())


@pytest.mark.parametrize("name", MADE)
def test_damaged_files(name: str) -> None:
    """A file that is cut short or changed anywhere gives a fault, or a file in which what is left is clean."""
    content = MADE[name]()
    chance = random.Random(name)
    for _number in range(60):
        changed = bytearray(content)
        for _change in range(chance.randint(1, 4)):
            changed[chance.randrange(len(changed))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        found = process.clean_media(
            name, bytes(changed[: chance.choice((len(changed), chance.randrange(len(changed))))])
        )
        assert found is MediaFault.MEDIA or found is None or isinstance(found, bytes)
    assert process.clean_media(name, content[:20]) is MediaFault.MEDIA


def test_tables_that_claim_too_much() -> None:
    """Counts of billions neither fill the memory nor take long."""
    content = recordings.film()
    tracemalloc.start()
    for kind in (b"stsz", b"stco", b"stsc"):
        at = content.index(kind) + (12 if kind == b"stsz" else 8)
        assert process.clean_media("a.mp4", content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :]) is MediaFault.MEDIA
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_films_that_are_not_cleaned() -> None:
    """Films that are elsewhere, packed, without a track, or in pieces beside a track that is left out are not published."""
    start = box(b"ftyp", b"isom", bytes(4))
    for inside in (
        b"",
        box(b"moov"),
        box(b"moov", box(b"cmov", b"x")),
        box(b"moov", box(b"rmra", b"x")),
        box(b"mdat", b"x"),
    ):
        assert process.clean_media("a.mp4", start + inside) is MediaFault.MEDIA
    assert (
        process.clean_media("a.mp4", recordings.film().replace(b"CANARY-trailer", b"") + box(b"moof"))
        is MediaFault.MEDIA
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["film.mp4", "s.mp3", "f.mkv"])
def test_the_site_holds_the_cleaned_file(unit: UnitUnderTest, name: str) -> None:
    """The approved bytes stay in the record; site, search and manifest have the cleaned file; `verify` proves it."""
    content = MADE[name]()
    unit.write(ENTRY, body=f"[Film]({name})", attachments=[{"file": name, "title": "Film"}])
    unit.write(f"announcements/b/{name}", content)
    unit.publish(ENTRY)
    assert unit.build("--strict").exit_code == 0
    assert (unit.site / "announcements/b" / name).read_bytes() == made(name, content)
    assert unit.leaks("CANARY") == []
    assert f'href="{name}"' in unit.page("announcements/b")
    proved = unit.gongshi("verify", "site", "--source")
    assert proved.exit_code == 0, proved.all
    objects = [path.read_bytes() for path in (unit.docs / ".reviews/objects").glob("*/*")]
    assert content in objects
    assert unit.build("--strict").exit_code == 0
    assert unit.leaks("CANARY") == []


def test_the_editor_is_told(unit: UnitUnderTest) -> None:
    """`check` says that a place is taken off, and what is not published at all."""
    unit.write(ENTRY)
    unit.write("announcements/b/film.mp4", recordings.film())
    unit.write("announcements/b/bad.mp4", b"no film")
    result = unit.gongshi("check")
    assert "docs/announcements/b/film.mp4: the film or sound holds where it was recorded" in result.output
    assert "docs/announcements/b/bad.mp4: the film or sound is damaged" in result.output
    unit.publish(ENTRY)
    assert unit.build().exit_code == 0
    assert not (unit.site / "announcements/b/bad.mp4").exists()


def test_the_staged_tree_says_what_it_holds(unit: UnitUnderTest) -> None:
    """The tree has the approved bytes, as its digests say; `stage` tells that another engine must clean them."""
    unit.write(ENTRY)
    unit.write("announcements/b/film.mp4", recordings.film())
    unit.publish(ENTRY)
    result = unit.gongshi("stage", "tree")
    assert result.exit_code == 0 and "1 picture, video or sound file is as approved" in result.output
    assert (unit.root / "tree/announcements/b/film.mp4").read_bytes() == recordings.film()
    assert unit.gongshi("verify", "tree", "--source").exit_code == 0
