"""`gongshi verify`: a folder is what was approved, or each difference is named."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from gongshi.domain.archive import Archive
from gongshi.domain.dossier import Act, Decision
from gongshi.domain.problem import InvalidInput
from gongshi.domain.version import sha256
from gongshi.outputs import audit, manifest, memory
from gongshi.outputs.audit import What
from gongshi.outputs.manifest import PATH, Manifest
from support.build import snapshot
from support.unit import HOOKS, NOW, Result, UnitUnderTest, settings

LATER = "2026-11-22T10:00:00+08:00"
ATTACHED = "announcements/b/a.txt"
PAGE = "announcements/b/index.html"
SCRIPT = b"<script>alert(1)</script>"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """A unit with a bundle and two activities published and a draft, built and staged once."""
    unit = UnitUnderTest(tmp_path_factory.mktemp("made") / "unit")
    unit.write("announcements/b/index.md", title="Bundle", attachments=[{"file": "a.txt", "title": "Attached"}])
    unit.write(ATTACHED, "approved bytes")
    unit.write("announcements/draft.md", title="Draft")
    unit.write("activities/a.md", title="Activity")
    unit.write("activities/w.md", title="To be withdrawn")
    for path in ("announcements/b/index.md", "activities/a.md", "activities/w.md"):
        unit.publish(path)
    assert unit.build("--strict").exit_code == 0
    assert unit.gongshi("stage", "tree").exit_code == 0
    return unit


@pytest.fixture
def unit(made: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of that unit."""
    shutil.copytree(made.root, tmp_path / "unit", symlinks=True)
    return UnitUnderTest(tmp_path / "unit")


def verify(unit: UnitUnderTest, *arguments: str, folder: str = "site", now: str = NOW) -> Result:
    """Verify a folder of the unit, in English and without a traceback."""
    result = unit.gongshi("verify", folder, *arguments, now=now)
    assert "Traceback" not in result.all, result.all
    return result


def found(unit: UnitUnderTest, *arguments: str, folder: str = "site", now: str = NOW) -> dict[tuple[str, str], Any]:
    """What a folder was found wanting of: why, by path and kind."""
    result = verify(unit, "--json", *arguments, folder=folder, now=now)
    facts = result.json()
    assert (result.exit_code, facts["proved"] is None) == ((1, True) if facts["findings"] else (0, False))
    return {(finding["path"], finding["what"]): finding["message"] for finding in facts["findings"]}


def rewrite(folder: Path, change: Callable[[Manifest], Manifest]) -> None:
    """Write the manifest anew with a change, its seal made to fit, as an attacker would."""
    before = manifest.load(folder)[0]
    (folder / PATH).write_bytes(change(before).content)


def fit(path: str, content: bytes) -> Callable[[Manifest], Manifest]:
    """Makes a manifest fit other bytes of a file."""

    def change(before: Manifest) -> Manifest:
        return replace(before, files={**before.files, path: replace(before.files[path], sha256=sha256(content))})

    return change


def inject(folder: Path) -> bytes:
    """Put a script into a page."""
    content = (folder / PAGE).read_bytes().replace(b"</body>", SCRIPT + b"</body>")
    (folder / PAGE).write_bytes(content)
    return content


def test_without_a_clone(unit: UnitUnderTest, tmp_path: Path) -> None:
    """Only the folder is needed: every file agrees, and it is said that the manifest itself is not proved."""
    elsewhere = UnitUnderTest(tmp_path / "elsewhere")
    (elsewhere.root / "mkdocs.yml").unlink()
    for folder in ("site", "tree"):
        shutil.copytree(unit.root / folder, elsewhere.root / folder)
        result = verify(elsewhere, folder=folder)
        assert result.exit_code == 0, result.all
        assert "The manifest itself is not proved here" in result.output
    facts = verify(elsewhere, "--json").json()
    assert facts["proved"] == "manifest"
    assert facts["as_of"] == NOW
    assert facts["manifest"] == sha256((elsewhere.site / PATH).read_bytes())
    assert set(facts) == {"dir", "manifest", "holds", "unit", "as_of", "files", "findings", "notes", "proved"}
    result = verify(elsewhere, "--source")
    assert result.exit_code == 2
    assert "there is no mkdocs.yml" in result.errors


def test_a_clone_remembers_what_it_built(unit: UnitUnderTest) -> None:
    """The manifest is among the remembered: exactly what this clone built; an old copy is said to be one."""
    result = verify(unit)
    assert result.exit_code == 0
    assert "exactly what this clone built as of 2026-11-21 10:00+08:00" in result.output
    assert verify(unit, "--json").json()["proved"] == "memory"
    assert verify(unit, "--json", folder="tree").json()["proved"] == "memory"
    shutil.copytree(unit.site, unit.root / "old")
    assert unit.build(now=LATER).exit_code == 0
    result = verify(unit, folder="old", now=LATER)
    assert result.exit_code == 0
    assert f"it is an old copy: this clone has built a newer one since, as of {LATER}" in result.output
    assert "old copy" not in verify(unit, now=LATER).output


@pytest.mark.parametrize("folder", ["site", "tree"])
def test_the_source_proves_it(unit: UnitUnderTest, folder: str) -> None:
    """Built anew from this clone it is the same, byte for byte; nothing in the clone is touched."""
    before = snapshot(unit.root)
    result = verify(unit, "--source", folder=folder, now=LATER)
    assert result.exit_code == 0, result.all
    assert "exactly what was approved in this clone as of 2026-11-21 10:00+08:00" in result.output
    assert verify(unit, "--source", "--json", folder=folder).json()["proved"] == "source"
    assert snapshot(unit.root) == before


def test_the_source_proves_a_site_built_by_the_clock(unit: UnitUnderTest) -> None:
    """Without SOURCE_DATE_EPOCH, in another language and from another folder, it is the same site."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(HOOKS), "NO_MKDOCS_2_WARNING": "1", "LANG": "zh_CN.UTF-8"}
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(unit.root / "mkdocs.yml")]
    subprocess.run(build, cwd=unit.docs, env=env, check=True)
    prove = [sys.executable, "-m", "gongshi", "verify", "--source", "../site", "--json"]
    done = subprocess.run(prove, cwd=unit.docs, env=env, check=False, capture_output=True)
    facts = json.loads(done.stdout)
    # The clock of this machine may lie before the decisions; the site is what the gate makes of that.
    assert (done.returncode, facts["findings"], facts["proved"]) == (0, [], "source")


def _add(name: str) -> Callable[[Path], None]:
    def act(site: Path) -> None:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text("x")

    return act


def _link(site: Path) -> None:
    (site / "announcements" / "link").symlink_to("/etc")


def _link_in_place(site: Path) -> None:
    (site / ATTACHED).rename(site / ".." / "a.txt")
    (site / ATTACHED).symlink_to(site / ".." / "a.txt")


def _pipe(site: Path) -> None:
    (site / ATTACHED).unlink()
    os.mkfifo(site / ATTACHED)


def _folder(site: Path) -> None:
    (site / ATTACHED).unlink()
    (site / ATTACHED).mkdir()


def _site_map(site: Path) -> None:
    (site / "sitemap.xml.gz").write_bytes(gzip.compress((site / "sitemap.xml").read_bytes()))


DAMAGE: dict[str, tuple[Callable[[Path], Any], set[tuple[str, str]]]] = {
    "an added page": (_add("announcements/new/index.html"), {("announcements/new/index.html", "added")}),
    "a server's file": (_add(".htaccess"), {(".htaccess", "added")}),
    "a hidden folder": (_add(".git/HEAD"), {(".git/HEAD", "added")}),
    "beside the manifest": (_add(".well-known/security.txt"), {(".well-known/security.txt", "added")}),
    "an odd name": (_add("a\n\x1b[31mb\udcff"), {("a\n\x1b[31mb\udcff", "added")}),
    "a removed file": (lambda site: (site / ATTACHED).unlink(), {(ATTACHED, "missing")}),
    "a changed file": (lambda site: (site / ATTACHED).write_text("Approved bytes"), {(ATTACHED, "changed")}),
    "a changed page": (inject, {(PAGE, "changed")}),
    "a repacked site map": (_site_map, {("sitemap.xml.gz", "changed")}),
    "a link": (_link, {("announcements/link", "link")}),
    "a link in a file's place": (_link_in_place, {(ATTACHED, "link")}),
    "a pipe in a file's place": (_pipe, {(ATTACHED, "unreadable")}),
    "a folder in a file's place": (_folder, {(ATTACHED, "missing")}),
    "an empty folder": (lambda site: (site / "empty" / "deep").mkdir(parents=True), set()),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_each_difference_is_named(unit: UnitUnderTest, name: str) -> None:
    """Added, removed, changed, links, what cannot be read: named by path, with exit code 1; empty folders are nothing."""
    act, wanted = DAMAGE[name]
    act(unit.site)
    assert set(found(unit)) == wanted
    assert set(found(unit, "--source")) == wanted
    result = verify(unit)
    assert "\x1b" not in result.all
    assert "\\x1b[31mb\\udcff" in result.output or name != "an odd name"
    assert bool(wanted) == ("1 findings; it is not proved to be what was approved" in result.errors)


def test_a_manifest_edited_to_match(unit: UnitUnderTest) -> None:
    """With the hash changed by hand, the seal tells; with a seal to fit, the memory and the source tell."""
    before = (unit.site / PAGE).read_bytes()
    content = inject(unit.site)
    file = unit.site / PATH
    naive = file.read_text().replace(sha256(before), sha256(content))
    file.write_text(naive)
    assert list(found(unit)) == [(PATH, "edited")]
    shutil.rmtree(unit.root / ".gongshi")
    assert found(unit) == {(PATH, "edited"): "its seal does not agree with the rest of it"}
    file.write_bytes(manifest.read(naive.encode())[0].content)
    assert found(unit) == {}
    assert set(found(unit, "--source")) == {(PAGE, "changed"), (PATH, "changed")}
    remembered = memory.Build(NOW, "site", "0" * 64)
    memory.remember(unit.root, remembered)
    why = "this clone built something else as of this moment: it was edited, or made by somebody else"
    assert found(unit) == {(PATH, "edited"): why}
    assert verify(unit, folder="tree").exit_code == 0


def forge(unit: UnitUnderTest, path: str) -> None:
    """Write a dossier with the names of people who never decided."""
    unit.write(path, title="Forged")
    unit.publish(path)


def test_a_site_made_from_forged_decisions(unit: UnitUnderTest, tmp_path: Path) -> None:
    """Whole in itself, and even of the right moment; against the source it has pages that nobody approved."""
    shutil.copytree(unit.root, tmp_path / "forger", symlinks=True)
    forger = UnitUnderTest(tmp_path / "forger")
    forge(forger, "announcements/draft.md")
    forge(forger, "announcements/forged/index.md")
    assert forger.build().exit_code == 0
    shutil.rmtree(unit.site)
    shutil.copytree(forger.site, unit.site)
    assert verify(forger, "--source").exit_code == 0
    assert list(found(unit)) == [(PATH, "edited")]
    wrong = found(unit, "--source")
    assert wrong["announcements/draft/index.html", "added"] == "not approved: draft"
    assert wrong["announcements/forged/index.html", "added"] == "not approved"
    assert (PATH, "changed") in wrong
    assert ("announcements/index.html", "changed") in wrong
    assert (PAGE, "changed") not in wrong


def test_decisions_without_signatures(unit: UnitUnderTest) -> None:
    """Where the source counts signed decisions only, a site made from others has pages that nobody approved."""
    unit.configure(settings(signed=True))
    wrong = found(unit, "--source")
    assert wrong[PAGE, "added"] == wrong[ATTACHED, "added"] == "not approved: approval void"
    assert ("activities/a/index.html", "added") in wrong


def test_another_version_of_a_page(unit: UnitUnderTest, tmp_path: Path) -> None:
    """Where the manifest names another version than the approved one, that is said."""
    shutil.copytree(unit.root, tmp_path / "forger", symlinks=True)
    forger = UnitUnderTest(tmp_path / "forger")
    forge(forger, "activities/a.md")
    assert forger.build().exit_code == 0
    why = found(unit, "--source", folder=str(forger.site))["activities/a/index.html", "changed"]
    assert why.startswith("said to show the version ")
    digest = manifest.load(unit.site)[0].files["activities/a/index.html"].digest
    assert digest and why.endswith(f"approved is {digest[:12]}")


def _withdraw(unit: UnitUnderTest) -> None:
    result = unit.gongshi("withdraw", "docs/activities/w.md", "--as", "chief", "--reason", "x", now=LATER)
    assert result.exit_code == 0, result.all


def _replace(unit: UnitUnderTest) -> None:
    unit.write("activities/w.md", title="Corrected")
    unit.publish("activities/w.md", now=LATER)


STALE = {
    "withdrawn on 2026-11-22, still shown": _withdraw,
    "a newer version is public now, the older one is still shown": _replace,
}


@pytest.mark.parametrize("why", STALE)
@pytest.mark.parametrize("folder", ["site", "tree"])
def test_an_old_copy_put_back(unit: UnitUnderTest, why: str, folder: str) -> None:
    """It is what was approved then, but shows what has become un-public since: that is named, and nothing else."""
    path = "activities/w/index.html" if folder == "site" else "activities/w.md"
    STALE[why](unit)
    assert found(unit, folder=folder, now=LATER) == {}
    assert found(unit, "--source", folder=folder, now=LATER) == {(path, "stale"): why}
    if folder == "site":
        assert unit.build(now=LATER).exit_code == 0
    else:
        assert unit.gongshi("stage", "tree", now=LATER).exit_code == 0
    assert found(unit, "--source", folder=folder, now=LATER) == {}


def test_what_time_makes_stale(unit: UnitUnderTest) -> None:
    """An entry that expired to a notice, an urgent publication whose chain did not follow; marks are a note only."""
    section = {**settings(urgent={"role": "duty", "review_within": "12h"}), "on_expiry": "notice"}
    section["people"]["duty"] = {"name": "Duty", "roles": ["duty"], "since": "2025-01-01"}
    unit.configure(section)
    unit.write("activities/e.md", title="Expires", expires_at="2026-11-21")
    unit.write("activities/n.md", title="Noticed", public_notice={"from": "2026-11-20", "to": "2026-11-21"})
    unit.publish("activities/e.md")
    unit.publish("activities/n.md")
    unit.write("activities/u.md", title="Urgent")
    result = unit.gongshi("urgent", "docs/activities/u.md", "--as", "duty", "--reason", "flood")
    assert result.exit_code == 0, result.all
    assert unit.build().exit_code == 0
    assert found(unit, "--source") == {}
    assert found(unit, "--source", now=LATER) == {
        ("activities/e/index.html", "stale"): "expired on 2026-11-21, still shown",
        ("activities/u/index.html", "stale"): "its chain did not follow the urgent publication in time, still shown",
    }
    assert (
        "since then 1 other entries have become public or look otherwise" in verify(unit, "--source", now=LATER).output
    )


def test_acts_around_the_moment_of_the_build(unit: UnitUnderTest) -> None:
    """An act soon after the build was not in it; one dated ahead of the builder's clock was."""
    soon = "2026-11-21T10:05:00+08:00"
    unit.publish("announcements/draft.md", now=soon)
    result = verify(unit, "--source", now=soon)
    assert result.exit_code == 0, result.all
    assert "since then 1 other entries have become public" in result.output
    assert unit.build().exit_code == 0
    assert (unit.site / "announcements" / "draft").is_dir()
    assert found(unit, "--source", now=soon) == {}


def test_a_manifest_from_the_future(unit: UnitUnderTest) -> None:
    """A moment that has not come shows what is scheduled: both are named."""
    unit.write("activities/s.md", title="Scheduled", publish_at="2026-11-21 20:00")
    unit.publish("activities/s.md")
    assert unit.build(now=LATER).exit_code == 0
    assert found(unit) == {(PATH, "future"): "it speaks of 2026-11-22 10:00+08:00"}
    wrong = found(unit, "--source")
    assert wrong["activities/s/index.html", "added"] == "not approved: scheduled"
    assert (PATH, "future") in wrong
    assert found(unit, "--source", now=LATER) == {}


def test_other_versions(unit: UnitUnderTest) -> None:
    """What was made with other programs is not proved: they are named, and all else is compared."""
    rewrite(unit.site, lambda before: replace(before, made_with={**before.made_with, "mkdocs-material": "9.0.0"}))
    wrong = found(unit, "--source")
    assert list(wrong) == [(PATH, "versions")]
    assert wrong[PATH, "versions"].startswith("not proved: mkdocs-material 9.0.0, here ")
    content = b"other bytes"
    (unit.site / ATTACHED).write_bytes(content)
    rewrite(unit.site, fit(ATTACHED, content))
    _add("activities/new/index.html")(unit.site)

    def lie(before: Manifest) -> Manifest:
        page = replace(before.files["activities/a/index.html"], digest="0" * 64)
        files = {**before.files, "activities/a/index.html": page, "announcements/draft/index.html": page}
        files.pop("activities/w/index.html")
        return replace(before, files=files)

    rewrite(unit.site, lie)
    shutil.copytree(unit.site / "activities" / "a", unit.site / "announcements" / "draft")
    shutil.rmtree(unit.site / "activities" / "w")
    inject(unit.site)
    wrong = found(unit, "--source")
    assert set(wrong) == {
        (PATH, "versions"),
        (ATTACHED, "changed"),
        (PAGE, "changed"),
        ("activities/new/index.html", "added"),
        ("activities/a/index.html", "changed"),
        ("activities/w/index.html", "missing"),
        ("announcements/draft/index.html", "added"),
    }
    assert wrong["announcements/draft/index.html", "added"] == "not approved: draft"


def test_versions_do_not_matter_to_a_tree(unit: UnitUnderTest) -> None:
    """Approved bytes are approved bytes; but nothing else may be written into the manifest."""
    tree = unit.root / "tree"
    rewrite(tree, lambda before: replace(before, made_with={"gongshi": "9.9"}))
    assert found(unit, "--source", folder="tree") == {}
    rewrite(tree, lambda before: replace(before, made_with={"gongshi": "9.9", "more": "x"}))
    assert (PATH, "versions") in found(unit, "--source", folder="tree")


def test_digests_of_a_tree(unit: UnitUnderTest) -> None:
    """The digest of each text is computed anew: a changed text whose hashes were made to fit is found."""
    shutil.rmtree(unit.root / ".gongshi")
    tree = unit.root / "tree"
    for path in ("announcements/b/index.md", ATTACHED):
        content = (tree / path).read_bytes().replace(b"Body", b"Other").replace(b"approved bytes", b"other")
        (tree / path).write_bytes(content)
        rewrite(tree, fit(path, content))
    why = "its digest is not the one that the manifest gives"
    assert found(unit, folder="tree") == {("announcements/b/index.md", "changed"): why}
    assert set(found(unit, "--source", folder="tree")) == {
        (PATH, "changed"), ("announcements/b/index.md", "changed"), (ATTACHED, "changed")
    }  # fmt: skip
    for text in (b"no front matter", b"---\ntitle: " + b"[" * 30_000 + b"\n---\n"):
        (tree / "activities/a.md").write_bytes(text)
        rewrite(tree, fit("activities/a.md", text))
        assert ("activities/a.md", "changed") in found(unit, folder="tree")


def _edited(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda document: {**document, **changes}


def _in_files(path: str, **changes: Any) -> Callable[[dict[str, Any]], Any]:
    listed = {"sha256": "0" * 64, "kind": "generated"}

    def change(document: dict[str, Any]) -> Any:
        # In the order that Gongshi writes, so that nothing but the change is wrong.
        return {**document, "files": dict(sorted({**document["files"], path: {**listed, **changes}}.items()))}

    return change


HOSTILE: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "another program's": (lambda _: {"files": {}}, "is no manifest of Gongshi"),
    "a list": (lambda document: [document], "is no manifest of Gongshi"),
    "a number": (lambda _: 5, "is no manifest of Gongshi"),
    "another format": (_edited(format="gongshi-manifest-2"), "has the format gongshi-manifest-2"),
    "no seal": (lambda document: {k: v for k, v in document.items() if k != "seal"}, "was edited or damaged"),
    "one key more": (_edited(note="x"), "was edited or damaged"),
    "a unit that is no text": (_edited(unit=["x"]), "was edited or damaged"),
    "another content": (_edited(holds="all"), "was edited or damaged"),
    "no moment": (_edited(as_of="now"), "was edited or damaged"),
    "a naive moment": (_edited(as_of="2026-11-21T10:00:00"), "was edited or damaged"),
    "a moment before clocks": (_edited(as_of="1969-11-21T10:00:00+08:00"), "was edited or damaged"),
    "a moment after clocks": (_edited(as_of="2969-11-21T10:00:00+08:00"), "was edited or damaged"),
    "a wordy version": (_edited(made_with={"gongshi": "1 <script>"}), "was edited or damaged"),
    "a path out of it": (_in_files("../../x"), "was edited or damaged"),
    "an absolute path": (_in_files("/etc/passwd"), "was edited or damaged"),
    "a path through itself": (_in_files("a/./b"), "was edited or damaged"),
    "a path with backslashes": (_in_files("..\\x"), "was edited or damaged"),
    "a path with an escape": (_in_files("a\x1b[31m"), "was edited or damaged"),
    "itself": (_in_files(PATH), "was edited or damaged"),
    "no hash": (_in_files("a", sha256="x"), "was edited or damaged"),
    "another kind": (_in_files("a", kind="program"), "was edited or damaged"),
    "an entry that is no text": (_in_files("a", entry=5), "was edited or damaged"),
    "an entry out of docs/": (_in_files("a", entry="../x"), "was edited or damaged"),
    "a page without an entry": (_in_files("a", kind="page"), "was edited or damaged"),
    "files that are no object": (_edited(files=[]), "was edited or damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_manifests_that_are_none(unit: UnitUnderTest, name: str) -> None:
    """Read strictly: what Gongshi never writes is refused with one reason, whatever its seal."""
    change, says = HOSTILE[name]
    content = (unit.site / PATH).read_bytes()
    assert manifest.read(content)[1]
    changed = change(json.loads(content))
    with pytest.raises(InvalidInput, match=says):
        manifest.read((json.dumps(changed, ensure_ascii=False, indent=1) + "\n").encode())


def test_one_file_more_is_a_manifest(unit: UnitUnderTest) -> None:
    """The manifests above are refused for what is wrong in them: with a plain file more it is one, only not sealed."""
    document = _in_files("a", entry="b.md", digest="0" * 64)(json.loads((unit.site / PATH).read_bytes()))
    again, sealed = manifest.read((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())
    assert (again.files["a"].entry, sealed) == ("b.md", False)


RAW = {
    "no JSON": b"<html>",
    "no text": b"\xff\xfe{",
    "empty": b"",
    "deep": b"[" * 200_000,
    "in another notation": b'{"format": "gongshi-manifest-1"}',
    "a half character": b'{\n "format": "gongshi-manifest-1",\n "unit": "\\ud800"\n}\n',
    "large": b" " * (33 << 20),
}


@pytest.mark.parametrize("name", RAW)
def test_broken_manifests(unit: UnitUnderTest, name: str) -> None:
    """Broken, foreign or huge: one clear finding and exit code 1, with and without the source."""
    (unit.site / PATH).write_bytes(RAW[name])
    assert list(found(unit)) == list(found(unit, "--source")) == [(PATH, "broken")]
    why = {
        "large": "is larger than 32 MiB",
        "in another notation": "is not as Gongshi",
        "a half character": "is not as",
    }
    says = f"cannot be used: .well-known/gongshi.json ({why.get(name, 'is no manifest of Gongshi')}"
    assert verify(unit).output.startswith(says)


def test_doubled_keys_and_other_notations(unit: UnitUnderTest) -> None:
    """What parsers could read in two ways is no manifest."""
    content = (unit.site / PATH).read_bytes()
    doubled = content.replace(b' "unit": ', b' "unit": "Other",\n "unit": ')
    for changed in (
        doubled,
        content.rstrip(),
        content + b"\n",
        content.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + content,
    ):
        with pytest.raises(InvalidInput):
            manifest.read(changed)


def test_no_manifest(unit: UnitUnderTest) -> None:
    """A folder without a manifest is found wanting; so is one whose manifest is a link."""
    for folder in ("docs", "site"):
        (unit.site / PATH).unlink(missing_ok=True)
        assert list(found(unit, folder=folder)) == [(PATH, "missing")]
    assert "nothing can be proved" in verify(unit).output
    (unit.site / PATH).symlink_to(unit.root / "tree" / PATH)
    assert list(found(unit)) == [(PATH, "broken")]


@pytest.mark.parametrize("folder", ["nowhere", "mkdocs.yml", ""])
def test_no_folder(unit: UnitUnderTest, folder: str) -> None:
    """Exit code 2 where there is no such folder; the empty path is this folder, which is no site."""
    result = verify(unit, folder=folder)
    assert result.exit_code == (2 if folder else 1)
    assert "there is no folder" in result.errors or not folder


def test_a_link_to_the_folder(unit: UnitUnderTest) -> None:
    """Hosts switch between releases with a link: its target is verified."""
    (unit.root / "current").symlink_to("site")
    assert found(unit, folder="current") == {}


def test_a_clone_that_does_not_build(unit: UnitUnderTest) -> None:
    """What cannot be built proves nothing, and the build's own words are passed on."""
    unit.configure(settings(), plugins=["tags"])
    result = verify(unit, "--source")
    assert result.exit_code == 1
    assert "this clone cannot be built, so it proves nothing" in result.errors
    assert "tags may add pages" in result.errors
    unit.configure(settings(assurance="gold"))
    assert verify(unit, "--source").exit_code == 2
    assert verify(unit).exit_code == 0


def test_a_folder_that_cannot_be_read(unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies in it is not passed over in silence."""
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("/announcements/b/"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    wrong = audit.findings(unit.site, manifest.load(unit.site)[0].everything)
    assert {(finding.path, finding.what) for finding in wrong} == {
        ("announcements/b/", What.UNREADABLE), (ATTACHED, What.MISSING), (PAGE, What.MISSING)
    }  # fmt: skip


def test_large_files_and_many(unit: UnitUnderTest) -> None:
    """Files are read in pieces, and what is not listed is not read at all."""
    shutil.rmtree(unit.root / ".gongshi")
    with (unit.site / ATTACHED).open("wb") as file:
        file.truncate(64 << 20)
    with (unit.site / "added.bin").open("wb") as file:
        file.truncate(1 << 40)
    files = manifest.load(unit.site)[0].everything
    tracemalloc.start()
    wrong = audit.findings(unit.site, files)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {(finding.path, finding.what) for finding in wrong} == {(ATTACHED, What.CHANGED), ("added.bin", What.ADDED)}
    assert peak < 16 << 20


def test_what_a_clone_keeps_in_mind(unit: UnitUnderTest) -> None:
    """Each build and tree once, the newest last, 200 at most; git ignores the folder."""
    own = unit.root / ".gongshi"
    assert (own / ".gitignore").read_text() == "*\n"
    builds = memory.recall(unit.root)
    digests = {name: sha256((unit.root / name / PATH).read_bytes()) for name in ("site", "tree")}
    assert builds == [memory.Build(NOW, name, digests[name]) for name in ("site", "tree")]
    assert unit.build().exit_code == 0
    assert memory.recall(unit.root) == builds[::-1]
    for number in range(200):
        memory.remember(unit.root, memory.Build(NOW, "site", f"{number:064}"))
    builds = memory.recall(unit.root)
    assert (len(builds), builds[0].manifest, builds[-1].manifest) == (200, f"{0:064}", f"{199:064}")
    assert sorted(path.name for path in own.iterdir()) == [".gitignore", ".lock", "builds.json", "witness.json"]


@pytest.mark.parametrize("how", ["a file", "a link", "a folder"])
def test_a_memory_that_cannot_be_written(unit: UnitUnderTest, how: str) -> None:
    """The build says so and is done, with `--strict` too; so is `stage`; verification does without."""
    own = unit.root / ".gongshi"
    shutil.rmtree(own)
    outside = unit.root / "outside"
    outside.mkdir()
    if how == "a file":
        own.write_text("x")
    elif how == "a link":
        own.symlink_to(outside)
    else:
        (own / "builds.json").mkdir(parents=True)
    before = snapshot(unit.site)
    result = unit.build()
    assert result.exit_code == 0, result.all
    assert "this build cannot be remembered in .gongshi" in result.all
    assert "WARNING" in result.all
    assert unit.build("--strict").exit_code == 0
    assert snapshot(unit.site) == before
    result = unit.gongshi("stage", "tree")
    assert result.exit_code == 0
    assert "this tree cannot be remembered" in result.errors
    assert list(outside.iterdir()) == []
    assert verify(unit).exit_code == 0


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "gongshi-builds-1", "builds": [{"as_of": 1}]}', "5"])
def test_a_damaged_memory(unit: UnitUnderTest, content: str) -> None:
    """It proves nothing and says so; the next build begins a new one."""
    (unit.root / ".gongshi" / "builds.json").write_text(content)
    result = verify(unit, "--json")
    assert result.exit_code == 0
    assert result.json()["proved"] == "manifest"
    assert "is damaged, so it proves nothing" in result.json()["notes"][0]
    assert unit.build().exit_code == 0
    assert verify(unit, "--json").json()["proved"] == "memory"


def test_a_preview_or_a_failed_build_is_not_remembered(unit: UnitUnderTest) -> None:
    """Only what was put into place."""
    before = memory.recall(unit.root)
    unit.write("announcements/bad.md", "no front matter")
    assert unit.build("--strict", now=LATER).exit_code == 1
    assert memory.recall(unit.root) == before


def test_nothing_of_the_machine_in_the_manifest(unit: UnitUnderTest) -> None:
    """Versions of what makes the pages, and no more: no folder, user or host."""
    document = json.loads((unit.site / PATH).read_text())
    assert list(document) == ["format", "holds", "unit", "assurance", "as_of", "made_with", "files", "seal"]
    names = {"gongshi", "jinja2", "markdown", "mkdocs", "mkdocs-material", "pygments", "pymdown-extensions", "python"}
    assert set(document["made_with"]) == names
    assert document["made_with"]["python"] == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert str(unit.root) not in json.dumps(document)


@pytest.mark.parametrize("command", ["stage", "verify"])
def test_help(unit: UnitUnderTest, command: str) -> None:
    """Both commands and their options say what they do."""
    result = unit.gongshi(command, "--help")
    assert result.exit_code == 0
    for line in result.output.splitlines():
        if line.strip().startswith("--"):
            assert len(line.split(maxsplit=2)) > 2, line


@pytest.mark.parametrize("size", [0, 1, 0xFFFF, 0x10000, 200_000])
def test_gzip_without_a_compressor(size: int) -> None:
    """The packed site map is a valid gzip file and the same with every version of zlib."""
    content = bytes(range(256)) * (size // 256 + 1)
    packed = audit.packed(content[:size])
    assert gzip.decompress(packed) == content[:size]
    assert packed[:10] == bytes.fromhex("1f8b08000000000000ff")


def test_the_packed_site_map(unit: UnitUnderTest) -> None:
    """The site's own is packed so."""
    assert (unit.site / "sitemap.xml.gz").read_bytes() == audit.packed((unit.site / "sitemap.xml").read_bytes())


def test_an_act_after_the_moment_is_left_out(unit: UnitUnderTest) -> None:
    """Only where one looks back: for a build a withdrawal dated ahead counts at once."""
    archive = Archive(unit.docs)
    dossier = archive.dossier("activities/w.md")
    ahead = datetime(2026, 11, 25, tzinfo=timezone.utc)
    archive.append(
        dossier, Decision(Act.WITHDRAW, "chief", ahead, dossier.decisions[-1].digest, reason="x", notice=True)
    )
    assert found(unit, "--source")["activities/w/index.html", "stale"].startswith("withdrawn on 2026-11-25")
    assert unit.build().exit_code == 0
    assert not (unit.site / "activities" / "w").exists()
