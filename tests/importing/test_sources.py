"""Which files become entries."""

from __future__ import annotations

from pathlib import Path

from gongshi.importing.sources import PHOTOS, find_sources


def _found(tmp_path: Path, *names: str) -> tuple[list[tuple[str, str]], list[str]]:
    for name in names:
        path = tmp_path / "desk" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    sources, ignored = find_sources([tmp_path / "desk"])
    return [(each.name, each.ending) for each in sources], [each.name for each in ignored]


def test_each_document_in_a_folder_is_one(tmp_path: Path) -> None:
    """Also in folders inside it; the name tells where."""
    assert _found(tmp_path, "b.docx", "a.XLSX", "2025/b.docx")[0] == [
        ("a.XLSX", "xlsx"), ("b.docx", "docx"), ("2025/b.docx", "docx"),
    ]  # fmt: skip


def test_a_folder_of_photos_is_one(tmp_path: Path) -> None:
    """With films; what the system put there does not count."""
    assert _found(tmp_path, "IMG_2.jpg", "IMG_1.HEIC", "film.mov", "IMG_1.AAE", "Thumbs.db", ".DS_Store") == (
        [("desk", PHOTOS)],
        [],
    )


def test_photos_beside_documents_are_left_aside(tmp_path: Path) -> None:
    """A folder of photos inside is one of its own."""
    assert _found(tmp_path, "a.docx", "b.jpg", "fair/c.jpg", "~$a.docx") == (
        [("a.docx", "docx"), ("fair", PHOTOS)], ["b.jpg"],
    )  # fmt: skip


def test_the_pictures_of_a_web_page_belong_to_it(tmp_path: Path) -> None:
    """Whatever the browser called their folder."""
    names = ("a.html", "a_files/1.png", "b.htm", "B.files/2.png", "other_files/3.jpg")
    assert _found(tmp_path, *names)[0] == [("a.html", "html"), ("b.htm", "htm"), ("other_files", PHOTOS)]


def test_links_are_not_followed(tmp_path: Path) -> None:
    """They are told; one that the user names himself is read."""
    (tmp_path / "secret.docx").write_bytes(b"x")
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "link.docx").symlink_to(tmp_path / "secret.docx")
    (tmp_path / "desk" / "loop").symlink_to(tmp_path / "desk")
    assert _found(tmp_path, "a.docx") == ([("a.docx", "docx")], ["link.docx", "loop"])


def test_photos_that_are_named_together_are_one(tmp_path: Path) -> None:
    """They become one gallery, called like their folder."""
    photos = [tmp_path / name for name in ("a.jpg", "b.jpg")]
    for photo in photos:
        photo.write_bytes(b"x")
    [source], _ignored = find_sources(photos)
    assert (source.ending, source.photos, source.name) == (PHOTOS, tuple(photos), tmp_path.name)


def test_a_file_beside_an_open_document_is_left_aside_though_it_is_named(tmp_path: Path) -> None:
    """With the remedy; another hidden file that the user names himself is read."""
    for name in ("~$a.docx", ".a.docx"):
        (tmp_path / name).write_bytes(b"x")
    sources, ignored = find_sources([tmp_path / "~$a.docx", tmp_path / ".a.docx"])
    assert [each.name for each in sources] == [".a.docx"]
    assert [each.reason for each in ignored] == [
        "is a file that Word, Excel or WPS makes while a document is open; name the document itself"
    ]
