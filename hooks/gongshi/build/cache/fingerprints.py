"""Cache keys: a hash of everything a cached file depends on."""

from __future__ import annotations

import copyreg
import hashlib
import io
import json
import pickle
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from secrets import token_hex
from types import BuiltinFunctionType, FunctionType
from typing import Any, TypeVar

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation

from gongshi.build.cache.tool_versions import installed_version, made_with
from gongshi.common.files import read_file
from gongshi.common.hashing import canonical_json, sha256
from gongshi.domain.review.status import PublicState
from gongshi.site.html.extension_words import ExtensionWords
from gongshi.site.html.link_filter import PublicLinkFilter
from gongshi.site.images import process
from gongshi.site.markdown.dialect import OfficeText
from gongshi.site.pages.listings import ListItem
from gongshi.site.pages.models import EntryPage

_Value = TypeVar("_Value")

_PACKAGE = Path(__file__).resolve().parents[2]
_IGNORED_SETTINGS = frozenset(
    """
    config_file_path dev_addr docs_dir draft_docs exclude_docs hooks nav not_in_nav plugins site_dir strict theme watch
    """.split()  # noqa: SIM905
)
"""Settings that no page depends on, such as folders, and settings that the hash covers in another way."""
_OTHER_PACKAGES = ("idna", "markupsafe", "tzdata")


def program_hash() -> str:
    """Return a hash of every byte of this program and of the versions of what it uses."""
    found = [*_PACKAGE.rglob("*"), *_PACKAGE.parent.glob("*.py")]
    files = sorted(path for path in found if path.is_file() and path.suffix not in (".pyc", ".po"))
    hashes = {path.relative_to(_PACKAGE.parent).as_posix(): sha256(read_file(path)) for path in files}
    others = {name: installed_version(name) for name in _OTHER_PACKAGES}
    return sha256(canonical_json([hashes, made_with(), others, sys.version]))


def image_hash(program: str) -> str:
    """Return a hash of everything that published pictures depend on, except their approved bytes.

    Args:
        program: as `program_hash` returns it.
    """
    return sha256(canonical_json([program, process.encoders()]))


def site_hash(
    program: str, config: MkDocsConfig, nav: Navigation, stylesheet: str, logo: tuple[str, int, int] | None
) -> str:
    """Return a hash of everything that all pages depend on: program, mkdocs.yml as it was read, navigation.

    Args:
        program: as `program_hash` returns it.
        config: of MkDocs, with the site's address in use.
        nav: the navigation.
        stylesheet: address of the theme's styles, relative to the site.
        logo: path, width and height of the unit's logo.
    """
    settings = {key: value for key, value in config.items() if key not in _IGNORED_SETTINGS}
    theme = [config.theme.name, dict(config.theme)]
    items = [_nav_item(item) for item in nav.items]
    try:
        return sha256(json.dumps([program, settings, theme, items, stylesheet, logo], default=_serializable).encode())
    except (ValueError, RecursionError):
        # A setting contains itself, as YAML allows: then no cached page is used.
        return token_hex()


def _serializable(value: object) -> object:
    """Return a value of mkdocs.yml that JSON does not know, without its address in memory."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, PublicLinkFilter | ExtensionWords):
        return type(value).__qualname__
    if isinstance(value, OfficeText):
        return f"{type(value).__qualname__} {value.joins_lines}"
    if isinstance(value, FunctionType | BuiltinFunctionType | type):
        return f"{value.__module__}.{value.__qualname__}"
    try:
        return sha256(pickle.dumps(value, protocol=5))
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError):
        # Equality with the value of the next build cannot be known, so no cached page counts.
        return token_hex()


def _nav_item(item: Any) -> list[Any]:
    children = [_nav_item(child) for child in item.children or ()]
    return [type(item).__name__, item.title, getattr(item, "url", None), children]


class Fingerprints:
    """Cache keys of the pages of one build; an entry that many pages show is hashed once.

    Args:
        site: as `site_hash` returns it.
    """

    def __init__(self, site: str) -> None:
        self._site = site.encode()
        self._known: dict[int, tuple[object, str]] = {}
        self._table: Mapping[type, Callable[[Any], Any]] = {
            **copyreg.dispatch_table,
            ListItem: lambda item: (str, (self._hash(item, self._item_state),)),
            PublicState: lambda public: (str, (self._hash(public, _public_state),)),
        }

    def of(self, source: object) -> str:
        """Return the cache key of a page or generated file.

        Args:
            source: the page model, or whatever the file is generated from.
        """
        if isinstance(source, EntryPage) and source.public:
            return hashlib.sha256(self._site + self._entry_state(source, source.public).encode()).hexdigest()
        written = io.BytesIO()
        pickler = pickle.Pickler(written, protocol=5)
        pickler.dispatch_table = self._table
        pickler.dump(source)
        return hashlib.sha256(self._site + written.getbuffer()).hexdigest()

    def _entry_state(self, view: EntryPage, public: PublicState) -> str:
        """Return everything that does not follow from the approved version and mkdocs.yml, and the version's digest."""
        links = [(link.title, link.url) for link in (*view.breadcrumbs, *view.tags)]
        ways = [(link.title, link.url, link.lang) if link else None for link in (view.newer, view.older)]
        modified = view.modified.isoformat() if view.modified else None
        states = (view.template, view.expired, view.notice, modified, view.banner)
        return repr((self._hash(public, _public_state), view.source, links, ways, states))

    def _item_state(self, item: ListItem) -> str:
        shown = (item.path, item.title, item.day.isoformat(), item.published, item.pinned)
        return repr((shown, self._hash(item.public, _public_state)))

    def _hash(self, value: _Value, state: Callable[[_Value], str]) -> str:
        known = self._known.get(id(value))
        if known is None:
            # The object is kept, so that no other object gets its id.
            known = self._known[id(value)] = (value, hashlib.sha256(state(value).encode()).hexdigest())
        return known[1]


def _public_state(public: PublicState) -> str:
    """Return everything that a page shows of a publication; the version's digest stands for all of its bytes."""
    version, approved = public.version, public.approved
    acts = [*(approved.approvals if approved else ()), *([public.withdrawal] if public.withdrawal else ())]
    said = [(act.act.value, act.by, act.at.isoformat(), act.digest, act.stage, act.reason, act.notice) for act in acts]
    shown = (version.path, version.digest) if version else None
    due = approved.due if approved else None
    dates = [at.isoformat() if at else None for at in (public.since, public.changed, due)]
    return repr((shown, said, dates, public.form.value, public.expired, public.notice))
