"""Shared options of the reporting commands: periods, numbers and output files."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from gongshi.cli.session import Session
from gongshi.common import dates
from gongshi.common.errors import Refused, UsageError, printable
from gongshi.common.files import write_atomic_many
from gongshi.i18n import gettext as _
from gongshi.release import manifest

_PACKAGE = Path(__file__).resolve().parents[1]

Command = TypeVar("Command", bound=Callable[..., Any])


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    day = dates.parse_date(value) if value is not None else None
    if value is not None and day is None:
        message = _("“{value}” is not a day: {fault}")
        raise click.BadParameter(message.format(value=printable(value), fault=dates.day_fault(value)))
    return day


def count(_context: click.Context, _option: click.Parameter, value: str | None) -> int | None:
    """Parse an option as a whole number from 1, in ASCII digits; `int` would also accept `１２`, `1_2` and `+12`.

    Args:
        value: the value of the option, or None.

    Raises:
        click.BadParameter: it is not such a number.
    """
    if value is None or re.fullmatch("[1-9][0-9]{0,8}", value):
        return int(value) if value else None
    raise click.BadParameter(_("“{value}” is not a whole number from 1").format(value=printable(value)))


def period_options(command: Command) -> Command:
    """Add the options `--from` and `--to`, passed as `first` and `last`.

    Args:
        command: the command's function.
    """
    last = click.option("--to", "last", callback=_day, metavar="DAY", help=_("The last day, such as 2026-12-31."))
    first = click.option("--from", "first", callback=_day, metavar="DAY", help=_("The first day, such as 2026-01-01."))
    return first(last(command))


def force_option(command: Command) -> Command:
    """Add the option `--force`.

    Args:
        command: the command's function.
    """
    return click.option("--force", is_flag=True, help=_("Replace an existing file."))(command)


def check_absent(files: Iterable[Path], force: bool) -> None:
    """Refuse to begin work whose output files exist already.

    Args:
        files: the output files.
        force: True if they may be replaced.

    Raises:
        Refused: one of them exists.
    """
    for file in files:
        if not force and file.exists():
            raise Refused(_existing_file_message(file))


def write_outputs(files: Mapping[Path, bytes], force: bool) -> None:
    """Write several output files, all or none.

    Args:
        files: the bytes of each file.
        force: True to replace existing files with other content.

    Raises:
        Refused: a file exists already with other content; somebody may have edited it.
        OSError: a file cannot be written; none was changed.
    """
    for file, content in files.items():
        if not force and file.exists() and not (file.is_file() and file.read_bytes() == content):
            raise Refused(_existing_file_message(file))
    write_atomic_many(files)


def names(files: Iterable[Path]) -> list[str]:
    """Return the sentence `Written: FILE` for each file, for `session.reporting`.

    Args:
        files: the written files.
    """
    return [_("Written: {file}").format(file=printable(str(file))) for file in files]


def check_order(first: date | None, last: date | None) -> None:
    """Refuse a period that ends before it begins.

    Args:
        first: the first day, or None.
        last: the last day, or None.

    Raises:
        UsageError: the last day is before the first.
    """
    if first and last and last < first:
        raise UsageError(_("--to is before --from"))


def check_output_path(session: Session, file: Path, suffixes: Collection[str]) -> Path:
    """Check that an output file can be written and would not be published; return it.

    Args:
        session: the session of the command.
        file: the file given by the user, or the default.
        suffixes: the extensions that the command can write, such as `.xlsx`.

    Raises:
        UsageError: the ending is another, the folder does not exist, or the file would lie in `docs/`, in `hooks/`,
            whose theme is published as it is, or in a built site.
    """
    name = printable(str(file))
    if file.suffix.lower() not in suffixes:
        message = _("{file}: the name must end in {suffixes}")
        raise UsageError(message.format(file=name, suffixes=_(" or ").join(suffixes)))
    if file.is_dir():
        raise UsageError(_("{file} is a folder; name a file").format(file=name))
    # If the file is a link, check both its own folder and the folder of its target.
    parents = {*(file.parent.resolve() / "x").parents, *file.resolve().parents}
    for folder in (session.configuration.docs, session.configuration.root / "hooks", _PACKAGE):
        if any(_is_same(parent, folder) for parent in parents):
            message = _("{file} would lie in {folder}/, which is not for such files; name a place outside")
            raise UsageError(message.format(file=name, folder=folder.name))
    if any((parent / manifest.PATH).exists() for parent in parents):
        raise UsageError(_("{file} would lie in a built site, where everybody could read it").format(file=name))
    if not file.parent.is_dir():
        message = _("{file}: there is no folder {folder}; create it first")
        raise UsageError(message.format(file=name, folder=printable(str(file.parent))))
    return file


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def json_value(value: Any) -> Any:
    """Return a value as JSON can hold it: times in RFC 3339, days as `YYYY-MM-DD`, tuples as lists.

    Args:
        value: any value.
    """
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _existing_file_message(file: Path) -> str:
    message = _("{file} exists already; name another file, or add --force to replace it")
    return message.format(file=printable(str(file)))
