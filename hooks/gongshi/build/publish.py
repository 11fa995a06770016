"""Publishing: the assembled site replaces the public one, and the build is recorded."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from functools import partial
from pathlib import Path

from mkdocs.exceptions import Abort

from gongshi.build import assemble
from gongshi.build import log as build_log
from gongshi.build.assemble import AssembledSite
from gongshi.build.log import log
from gongshi.common.files import STATE_DIR, public_permissions
from gongshi.common.hashing import sha256
from gongshi.common.object_cache import CacheDamaged, ObjectCache
from gongshi.domain.records import stopped_takedown
from gongshi.domain.review.snapshot import Snapshot
from gongshi.i18n import gettext as _
from gongshi.release import build_history
from gongshi.release.atomic_folder import AtomicFolder
from gongshi.release.manifest import Manifest


def refuse_differences(site: AssembledSite) -> None:
    """Stop the build if a site is not what its manifest lists.

    Raises:
        Abort: it names the differences.
    """
    if site.differences:
        raise Abort(
            _("the built site does not match what was approved, so it is not published:")
            + "\n"
            + "\n".join(map(str, site.differences))
        )


def replace_site(site: AssembledSite, release: AtomicFolder, place: Path) -> None:
    """Put an assembled site into the place of the public one.

    Args:
        site: the site; it lies in the folder of `release`.
        release: replaces the public site.
        place: the public site, as mkdocs.yml names it.

    Raises:
        OSError: the public site is as it was.
        Refused: see `AtomicFolder.publish`.
    """
    with public_permissions():
        release.publish(site.manifest.files, site.inodes, partial(build_log.log_foreign_files, place))
    for warning in release.warnings:
        log.warning("%s", warning)
    log.info(_("The site is in %s"), os.path.relpath(place))


def record_build(built: Manifest, snapshot: Snapshot, cache: ObjectCache, public_site: Path, strict: bool) -> None:
    """Record what was built and on which decisions. The site is public already, so failures are only logged.

    Args:
        built: the manifest of the site.
        snapshot: the unit, as the build judged it.
        cache: the build cache; it is saved for the next build.
        public_site: the folder of the public site, symbolic links resolved.
        strict: whether a warning would fail the build.
    """
    root = snapshot.configuration.root
    stopped_takedown.forget(root, public_site)
    # Without the cache or the spare copy, the next build only takes longer.
    with suppress(OSError, CacheDamaged):
        with public_permissions():
            assemble.prepare_spare(built, cache)
        cache.save()
    try:
        snapshot.decisions.remember()
        build_history.append(root, build_history.build_record(built, sha256(built.content)))
    except OSError as error:
        message = _(
            "this build cannot be remembered in %s (%s): `gongshi verify` will ask for --source, and decisions put "
            "back to an older state will not be noticed here"
        )
        # With --strict a warning would be an error.
        log.log(logging.INFO if strict else logging.WARNING, message, STATE_DIR, error.strerror)
