"""The approved tree alone: every entry and page that is public as a page, with the files of its bundle.

Front matter is in canonical form, because a file's own may hold what nobody approved; texts and files are as approved.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import markdown

from gongshi import __version__
from gongshi.common.errors import Refused, UsageError, printable
from gongshi.common.files import OWN_FOLDER, write_whole
from gongshi.common.hashing import sha256
from gongshi.domain.config.attachment_types import is_recorded
from gongshi.domain.config.loader import Configuration
from gongshi.domain.content import front_matter_writer
from gongshi.domain.content.output_files import Claims
from gongshi.domain.content.paths import address_of, folder_of
from gongshi.domain.content.version import Version
from gongshi.domain.review.snapshot import Survey, seniority
from gongshi.domain.review.status import Form
from gongshi.i18n import gettext as _
from gongshi.release import folder_audit, manifest
from gongshi.release.atomic_folder import Release
from gongshi.release.manifest import TREE, Listed, Manifest
from gongshi.site.html.link_filter import LinkGate
from gongshi.site.html.link_targets import Routes

_MARKDOWN = ("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables")
_LINK = re.compile(r"\]\(|\]\[|\]:|<")


@dataclass(frozen=True)
class Staged:
    """What the gate lets into a tree."""

    manifest: Manifest
    loads: dict[str, Callable[[], bytes]]
    """By path relative to the tree; each call gives the bytes of the file."""
    versions: tuple[Version, ...]
    withdrawn: int
    """How many entries are public as a notice of withdrawal, and so not in it."""
    expired: int
    """How many entries are public as a notice that they expired, and so not in it."""
    left_out: dict[str, str]
    """Entries of which a file has the name of a folder or file that another entry needs, with that entry."""
    refused: tuple[str, ...] = ()
    """Files that earlier rules let be approved; their entries are not in it, relative to `docs/`."""

    @property
    def recorded(self) -> int:
        """How many pictures, films and sounds are in it, with all that cameras and phones wrote into them."""
        return sum(is_recorded(path) for path in self.loads)


def staged(surveyed: Survey) -> Staged:
    """What belongs into the tree.

    Args:
        surveyed: the unit at a moment.
    """
    listed: dict[str, Listed] = {}
    loads: dict[str, Callable[[], bytes]] = {}
    versions, left_out = _standing_together(surveyed)
    for version in versions:
        content = front_matter_writer.written(version.manuscript)
        listed[version.path] = Listed(sha256(content), "manuscript", version.path, version.digest)
        loads[version.path] = partial(bytes, content)
        for name, digest in version.files.items():
            path = folder_of(version.path) + name
            listed[path] = Listed(digest, "file", version.path, version.digest)
            loads[path] = partial(surveyed.decisions.file, version, name)
    policy = surveyed.configuration.policy
    made = Manifest(TREE, policy.unit.name, policy.assurance, surveyed.now, {"gongshi": __version__}, listed)
    forms = Counter(public.form for _path, public in surveyed.public())
    pages = [public.version for _path, public in surveyed.public() if public.form is Form.PAGE and public.version]
    refused = tuple(folder_of(version.path) + name for version in pages for name in version.refused)
    return Staged(made, loads, tuple(versions), forms[Form.WITHDRAWN], forms[Form.EXPIRED], left_out, refused)


def _standing_together(surveyed: Survey) -> tuple[list[Version], dict[str, str]]:
    """The versions that can stand side by side in a folder, and the other entries with what is in their way.

    An approved file may have the name of a folder, once its own file in `docs/` is gone.
    """
    claims = Claims()
    versions: list[Version] = []
    left_out: dict[str, str] = {}
    for path, public in sorted(surveyed.public(), key=seniority):
        version = public.version
        if public.form is not Form.PAGE or version is None or version.refused:
            # Without one of its files an entry does not have the approved digest, so it stays out as a whole.
            continue
        files = [path, *(folder_of(path) + name for name in version.files)]
        if rival := claims.claim(files, path):
            left_out[path] = rival[1]
        else:
            versions.append(version)
    return sorted(versions, key=lambda version: version.path), dict(sorted(left_out.items()))


def refuse_place(folder: Path, configuration: Configuration) -> None:
    """Refuse a folder in which a tree would be in the way of something else, or something else in its way.

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
        raise UsageError(_("{folder} is no folder; name a new or empty one").format(folder=printable(str(above))))
    root = configuration.root
    if _holds(folder, root):
        raise UsageError(_("{folder} holds the repository; name a folder of its own").format(folder=name))
    for other in (configuration.docs, configuration.site, root / "hooks", root / ".git", root / OWN_FOLDER):
        if _holds(folder, other) or _holds(other, folder):
            message = _("{folder} is, lies in or holds {other}; name a folder of its own")
            raise UsageError(message.format(folder=name, other=printable(other.name)))


def _holds(outer: Path, inner: Path) -> bool:
    """Whether a folder is another or lies above it, whatever names and links lead there."""
    above, below = Path(os.path.realpath(outer)), Path(os.path.realpath(inner))
    if above == below or above in below.parents:
        return True
    return above.exists() and any(above.samefile(path) for path in (below, *below.parents) if path.exists())


Work = Callable[[Callable[[Version], int], Sequence[Version]], Iterable[int]]
"""Calls a function with each of many versions, as `map` does."""


def links_to_withheld(tree: Staged, routes: Routes, work: Work = map) -> dict[str, int]:
    """How many links of each approved text name the address of something that is not public.

    The texts stay as they were approved, so these addresses are in the tree; a built site takes them off.

    Args:
        tree: what belongs into the tree.
        routes: the addresses that are public.
        work: does the work; it may end what takes too long.
    """
    gate = LinkGate(routes, "")

    def closed(version: Version) -> int:
        gate.begin(version.path, address_of(version.path))
        # What is beyond Markdown is no reason not to stage it: the build says so.
        with suppress(Exception):
            markdown.Markdown(extensions=[*_MARKDOWN, gate]).convert(version.manuscript.body)
        return gate.closed

    linking = [version for version in tree.versions if _LINK.search(version.manuscript.body)]
    counts = zip(linking, work(closed, linking), strict=True)
    return dict(sorted((version.path, count) for version, count in counts if count))


def write(tree: Staged, folder: Path) -> list[str]:
    """Write a tree beside the folder, look at every byte, then put it into the folder's place.

    Args:
        tree: what belongs into it.
        folder: it must be missing, empty, or written by an earlier call.

    Returns:
        Messages about a folder of before that could not be brought up to date.

    Raises:
        Refused: the folder holds something else, or what was written is not what was approved.
        InvalidInput: an approved file is not there any more.
    """
    release = Release(folder, TREE)
    try:
        for path, load in tree.loads.items():
            target = release.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(load())
        write_whole(release.folder / manifest.PATH, tree.manifest.content)
        if wrong := folder_audit.findings(release.folder, tree.manifest.everything):
            raise Refused(_("what was written is not what was approved:") + "\n" + "\n".join(map(str, wrong)))
        release.publish(tree.manifest.files)
        return release.warnings
    finally:
        release.discard()
