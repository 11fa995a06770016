"""Temporary folders that MkDocs reads and writes in place of `docs/` and of the public site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from gongshi.common.temporary_folder import ScratchFolder


@contextmanager
def redirected_folders(config: MkDocsConfig, is_preview: bool) -> Iterator[Path]:
    """Redirect MkDocs' folders to a scratch folder while the block runs; afterwards MkDocs has its own again.

    MkDocs copies whatever lies in `docs_dir` and empties `site_dir` before it writes. It gets an empty folder in place
    of `docs/`, and in a build a new folder in place of the public site.

    Args:
        config: of MkDocs; `docs_dir` and `site_dir` are changed.
        is_preview: for `mkdocs serve`, which writes to a temporary folder of its own: `site_dir` stays.

    Yields:
        The folder that MkDocs writes to.

    Raises:
        OSError: the system's temporary place cannot be written.
    """
    docs_dir, site_dir = config.docs_dir, config.site_dir
    with ScratchFolder() as scratch:
        empty, output = scratch / "docs", scratch / "site"
        empty.mkdir()
        output.mkdir()
        try:
            config.docs_dir = str(empty)
            if not is_preview:
                config.site_dir = str(output)
            yield Path(config.site_dir)
        finally:
            config.docs_dir, config.site_dir = docs_dir, site_dir
