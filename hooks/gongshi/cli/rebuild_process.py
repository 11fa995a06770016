"""A build in another process, into a folder that is thrown away: what the source makes of a moment."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime

from gongshi.common.errors import Refused, printable
from gongshi.common.progress import waiting
from gongshi.common.temporary_folder import ScratchFolder
from gongshi.domain.config.loader import Configuration
from gongshi.i18n import gettext as _
from gongshi.release import manifest
from gongshi.release.manifest import Manifest

_LINES = 15


def rebuilt(configuration: Configuration, at: datetime, until: datetime) -> Manifest:
    """The manifest of the site that this clone makes; the build has audited every file against it.

    Args:
        configuration: the unit's configuration; its `site_dir` and memory are left alone.
        at: the moment that the site shows.
        until: acts dated later are left out.

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
        # Not directly in the scratch folder: a build waits for the lock beside its site, and this process holds that.
        site = folder / "built" / "site"
        arguments = [str(root / configuration.file.name), str(site), str(int(until.timestamp()))]
        command = [sys.executable, "-m", "gongshi.build.rebuild", *arguments]
        with waiting(_("The site is being built once more, to be compared …")):
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
            said = done.stdout.decode(errors="replace").strip().splitlines()[-_LINES:]
            message = _("this clone cannot be built, so it proves nothing:")
            raise Refused("\n".join([message, *map(printable, said)]))
        return manifest.load(site)[0]
