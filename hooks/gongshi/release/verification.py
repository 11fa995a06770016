"""Whether a folder is what was approved: by its own manifest, by this clone's memory, or by the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from gongshi.common.errors import InvalidInput
from gongshi.common.files import read_regular, read_start
from gongshi.common.hashing import sha256
from gongshi.domain.config.loader import Configuration
from gongshi.domain.content import front_matter
from gongshi.domain.content.docs_tree import ATTACHMENT_BYTES
from gongshi.domain.content.paths import folder_of, is_bundle, output_of
from gongshi.domain.content.version import Version
from gongshi.domain.review import messages
from gongshi.domain.review.rules import CLOCK_TOLERANCE
from gongshi.domain.review.snapshot import Survey, survey
from gongshi.domain.review.status import Form
from gongshi.i18n import gettext as _
from gongshi.release import build_history, folder_audit, manifest
from gongshi.release.folder_audit import Finding, What
from gongshi.release.manifest import TREE, Listed, Manifest
from gongshi.site.metadata.robots_txt import PATH as ROBOTS
from gongshi.site.metadata.robots_txt import host_in

_LINE = 300
"""Bytes that are read of a file of one line."""


@dataclass(frozen=True)
class Evidence:
    """A folder and what its manifest says of it."""

    folder: Path
    manifest: Manifest
    sealed: bool
    """Whether the manifest's seal agrees with it."""
    digest: str
    """SHA-256 of the manifest's file."""
    aside: tuple[str, ...] = ()
    """What lies at the top of the folder because a forge publishes it from a branch; it is not looked at."""

    @property
    def everything(self) -> dict[str, Listed]:
        """Every file that the manifest speaks of, and the manifest as it is."""
        return {**self.manifest.files, manifest.PATH: Listed(self.digest, "generated")}


def evidence(folder: Path) -> Evidence:
    """Read the manifest of a folder.

    Args:
        folder: a built site or staged tree.

    Raises:
        FileNotFoundError: there is none.
        InvalidInput: it is not one that Gongshi wrote.
    """
    found = Evidence(folder, *manifest.load(folder))
    return replace(found, aside=tuple(_needed_by_forges(found)))


def _needed_by_forges(found: Evidence) -> Iterator[str]:
    """Which of the three things that a published branch must have are there, each in its harmless form only.

    The checkout itself (`.git`), an empty `.nojekyll`, and a `CNAME` with the host that the site names as its own.
    """
    folder, listed = found.folder, found.manifest.files
    git = folder / ".git"
    if not git.is_symlink() and (git.is_dir() or git.is_file()):
        yield ".git"
    wanted = {".nojekyll": "", "CNAME": _host(found)}
    for name, content in wanted.items():
        with suppress(OSError):
            # What is longer holds more than a host name.
            held = read_start(folder / name, _LINE + 1)
            plain = held.decode("utf-8", "replace").strip().lower()
            if name not in listed and len(held) <= _LINE and plain == content:
                yield name


def _host(found: Evidence) -> str | None:
    """The host that the site's own robots.txt names, where that is as the manifest says."""
    listed = found.manifest.files.get(ROBOTS)
    try:
        content = read_regular(found.folder / ROBOTS)
    except OSError:
        return None
    return host_in(content) if listed and sha256(content) == listed.sha256 else None


def by_manifest(found: Evidence) -> list[Finding]:
    """What in a folder is not as its manifest says.

    Args:
        found: the folder.
    """
    wrong = folder_audit.findings(found.folder, found.everything, found.aside)
    if not found.sealed:
        wrong.append(Finding(manifest.PATH, What.EDITED, _("its seal does not agree with the rest of it")))
    if found.manifest.holds == TREE:
        wrong += _digests(found, {finding.path for finding in wrong})
    return wrong


def _digests(found: Evidence, known: set[str]) -> Iterator[Finding]:
    """Texts of a tree whose listed digest is not the one of these bytes, computed anew."""
    bundles: dict[str, dict[str, str]] = {}
    for path, listed in found.manifest.files.items():
        if listed.kind == "file" and listed.entry:
            bundles.setdefault(listed.entry, {})[path.removeprefix(folder_of(listed.entry))] = listed.sha256
    for path, listed in found.manifest.files.items():
        if listed.kind != "manuscript" or path in known:
            continue
        if _digest(found.folder, path, bundles.get(path, {})) != listed.digest:
            yield Finding(path, What.CHANGED, _("its digest is not the one that the manifest gives"))


def _digest(folder: Path, path: str, files: Mapping[str, str]) -> str | None:
    try:
        if (folder / path).stat().st_size > ATTACHMENT_BYTES:
            return None
        manuscript = front_matter.read(read_regular(folder / path), path, requires_entry_keys=False, is_bounded=False)
    except (OSError, InvalidInput, RecursionError):
        return None
    return Version(path, manuscript, files).digest


def ahead(found: Evidence, now: datetime) -> list[Finding]:
    """That a manifest speaks of a moment that has not come.

    Args:
        found: the folder.
        now: the present.
    """
    if found.manifest.as_of <= now + CLOCK_TOLERANCE:
        return []
    when = found.manifest.as_of.isoformat(" ", "minutes")
    return [Finding(manifest.PATH, What.FUTURE, _("it speaks of {when}").format(when=when))]


def by_memory(found: Evidence, root: Path) -> bool | Finding:
    """Whether this clone remembers to have made exactly this; a finding where it made others, but not this one.

    Args:
        found: the folder.
        root: the repository.

    Raises:
        InvalidInput: the memory is damaged.
    """
    build = build_history.of(found.manifest, found.digest)
    builds = build_history.recall(root)
    if build in builds:
        return True
    if any((other.as_of, other.holds) == (build.as_of, build.holds) for other in builds):
        why = _("this clone built something else as of this moment: it was edited, or made by somebody else")
        return Finding(manifest.PATH, What.EDITED, why)
    if any(other.holds == build.holds for other in builds):
        why = _(
            "this clone has built nothing as of {when}: it was made elsewhere, more than {count} builds ago, or by "
            "somebody else; `gongshi verify DIR --source` proves it"
        )
        when = found.manifest.as_of.isoformat(" ", "minutes")
        return Finding(manifest.PATH, What.UNKNOWN, why.format(when=when, count=build_history.KEPT))
    return False


def newer(found: Evidence, root: Path) -> str | None:
    """The moment, RFC 3339, that the newest remembered build of this kind shows, where it is a later one.

    Args:
        found: the folder.
        root: the repository.

    Raises:
        InvalidInput: the memory is damaged.
    """
    build = build_history.of(found.manifest, found.digest)
    last = [other for other in build_history.recall(root) if other.holds == build.holds][-1:]
    return last[0].as_of if last and last[0] != build else None


def source_as_of(configuration: Configuration, at: datetime, made: Manifest) -> tuple[Survey, datetime]:
    """What was public at a moment in the past, and until when acts count for it.

    An act may have been dated a little ahead of the clock that built the site, and an act done after the build has such
    a date, too: what the manifest says was public tells which of the two it is.

    Args:
        configuration: the unit's configuration.
        at: the moment.
        made: the manifest in question.
    """
    claimed = {(listed.entry, listed.digest) for listed in made.files.values() if listed.entry and listed.digest}
    strict, tolerant = at, at + CLOCK_TOLERANCE
    then = survey(configuration, at, strict)
    if _public(then) == claimed:
        return then, strict
    other = survey(configuration, at, tolerant)
    if len(_public(other) ^ claimed) < len(_public(then) ^ claimed):
        return other, tolerant
    return then, strict


def _public(surveyed: Survey) -> set[tuple[str | None, str | None]]:
    shown = ((path, public) for path, public in surveyed.public() if public.form is Form.PAGE)
    return {(path, public.version.digest) for path, public in shown if public.version}


def by_source(found: Evidence, made: Manifest, then: Survey) -> list[Finding]:
    """What in a folder is not as the source makes it.

    Args:
        found: the folder.
        made: the manifest of what the source makes.
        then: what is public in the source at the moment that the folder shows.
    """
    if made.holds == TREE and made.made_with.keys() == found.manifest.made_with.keys():
        # The bytes of a tree are the approved ones, whichever version wrote them.
        made = replace(made, made_with=found.manifest.made_with)
    if made.made_with == found.manifest.made_with:
        wrong = folder_audit.findings(found.folder, made.everything, found.aside)
    else:
        wrong = [_other_versions(found, made), *by_manifest(found), *_listings(found.manifest, made)]
    withheld = _withheld(then)
    return [_explained(finding, found.manifest, made, withheld) for finding in dict.fromkeys(wrong)]


def _other_versions(found: Evidence, made: Manifest) -> Finding:
    theirs, ours = found.manifest.made_with, made.made_with
    differing = sorted(name for name in {*theirs, *ours} if theirs.get(name) != ours.get(name))
    pair = _("{name} {theirs}, here {ours}")
    versions = [pair.format(name=name, theirs=theirs.get(name, "–"), ours=ours.get(name, "–")) for name in differing]
    why = _(
        "not proved: {versions}; generated pages cannot be compared byte for byte, only approved files and the list"
    )
    return Finding(manifest.PATH, What.VERSIONS, why.format(versions=_(", ").join(versions)))


def _listings(theirs: Manifest, ours: Manifest) -> Iterator[Finding]:
    """Where two lists of addresses and digests differ; other versions of the theme have other files."""

    def listed(made: Manifest) -> dict[str, dict[str, str | None]]:
        kept = {path: asdict(item) for path, item in made.files.items() if item.kind != "theme"}
        return {path: v if v["kind"] in ("file", "host") else {**v, "sha256": None} for path, v in kept.items()}

    one, other = listed(theirs), listed(ours)
    yield from (Finding(path, What.ADDED) for path in one if path not in other)
    yield from (Finding(path, What.MISSING) for path in other if path not in one)
    yield from (Finding(path, What.CHANGED) for path in one if path in other and one[path] != other[path])


def _explained(finding: Finding, theirs: Manifest, ours: Manifest, withheld: Mapping[str, str]) -> Finding:
    if finding.what is What.ADDED:
        return replace(finding, why=_not_approved(finding.path, withheld))
    one, other = (made.files.get(finding.path) for made in (theirs, ours))
    if finding.what is What.CHANGED and one and other and one.digest != other.digest:
        shown, approved = ((listed.digest or "?")[:12] for listed in (one, other))
        why = _("said to show the version {shown}, approved is {approved}")
        return replace(finding, why=why.format(shown=shown, approved=approved))
    return finding


def _withheld(then: Survey) -> dict[str, str]:
    """How each entry that has no page stands, by the files or the folder that it would have."""
    found = {}
    for path, standing in then.standings.items():
        if standing.reason is None or (standing.public and standing.public.version):
            continue
        places = [path, output_of(path)]
        if is_bundle(path, then.configuration.policy.columns):
            places.append(folder_of(path))
        found.update(dict.fromkeys(places, messages.reason_title(standing.reason)))
    return found


def _not_approved(path: str, withheld: Mapping[str, str]) -> str:
    place = path
    while place and place not in withheld:
        place = folder_of(place.rstrip("/"))
    state = withheld.get(place)
    return _("not approved: {state}").format(state=state) if state else _("not approved")
