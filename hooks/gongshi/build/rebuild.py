"""`python -m gongshi.build.rebuild MKDOCS_YML FOLDER UNTIL`: the site as it was, for `gongshi verify`.

`mkdocs build` into a folder of its own, with the acts dated until a moment (seconds since 1970); `SOURCE_DATE_EPOCH`
says at which moment it is looked at.
"""

from __future__ import annotations

import sys
from datetime import datetime, timezone

from mkdocs.__main__ import cli

from gongshi.build import hooks


def main(file: str, folder: str, until: str) -> None:
    """Build."""
    hooks.compare_only(datetime.fromtimestamp(int(until), timezone.utc))
    cli(["build", "--quiet", "--config-file", file, "--site-dir", folder], prog_name="mkdocs")


if __name__ == "__main__":
    main(*sys.argv[1:])
