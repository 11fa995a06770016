"""What builds keep for the next ones: only what did not change is used, and nothing that is damaged or not public."""

from __future__ import annotations

import json
import os
import shutil
import signal
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongshi.build.cache import secret_key as secrets
from gongshi.common import object_cache
from gongshi.common.hashing import sha256
from support.build_compare import build_like_cold, cold_build, compare, copy_without_cache, everything, said
from support.builds import build_with
from support.photos import gradient, saved
from support.replaced_site import mounted
from support.unit import UnitUnderTest, settings

pytestmark = pytest.mark.slow

CANARY = "CANARY4c1d"
SECRET = "announcements/b/index.md"
DIED = -signal.SIGKILL


def rules(**review: Any) -> dict[str, Any]:
    """Rules with one stage; a build may take down everything, as a cold one with no site before it does."""
    found = {**settings(**{"chain": ["final"], **review}), "takedown_limit": "100%"}
    for column in found["columns"].values():
        column["chain"] = ["final"]
    return found


def publish(unit: UnitUnderTest, path: str) -> None:
    """Submit and approve."""
    for act, person in (("submit", "clerk"), ("approve", "chief")):
        result = unit.gongshi(act, f"docs/{path}", "--as", person)
        assert result.exit_code == 0, result.all


def edit(unit: UnitUnderTest, words: str) -> None:
    """Approve another text of an entry."""
    unit.write("announcements/c.md", title="Third", body=f"Words {words}.", date="2026-11-02")
    publish(unit, "announcements/c.md")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """A unit that was built twice, so that there is a cache with a spare site."""
    unit = UnitUnderTest(tmp_path_factory.mktemp("cached") / "unit")
    unit.configure(rules())
    body = f"{CANARY}body [second](../a.md)\n\n![picture](p.png)"
    attached = [{"file": f"{CANARY}.txt", "title": f"{CANARY}attached"}]
    unit.write(
        SECRET, title=f"{CANARY}title", body=body, attachments=attached, tags=[f"{CANARY}tag"], date="2026-11-04"
    )
    unit.write(f"announcements/b/{CANARY}.txt", f"{CANARY}bytes")
    unit.write("announcements/b/p.png", saved(gradient(1000, 30), "PNG"))
    unit.write(
        "announcements/a.md", title="First", body=f"[to]({SECRET.split('/', 1)[1]}) [about](/about/)", date="2026-11-03"
    )
    unit.write("activities/d.md", title="Activity", event={"start": "2026-11-23"})
    unit.write("about.md", title="About", date=None)
    for path in (SECRET, "announcements/a.md", "activities/d.md", "about.md"):
        publish(unit, path)
    for words in ("one", "two"):
        edit(unit, words)
        assert unit.build("--strict").exit_code == 0
    return unit


@pytest.fixture
def built(template: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of it, with the links between site, spare site and cache as they are."""
    return template.copy(tmp_path / "unit")


def cache_of(unit: UnitUnderTest) -> Path:
    """Where the cache lies."""
    return unit.root / ".gongshi" / "cache"


def index(unit: UnitUnderTest) -> dict[str, Any]:
    """What the cache knows, by name."""
    made: dict[str, Any] = json.loads((cache_of(unit) / "index.json").read_bytes().partition(b"\n")[2])["made"]
    return made


def thing(unit: UnitUnderTest, digest: str) -> Path:
    """An object of the cache."""
    return cache_of(unit) / "objects" / digest[:2] / digest


def inodes(site: Path) -> dict[str, int]:
    """Every file's inode."""
    return {path.relative_to(site).as_posix(): path.stat().st_ino for path in site.rglob("*") if path.is_file()}


def test_what_did_not_change_stays(built: UnitUnderTest) -> None:
    """After one approval exactly the files with other bytes are other files, and only pages that changed were made."""
    names, inode, made = everything(built.site)[1], inodes(built.site), index(built)
    edit(built, "three")
    build_like_cold(built, "--strict")
    after, inode_after, made_after = everything(built.site)[1], inodes(built.site), index(built)
    both = set(names) & set(after) - {".well-known/gongshi.json"}
    assert {path for path in both if names[path] != after[path]} == {
        path for path in both if inode[path] != inode_after[path]
    }
    remade = {name for name in made_after if made.get(name) != made_after[name] and name.startswith(("page", "file"))}
    assert "page announcements/c.md" in remade
    assert not remade & {"page about.md", "page activities/d.md", f"page {SECRET}", "file announcements/b/p.png"}


def test_the_same_is_known_in_another_process_and_folder(built: UnitUnderTest) -> None:
    """Neither the order in which a process keeps sets nor the folder where a unit lies lets anything be made anew."""
    made = index(built)
    built.root = built.root.rename(built.root.parent / "elsewhere")
    for seed in ("1", "2"):
        assert built.build(PYTHONHASHSEED=seed, LANG="zh_CN.UTF-8").exit_code == 0
        assert index(built) == made


def test_another_program_makes_everything_anew(built: UnitUnderTest) -> None:
    """Also the index of the search, where only the code that makes it is another."""
    hooks = built.own_hooks()
    assert built.build().exit_code == 0
    source = hooks / "gongshi" / "site" / "search" / "index.py"
    assert "_json(rows)" in source.read_text()
    source.write_text(source.read_text().replace("_json(rows)", "_json([row[::-1] for row in rows])"))
    build_like_cold(built)


def test_what_was_said_of_a_page_is_said_again(built: UnitUnderTest) -> None:
    """Of a page that was made before the build says what it said then: here what MkDocs says of one of its links."""
    result = build_like_cold(built, "--strict")
    assert result.all.count("'announcements/a.md' contains an absolute link '/about/'") == 1


def _in_place(path: Path) -> None:
    content = path.read_bytes()
    with path.open("r+b") as file:
        file.seek(len(content) // 2)
        file.write(bytes([content[len(content) // 2] ^ 1]))


def _of_page(unit: UnitUnderTest, number: int) -> Path:
    return thing(unit, index(unit)[f"page {SECRET}"][1]["objects"][number])


def _of(unit: UnitUnderTest, prefix: str) -> Path:
    return thing(
        unit, next(values["objects"][-1] for name, (_k, values) in index(unit).items() if name.startswith(prefix))
    )


def _objects(unit: UnitUnderTest, act: Callable[[Path], None]) -> None:
    for path in (cache_of(unit) / "objects").glob("*/*"):
        act(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _foreign(site: Path) -> None:
    (site / "foreign" / "deep").mkdir(parents=True)
    (site / "announcements" / "draft.html").write_text(CANARY)
    (site / "announcements" / "link").symlink_to("/etc")
    (site / "empty").mkdir()
    os.mkfifo(site / "pipe")


def _twisted(site: Path) -> None:
    for name in ("feed.xml", "index.html", ".well-known/gongshi.json"):
        _folder(site / name)
    shutil.rmtree(site / "announcements")
    (site / "announcements").write_text("a file")
    shutil.rmtree(site / "activities")
    (site / "activities").symlink_to("/etc")


def _empty_folders(site: Path) -> None:
    for name in ("announcements/feed.xml", "about/index.html"):
        _folder(site / name)
    (site / "announcements" / "withdrawn").mkdir()


def _spare(unit: UnitUnderTest) -> Path:
    return cache_of(unit) / "spare"


DAMAGES: dict[str, Callable[[UnitUnderTest], None]] = {
    "a page": lambda unit: _in_place(_of_page(unit, 0)),
    "the words of a page": lambda unit: _in_place(_of_page(unit, 1)),
    "a picture": lambda unit: _in_place(_of(unit, "file announcements/b/p.png")),
    "a shard": lambda unit: _in_place(_of(unit, "shard ")),
    "a feed": lambda unit: _of(unit, "made feed.xml").unlink(),
    "a page gone": lambda unit: _of_page(unit, 0).unlink(),
    "words gone": lambda unit: _of_page(unit, 1).unlink(),
    "a picture gone": lambda unit: _of(unit, "file announcements/b/p.png").unlink(),
    "objects gone": lambda unit: shutil.rmtree(cache_of(unit) / "objects"),
    "objects are folders": lambda unit: _objects(unit, _folder),
    "objects are links": lambda unit: _objects(unit, _link),
    "objects are pipes": lambda unit: _objects(unit, _pipe),
    "the index": lambda unit: _in_place(cache_of(unit) / "index.json"),
    "the site": lambda unit: _in_place(unit.site / "announcements" / "b" / "index.html"),
    "a file of the site gone": lambda unit: (unit.site / "feed.xml").unlink(),
    "foreign in the site": lambda unit: _foreign(unit.site),
    "a twisted site": lambda unit: _empty_folders(unit.site),
    "the spare": lambda unit: _in_place(_spare(unit) / "about" / "index.html"),
    "the spare's manifest": lambda unit: _in_place(_spare(unit) / ".well-known" / "gongshi.json"),
    "the spare gone": lambda unit: shutil.rmtree(_spare(unit)),
    "a file of the spare gone": lambda unit: (_spare(unit) / "about" / "index.html").unlink(),
    "foreign in the spare": lambda unit: _foreign(_spare(unit)),
    "a twisted spare": lambda unit: _twisted(_spare(unit)),
    "empty folders in the spare": lambda unit: _empty_folders(_spare(unit)),
    "links in the spare": lambda unit: _link(_spare(unit) / "feed.xml"),
    "pipes in the spare": lambda unit: _pipe(_spare(unit) / "about" / "index.html"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage(built: UnitUnderTest, name: str) -> None:
    """Whatever is damaged, missing or foreign in cache, site or spare site: the next builds publish the cold site."""
    DAMAGES[name](built)
    assert build_like_cold(built, "--strict").exit_code == 0
    edit(built, "three")
    assert build_like_cold(built, "--strict").exit_code == 0
    assert Path("/etc/hostname").is_file()


def _withdraw(unit: UnitUnderTest) -> None:
    assert unit.gongshi("withdraw", f"docs/{SECRET}", "--as", "chief", "--reason", "wrong").exit_code == 0


def _spoil(unit: UnitUnderTest) -> None:
    dossier = unit.dossier(SECRET)
    dossier.write_bytes(dossier.read_bytes().replace(b'"approve"', b'"approvf"'))


def _unproven(unit: UnitUnderTest) -> None:
    unit.dossier(SECRET).unlink()


def _without(change: Callable[[dict[str, Any]], None]) -> Callable[[UnitUnderTest], None]:
    def act(unit: UnitUnderTest) -> None:
        found = rules()
        change(found)
        unit.configure(found)

    return act


def _role(found: dict[str, Any]) -> None:
    found["people"]["chief"]["roles"] = ["editor"]


def _person(found: dict[str, Any]) -> None:
    found["people"].pop("chief")


def _later(found: dict[str, Any]) -> None:
    found["people"]["chief"]["since"] = "2026-11-22"


def _chain(found: dict[str, Any]) -> None:
    found["columns"]["announcements"]["chain"] = ["first", "final"]


@pytest.mark.parametrize(
    "act",
    [_withdraw, _spoil, _unproven, _without(_role), _without(_person), _without(_later), _without(_chain)],
    ids=["withdrawn", "damaged", "no dossier", "no role", "no person", "not yet", "longer chain"],
)
def test_verdicts_are_never_kept(built: UnitUnderTest, act: Callable[[UnitUnderTest], None]) -> None:
    """What is not public any more is gone with the next build, in every file of the site, whatever the cache holds."""
    assert built.leaks(CANARY)
    own = built.site / "announcements" / "b"
    bytes_of_files = {path.read_bytes() for path in own.rglob("*") if path.suffix in (".png", ".txt", ".webp")}
    assert len(bytes_of_files) > 1
    act(built)
    assert build_like_cold(built).exit_code == 0
    assert built.leaks(CANARY) == []
    assert not bytes_of_files & set(everything(built.site)[1].values())


def test_verification_uses_no_cache(built: UnitUnderTest) -> None:
    """A wrong page that was put into the cache with a right hash is found by `gongshi verify --source`."""
    made = index(built)
    before = made["page about.md"][1]["objects"][0]
    content = thing(built, before).read_bytes().replace(b"About", b"Wrong")
    wrong = thing(built, sha256(content))
    wrong.parent.mkdir(exist_ok=True)
    wrong.write_bytes(content)
    text = (
        (cache_of(built) / "index.json")
        .read_bytes()
        .partition(b"\n")[2]
        .replace(before.encode(), sha256(content).encode())
    )
    secret = secrets.load_or_create({"HOME": str(built.root)})
    assert secret
    (cache_of(built) / "index.json").write_bytes(object_cache._seal(text, secret) + b"\n" + text)
    assert built.build().exit_code == 0
    assert "Wrong" in built.page("about")
    result = built.gongshi("verify", "site", "--source")
    assert result.exit_code == 1
    assert "changed: about/index.html" in result.all


def test_another_disk(built: UnitUnderTest) -> None:
    """A site on another file system than the cache has the same bytes."""
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == built.root.stat().st_dev:
        pytest.skip("no other file system here")
    place = shared / f"gongshi-test-{os.getpid()}"
    try:
        for words in ("three", "four"):
            edit(built, words)
            copy = copy_without_cache(built)
            result, expected = built.build("-d", f"{place}/site"), copy.build("-d", "site")
            assert (result.exit_code, expected.exit_code) == (0, 0), result.all
            compare(place / "site", copy.site)
        assert said(result)[1][:-2] == said(expected)[1][:-2]
    finally:
        shutil.rmtree(place, ignore_errors=True)


KILLER = """
    import os, pathlib, signal, sys
    from gongshi.common import object_cache as cache; from gongshi.release import atomic_folder as release
    left, build = {count}, os.getpid()
    def arm(place, name):
        act = getattr(place, name)
        def counted(*arguments, **keywords):
            global left
            left -= 1
            if left == 0:
                os.kill(build, signal.SIGKILL)
            return act(*arguments, **keywords)
        setattr(place, name, counted)
    for place, name in ({places}):
        arm(place, name)
    from mkdocs.__main__ import cli
    cli(["build"], prog_name="mkdocs")
"""
MOMENTS = [
    ("(cache.ObjectCache, 'put'),", 1), ("(cache.ObjectCache, 'put'),", 3), ("(cache.ObjectCache, 'link_to'),", 2), ("(os, 'fsync'),", 1),
    ("(os, 'fsync'),", 3), ("(pathlib.Path, 'rename'),", 1), ("(pathlib.Path, 'rename'),", 2),
    ("(pathlib.Path, 'replace'),", 1), ("(pathlib.Path, 'replace'),", 3), ("(pathlib.Path, 'replace'),", 4),
    ("(release, 'exchange'),", 1), ("(release, 'exchange'),", 2), ("(release.FolderUpdate, 'stage'),", 1),
    ("(cache.ObjectCache, 'save'),", 1), ("(cache.ObjectCache, '_prune'),", 1),
]  # fmt: skip


@pytest.mark.kill
@pytest.mark.parametrize(("places", "count"), MOMENTS)
def test_killed(built: UnitUnderTest, places: str, count: int) -> None:
    """Killed at any moment the site is the old or the new one, and the next build leaves no scraps."""
    before = everything(built.site)
    edit(built, "three")
    after = cold_build(built)
    assert after.said[0] == 0
    script = textwrap.dedent(KILLER.format(places=places, count=count))
    done = built.run_script(script)
    assert done.exit_code == DIED, done.all
    assert everything(built.site) in (before, (after.names, after.files))
    assert build_like_cold(built).exit_code == 0
    assert [path.name for path in cache_of(built).glob(".tmp-*")] == []


def test_times_of_a_page_that_returns(built: UnitUnderTest) -> None:
    """Back at an earlier form it has a later time than both, or browsers would keep the form between; others keep theirs."""
    page, other = built.site / "announcements/c/index.html", built.site / "about/index.html"
    times, kept = [int(page.stat().st_mtime)], other.stat().st_mtime_ns
    for words in ("three", "two", "three"):
        edit(built, words)
        assert built.build().exit_code == 0
        assert words in page.read_text()
        times.append(int(page.stat().st_mtime))
    assert times == sorted(set(times))
    assert other.stat().st_mtime_ns == kept


def test_a_withdrawal_reaches_every_mount(built: UnitUnderTest, tmp_path: Path) -> None:
    """The folder that is served stays the same one, so a container shows each new site and nothing withdrawn."""
    with mounted(built.site, tmp_path / "elsewhere", "--bind") as elsewhere:
        assert CANARY in (elsewhere / "announcements/b/index.html").read_text()
        _withdraw(built)
        for words in ("three", "four"):
            assert built.build().exit_code == 0
            assert everything(elsewhere) == everything(built.site)
            assert [name for name, content in everything(elsewhere)[1].items() if CANARY.encode() in content] == []
            edit(built, words)


def test_nothing_is_laid_before_all_is_checked(built: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one damaged object the folder that is to be the site gets no file, and the build begins anew."""
    laid: list[str] = []
    lay, forget = object_cache.ObjectCache.link_to, object_cache.ObjectCache.forget

    def noted(self: object_cache.ObjectCache, digest: str, target: str) -> None:
        laid.append(target)
        lay(self, digest, target)

    def forgetting(self: object_cache.ObjectCache) -> None:
        assert laid == []
        forget(self)

    edit(built, "three")
    _in_place(_of_page(built, 0))
    monkeypatch.setattr(object_cache.ObjectCache, "link_to", noted)
    monkeypatch.setattr(object_cache.ObjectCache, "forget", forgetting)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795226400")
    build_with(built, "pre_build", lambda **_: None, monkeypatch)
    assert len(laid) > 20
    assert CANARY in built.page("announcements/b")


NAV = [{"Home": "index.md"}, {"About": "about.md"}]
LINKED = [{"Home": "index.md"}, {"About": "about/"}]
SLUGIFY = "{toc: {slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {percent_encode: %s}}}}"


def test_a_page_of_the_navigation_and_a_link_to_it(built: UnitUnderTest) -> None:
    """Only the page itself marks where one is."""
    for nav in (NAV, LINKED, NAV):
        built.configure(rules(), nav=nav)
        build_like_cold(built)


def test_an_option_that_is_an_object(built: UnitUnderTest) -> None:
    """What mkdocs.yml hands to a function is part of what pages are made of."""
    text = (built.root / "mkdocs.yml").read_text()
    for encoded in ("false", "true"):
        (built.root / "mkdocs.yml").write_text(
            text.replace("markdown_extensions:\n", f"markdown_extensions:\n- {SLUGIFY % encoded}\n")
        )
        assert build_like_cold(built).exit_code == 0


def test_permissions_come_back(built: UnitUnderTest) -> None:
    """Whoever changed those of a file or folder of the site changed them for one build at most."""
    for path in (built.site / "about" / "index.html", built.site / "about"):
        path.chmod(0o700)
    for _build in range(2):
        assert built.build().exit_code == 0
    modes = {path.stat().st_mode & 0o777 for path in built.site.rglob("*") if path.is_file()}
    assert modes == {0o644}
    assert {path.stat().st_mode & 0o777 for path in built.site.rglob("*") if path.is_dir()} == {0o755}
