"""`gongshi help` shows the handbook in the operator's language, in any folder."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from gongshi.cli.commands.help import MANUAL, TOPICS
from gongshi.cli.help_format import wrap
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


@pytest.mark.parametrize(("lang", "folder"), [("en", "en"), ("zh_CN.UTF-8", "zh")])
def test_a_terminal_shows_examples_side_by_side(tmp_path: Path, lang: str, folder: str) -> None:
    """Each line of the columns is one line of a terminal of 80 columns."""
    lines = _in_terminal(tmp_path, "text", lang)
    assert max(cell_len(line) for line in lines) <= 80
    source = (MANUAL / folder / "text.md").read_text(encoding="utf-8")
    columns = [line.strip() for line in source.splitlines() if "│" in line]
    assert len(columns) > 50
    assert [line.strip() for line in lines if "│" in line] == columns


LANGUAGES = {"en": "en", "zh": "zh_CN.UTF-8"}
WIDTHS = (40, 60, 80)
HELP_OF_ALL = """
import json, sys
from gongshi import i18n
i18n.set_language(sys.argv[1])
from gongshi.cli.group import gongshi
from gongshi.cli.help_format import CellContext
found = {}
for name in gongshi.list_commands(CellContext(gongshi)):
    command = gongshi.get_command(CellContext(gongshi), name)
    context = command.context_class(command, info_name=f"gongshi {name}")
    shown = []
    for width in map(int, sys.argv[2:]):
        context.terminal_width = width
        shown.append(command.get_help(context))
    options = [option.help for option in command.params if getattr(option, "help", None)]
    found[name] = {"help": command.help, "options": options, "shown": shown}
print(json.dumps(found))
"""


@pytest.fixture(scope="module", params=LANGUAGES)
def all_help(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """A language, and in it for each command its help, that of its options, and what is shown in each width."""
    arguments = [sys.executable, "-c", HELP_OF_ALL, request.param, *map(str, WIDTHS)]
    done = subprocess.run(arguments, env={**COMMON, "LANG": LANGUAGES[request.param]}, capture_output=True, check=True)
    return LANGUAGES[request.param], json.loads(done.stdout)


def _plain(text: str) -> str:
    """Return text without the blanks at which lines may be broken."""
    return "".join(text.split())


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_the_list_of_commands_says_a_whole_sentence_of_each(
    all_help: tuple[str, dict[str, Any]], width: int, unit: UnitUnderTest
) -> None:
    """The first of its help, wrapped and not cut, in no more columns than the terminal has."""
    language, commands = all_help
    listed = unit.gongshi("--help", LANG=language, COLUMNS=str(width)).output
    assert max(map(cell_len, listed.splitlines())) <= width
    texts = re.findall(r"^  (\w+) +(.*(?:\n   +.*)*)$", re.split(r"\n(?:Commands|命令):\n", listed)[1], re.MULTILINE)
    assert [name for name, _text in texts] == list(commands)
    for name, text in texts:
        sentence = _plain(text)
        assert len(sentence) > 4 and _plain(commands[name]["help"]).startswith(sentence), name
        assert sentence[-1] in "。." and not sentence.endswith(".."), name
        assert all(sentence.count(one) == sentence.count(other) for one, other in ("()", "（）", "“”")), name


@pytest.mark.slow
def test_help_of_every_command_is_wrapped_and_complete(all_help: tuple[str, dict[str, Any]]) -> None:
    """Every command's text and the text of every option, in no more columns than the terminal has."""
    for name, command in all_help[1].items():
        for width, shown in zip(WIDTHS, command["shown"], strict=True):
            assert max(map(cell_len, shown.splitlines())) <= width, (name, width)
            for text in (command["help"], *command["options"]):
                assert _plain(text) in _plain(shown), (name, width)


@pytest.mark.parametrize("width", range(20, 60))
def test_no_line_begins_with_a_closing_sign(width: int) -> None:
    """Nor ends with an opening one; and nothing is lost, not even of a word longer than the line."""
    text = (
        "核验 DIR（生成或部署的网站，或 `gongshi stage` 写成的文件夹）就是所“批准”的内容：不多、不少。"
        + "x" * 70
        + "，好。"
    )
    lines = wrap(text, width)
    assert _plain("".join(lines)) == _plain(text)
    assert max(map(cell_len, lines)) <= width
    assert not any(line[0] in "，。、：）” " or line[-1] in "（“ " for line in lines)
    assert " ".join(lines).count("gongshi") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "meant"), [("nwe", "new"), ("summit", "submit"), ("statistics", "stats"), ("Check", "check")]
)
def test_a_mistyped_command_is_guessed(unit: UnitUnderTest, written: str, meant: str) -> None:
    """One line names what was typed and what may be meant."""
    result = unit.gongshi(written)
    assert (result.exit_code, result.output) == (2, "")
    assert f"Error: No such command: {written}. Did you mean {meant}?" in result.errors
    assert "Did you mean" not in unit.gongshi("xyz").errors
