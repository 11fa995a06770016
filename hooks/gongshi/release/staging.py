"""`gongshi stage`: write the approved Markdown files and attachments, without building a site.

The tree contains every entry and page that is public as a page, with the files of its bundle. Texts and files are as
approved. Front matter is written in canonical form, because the original may hold keys that nobody approved.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import markdown

from gongshi import __version__
from gongshi.common.errors import Refused, UsageError, printable
from gongshi.common.files import STATE_DIR, write_atomic
from gongshi.common.hashing import sha256
from gongshi.domain.config.attachment_types import is_recorded
from gongshi.domain.config.loader import Configuration
from gongshi.domain.content import front_matter_writer
from gongshi.domain.content.front_matter import MarkdownFile
from gongshi.domain.content.output_files import Claims
from gongshi.domain.content.paths import parent_dir, url_path
from gongshi.domain.content.version import Version
from gongshi.domain.review.snapshot import Snapshot, seniority
from gongshi.domain.review.status import PublicForm
from gongshi.i18n import gettext as _
from gongshi.release import folder_audit, manifest
from gongshi.release.atomic_folder import AtomicFolder
from gongshi.release.manifest import TREE, Manifest, ManifestFile
from gongshi.site.html.link_filter import PublicLinkFilter
from gongshi.site.html.link_targets import PublicUrls
from gongshi.site.markdown.dialect import OfficeText

_MARKDOWN = ("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables")
_LINK = re.compile(r"\]\(|\]\[|\]:|<")


@dataclass(frozen=True)
class StagedTree:
    """The files to write into a tree, and what was left out."""

    manifest: Manifest
    loads: dict[str, Callable[[], bytes]]
    """Functions that return the bytes of each file, by path relative to the tree."""
    versions: tuple[Version, ...]
    withdrawn: int
    """Number of entries that are public only as a notice of withdrawal, so they are not in the tree."""
    expired: int
    """Number of entries that are public only as a notice of expiry, so they are not in the tree."""
    left_out: dict[str, str]
    """Entries left out because a file name collides with another entry's file or folder; the value is that entry."""
    refused: tuple[str, ...] = ()
    """Files, relative to `docs/`, that only earlier rules allowed; their entries are not in the tree."""

    @property
    def recorded(self) -> int:
        """Number of pictures, videos and sound files in the tree; they keep what cameras and phones wrote into them."""
        return sum(is_recorded(path) for path in self.loads)


def build_tree(snapshot: Snapshot) -> StagedTree:
    """Return the tree of everything that is public at a moment.

    Args:
        snapshot: the snapshot of the unit at that moment.
    """
    listed: dict[str, ManifestFile] = {}
    loads: dict[str, Callable[[], bytes]] = {}
    versions, left_out = _without_collisions(snapshot)
    for version in versions:
        content = front_matter_writer.format_front_matter(_without_original(version.manuscript))
        listed[version.path] = ManifestFile(sha256(content), "manuscript", version.path, version.digest)
        loads[version.path] = partial(bytes, content)
        for name, digest in version.files.items():
            path = parent_dir(version.path) + name
            listed[path] = ManifestFile(digest, "file", version.path, version.digest)
            loads[path] = partial(snapshot.decisions.file, version, name)
    policy = snapshot.configuration.policy
    made = Manifest(TREE, policy.unit.name, policy.assurance, snapshot.now, {"gongshi": __version__}, listed)
    forms = Counter(public.form for _path, public in snapshot.public())
    pages = [public.version for _path, public in snapshot.public() if public.form is PublicForm.PAGE and public.version]
    refused = tuple(parent_dir(version.path) + name for version in pages for name in version.refused)
    return StagedTree(
        made, loads, tuple(versions), forms[PublicForm.WITHDRAWN], forms[PublicForm.EXPIRED], left_out, refused
    )


def _without_original(manuscript: MarkdownFile) -> MarkdownFile:
    """Return a text without the name of the file that it was imported from, which is not for readers."""
    return replace(manuscript, meta=replace(manuscript.meta, imported_from=None))


def _without_collisions(snapshot: Snapshot) -> tuple[list[Version], dict[str, str]]:
    """Return the versions whose files do not collide, and the entries left out with the entry they collide with.

    A collision is possible: once a file in `docs/` was deleted, its name may become the name of a folder.
    """
    claims = Claims()
    versions: list[Version] = []
    left_out: dict[str, str] = {}
    for path, public in sorted(snapshot.public(), key=seniority):
        version = public.version
        if public.form is not PublicForm.PAGE or version is None or version.refused:
            # Without one of its files an entry would not match the approved digest, so it is left out completely.
            continue
        files = [path, *(parent_dir(path) + name for name in version.files)]
        if rival := claims.claim(files, path):
            left_out[path] = rival[1]
        else:
            versions.append(version)
    return sorted(versions, key=lambda version: version.path), dict(sorted(left_out.items()))


def check_destination(folder: Path, configuration: Configuration) -> None:
    """Refuse a destination folder that overlaps with a folder used for something else.

    Args:
        folder: as the user named it.
        configuration: the unit's configuration.

    Raises:
        UsageError: it is a link or a file, or it is, lies in or holds a folder that is needed for something else.
    """
    name = printable(str(folder))
    if folder.is_symlink():
        raise UsageError(_("{folder} is a symbolic link; name the folder itself").format(folder=name))
    above = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not above.is_dir():
        raise UsageError(_("{folder} is not a folder; name a new or empty one").format(folder=printable(str(above))))
    root = configuration.root
    if _holds(folder, root):
        raise UsageError(_("{folder} contains the repository; name another folder").format(folder=name))
    for other in (configuration.docs, configuration.site, root / "hooks", root / ".git", root / STATE_DIR):
        if _holds(folder, other) or _holds(other, folder):
            message = _("{folder} is, lies in or contains {other}; name another folder")
            raise UsageError(message.format(folder=name, other=printable(other.name)))


def _holds(outer: Path, inner: Path) -> bool:
    """Tell whether the outer folder is the inner one or contains it, after resolving links and other names."""
    above, below = Path(os.path.realpath(outer)), Path(os.path.realpath(inner))
    if above == below or above in below.parents:
        return True
    return above.exists() and any(above.samefile(path) for path in (below, *below.parents) if path.exists())


Work = Callable[[Callable[[Version], int], Sequence[Version]], Iterable[int]]
"""A function like `map`: calls a function with each of many versions."""


def links_to_withheld(tree: StagedTree, routes: PublicUrls, work: Work = map) -> dict[str, int]:
    """Count the links in each approved text that lead to unpublished pages.

    The tree keeps the texts as approved, so it contains these addresses; a built site removes them.

    Args:
        tree: the tree.
        routes: the addresses that are public.
        work: called like `map`; it may stop texts that take too long.

    Returns:
        Number of such links by Markdown file, for files that have any.
    """
    gate = PublicLinkFilter(routes, "")

    def closed(version: Version) -> int:
        gate.begin(version.path, url_path(version.path))
        # A text that Markdown cannot convert is staged all the same; the build reports it.
        with suppress(Exception):
            markdown.Markdown(extensions=[*_MARKDOWN, OfficeText(), gate]).convert(version.manuscript.body)
        return len(gate.cut)

    linking = [version for version in tree.versions if _LINK.search(version.manuscript.body)]
    counts = zip(linking, work(closed, linking), strict=True)
    return dict(sorted((version.path, count) for version, count in counts if count))


def write(tree: StagedTree, folder: Path) -> list[str]:
    """Write a tree beside the destination folder, check every byte, then replace the destination with it.

    Args:
        tree: the tree to write.
        folder: the destination; it must be missing, empty, or written by an earlier call.

    Returns:
        Warnings about a previous folder that could not be updated.

    Raises:
        Refused: the folder holds something else, or the written files differ from the approved ones.
        InvalidInput: an approved file is missing from the record.
    """
    release = AtomicFolder(folder, TREE)
    try:
        for path, load in tree.loads.items():
            target = release.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(load())
        write_atomic(release.folder / manifest.PATH, tree.manifest.content)
        if wrong := folder_audit.audit_folder(release.folder, tree.manifest.all_files):
            raise Refused(_("the written files differ from the approved ones:") + "\n" + "\n".join(map(str, wrong)))
        release.publish(tree.manifest.files)
        return release.warnings
    finally:
        release.discard()
