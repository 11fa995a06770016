"""`gongshi verify`: a folder made to look approved, by somebody who knows how manifests are made."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gongshi.common.hashing import sha256
from gongshi.release import build_history, manifest
from gongshi.release.manifest import PATH, Manifest
from support.deployed_site import ATTACHED, PAGE, add, copy_of, fit, found, inject, rewrite, verify
from support.unit import NOW, UnitUnderTest, settings


@pytest.fixture
def unit(deployed: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of the built and staged unit."""
    return copy_of(deployed, tmp_path)


@pytest.mark.slow
def test_a_manifest_edited_to_match(unit: UnitUnderTest) -> None:
    """With the hash changed by hand, the seal tells; with a seal to fit, the memory and the source tell."""
    before = (unit.site / PAGE).read_bytes()
    content = inject(unit.site)
    file = unit.site / PATH
    naive = file.read_text().replace(sha256(before), sha256(content))
    file.write_text(naive)
    assert list(found(unit)) == [(PATH, "edited")]
    shutil.rmtree(unit.root / ".gongshi")
    assert found(unit) == {(PATH, "edited"): "its seal does not match its content"}
    file.write_bytes(manifest.read(naive.encode())[0].content)
    assert found(unit) == {}
    assert set(found(unit, "--source")) == {(PAGE, "changed"), (PATH, "changed")}
    remembered = build_history.Build(NOW, "site", "0" * 64)
    build_history.append(unit.root, remembered)
    why = "this clone built something else as of this moment: the folder was edited, or built by somebody else"
    assert found(unit) == {(PATH, "edited"): why}
    assert verify(unit, folder="tree").exit_code == 0


@pytest.mark.slow
def test_a_manifest_sealed_anew_with_another_moment(unit: UnitUnderTest) -> None:
    """A clone knows of when it built, so a moment that it does not know is found; a folder of another kind is not."""
    content = inject(unit.site)
    rewrite(unit.site, fit(PAGE, content))
    rewrite(unit.site, lambda before: replace(before, as_of=before.as_of + timedelta(minutes=1)))
    why = found(unit)[PATH, "unknown"]
    assert why.startswith("this clone has built nothing as of 2026-11-21 10:01+08:00")
    assert "--source" in why
    shutil.rmtree(unit.root / ".gongshi")
    result = verify(unit)
    assert result.exit_code == 0
    assert "proves nothing against somebody who can write the folder" in result.output
    assert (PAGE, "changed") in found(unit, "--source")
    remembered = build_history.Build(NOW, "tree", "0" * 64)
    build_history.append(unit.root, remembered)
    assert verify(unit).exit_code == 0


def forge(unit: UnitUnderTest, path: str) -> None:
    """Write a dossier with the names of people who never decided."""
    unit.write(path, title="Forged")
    unit.publish(path)


@pytest.mark.slow
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
    assert set(found(unit)) == {
        (PATH, "edited"),
        ("announcements/draft/index.html", "unknown"),
        ("announcements/forged/index.html", "unknown"),
    }
    wrong = found(unit, "--source")
    assert wrong["announcements/draft/index.html", "added"] == "not approved: draft"
    assert wrong["announcements/forged/index.html", "added"] == "not approved"
    assert (PATH, "changed") in wrong
    assert ("announcements/index.html", "changed") in wrong
    assert ("activities/index.html", "changed") not in wrong


@pytest.mark.slow
def test_decisions_without_signatures(unit: UnitUnderTest) -> None:
    """Where the source counts signed decisions only, a site made from others has pages that nobody approved."""
    unit.configure(settings(signed=True))
    wrong = found(unit, "--source")
    assert wrong[PAGE, "added"] == wrong[ATTACHED, "added"] == "not approved: approval void"
    assert ("activities/a/index.html", "added") in wrong


@pytest.mark.slow
def test_another_version_of_a_page(unit: UnitUnderTest, tmp_path: Path) -> None:
    """Where the manifest names another version than the approved one, that is said."""
    shutil.copytree(unit.root, tmp_path / "forger", symlinks=True)
    forger = UnitUnderTest(tmp_path / "forger")
    forge(forger, "activities/a.md")
    assert forger.build().exit_code == 0
    why = found(unit, "--source", folder=str(forger.site))["activities/a/index.html", "changed"]
    assert why.startswith("the manifest names the version ")
    digest = manifest.load(unit.site)[0].files["activities/a/index.html"].digest
    assert digest and why.endswith(f"but {digest[:12]} is approved")


@pytest.mark.slow
def test_other_versions(unit: UnitUnderTest) -> None:
    """What was made with other programs is not proved: they are named, and all else is compared."""
    rewrite(unit.site, lambda before: replace(before, made_with={**before.made_with, "mkdocs-material": "9.0.0"}))
    wrong = found(unit, "--source")
    assert list(wrong) == [(PATH, "versions")]
    assert wrong[PATH, "versions"].startswith("not proved: mkdocs-material 9.0.0, here ")
    content = b"other bytes"
    (unit.site / ATTACHED).write_bytes(content)
    rewrite(unit.site, fit(ATTACHED, content))
    add("activities/new/index.html")(unit.site)

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
    why = "its digest differs from the one in the manifest"
    assert found(unit, folder="tree") == {("announcements/b/index.md", "changed"): why}
    assert set(found(unit, "--source", folder="tree")) == {
        (PATH, "changed"), ("announcements/b/index.md", "changed"), (ATTACHED, "changed")
    }  # fmt: skip
    for text in (b"no front matter", b"---\ntitle: " + b"[" * 30_000 + b"\n---\n"):
        (tree / "activities/a.md").write_bytes(text)
        rewrite(tree, fit("activities/a.md", text))
        assert ("activities/a.md", "changed") in found(unit, folder="tree")
