"""`gongshi help` shows the handbook in the operator's language, in any folder."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from gongshi.cli.commands.help import MANUAL, TOPICS
from support.unit import COMMON, UnitUnderTest


def _outside(folder: Path, *arguments: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    """Run the command in a folder that belongs to no unit."""
    return subprocess.run(
        [sys.executable, "-m", "gongshi", "help", *arguments],
        cwd=folder, env={**COMMON, "LANG": lang}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(("lang", "folder"), [("en", "en"), ("zh_CN.UTF-8", "zh")])
def test_a_topic_is_the_text_of_the_handbook(topic: str, lang: str, folder: str, tmp_path: Path) -> None:
    """Outside of a terminal it is the file itself, so that it can be saved or sent to somebody."""
    done = _outside(tmp_path, topic, lang=lang)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (MANUAL / folder / f"{topic}.md").read_text(encoding="utf-8")


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


def test_a_terminal_shows_it_laid_out(tmp_path: Path) -> None:
    """Without Markdown's signs, at most as wide as the terminal; links name the command that shows the other part."""
    parent, child = pty.openpty()
    environment = {**COMMON, "TERM": "dumb", "COLUMNS": "80", "LANG": "en"}
    with subprocess.Popen(
        [sys.executable, "-m", "gongshi", "help", "editor"], cwd=tmp_path, env=environment, stdout=child
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
    lines = [line.rstrip() for line in shown.decode().splitlines()]
    assert max(len(line) for line in lines) <= 80
    assert "Front matter" in lines
    assert not any(line.startswith("#") or "`" in line for line in lines)
