"""Small sites that are replaced while somebody looks at them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

import pytest

from gongshi.common.hashing import sha256
from gongshi.release import manifest
from gongshi.release.atomic_folder import AtomicFolder
from gongshi.release.manifest import SITE, Manifest, ManifestFile

Content = Mapping[str, str]
"""The text of each file by its path; the first part of a path names the entry that a page belongs to."""


def manifest_of(content: Content) -> Manifest:
    """Describe a site: `x/index.html` is the page of an entry, a notice where it says so; other files of `x/` are its own."""
    listed = {}
    for path, text in content.items():
        entry = path.split("/", 1)[0] + ".md" if "/" in path else None
        kind = "generated" if entry is None else "notice" if text.startswith("notice") else "page"
        digest = sha256(b"version") if kind == "page" else None
        listed[path] = ManifestFile(sha256(text.encode()), kind, entry, digest)
    return Manifest(SITE, "Unit", "seal", datetime(2026, 11, 21, tzinfo=timezone.utc), {}, listed)


def begin(site: Path, content: Content, spare: Path | None = None) -> AtomicFolder:
    """Lay out a site beside the one that it will replace."""
    release = AtomicFolder(site, spare=spare)
    release.empty()
    for path, text in content.items():
        (release.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (release.folder / path).write_text(text)
    (release.folder / manifest.PATH).parent.mkdir(exist_ok=True)
    (release.folder / manifest.PATH).write_bytes(manifest_of(content).content)
    return release


def publish(site: Path, content: Content) -> AtomicFolder:
    """Replace a site, as a build does."""
    release = begin(site, content)
    try:
        release.publish(manifest_of(content).files)
    finally:
        release.discard()
    return release


def shown(site: Path) -> dict[str, str]:
    """Every file of a site but the manifest; what is there must be what the manifest lists."""
    files = {path.relative_to(site).as_posix(): path.read_text() for path in site.rglob("*") if path.is_file()}
    del files[manifest.PATH]
    assert manifest.load(site)[0].files.keys() == files.keys()
    assert {path: sha256(text.encode()) for path, text in files.items()} == {
        path: listed.sha256 for path, listed in manifest.load(site)[0].files.items()
    }
    return files


@contextmanager
def mounted(source: Path, place: Path, *options: str) -> Iterator[Path]:
    """Mount something for as long as a block runs.

    Args:
        source: the folder for `--bind`, or any name for `-t tmpfs`.
        place: a folder that is made.
        options: of mount(8).
    """
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *options, source, place], capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(f"nothing can be mounted here: {done.stderr}")
        pytest.skip("this account may not mount anything")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


READER = """
import sys, time
from pathlib import Path
site, names = Path(sys.argv[1]), sys.argv[2:]
print("ready", flush=True)
asked = failed = back = newest = 0
while not Path(f"{site}-done").exists():
    for name in names * 50:
        asked += 1
        try:
            with open(site / name) as file:
                version = int(file.read().split()[-1])
        except (OSError, ValueError, IndexError):
            failed += 1
            continue
        back += version < newest
        newest = max(newest, version)
print(asked, failed, back, newest)
"""


class Visitor:
    """Read files of a site again and again in a process of its own, each with a rising number as its last word.

    Args:
        site: the folder.
        names: the files.
    """

    def __init__(self, site: Path, *names: str) -> None:
        self._done = Path(f"{site}-done")
        self._done.unlink(missing_ok=True)
        command = [sys.executable, "-c", READER, str(site), *names]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        assert self._process.stdout.readline() == "ready\n"

    def leave(self) -> tuple[int, int, int, int]:
        """Stop; how often a file was read, was not there or cut, was older than one before, and the newest number."""
        self._done.touch()
        output, _ = self._process.communicate(timeout=20)
        asked, failed, back, newest = map(int, output.split())
        return asked, failed, back, newest
