"""Scan `docs/`: entries and pages with the files of their bundles, and files that belong to no entry."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gongshi.common import conflict_markers, leftover_files
from gongshi.common.errors import InvalidInput, Problem, printable
from gongshi.common.files import read_file
from gongshi.common.hashing import sha256
from gongshi.domain.config import attachment_types
from gongshi.domain.config.policy import Policy
from gongshi.domain.content import front_matter, paths, text_limits
from gongshi.domain.content.output_files import Claims, are_apart
from gongshi.domain.content.paths import ORIGINALS_DIR, REVIEWS_DIR, PageKind, kind_of
from gongshi.domain.content.text_file import body_line
from gongshi.domain.content.version import Version
from gongshi.i18n import gettext as _

_DEPTH = 24
"""The maximum number of nested folders."""
ATTACHMENT_BYTES = 256 << 20
"""The maximum size of a file in a bundle."""


@dataclass(slots=True)
class Source:
    """One entry or page in `docs/`."""

    path: str
    """Its Markdown file, relative to `docs/`."""
    kind: PageKind
    files: list[str] = field(default_factory=list)
    """The other files of its bundle, relative to the bundle's folder, sorted."""
    problems: list[Problem] = field(default_factory=list)
    """The problems of its place, its name and its bundle."""
    misplaced: bool = False
    """True if nothing can be published from this path."""
    refused: list[str] = field(default_factory=list)
    """Files and folders of the bundle, relative to its folder, that one of `problems` refuses by name or kind."""
    is_nested: bool = False
    """True for a Markdown file in the folder of an entry."""

    @property
    def folder(self) -> str:
        """The folder of the Markdown file, relative to `docs/`, empty or ending in `/`."""
        return paths.parent_dir(self.path)


@dataclass(frozen=True)
class Draft:
    """The present content of a source: a version, or the problems because of which there is none."""

    version: Version | None
    content: bytes = b""
    """The Markdown file as read, before decoding."""
    problems: tuple[Problem, ...] = ()


class DocsTree:
    """The content folder, scanned once. Symbolic links are not followed."""

    def __init__(self, docs: Path, policy: Policy) -> None:
        self.docs = docs
        self._prefix = f"{docs}/"
        self.columns = policy.columns
        self.people = policy.people
        self._also = policy.attachments
        self._needs_date = policy.assurance == "flag"
        self.reader = front_matter.CachingReader()
        self.sources: dict[str, Source] = {}
        self.strays: list[Problem] = []
        """The problems of files that are never published because they belong to no entry."""
        self._leftovers: list[str] = []
        self._scan()

    def remove_leftovers(self) -> None:
        """Remove temporary files that killed commands left in `docs/` and in the record."""
        leftover_files.sweep(self.docs / REVIEWS_DIR)
        for path in self._leftovers:
            leftover_files.remove(self._prefix + path)
        self._leftovers = []

    def label(self, path: str) -> str:
        """Return the name of a path in `docs/` for messages."""
        return f"{self.docs.name}/{path}"

    def read(self, source: Source, name: str) -> bytes:
        """Return the bytes of a bundle's file.

        Args:
            source: the entry or page.
            name: the file, relative to the bundle's folder.

        Raises:
            OSError: it cannot be read, or is not a regular file any more.
        """
        return read_file(f"{self.docs}/{source.folder}{name}")

    def draft(self, source: Source) -> Draft:
        """Read a source: front matter, body and the digests of its files."""
        label = self.label(source.path)
        problems = list(source.problems)
        content = b""
        try:
            content = read_file(self._prefix + source.path)
            if source.is_nested:
                # It cannot be an entry where it is, so front matter that it lacks is no second mistake.
                return Draft(None, content, tuple(problems))
            manuscript = self.reader.read(content, label, source.kind is PageKind.ENTRY)
        except OSError as error:
            problems.append(Problem(label, _("cannot be read: {reason}").format(reason=error.strerror)))
        except InvalidInput as error:
            problems += error.problems
        else:
            files = self._digests(source, problems)
            problems += self._attachment_problems(manuscript, source, label)
            if manuscript.conflict:
                problems.append(Problem(label, conflict_markers.conflict_text(), manuscript.conflict))
            problems += text_limits.problems(manuscript.body, label, partial(body_line, content, manuscript.body))
            if manuscript.meta.author and manuscript.meta.author not in self.people:
                message = _("is not the id of a person in mkdocs.yml; known ids: {names}").format(
                    names=", ".join(self.people)
                )
                problems.append(Problem(label, message, manuscript.lines["author"], "author"))
            if self._needs_date and source.kind is PageKind.ENTRY and manuscript.meta.date is None:
                message = _("is missing; with assurance: flag nothing else says when the entry became public; add it")
                problems.append(Problem(label, message, 2, "date"))
            if not problems:
                return Draft(Version(source.path, manuscript, files), content)
        return Draft(None, content, tuple(problems))

    def _digests(self, source: Source, problems: list[Problem]) -> dict[str, str]:
        digests: dict[str, str] = {}
        for name in source.files:
            try:
                if Path(self.docs, source.folder, name).stat().st_size > ATTACHMENT_BYTES:
                    message = _("is larger than {size} MiB; split it, or offer it elsewhere")
                    size = ATTACHMENT_BYTES >> 20
                    problems.append(Problem(self.label(source.folder + name), message.format(size=size)))
                    continue
                content = self.read(source, name)
                if paths.is_text(name) and conflict_markers.has_conflict(content):
                    problems.append(Problem(self.label(source.folder + name), conflict_markers.conflict_text()))
                digests[name] = sha256(content)
                if refused := attachment_types.refusal(source.folder + name, content, self._also):
                    message = attachment_types.refusal_text(refused, self._also)
                    problems.append(Problem(self.label(source.folder + name), message))
            except OSError as error:
                label = self.label(source.folder + name)
                problems.append(Problem(label, _("cannot be read: {reason}").format(reason=error.strerror)))
        return digests

    def _attachment_problems(
        self, manuscript: front_matter.MarkdownFile, source: Source, label: str
    ) -> Iterator[Problem]:
        for number, attachment in enumerate(manuscript.meta.attachments, 1):
            if message := self._attachment_problem(attachment.file, source):
                yield Problem(label, message, manuscript.lines.get("attachments"), f"attachments[{number}].file")

    def _attachment_problem(self, file: str, source: Source) -> str | None:
        """Return the reason why an entry has no such attachment; None if it has it, or if another problem says why."""
        key = paths.collation_key(posixpath.normpath(file))
        refused = map(paths.collation_key, source.refused)
        if file in source.files or any(key == each or key.startswith(f"{each}/") for each in refused):
            return None
        message = _("the entry's folder has no file {file}; put it there or correct the name")
        if alike := next((name for name in source.files if paths.collation_key(name) == key), ""):
            message = _("the entry's folder has no file {file}, but {alike}; write the name exactly so")
        elif paths.is_markdown(file):
            message = _nested_markdown_message()
        elif any(paths.is_ignored_file(name) for name in file.split("/")):
            message = _(
                "{file} has the name of a hidden, backup or temporary file, which is never published; rename it"
            )
        elif source.path == "index.md" or source.kind is PageKind.INTRODUCTION:
            message = _(
                "this page cannot have files of its own; put {file} into the folder of an entry, and link it here"
            )
        elif not self._owns(source) and paths.is_inside(file) and Path(self.docs, source.folder, file).is_file():
            message = _(
                "an entry of one file has no attachments; rename it to {folder}/index.md, and put {file} beside it"
            )
        elif paths.is_inside(file) and Path(self.docs, source.folder, file).is_dir():
            message = _("{file} is a folder; name each file in it")
        return message.format(
            file=printable(file), alike=printable(alike), folder=source.path.removesuffix(".md").rpartition("/")[2]
        )

    def _scan(self) -> None:
        pages: list[str] = []
        others: list[tuple[str, str | None]] = []
        for path, what in self._walk("", self.docs):
            if what is None and paths.is_markdown(path) and path.endswith(".md"):
                pages.append(path)
            else:
                others.append((path, what))
        for path in sorted(pages):
            self._add_source(path)
        owners = {source.folder: source for source in self.sources.values() if self._owns(source)}
        for path, what in sorted(others):
            self._assign(path, what, owners)
        for source in list(self.sources.values()):
            self._refuse_nested(source, owners)
        self._find_collisions()
        self._refuse_names_of_host_files()

    def _walk(self, prefix: str, folder: Path | str) -> Iterator[tuple[str, str | None]]:
        """Yield all files that may belong to an entry, each with its problem as a file, or None."""
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            message = _("cannot be read: {reason}").format(reason=error.strerror)
            if not prefix and isinstance(error, FileNotFoundError):
                message = _("this folder does not exist; make it, or correct docs_dir in mkdocs.yml")
                raise InvalidInput([Problem(self.docs.name, message)]) from None
            if not prefix:
                message = _("the content folder cannot be read ({reason}); see docs_dir in mkdocs.yml").format(
                    reason=error.strerror
                )
                raise InvalidInput([Problem(self.docs.name, message)]) from None
            yield prefix.rstrip("/"), message
            return
        for entry in found:
            path = prefix + entry.name
            if path in (REVIEWS_DIR, ORIGINALS_DIR):
                continue
            try:
                is_folder, is_file = entry.is_dir(follow_symlinks=False), entry.is_file(follow_symlinks=False)
            except OSError as error:
                yield path, _("cannot be read: {reason}").format(reason=error.strerror)
                continue
            if is_folder and prefix.count("/") >= _DEPTH:
                yield path, _("is nested too deep; use at most {count} folders inside each other").format(count=_DEPTH)
            elif is_folder and not paths.is_ignored_file(entry.name):
                yield from self._walk(path + "/", entry.path)
            elif entry.is_symlink():
                yield path, _("is a symbolic link; put the file itself here")
            elif not prefix and _belongs_to_host(path):
                self.strays.append(Problem(self.label(path), _host_file_message()))
            elif paths.is_ignored_file(entry.name):
                message = _("is a hidden, backup or temporary file; it is never published, delete it")
                self.strays.append(Problem(self.label(path), message, advice=True))
                if is_file and leftover_files.is_name(entry.name):
                    self._leftovers.append(path)
            else:
                yield path, None if is_file else _("is not a regular file; delete it")

    def _add_source(self, path: str) -> None:
        source = Source(path, kind_of(path, self.columns))
        name_problem = paths.name_problem(path)
        # The present rules include those of the record, so a good name need not be checked by both.
        where_problem = paths.place_problem if name_problem else paths.address_problem
        if message := where_problem(path, self.columns):
            source.misplaced = True
            source.problems.append(Problem(self.label(path), message))
        elif name_problem:
            source.problems.append(Problem(self.label(path), name_problem))
        elif folder := paths.record_folder(path):
            # The source is not misplaced: no new decisions on it, but what was approved stays public.
            message = _(
                "the folder {folder} has a name that the record may need for the decisions on another entry; rename "
                "it, so that it does not end in .md.jsonl or .md.head"
            )
            source.problems.append(Problem(self.label(path), message.format(folder=folder.rpartition("/")[2])))
        self.sources[path] = source

    def _owns(self, source: Source) -> bool:
        return not source.misplaced and paths.is_bundle(source.path, self.columns)

    def _assign(self, path: str, what: str | None, owners: Mapping[str, Source]) -> None:
        owner = _owning_bundle(path, owners)
        message = what or paths.name_problem(path)
        if not message and paths.is_markdown(path):
            message = _("this Markdown file is not an entry; let its name end in .md")
            if owner is not None and owner.kind is PageKind.ENTRY:
                message = _nested_markdown_message()
        if owner is None or not owner.folder:
            message = message or _(
                "belongs to no entry, so it is never published; move it into an entry's folder or delete it"
            )
            self.strays.append(Problem(self.label(path), message))
            return
        if message:
            owner.problems.append(Problem(self.label(path), message))
            owner.refused.append(path.removeprefix(owner.folder))
        else:
            owner.files.append(path.removeprefix(owner.folder))

    def _refuse_nested(self, source: Source, owners: Mapping[str, Source]) -> None:
        """Refuse a page in the folder of an entry, as all files there are part of that entry."""
        parent = source.folder.rstrip("/")
        start = source.path if not parent or owners.get(source.folder) is not source else parent
        owner = _owning_bundle(start, owners)
        if owner is not None and owner is not source and owner.kind is PageKind.ENTRY:
            message = _("is in the folder of the entry {entry}: {why}")
            message = message.format(entry=owner.path, why=_nested_markdown_message())
            source.is_nested = True
            source.problems.append(Problem(self.label(source.path), message))
            owner.problems.append(Problem(self.label(source.path), message))
            owner.refused.append(source.path.removeprefix(owner.folder))

    def _refuse_names_of_host_files(self) -> None:
        """Refuse pages with the address of a host file: once approved, they would stop the builds or be hidden."""
        if not (self.docs.parent / paths.HOST_FILES).exists():
            return
        # Imported here, as it loads slowly and most units have no host files.
        from gongshi.domain.content import host_files

        taken = host_files.names(self.docs.parent)
        for source in self.sources.values() if taken else ():
            top = paths.collation_key(paths.url_path(source.path).split("/")[0])
            if top in taken:
                message = _("has the same address as {other}; rename one of them")
                other = f"{paths.HOST_FILES}/{taken[top]}"
                source.problems.append(Problem(self.label(source.path), message.format(other=other)))

    def _find_collisions(self) -> None:
        pages = {source.path: paths.output_path(source.path) for source in self.sources.values()}
        files = [source.folder + name for source in self.sources.values() for name in source.files]
        outputs = {**pages, **{path: path for path in files}}
        if are_apart(list(outputs.values())):
            return
        owners = {path: source for source in self.sources.values() for path in self._paths(source)}
        claims = Claims()
        for path, output in outputs.items():
            if rival := claims.claim([output], path):
                self._report_collision(path, rival[1], owners)

    def _paths(self, source: Source) -> list[str]:
        return [source.path, *(source.folder + name for name in source.files)]

    def _report_collision(self, path: str, other: str, owners: Mapping[str, Source]) -> None:
        """Add a problem to both owners of files that collide in the site."""
        message = _("has the same address as {other} (case does not count); rename one of them")
        for one, two in ((path, other), (other, path)):
            problem = Problem(self.label(one), message.format(other=printable(self.label(two))))
            if problem not in owners[one].problems:
                owners[one].problems.append(problem)


def _belongs_to_host(path: str) -> bool:
    from gongshi.domain.content import host_files

    return host_files.belongs_here(path)


def _host_file_message() -> str:
    message = _(
        "is a file that hosts or search engines ask for; put it into {folder}/, from where each build copies it to the "
        "root of the site"
    )
    return message.format(folder=paths.HOST_FILES)


def _owning_bundle(path: str, owners: Mapping[str, Source]) -> Source | None:
    """Return the innermost bundle whose folder contains a path, or None."""
    folder = path
    while "/" in folder:
        folder = folder[: folder.rindex("/")]
        if owner := owners.get(folder + "/"):
            return owner
    return None


def _nested_markdown_message() -> str:
    return _(
        "a Markdown file is an entry or page of its own and cannot be an attachment; move it out of the folder, or "
        "offer its content as .txt, .docx or .pdf"
    )
