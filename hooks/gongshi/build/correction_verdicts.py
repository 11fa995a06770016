"""Verdicts on minor corrections, kept in `.gongshi/cache/corrections/` for later builds and commands.

Judging a correction converts both versions of its text, and every build and command judges all that were published.
Each verdict is a file of its own, named by the hash of everything that the verdict depends on. It is sealed
(HMAC-SHA-256) with the secret of this account, which is kept elsewhere: who can write all files of the repository still
cannot make a verdict. A file that is missing, damaged or forged only costs the time to judge anew.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path

from gongshi import __version__
from gongshi.build.cache import secret_key
from gongshi.build.cache.tool_versions import installed_version
from gongshi.build.markdown_settings import MarkdownSettings, with_constant_ids
from gongshi.common.files import read_start, state_dir
from gongshi.common.hashing import sha256
from gongshi.common.object_cache import FOLDER as CACHE
from gongshi.domain.config.loader import Configuration

FOLDER = "corrections"
_FORMAT = "gongshi-corrections-1"
_PACKAGE = Path(__file__).resolve().parents[1]
_TOOLS = ("markdown", "nh3", "pygments", "pymdown-extensions", "rapidfuzz", "idna")
_MAX_FILES = 10_000
"""The number of verdicts above which the older half is deleted."""
_MAX_BYTES = 200


class KeptVerdicts:
    """The verdicts that this account has kept for one unit.

    Args:
        configuration: the unit's configuration.
        load_settings: returns the Markdown extensions of the converter; called when a verdict is asked for.
    """

    def __init__(self, configuration: Configuration, load_settings: Callable[[], MarkdownSettings]) -> None:
        self._configuration = configuration
        self._load_settings = load_settings

    def recall(self, question: Sequence[object]) -> str | None:
        """Return a kept verdict; None if there is none.

        Args:
            question: everything that the verdict depends on besides the converter and this program, as JSON values.
        """
        if self._folder is None or (key := self._key(question)) is None:
            return None
        try:
            content = read_start(self._folder / key, _MAX_BYTES)
        except OSError:
            return None
        seal, _space, verdict = content.partition(b" ")
        if not hmac.compare_digest(seal, self._seal(key, verdict)):
            return None
        return verdict.decode()

    def keep(self, question: Sequence[object], verdict: str) -> None:
        """Keep a verdict, if that is possible.

        Args:
            question: as for `recall`.
            verdict: the verdict.
        """
        if self._folder is None or (key := self._key(question)) is None:
            return
        waiting = self._folder / f".{key}.{os.getpid()}"
        content = verdict.encode()
        with suppress(OSError):
            self._make_room()
            try:
                # Not forced to disk: a file that is cut off has no valid seal.
                waiting.write_bytes(self._seal(key, content) + b" " + content)
                waiting.replace(self._folder / key)
            finally:
                waiting.unlink(missing_ok=True)

    @cached_property
    def _secret(self) -> bytes | None:
        return secret_key.load_or_create(os.environ)

    @cached_property
    def _folder(self) -> Path | None:
        """The folder of the verdicts; None if nothing can be kept."""
        if self._secret is None:
            return None
        with suppress(OSError):
            cache_folder = state_dir(self._configuration.root) / CACHE
            folder = cache_folder / FOLDER
            if not cache_folder.is_symlink() and not folder.is_symlink():
                folder.mkdir(parents=True, exist_ok=True)
                return folder
        return None

    @cached_property
    def _inputs(self) -> str | None:
        """Everything that all verdicts depend on; None if that cannot be compared with another process."""
        settings = with_constant_ids(self._load_settings()).key()
        policy = self._configuration.policy
        limits = (
            self._configuration.site_url,
            policy.unit.domain,
            policy.language,
            policy.text_seconds,
            policy.joins_lines,
        )
        return None if settings is None else repr((_FORMAT, program_hash(), settings, limits))

    def _key(self, question: Sequence[object]) -> str | None:
        return self._inputs and sha256(json.dumps([self._inputs, *question]).encode())

    def _seal(self, key: str, verdict: bytes) -> bytes:
        content = f"{_FORMAT} {key} ".encode() + verdict
        return hmac.new(self._secret or b"", content, "sha256").hexdigest().encode()

    def _make_room(self) -> None:
        assert self._folder is not None
        files = [entry for entry in os.scandir(self._folder) if entry.is_file(follow_symlinks=False)]
        if len(files) > _MAX_FILES:
            by_age = sorted(files, key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
            for entry in by_age[: len(files) // 2]:
                Path(entry).unlink(missing_ok=True)


@cache
def program_hash() -> str:
    """Return a hash of the code of this program, and of the versions of what judges a correction."""
    found = hashlib.sha256()
    hooks = _PACKAGE.parent
    for path in sorted([*_PACKAGE.rglob("*.py"), *hooks.glob("*.py")]):
        found.update(repr((path.relative_to(hooks).as_posix(), sha256(path.read_bytes()))).encode())
    versions = [__version__, sys.version, unicodedata.unidata_version, *map(installed_version, _TOOLS)]
    found.update(repr(versions).encode())
    return found.hexdigest()
