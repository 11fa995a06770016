"""The cache of builds: what was kept is used as it was kept or not at all, and nothing outside of it is touched."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gongshi.common import object_cache as caches
from gongshi.common.files import write_atomic
from gongshi.common.hashing import sha256
from gongshi.common.object_cache import CacheDamaged, ObjectCache, temporary_cache

KEY, OTHER = sha256(b"key"), sha256(b"other")
SECRET = bytes(range(32))


def opened(root: Path, secret: bytes | None = SECRET) -> ObjectCache:
    """The cache of a unit, as an account with this secret opens it."""
    return caches.open_cache(root, secret)


def test_another_account(tmp_path: Path) -> None:
    """What was sealed with another secret is foreign; without a secret there is no lasting cache."""
    digest = saved(tmp_path)
    other = opened(tmp_path, bytes(32))
    assert other.persistent and other.get("page a", KEY) is None and objects(other) == []
    other.close()
    none = opened(tmp_path, None)
    assert not none.persistent
    none.close()
    saved(tmp_path)
    index = tmp_path / ".gongshi" / "cache" / "index.json"
    content = index.read_bytes().partition(b"\n")[2]
    index.write_bytes(sha256(content).encode() + b"\n" + content)
    again = opened(tmp_path)
    assert again.get("page a", KEY) is None and digest
    again.close()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[ObjectCache]:
    """The cache of a unit."""
    cache = opened(tmp_path)
    yield cache
    cache.close()


def place(cache: ObjectCache, digest: str) -> Path:
    """Where an object lies."""
    return cache.folder / "objects" / digest[:2] / digest


def again(cache: ObjectCache) -> ObjectCache:
    """The cache as the next build opens it."""
    cache.close()
    return opened(cache.folder.parents[1])


def saved(root: Path) -> str:
    """A cache with one object; its hash."""
    cache = opened(root)
    digest = cache.put(b"content")
    cache.set("page a", KEY, {"objects": [digest], "told": [["mkdocs", 30, "公示"]]})
    cache.save()
    cache.close()
    return digest


def objects(cache: ObjectCache) -> list[str]:
    """The names of all objects."""
    return sorted(path.name for path in (cache.folder / "objects").glob("*/*"))


def test_what_was_noted_is_known_to_the_next_build(kept: ObjectCache) -> None:
    """What became of something is known as long as it is made of the same."""
    digest = kept.put(b"content")
    values = {"objects": [digest], "told": [["mkdocs", 30, "公示"]]}
    kept.set("page a", KEY, values)
    assert kept.get("page a", KEY) == values
    kept.save()
    after = again(kept)
    assert after.get("page a", KEY) == values
    assert after.get("page a", OTHER) is None
    assert after.get("page b", KEY) is None
    assert after.read(digest) == b"content"
    after.close()


def test_only_what_the_last_build_used_stays(kept: ObjectCache) -> None:
    """What a build neither made nor used is forgotten with its objects."""
    for name in ("a", "b"):
        kept.set(name, KEY, {"objects": [kept.put(name.encode())]})
    kept.save()
    second = again(kept)
    assert second.get("a", KEY)
    second.save()
    assert objects(second) == [sha256(b"a")]
    third = again(second)
    assert third.get("b", KEY) is None
    assert third.get("a", KEY)
    third.close()


def test_what_was_made_of_something_else_is_replaced(kept: ObjectCache) -> None:
    """The last note counts, within a build and after it."""
    for content in (b"old", b"new"):
        kept.set("a", sha256(content), {"objects": [kept.put(content)]})
    assert kept.get("a", sha256(b"old")) is None
    kept.save()
    assert objects(kept) == [sha256(b"new")]
    assert again(kept).get("a", sha256(b"new"))


def test_an_unsaved_build_changes_nothing(tmp_path: Path) -> None:
    """What a build noted that failed is not known afterwards, and what was known still is."""
    digest = saved(tmp_path)
    failed = opened(tmp_path)
    failed.set("page a", OTHER, {"objects": [failed.put(b"draft")]})
    after = again(failed)
    assert after.get("page a", OTHER) is None
    assert after.get("page a", KEY)
    after.save()
    assert objects(after) == [digest]
    after.close()


def test_names_that_are_no_utf8(kept: ObjectCache) -> None:
    """A name with bytes that are no UTF-8 neither stops the saving nor comes back as another."""
    name = b"page \xff".decode("utf-8", "surrogateescape")
    kept.set(name, KEY, {"objects": []})
    kept.save()
    after = again(kept)
    assert after.get(name, KEY) == {"objects": []}
    after.close()


def test_an_index_that_is_damaged_in_any_byte(tmp_path: Path) -> None:
    """It is thrown away whole."""
    saved(tmp_path)
    index = tmp_path / ".gongshi" / "cache" / "index.json"
    content = index.read_bytes()
    for place in range(len(content)):
        index.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert caches._read(index, SECRET) == {}, place
    for length in range(len(content)):
        index.write_bytes(content[:length])
        assert caches._read(index, SECRET) == {}, length
    index.write_bytes(content)
    assert list(caches._read(index, SECRET)) == ["page a"]


def sealed(content: bytes) -> bytes:
    """An index with a hash that agrees."""
    return caches._seal(content, SECRET) + b"\n" + content


def document(**changes: Any) -> bytes:
    """An index that can be used, but for the changes."""
    values = {"format": caches._FORMAT, "umask": 0o022, "made": {"page a": [KEY, {"objects": []}]}, **changes}
    return sealed(json.dumps(values).encode())


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        b"",
        sealed(b""),
        sealed(b"{"),
        sealed(b"[]"),
        sealed(b"null"),
        sealed(b"[" * 100_000),
        sealed(b"\xff\xfe\xff"),
        sealed(b"{}"),
        document(format="gongshi-cache-0"),
        document(format=None),
        document(made=None),
        document(made=[1]),
        document(made={"page a": None}),
        document(made={"page a": [KEY]}),
        document(made={"page a": 1}),
    ],
)
def test_what_is_no_index_of_this_format(tmp_path: Path, content: bytes) -> None:
    """It is thrown away, and everything with it."""
    old = os.umask(0o022)
    try:
        digest = saved(tmp_path)
        index = tmp_path / ".gongshi" / "cache" / "index.json"
        index.write_bytes(document())
        assert list(caches._read(index, SECRET)) == ["page a"]
        index.write_bytes(content)
        cache = opened(tmp_path)
        assert cache.persistent
        assert cache.get("page a", KEY) is None
        assert digest not in objects(cache)
        cache.close()
    finally:
        os.umask(old)


def _link(path: Path, outside: Path) -> None:
    path.symlink_to(outside)


def _folder(path: Path, outside: Path) -> None:
    path.mkdir()
    (path / "x").write_text("inside")


def _pipe(path: Path, outside: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path, outside: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name[:20])
    Path(path.name[:20]).rename(path.name)
    os.chdir(here)


def _other_bytes(path: Path, outside: Path) -> None:
    path.write_bytes(b"CONTENT")


def _half(path: Path, outside: Path) -> None:
    path.write_bytes(b"con")


def _longer(path: Path, outside: Path) -> None:
    path.write_bytes(b"content ")


def _nothing(path: Path, outside: Path) -> None:
    pass


DAMAGES = [_link, _folder, _pipe, _socket, _other_bytes, _half, _longer, _nothing]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("links", [True, False], ids=["links", "copies"])
def test_an_object_that_is_not_what_it_was(
    kept: ObjectCache, tmp_path: Path, damage: Callable[..., None], links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is never taken for the object, and is replaced without a byte being written through it or in place."""
    outside = tmp_path / "outside"
    outside.write_bytes(b"content")
    digest = kept.put(b"content")
    path = place(kept, digest)
    path.unlink()
    damage(path, outside)
    shared = tmp_path / "shared"
    if path.is_file() and not path.is_symlink():
        os.link(path, shared)
    before = shared.read_bytes() if shared.exists() else None
    with pytest.raises(CacheDamaged):
        kept.read(digest)
    if not links:
        monkeypatch.setattr(os, "link", _refuse)
    target = tmp_path / "target"
    try:
        kept.link_to(digest, str(target))
    except CacheDamaged:
        assert not target.exists()
    else:
        # The audit of the site finds these.
        assert target.is_symlink() or not target.is_file() or target.read_bytes() != b"content"
    assert kept.put(b"content") == digest
    assert kept.read(digest) == b"content"
    assert path.is_file() and not path.is_symlink()
    assert outside.read_bytes() == b"content"
    assert (shared.read_bytes() if shared.exists() else None) == before
    kept.set("a", KEY, {"objects": [digest]})
    kept.save()
    assert objects(kept) == [digest]


def _refuse(*_: object, **__: object) -> None:
    raise OSError(18, "Invalid cross-device link")


@pytest.mark.parametrize("damage", DAMAGES)
def test_foreign_things_among_the_objects(kept: ObjectCache, tmp_path: Path, damage: Callable[..., None]) -> None:
    """They are gone after the next build, and what they point to is not."""
    outside = tmp_path / "outside"
    outside.write_bytes(b"content")
    digest = kept.put(b"mine")
    kept.set("a", KEY, {"objects": [digest]})
    damage(kept.folder / "objects" / "00" / "foreign", outside)
    kept.save()
    assert objects(kept) == [digest]
    assert outside.read_bytes() == b"content"
    damage(kept.folder / "objects" / "00" / "foreign", outside)
    kept.forget()
    assert objects(kept) == []
    assert outside.read_bytes() == b"content"


@pytest.mark.parametrize("name", ["objects", "objects/00"])
@pytest.mark.parametrize("kind", ["link", "file", "pipe"])
def test_folders_of_the_cache_that_are_none(tmp_path: Path, name: str, kind: str) -> None:
    """A link out of the cache is not followed, neither to write nor to remove; the cache is used all the same."""
    saved(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "thesis.txt").write_text("years of work")
    taken = tmp_path / ".gongshi" / "cache" / name
    shutil.rmtree(taken)
    if kind == "link":
        taken.symlink_to(outside)
    elif kind == "file":
        taken.write_text("")
    else:
        os.mkfifo(taken)
    cache = opened(tmp_path)
    assert cache.persistent
    for number in range(300):
        cache.put(b"%d" % number)
    cache.save()
    cache.forget()
    cache.close()
    assert [path.name for path in outside.iterdir()] == ["thesis.txt"]
    assert taken.is_dir() and not taken.is_symlink()


def test_nothing_is_changed_in_place(kept: ObjectCache, tmp_path: Path) -> None:
    """What lies in a site is its object, and stays as it is whatever becomes of the object."""
    digest = kept.put(b"content")
    target = tmp_path / "page.html"
    kept.link_to(digest, str(target))
    assert target.stat().st_ino == place(kept, digest).stat().st_ino
    assert kept.put(b"content") == digest
    assert target.stat().st_ino == place(kept, digest).stat().st_ino
    target.write_bytes(b"edited by hand")
    kept.put(b"content")
    assert kept.read(digest) == b"content"
    assert target.read_bytes() == b"edited by hand"
    kept.forget()
    assert target.read_bytes() == b"edited by hand"


def test_without_links_there_are_copies(kept: ObjectCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On another disk, or where a file has too many links already, the bytes are the same."""
    digest = kept.put(b"content")
    monkeypatch.setattr(os, "link", _refuse)
    kept.link_to(digest, str(tmp_path / "page.html"))
    assert (tmp_path / "page.html").read_bytes() == b"content"
    assert (tmp_path / "page.html").stat().st_ino != place(kept, digest).stat().st_ino
    with pytest.raises(CacheDamaged):
        kept.link_to(OTHER, str(tmp_path / "other.html"))


def test_what_has_a_place_in_the_site_keeps_it(kept: ObjectCache, tmp_path: Path) -> None:
    """Nothing is written over."""
    target = tmp_path / "page.html"
    target.write_text("before")
    with pytest.raises(FileExistsError):
        kept.link_to(kept.put(b"content"), str(target))
    assert target.read_text() == "before"


def test_two_builds_at_once(kept: ObjectCache, tmp_path: Path) -> None:
    """The second has a cache of its own, outside of the unit, which goes with it and disturbs nothing."""
    digest = kept.put(b"content")
    kept.set("a", KEY, {"objects": [digest]})
    kept.save()
    second = opened(tmp_path)
    assert kept.persistent and not second.persistent
    assert second.spare is None
    assert tmp_path not in second.folder.parents
    assert second.get("a", KEY) is None
    second.set("a", OTHER, {"objects": [second.put(b"other")]})
    second.save()
    second.forget()
    second.close()
    assert not second.folder.exists()
    assert objects(kept) == [digest]
    third = again(kept)
    assert third.persistent
    assert third.get("a", KEY)
    third.close()


def test_processes_that_keep_the_same_at_once(kept: ObjectCache) -> None:
    """Neither fails, and the object is whole, also where there was a damaged one."""
    contents = [b"%d" % number * 5000 for number in range(150)]
    for content in contents:
        digest = kept.put(content)
        place(kept, digest).write_bytes(b"damaged")
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=lambda: [kept.put(content) for content in contents]) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    for content in contents:
        assert kept.read(sha256(content)) == content
    assert len(objects(kept)) == len(contents)


def test_scraps_of_a_killed_build(kept: ObjectCache, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it left as it wrote an object or the index is gone after the next build."""
    (kept.folder / ".tmp-1234").write_text("half an index")
    place(kept, OTHER).write_text("half an object")
    kept.save()
    assert objects(kept) == []
    assert sorted(path.name for path in kept.folder.iterdir()) == [".lock", "objects"]


def test_another_umask(tmp_path: Path) -> None:
    """What was made so that only its owner can read it is made anew once others shall read the site."""
    old = os.umask(0o077)
    try:
        digest = saved(tmp_path)
        cache = opened(tmp_path)
        assert cache.get("page a", KEY)
        cache.close()
        os.umask(0o022)
        cache = opened(tmp_path)
        assert cache.get("page a", KEY) is None
        cache.put(b"content")
        assert place(cache, digest).stat().st_mode & 0o777 == 0o644
        cache.close()
    finally:
        os.umask(old)


@pytest.mark.slow
@pytest.mark.parametrize("name", [".gongshi/cache", ".gongshi"])
@pytest.mark.parametrize("kind", ["link", "dangling", "file", "pipe"])
def test_a_cache_folder_that_is_none(tmp_path: Path, name: str, kind: str) -> None:
    """The build goes on with one of its own, and nothing is written where a link leads."""
    outside, taken = tmp_path / "outside", tmp_path / name
    taken.parent.mkdir(exist_ok=True)
    if kind == "link":
        outside.mkdir()
    if kind in ("link", "dangling"):
        taken.symlink_to(outside)
    elif kind == "file":
        taken.write_text("")
    else:
        os.mkfifo(taken)
    cache = opened(tmp_path)
    assert not cache.persistent
    assert cache.read(cache.put(b"content")) == b"content"
    cache.save()
    cache.close()
    assert outside.exists() is (kind == "link")
    assert kind != "link" or list(outside.iterdir()) == []


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_a_lock_that_is_none(tmp_path: Path, kind: str) -> None:
    """A link in its place is not followed."""
    saved(tmp_path)
    lock, outside = tmp_path / ".gongshi" / "cache" / ".lock", tmp_path / "outside"
    outside.write_text("years of work")
    lock.unlink()
    if kind == "link":
        lock.symlink_to(outside)
    else:
        lock.mkdir()
    cache = opened(tmp_path)
    assert not cache.persistent
    cache.close()
    assert outside.read_text() == "years of work"


@pytest.mark.parametrize("name", ["mkdir", "open", "unlink"])
def test_a_system_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Where nothing can be made in the unit's folder, the build goes on with a cache of its own."""
    original: Callable[..., Any] = getattr(os, name)

    def refuse(path: Any, *arguments: Any, **keywords: Any) -> Any:
        if str(path).startswith(str(tmp_path)):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path, *arguments, **keywords)

    if name == "unlink":
        saved(tmp_path)
        (tmp_path / ".gongshi" / "cache" / "index.json").write_text("damaged")
    monkeypatch.setattr(os, name, refuse)
    cache = opened(tmp_path)
    assert cache.persistent is (name == "unlink")
    assert cache.read(cache.put(b"content")) == b"content"
    cache.close()


def test_a_cache_of_one_build() -> None:
    """It knows what it made, keeps nothing for the next, and is removed with everything in it."""
    cache = temporary_cache()
    digest = cache.put(b"content")
    cache.set("a", KEY, {"objects": [digest]})
    assert cache.get("a", KEY) == {"objects": [digest]}
    cache.save()
    assert not (cache.folder / "index.json").exists()
    assert cache.read(digest) == b"content"
    assert cache.folder.stat().st_mode & 0o077 == 0
    cache.close()
    cache.close()
    assert not cache.folder.exists()


def test_forgetting(kept: ObjectCache) -> None:
    """Objects, what they became and the spare site go; the next build begins with nothing."""
    kept.set("a", KEY, {"objects": [kept.put(b"content")]})
    kept.save()
    assert kept.spare
    (kept.spare / "folder").mkdir(parents=True)
    kept.forget()
    assert objects(kept) == []
    assert not kept.spare.exists()
    assert kept.get("a", KEY) is None
    kept.save()
    assert again(kept).get("a", KEY) is None


def test_an_index_behind_a_link(tmp_path: Path) -> None:
    """It is not read, and replaced by one that is a file."""
    saved(tmp_path)
    index, outside = tmp_path / ".gongshi" / "cache" / "index.json", tmp_path / "outside"
    content = index.read_bytes()
    write_atomic(outside, content)
    index.unlink()
    index.symlink_to(outside)
    cache = opened(tmp_path)
    assert cache.get("page a", KEY) is None
    cache.set("page b", KEY, {"objects": []})
    cache.save()
    cache.close()
    assert not index.is_symlink()
    assert outside.read_bytes() == content
