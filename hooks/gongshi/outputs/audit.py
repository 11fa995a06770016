"""The last look at a built site: every file is accounted for, and nothing else is there."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from gongshi.domain.problem import printable
from gongshi.domain.storage import read_regular
from gongshi.domain.version import sha256
from gongshi.outputs.manifest import Listed


def findings(site: Path, files: Mapping[str, Listed]) -> list[str]:
    """What is wrong with a site folder: paths, each with `added`, `missing` or `changed`.

    Args:
        site: the folder.
        files: every file that must be there, by its path relative to the folder.
    """
    found = dict(_walk(site))
    wrong = [f"added: {printable(path)}" for path in found if path not in files]
    for path, listed in files.items():
        if path not in found:
            wrong.append(f"missing: {printable(path)}")
        elif found[path] != listed.sha256:
            wrong.append(f"changed: {printable(path)}")
    return sorted(wrong)


def _walk(site: Path) -> Iterator[tuple[str, str | None]]:
    """Every file with its SHA-256, None for a link or a file that cannot be read; one file in memory at a time."""
    for folder, names, files in os.walk(site):
        links = [name for name in names if (Path(folder) / name).is_symlink()]
        for name in [*files, *links]:
            path = Path(folder) / name
            try:
                digest: str | None = sha256(read_regular(path))
            except OSError:
                digest = None
            yield path.relative_to(site).as_posix(), digest


def unpacked(path: Path) -> bytes:
    """The content of a gzip file."""
    return gzip.decompress(path.read_bytes())
