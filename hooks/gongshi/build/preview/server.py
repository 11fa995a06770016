"""`mkdocs serve`: pages are made when somebody looks at them, so that a saved entry is seen at once at any size."""

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
_TURNS = 5
"""How often a page is made for one request, where builds follow each other."""
_LONGEST_PATH = 4096
_CHANGES: list[type[FileSystemEvent]] = [FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent]
"""That a file was read is no change, though systems tell of it, too."""


class Stage(Protocol):
    """What is shown at present."""

    def bytes_at(self, file: str) -> bytes | None:
        """A file of the site, made now; None where the preview has none, or MkDocs wrote it."""


class Watch(Observer):  # type: ignore[misc, valid-type]
    """Told by the system of changes, of nothing else."""

    def schedule(self, event_handler: FileSystemEventHandler, path: str, **options: Any) -> ObservedWatch:
        """Watch a folder."""
        watch: ObservedWatch = super().schedule(event_handler, path, **{**options, "event_filter": _CHANGES})
        return watch


def on_demand(server: LiveReloadServer, config: MkDocsConfig, stage: Callable[[], Stage | None], docs: Path) -> None:
    """Let a server make what it is asked for, and watch `docs/` by what the system tells instead of reading it all.

    Args:
        server: of MkDocs, not yet started.
        config: of MkDocs.
        stage: what the last build shows.
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
        said: list[tuple[Any, ...]] = []
        environ = _with_possible_path(environ)
        for _turn in range(_TURNS):
            with building:
                shown = stage()
                made = shown is not None and _provide(shown, _wanted(environ, server.mount_path), Path(server.root))
            content = answer(environ, lambda *status: said.append(status))
            # A build that begins now empties the folder before its file is read.
            if not (made and said[-1][0].startswith("404")):
                break
        start_response(*said[-1])
        return content

    server.builder = rebuild
    server.set_app(respond)
    _let_go(server, config.docs_dir)
    watched = [path for path in _places(config) if _let_go(server, path)]
    if _is_told(docs):
        server.observer = Watch()
    for path in (str(docs), *watched):
        server.watch(path)


def explain_busy_port(server: LiveReloadServer) -> None:
    """Let a server that cannot listen end with one message instead of a traceback.

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
    """Tell whether a request names this server by an address, and not by a name that leads here by somebody's trick.

    A page of another site could otherwise read the drafts (DNS rebinding).

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
    """Replace a path that no file can have, and at which the server of MkDocs fails, by one that is not there."""
    path = environ["PATH_INFO"]
    return {**environ, "PATH_INFO": "/404"} if "\0" in path or len(path) > _LONGEST_PATH else environ


def _places(config: MkDocsConfig) -> list[str]:
    """What MkDocs may watch beside the folder that the gate has put in the place of `docs/`."""
    return [path for path in (config.config_file_path, *config.theme.dirs) if path]


def _let_go(server: LiveReloadServer, path: str) -> bool:
    try:
        server.unwatch(path)
    except KeyError:
        return False
    return True


def _is_told(docs: Path) -> bool:
    """Whether the system tells of changes in so many folders; some allow few, and network drives tell of none."""
    trial = Watch()
    trial.schedule(FileSystemEventHandler(), str(docs), recursive=True)
    try:
        trial.start()
    except OSError:
        return False
    trial.stop()
    trial.join()
    return True


def _wanted(environ: dict[str, Any], mount: str) -> str:
    """The file of the site that a request asks for."""
    path: str = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
    path = posixpath.normpath("/" + path.removeprefix(mount)) + ("/" if path.endswith("/") else "")
    return path.lstrip("/") + ("index.html" if path.endswith("/") else "")


def _provide(shown: Stage, wanted: str, folder: Path) -> bool:
    """Put into the server's folder what it is asked for, also where only the last slash is missing.

    Returns:
        Whether the server has it now.
    """
    for file in (wanted, f"{wanted}/index.html"):
        try:
            if (folder / file).is_file():
                return True
            if (content := shown.bytes_at(file)) is not None:
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (folder / file).write_bytes(content)
                return True
        except (OSError, ValueError):
            # No file can have such a name.
            return False
    return False
