"""Read `hooks/host/`: files that a host or a search engine asks for, copied to the root of the site.

Like `mkdocs.yml` and the rest of `hooks/`, the folder is trusted, and its files are not reviewed. So it accepts only
files that no reader could mistake for a page of the unit:

    CNAME .nojekyll _headers _redirects .htaccess web.config security.txt    by name
    robots.txt                                                               lines after those of Gongshi
    favicon.ico apple-touch-icon.png                                         by name, of that kind
    NAME.txt NAME.html NAME.xml    proofs of ownership: one code of at most two words, tags aside
    .well-known/…                  text that is no HTML, XML or script

Each at most 64 KiB.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gongshi.common.errors import InvalidInput, Problem, printable
from gongshi.common.files import read_file
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.config.attachment_types import is_executable_type
from gongshi.domain.config.policy import RESERVED
from gongshi.domain.content.paths import HOST_FILES, collation_key, is_ignored_file
from gongshi.i18n import gettext as _

FOLDER = HOST_FILES
ROBOTS = "robots.txt"
_WELL_KNOWN = ".well-known/"
_MANIFEST = ".well-known/gongshi.json"
_BYTES = 64 << 10
_CODE_BYTES = 1024
_TEXTS = frozenset((".htaccess", ".nojekyll", "CNAME", "_headers", "_redirects", "security.txt", "web.config", ROBOTS))
_PICTURES = {"favicon.ico": b"\x00\x00\x01\x00", "apple-touch-icon.png": b"\x89PNG\r\n\x1a\n"}
"""The allowed pictures by name, with the first bytes of their kind."""
_NAME = lazy_pattern(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
_PROOF_NAME = r"[A-Za-z0-9_-]{1,100}\.(txt|html|xml)"
_PROOF = lazy_pattern(_PROOF_NAME)
_LIKELY_PROOF = lazy_pattern(
    r"(?=.*(verif|BingSiteAuth|google[0-9a-f]{8}|yandex_|[0-9a-f]{16}))" + _PROOF_NAME, re.IGNORECASE
)
_TAG = lazy_pattern(
    r"<!doctype html>|<\?xml version=\"1\.0\"(?: encoding=\"utf-8\")?\?>|</?(?:html|head|body|users|user)>"
    r"|<meta http-equiv=\"content-type\" content=\"text/html; charset=utf-8\" ?/?>",
    re.IGNORECASE,
)
"""The tags around the codes of search engines; no other tag may stand there."""
_CODE = lazy_pattern(r"[!-%'-;=-~]{1,200}(?:[ \t\r\n]+[!-%'-;=-~]{1,200})?", re.ASCII)
"""One or two words of a proof of ownership; without `&`, which could begin a reference to any character."""
_HOST = lazy_pattern(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+", re.IGNORECASE)
_ROBOTS_LINE = lazy_pattern(r"\s*(?:#.*|[A-Za-z-]+[ \t]*:.*)?")
_TEXT_CONTROL = lazy_pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP = lazy_pattern(r"</?[a-z!?]", re.IGNORECASE)
_DOCUMENTS = frozenset(
    ("doc", "docx", "eml", "gz", "htm", "html", "md", "mht", "mhtml", "odt", "pdf", "svg", "svgz", "xml")
)
_SITE_FILES = ("index.html", "404.html", "sitemap.xml", "feed.xml")


@dataclass(frozen=True)
class HostFiles:
    """The files of `hooks/host/`."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    """The bytes of each file, by path relative to the site; without robots.txt."""
    robots: bytes = b""
    """Lines to add to robots.txt after those of Gongshi."""


def belongs_here(path: str) -> bool:
    """Tell whether a file of this name in `docs/` was probably meant for `hooks/host/`.

    Args:
        path: relative to `docs/`.
    """
    return (
        f"{path}/".startswith(_WELL_KNOWN) or path in _TEXTS or path in _PICTURES or bool(_LIKELY_PROOF.fullmatch(path))
    )


def names(root: Path) -> dict[str, str]:
    """Return the names at the top of `hooks/host/`, by collation key; empty if there is no such folder.

    Args:
        root: the repository.
    """
    try:
        return {collation_key(path.name): path.name for path in (root / FOLDER).iterdir()}
    except OSError:
        return {}


def load(root: Path) -> HostFiles:
    """Read `hooks/host/`.

    Args:
        root: the repository.

    Raises:
        InvalidInput: a file there cannot be published; lists all problems.
    """
    folder = root / FOLDER
    if not os.path.lexists(folder):
        return HostFiles()
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path, message in _walk(folder):
        try:
            content = b"" if message else read_file(folder / path)
        except OSError as error:
            message = _("cannot be read: {reason}").format(reason=error.strerror)
        if message := message or _fault(path, content):
            problems.append(Problem(f"{FOLDER}/{path}".rstrip("/"), message))
        else:
            files[path] = content
    if problems:
        raise InvalidInput(problems)
    return HostFiles({path: content for path, content in files.items() if path != ROBOTS}, files.get(ROBOTS, b""))


def problems(root: Path) -> tuple[Problem, ...]:
    """Return the problems of files in `hooks/host/`, which stop a build.

    Args:
        root: the repository.
    """
    try:
        load(root)
    except InvalidInput as error:
        return error.problems
    return ()


def refuse_collisions(host: HostFiles, others: Iterable[str]) -> None:
    """Refuse a host file that has the address of another file of the site.

    Args:
        host: the host files.
        others: all other files of the site, relative to the site.

    Raises:
        InvalidInput: two files have the same address; both are named.
    """
    if not host.files:
        return
    claimed: dict[str, str] = {}
    for other in others:
        parts = other.split("/")
        claimed[collation_key(other)] = other
        claimed.setdefault(collation_key(parts[0]), other)
    message = _("has the same address as {other}, which the site has already; rename one of them")
    problems = [
        Problem(f"{FOLDER}/{path}", message.format(other=printable(claimed[collation_key(path)])))
        for path in host.files
        if collation_key(path) in claimed
    ]
    if problems:
        raise InvalidInput(problems)


def _walk(folder: Path) -> Iterator[tuple[str, str | None]]:
    """Yield all files, each with its problem as a file, or None; the folder itself if it is no folder."""
    link = _("is a symbolic link; put the file itself here")
    if folder.is_symlink() or not folder.is_dir():
        yield "", link if folder.is_symlink() else _("must be a folder")
        return
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        try:
            with os.scandir(folder / prefix) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield prefix, _("cannot be read: {reason}").format(reason=error.strerror)
            continue
        for entry in found:
            path = prefix + entry.name
            if is_ignored_file(entry.name) and path not in _TEXTS and f"{path}/" != _WELL_KNOWN:
                # Skip files that editors and systems leave behind.
                continue
            if entry.is_symlink():
                yield path, link
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(f"{path}/")
            elif not entry.is_file(follow_symlinks=False):
                yield path, _("is not a regular file; delete it")
            else:
                yield path, None


def _fault(path: str, content: bytes) -> str | None:
    """Return the reason why a file cannot be published from here, or None."""
    if len(content) > _BYTES:
        return _("is larger than {size} KiB; files for hosts and search engines are small").format(size=_BYTES >> 10)
    if path in _PICTURES:
        return (
            None
            if content.startswith(_PICTURES[path])
            else _("is not a picture of the kind that its name says; replace it")
        )
    if not (path in _TEXTS or path.startswith(_WELL_KNOWN) or _PROOF.fullmatch(path)):
        message = _(
            "is not a file that a host or search engine asks for; this folder is for {names}, proofs of ownership such "
            "as MP_verify_….txt and files in .well-known/. Put content for readers into docs/"
        )
        return message.format(names=", ".join(sorted((*_TEXTS, *_PICTURES))))
    text = _text(content)
    if text is None:
        return _("is not UTF-8 text; save it as UTF-8")
    if path in _TEXTS:
        return _text_fault(path, text)
    if path.startswith(_WELL_KNOWN):
        return _known_fault(path, text)
    if path.casefold() in RESERVED or path.casefold() in _SITE_FILES:
        return _("the site has a file of this name already; remove this one")
    if len(content) <= _CODE_BYTES and _CODE.fullmatch(_TAG.sub(" ", text).strip()):
        return None
    return _("may contain only the code from a search engine, at most two words. Put content for readers into docs/")


def _text(content: bytes) -> str | None:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if _TEXT_CONTROL.search(text) else text


def _text_fault(path: str, text: str) -> str | None:
    if path == ".nojekyll":
        return _("must be empty") if text.strip() else None
    if path == "CNAME":
        return None if _HOST.fullmatch(text.strip()) else _("may contain only one host name")
    if path == ROBOTS:
        return _robots_fault(text)
    return None


def _robots_fault(text: str) -> str | None:
    """Return the problem of additions to robots.txt; they must begin a new group, to leave Gongshi's rules alone."""
    for number, line in enumerate(text.splitlines(), 1):
        if not _ROBOTS_LINE.fullmatch(line):
            return _("line {number} is not a rule of a robots.txt such as `Disallow: /old/`").format(number=number)
    rules = [line.partition(":")[0].strip().lower() for line in text.splitlines() if line.strip(" \t#")]
    rules = [rule for rule in rules if not rule.startswith("#")]
    if next((rule for rule in rules if rule != "sitemap"), "user-agent") != "user-agent":
        return _("must begin with a line `User-agent: …`; these lines are added after those of the site itself")
    return None


def _known_fault(path: str, text: str) -> str | None:
    parts = path.split("/")
    if collation_key(path) == _MANIFEST or collation_key(path).startswith(f"{_MANIFEST}/"):
        return _("is the list by which the site is verified; remove this file")
    if not all(map(_NAME.fullmatch, parts[1:])):
        return _("the name may have only Latin letters, digits, dots, hyphens and underscores")
    # Check all extensions: a server may act on an inner one, as in `index.html.zh`.
    pieces = [f"x.{piece}" for part in parts[1:] for piece in part.split(".")[1:]]
    if any(map(is_executable_type, [*parts[1:], *pieces])) or _MARKUP.search(text):
        return _("is a web page, script or program; only texts belong in .well-known/")
    if any(piece[2:].lower() in _DOCUMENTS for piece in pieces):
        return _("is a document; put content for readers into docs/")
    return None
