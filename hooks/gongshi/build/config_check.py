"""Checks of mkdocs.yml: settings with which unapproved files could be published, or the site would break."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from gongshi.build.lazy_corrections import with_corrections
from gongshi.build.markdown_settings import MarkdownSettings, reads_no_files
from gongshi.build.preview.snapshot_cache import SnapshotCache
from gongshi.build.render.theme_files import THEME
from gongshi.common import dates
from gongshi.common.errors import InvalidInput, Problem, UsageError
from gongshi.domain.config import loader
from gongshi.domain.config.loader import Configuration
from gongshi.domain.content import host_files
from gongshi.domain.content.host_files import HostFiles
from gongshi.domain.review.snapshot import Snapshot, take_snapshot
from gongshi.i18n import gettext as _
from gongshi.reports.doctor import settings
from gongshi.site import logo
from gongshi.site.logo import Logo

_SEARCH = frozenset(("search", "material/search"))


class UnusableConfiguration(Abort):
    """Ends the build with one message and exit code 2."""

    exit_code = 2


def find_config_problems(config: MkDocsConfig, configuration: Configuration) -> list[Problem]:
    """Return the settings of mkdocs.yml with which unapproved files could be published, or the site would break.

    Args:
        config: as MkDocs read it.
        configuration: as Gongshi read it.
    """
    file = configuration.file.name
    return [Problem(file, message, None, key) for key, message in _problems(config, configuration)]


def _problems(config: MkDocsConfig, configuration: Configuration) -> Iterator[tuple[str, str]]:
    yield from _places(config, configuration)
    if not config.use_directory_urls:
        yield "use_directory_urls", _("must be true: addresses are promises to readers")
    if config.theme.name not in ("gongshi", "material"):
        yield "theme.name", _("must be gongshi")
    if not config.theme.dirs or Path(config.theme.dirs[0]).resolve() != THEME:
        yield (
            "theme.custom_dir",
            _("leave it out and write `name: gongshi`: only its templates refuse pages that were not approved"),
        )
    if config.theme.get("font") is not False:
        yield "theme.font", _("must be false: fonts would be loaded from another host")
    for name in config.plugins:
        if name in config.hooks:
            continue
        if name in _SEARCH:
            yield "plugins", _("the site has a search of its own; write `plugins: []`")
        else:
            yield "plugins", _("{name} may add pages or read files behind the gate; remove it").format(name=name)
    if len(config.hooks) != 1:
        yield "hooks", _("must name hooks/gate.py and nothing else")
    for name in config.markdown_extensions:
        if not reads_no_files(name):
            yield "markdown_extensions", _("{name} may read files behind the gate; remove it").format(name=name)
    if config.extra_templates:
        yield "extra_templates", _("must be empty: templates belong to the theme under hooks/gongshi/theme")
    for key in ("extra_css", "extra_javascript"):
        for item in config[key]:
            if not _in_theme(str(item)):
                yield key, _("{name} is no file of the theme; put it under hooks/gongshi/theme").format(name=item)


def hints(config: MkDocsConfig, configuration: Configuration, today: date) -> Iterator[str]:
    """Yield advice on settings of mkdocs.yml that are allowed but unwise.

    Args:
        config: as MkDocs read it.
        configuration: as Gongshi read it.
        today: the day of the build.
    """
    file = configuration.file.name
    if config.theme.name == "material":
        message = _("{file}: theme: write only `name: gongshi` and `language`; a notice of other programs goes with it")
        yield message.format(file=file)
    yield from map(str, settings.find_advice(configuration, today))


def _places(config: MkDocsConfig, configuration: Configuration) -> Iterator[tuple[str, str]]:
    docs, site = Path(config.docs_dir).resolve(), Path(config.site_dir).resolve()
    if docs != configuration.docs.resolve():
        yield "docs_dir", _("must be a folder beside mkdocs.yml, such as docs")
    kept = (docs, THEME, configuration.file.resolve())
    if any(site == place or site in place.parents for place in kept) or docs in site.parents or THEME in site.parents:
        yield "site_dir", _("must be a folder of its own, such as site: it is replaced by each build")


def _in_theme(name: str) -> bool:
    path = (THEME / name).resolve()
    return THEME in path.parents and path.is_file()


def load_snapshot(config: MkDocsConfig, until: datetime | None, snapshot_cache: SnapshotCache | None) -> Snapshot:
    """Check mkdocs.yml, then read and judge the whole unit.

    Args:
        config: as MkDocs read it.
        until: acts dated later are left out; None for all acts.
        snapshot_cache: what a preview has judged already; None to read everything.

    Raises:
        Abort: the configuration has problems, or the content folder cannot be read.
    """
    try:
        if not config.config_file_path:
            raise UsageError(_("mkdocs.yml must be a file"))
        found = loader.load_configuration(Path(config.config_file_path))
        if problems := find_config_problems(config, found):
            raise InvalidInput(problems)
        markdown = MarkdownSettings(tuple(config.markdown_extensions), dict(config.mdx_configs or {}))
        found = with_corrections(found, lambda: markdown, keeps=until is None)
        now = dates.current_time(os.environ, found.policy.zone)
    except (InvalidInput, UsageError) as error:
        raise UnusableConfiguration(_("the configuration has problems:") + "\n" + str(error)) from None
    try:
        return snapshot_cache.survey(found, now) if snapshot_cache else take_snapshot(found, now, until)
    except InvalidInput as error:
        raise Abort(str(error)) from None


def load_host_files(configuration: Configuration) -> HostFiles:
    """Read the files for the unit's host and for search engines from `hooks/host/`.

    Args:
        configuration: the unit's configuration.

    Raises:
        UnusableConfiguration: something there cannot be published.
    """
    try:
        return host_files.load(configuration.root)
    except InvalidInput as error:
        message = _("{folder}/ has problems:").format(folder=host_files.FOLDER)
        raise UnusableConfiguration(f"{message}\n{error}") from None


def load_logo(configuration: Configuration) -> Logo | None:
    """Read the unit's logo; None if it has none.

    Args:
        configuration: the unit's configuration.

    Raises:
        UnusableConfiguration: it cannot be shown.
    """
    try:
        return logo.load(configuration)
    except InvalidInput as error:
        raise UnusableConfiguration(_("the configuration has problems:") + f"\n{error}") from None
