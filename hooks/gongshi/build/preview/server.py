"""The server of `mkdocs serve`: a page is made when it is requested, so a saved entry shows at once."""

from __future__ import annotations

import ipaddress
import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from watchdog.events import (
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

from gongshi.i18n import gettext as _

Answer = Iterable[bytes]
_ATTEMPTS = 5
"""So often a page is made for one request while builds follow each other."""
_LONGEST_PATH = 4096
_CHANGES: list[type[FileSystemEvent]] = [FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent]
"""Events that count as changes. Systems also report that a file was read."""


class PreviewSite(Protocol):
    """The site that the preview shows at present."""

    def bytes_at(self, file: str) -> bytes | None:
        """Make a file of the site; None if the preview has no such file, or MkDocs wrote it."""


class ChangeObserver(Observer):  # type: ignore[misc, valid-type]
    """Observes changes of files, and no other event."""

    def schedule(self, event_handler: FileSystemEventHandler, path: str, **options: Any) -> ObservedWatch:
        """Watch a folder."""
        watch: ObservedWatch = super().schedule(event_handler, path, **{**options, "event_filter": _CHANGES})
        return watch


def serve_on_demand(
    server: LiveReloadServer, config: MkDocsConfig, site: Callable[[], PreviewSite | None], docs: Path
) -> None:
    """Let a server make files when they are requested, and watch `docs/` by events of the system where there are such.

    Args:
        server: of MkDocs, not yet started.
        config: of MkDocs.
        site: returns the site of the last build; None if that failed.
        docs: the content folder.
    """
    build, answer, building = server.builder, server.serve_request, Lock()

    def rebuild(*arguments: Any) -> None:
        with building:
            build(*arguments)

    def respond(environ: dict[str, Any], start_response: Any) -> Answer:
        if not _is_local(environ.get("HTTP_HOST", ""), config.dev_addr[0]):
            start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return [_("open the preview at {url}").format(url=server.url).encode()]
        statuses: list[tuple[Any, ...]] = []
        environ = _with_possible_path(environ)
        for _attempt in range(_ATTEMPTS):
            with building:
                shown = site()
                made = shown is not None and _provide(
                    shown, _requested_file(environ, server.mount_path), Path(server.root)
                )
            content = answer(environ, lambda *status: statuses.append(status))
            # A build that begins now empties the folder before its file is read.
            if not (made and statuses[-1][0].startswith("404")):
                break
        start_response(*statuses[-1])
        return content

    server.builder = rebuild
    server.set_app(respond)
    _unwatch(server, config.docs_dir)
    watched = [path for path in _watched_by_mkdocs(config) if _unwatch(server, path)]
    if _has_change_events(docs):
        server.observer = ChangeObserver()
    for path in (str(docs), *watched):
        server.watch(path)


def explain_busy_port(server: LiveReloadServer) -> None:
    """Let a server that cannot listen at its address end with one message instead of a traceback.

    Args:
        server: of MkDocs, not yet started.
    """
    bind = server.server_bind

    def bind_or_explain() -> None:
        try:
            bind()
        except OSError as error:
            host, port = server.server_address[:2]
            message = _(
                "the preview cannot listen at {host}:{port}: {reason}. Perhaps another preview is open; end it, or "
                "choose another port: mkdocs serve -a 127.0.0.1:{other}"
            )
            text = message.format(host=host, port=port, reason=error.strerror or error, other=int(port) % 60000 + 1025)
            raise Abort(text) from None

    server.server_bind = bind_or_explain  # type: ignore[method-assign]


def _is_local(host: str, own: str) -> bool:
    """Tell whether a request names this server by an IP address, by `localhost` or by its own name.

    A page of another site could otherwise read the drafts through a name of its own (DNS rebinding).

    Args:
        host: the Host header; empty where there is none.
        own: the host that the preview listens at.
    """
    name = host.rpartition(":")[0] if re.search(r":[0-9]*$", host) else host
    name = name.strip("[]").rstrip(".").lower()
    if name in ("", "localhost", own.lower()):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _with_possible_path(environ: dict[str, Any]) -> dict[str, Any]:
    """Replace a path that no file can have, with which MkDocs' server would fail, by one that does not exist."""
    path = environ["PATH_INFO"]
    return {**environ, "PATH_INFO": "/404"} if "\0" in path or len(path) > _LONGEST_PATH else environ


def _watched_by_mkdocs(config: MkDocsConfig) -> list[str]:
    """Return the files and folders that MkDocs watches beside the empty folder that stands for `docs/`."""
    return [path for path in (config.config_file_path, *config.theme.dirs) if path]


def _unwatch(server: LiveReloadServer, path: str) -> bool:
    try:
        server.unwatch(path)
    except KeyError:
        return False
    return True


def _has_change_events(docs: Path) -> bool:
    """Tell whether the system reports changes in so many folders; some allow few, and network drives report none."""
    trial = ChangeObserver()
    trial.schedule(FileSystemEventHandler(), str(docs), recursive=True)
    try:
        trial.start()
    except OSError:
        return False
    trial.stop()
    trial.join()
    return True


def _requested_file(environ: dict[str, Any], mount: str) -> str:
    """Return the requested file, relative to the site."""
    path: str = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
    path = posixpath.normpath("/" + path.removeprefix(mount)) + ("/" if path.endswith("/") else "")
    return path.lstrip("/") + ("index.html" if path.endswith("/") else "")


def _provide(site: PreviewSite, requested: str, folder: Path) -> bool:
    """Write the requested file to the server's folder, also if only the last slash of its address is missing.

    Returns:
        Whether the server has the file now.
    """
    for file in (requested, f"{requested}/index.html"):
        try:
            if (folder / file).is_file():
                return True
            if (content := site.bytes_at(file)) is not None:
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (folder / file).write_bytes(content)
                return True
        except (OSError, ValueError):
            # No file can have such a name.
            return False
    return False
