"""The pages that a build has created; the templates render no others."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page as MkDocsPage

from gongshi import i18n
from gongshi.build.log import unapproved_file_error
from gongshi.build.render.mkdocs_pages import ContentPage, virtual_file
from gongshi.site.content import SITEMAP, SiteContent
from gongshi.site.pages.models import Page

STATIC_TEMPLATES = frozenset(("404.html", SITEMAP))
"""Templates that MkDocs renders without a page."""


class PageRegistry:
    """Creates the pages of one build, and tells them from pages that anything else created.

    Args:
        content: the pages that may be created.
        config: of MkDocs.
        nav_titles: the titles that the navigation gives to pages, escaped, by Markdown file or virtual path.
    """

    def __init__(self, content: SiteContent, config: MkDocsConfig, nav_titles: Mapping[str, str]) -> None:
        self._models = content.pages
        self._config = config
        self._nav_titles = nav_titles
        self._untitled = i18n.translations(content.policy.language).gettext("Withdrawn")
        self.nav_pages: dict[str, ContentPage] = {
            path: self._create(path, in_nav=True) for path in nav_titles if path in content.pages
        }
        """The pages that the navigation names, by Markdown file or virtual path. Each is one object in the whole build,
        since the navigation marks the current page by identity."""
        self._current: ContentPage | None = None

    def page_for(self, path: str) -> ContentPage:
        """Return the page that is rendered next; an earlier page that the navigation does not name becomes invalid.

        Args:
            path: its Markdown file or virtual path, relative to `docs/`.
        """
        self._current = self.nav_pages.get(path) or self._create(path)
        return self._current

    def page_model(self, page: MkDocsPage | None, template: str | None = None) -> Page:
        """Return the data of a page that this build created.

        Args:
            page: the page that is rendered; None for a static template.
            template: the name of the static template.

        Raises:
            BuildError: this build did not create the page, or the template is not one of the static ones.
        """
        if page is None and template in STATIC_TEMPLATES:
            return Page(template="", title="", source="")
        if page is None:
            raise unapproved_file_error(str(template))
        path = page.file.src_uri
        if page is not self._current and page is not self.nav_pages.get(path):
            raise unapproved_file_error(path)
        return self._models[path]

    def title_of(self, view: Page) -> str:
        """Return the title of a page, for a page without one a word in the site's language.

        Args:
            view: the data of the page.
        """
        return view.title or self._untitled

    def _create(self, path: str, in_nav: bool = False) -> ContentPage:
        title = self._nav_titles.get(path) or escape(self.title_of(self._models[path]))
        return ContentPage(title, virtual_file(path, self._config), self._config, in_nav)
