"""The search of the site: an index that Pagefind makes of the approved texts, and that browsers search by themselves.

Pagefind's own filters and its list of files come in an order that changes from run to run, and its way of writing files
may end before they are whole. So the index is asked for its files, filters are words of the index, and what the search
page does not load is left out (seen in Pagefind 1.5.2).
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from gongshi.domain.problem import Refused, printable
from gongshi.i18n import gettext as _
from gongshi.outputs.searchtext import content

FOLDER = "pagefind"
CHOICES = "choices.json"
PATIENCE = 1800
"""Seconds after which Pagefind is given up; 6,800 entries take about 30."""
_LANGUAGE = "und"
"""Undetermined: the texts come cut into words, so Pagefind need not know how to cut or stem."""
_LOADED = ("pagefind.js", "pagefind-entry.json", "wasm.unknown.pagefind")
_LOADED_SUFFIXES = (".pf_meta", ".pf_index", ".pf_fragment")
_EXPIRED = "x1"


@dataclass(frozen=True)
class Record:
    """A public page as the search knows it."""

    url: str
    """Relative to the site and quoted, such as `announcements/2026/20261112-1/`."""
    title: str
    text: str
    """Plain text: the body, and what else the page shows and people look for (document number, place, attachments)."""
    column: str = ""
    """The column's title; empty for a standing page."""
    day: date | None = None
    tags: tuple[str, ...] = ()
    expired: bool = False


def index(site: Path, records: Iterable[Record]) -> list[str]:
    """Make the index of the site.

    Args:
        site: the folder of the site; `pagefind/` in it is made anew.
        records: every page that can be found; the same records give the same bytes, in whatever order they come.

    Returns:
        The files that were written, relative to `site`.

    Raises:
        Refused: Pagefind is missing or fails, or two records have the same address.
    """
    # Newest first: Pagefind lists equally good matches in the order in which pages came in.
    ordered = sorted(records, key=lambda record: record.url)
    ordered.sort(key=lambda record: record.day or date.min, reverse=True)
    if twice := [url for url, times in Counter(record.url for record in ordered).items() if times > 1]:
        raise Refused(_("{address}: two pages for the search have this address").format(address=printable(twice[0])))
    files = _indexed(ordered) if ordered else {}
    files[CHOICES] = _choices(ordered)
    folder = site / FOLDER
    if folder.exists():
        shutil.rmtree(folder)
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return sorted(f"{FOLDER}/{name}" for name in files)


def _facets(record: Record) -> Iterator[tuple[str, str]]:
    if record.column:
        yield "column", record.column
    if record.day:
        yield "year", f"{record.day.year:04}"
    for tag in dict.fromkeys(record.tags):
        yield "tag", tag


def _sign(facet: str, value: str) -> str:
    """The word of the index that every page with this column, year or tag holds; no word of a text looks like it."""
    return "f0" + sha256(f"{facet}\n{value}".encode()).hexdigest()[:12]


def _content(record: Record) -> str:
    signs = [_sign(facet, value) for facet, value in _facets(record)]
    if record.day:
        signs.append(f"d{record.day:%Y%m%d}")
    if record.expired:
        signs.append(_EXPIRED)
    return content(record.title, record.text, signs)


def _choices(records: list[Record]) -> bytes:
    """What visitors can choose from: name and sign of each column, year and tag, the most frequent first."""
    counted = {facet: Counter[str]() for facet in ("column", "year", "tag")}
    for record in records:
        for facet, value in _facets(record):
            counted[facet][value] += 1
    listed = {facet: sorted(times, key=lambda value: (-times[value], value)) for facet, times in counted.items()}
    listed["year"].sort(reverse=True)
    made = {facet: [[value, _sign(facet, value)] for value in values] for facet, values in listed.items()}
    return (json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _indexed(records: list[Record]) -> dict[str, bytes]:
    with _service() as service:
        number = service.ask("NewIndex", config={})["index_id"]
        for place, record in enumerate(records):
            sort = {"place": str(place)}
            text = _content(record)
            service.ask("AddRecord", index_id=number, url=record.url, content=text, language=_LANGUAGE, sort=sort)
        made = service.ask("GetFiles", index_id=number)["files"]
    files = {str(file["path"]): base64.b64decode(file["content"]) for file in made}
    kept = {name: data for name, data in files.items() if name in _LOADED or name.endswith(_LOADED_SUFFIXES)}
    if missing := [name for name in _LOADED if name not in kept]:
        raise Refused(_failure(_("it made no {file}").format(file=missing[0])))
    return dict(sorted(kept.items()))


class _Service:
    """Pagefind as a process that is asked one thing at a time."""

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.stdin = stdin
        self.stdout = stdout
        self.asked = 0

    def ask(self, type: str, **arguments: Any) -> dict[str, Any]:
        self.asked += 1
        message = {"message_id": self.asked, "payload": {"type": type, **arguments}}
        self.stdin.write(base64.b64encode(json.dumps(message).encode()) + b",")
        self.stdin.flush()
        answer: dict[str, Any] = json.loads(base64.b64decode(self._read()))["payload"]
        if answer["type"] == "Error":
            raise Refused(_failure(printable(str(answer["message"]))))
        return answer

    def _read(self) -> bytes:
        parts: list[bytes] = []
        while not parts or not parts[-1].endswith(b","):
            part = self.stdout.read1(1 << 20)  # type: ignore[attr-defined]
            if not part:
                raise EOFError
            parts.append(part)
        return b"".join(parts)[:-1]


@contextmanager
def _service() -> Iterator[_Service]:
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(  # noqa: S603
                [_program(), "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
            )
        except OSError as error:
            raise Refused(_failure(error.strerror or str(error))) from None
        assert process.stdin and process.stdout
        watch = threading.Timer(PATIENCE, process.kill)
        watch.daemon = True
        watch.start()
        try:
            yield _Service(process.stdin, process.stdout)
        except (EOFError, OSError, ValueError, KeyError, TypeError):
            complaints.seek(0)
            said = complaints.read(500).decode("utf-8", "replace").strip()
            raise Refused(_failure(printable(said) or _("it ended early"))) from None
        finally:
            watch.cancel()
            process.kill()
            process.wait()
            process.stdout.close()
            with suppress(OSError):
                process.stdin.close()


def _program() -> str:
    try:
        from pagefind.service import get_executable
    except ImportError:
        found = None
    else:
        found = get_executable()
    if found is None:
        raise Refused(
            _("the search of the site needs Pagefind, which is not installed: install the packages that Gongshi names")
        )
    return str(found)


def _failure(reason: str) -> str:
    return _("Pagefind could not make the index of the search: {reason}").format(reason=reason)
