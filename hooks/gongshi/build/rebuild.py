"""`python -m gongshi.build.rebuild MKDOCS_YML FOLDER UNTIL`: build the site of an earlier moment, for `gongshi verify`.

Runs `mkdocs build` into FOLDER without the acts dated after UNTIL (seconds since 1970). `SOURCE_DATE_EPOCH` is the
moment at which the entries are judged.
"""

from __future__ import annotations

import sys
from datetime import datetime, timezone

from mkdocs.__main__ import cli

from gongshi.build import hooks


def main(file: str, folder: str, until: str) -> None:
    """Build into a folder.

    Args:
        file: mkdocs.yml.
        folder: the folder for the site.
        until: seconds since 1970; later acts are left out.
    """
    hooks.set_cutoff(datetime.fromtimestamp(int(until), timezone.utc))
    cli(["build", "--quiet", "--config-file", file, "--site-dir", folder], prog_name="mkdocs")


if __name__ == "__main__":
    main(*sys.argv[1:])
