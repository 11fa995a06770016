"""Rules for paths in `docs/`: the kind of page at a path, its address, and the accepted names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import Enum

from gongshi.common import characters
from gongshi.common.characters import Fault
from gongshi.domain.config.policy import RESERVED, Column, is_introduction
from gongshi.i18n import gettext as _

REVIEWS_DIR = ".reviews"
ORIGINALS_DIR = ".originals"
"""The folder in `docs/` for the files from which entries were imported; it is never read or published."""
"""The folder of the record, in `docs/`."""
HOST_FILES = "hooks/host"
"""The folder of files for hosts and search engines, relative to the repository."""
EVENT = "event.ics"
"""The calendar file of an activity, beside its page."""
_RESERVED_IN_COLUMN = frozenset(("page", "feed.xml", "calendar.ics"))
"""Second segments of addresses that belong to a column's lists, also with more segments after them."""
_YEAR = re.compile(r"\d{4}")
_UNSAFE = re.compile(r'[\\:*?"<>|]')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(\..*)?", re.IGNORECASE)
_NAME_BYTES = 200
_HARMLESS = re.compile(r"(?:(?!con|prn|aux|nul|com|lpt)[a-z0-9_-]{1,100}(?:\.md)?(?:/|\Z))+", re.IGNORECASE | re.ASCII)
"""Paths that are certainly acceptable, which most are; others are checked in detail."""
_PATH_BYTES = 800
_IGNORED = re.compile(
    r"\..*|.*~|~\$.*|#.*#|.*\.(swp|swo|swx|bak|tmp|temp|orig|rej|old|part|crdownload|pyc)|thumbs\.db|desktop\.ini|__pycache__",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r".*\.(md|markdown|mdown|mkdn|mkd)", re.IGNORECASE)
_TEXT = re.compile(r".*\.(txt|csv|tsv|svg|ics|json|geojson|gpx|kml|vtt|srt|vcf|tex|bib)", re.IGNORECASE)


class PageKind(Enum):
    """The kind of a Markdown file."""

    ENTRY = "entry"
    INTRODUCTION = "introduction"
    """A column's `index.md`."""
    PAGE = "page"
    """A standing page; the root page is one."""


def kind_of(path: str, columns: Mapping[str, Column]) -> PageKind:
    """Return the kind of the Markdown file at a path.

    Args:
        path: relative to `docs/`, with `/`.
        columns: the configured columns by id.
    """
    if path.split("/")[0] not in columns or "/" not in path:
        return PageKind.PAGE
    return PageKind.INTRODUCTION if is_introduction(path) else PageKind.ENTRY


def is_bundle(path: str, columns: Mapping[str, Column]) -> bool:
    """Tell whether the Markdown file owns the other files of its folder."""
    return path.endswith("/index.md") and kind_of(path, columns) is not PageKind.INTRODUCTION


def url_path(path: str) -> str:
    """Return the address of a Markdown file, relative to the site: empty for the home page, else ending in `/`."""
    stem = path.removesuffix(".md")
    if stem == "index":
        return ""
    return stem.removesuffix("/index") + "/"


def parent_dir(path: str) -> str:
    """Return the folder of a file, empty or ending in `/`."""
    return path[: path.rfind("/") + 1]


def output_path(path: str) -> str:
    """Return the HTML file of a Markdown file, relative to the site."""
    return url_path(path) + "index.html"


def collation_key(path: str) -> str:
    """Return a key that is equal for paths that are the same on some file systems, ignoring case and Unicode form."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def is_ignored_file(name: str) -> bool:
    """Tell whether a file is a hidden, backup or temporary file, which is never published."""
    return bool(_IGNORED.fullmatch(name))


def is_markdown(name: str) -> bool:
    """Tell whether MkDocs would treat a file of this name as a page."""
    return bool(_MARKDOWN.fullmatch(name))


def is_text(name: str) -> bool:
    """Tell by a file's name whether people edit and Git merges it as text."""
    return bool(_TEXT.fullmatch(name))


def is_inside(path: str) -> bool:
    """Tell whether a path stays in its folder on every system, and can be shown on one line.

    All paths that `name_problem` or `recorded_name_problem` accept are such paths.

    Args:
        path: relative to a folder, with `/`.
    """
    return "\\" not in path and {"", ".", ".."}.isdisjoint(path.split("/")) and characters.is_plain(path)


def name_problem(path: str) -> str | None:
    """Return the problem with the names in a path that is to be submitted, or None.

    Names must mean the same file on each system of a unit or its host, and must not look like other names. The rules
    include those of `recorded_name_problem`, so that an accepted path can always be read from the record.

    Args:
        path: relative to `docs/`, with `/`; bytes that are no UTF-8 as surrogate escapes.
    """
    if len(path) <= _NAME_BYTES and _HARMLESS.fullmatch(path) and ".md/" not in path.lower():
        return None
    if message := recorded_name_problem(path):
        return message
    for fault in (fault for fault in map(characters.fault_of, path) if fault):
        if fault is Fault.LOST:
            return _("the name has the character “�”, which replaces a lost one; rename the file or folder")
        return _invisible_message()
    if any(unicodedata.category(character) == "Cn" for character in path):
        return _invisible_message()
    if any(is_markdown(name) for name in path.split("/")[:-1]):
        return _("the name of a folder must not end in .md; rename the folder")
    if any(name.removesuffix(".md").casefold() == EVENT for name in path.split("/")):
        return _event_message()
    return None


def _invisible_message() -> str:
    return _("the name has an invisible or invalid character; rename the file or folder")


def _event_message() -> str:
    return _("the name event.ics is reserved for the calendar file of an activity; choose another name")


def recorded_name_problem(path: str) -> str | None:
    """Return the reason why a path cannot be that of an approved file, or None. These rules never change.

    Args:
        path: relative to `docs/`, with `/`; bytes that are no UTF-8 as surrogate escapes.
    """
    if len(path) <= _PATH_BYTES and _HARMLESS.fullmatch(path):
        return None
    if len(path.encode("utf-8", "surrogatepass")) > _PATH_BYTES:
        return _("the path is too long; use shorter names of files and folders")
    for name in path.split("/"):
        if not characters.is_plain(name):
            return _invisible_message()
        if not unicodedata.is_normalized("NFC", name):
            return _(
                "the name is not in the usual Unicode form (NFC); rename the file or folder by typing the name again"
            )
        if _UNSAFE.search(name) or name != name.strip(" .") or _DEVICE.fullmatch(name):
            return _(
                'not every system can store this name; avoid \\ : * ? " < > |, '
                "spaces or dots at the ends, con, nul and the like"
            )
        if name.casefold() == EVENT:
            return _event_message()
        if len(name.encode()) > _NAME_BYTES:
            return _("the name is too long; use a shorter one")
    return None


RECORD_FILES = (".jsonl", ".head")
"""The suffixes of the files of the record for one entry: its dossier and its head."""
_OF_RECORD = tuple(f".md{ending}" for ending in RECORD_FILES)


def record_folder(path: str) -> str | None:
    """Return the folder of a path that has the name of a file of the record of another entry; None if none has.

    Args:
        path: a Markdown file, relative to `docs/`. Case is ignored, as some systems do.

    Returns:
        The folder, relative to `docs/`.
    """
    if ".md." not in path.lower():
        return None
    folders = path.split("/")[:-1]
    found = (n for n, name in enumerate(folders, 1) if collation_key(name).endswith(_OF_RECORD))
    return next(("/".join(folders[:number]) for number in found), None)


def place_problem(path: str, columns: Mapping[str, Column]) -> str | None:
    """Return the reason why nothing can be published from a Markdown file at this path, or None."""
    return recorded_name_problem(path) or address_problem(path, columns)


def address_problem(path: str, columns: Mapping[str, Column]) -> str | None:
    """Return the reason why the address of a Markdown file is not allowed, or None."""
    name = path.rpartition("/")[2]
    if name.casefold() in ("readme.md", "index.md") and name != "index.md":
        return _("rename the file to index.md")
    address = url_path(path).rstrip("/")
    segments = address.split("/")
    if "index.html" in address.casefold().split("/"):
        return _("the name index.html is reserved for built pages; choose another name")
    if segments[0].casefold() in RESERVED:
        return _("the address /{name}/ is reserved for the site's own pages; choose another name").format(
            name=segments[0]
        )
    if path.removesuffix(".md") in columns:
        message = _("the address /{name}/ belongs to the column; its introduction is {name}/index.md")
        return message.format(name=segments[0])
    if len(segments) > 1 and segments[0] in columns:
        own_list = len(segments) == 2 and _YEAR.fullmatch(segments[1])
        if own_list or segments[1].casefold() in _RESERVED_IN_COLUMN:
            message = _("the address /{column}/{name}/ is reserved for the column's lists; choose another name")
            return message.format(column=segments[0], name=segments[1])
    if segments[0].casefold() in columns and segments[0] not in columns:
        return _("the folder differs from the column {column} only in case; rename it").format(
            column=segments[0].casefold()
        )
    return None
