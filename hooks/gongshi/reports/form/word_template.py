"""Fill a Word template, which the unit may have drawn itself, with values."""

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
from gongshi.common.files import read_file
from gongshi.common.office_files import make_reproducible
from gongshi.i18n import gettext as _

_FILE_BYTES, _UNPACKED_BYTES, _TEXT_BYTES, _MEMBERS = 16 << 20, 64 << 20, 2 << 20, 1000
"""Limits of a template in bytes: the file, all its parts unpacked, one part with text (each MiB takes seconds); and the
number of its parts."""
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""The first bytes of .doc files and of files with a password."""
_LINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_FORBIDDEN = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f{DIRECTION}\ud800-\udfff{NONCHARACTERS}]")
"""Characters that XML forbids, and those that make a text look like another one."""
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})


class _Unknown(StrictUndefined):
    """An unknown placeholder. Any use of it raises an error with its name as the message."""

    @property
    def _undefined_message(self) -> str:
        return self._undefined_hint or str(self._undefined_name)


def read_template(file: Path, label: str) -> bytes:
    """Read a template after checking its kind and size.

    Args:
        file: the .docx file; a link to one is followed.
        label: its name in problems.

    Raises:
        InvalidInput: it cannot be read, is no .docx file, or is too large.
    """
    try:
        real = file.resolve()
        too_large = real.stat().st_size > _FILE_BYTES
        content = b"" if too_large else read_file(real)
    except OSError as error:
        raise _invalid_template(label, _("cannot be read: {reason}").format(reason=error.strerror)) from None
    if content.startswith(_OLE):
        raise _invalid_template(
            label, _("is an old .doc file or has a password; save it in Word as .docx, without a password")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        members = []
    if too_large or _is_bomb(members):
        message = _("is too large for a form (at most {size} MiB, text at most {text} MiB); make it smaller")
        raise _invalid_template(label, message.format(size=_FILE_BYTES >> 20, text=_TEXT_BYTES >> 20))
    if not members:
        raise _invalid_template(label, _not_word_message())
    return content


def _is_bomb(members: Sequence[zipfile.ZipInfo]) -> bool:
    texts = (member.file_size for member in members if member.filename.endswith((".xml", ".rels")))
    unpacked = sum(member.file_size for member in members)
    return len(members) > _MEMBERS or unpacked > _UNPACKED_BYTES or max(texts, default=0) > _TEXT_BYTES


def render_docx(template: bytes, label: str, values: Mapping[str, Any], now: datetime) -> bytes:
    """Return a Word file with the values in place of the template's placeholders.

    The values cannot act as placeholders, markup or control characters.

    Args:
        template: the bytes of a .docx file with placeholders, see `reports.form.placeholders`.
        label: the template's name in problems.
        values: texts, numbers, lists and mappings of them by placeholder; `title` and `unit.name` go into the
            properties of the file, too.
        now: the time of creation and modification that goes into the file.

    Raises:
        InvalidInput: the template is no Word file, has no placeholder or an unknown one, or has a mistake.
    """
    document = DocxTemplate(io.BytesIO(template))
    try:
        document.init_docx()
    # On broken files, the libraries raise exceptions of many types: KeyError, ValueError, XML syntax errors.
    except Exception:
        raise _invalid_template(label, _not_word_message()) from None
    mend = document.fix_tables

    def strict(xml: str) -> Any:
        # docxtpl repairs broken XML by dropping parts of it; raise an error instead.
        parse_xml(xml)
        return mend(xml)

    document.fix_tables = strict
    if not _has_placeholder(template):
        message = _(
            "names no placeholder such as {{ title }}, so it would be the same for every entry; is it a form that was "
            "already filled?"
        )
        raise _invalid_template(label, message)
    kept = _without_properties(document.core_properties)
    _render(document, label, values)
    for cell in document.element.body.iter("{*}tc"):
        # Word refuses cells that do not end in a paragraph; a loop without items leaves such cells.
        if not len(cell) or not cell[-1].tag.endswith("}p"):
            cell.append(cell.makeelement(cell.tag[: -len("tc")] + "p"))
    _set_properties(document.core_properties, kept, values, now)
    buffer = io.BytesIO()
    document.save(buffer)
    return make_reproducible(buffer.getvalue(), now)


def _has_placeholder(template: bytes) -> bool:
    """Tell whether a Word file has a placeholder, also in headers and footers; Word may split it by tags."""
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        texts = (archive.read(name) for name in archive.namelist() if re.fullmatch(r"word/\w+\.xml", name))
        return any(mark in re.sub(rb"<[^>]*>", b"", text) for text in texts for mark in (b"{{", b"{%"))


def _render(document: Any, label: str, values: Mapping[str, Any]) -> None:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=_Unknown, finalize=_text)
    # The filter `safe` would let a title become markup.
    del environment.filters["safe"]
    try:
        document.render(values, environment)
    except UndefinedError as error:
        name = printable(str(error.message))
        close = difflib.get_close_matches(name, _names(values), n=1)
        message = _("names the placeholder {name}, which a form does not have; did you mean {close}?")
        if not close:
            message = _("names the placeholder {name}, which a form does not have; `--json` lists all placeholders")
        raise _invalid_template(label, message.format(name=name, close=close[0] if close else "")) from None
    except TemplateError as error:
        message = _("has a mistake in a placeholder near “{place}”: {reason}")
        raise _invalid_template(
            label, message.format(place=_place(error), reason=printable(str(error.message)))
        ) from None
    except SyntaxError:
        message = _(
            "has an {% if %} or {% for %} that begins inside a table and ends outside, or begins outside and ends "
            "inside; write {%p … %} or {%tr … %} in paragraphs or rows of their own"
        )
        raise _invalid_template(label, message) from None
    except Exception as error:  # Expressions in a template can raise any exception, such as 1/0.
        message = _("cannot be filled: {reason}")
        raise _invalid_template(label, message.format(reason=printable(str(error)) or type(error).__name__)) from None


def _text(value: Any) -> Markup:
    """Return a value as it is written into the XML of the file."""
    clean = _clean("" if value is None else str(value))
    # Markup was escaped already by a filter or block of the template.
    escaped = clean if isinstance(value, Markup) else str(escape(clean))
    # docxtpl interprets some sequences of braces after inserting the values; character references are safe from that.
    return Markup(escaped.translate(_BRACES))  # noqa: S704


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", _LINES.sub("\n", text))


def _place(error: TemplateError) -> str:
    """Return the beginning of the paragraph with the mistake."""
    number = getattr(error, "lineno", None) or 1
    lines = list(getattr(error, "docx_context", ()))
    index = number - 1 - max(number - 4, 0)
    return printable(lines[index].strip()[:60]) if index < len(lines) else ""


def _names(values: Mapping[str, Any]) -> list[str]:
    """Return the names of placeholders and of their parts."""
    names = list(values)
    for value in values.values():
        first = value[0] if isinstance(value, list) and value else value
        names += list(first) if isinstance(first, Mapping) else []
    return names


_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
"""Properties of the file that docxtpl would treat as templates; each has at most 255 characters."""


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


def _not_word_message() -> str:
    return _("is not a Word file; save it in Word as .docx (not .doc, .docm or .dotx)")


def _invalid_template(label: str, message: str) -> InvalidInput:
    return InvalidInput([Problem(label, message)])
