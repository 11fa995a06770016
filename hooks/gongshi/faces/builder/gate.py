"""One build: what the gate gives to MkDocs, and what it accounts for afterwards."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from gongshi import i18n
from gongshi.domain import configuration, moment
from gongshi.domain.naming import address_of, folder_of
from gongshi.domain.problem import InvalidInput, Unusable, printable
from gongshi.domain.storage import OWN_FOLDER, write_whole
from gongshi.domain.survey import Survey, survey
from gongshi.domain.version import sha256
from gongshi.faces.builder import exhibition, navigation, report, themefiles
from gongshi.faces.builder.demands import unmet
from gongshi.faces.builder.exhibition import SITEMAP
from gongshi.faces.builder.finder import record_of
from gongshi.faces.builder.gallery import Gallery
from gongshi.faces.builder.pages import GateFile, GatePage
from gongshi.faces.builder.parts import Parts
from gongshi.faces.builder.report import log
from gongshi.faces.builder.versions import made_with
from gongshi.i18n import gettext as _
from gongshi.outputs import addresses, audit, manifest, memory, search
from gongshi.outputs.cleaning import clean
from gongshi.outputs.links import LinkGate
from gongshi.outputs.manifest import SITE, Listed, Manifest
from gongshi.outputs.release import Release
from gongshi.outputs.views import EntryView, View

_STATIC = frozenset(("404.html", SITEMAP))


class UnusableConfiguration(Abort):
    """Ends the build with one message and exit code 2."""

    exit_code = 2


class Gate:
    """The state of one build, from `on_config` to `on_post_build`.

    Args:
        config: as MkDocs read it; its folders are redirected until the build ends.
        preview: whether people of the unit look at everything (`mkdocs serve`).
        until: for a build that is only compared with another: acts dated later are left out, and it is not remembered.
    """

    def __init__(self, config: MkDocsConfig, preview: bool, until: datetime | None = None) -> None:
        self.config = config
        self.preview = preview
        self.until = until
        self.surveyed = _survey(config, until)
        self.policy = self.surveyed.configuration.policy
        self._nothing = tempfile.mkdtemp(prefix="gongshi-")
        self._made = tempfile.mkdtemp(prefix="gongshi-")
        self.gallery = Gallery(Path(self._made))
        show = exhibition.preview if preview else exhibition.published
        self.shown = show(self.surveyed, self.gallery)
        self.outputs: dict[str, Listed] = {}
        self._issued: dict[str, File] = {}
        self._docs_dir, self._site_dir = config.docs_dir, config.site_dir
        self._site = i18n.translations(self.policy.language)
        self._links = LinkGate(self.shown.routes(self.config.site_url), self._site.gettext("(not public)"))
        self.parts = Parts(self.shown, exhibition.base_of(self.surveyed), config.theme.dirs)
        self._own = addresses.own(config.site_url, self.policy.unit.domain, self.policy.language)
        self._records: list[search.Record] = []
        self._titles: dict[str, str] = {}
        self._release: Release | None = None

    def open(self) -> None:
        """Turn MkDocs away from `docs/` and from the site that is public now."""
        if not self.preview:
            self._release = Release(Path(self._site_dir))
            self.config.site_dir = str(self._release.folder)
        self.config.docs_dir = self._nothing
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
        """Let in the theme's files and what the gate shows; anything else stops the build."""
        for file in list(files):
            if not themefiles.comes_from_theme(file, self.config):
                raise _intruder(file.src_uri)
            if themefiles.is_published(file, self.surveyed.configuration.root):
                file.inclusion = InclusionLevel.INCLUDED
                self.outputs[file.dest_uri] = Listed(sha256(file.content_bytes), "theme")
            else:
                files.remove(file)
        for path, load in self.shown.files.items():
            self._issue(files, GateFile(path, self.config, load))
            version = self.shown.versions[path]
            name = path.removeprefix(folder_of(version.path))
            self.outputs[path] = Listed(version.files[name], "file", version.path, version.digest)
        for path, load in self.shown.pictures.items():
            self._issue(files, GateFile(path, self.config, load))
            version, hung = self.gallery.owners[path], self.gallery.hung.get(path)
            digest = hung.sha256 if hung else self.gallery.copies[path]
            self.outputs[path] = Listed(digest, "picture", version.path, version.digest)
        for path, load in self.shown.made.items():
            self._issue(files, GateFile(path, self.config, load))
            self.outputs[path] = Listed(sha256(load()), "generated")
        for path, view in self.shown.views.items():
            file = File.generated(self.config, path, content="", inclusion=InclusionLevel.NOT_IN_NAV)
            file.content_string = _source(view)
            self._issue(files, file)
            title = self._titles.get(path) or escape(view.title or self._site.gettext("Withdrawn"))
            GatePage(title, file, self.config, self._failed, self._cleaned)
        return files

    def _issue(self, files: Files, file: File) -> None:
        files.append(file)
        self._issued[file.src_uri] = file

    def source(self, page: Page) -> str:
        """The approved text of a page, as MkDocs reads it: pinned when the build began."""
        view = self._view(page)
        self._links.begin(view.source, address_of(view.source))
        return _source(view)

    def describe(self, page: Page) -> None:
        """Set the page's title and description from the approved front matter."""
        view = self._view(page)
        title = view.title or self._site.gettext("Withdrawn")
        page.meta = {"title": escape(title), "hide": ["toc"]}
        if view.description:
            page.meta["description"] = escape(view.description)

    def vouch(self, page: Page | None, template: str | None = None) -> View:
        """The view of a page that the gate gave; called by the templates, which fail without it.

        Raises:
            BuildError: the gate did not give this page.
        """
        if page is None and template in _STATIC:
            return View(template="", title="", source="")
        if page is None or self._issued.get(page.file.src_uri) is not page.file:
            raise _intruder(page.file.src_uri if page else str(template))
        return self._view(page)

    def site_map(self) -> list[tuple[str, str]]:
        """Absolute address and day of the last change of every page, notices aside."""
        base = (self.config.site_url or "/").rstrip("/") + "/"
        return [
            (base + quote(address_of(path)), view.modified.astimezone(self.policy.zone).date().isoformat())
            for path, view in sorted(self.shown.views.items())
            if view.modified
        ]

    def rendered(self, page: Page, output: str) -> None:
        """Account for a page."""
        content = output.encode("utf-8", errors="xmlcharrefreplace")
        view = self._view(page)
        if isinstance(view, EntryView):
            self._records.append(record_of(view, page.content or "", self.policy))
        self.outputs[page.file.dest_uri] = self.shown.listed(view, content)

    def rendered_template(self, name: str, output: str) -> None:
        """Account for a page that belongs to no entry."""
        if name not in _STATIC:
            raise _intruder(name)
        self.outputs[name] = Listed(sha256(output.encode()), "generated")

    def finish(self) -> None:
        """Audit what was built and put it into place.

        Raises:
            Abort: the folder holds anything that the gate did not give; the site of before stays.
        """
        report.tell_problems(self.surveyed, self.preview)
        if self._release is None:
            return
        report.tell_numbers(self.surveyed, self._links.pages)
        site = self._release.folder
        self._account_for_derived(site)
        for path, data in search.files(map(search.Leaf.of, self._records)):
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(data)
            self.outputs[path] = Listed(sha256(data), "generated")
        made = self._manifest()
        write_whole(site / manifest.PATH, made.content)
        if wrong := audit.findings(site, made.everything):
            raise Abort(
                _("the built site does not match what was approved, so it is not published:")
                + "\n"
                + "\n".join(map(str, wrong))
            )
        if self.config.strict and report.warnings() > 0:
            self.close()
            return
        self._release.publish()
        self.close()
        log.info(_("The site is in %s"), os.path.relpath(self._site_dir))
        if self.until is None:
            self._remember(made)

    def _manifest(self) -> Manifest:
        policy = self.policy
        return Manifest(SITE, policy.unit.name, policy.assurance, self.surveyed.now, made_with(), self.outputs)

    def _remember(self, made: Manifest) -> None:
        """Keep in mind what was built, and on which decisions; the site is in place, so nothing fails any more."""
        try:
            self.surveyed.decisions.remember()
            memory.remember(self.surveyed.configuration.root, memory.of(made, sha256(made.content)))
        except OSError as error:
            message = _(
                "this build cannot be remembered in %s (%s): `gongshi verify` will ask for --source, and decisions put "
                "back to an older state will not be noticed here"
            )
            # With --strict a warning would be an error.
            log.log(logging.INFO if self.config.strict else logging.WARNING, message, OWN_FOLDER, error.strerror)

    def close(self) -> None:
        """Give MkDocs its folders back and remove what was not published."""
        if self._release:
            self._release.discard()
        self.config.docs_dir, self.config.site_dir = self._docs_dir, self._site_dir
        for folder in (self._nothing, self._made):
            shutil.rmtree(folder, ignore_errors=True)

    def _failed(self, page: Page, error: Exception) -> str:
        """What stands in place of a text that cannot be converted; the build goes on."""
        message = _("%s: its text cannot be converted (%s); the page says so. Write it more simply")
        log.warning(message, printable(self.surveyed.tree.label(page.file.src_uri)), type(error).__name__)
        sentence = self._site.gettext("This page cannot be shown at the moment.")
        return f"<p>{escape(sentence)}</p>"

    def _cleaned(self, page: Page, html: str) -> str:
        """What of a text may stand in its page."""
        version = self.shown.versions.get(page.file.src_uri)
        found = clean(html, self._own, self.gallery.of_page(version) if version else {})
        # Once more, as the same tags may be read in two ways before they are cleaned, and in one way afterwards.
        return self._links.sifted(found.html)

    def _view(self, page: Page) -> View:
        view = self.shown.views.get(page.file.src_uri)
        if view is None:
            raise _intruder(page.file.src_uri)
        return view

    def _account_for_derived(self, site: Path) -> None:
        """What MkDocs makes from files that are accounted for."""
        packed = site / f"{SITEMAP}.gz"
        if packed.is_file() and sha256(audit.unpacked(packed)) == self.outputs[SITEMAP].sha256:
            packed.write_bytes(audit.packed((site / SITEMAP).read_bytes()))
            self.outputs[packed.name] = Listed(sha256(packed.read_bytes()), "generated")


def _intruder(path: str) -> BuildError:
    message = _("{path} came in behind the gate; the build is stopped")
    return BuildError(message.format(path=printable(path)))


def _survey(config: MkDocsConfig, until: datetime | None) -> Survey:
    try:
        if not config.config_file_path:
            raise Unusable(_("mkdocs.yml must be a file"))
        found = configuration.load(Path(config.config_file_path))
        if problems := unmet(config, found):
            raise InvalidInput(problems)
        now = moment.clock(os.environ, found.policy.zone)
    except (InvalidInput, Unusable) as error:
        raise UnusableConfiguration(_("the configuration has problems:") + "\n" + str(error)) from None
    try:
        return survey(found, now, until)
    except InvalidInput as error:
        raise Abort(str(error)) from None


def _source(view: View) -> str:
    """A view's text behind an empty front matter: MkDocs must not look for one in the text itself."""
    return "---\n{}\n---\n\n" + view.body
