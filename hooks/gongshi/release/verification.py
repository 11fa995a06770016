"""`gongshi verify`: compare a folder with its manifest, this clone's build history and the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from gongshi.common.errors import InvalidInput
from gongshi.common.files import read_file, read_start
from gongshi.common.hashing import sha256
from gongshi.domain.config.loader import Configuration
from gongshi.domain.content import front_matter
from gongshi.domain.content.docs_tree import ATTACHMENT_BYTES
from gongshi.domain.content.paths import is_bundle, output_path, parent_dir
from gongshi.domain.content.version import Version
from gongshi.domain.review import messages
from gongshi.domain.review.rules import CLOCK_TOLERANCE
from gongshi.domain.review.snapshot import Snapshot, take_snapshot
from gongshi.domain.review.status import PublicForm
from gongshi.i18n import gettext as _
from gongshi.release import build_history, folder_audit, manifest
from gongshi.release.folder_audit import AuditFinding, Difference
from gongshi.release.manifest import TREE, Manifest, ManifestFile
from gongshi.site.metadata.robots_txt import PATH as ROBOTS
from gongshi.site.metadata.robots_txt import host_in

_LINE = 300
"""Number of bytes to read of a file that should hold one line."""


@dataclass(frozen=True)
class VerifiedFolder:
    """A folder to verify, with its manifest."""

    folder: Path
    manifest: Manifest
    sealed: bool
    """True if the manifest's seal matches its content."""
    digest: str
    """SHA-256 of the manifest file."""
    aside: tuple[str, ...] = ()
    """Names at the top of the folder to skip: files that Git hosts need to publish a branch."""

    @property
    def everything(self) -> dict[str, ManifestFile]:
        """Every file listed in the manifest, and the manifest file with its actual hash."""
        return {**self.manifest.files, manifest.PATH: ManifestFile(self.digest, "generated")}


def open_folder(folder: Path) -> VerifiedFolder:
    """Read the manifest of a folder.

    Args:
        folder: a built site or staged tree.

    Raises:
        FileNotFoundError: there is no manifest.
        InvalidInput: the manifest was not written by Gongshi.
    """
    found = VerifiedFolder(folder, *manifest.load(folder))
    return replace(found, aside=tuple(_needed_by_forges(found)))


def _needed_by_forges(found: VerifiedFolder) -> Iterator[str]:
    """Yield the names at the top of the folder that Git hosts need to publish a branch, if they are harmless.

    These are the checkout itself (`.git`), an empty `.nojekyll`, and a `CNAME` with the site's own host name.
    """
    folder, listed = found.folder, found.manifest.files
    git = folder / ".git"
    if not git.is_symlink() and (git.is_dir() or git.is_file()):
        yield ".git"
    wanted = {".nojekyll": "", "CNAME": _host(found)}
    for name, content in wanted.items():
        with suppress(OSError):
            # Read one byte more than allowed: a longer file holds more than a host name.
            held = read_start(folder / name, _LINE + 1)
            plain = held.decode("utf-8", "replace").strip().lower()
            if name not in listed and len(held) <= _LINE and plain == content:
                yield name


def _host(found: VerifiedFolder) -> str | None:
    """Return the host in the site's robots.txt, or None if that file is missing or not as in the manifest."""
    listed = found.manifest.files.get(ROBOTS)
    try:
        content = read_file(found.folder / ROBOTS)
    except OSError:
        return None
    return host_in(content) if listed and sha256(content) == listed.sha256 else None


def compare_with_manifest(found: VerifiedFolder) -> list[AuditFinding]:
    """Return the differences between a folder and its own manifest.

    Args:
        found: the folder.
    """
    wrong = folder_audit.audit_folder(found.folder, found.everything, found.aside)
    if not found.sealed:
        wrong.append(AuditFinding(manifest.PATH, Difference.EDITED, _("its seal does not match its content")))
    if found.manifest.kind == TREE:
        wrong += _check_digests(found, {finding.path for finding in wrong})
    return wrong


def _check_digests(found: VerifiedFolder, known: set[str]) -> Iterator[AuditFinding]:
    """Yield a finding for each text of a tree whose recomputed digest differs from the listed one."""
    bundles: dict[str, dict[str, str]] = {}
    for path, listed in found.manifest.files.items():
        if listed.kind == "file" and listed.entry:
            bundles.setdefault(listed.entry, {})[path.removeprefix(parent_dir(listed.entry))] = listed.sha256
    for path, listed in found.manifest.files.items():
        if listed.kind != "manuscript" or path in known:
            continue
        if _recomputed_digest(found.folder, path, bundles.get(path, {})) != listed.digest:
            yield AuditFinding(path, Difference.CHANGED, _("its digest differs from the one in the manifest"))


def _recomputed_digest(folder: Path, path: str, files: Mapping[str, str]) -> str | None:
    try:
        if (folder / path).stat().st_size > ATTACHMENT_BYTES:
            return None
        manuscript = front_matter.read(read_file(folder / path), path, requires_entry_keys=False, is_bounded=False)
    except (OSError, InvalidInput, RecursionError):
        return None
    return Version(path, manuscript, files).digest


def future_findings(found: VerifiedFolder, now: datetime) -> list[AuditFinding]:
    """Return a finding if the manifest's date is in the future.

    Args:
        found: the folder.
        now: the current time.
    """
    if found.manifest.as_of <= now + CLOCK_TOLERANCE:
        return []
    when = found.manifest.as_of.isoformat(" ", "minutes")
    return [AuditFinding(manifest.PATH, Difference.FUTURE, _("it is dated {when}").format(when=when))]


def compare_with_history(found: VerifiedFolder, root: Path) -> bool | AuditFinding:
    """Look a folder up in the build history of this clone.

    Args:
        found: the folder.
        root: the repository.

    Returns:
        True if this clone built exactly this folder; a finding if it built others of this kind, but not this one; False
        if it built none of this kind.

    Raises:
        InvalidInput: the build history is damaged.
    """
    build = build_history.build_record(found.manifest, found.digest)
    builds = build_history.load(root)
    if build in builds:
        return True
    if any((other.as_of, other.holds) == (build.as_of, build.holds) for other in builds):
        why = _("this clone built something else as of this moment: the folder was edited, or built by somebody else")
        return AuditFinding(manifest.PATH, Difference.EDITED, why)
    if any(other.holds == build.holds for other in builds):
        why = _(
            "this clone has built nothing as of {when}: it was made elsewhere, more than {count} builds ago, or by "
            "somebody else; `gongshi verify DIR --source` proves it"
        )
        when = found.manifest.as_of.isoformat(" ", "minutes")
        return AuditFinding(manifest.PATH, Difference.UNKNOWN, why.format(when=when, count=build_history.KEPT))
    return False


def newer(found: VerifiedFolder, root: Path) -> str | None:
    """Return the date of this clone's newest build of this kind, or None if there is none or the folder is that build.

    Args:
        found: the folder.
        root: the repository.

    Raises:
        InvalidInput: the build history is damaged.
    """
    build = build_history.build_record(found.manifest, found.digest)
    last = [other for other in build_history.load(root) if other.holds == build.holds][-1:]
    return last[0].as_of if last and last[0] != build else None


def source_as_of(configuration: Configuration, at: datetime, made: Manifest) -> tuple[Snapshot, datetime]:
    """Return what was public at a past moment, and the time up to which decisions count for it.

    Clocks of two machines may differ a little, so a decision dated shortly after the build may have been known to it or
    not. The version of the record that agrees better with the manifest is taken.

    Args:
        configuration: the unit's configuration.
        at: the moment that the manifest names.
        made: the manifest to verify.
    """
    claimed = {(listed.entry, listed.digest) for listed in made.files.values() if listed.entry and listed.digest}
    strict, tolerant = at, at + CLOCK_TOLERANCE
    then = take_snapshot(configuration, at, strict)
    if _public(then) == claimed:
        return then, strict
    other = take_snapshot(configuration, at, tolerant)
    if len(_public(other) ^ claimed) < len(_public(then) ^ claimed):
        return other, tolerant
    return then, strict


def _public(snapshot: Snapshot) -> set[tuple[str | None, str | None]]:
    shown = ((path, public) for path, public in snapshot.public() if public.form is PublicForm.PAGE)
    return {(path, public.version.digest) for path, public in shown if public.version}


def compare_with_source(found: VerifiedFolder, made: Manifest, then: Snapshot) -> list[AuditFinding]:
    """Return the differences between a folder and what a build from source would write.

    Args:
        found: the folder.
        made: the manifest of a build from source.
        then: the snapshot of the source at the moment that the folder shows.
    """
    if made.kind == TREE and made.made_with.keys() == found.manifest.made_with.keys():
        # A tree holds only approved bytes, so the version of Gongshi that wrote it makes no difference.
        made = replace(made, made_with=found.manifest.made_with)
    if made.made_with == found.manifest.made_with:
        wrong = folder_audit.audit_folder(found.folder, made.all_files, found.aside)
    else:
        wrong = [
            _other_versions(found, made),
            *compare_with_manifest(found),
            *_manifest_differences(found.manifest, made),
        ]
    withheld = _withheld(then)
    return [_explained(finding, found.manifest, made, withheld) for finding in dict.fromkeys(wrong)]


def _other_versions(found: VerifiedFolder, made: Manifest) -> AuditFinding:
    theirs, ours = found.manifest.made_with, made.made_with
    differing = sorted(name for name in {*theirs, *ours} if theirs.get(name) != ours.get(name))
    pair = _("{name} {theirs}, here {ours}")
    versions = [pair.format(name=name, theirs=theirs.get(name, "–"), ours=ours.get(name, "–")) for name in differing]
    why = _(
        "not proved: {versions}; generated pages cannot be compared byte for byte, only approved files and the list"
    )
    return AuditFinding(manifest.PATH, Difference.VERSIONS, why.format(versions=_(", ").join(versions)))


def _manifest_differences(theirs: Manifest, ours: Manifest) -> Iterator[AuditFinding]:
    """Yield the differences between two manifests' paths and digests, except theme files and generated hashes."""

    def listed(made: Manifest) -> dict[str, dict[str, str | None]]:
        kept = {path: asdict(item) for path, item in made.files.items() if item.kind != "theme"}
        return {path: v if v["kind"] in ("file", "host") else {**v, "sha256": None} for path, v in kept.items()}

    one, other = listed(theirs), listed(ours)
    yield from (AuditFinding(path, Difference.ADDED) for path in one if path not in other)
    yield from (AuditFinding(path, Difference.MISSING) for path in other if path not in one)
    yield from (AuditFinding(path, Difference.CHANGED) for path in one if path in other and one[path] != other[path])


def _explained(finding: AuditFinding, theirs: Manifest, ours: Manifest, withheld: Mapping[str, str]) -> AuditFinding:
    if finding.what is Difference.ADDED:
        return replace(finding, why=_not_approved(finding.path, withheld))
    one, other = (made.files.get(finding.path) for made in (theirs, ours))
    if finding.what is Difference.CHANGED and one and other and one.digest != other.digest:
        shown, approved = ((listed.digest or "?")[:12] for listed in (one, other))
        why = _("the manifest names the version {shown}, but {approved} is approved")
        return replace(finding, why=why.format(shown=shown, approved=approved))
    return finding


def _withheld(then: Snapshot) -> dict[str, str]:
    """Return the status title of each entry without a page, by the source, page or folder path that it would have."""
    found = {}
    for path, status in then.statuses.items():
        if status.reason is None or (status.public and status.public.version):
            continue
        places = [path, output_path(path)]
        if is_bundle(path, then.configuration.policy.columns):
            places.append(parent_dir(path))
        found.update(dict.fromkeys(places, messages.reason_title(status.reason)))
    return found


def _not_approved(path: str, withheld: Mapping[str, str]) -> str:
    place = path
    while place and place not in withheld:
        place = parent_dir(place.rstrip("/"))
    state = withheld.get(place)
    return _("not approved: {state}").format(state=state) if state else _("not approved")
