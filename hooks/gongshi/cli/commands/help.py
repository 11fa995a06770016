"""`gongshi help`: the handbook in the terminal."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import ClassVar

import click
from rich.console import Console, JustifyMethod
from rich.markdown import Markdown, TableDataElement

from gongshi.cli.session import print_json, reporting
from gongshi.common.errors import UsageError, printable
from gongshi.i18n import current_language
from gongshi.i18n import gettext as _

MANUAL = Path(__file__).resolve().parents[2] / "manual"
"""The handbook: a folder for each language, with a file for each topic."""
TOPICS = {
    "editor": "编辑",
    "text": "正文",
    "import": "导入",
    "approver": "审核人",
    "host": "网站管理员",
    "inspector": "检查人员",
    "reference": "参考",
}
"""The topics with their Chinese names, which may be used in any language."""

_WIDEST = 100
"""Columns; longer lines are hard to read."""
_LINK = re.compile(r"\[([^\]]+)\]\((\w+)\.md(?:#[^)]*)?\)")
_ADDRESS = re.compile(r"<(https?://[^>]+)>")


class _Cell(TableDataElement):
    """A cell of a table, broken anywhere: rich would cut off Chinese text, which has no spaces."""

    def __init__(self, justify: JustifyMethod) -> None:
        super().__init__(justify)
        self.content.overflow = "fold"


class _Manual(Markdown):
    """Markdown with tables that lose no text."""

    elements: ClassVar = {**Markdown.elements, "td_open": _Cell, "th_open": _Cell}


@click.command(
    "help",
    help=_(
        "Show a part of the handbook. Without TOPIC, list the topics. The options of a command are shown by "
        "`gongshi COMMAND --help`."
    ),
)
@click.argument("topic", metavar="[TOPIC]", required=False)
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_context
def show_help(context: click.Context, topic: str | None, as_json: bool) -> None:
    """Print the handbook's part, or the list of parts."""
    language = current_language()
    if topic is None:
        titles = {name: _title(name, language) for name in TOPICS}
        with reporting([]):
            if as_json:
                print_json({"language": language, "topics": titles})
            else:
                _print_topics(titles)
        return
    name = _find_topic(topic, context)
    text = _read(name, language)
    with reporting([]):
        if as_json:
            print_json({"language": language, "topic": name, "text": text})
        elif sys.stdout.isatty():
            _print_markdown(text)
        else:
            click.echo(text, nl=False)


def _find_topic(written: str, context: click.Context) -> str:
    """Return the topic that a user names, in English or Chinese.

    Raises:
        UsageError: there is no such topic.
    """
    wanted = written.strip().lower()
    for name, chinese in TOPICS.items():
        if wanted in (name, f"{name}s", chinese):
            return name
    message = _("there is no topic {topic} in the handbook; the topics are {names}")
    group = context.parent.command if context.parent else None
    if isinstance(group, click.Group) and wanted in group.list_commands(context):
        message = _(
            "there is no topic {topic} in the handbook; the topics are {names}. `gongshi {topic} --help` shows the "
            "options of the command"
        )
    raise UsageError(message.format(topic=printable(written), names=", ".join(TOPICS)))


def _read(topic: str, language: str) -> str:
    """Return the text of a topic in Markdown; languages without a handbook get the English one."""
    folder = MANUAL / language
    return ((folder if folder.is_dir() else MANUAL / "en") / f"{topic}.md").read_text(encoding="utf-8")


def _title(topic: str, language: str) -> str:
    return _read(topic, language).split("\n", 1)[0].removeprefix("# ")


def _print_topics(titles: dict[str, str]) -> None:
    click.echo(_("Topics of the handbook, for example `gongshi help editor`:"))
    click.echo()
    for name, title in titles.items():
        click.echo(f"  {name:<10}  {title}")


def _print_markdown(text: str) -> None:
    """Show Markdown in the terminal, with links to other topics as the command that shows them."""
    text = _LINK.sub(lambda link: f"{link[1]} (`gongshi help {link[2]}`)", _ADDRESS.sub(r"\1", text))
    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    console.print(_Manual(text, hyperlinks=False))
