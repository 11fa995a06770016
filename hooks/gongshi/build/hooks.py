"""Handlers of MkDocs' events, in the order in which MkDocs calls them. The work is in `site_build.py`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from gongshi import i18n
from gongshi.build import config_check
from gongshi.build.config_check import UnusableConfiguration
from gongshi.build.log import log
from gongshi.build.preview.files import PreviewFiles
from gongshi.build.preview.snapshot_cache import SnapshotCache
from gongshi.build.site_build import SiteBuild
from gongshi.common import files as common_files
from gongshi.common.errors import GongshiError, UsageError, printable
from gongshi.domain.config import loader
from gongshi.domain.content import host_files
from gongshi.i18n import gettext as _

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

_LAST = -1_000_000
"""Priority of the handlers, so that no other plugin's handler runs after them."""

_snapshot_cache: SnapshotCache | None = None
"""Present in `mkdocs serve` only; kept from one build to the next."""
_cutoff: datetime | None = None
_build: SiteBuild | None = None
"""The build that is running, or the last one."""
_preview_files: PreviewFiles | None = None
"""The files of the last finished build of `mkdocs serve`."""


def set_cutoff(until: datetime) -> None:
    """Let the builds of this process leave out later acts, and leave no record of themselves.

    Args:
        until: acts dated later are left out.
    """
    global _cutoff
    _cutoff = until


def _running_build() -> SiteBuild:
    if _build is None:
        raise Abort(_("the gate did not see the start of this build; it is stopped"))
    return _build


@contextmanager
def _as_abort() -> Iterator[None]:
    """Turn refusals, and errors of the operating system, into one message and exit code 1."""
    try:
        yield
    except GongshiError as error:
        raise Abort(str(error)) from None
    except MemoryError:
        message = _("there is not enough memory for this build; the site of before is as it was")
        raise Abort(message) from None
    except OSError as error:
        message = _("the system refused: {reason}; the site of before is as it was")
        reason = " ".join(
            filter(None, [error.strerror or str(error), printable(str(error.filename2 or error.filename or ""))])
        )
        raise Abort(message.format(reason=reason)) from None


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Note whether this is a preview, and refuse `--dirty`: it would keep pages of earlier builds unchecked."""
    global _snapshot_cache
    i18n.set_language(i18n.language_from_environment(os.environ))
    try:
        common_files.require_utf8_file_names()
    except UsageError as error:
        raise UnusableConfiguration(str(error)) from None
    if dirty:
        message = _("--dirty is refused: it keeps pages of earlier builds without asking whether they are still public")
        raise UnusableConfiguration(message)
    _snapshot_cache = SnapshotCache() if command == "serve" else None


@event_priority(_LAST)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Judge every entry and redirect MkDocs' folders."""
    global _build, _preview_files
    if config.config_file_path:
        language = loader.site_language(Path(config.config_file_path))
        i18n.set_language(i18n.language_from_environment(os.environ, language))
    _close_build()
    _build = None
    with _as_abort():
        _build = SiteBuild(config, _snapshot_cache, _cutoff)
    _preview_files = None
    snapshot = _build.snapshot
    today = snapshot.now.date()
    for hint in (*config_check.hints(config, snapshot.configuration, today), *_build.hints()):
        log.info(hint)
    return config


@event_priority(_LAST)
def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Keep only files of the theme and the pages of the navigation."""
    return _running_build().select_files(files)


@event_priority(_LAST)
def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """Exclude all pages from what MkDocs renders."""
    return _running_build().take_over_pages(nav)


@event_priority(_LAST)
def on_env(env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
    """Install the site's language in the templates."""
    return _running_build().prepare_templates(env)


@event_priority(_LAST)
def on_page_context(context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation) -> Any:
    """Give `site` to the template of a page."""
    context["site"] = _running_build().templates
    return context


@event_priority(_LAST)
def on_template_context(context: Any, *, template_name: str, config: MkDocsConfig) -> Any:
    """Give `site` to a static template."""
    context["site"] = _running_build().templates
    context["template_name"] = template_name
    return context


@event_priority(_LAST)
def on_post_template(output_content: str, *, template_name: str, config: MkDocsConfig) -> None:
    """List the output of a static template for the manifest."""
    _running_build().list_template(template_name, output_content)


@event_priority(_LAST)
def on_post_build(*, config: MkDocsConfig) -> None:
    """Render, assemble, audit and publish the site."""
    global _preview_files
    with _as_abort():
        _preview_files = _running_build().finish()


def on_build_error(*, error: Exception) -> None:
    """Leave the public site as it was, and turn an error of the operating system into one message."""
    _close_build()
    if isinstance(error, OSError | MemoryError):
        with _as_abort():
            raise error


def on_serve(server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
    """Watch `docs/`, which MkDocs does not read, and make pages when they are requested."""
    # Imported late: a build needs neither a server nor the library that watches files.
    from gongshi.build.preview.server import explain_busy_port, serve_on_demand

    explain_busy_port(server)
    docs = _running_build().snapshot.configuration.docs
    if _snapshot_cache:
        serve_on_demand(server, config, lambda: _preview_files, docs)
    else:
        server.watch(str(docs))
    if (host := docs.parent / host_files.FOLDER).is_dir():
        server.watch(str(host))
    if name := _running_build().snapshot.configuration.policy.unit.logo:
        server.watch(str(docs.parent / name))
    return server


def on_shutdown() -> None:
    """Remove temporary files."""
    _close_build()


def _close_build() -> None:
    if _build is not None:
        _build.close()
