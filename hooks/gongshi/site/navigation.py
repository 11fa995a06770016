"""Navigation: build the default one, or remove unpublished pages from the configured one."""

from __future__ import annotations

from html import escape
from typing import Any

from gongshi.domain.content.paths import PageKind, kind_of, parent_dir
from gongshi.site.content import SiteContent
from gongshi.site.html.link_targets import PublicUrls
from gongshi.site.pages.models import EntryPage


def default_nav(shown: SiteContent, home: str) -> list[dict[str, object]]:
    """Return the default navigation, used if mkdocs.yml has no `nav`: home, columns, standing pages by folder.

    Entries are left out: MkDocs compares every page of the navigation with every other, which takes quadratic time.

    Args:
        shown: the content of the site.
        home: the title of the home page.
    """
    policy = shown.policy
    items: list[dict[str, object]] = [{home: "index.md"}]
    items += [{column.title: f"{id}/index.md"} for id, column in policy.columns.items()]
    folders: dict[str, list[str]] = {}
    for path, view in shown.pages.items():
        is_page = kind_of(path, policy.columns) is PageKind.PAGE and path != "index.md"
        if is_page and (isinstance(view, EntryPage) or view.banner):
            folders.setdefault(path.split("/")[0] if "/" in path else path, []).append(path)
    for folder, paths in sorted(folders.items()):
        links: list[dict[str, object]] = [{shown.pages[path].title: path} for path in _index_first(paths)]
        index = shown.pages.get(f"{folder}/index.md")
        items += links if len(links) == 1 else [{index.title if index else folder: links}]
    return items


def _index_first(paths: list[str]) -> list[str]:
    return sorted(paths, key=lambda path: (parent_dir(path), not path.endswith("index.md"), path))


def prune_nav(nav: list[Any], shown: SiteContent, routes: PublicUrls) -> tuple[list[Any], bool]:
    """Remove unpublished pages from a configured navigation.

    Args:
        nav: `nav` of mkdocs.yml.
        shown: the content of the site.
        routes: the public addresses.

    Returns:
        The navigation, and True if something was removed.
    """
    kept = [item for item in (_keep(item, shown, routes) for item in nav) if item is not None]
    return kept, kept != nav


def _keep(item: Any, shown: SiteContent, routes: PublicUrls) -> Any:
    if isinstance(item, dict):
        kept = {title: _keep(value, shown, routes) for title, value in item.items()}
        return {title: value for title, value in kept.items() if value not in (None, [])} or None
    if isinstance(item, list):
        return [value for value in (_keep(value, shown, routes) for value in item) if value is not None]
    if str(item) in shown.pages:
        return item
    return None if str(item).endswith(".md") or routes.leads_nowhere(str(item), "index.md", "") else item


def escape_nav(nav: Any) -> Any:
    """Escape the titles of a navigation, because the theme prints them as HTML.

    Args:
        nav: a navigation as in mkdocs.yml.
    """
    if isinstance(nav, dict):
        return {escape(str(title)): escape_nav(value) for title, value in nav.items()}
    return [escape_nav(item) for item in nav] if isinstance(nav, list) else nav


def nav_titles(nav: Any) -> dict[str, str]:
    """Return the titles that a navigation gives to pages, by Markdown file.

    Args:
        nav: a navigation as in mkdocs.yml.
    """
    if isinstance(nav, list):
        return {path: title for item in nav for path, title in nav_titles(item).items()}
    if not isinstance(nav, dict):
        return {}
    found: dict[str, str] = {}
    for title, value in nav.items():
        found.update({value: title} if isinstance(value, str) else nav_titles(value))
    return found
