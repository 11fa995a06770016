"""Markdown of a page to the HTML that may stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError

from gongshi import i18n
from gongshi.build.log import log
from gongshi.build.render.failures import failure_text
from gongshi.build.render.markdown_converter import MarkdownConverter
from gongshi.build.render.mkdocs_pages import ContentPage, LinkableFiles
from gongshi.common.errors import printable
from gongshi.domain.content.paths import url_path
from gongshi.domain.review.snapshot import Snapshot
from gongshi.i18n import gettext as _
from gongshi.site.content import SiteContent
from gongshi.site.html import urls
from gongshi.site.html.line_ends import join_html_lines
from gongshi.site.html.link_filter import PublicLinkFilter
from gongshi.site.html.presentation import with_theme_classes
from gongshi.site.html.sanitizer import sanitize


@dataclass(frozen=True)
class PageLinks:
    """The links of a converted text, by URL as it stands there, with the place that each led to."""

    resolved: Mapping[str, str]
    """Links of the Markdown: values of `LinkTarget`."""
    resolved_raw: Mapping[str, str]
    """Links in HTML that visitors get as it stands: values of `LinkTarget`."""
    removed_count: int
    """Number of links that lost their address, since it leads to nothing public."""
    unshown_count: int
    """Number of pictures, films and sounds that are not shown, since they are not published."""


class TextConverter:
    """Converts texts with MkDocs' Markdown, then removes what may not stand in a page.

    Args:
        config: of MkDocs; the link filter is one of its Markdown extensions.
        content: what is built.
        snapshot: the unit, to name files in messages.
        links: the link filter.
    """

    def __init__(self, config: MkDocsConfig, content: SiteContent, snapshot: Snapshot, links: PublicLinkFilter) -> None:
        self._content = content
        self._label = snapshot.tree.label
        self._links = links
        linkable = LinkableFiles({*content.pages, *content.of_bundles, *content.generated}, config)
        self._markdown = MarkdownConverter(config, linkable)
        policy = content.policy
        self._origin = urls.site_origin(config.site_url, policy.unit.domain, policy.language, links.routes.site.names)
        self._failure = i18n.translations(policy.language).gettext("This page cannot be shown at the moment.")

    def convert(self, page: ContentPage, source: str, error: Exception | None = None) -> PageLinks:
        """Convert `page.markdown` and set the HTML of the page; a text that cannot be converted becomes a notice.

        Args:
            page: the page.
            source: the Markdown file that its relative links start from, relative to `docs/`.
            error: the reason why the text cannot be converted, if it is known already.

        Raises:
            BuildError: the build must stop.
        """
        self._links.begin(source, url_path(source))
        try:
            if error:
                raise error
            if page.markdown:
                html, page.toc = self._markdown.convert(page.file, page.markdown)
                page.content = self._sanitized(page.file.src_uri, html)
            else:
                page.set_empty_text()
        except BuildError:
            raise
        except Exception as failure:
            page.set_failure(self._notice(page.file.src_uri, failure))
        return PageLinks(self._links.asked, self._links.asked_raw, self._links.closed, self._links.unshown)

    def resolves_as_before(self, path: str, resolved: Mapping[str, str], resolved_raw: Mapping[str, str]) -> bool:
        """Tell whether the links of a page lead where they led when it was converted.

        Args:
            path: its Markdown file or virtual path.
            resolved: as in `PageLinks`.
            resolved_raw: as in `PageLinks`.
        """
        if not resolved and not resolved_raw:
            return True
        leads, address = self._links.routes.resolve, url_path(path)
        return all(leads(url, path, address).value == before for url, before in resolved.items()) and all(
            leads(url, path, address, raw=True).value == before for url, before in resolved_raw.items()
        )

    def _sanitized(self, path: str, html: str) -> str:
        version, images = self._content.versions.get(path), self._content.images
        of_page = images.pictures_of(version) if version and images else {}
        found = sanitize(html, self._origin.on(url_path(path)), of_page)
        # Filtered once more: before sanitizing, a browser and Markdown may read the same tags in two ways.
        return join_html_lines(self._links.filter_html(with_theme_classes(found.html)))

    def _notice(self, path: str, error: Exception) -> str:
        message = _("%s: its text cannot be converted (%s); the page says so. Write it more simply")
        log.warning(message, printable(self._label(path)), failure_text(error))
        return f"<p>{escape(self._failure)}</p>"
