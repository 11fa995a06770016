"""Word files filled from a template that the unit may have drawn itself."""

from __future__ import annotations

import difflib
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from gongshi.common.characters import DIRECTION, NONCHARACTERS
from gongshi.common.errors import InvalidInput, Problem, printable
from gongshi.common.files import read_regular
from gongshi.i18n import gettext as _
from gongshi.reports.office_files import settled

_FILE_BYTES, _UNPACKED_BYTES, _TEXT_BYTES, _MEMBERS = 16 << 20, 64 << 20, 2 << 20, 1000
"""Bounds of a template: all its files, unpacked, and each that holds text, which takes seconds for each MiB."""
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How .doc files and files with a password begin."""
_LINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NO_TEXT = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f{DIRECTION}\ud800-\udfff{NONCHARACTERS}]")
"""What XML forbids, and what makes a text look like another one."""
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})


class _Unknown(StrictUndefined):
    """A placeholder that there is not; any use of it raises an error that says its name and nothing else."""

    @property
    def _undefined_message(self) -> str:
        return self._undefined_hint or str(self._undefined_name)


def read_template(file: Path, label: str) -> bytes:
    """A template, so far as it is a file of the right kind and no trap.

    Args:
        file: the .docx file; a link to one is followed.
        label: how to name it in problems.

    Raises:
        InvalidInput: it is something else, or larger than a form can be.
    """
    try:
        real = file.resolve()
        too_large = real.stat().st_size > _FILE_BYTES
        content = b"" if too_large else read_regular(real)
    except OSError as error:
        raise _unfit(label, _("cannot be read: {reason}").format(reason=error.strerror)) from None
    if content.startswith(_OLE):
        raise _unfit(label, _("is an old .doc file or has a password; save it in Word as .docx, without a password"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        members = []
    if too_large or _is_bomb(members):
        message = _(
            "is larger than any form (at most {size} MiB, text at most {text} MiB); draw it anew, with less in it"
        )
        raise _unfit(label, message.format(size=_FILE_BYTES >> 20, text=_TEXT_BYTES >> 20))
    if not members:
        raise _unfit(label, _not_word())
    return content


def _is_bomb(members: Sequence[zipfile.ZipInfo]) -> bool:
    texts = (member.file_size for member in members if member.filename.endswith((".xml", ".rels")))
    unpacked = sum(member.file_size for member in members)
    return len(members) > _MEMBERS or unpacked > _UNPACKED_BYTES or max(texts, default=0) > _TEXT_BYTES


def fill(template: bytes, label: str, values: Mapping[str, Any], now: datetime) -> bytes:
    """A Word file with the values in the places that the template names.

    Nothing in the values can act as a placeholder, as markup or as a control character.

    Args:
        template: the bytes of a .docx file with placeholders, see `outputs.form`.
        label: how to name the template in problems.
        values: texts, numbers, lists and mappings of them by placeholder; `title` and `unit.name` go into the
            properties of the file, too.
        now: the time that the file names as its own.

    Raises:
        InvalidInput: the template is no Word file, names nothing or what is not there, or has a mistake.
    """
    document = DocxTemplate(io.BytesIO(template))
    try:
        document.init_docx()
    # The libraries raise whatever they stumble over in a broken file: KeyError, ValueError, syntax errors of XML.
    except Exception:
        raise _unfit(label, _not_word()) from None
    mend = document.fix_tables

    def strict(xml: str) -> Any:
        # docxtpl would mend broken XML by dropping what does not fit.
        parse_xml(xml)
        return mend(xml)

    document.fix_tables = strict
    if not _names_anything(template):
        message = _(
            "names no placeholder such as {{ title }}, so it would say the same of every entry; is it a form that was "
            "filled already?"
        )
        raise _unfit(label, message)
    kept = _without_properties(document.core_properties)
    _render(document, label, values)
    for cell in document.element.body.iter("{*}tc"):
        # Word refuses a file with a cell that does not end in a paragraph, as a loop without items leaves one.
        if not len(cell) or not cell[-1].tag.endswith("}p"):
            cell.append(cell.makeelement(cell.tag[: -len("tc")] + "p"))
    _set_properties(document.core_properties, kept, values, now)
    buffer = io.BytesIO()
    document.save(buffer)
    return settled(buffer.getvalue(), now)


def _names_anything(template: bytes) -> bool:
    """Whether any text of a Word file, headers and footers included, holds a placeholder; Word may cut it in pieces."""
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        texts = (archive.read(name) for name in archive.namelist() if re.fullmatch(r"word/\w+\.xml", name))
        return any(mark in re.sub(rb"<[^>]*>", b"", text) for text in texts for mark in (b"{{", b"{%"))


def _render(document: Any, label: str, values: Mapping[str, Any]) -> None:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=_Unknown, finalize=_text)
    # With it a title could become markup.
    del environment.filters["safe"]
    try:
        document.render(values, environment)
    except UndefinedError as error:
        name = printable(str(error.message))
        close = difflib.get_close_matches(name, _names(values), n=1)
        message = _("names the placeholder {name}, which a form does not have; did you mean {close}?")
        if not close:
            message = _("names the placeholder {name}, which a form does not have; `--json` lists those that it has")
        raise _unfit(label, message.format(name=name, close=close[0] if close else "")) from None
    except TemplateError as error:
        message = _("has a mistake in a placeholder near “{place}”: {reason}")
        raise _unfit(label, message.format(place=_place(error), reason=printable(str(error.message)))) from None
    except SyntaxError:
        message = _(
            "has an {% if %} or {% for %} that begins inside a table and ends outside, or the other way round; "
            "write {%p … %} or {%tr … %} in paragraphs or rows of their own"
        )
        raise _unfit(label, message) from None
    except Exception as error:  # What a template computes can fail in any way: 1/0, nonsense in filters.
        message = _("cannot be filled: {reason}")
        raise _unfit(label, message.format(reason=printable(str(error)) or type(error).__name__)) from None


def _text(value: Any) -> Markup:
    """A value as it stands in the XML of the file."""
    clean = _clean("" if value is None else str(value))
    # A filter or block of the template has escaped what is markup already.
    escaped = clean if isinstance(value, Markup) else str(escape(clean))
    # docxtpl gives some sequences of braces a meaning after the values are in; as references they have none.
    return Markup(escaped.translate(_BRACES))  # noqa: S704


def _clean(text: str) -> str:
    return _NO_TEXT.sub("\ufffd", _LINES.sub("\n", text))


def _place(error: TemplateError) -> str:
    """The paragraph in which a template has its mistake."""
    number = getattr(error, "lineno", None) or 1
    lines = list(getattr(error, "docx_context", ()))
    index = number - 1 - max(number - 4, 0)
    return printable(lines[index].strip()[:60]) if index < len(lines) else ""


def _names(values: Mapping[str, Any]) -> list[str]:
    """The names of placeholders and of what they consist of."""
    names = list(values)
    for value in values.values():
        first = value[0] if isinstance(value, list) and value else value
        names += list(first) if isinstance(first, Mapping) else []
    return names


_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
"""What docxtpl takes for templates, each at most 255 characters long."""


def _without_properties(properties: Any) -> dict[str, str]:
    kept = {name: getattr(properties, name) for name in _PROPERTIES}
    for name in _PROPERTIES:
        setattr(properties, name, "")
    return kept


def _set_properties(properties: Any, kept: Mapping[str, str], values: Mapping[str, Any], now: datetime) -> None:
    own = {"title": values["title"], "author": values["unit"]["name"], "last_modified_by": values["unit"]["name"]}
    for name, text in {**kept, **own}.items():
        setattr(properties, name, _clean(text)[:255])
    properties.created = properties.modified = now.astimezone(timezone.utc).replace(tzinfo=None)
    properties.revision = 1


def _not_word() -> str:
    return _("is no Word file; save it in Word as .docx (not .doc, .docm or .dotx)")


def _unfit(label: str, message: str) -> InvalidInput:
    return InvalidInput([Problem(label, message)])
