"""The build: pinned bytes, the audit, failures that leave the site alone, the preview, reproducible output."""

from __future__ import annotations

import gc
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, InclusionLevel

from gongshi.common.hashing import sha256
from support.builds import build_with, snapshot
from support.http_server import fetch, serving
from support.unit import UnitUnderTest, settings

CANARY = "CANARY7f3a"
STYLES = "assets/gongshi/site.css"


@pytest.mark.slow
def test_a_write_during_the_build_changes_nothing(published: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafts and kept texts that change after the gate looked at them do not reach the site (14)."""
    before = snapshot(published.site)

    def write(**_: Any) -> None:
        published.write("announcements/b/index.md", title=CANARY)
        published.write("announcements/b/a.txt", CANARY)
        for kept in (published.docs / ".reviews" / "objects").rglob("*"):
            if kept.is_file() and kept.read_bytes() != b"approved bytes":
                kept.write_text(CANARY)

    build_with(published, "pre_build", write, monkeypatch)
    assert published.leaks(CANARY) == []
    after = snapshot(published.site)
    assert {p: c for p, c in after.items() if p.startswith("announcements/b/")} == {
        p: c for p, c in before.items() if p.startswith("announcements/b/")
    }


def _spoil_kept_attachments(unit: UnitUnderTest) -> None:
    for kept in (unit.docs / ".reviews" / "objects").rglob("*"):
        if kept.is_file() and kept.read_bytes() == b"approved bytes":
            kept.write_text(CANARY)


@pytest.mark.slow
def test_a_kept_attachment_that_changes_stops_the_build(
    published: UnitUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attachments are checked at the moment they are copied (14)."""
    shutil.rmtree(published.root / ".gongshi" / "cache")
    before = snapshot(published.site)
    with pytest.raises(Abort):
        build_with(published, "pre_build", lambda **_: _spoil_kept_attachments(published), monkeypatch)
    assert snapshot(published.site) == before


def test_an_attachment_of_an_earlier_build_has_the_approved_bytes(
    published: UnitUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier build kept is published as long as it is what was approved, whatever becomes of the original."""
    before = snapshot(published.site)
    build_with(published, "pre_build", lambda **_: _spoil_kept_attachments(published), monkeypatch)
    assert published.leaks(CANARY) == []
    assert snapshot(published.site)["announcements/b/a.txt"] == before["announcements/b/a.txt"]


def _add_page(files: Any, config: Any) -> Any:
    files.append(File.generated(config, "late.md", content=f"# {CANARY}", inclusion=InclusionLevel.INCLUDED))
    return files


def _swap_page(files: Any, config: Any) -> Any:
    """Another page under the path of an approved one."""
    path = "announcements/b/index.md"
    files.append(File.generated(config, path, content=CANARY, inclusion=InclusionLevel.NOT_IN_NAV))
    return files


def _swap_page_of_the_navigation(files: Any, config: Any) -> Any:
    """Another page under the path of one that the navigation names."""
    path = "announcements/index.md"
    files.remove(files.get_file_from_path(path))
    files.append(File.generated(config, path, content=CANARY, inclusion=InclusionLevel.NOT_IN_NAV))
    return files


def _add_file(env: Any, config: Any, files: Any) -> Any:
    files.append(File.generated(config, "late.txt", content=CANARY))
    return env


def _write_file(config: Any) -> None:
    (Path(config.site_dir) / "late.txt").write_text(CANARY)


def _change_file(config: Any) -> None:
    (Path(config.site_dir) / STYLES).write_text(CANARY)


def _remove_file(config: Any) -> None:
    (Path(config.site_dir) / STYLES).unlink()


def _write_page(config: Any) -> None:
    place = Path(config.site_dir) / "announcements" / "b" / "index.html"
    place.parent.mkdir(parents=True)
    place.write_text(CANARY)


def _link_file(config: Any) -> None:
    (Path(config.site_dir) / "late").symlink_to("/etc")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("event", "act"),
    [
        ("files", _add_page),
        ("early_files", _add_page),
        ("files", _swap_page),
        ("files", _swap_page_of_the_navigation),
        ("env", _add_file),
        ("post_build", _write_file),
        ("post_build", _change_file),
        ("post_build", _remove_file),
        ("post_build", _link_file),
        ("post_build", _write_page),
    ],
)
def test_what_comes_in_behind_the_gate(
    published: UnitUnderTest, monkeypatch: pytest.MonkeyPatch, event: str, act: Callable[..., Any]
) -> None:
    """A page or file that anything adds, changes or removes stops the build and leaves the site as it was (16)."""
    before = snapshot(published.site)
    with pytest.raises((Abort, SystemExit)):
        build_with(published, event, act, monkeypatch)
    assert snapshot(published.site) == before
    assert [path.name for path in published.root.iterdir() if path.name.startswith(".site-")] == []


STEPS = (
    "config_check.loader.load_configuration", "site_build.load_host_files", "site_build.content.published_content", "site_build.AtomicFolder",
    "log.takedown_guard.guard", "site_build.navigation.nav_titles", "site_build.TemplateContext",
    "site_build.theme_files.is_published", "site_build.install_language", "site_build.PageRenderer",
    "render.text_converter.TextConverter.convert", "assemble.adopt_mkdocs_output", "assemble.store_all",
    "assemble.link_into", "assemble.folder_audit.audit_folder", "site_build.build_log.log_summary",
    "site_build.AtomicFolder.publish",
)  # fmt: skip


@pytest.mark.slow
def test_a_step_that_fails_leaves_everything_as_it_was(
    published: UnitUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever step of a build fails, the site stays, MkDocs has its folders back, and no temporary folder is left."""
    before = snapshot(published.site)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.chdir(published.root)
    monkeypatch.setenv("HOME", str(published.root))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    for step in STEPS:
        config = load_config(str(published.root / "mkdocs.yml"))
        folders = config.docs_dir, config.site_dir
        config.plugins.on_startup(command="build", dirty=False)
        shutil.rmtree(published.root / ".gongshi" / "cache", ignore_errors=True)

        def fail(*_arguments: Any, _step: str = step, **_options: Any) -> None:
            raise RuntimeError(_step)

        with monkeypatch.context() as patch:
            patch.setattr(f"gongshi.build.{step}", fail)
            with pytest.raises(RuntimeError, match=step):
                build(config)
        assert snapshot(published.site) == before, step
        assert (config.docs_dir, config.site_dir) == folders, step
        assert [path for path in scratch.iterdir() if path.is_dir()] == [], step
        assert [path.name for path in published.root.iterdir() if path.name.startswith(".site-")] == [], step
        assert gc.isenabled(), step
    build(load_config(str(published.root / "mkdocs.yml")))


def test_an_invalid_entry_is_a_warning_that_names_the_file(published: UnitUnderTest) -> None:
    """Without `--strict` the rest is published; with it the build stops."""
    published.write("announcements/bad.md", "no front matter")
    result = published.build()
    assert result.exit_code == 0
    assert "WARNING" in result.all
    assert "docs/announcements/bad.md:1" in result.all


def test_a_withheld_entry_is_no_error(published: UnitUnderTest) -> None:
    """`--strict` passes, and the build ends with a summary."""
    published.write("announcements/draft.md")
    result = published.build("--strict")
    assert result.exit_code == 0
    assert "Published: 1 entry or page, 0 notices" in result.all
    assert "Withheld: 1 (draft 1)" in result.all


def test_assurance_flag_says_so(unit: UnitUnderTest) -> None:
    """Where nothing is sealed, every build says so."""
    unit.configure(settings(assurance="flag"))
    unit.write(
        "announcements/a.md", status="approved", approved_by={"first": "head", "second": "deputy", "final": "chief"}
    )
    result = unit.build("--strict")
    assert result.exit_code == 0
    assert "nothing is sealed" in result.all
    assert "A title" in unit.page("announcements/a")


def test_the_manifest_accounts_for_every_file(published: UnitUnderTest) -> None:
    """Each file of the site with its SHA-256; entries with the digest that was approved."""
    manifest = json.loads((published.site / ".well-known" / "gongshi.json").read_text())
    files = snapshot(published.site)
    assert set(manifest["files"]) == set(files) - {".well-known/gongshi.json"}
    assert all(sha256(files[path]) == listed["sha256"] for path, listed in manifest["files"].items())
    page = manifest["files"]["announcements/b/index.html"]
    status = published.gongshi("status", "--json", "docs/announcements/b").json()["entries"][0]
    assert page == {"sha256": page["sha256"], "kind": "page", "entry": "announcements/b/index.md",
                    "digest": status["public_digest"]}  # fmt: skip
    assert manifest["files"]["announcements/b/a.txt"]["kind"] == "file"


@pytest.mark.slow
def test_same_input_same_bytes(published: UnitUnderTest, tmp_path: Path) -> None:
    """Another folder, time zone and language of the operator give the same site."""
    published.write("announcements/draft.md")
    published.write("announcements/links.md", body="<https://www.unit.example/announcements/draft/>")
    published.publish("announcements/links.md")
    published.write("announcements/w.md")
    published.publish("announcements/w.md")
    assert published.gongshi("withdraw", "docs/announcements/w.md", "--as", "chief", "--reason", "x").exit_code == 0
    assert published.build().exit_code == 0
    before = snapshot(published.site)
    assert "(not public)" in published.page("announcements/links")
    elsewhere = tmp_path / "elsewhere" / "a folder"
    shutil.copytree(published.root, elsewhere, symlinks=True, ignore=shutil.ignore_patterns("site"))
    other = UnitUnderTest(elsewhere)
    other.configure(settings())
    result = other.build(TZ="America/New_York", LANG="zh_CN.UTF-8", PYTHONHASHSEED="7")
    assert result.exit_code == 0, result.all
    assert snapshot(other.site) == before


def test_lists_are_paged(unit: UnitUnderTest) -> None:
    """20 a page, pinned first, years, and the newest on the home page."""
    unit.configure(settings(assurance="flag"))
    flags: dict[str, Any] = {
        "status": "approved",
        "approved_by": {"first": "head", "second": "deputy", "final": "chief"},
    }
    for number in range(1, 42):
        day = f"{2025 + number % 2}-01-{number % 28 + 1:02d}"
        unit.write(f"announcements/e{number}.md", title=f"Entry {number:02d}", date=day, pinned=number == 7, **flags)
    assert unit.build("--strict").exit_code == 0
    first, third = unit.page("announcements"), unit.page("announcements/page/3")
    assert first.count("<li>\n    <a href=") == 20
    assert third.count("<li>\n    <a href=") == 1
    assert first.index("Entry 07") < first.index("Entry 27")
    assert 'href="2026/"' in first
    assert not (unit.site / "announcements" / "page" / "4").exists()
    assert unit.page("announcements/2025").count("Entry ") == 20
    assert unit.page("").count("Entry ") == 8
    site_map = (unit.site / "sitemap.xml").read_text()
    assert site_map.count("<loc>https://www.unit.example/announcements/e") == 41


def test_an_expired_notice_is_in_no_list(unit: UnitUnderTest) -> None:
    """With `on_expiry: notice` the page says so and the lists leave it out."""
    unit.configure({**settings(), "on_expiry": "notice"})
    unit.write("announcements/old.md", title="Old matter", expires_at="2026-11-20", body="Gone text")
    unit.publish("announcements/old.md", now="2026-11-10T09:00:00+08:00")
    assert unit.build("--strict").exit_code == 0
    page = unit.page("announcements/old")
    assert "valid until 2026-11-20" in page
    assert "Gone text" not in page
    assert "Old matter" not in unit.page("announcements") + unit.page("") + (unit.site / "sitemap.xml").read_text()


def test_what_editors_leave_in_a_bundle(published: UnitUnderTest) -> None:
    """Swap, backup and lock files in a bundle's folder are no part of the entry: neither approved nor published."""
    for name in (".a.txt.swp", "a.txt~", "~$a.docx", ".DS_Store", "a.bak"):
        published.write(f"announcements/b/{name}", CANARY)
    assert published.build("--strict").exit_code == 0
    assert published.leaks(CANARY) == []
    entry = published.gongshi("status", "--json", "docs/announcements/b").json()["entries"][0]
    assert entry["state"] == "published"
    assert "docs/announcements/b/.a.txt.swp: is a hidden, backup or temporary file" in published.gongshi("check").output


@pytest.mark.slow
def test_names_that_need_quoting(unit: UnitUnderTest) -> None:
    """Spaces, quotes, `#`, `%`, `&`, emoji and Chinese in names of entries and files work from list to attachment."""
    names = ["with space", "it's", "a#b", "100%", "a&b", "😀", "停水通知", "a+b=c,d;e", "a%20b"]
    for name in names:
        path = f"announcements/{name}/index.md"
        unit.write(path, title=f"Title of {name}", attachments=[{"file": f"{name}.txt", "title": "Attached"}])
        unit.write(f"announcements/{name}/{name}.txt", f"bytes of {name}")
        unit.publish(path)
    result = unit.build("--strict")
    assert result.exit_code == 0, result.all
    with serving(unit.site) as base:
        listing = fetch(base + "announcements/")
        for name in names:
            href = next(part.split('"')[0] for part in listing.split('href="') if f"Title of {html(name)}<" in part)
            page = fetch(base + "announcements/" + href)
            assert f"Title of {html(name)}" in page
            attached = next(part.split('"')[0] for part in page.split('href="') if "download>Attached" in part)
            assert fetch(base + "announcements/" + href + attached) == f"bytes of {name}"


def html(text: str) -> str:
    """Text as the templates write it."""
    return text.replace("&", "&amp;").replace("'", "&#39;")


@pytest.mark.slow
def test_text_that_is_beyond_markdown(published: UnitUnderTest) -> None:
    """A page that cannot be converted says so, and every other page is built."""
    published.write("announcements/a.md", body="![x](b/index.md){: src= }\n\nText after.", title="Odd")
    published.write("announcements/broken.md", body="<![foo[ x ]]>", title="Broken")
    published.write("announcements/deep.md", body="".join("    " * n + "- x\n" for n in range(400)), title="Deep")
    for name in ("a", "broken"):
        published.publish(f"announcements/{name}.md")
    refused = published.gongshi("submit", "docs/announcements/deep.md", "--as", "clerk")
    assert "docs/announcements/deep.md:39: lists or quotations are nested more than 30 deep" in refused.all
    published.publish_unlimited("announcements/deep.md")
    result = published.build()
    assert result.exit_code == 0, result.all
    assert "docs/announcements/deep.md: its text cannot be converted (its lists, quotations" in result.all
    for name in ("broken", "deep"):
        assert "This page cannot be shown at the moment." in published.page(f"announcements/{name}")
    assert "Text after." in published.page("announcements/a")
    assert "Bundle" in published.page("announcements/b")
    assert published.build("--strict").exit_code == 1


@pytest.mark.slow
def test_a_file_where_a_folder_should_be(published: UnitUnderTest) -> None:
    """`index.html` as a name, and a page below what was an attachment: refused or the elder stays."""
    published.write("index.html.md", title="X", date=None)
    published.write("about/index.md", title="About", date=None)
    published.write("about/team.txt", "bytes")
    published.publish("about/index.md")
    (published.docs / "about" / "team.txt").unlink()
    published.write("about/team.txt/x.md", title="Below", date=None)
    published.publish("about/team.txt/x.md")
    published.write("announcements/c/index.md")
    published.write("announcements/c/index.html/x.txt", "x")
    result = published.build()
    assert result.exit_code == 0, result.all
    assert (published.site / "about" / "team.txt").read_text() == "bytes"
    assert (published.site / "index.html").is_file()
    check = published.gongshi("check").output
    assert "docs/about/team.txt/x.md: has the same address as docs/about/index.md" in check
    assert "docs/index.html.md: the name index.html is reserved" in check
    assert "docs/announcements/c/index.html/x.txt: programs, scripts and web pages cannot be attachments" in check


def test_the_elder_of_two_keeps_the_address(unit: UnitUnderTest) -> None:
    """A new version of the page that was first does not give its address to the one that came later."""
    unit.write("announcements/a.md", title="First")
    unit.publish("announcements/a.md", now="2026-11-01T09:00:00+08:00")
    (unit.docs / "announcements" / "a.md").rename(unit.docs / "a.md.away")
    unit.write("announcements/a/index.md", title="Second")
    unit.publish("announcements/a/index.md", now="2026-11-02T09:00:00+08:00")
    shutil.rmtree(unit.docs / "announcements" / "a")
    unit.write("announcements/a.md", title="First again")
    unit.publish("announcements/a.md", now="2026-11-03T09:00:00+08:00")
    assert unit.build().exit_code == 0
    assert "First again" in unit.page("announcements/a")


@pytest.mark.slow
def test_what_is_lost_is_said(published: UnitUnderTest) -> None:
    """An unreadable docs/ keeps the site; a missing record or a forgotten withdrawal is a warning."""
    before = snapshot(published.site)
    docs = published.docs
    docs.rename(published.root / "away")
    result = published.build("--strict")
    assert result.exit_code != 0
    assert snapshot(published.site) == before
    (published.root / "away").rename(docs)
    old = published.root / "old-reviews"
    shutil.copytree(docs / ".reviews", old)
    assert published.gongshi("withdraw", "docs/announcements/b", "--as", "chief", "--reason", "x").exit_code == 0
    shutil.rmtree(docs / ".reviews")
    old.rename(docs / ".reviews")
    assert "docs/.reviews/announcements/b/index.md.jsonl:4: record damaged" in published.build("--strict").all
    # In a clone that has not seen the withdrawal the flag is all that tells.
    shutil.rmtree(published.root / ".gongshi")
    result = published.build("--strict")
    assert result.exit_code == 1
    assert "docs/announcements/b/index.md: its flag says withdrawn, but by the record it is published" in result.all
    shutil.rmtree(docs / ".reviews")
    published.write("announcements/c.md", status="approved")
    result = published.build("--strict")
    assert result.exit_code == 1
    assert "docs/.reviews is missing or empty" in result.all
    assert snapshot(published.site) == before


@pytest.mark.slow
def test_notices_and_marks_on_introductions(unit: UnitUnderTest) -> None:
    """A withdrawn root page or introduction says so above its lists; marks of standing pages are shown."""
    unit.write("index.md", title="Root", date=None)
    unit.write("announcements/index.md", title="Intro", date=None, expires_at="2026-11-01")
    unit.write("about.md", title="About", date=None, public_notice={"from": "2026-11-20", "to": "2026-11-22"})
    for path in ("index.md", "announcements/index.md", "about.md"):
        unit.publish(path, now="2026-11-01T09:00:00+08:00")
    assert unit.gongshi("withdraw", "docs/index.md", "--as", "chief", "--reason", "outdated").exit_code == 0
    assert unit.build("--strict").exit_code == 0
    assert "withdrawn on 2026-11-21" in unit.page("")
    assert "Root" not in unit.page("")
    assert "No longer valid" in unit.page("announcements")
    assert "Open for public notice" in unit.page("about")


def test_titles_of_a_configured_navigation(unit: UnitUnderTest) -> None:
    """A title in `nav:` is the page's name in the navigation."""
    unit.write("about.md", title="About us", date=None)
    unit.publish("about.md")
    unit.configure(settings(), nav=[{"Home": "index.md"}, {"Who <we> are": "about.md"}])
    assert unit.build("--strict").exit_code == 0
    assert "Who &lt;we&gt; are" in unit.page("")
    assert "About us" in unit.page("about")


@pytest.mark.slow
@pytest.mark.parametrize("epoch", ["", "soon", "-1", "99999999999", "１７９５２２６４００", "1_0", " 1"])
def test_a_clock_that_is_none(published: UnitUnderTest, epoch: str) -> None:
    """A wrong SOURCE_DATE_EPOCH is one message."""
    for result in (published.build(SOURCE_DATE_EPOCH=epoch), published.gongshi("status", SOURCE_DATE_EPOCH=epoch)):
        assert result.exit_code == 2, result.all
        assert "SOURCE_DATE_EPOCH" in result.all
        assert "Traceback" not in result.all


def test_a_setting_that_contains_itself(published: UnitUnderTest) -> None:
    """YAML allows it and nothing here reads it, so the site is built."""
    file = published.root / "mkdocs.yml"
    file.write_text(file.read_text() + "\nunused: &again [*again]\n")
    result = published.build()
    assert (result.exit_code, "Traceback" in result.all) == (0, False), result.all
