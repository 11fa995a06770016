"""The approved tree alone: for every entry and page that is public as a page, the approved bytes at their paths."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import markdown

from gongshi import __version__
from gongshi.domain.configuration import Configuration
from gongshi.domain.naming import address_of, folder_of
from gongshi.domain.problem import Refused, Unusable, printable
from gongshi.domain.publication import Form
from gongshi.domain.storage import OWN_FOLDER, write_whole
from gongshi.domain.survey import Survey
from gongshi.domain.version import Version, sha256
from gongshi.i18n import gettext as _
from gongshi.outputs import audit, manifest
from gongshi.outputs.links import LinkGate
from gongshi.outputs.manifest import TREE, Listed, Manifest
from gongshi.outputs.release import Release
from gongshi.outputs.routes import Routes

_MARKDOWN = ("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables")
_LINK = re.compile(r"\]\(|\]\[|\]:|<")


@dataclass(frozen=True)
class Staged:
    """What the gate lets into a tree."""

    manifest: Manifest
    loads: dict[str, Callable[[], bytes]]
    """By path relative to the tree; each call reads and checks the approved bytes."""
    versions: tuple[Version, ...]
    withdrawn: int
    """How many entries are public as a notice of withdrawal, and so not in it."""
    expired: int
    """How many entries are public as a notice that they expired, and so not in it."""


def staged(surveyed: Survey) -> Staged:
    """What belongs into the tree.

    Args:
        surveyed: the unit at a moment.

    Raises:
        Refused: two approved files cannot stand side by side in a folder.
        InvalidInput: an approved file is not there any more.
    """
    listed: dict[str, Listed] = {}
    loads: dict[str, Callable[[], bytes]] = {}
    versions = []
    for version, path, digest, load in _approved(surveyed):
        listed[path], loads[path] = digest, load
        versions += [version] if path == version.path else []
    _refuse_collisions(loads)
    policy = surveyed.configuration.policy
    made = Manifest(TREE, policy.unit.name, policy.assurance, surveyed.now, {"gongshi": __version__}, listed)
    forms = Counter(public.form for _path, public in surveyed.public())
    return Staged(made, loads, tuple(versions), forms[Form.WITHDRAWN], forms[Form.EXPIRED])


def _approved(surveyed: Survey) -> Iterator[tuple[Version, str, Listed, Callable[[], bytes]]]:
    decisions = surveyed.decisions
    for path, public in surveyed.public():
        version, approved = public.version, public.approved
        if public.form is not Form.PAGE or version is None or approved is None:
            continue
        load = partial(decisions.text, path, approved, surveyed.standings[path].draft)
        yield version, path, Listed(sha256(load()), "manuscript", path, version.digest), load
        for name, digest in version.files.items():
            listed = Listed(digest, "file", path, version.digest)
            yield version, folder_of(path) + name, listed, partial(decisions.file, version, name)


def _refuse_collisions(paths: dict[str, Callable[[], bytes]]) -> None:
    """An approved file may have the name of a folder, once its own file in `docs/` is gone."""
    for path in paths:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            if (other := "/".join(parts[:depth])) in paths:
                message = _("{path} and {other} cannot stand side by side in a folder; withdraw one of them")
                raise Refused(message.format(path=printable(path), other=printable(other)))


def refuse_place(folder: Path, configuration: Configuration) -> None:
    """Refuse a folder in which a tree would be in the way of something else, or something else in its way.

    Args:
        folder: as the user named it.
        configuration: the unit's configuration.

    Raises:
        Unusable: it is a link or a file, or it is, lies in or holds a folder that is needed for something else.
    """
    name = printable(str(folder))
    if folder.is_symlink():
        raise Unusable(_("{folder} is a symbolic link; name the folder itself").format(folder=name))
    above = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not above.is_dir():
        raise Unusable(_("{folder} is no folder; name a new or empty one").format(folder=printable(str(above))))
    root = configuration.root
    if _holds(folder, root):
        raise Unusable(_("{folder} holds the repository; name a folder of its own").format(folder=name))
    for other in (configuration.docs, configuration.site, root / "hooks", root / ".git", root / OWN_FOLDER):
        if _holds(folder, other) or _holds(other, folder):
            message = _("{folder} is, lies in or holds {other}; name a folder of its own")
            raise Unusable(message.format(folder=name, other=printable(other.name)))


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


def write(tree: Staged, folder: Path) -> None:
    """Write a tree beside the folder, look at every byte, then put it into the folder's place.

    Args:
        tree: what belongs into it.
        folder: it must be missing, empty, or written by an earlier call.

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
        if wrong := audit.findings(release.folder, tree.manifest.everything):
            raise Refused(_("what was written is not what was approved:") + "\n" + "\n".join(map(str, wrong)))
        release.publish()
    finally:
        release.discard()
