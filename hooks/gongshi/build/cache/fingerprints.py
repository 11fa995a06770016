"""Of what something was made, as a hash: so that nothing made before is taken for something else."""

from __future__ import annotations

import copyreg
import hashlib
import io
import json
import pickle
import sys
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from secrets import token_hex
from types import BuiltinFunctionType, FunctionType
from typing import Any, TypeVar

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation

from gongshi.build.cache.tool_versions import made_with
from gongshi.common.files import read_regular
from gongshi.common.hashing import canonical_json, sha256
from gongshi.domain.review.status import Public
from gongshi.site.html.link_filter import LinkGate
from gongshi.site.images import process
from gongshi.site.pages.listings import Item
from gongshi.site.pages.models import EntryView

_Shown = TypeVar("_Shown")

_PACKAGE = Path(__file__).resolve().parents[2]
_ASIDE = frozenset(
    """
    config_file_path dev_addr docs_dir draft_docs exclude_docs hooks nav not_in_nav plugins site_dir strict theme watch
    """.split()  # noqa: SIM905
)
"""What no page shows, such as where a unit lies, and what is told in another way."""
_ALSO = ("idna", "markupsafe", "tzdata")


def of_program() -> str:
    """Of what program: every byte of it, and the versions of what it uses."""
    found = [*_PACKAGE.rglob("*"), *_PACKAGE.parent.glob("*.py")]
    files = sorted(path for path in found if path.is_file() and path.suffix not in (".pyc", ".po"))
    written = {path.relative_to(_PACKAGE.parent).as_posix(): sha256(read_regular(path)) for path in files}
    others = {name: _version(name) for name in _ALSO}
    return sha256(canonical_json([written, made_with(), others, sys.version]))


def of_pictures(program: str) -> str:
    """Of what published pictures are made beside their approved bytes.

    Args:
        program: as `of_program` gives it.
    """
    return sha256(canonical_json([program, process.encoders()]))


def of_site(program: str, config: MkDocsConfig, nav: Navigation, stylesheet: str) -> str:
    """What every page has in common: program, mkdocs.yml as it was read, navigation.

    Args:
        program: as `of_program` gives it.
        config: of MkDocs, with the site's address as it is used.
        nav: the navigation.
        stylesheet: of the theme.
    """
    given = {key: value for key, value in config.items() if key not in _ASIDE}
    theme = [config.theme.name, dict(config.theme)]
    shown = [_shown(item) for item in nav.items]
    return sha256(json.dumps([program, given, theme, shown, stylesheet], default=_named).encode())


def _named(value: object) -> object:
    """What is no JSON in mkdocs.yml, without the place in memory where it lies."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, LinkGate):
        return type(value).__qualname__
    if isinstance(value, FunctionType | BuiltinFunctionType | type):
        return f"{value.__module__}.{value.__qualname__}"
    try:
        return sha256(pickle.dumps(value, protocol=5))
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError):
        # Nobody can tell whether it is the same next time.
        return token_hex()


def _shown(item: Any) -> list[Any]:
    children = [_shown(child) for child in item.children or ()]
    return [type(item).__name__, item.title, getattr(item, "url", None), children]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


class Fingerprints:
    """Hashes of what pages show; of an entry that many pages show, only once.

    Args:
        site: what every page has in common.
    """

    def __init__(self, site: str) -> None:
        self._site = site.encode()
        self._known: dict[int, tuple[object, str]] = {}
        self._table: Mapping[type, Callable[[Any], Any]] = {
            **copyreg.dispatch_table,
            Item: lambda item: (str, (self._once(item, self._item),)),
            Public: lambda public: (str, (self._once(public, _public),)),
        }

    def of(self, shown: object) -> str:
        """The hash of a view, or of anything that a file is made of.

        Args:
            shown: the view.
        """
        if isinstance(shown, EntryView) and shown.public:
            return hashlib.sha256(self._site + self._entry(shown, shown.public).encode()).hexdigest()
        written = io.BytesIO()
        pickler = pickle.Pickler(written, protocol=5)
        pickler.dispatch_table = self._table
        pickler.dump(shown)
        return hashlib.sha256(self._site + written.getbuffer()).hexdigest()

    def _entry(self, view: EntryView, public: Public) -> str:
        """All that does not follow from the approved version and mkdocs.yml, and the digest of the version."""
        links = [(link.title, link.url) for link in (*view.trail, *view.tags)]
        ways = [(link.title, link.url) if link else None for link in (view.newer, view.older)]
        modified = view.modified.isoformat() if view.modified else None
        states = (view.template, view.expired, view.notice, modified, view.banner)
        return repr((self._once(public, _public), view.source, links, ways, states))

    def _item(self, item: Item) -> str:
        shown = (item.path, item.title, item.day.isoformat(), item.instant.isoformat(), item.pinned)
        return repr((shown, self._once(item.public, _public)))

    def _once(self, shown: _Shown, written: Callable[[_Shown], str]) -> str:
        known = self._known.get(id(shown))
        if known is None:
            # The object is kept, so that no other one gets its id; the hash is shorter than what is written of it.
            known = self._known[id(shown)] = (shown, hashlib.sha256(written(shown).encode()).hexdigest())
        return known[1]


def _public(public: Public) -> str:
    """The digest of the version stands for all of its bytes."""
    version, approved = public.version, public.approved
    acts = [*(approved.approvals if approved else ()), *([public.withdrawal] if public.withdrawal else ())]
    said = [(act.act.value, act.by, act.at.isoformat(), act.digest, act.stage, act.reason, act.notice) for act in acts]
    shown = (version.path, version.digest) if version else None
    due = approved.due if approved else None
    dates = [at.isoformat() if at else None for at in (public.since, public.changed, due)]
    return repr((shown, said, dates, public.form.value, public.expired, public.notice))
