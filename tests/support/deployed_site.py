"""A unit that was built and staged, and what `gongshi verify` finds of its folders."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from gongshi.common.hashing import sha256
from gongshi.release import manifest
from gongshi.release.manifest import PATH, Manifest
from support.unit import NOW, Result, UnitUnderTest

LATER = "2026-11-22T10:00:00+08:00"
ATTACHED = "announcements/b/a.txt"
PAGE = "announcements/b/index.html"
SCRIPT = b"<script>alert(1)</script>"


def build_deployed(folder: Path) -> UnitUnderTest:
    """A unit with a bundle and two activities published and a draft, built into `site` and staged into `tree`."""
    unit = UnitUnderTest(folder)
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


def copy_of(unit: UnitUnderTest, folder: Path) -> UnitUnderTest:
    """A copy of a unit."""
    shutil.copytree(unit.root, folder / "unit", symlinks=True)
    return UnitUnderTest(folder / "unit")


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


def add(name: str) -> Callable[[Path], None]:
    """Puts a file into a folder."""

    def act(site: Path) -> None:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text("x")

    return act
