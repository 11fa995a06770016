"""`gongshi help` shows the handbook in the operator's language, in any folder."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from gongshi.cli.commands.help import MANUAL, TOPICS
from support.unit import COMMON, UnitUnderTest


def _outside(folder: Path, *arguments: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    """Run the command in a folder that belongs to no unit."""
    return subprocess.run(
        [sys.executable, "-m", "gongshi", "help", *arguments],
        cwd=folder, env={**COMMON, "LANG": lang}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("lang", "folder"), [("en", "en"), ("zh_CN.UTF-8", "zh")])
def test_it_needs_no_unit(lang: str, folder: str, tmp_path: Path) -> None:
    """It works in any folder, in the language of whoever asks."""
    done = _outside(tmp_path, "editor", lang=lang)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (MANUAL / folder / "editor.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_the_text_of_the_handbook(topic: str, unit: UnitUnderTest) -> None:
    """Outside of a terminal it is the file itself, so that it can be saved or sent to somebody."""
    result = unit.gongshi("help", topic)
    assert (result.exit_code, result.errors) == (0, "")
    assert result.output == (MANUAL / "en" / f"{topic}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("written", "title"), [("网站管理员", "# For hosts"), ("Editors", "# For editors")])
def test_other_spellings_of_a_topic(unit: UnitUnderTest, written: str, title: str) -> None:
    """Chinese names and plurals are understood."""
    assert unit.gongshi("help", written).output.startswith(title)


def test_the_list_of_topics(unit: UnitUnderTest) -> None:
    """Without a topic each one is named with its title."""
    result = unit.gongshi("help")
    assert result.exit_code == 0
    for topic in TOPICS:
        title = (MANUAL / "en" / f"{topic}.md").read_text(encoding="utf-8").split("\n")[0]
        assert f"{topic:<10}  {title[2:]}\n" in result.output
    assert unit.gongshi("help", "--json").json()["topics"].keys() == TOPICS.keys()


def test_a_wrong_topic(unit: UnitUnderTest) -> None:
    """One message names the topics; where a command was meant, it says how to see its options."""
    result = unit.gongshi("help", "approval")
    assert (result.exit_code, result.output) == (2, "")
    message = f"Error: there is no topic approval in the handbook; the topics are {', '.join(TOPICS)}"
    assert result.errors.strip() == message
    assert "`gongshi approve --help`" in unit.gongshi("help", "approve").errors


def _in_terminal(folder: Path, topic: str, lang: str) -> list[str]:
    """Return the lines that a terminal of 80 columns shows."""
    parent, child = pty.openpty()
    environment = {**COMMON, "TERM": "dumb", "COLUMNS": "80", "LANG": lang}
    with subprocess.Popen(
        [sys.executable, "-m", "gongshi", "help", topic], cwd=folder, env=environment, stdout=child
    ) as process:
        os.close(child)
        shown = b""
        try:
            while part := os.read(parent, 65536):
                shown += part
        except OSError:  # the other end is closed
            pass
        os.close(parent)
    assert process.returncode == 0
    return [line.rstrip() for line in shown.decode().splitlines()]


def test_a_terminal_shows_it_laid_out(tmp_path: Path) -> None:
    """Without Markdown's signs, and at most as wide as the terminal."""
    lines = _in_terminal(tmp_path, "editor", "en")
    assert max(cell_len(line) for line in lines) <= 80
    assert "Front matter" in lines
    assert not any(line.startswith("#") or "`" in line for line in lines)


def test_a_terminal_shows_all_of_it(tmp_path: Path) -> None:
    """Text without spaces is broken in narrow cells, not cut off."""
    shown = "".join(_in_terminal(tmp_path, "reference", "zh_CN.UTF-8"))
    source = (MANUAL / "zh" / "reference.md").read_text(encoding="utf-8")
    assert shown.count("…") == source.count("…")


@pytest.mark.parametrize("language", ["en", "zh_CN.UTF-8"])
def test_the_list_of_commands_says_a_whole_sentence_of_each(language: str, tmp_path: Path) -> None:
    """Nothing is cut off, in no language and at no width."""
    unit = UnitUnderTest(tmp_path / "unit")
    for columns in ("40", "80"):
        listed = unit.gongshi("--help", LANG=language, COLUMNS=columns).output.split("\n\n")[-1]
        assert listed.count("\n") > 15
        assert "..." not in listed
