"""Update the translation catalogues from the sources: `python hooks/gongshi/locale/update_catalogues.py`.

It lists untranslated messages. Translate them in `hooks/gongshi/locale/zh/LC_MESSAGES/gongshi.po`, then run it again.
"""

from __future__ import annotations

import io
import sys
from datetime import datetime, timezone
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[1]
MESSAGES = PACKAGE / "locale" / "zh" / "LC_MESSAGES"
HEADER = """\
msgid ""
msgstr ""
"Language: zh\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
METHODS = [("**.py", "python"), ("theme/**.html", "jinja2")]


def extracted() -> Catalog:
    """Return a catalogue of all messages in the sources."""
    catalog = Catalog()
    for _file, _line, message, _comments, context in extract_from_dir(PACKAGE, METHODS, {"**.html": {}}):
        catalog.add(message, context=context)
    return catalog


def read(name: str) -> Catalog:
    """Return a catalogue as it is on disk.

    Args:
        name: the file name without `.po`.
    """
    with (MESSAGES / f"{name}.po").open("rb") as file:
        return read_po(file, locale="zh")


def renewed() -> Catalog:
    """Return the catalogue of Gongshi updated from the sources: new messages untranslated, unused ones removed."""
    catalog = read("gongshi")
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def po(catalog: Catalog) -> str:
    """Return a catalogue as text, with a constant header."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, sort_output=True, no_location=True, omit_header=True, ignore_obsolete=True, width=120)
    return HEADER + buffer.getvalue().decode()


def mo(name: str) -> bytes:
    """Return a compiled catalogue.

    Args:
        name: the file name without `.po`.
    """
    catalog = read(name)
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=timezone.utc)
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """Return the messages without a translation."""
    return [str(message.id) for message in catalog if message.id and not any(message.string or ())]


def main() -> None:
    """Update and compile the catalogues; exit with an error if translations are missing."""
    catalog = renewed()
    (MESSAGES / "gongshi.po").write_text(po(catalog), encoding="utf-8")
    for name in ("gongshi", "click"):
        (MESSAGES / f"{name}.mo").write_bytes(mo(name))
    sys.exit("\n".join(["not translated:", *missing(catalog)]) if missing(catalog) else 0)


if __name__ == "__main__":
    main()
