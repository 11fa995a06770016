"""The secret of an account: made once, for its owner alone, and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongshi.build.cache import secret_key
from gongshi.build.cache.secret_key import load_or_create


def test_it_is_made_once(tmp_path: Path) -> None:
    """32 bytes that only the owner may read, the same each time and others elsewhere."""
    made = load_or_create({"HOME": str(tmp_path)})
    assert made and len(made) == 32 and load_or_create({"HOME": str(tmp_path)}) == made
    file = tmp_path / ".local" / "state" / "gongshi" / "cache.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_or_create({"HOME": "/", "XDG_STATE_HOME": str(tmp_path / "other")}) not in (None, made)


def test_a_secret_half_made(tmp_path: Path) -> None:
    """A process that was killed as it made the secret left an empty file: it is made anew, readable by its owner."""
    file = tmp_path / "gongshi" / "cache.key"
    file.parent.mkdir()
    file.touch()
    made = load_or_create({"XDG_STATE_HOME": str(tmp_path)})
    assert made and len(made) == 32 and file.stat().st_mode & 0o777 == 0o600
    assert load_or_create({"XDG_STATE_HOME": str(tmp_path)}) == made
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("content", [b"short", b"x" * 33])
def test_what_is_no_secret(tmp_path: Path, content: bytes) -> None:
    """A file of another length, a folder or a link is none."""
    file = tmp_path / "gongshi" / "cache.key"
    file.parent.mkdir()
    file.write_bytes(content)
    assert load_or_create({"XDG_STATE_HOME": str(tmp_path)}) is None


@pytest.mark.parametrize("environ", [{"HOME": "relative"}, {"XDG_STATE_HOME": "here", "HOME": "/x"}])
def test_without_a_place(environ: dict[str, str]) -> None:
    """A relative folder would lie in a repository: it holds no secret."""
    assert load_or_create(environ) is None


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}])
def test_a_timer_without_home(environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where HOME is not set, as in a systemd unit, the account's own home counts; without one there is no secret."""
    monkeypatch.setattr(secret_key, "_home", lambda: str(tmp_path))
    assert load_or_create(environ) == load_or_create({"HOME": str(tmp_path)}) is not None
    monkeypatch.setattr(secret_key, "_home", lambda: "")
    assert load_or_create(environ) is None


def test_systemd_state_directory(tmp_path: Path) -> None:
    """A systemd unit's StateDirectory= holds the secret."""
    assert load_or_create({"STATE_DIRECTORY": f"{tmp_path}:/elsewhere", "HOME": "/nowhere"})
    assert (tmp_path / "gongshi" / "cache.key").is_file()
