"""The files of an entry's folder: each that cannot be published is told once, with its true cause."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.unit import UnitUnderTest

ENTRY = "announcements/b/index.md"
BY_NAME = {
    "x.html": "web pages cannot be attachments",
    unicodedata.normalize("NFD", "é.pdf"): "usual Unicode form (NFC)",
    "con.pdf": "not every system can store this name",
    "event.ics": "the name event.ics is reserved",
    "a.heic": "pictures of the kind .heic cannot be published",
    "a.docm": "it has macros",
    "notes.md": "cannot be an attachment",
    "notes.markdown": "cannot be an attachment",
}


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate((256 << 20) + 1)


BY_KIND: dict[str, Callable[[Path], object]] = {
    "is a symbolic link": lambda path: path.symlink_to("/etc/hostname"),
    "is not a regular file": os.mkfifo,
    "is larger than 256 MiB": large,
}
WAYS: dict[str, Callable[[str], dict[str, Any]]] = {
    "listed": lambda name: {"attachments": [{"file": name, "title": "F"}]},
    "linked": lambda name: {"body": f"[F](<{name}>)"},
    "shown": lambda name: {"body": f"![F](<{name}>)"},
}


def errors(unit: UnitUnderTest) -> list[str]:
    return [line for line in unit.gongshi("check").output.splitlines() if line.endswith("[error]")]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", BY_NAME)
def test_a_name_that_cannot_be_published_is_one_error(unit: UnitUnderTest, name: str, way: str) -> None:
    """`check` and `submit` name the file and the cause, and nothing calls it absent, however the entry names it."""
    unit.write(ENTRY, **WAYS[way](name))
    unit.write(f"announcements/b/{name}", b"x")
    told = errors(unit)
    assert len(told) == 1 and BY_NAME[name] in told[0], told
    submitted = unit.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk")
    assert submitted.exit_code == 1
    assert submitted.all.count(BY_NAME[name]) == 1 and "has no file" not in submitted.all


@pytest.mark.parametrize("cause", BY_KIND)
def test_a_file_that_cannot_be_read_as_one_is_one_error(unit: UnitUnderTest, cause: str) -> None:
    """A link, a pipe and a file that is too large have one error each, though the entry lists them."""
    unit.write(ENTRY, attachments=[{"file": "a.pdf", "title": "F"}])
    BY_KIND[cause](unit.docs / "announcements/b/a.pdf")
    told = errors(unit)
    assert len(told) == 1 and cause in told[0], told


def test_a_listed_name_that_differs_from_the_files_is_told_with_it(unit: UnitUnderTest) -> None:
    """Another case, Unicode form or way is no absent file; an absent one still is."""
    for file, name in (
        ("plan.pdf", "Plan.PDF"),
        (unicodedata.normalize("NFD", "é.pdf"), "é.pdf"),
        ("./a.pdf", "a.pdf"),
    ):
        unit.write(f"announcements/b/{name}", b"x")
        unit.write(ENTRY, attachments=[{"file": file, "title": "F"}])
        told = errors(unit)
        assert len(told) == 1 and f"but {name}; write the name exactly so" in told[0], told
    unit.write(ENTRY, attachments=[{"file": "absent.pdf", "title": "F"}])
    assert "has no file absent.pdf; put it there or correct the name" in errors(unit)[0]


def test_a_folder_a_hidden_file_and_one_beside_an_entry_are_no_absent_files(unit: UnitUnderTest) -> None:
    """Each has its own words: how the file must be named, or where it must lie."""
    (unit.docs / "announcements/b/plans").mkdir(parents=True)
    unit.write("announcements/b/a.pdf~", b"x")
    unit.write("announcements/x.pdf", b"x")
    unit.write(ENTRY, attachments=[{"file": "plans", "title": "F"}, {"file": "a.pdf~", "title": "G"}])
    unit.write("announcements/one.md", attachments=[{"file": "x.pdf", "title": "F"}])
    unit.write("announcements/index.md", author=None, attachments=[{"file": "x.pdf", "title": "F"}])
    told = "\n".join(errors(unit))
    for words in (
        "plans is a folder",
        "a.pdf~ has the name of a hidden",
        "rename it to one/index.md",
        "this page cannot have",
    ):
        assert words in told, told
    assert "has no file" not in told


def test_links_to_files_that_stay_unpublished_are_told_with_their_cause(unit: UnitUnderTest) -> None:
    """A wrong case is told, which a page would lose; so are hidden files and files of no entry."""
    unit.write("announcements/b/Plan.PDF", b"x")
    unit.write("announcements/b/a.pdf~", b"x")
    unit.write("announcements/x.pdf", b"x")
    unit.write(ENTRY, body="[F](plan.pdf)\n\n[G](a.pdf~)\n\n[H](Plan.PDF)")
    unit.write("announcements/one.md", body="[F](x.pdf)")
    output = unit.gongshi("check").output
    assert f"docs/{ENTRY}:8: the entry's folder has no file plan.pdf, but Plan.PDF" in output
    assert f"docs/{ENTRY}:10: a.pdf~ has the name of a hidden" in output
    assert "docs/announcements/one.md:8: the file x.pdf belongs to no entry" in output and "one/index.md" in output
    assert f"docs/{ENTRY}:12" not in output and "leads to no page or file" not in output


def test_a_refused_file_is_told_once_by_the_build(unit: UnitUnderTest) -> None:
    """The build withholds the entry with one line, which does not name the file."""
    unit.write(ENTRY, attachments=[{"file": "e\u0301.pdf", "title": "F"}])
    unit.write("announcements/b/e\u0301.pdf", b"x")
    output = unit.build().all
    assert output.count("docs/announcements/b/index.md") == 1 and "has no file" not in output
