"""`gongshi verify`: prove that a built or deployed folder is exactly what was approved."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from gongshi.cli.rebuild_process import rebuild_manifest
from gongshi.cli.session import REFUSED, Session, print_json
from gongshi.common import dates
from gongshi.common.errors import InvalidInput, UsageError, printable
from gongshi.domain.config import loader
from gongshi.domain.review.snapshot import take_snapshot
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.release import manifest, permissions, staging, stale_content, verification
from gongshi.release.folder_audit import AuditFinding, Difference
from gongshi.release.manifest import SITE, TREE
from gongshi.release.verification import VerifiedFolder


@dataclass
class Verdict:
    """The result of verifying a folder."""

    folder: Path
    evidence: VerifiedFolder | None = None
    findings: list[AuditFinding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    level: str = "manifest"
    """The thing that the folder was compared with: `manifest`, `memory` (the build history) or `source`."""

    @property
    def proved(self) -> str | None:
        """The level of the proof, or None if there are findings."""
        return None if self.findings else self.level


@click.command(
    help=_(
        "Prove that DIR, a built or deployed site or a staged tree, is exactly what was approved. Each "
        "file that was added, removed or changed is named. Without --source every file is compared with "
        "the folder's own manifest; no clone is needed, but this proves nothing against somebody who can "
        "write the folder. In a clone it is also compared with what this clone has built, and with the "
        "record: pages that were withdrawn, replaced or have expired since are named. Advice on "
        "permissions is added."
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--source",
    is_flag=True,
    help=_(
        "Build it again from this clone as of the same moment and compare every byte. mkdocs.yml, hooks/ "
        "and docs/ of this clone are taken as correct."
    ),
)
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_obj
def verify(session: Session, folder: Path, source: bool, as_json: bool) -> None:
    """Verify the folder and print the result."""
    if not folder.is_dir():
        raise UsageError(
            _("there is no folder {folder}; a build makes the site: `mkdocs build`").format(
                folder=printable(str(folder))
            )
        )
    verdict = Verdict(folder)
    try:
        # Resolve a link once: the host may switch it to another folder during the check.
        verdict.evidence = verification.open_folder(Path(os.path.realpath(folder)))
    except FileNotFoundError:
        why = _("not built by Gongshi, or its manifest was removed; nothing can be proved")
        verdict.findings = [AuditFinding(manifest.PATH, Difference.MISSING, why)]
    except InvalidInput as error:
        verdict.findings = [AuditFinding(manifest.PATH, Difference.BROKEN, error.problems[0].message)]
    else:
        (_by_source if source else _by_manifest)(session, verdict, verdict.evidence)
        _add_advice(session, verdict, verdict.evidence)
    verdict.findings.sort(key=AuditFinding.sort_key)
    if as_json:
        print_json(_json_values(verdict))
    else:
        _print_verdict(verdict)
    if verdict.findings:
        raise SystemExit(REFUSED)


def _by_manifest(session: Session, verdict: Verdict, found: VerifiedFolder) -> None:
    now = dates.current_time(os.environ, timezone.utc)
    verdict.findings += [*verification.compare_with_manifest(found), *verification.future_findings(found, now)]
    if file := session.file or loader.find_configuration(Path.cwd()):
        try:
            _by_memory(verdict, found, file.parent)
        except InvalidInput as error:
            verdict.notes.append(str(error))
        _by_record(session, verdict, found)


def _by_record(session: Session, verdict: Verdict, found: VerifiedFolder) -> None:
    """Compare the folder with the current record of this clone."""
    try:
        unit = session.policy.unit.name
        if found.manifest.unit != unit:
            message = _(
                "it belongs to “{other}” and this clone to “{unit}”, so it was not compared with the record here"
            )
            verdict.notes.append(message.format(other=printable(found.manifest.unit), unit=printable(unit)))
            return
        stale, others = stale_content.against(found.manifest, session.survey())
    except (UsageError, InvalidInput):
        verdict.notes.append(_("mkdocs.yml or docs/ here cannot be used, so it was not compared with the record"))
        return
    named = {finding.path for finding in verdict.findings}
    verdict.findings += [finding for finding in stale if finding.path not in named]
    _note_age(verdict, sum(finding.what is Difference.STALE for finding in stale), others)


def _note_age(verdict: Verdict, stale: int, others: int) -> None:
    """Add notes if the folder is older than the record."""
    if stale:
        message = ngettext(
            "it is older than the record: {count} page in it was withdrawn, replaced or has expired since; build and "
            "deploy again",
            "it is older than the record: {count} pages in it were withdrawn, replaced or have expired since; build "
            "and deploy again",
            stale,
        )
        verdict.notes.append(message.format(count=stale))
    if others:
        message = ngettext(
            "since then {count} other entry has become public or looks different; the next build shows that",
            "since then {count} other entries have become public or look different; the next build shows that",
            others,
        )
        verdict.notes.append(message.format(count=others))


def _by_memory(verdict: Verdict, found: VerifiedFolder, root: Path) -> None:
    remembered = verification.compare_with_history(found, root)
    if isinstance(remembered, AuditFinding):
        verdict.findings.append(remembered)
    elif remembered:
        verdict.level = "memory"
        if newer := verification.newer(found, root):
            note = _("it is an old copy: this clone has built a newer one since, as of {when}")
            verdict.notes.append(note.format(when=printable(newer)))


def _by_source(session: Session, verdict: Verdict, found: VerifiedFolder) -> None:
    verdict.level = "source"
    configuration, now = session.configuration, session.now
    verdict.findings += (ahead := verification.future_findings(found, now))
    at = (now if ahead else found.manifest.as_of).astimezone(session.policy.zone)
    then, until = verification.source_as_of(configuration, at, found.manifest)
    is_tree = found.manifest.kind == TREE
    made = staging.build_tree(then).manifest if is_tree else rebuild_manifest(configuration, at, until)
    stale, others = stale_content.since(then, take_snapshot(configuration, now))
    shown = stale_content.still_shown(found.folder, made.kind, stale)
    verdict.findings += [*verification.compare_with_source(found, made, then), *shown]
    _note_age(verdict, len(shown), others)


def _add_advice(session: Session, verdict: Verdict, found: VerifiedFolder) -> None:
    """Add notes on files that were skipped and on permissions; they do not change the exit code."""
    if found.aside:
        note = _("not checked, because a Git host needs it to publish from a branch: {names}")
        verdict.notes.append(note.format(names=_(", ").join(found.aside)))
    if ".git" in found.aside and found.manifest.kind == SITE:
        verdict.notes.append(_("make sure that the web server does not serve .git: it contains every earlier state"))
    file = session.file or loader.find_configuration(Path.cwd())
    clones = [found.folder.parent, *([file.parent] if file else [])]
    verdict.notes += permissions.advice(found.folder, found.aside, found.manifest.kind == SITE, clones)


def _json_values(verdict: Verdict) -> dict[str, Any]:
    found = verdict.evidence
    return {
        "dir": str(verdict.folder),
        "manifest": found.digest if found else None,
        "holds": found.manifest.kind if found else None,
        "unit": found.manifest.unit if found else None,
        "as_of": found.manifest.as_of.isoformat(timespec="seconds") if found else None,
        "files": len(found.manifest.files) if found else None,
        "findings": [
            {"path": finding.path, "what": finding.what.value, "message": finding.why} for finding in verdict.findings
        ],
        "notes": verdict.notes,
        "proved": verdict.proved,
    }


def _print_verdict(verdict: Verdict) -> None:
    for finding in verdict.findings:
        click.echo(str(finding))
    for note in verdict.notes:
        click.echo(note)
    folder = printable(str(verdict.folder))
    if verdict.findings:
        message = ngettext(
            "{folder}: {count} finding; it is not proved to be what was approved",
            "{folder}: {count} findings; it is not proved to be what was approved",
            len(verdict.findings),
        )
        click.echo(message.format(folder=folder, count=len(verdict.findings)), err=True)
    elif verdict.evidence:
        click.echo(_proved_text(verdict, verdict.evidence, folder))


def _proved_text(verdict: Verdict, found: VerifiedFolder, folder: str) -> str:
    words = {
        "manifest": _(
            "{folder}: {files} of “{unit}” as of {when}, each as the list in the folder itself says. This finds "
            "damage, but proves nothing against somebody who can write the folder: they can write a new list. To prove "
            "it, run `gongshi verify DIR --source` in a clone of the source."
        ),
        "memory": _("{folder}: {files} of “{unit}”: exactly what this clone built as of {when}"),
        "source": _(
            "{folder}: {files} of “{unit}”: exactly what was approved in this clone as of {when}, nothing more, "
            "less or other"
        ),
    }
    count = len(found.manifest.files)
    when: datetime = found.manifest.as_of
    return words[verdict.level].format(
        folder=folder,
        files=ngettext("{count} file", "{count} files", count).format(count=count),
        unit=printable(found.manifest.unit),
        when=when.isoformat(" ", "minutes"),
    )
