"""How far long work has come is shown to a person at a terminal, and to nobody else."""

from __future__ import annotations

import sys

import pytest

from gongshi.common.progress import announced, progress_bar, spinner


class Terminal:
    """A standard error that is, or is not, a terminal."""

    encoding = "utf-8"

    def __init__(self, is_terminal: bool) -> None:
        self.is_terminal = is_terminal
        self.shown = ""

    def isatty(self) -> bool:
        """What programs ask."""
        return self.is_terminal

    def write(self, text: str) -> int:
        """Keep what is written."""
        self.shown += text
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


@pytest.mark.parametrize(
    ("is_terminal", "count", "quiet", "shown"),
    [(True, 300, False, True), (True, 300, True, False), (True, 20, False, False), (False, 300, False, False)],
)
def test_a_bar(monkeypatch: pytest.MonkeyPatch, is_terminal: bool, count: int, quiet: bool, shown: bool) -> None:
    """Only at a terminal, for long work, unless it is to be quiet; all things come through in their order."""
    monkeypatch.setenv("TERM", "xterm")
    errors = Terminal(is_terminal)
    monkeypatch.setattr(sys, "stderr", errors)
    assert list(progress_bar("Making pages", range(count), count, quiet)) == list(range(count))
    assert ("Making pages" in errors.shown) is shown
    if not shown:
        assert errors.shown == ""


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_sign_of_life(monkeypatch: pytest.MonkeyPatch, is_terminal: bool) -> None:
    """Work that cannot be counted says that it goes on."""
    monkeypatch.setenv("TERM", "xterm")
    errors = Terminal(is_terminal)
    monkeypatch.setattr(sys, "stderr", errors)
    with spinner("The ledger"):
        pass
    assert ("The ledger" in errors.shown) is is_terminal


@pytest.mark.parametrize(("is_terminal", "total", "shown"), [(True, 300, True), (True, 20, False), (False, 300, False)])
def test_a_line_that_goes(monkeypatch: pytest.MonkeyPatch, is_terminal: bool, total: int, shown: bool) -> None:
    """Work in forked processes shows one line at a terminal, and erases it even where it fails."""
    errors = Terminal(is_terminal)
    monkeypatch.setattr(sys, "stderr", errors)
    with pytest.raises(ValueError, match="stop"), announced("Reading texts", total):
        raise ValueError("stop")
    assert errors.shown == ("Reading texts …\r\x1b[K" if shown else "")
