"""One build: what the gate gives to MkDocs, and what it accounts for afterwards."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from gongshi import i18n
from gongshi.build import assemble
from gongshi.build import log as build_log
from gongshi.build.cache import fingerprints, secret_key
from gongshi.build.cache.fingerprints import Fingerprints
from gongshi.build.cache.tool_versions import made_with
from gongshi.build.config_check import host_files_of, surveyed
from gongshi.build.log import behind_the_gate, log
from gongshi.build.preview import files as preview_files
from gongshi.build.preview.snapshot_cache import Familiar
from gongshi.build.render import theme_files
from gongshi.build.render.failures import failure_text
from gongshi.build.render.mkdocs_pages import GatePage, generated
from gongshi.build.render.page_renderer import Press, Sheet
from gongshi.build.render.template_context import Parts
from gongshi.build.render.template_language import install_language
from gongshi.common import object_cache
from gongshi.common.collector import collector_paused
from gongshi.common.errors import printable
from gongshi.common.files import OWN_FOLDER, public_permissions, write_whole
from gongshi.common.hashing import sha256
from gongshi.common.object_cache import Damaged
from gongshi.common.temporary_folder import ScratchFolder
from gongshi.domain.content.paths import address_of
from gongshi.domain.records import stopped_takedown
from gongshi.i18n import gettext as _
from gongshi.release import build_history, folder_audit, manifest
from gongshi.release.atomic_folder import Release
from gongshi.release.manifest import SITE, Listed, Manifest
from gongshi.site import content, navigation
from gongshi.site.content import SITEMAP
from gongshi.site.html import urls
from gongshi.site.html.link_filter import LinkGate
from gongshi.site.html.sanitizer import clean
from gongshi.site.images.registry import ImageRegistry
from gongshi.site.pages.models import View

_STATIC = frozenset(("404.html", SITEMAP))


class Gate:
    """The state of one build, from `on_config` to `on_post_build`.

    Args:
        config: as MkDocs read it; its folders are redirected until the build ends.
        familiar: what a preview (`mkdocs serve`), in which people of the unit look at everything, knows from its last
            look; None for a build.
        until: for a build that is only compared with another: acts dated later are left out, nothing made before is
            used, and it is not remembered.
    """

    def __init__(self, config: MkDocsConfig, familiar: Familiar | None, until: datetime | None = None) -> None:
        self.config = config
        self.preview = preview = familiar is not None
        self.until = until
        self.surveyed = surveyed(config, until, familiar)
        self.policy = self.surveyed.configuration.policy
        self._collects = gc.isenabled()
        host = host_files_of(self.surveyed.configuration)
        root = self.surveyed.configuration.root
        self._cache = (
            object_cache.passing() if preview or until else object_cache.opened(root, secret_key.kept(os.environ))
        )
        if not preview and until is None:
            self.surveyed.tree.remove_leftovers()
        self._program = fingerprints.of_program()
        self.gallery = ImageRegistry(self._cache, fingerprints.of_pictures(self._program), build_log.counted)
        show = content.preview if preview else content.published
        try:
            with collector_paused(keeps=True):
                self.shown = show(self.surveyed, self.gallery, host)
        except BaseException:
            self._cache.close()
            raise
        self._scratch = ScratchFolder()
        self._nothing = self._scratch.path / "docs"
        self._nothing.mkdir()
        self._written = self._scratch.path / "site"
        self.outputs: dict[str, Listed] = {}
        self._listed: dict[str, GatePage] = {}
        self._made: GatePage | None = None
        self._docs_dir, self._site_dir = config.docs_dir, config.site_dir
        self._site = i18n.translations(self.policy.language)
        self._links = LinkGate(self.shown.routes(self.config.site_url), self._site.gettext("(not public)"))
        self.parts = Parts(self.shown, content.base_of(self.surveyed), config.theme.dirs)
        names = self._links.routes.site.names
        self._own = urls.own(config.site_url, self.policy.unit.domain, self.policy.language, names)
        self._titles: dict[str, str] = {}
        self._nav: Navigation | None = None
        self._env: jinja2.Environment | None = None
        self._press: Press | None = None
        self._release: Release | None = None
        self._inodes: dict[str, int] = {}

    def hints(self) -> Iterator[str]:
        """Yield why this build keeps nothing for the next one, where it should."""
        if self._cache.unused_because:
            message = _("the build cache is not used, so each build takes as long as the first: {reason}")
            yield message.format(reason=self._cache.unused_because)

    def open(self) -> None:
        """Turn MkDocs away from `docs/` and from the site that is public now."""
        if not self.preview:
            # Nearly everything stays until the end, so looking for garbage would be in vain.
            gc.disable()
            with public_permissions():
                self._release = Release(Path(self._site_dir), spare=self._cache.spare)
            if self.until is None:
                build_log.guard_pages(self.surveyed, Path(self._site_dir), self.config.strict)
            self._written.mkdir()
            self.config.site_dir = str(self._written)
        self.config.docs_dir = str(self._nothing)
        extensions: list[Any] = self.config.markdown_extensions
        extensions[:] = [extension for extension in extensions if not isinstance(extension, LinkGate)]
        extensions.append(self._links)
        if self.config.nav is None:
            nav: list[Any] = navigation.default(self.shown, self._site.gettext("Home"))
        else:
            nav, shortened = navigation.pruned(self.config.nav, self.shown, self._links.routes)
            if shortened:
                log.info(_("nav names pages that are not public; they are left out"))
        self.config.nav = navigation.escaped(nav)
        self._titles = navigation.titles(self.config.nav)

    def files(self, files: Files) -> Files:
        """Let in the theme's files and the pages of the navigation; anything else stops the build."""
        for file in list(files):
            if not theme_files.comes_from_theme(file, self.config):
                raise behind_the_gate(file.src_uri)
            if theme_files.is_published(file, self.surveyed.configuration.root):
                file.inclusion = InclusionLevel.INCLUDED
                self.outputs[file.dest_uri] = Listed(sha256(file.content_bytes), "theme")
            else:
                files.remove(file)
        for path in self._titles:
            if path in self.shown.views:
                page = self._listed[path] = self._page(path)
                page.listed = True
                files.append(page.file)
        return files

    def navigate(self, nav: Navigation) -> Navigation:
        """Take the navigation from MkDocs, and the making of its pages."""
        self._nav = nav
        for page in self._listed.values():
            page.file.inclusion = InclusionLevel.EXCLUDED
        return nav

    def dress(self, env: jinja2.Environment) -> jinja2.Environment:
        """Give the templates the site's language."""
        install_language(env, self.policy.language)
        # Else each part of each page asks the disk whether its template has changed.
        env.auto_reload = False
        self._env = env
        return env

    def issue(self, path: str) -> GatePage:
        """The page with a Markdown file or made-up path, to be made next."""
        self._made = self._listed.get(path) or self._page(path)
        return self._made

    def _page(self, path: str) -> GatePage:
        title = self._titles.get(path) or escape(self.title_of(self.shown.views[path]))
        return GatePage(title, generated(path, self.config), self.config, self._failed, self._cleaned)

    def title_of(self, view: View) -> str:
        """The title of a page, in the site's language where it has none of its own."""
        return view.title or self._site.gettext("Withdrawn")

    def vouch(self, page: Page | None, template: str | None = None) -> View:
        """The view of a page that the gate gave; called by the templates, which fail without it.

        Raises:
            BuildError: the gate did not give this page.
        """
        if page is None and template in _STATIC:
            return View(template="", title="", source="")
        if page is None:
            raise behind_the_gate(str(template))
        path = page.file.src_uri
        if page is not self._made and page is not self._listed.get(path):
            raise behind_the_gate(path)
        return self.shown.views[path]

    def site_map(self) -> list[tuple[str, str]]:
        """Absolute address and day of the last change of every page, notices aside."""
        if not self.config.site_url:
            # Search engines take absolute addresses only.
            return []
        base = self.config.site_url.rstrip("/") + "/"
        return [
            (base + quote(address_of(path)), view.modified.astimezone(self.policy.zone).date().isoformat())
            for path, view in sorted(self.shown.views.items())
            if view.modified
        ]

    def rendered_template(self, name: str, output: str) -> None:
        """Account for a page that belongs to no entry."""
        if name not in _STATIC:
            raise behind_the_gate(name)
        self.outputs[name] = Listed(sha256(output.encode()), "generated")

    def finish(self) -> None:
        """Make the pages, lay out the site, audit it and put it into place.

        Raises:
            Abort: the folder holds anything that the gate did not give; the site of before stays.
        """
        build_log.tell_problems(self.surveyed, self.preview)
        # A navigation with no page left counts as false.
        assert self._env is not None and self._nav is not None
        self._press = Press(self, self.config, self.shown, self._links, self._env, self._nav)
        if self._release is None:
            return
        made, wrong, sheets = self._laid_out(self._release.folder)
        if wrong and self._cache.lasts:
            # What was made before may be damaged: then it is worth nothing.
            self._cache.forget()
            self.gallery.process(content.works(self.surveyed))
            self._release.empty()
            made, wrong, sheets = self._laid_out(self._release.folder)
        self._press.tell(sheets)
        build_log.tell_numbers(self.surveyed, {path: sheet.closed for path, sheet in sheets.items() if sheet.closed})
        if wrong:
            raise Abort(
                _("the built site does not match what was approved, so it is not published:")
                + "\n"
                + "\n".join(map(str, wrong))
            )
        if self.config.strict and build_log.warnings() > 0:
            self.close()
            return
        with public_permissions():
            tell_foreign = partial(build_log.tell_foreign, Path(self._site_dir))
            self._release.publish(made.files, self._inodes, tell_foreign)
        for warning in self._release.warnings:
            log.warning("%s", warning)
        log.info(_("The site is in %s"), os.path.relpath(self._site_dir))
        if self.until is None:
            self._remember(made)
        self.close()

    def _laid_out(self, site: Path) -> tuple[Manifest, list[folder_audit.Finding], Mapping[str, Sheet]]:
        """What the site holds, what is wrong with it, and what became of its pages."""
        assert self._nav is not None and self._press
        prints = Fingerprints(fingerprints.of_site(self._program, self.config, self._nav, self.parts.stylesheet))
        listed: dict[str, Listed] = {}
        try:
            listed = assemble.taken_over(self._written, self.outputs, self._cache)
            sheets = self._press.sheets(self._cache, prints)
            listed.update(assemble.made(self.shown, sheets, self._cache, prints))
            made = self._manifest(listed)
            with public_permissions():
                self._inodes = assemble.lay_out(listed, self._cache, site)
                write_whole(site / manifest.PATH, made.content)
        except Damaged:
            return self._manifest(listed), [folder_audit.Finding(OWN_FOLDER, folder_audit.What.UNREADABLE)], {}
        return made, folder_audit.findings(site, made.everything, read=self._inodes), sheets

    def bytes_at(self, file: str) -> bytes | None:
        """A file of the preview, made now; None where it has none, or MkDocs wrote it.

        Args:
            file: relative to the site.
        """
        if self._press is None:
            return None
        return preview_files.bytes_at(file, self.shown, self.gallery, self._cache, self._press, self._links.routes)

    def _manifest(self, listed: Mapping[str, Listed]) -> Manifest:
        policy = self.policy
        return Manifest(SITE, policy.unit.name, policy.assurance, self.surveyed.now, made_with(), listed)

    def _remember(self, made: Manifest) -> None:
        """Keep in mind what was built, and on which decisions; the site is in place, so nothing fails any more."""
        assert self._release
        stopped_takedown.forget(self.surveyed.configuration.root, self._release.site)
        # What is not kept is only made again.
        with suppress(OSError, Damaged):
            with public_permissions():
                assemble.prepare(made, self._cache)
            self._cache.save()
        try:
            self.surveyed.decisions.remember()
            build_history.remember(self.surveyed.configuration.root, build_history.of(made, sha256(made.content)))
        except OSError as error:
            message = _(
                "this build cannot be remembered in %s (%s): `gongshi verify` will ask for --source, and decisions put "
                "back to an older state will not be noticed here"
            )
            # With --strict a warning would be an error.
            log.log(logging.INFO if self.config.strict else logging.WARNING, message, OWN_FOLDER, error.strerror)

    def close(self) -> None:
        """Give MkDocs its folders back and remove what was not published."""
        if self._collects:
            gc.enable()
        if self._release:
            self._release.discard()
        self.config.docs_dir, self.config.site_dir = self._docs_dir, self._site_dir
        self._scratch.close()
        self._cache.close()

    def _failed(self, page: Page, error: Exception) -> str:
        """What stands in place of a text that cannot be converted; the build goes on."""
        message = _("%s: its text cannot be converted (%s); the page says so. Write it more simply")
        log.warning(message, printable(self.surveyed.tree.label(page.file.src_uri)), failure_text(error))
        sentence = self._site.gettext("This page cannot be shown at the moment.")
        return f"<p>{escape(sentence)}</p>"

    def _cleaned(self, page: Page, html: str) -> str:
        """What of a text may stand in its page."""
        version = self.shown.versions.get(page.file.src_uri)
        own = self._own.on(address_of(page.file.src_uri))
        found = clean(html, own, self.gallery.pictures_of(version) if version else {})
        # Once more, as the same tags may be read in two ways before they are cleaned, and in one way afterwards.
        return self._links.sifted(found.html)
