"""MkDocs' events in the order in which they come. Each is a line or two; the work is in `site_build`."""

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
from gongshi.build.preview.snapshot_cache import Familiar
from gongshi.build.site_build import Gate
from gongshi.common import files as common_files
from gongshi.common.errors import GongshiError, UsageError, printable
from gongshi.domain.config import loader
from gongshi.domain.content import host_files
from gongshi.i18n import gettext as _

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

_LAST = -1_000_000

_familiar: Familiar | None = None
_until: datetime | None = None
_gate: Gate | None = None


def compare_only(until: datetime) -> None:
    """Let the builds of this process show what was decided until a moment, and leave no memory of them.

    Args:
        until: acts dated later are left out.
    """
    global _until
    _until = until


def _open_gate() -> Gate:
    if _gate is None:
        raise Abort(_("the gate did not see the start of this build; it is stopped"))
    return _gate


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the system refuses into one message."""
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
    """Learn whether this is a preview, and refuse `--dirty`: it would skip the gate for pages built before."""
    global _familiar
    i18n.speak(i18n.operator_language(os.environ))
    try:
        common_files.require_utf8_file_names()
    except UsageError as error:
        raise UnusableConfiguration(str(error)) from None
    if dirty:
        message = _("--dirty is refused: it keeps pages of earlier builds without asking whether they are still public")
        raise UnusableConfiguration(message)
    _familiar = Familiar() if command == "serve" else None


@event_priority(_LAST)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Judge everything and turn MkDocs away from `docs/`."""
    global _gate
    if config.config_file_path:
        language = loader.site_language(Path(config.config_file_path))
        i18n.speak(i18n.operator_language(os.environ, language))
    if _gate is not None:
        _gate.close()
    with _told():
        _gate = Gate(config, _familiar, _until)
        _gate.open()
    for hint in (*config_check.hints(config, _gate.surveyed.configuration), *_gate.hints()):
        log.info(hint)
    return config


@event_priority(_LAST)
def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Let in what the gate shows."""
    return _open_gate().files(files)


@event_priority(_LAST)
def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """Take the making of the pages from MkDocs."""
    return _open_gate().navigate(nav)


@event_priority(_LAST)
def on_env(env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
    """Give the templates their language."""
    return _open_gate().dress(env)


@event_priority(_LAST)
def on_page_context(context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation) -> Any:
    """Give the template the gate that it asks."""
    context["gate"], context["site"] = _open_gate(), _open_gate().parts
    return context


@event_priority(_LAST)
def on_template_context(context: Any, *, template_name: str, config: MkDocsConfig) -> Any:
    """Give the template the gate that it asks."""
    context["gate"], context["site"] = _open_gate(), _open_gate().parts
    context["template_name"] = template_name
    return context


@event_priority(_LAST)
def on_post_template(output_content: str, *, template_name: str, config: MkDocsConfig) -> None:
    """Account for a page that belongs to no entry."""
    _open_gate().rendered_template(template_name, output_content)


@event_priority(_LAST)
def on_post_build(*, config: MkDocsConfig) -> None:
    """Audit the site and put it into place."""
    with _told():
        _open_gate().finish()


def on_build_error(*, error: Exception) -> None:
    """Leave the site of before as it is, and say in one message what the system refused to MkDocs."""
    if _gate is not None:
        _gate.close()
    if isinstance(error, OSError | MemoryError):
        with _told():
            raise error


def on_serve(server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
    """Watch `docs/`, which MkDocs was turned away from, and make pages when they are asked for."""
    # A build needs neither a server nor what watches files.
    from gongshi.build.preview.server import explain_busy_port, on_demand

    explain_busy_port(server)
    docs = _open_gate().surveyed.configuration.docs
    if _familiar:
        on_demand(server, config, lambda: _gate, docs)
    else:
        server.watch(str(docs))
    if (host := docs.parent / host_files.FOLDER).is_dir():
        server.watch(str(host))
    return server


def on_shutdown() -> None:
    """Leave no scraps."""
    if _gate is not None:
        _gate.close()
