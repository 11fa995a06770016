"""One build: its steps in their order, from MkDocs' first event to the public site."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files, InclusionLevel
from mkdocs.structure.nav import Navigation

from gongshi import i18n
from gongshi.build import log as build_log
from gongshi.build.assemble import AssembledSite, SiteSources, assemble
from gongshi.build.cache import fingerprints, secret_key
from gongshi.build.cache.fingerprints import Fingerprints
from gongshi.build.config_check import load_host_files, load_logo, load_snapshot
from gongshi.build.log import log, unapproved_file_error
from gongshi.build.preview.files import PreviewFiles
from gongshi.build.preview.snapshot_cache import SnapshotCache
from gongshi.build.publish import record_build, refuse_differences, replace_site
from gongshi.build.render import theme_files
from gongshi.build.render.page_registry import STATIC_TEMPLATES, PageRegistry
from gongshi.build.render.page_renderer import PageRenderer, repeat_log
from gongshi.build.render.template_context import TemplateContext
from gongshi.build.render.template_language import install_language
from gongshi.build.render.text_converter import TextConverter
from gongshi.build.workspace import redirected_folders
from gongshi.common import object_cache
from gongshi.common.collector import collector_paused
from gongshi.common.files import public_permissions
from gongshi.common.hashing import sha256
from gongshi.common.object_cache import ObjectCache
from gongshi.i18n import gettext as _
from gongshi.release.atomic_folder import AtomicFolder
from gongshi.release.manifest import ManifestFile
from gongshi.site import content, navigation
from gongshi.site.html.extension_words import ExtensionWords
from gongshi.site.html.link_filter import PublicLinkFilter
from gongshi.site.images.registry import ImageRegistry
from gongshi.site.markdown.dialect import OfficeText


class SiteBuild:
    """One build. The methods are called in the order in which they stand here, each by one event of MkDocs.

    Until the build is closed, MkDocs reads and writes temporary folders. If any step fails, the public site stays as it
    was and MkDocs has its folders back.

    Args:
        config: as MkDocs read it; `docs_dir`, `site_dir`, `nav` and `markdown_extensions` are changed.
        snapshot_cache: for a preview (`mkdocs serve`), which shows drafts and publishes nothing; None for a build.
        cutoff: for a build that is only compared with another: later acts are left out, the build cache is not used,
            and the build is not recorded.

    Raises:
        Abort: the configuration or the content folder cannot be used.
        Refused: too much of the public site would be gone, or another build is replacing it.
        OSError: a folder cannot be read or written.
    """

    def __init__(
        self, config: MkDocsConfig, snapshot_cache: SnapshotCache | None, cutoff: datetime | None = None
    ) -> None:
        self._config = config
        self._cutoff = cutoff
        self._public_site = Path(config.site_dir)
        is_preview = snapshot_cache is not None
        self.snapshot = load_snapshot(config, cutoff, snapshot_cache)
        host, logo = load_host_files(self.snapshot.configuration), load_logo(self.snapshot.configuration)
        with ExitStack() as resources:
            self._cache = resources.enter_context(closing(self._open_cache(is_temporary=is_preview or bool(cutoff))))
            if not is_preview and cutoff is None:
                self.snapshot.tree.remove_leftovers()
            self._program = fingerprints.program_hash()
            self._images = ImageRegistry(self._cache, fingerprints.image_hash(self._program), build_log.with_progress)
            with collector_paused(keeps=True):
                gather = content.preview_content if is_preview else content.published_content
                self._content = gather(self.snapshot, self._images, host, logo)
            self._release = None if is_preview else self._open_release(resources)
            self._mkdocs_folder = resources.enter_context(redirected_folders(config, is_preview))
            self._links = self._install_link_filter()
            config.nav = self._public_nav()
            self._registry = PageRegistry(self._content, config, navigation.nav_titles(config.nav))
            base = content.base_of(self.snapshot)
            self.templates = TemplateContext(self._content, self._registry, config, base, is_preview)
            """The variable `site` of the templates."""
            self._resources = resources.pop_all()
        self._mkdocs_files: dict[str, ManifestFile] = {}
        """The files that MkDocs writes, by path."""
        self._nav: Navigation | None = None
        self._env: jinja2.Environment | None = None

    def hints(self) -> Iterator[str]:
        """Yield the reason why this build cannot use the build cache, if it should."""
        if self._cache.unused_because:
            message = _("the build cache is not used, so each build takes as long as the first: {reason}")
            yield message.format(reason=self._cache.unused_because)

    def select_files(self, files: Files) -> Files:
        """Keep the files that the theme publishes and add the pages of the navigation (`on_files`).

        Args:
            files: as MkDocs found them; it finds nothing in the empty folder that stands for `docs/`.

        Raises:
            BuildError: a file does not come from the theme.
            Abort: a file in the theme's folder has a type that no theme needs.
        """
        for file in list(files):
            if not theme_files.comes_from_theme(file, self._config):
                raise unapproved_file_error(file.src_uri)
            if theme_files.is_published(file, self.snapshot.configuration.root):
                file.inclusion = InclusionLevel.INCLUDED
                theme_files.shorten(file)
                theme_files.apply_colour(file, self._content.policy.unit.colour)
                self._mkdocs_files[file.dest_uri] = ManifestFile(sha256(file.content_bytes), "theme")
            else:
                files.remove(file)
        for page in self._registry.nav_pages.values():
            files.append(page.file)
        return files

    def take_over_pages(self, nav: Navigation) -> Navigation:
        """Take the navigation and exclude its pages from what MkDocs renders; `finish` renders them (`on_nav`)."""
        self._nav = nav
        for page in self._registry.nav_pages.values():
            page.file.inclusion = InclusionLevel.EXCLUDED
        return nav

    def prepare_templates(self, env: jinja2.Environment) -> jinja2.Environment:
        """Install the site's language in the theme's templates (`on_env`)."""
        install_language(env, self._content.policy.language)
        # Otherwise Jinja would look on disk, for each part of each page, whether the template has changed.
        env.auto_reload = False
        self._env = env
        return env

    def list_template(self, name: str, output: str) -> None:
        """List the output of a static template for the manifest (`on_post_template`).

        Raises:
            BuildError: the template is not one of the static ones.
        """
        if name not in STATIC_TEMPLATES:
            raise unapproved_file_error(name)
        self._mkdocs_files[name] = ManifestFile(sha256(output.encode()), "generated")

    def finish(self) -> PreviewFiles | None:
        """Render, assemble, audit and publish the site (`on_post_build`).

        Returns:
            For a preview, the files that it can make; nothing is published.

        Raises:
            Abort: the site is not what was approved; the public one stays as it was.
            BuildError: a file or page came in that this build did not create.
        """
        build_log.log_problems(self.snapshot, is_preview=self._release is None)
        renderer = self._renderer()
        if self._release is None:
            return PreviewFiles(self._content, self._images, self._cache, renderer, self._links.routes)
        with self._resources:
            site = self._assemble(renderer, self._release)
            repeat_log(site.pages)
            removed_links = {path: page.removed_links for path, page in site.pages.items() if page.removed_links}
            unshown = {path: page.unshown for path, page in site.pages.items() if page.unshown}
            build_log.log_summary(self.snapshot, removed_links, unshown)
            refuse_differences(site)
            if self._config.strict and build_log.warnings() > 0:
                # MkDocs ends this build as failed.
                return None
            replace_site(site, self._release, self._public_site)
            if self._cutoff is None:
                strict = self._config.strict
                record_build(site.manifest, self.snapshot, self._cache, self._release.site, strict)
        return None

    def close(self) -> None:
        """Give MkDocs its folders back and remove what was not published; a closed build may be closed again."""
        self._resources.close()

    def _open_cache(self, is_temporary: bool) -> ObjectCache:
        if is_temporary:
            return object_cache.temporary_cache()
        return object_cache.open_cache(self.snapshot.configuration.root, secret_key.load_or_create(os.environ))

    def _open_release(self, resources: ExitStack) -> AtomicFolder:
        """Open the folder that replaces the public site, and stop if too much of that would be gone."""
        resources.enter_context(collector_paused())
        with public_permissions():
            release = AtomicFolder(self._public_site, spare=self._cache.spare)
        resources.callback(release.discard)
        if self._cutoff is None:
            build_log.check_takedowns(self.snapshot, self._public_site, self._config.strict)
        return release

    def _install_link_filter(self) -> PublicLinkFilter:
        """Add the dialect for office texts, the link filter and the words of the site's language to the extensions."""
        policy = self._content.policy
        placeholder = i18n.translations(policy.language).gettext("(not public)")
        links = PublicLinkFilter(self._content.routes(self._config.site_url), placeholder)
        extensions: list[Any] = self._config.markdown_extensions
        extensions += [OfficeText(policy.joins_lines), links, ExtensionWords(policy.language)]
        return links

    def _public_nav(self) -> list[Any]:
        """Return the navigation of mkdocs.yml without pages that are not public, or the usual one if it has none."""
        if self._config.nav is None:
            home = i18n.translations(self._content.policy.language).gettext("Home")
            nav: list[Any] = navigation.default_nav(self._content, home)
        else:
            nav, is_shortened = navigation.prune_nav(self._config.nav, self._content, self._links.routes)
            if is_shortened:
                log.info(_("nav names pages that are not public; they are left out"))
        escaped: list[Any] = navigation.escape_nav(nav)
        return escaped

    def _renderer(self) -> PageRenderer:
        if self._nav is None or self._env is None:
            raise unapproved_file_error("main.html")
        converter = TextConverter(self._config, self._content, self.snapshot, self._links)
        return PageRenderer(
            self._config, self._content, self._registry, converter, self.templates, self._env, self._nav
        )

    def _assemble(self, renderer: PageRenderer, release: AtomicFolder) -> AssembledSite:
        """Assemble the site; if it is damaged, once more without the files of earlier builds."""
        logo = self._content.logo
        shown = (logo.path, *logo.shown) if logo else None
        site_hash = fingerprints.site_hash(self._program, self._config, renderer.nav, self.templates.stylesheet, shown)
        sources = SiteSources(
            self._content,
            renderer,
            Fingerprints(site_hash),
            self._mkdocs_folder,
            self._mkdocs_files,
            self.snapshot.now,
        )
        site = assemble(sources, self._cache, release.folder)
        if site.differences and self._cache.persistent:
            # A cache with one damaged file is not trusted at all.
            self._cache.forget()
            self._images.process(content.bundle_files(self.snapshot))
            release.empty()
            site = assemble(sources, self._cache, release.folder)
        return site
