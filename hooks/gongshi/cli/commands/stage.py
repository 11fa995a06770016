"""`gongshi stage`: write the approved files into a folder, for another site generator."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from gongshi.cli import options
from gongshi.cli.session import Session, print_json, reporting, warn
from gongshi.common.errors import printable
from gongshi.common.hashing import sha256
from gongshi.common.parallel import Limits, map_parallel
from gongshi.domain.content.version import Version
from gongshi.domain.records import stopped_takedown
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import WithheldReason
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.release import build_history, manifest, staging, takedown_guard
from gongshi.release.staging import StagedTree
from gongshi.site import content
from gongshi.site.html.link_targets import UnitAddresses

_DAMAGED = (WithheldReason.TAMPERED, WithheldReason.ADDRESS_TAKEN)


@click.command(
    help=_(
        "Write only the approved files into DIR, for another site generator. These are the Markdown files that are "
        "now public as pages, with their text as approved and their approved front matter in canonical form "
        "(without comments and review flags), and the files of their bundles. DIR must be missing, empty, or "
        "written by this command before; it is replaced completely. `gongshi verify DIR` proves it."
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_obj
def stage(session: Session, folder: Path, as_json: bool) -> None:
    """Write the approved files and report what was left out."""
    staging.check_destination(folder, session.configuration)
    snapshot = session.survey()
    if warning := takedown_guard.guard(snapshot, folder, manifest.published_pages(folder)):
        warn(warning)
    tree = staging.build_tree(snapshot)
    limits: Limits[Version, int] = Limits(session.policy.text_seconds, lambda _version, _excess: 0)
    links = staging.links_to_withheld(
        tree, content.routes(snapshot, UnitAddresses(snapshot)), partial(map_parallel, limits=limits)
    )
    for warning in staging.write(tree, folder):
        warn(warning)
    stopped_takedown.forget(session.configuration.root, folder)
    _remember(session, tree)
    with reporting(options.names([folder])):
        if as_json:
            absent = {"damaged": _damaged(snapshot), "left_out": tree.left_out, "refused": list(tree.refused)}
            print_json({**_json_values(folder, tree, links), **absent, "recorded": tree.recorded})
            return
        _print_summary(folder, tree)
        _print_files(session, tree)
        if count := len(_damaged(snapshot)):
            message = ngettext(
                "{count} entry is left out because a record is damaged or an address is taken; see `gongshi status`",
                "{count} entries are left out because a record is damaged or an address is taken; see `gongshi status`",
                count,
            )
            warn(message.format(count=count))
        for path, other in tree.left_out.items():
            message = _("{path} is left out: its files collide with those of {other}; withdraw or move one of them")
            warn(message.format(path=session.label(path), other=session.label(other)))
        _print_links(session, links)


def _remember(session: Session, tree: StagedTree) -> None:
    """Add the tree to the build history for `gongshi verify`; a failure is only a warning, as the tree is written."""
    try:
        build_history.append(
            session.configuration.root, build_history.build_record(tree.manifest, sha256(tree.manifest.content))
        )
    except OSError as error:
        message = _("this tree cannot be added to the build history ({reason}); `gongshi verify` will need --source")
        warn(message.format(reason=error.strerror))


def _json_values(folder: Path, tree: StagedTree, links: dict[str, int]) -> dict[str, object]:
    return {
        "dir": str(folder),
        "as_of": tree.manifest.as_of.isoformat(timespec="seconds"),
        "manifest": sha256(tree.manifest.content),
        "entries": len(tree.versions),
        "files": len(tree.loads) - len(tree.versions),
        "withdrawn": tree.withdrawn,
        "expired": tree.expired,
        "links_to_withheld": links,
    }


def _print_summary(folder: Path, tree: StagedTree) -> None:
    count, others = len(tree.versions), len(tree.loads) - len(tree.versions)
    entries = ngettext("{count} entry or page", "{count} entries and pages", count).format(count=count)
    files = ngettext("{count} other file", "{count} other files", others).format(count=others)
    message = _("{folder}: {entries} with {files}, as approved")
    click.echo(message.format(folder=printable(str(folder)), entries=entries, files=files))
    if tree.withdrawn or tree.expired:
        message = _(
            "Not in it: {withdrawn} withdrawn and {expired} expired; a built site shows a notice in their place."
        )
        click.echo(message.format(withdrawn=tree.withdrawn, expired=tree.expired))


def _print_files(session: Session, tree: StagedTree) -> None:
    """Print which files keep their entries out, and what another site generator must remove from pictures."""
    for path in tree.refused:
        message = _(
            "{path}: approved under earlier rules, but it could run code or replace a page; its entry is left out"
        )
        warn(message.format(path=printable(session.label(path))))
    if tree.recorded:
        message = ngettext(
            "{count} picture, video or sound file is as approved; it may contain places and names that cameras and "
            "phones write into files. A site built by MkDocs has these removed, another generator must do it. [advice]",
            "{count} pictures, videos and sound files are as approved; they may contain places and names that cameras "
            "and phones write into files. A site built by MkDocs has these removed, another generator must do it. "
            "[advice]",
            tree.recorded,
        )
        click.echo(message.format(count=tree.recorded))


def _damaged(snapshot: Snapshot) -> list[str]:
    """Return the entries that are not public because their record is damaged or their address is taken."""
    return [path for path, status in snapshot.statuses.items() if status.reason in _DAMAGED]


def _print_links(session: Session, links: dict[str, int]) -> None:
    for path, count in links.items():
        message = ngettext(
            "{path}: {count} link leads to an unpublished page or file [advice]",
            "{path}: {count} links lead to unpublished pages or files [advice]",
            count,
        )
        click.echo(message.format(path=session.label(path), count=count))
    if links:
        click.echo(
            _(
                "The approved texts contain these addresses, and the tree keeps the texts as approved, so that "
                "they can be verified. A site built by MkDocs removes them; to remove them here, change the texts "
                "and have them approved again."
            )
        )
