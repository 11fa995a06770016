"""Rebuild the site as of a past moment, in another process and a temporary folder, for `gongshi verify --source`."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime

from gongshi.common.errors import Refused, printable
from gongshi.common.progress import spinner
from gongshi.common.temporary_folder import ScratchFolder
from gongshi.domain.config.loader import Configuration
from gongshi.i18n import gettext as _
from gongshi.release import manifest
from gongshi.release.manifest import Manifest

_MAX_LINES = 15


def rebuild_manifest(configuration: Configuration, at: datetime, until: datetime) -> Manifest:
    """Build the site in a temporary folder and return its manifest, against which the build checked every file.

    Args:
        configuration: the unit's configuration; its `site_dir` and build history are not changed.
        at: the moment that the site shows.
        until: decisions dated later are ignored.

    Raises:
        Refused: the build fails.
    """
    root = configuration.root.resolve()
    paths = [str(root / "hooks"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {
        **os.environ,
        "SOURCE_DATE_EPOCH": str(int(at.timestamp())),
        "PYTHONPATH": os.pathsep.join(paths),
    }
    scratch = ScratchFolder()
    with scratch as folder:
        # Use a subfolder: a build locks the folder above its site, and this process holds a lock on the scratch folder.
        site = folder / "built" / "site"
        arguments = [str(root / configuration.file.name), str(site), str(int(until.timestamp()))]
        command = [sys.executable, "-m", "gongshi.build.rebuild", *arguments]
        with spinner(_("Building the site again to compare it …")):
            done = subprocess.run(  # noqa: S603
                command,
                cwd=root,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
                pass_fds=scratch.handles,
            )
        if done.returncode:
            last_lines = done.stdout.decode(errors="replace").strip().splitlines()[-_MAX_LINES:]
            message = _("this clone cannot be built, so nothing can be proved:")
            raise Refused("\n".join([message, *map(printable, last_lines)]))
        return manifest.load(site)[0]
