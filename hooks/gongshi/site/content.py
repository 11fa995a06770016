"""Site content: collect every page and file that a build or preview shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial

from gongshi.domain.config.policy import Policy
from gongshi.domain.content import host_files, output_files
from gongshi.domain.content.host_files import HostFiles
from gongshi.domain.content.paths import PageKind, kind_of, output_path, parent_dir, url_path
from gongshi.domain.content.version import Version
from gongshi.domain.review import messages
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import EntryStatus, PublicForm, PublicState
from gongshi.i18n import gettext as _
from gongshi.i18n import translations
from gongshi.site import generated_files
from gongshi.site.generated_files import GeneratedFile, Load
from gongshi.site.html.link_targets import PublicUrls, UnitAddresses
from gongshi.site.images import process
from gongshi.site.images.registry import BundleFile, ImageRegistry
from gongshi.site.logo import Logo
from gongshi.site.pages import entry_pages, index_pages, listings, models
from gongshi.site.pages.models import Banner, Page

SITEMAP = "sitemap.xml"


@dataclass
class SiteContent:
    """The pages and files of one build."""

    policy: Policy
    pages: dict[str, Page] = field(default_factory=dict)
    """Pages by path relative to `docs/`: their Markdown file, or a virtual path for generated pages."""
    files: dict[str, Load] = field(default_factory=dict)
    """The other bundle files by path relative to `docs/`; calling the value reads and checks the bytes."""
    images: ImageRegistry | None = None
    """The published form of pictures, video and sound; None if nothing is built."""
    pictures: dict[str, str] = field(default_factory=dict)
    """SHA-256 of published pictures and their smaller copies, by path relative to the site."""
    media: dict[str, str] = field(default_factory=dict)
    """SHA-256 of published video and sound files, by path relative to the site."""
    generated: dict[str, GeneratedFile] = field(default_factory=dict)
    """Files generated from published entries, such as feeds, by path relative to the site."""
    versions: dict[str, Version] = field(default_factory=dict)
    """The version that a page or file comes from, by path."""
    unit_addresses: UnitAddresses | None = None
    """All addresses of the unit, public or not; None if they are not known."""
    host: HostFiles = field(default_factory=HostFiles)
    """Files that the unit's web host and search engines need (`hooks/host/`)."""
    logo: Logo | None = None

    @cached_property
    def sources(self) -> dict[str, str]:
        """The Markdown file or virtual path of each page, by its output file."""
        return {output_path(path): path for path in self.pages}

    def add(self, path: str, view: Page) -> None:
        """Add a page, unless there is one at this path already.

        Args:
            path: its path relative to `docs/`.
            view: the page.
        """
        self.pages.setdefault(path, view)

    def add_files(self, version: Version, read: Callable[[str], bytes]) -> None:
        """Add the files of a bundle: pictures, video and sound in their published form, other files as approved.

        Args:
            version: the version that they belong to.
            read: returns the bytes of a file by its name in the bundle.
        """
        self.versions[version.path] = version
        for name in version.published_files:
            path = parent_dir(version.path) + name
            if self.images is None or self.images.is_as_approved(path):
                self.versions[path] = version
                self.files[path] = partial(read, name)
                continue
            copies = self.images.output_files(path)
            (self.pictures if path in self.images.images else self.media).update(copies)
            self.versions.update(dict.fromkeys(copies, version))

    def offers(self, path: str) -> bool:
        """Tell whether a bundle file is published.

        Args:
            path: relative to the site.
        """
        return path in self.files or path in self.pictures or path in self.media

    @property
    def of_bundles(self) -> set[str]:
        """All published bundle files, with the smaller copies of pictures, by path relative to the site."""
        return {*self.files, *self.pictures, *self.media}

    def routes(self, site_url: str | None) -> PublicUrls:
        """Return all public addresses.

        Args:
            site_url: the site's own absolute URL, or None.
        """
        pages = [url_path(path) for path in self.pages]
        files = [*self.of_bundles, *self.generated, *self.host.files, SITEMAP, "404.html"]
        return PublicUrls([*pages, *files], self.pages, site_url, self.policy.unit.domain, self.unit_addresses)

    def add_lists(self, shown: list[tuple[str, PublicState]], now: datetime, site: str, joined: bool = True) -> None:
        """Add the pages that list others: columns with their introductions, tags, site map, search, home page.

        Args:
            shown: all public entries, by path relative to `docs/`.
            now: the moment of the build.
            site: the site's absolute URL ending in `/`, or empty.
            joined: True if entry pages were added, so that they get links to their neighbours.
        """
        by_column = listings.build_listings(shown, self.policy, now)
        say = translations(self.policy.language).gettext
        tags = listings.tags(by_column.values())
        for listing in by_column.values() if joined else ():
            for path, newer, older in index_pages.neighbours(listing):
                self.pages[path] = index_pages.with_neighbour_links(self.pages[path], newer, older, tags)
        groups = {id: listings.grouped(listing, self.policy.zone, now) for id, listing in by_column.items()}
        for id, listing in by_column.items():
            introduction = self.pages.pop(f"{id}/index.md", None)
            for view in models.lists(listing, introduction, groups[id]):
                self.pages[view.source] = view
        gathered = [
            *index_pages.tag_pages(tags.values(), say("Tags")),
            Page("searchpage.html", say("Search"), "search.md"),
        ]
        gathered.append(
            index_pages.site_map(say("Site map"), by_column, self.pages, tags.values(), say("Tags"), self.policy)
        )
        self.pages.update({view.source: view for view in gathered})
        made = generated_files.generated_files(by_column, self.policy, site, self.host.robots, self.logo)
        # The host's own icon takes the place of the generated one; all other files of both are kept apart below.
        taken = {*self.files, *({generated_files.ICON} & {*self.host.files})}
        self.generated.update((path, each) for path, each in made if path not in taken)
        root = self.pages.pop("index.md", None)
        self.pages["index.md"] = index_pages.home(root, groups, self.policy)
        host_files.refuse_collisions(self.host, [*self.sources, *self.files, *self.pictures, *self.generated])


def base_of(snapshot: Snapshot) -> str:
    """Return the site's absolute URL ending in `/`; empty if mkdocs.yml has no `site_url`."""
    url = snapshot.configuration.site_url
    return url.rstrip("/") + "/" if url else ""


_NO_HOST_FILES = HostFiles()


def published_content(
    snapshot: Snapshot,
    registry: ImageRegistry | None = None,
    host: HostFiles = _NO_HOST_FILES,
    logo: Logo | None = None,
) -> SiteContent:
    """Return the content of the public site: approved content and the unit's host files, nothing else.

    Args:
        snapshot: the snapshot of the unit.
        registry: the image registry; None to publish no bundle files in another form.
        host: the files in `hooks/host/`.
        logo: the unit's logo.
    """
    policy = snapshot.configuration.policy
    content = SiteContent(policy, images=registry, unit_addresses=UnitAddresses(snapshot), host=host, logo=logo)
    shown = list(snapshot.public())
    if registry:
        registry.process(bundle_files(snapshot))
    for path, public in shown:
        content.add(path, entry_pages.public_page(path, public, policy))
        if public.form is PublicForm.PAGE and public.version:
            content.add_files(public.version, partial(snapshot.decisions.file, public.version))
    content.add_lists(shown, snapshot.now, base_of(snapshot))
    return content


def routes(snapshot: Snapshot, unit_addresses: UnitAddresses) -> PublicUrls:
    """Return all public addresses; those of lists and tags are only computed when a link needs them.

    Args:
        snapshot: the snapshot of the unit.
        unit_addresses: all addresses of the unit, public or not.
    """
    policy, site_url = snapshot.configuration.policy, snapshot.configuration.site_url
    shown = dict(snapshot.public())
    pages = [public for public in shown.values() if public.form is PublicForm.PAGE and public.version]
    files = [parent_dir(p.version.path) + name for p in pages if p.version for name in p.version.published_files]

    addresses = [*map(url_path, shown), *files]

    def more() -> PublicUrls:
        return _routes_of_lists(snapshot, shown, addresses, unit_addresses)

    return PublicUrls(addresses, shown, site_url, policy.unit.domain, unit_addresses, more)


def _routes_of_lists(
    snapshot: Snapshot, shown: dict[str, PublicState], known: list[str], unit_addresses: UnitAddresses
) -> PublicUrls:
    """Return all public addresses, including lists, tags and other generated pages, without building entry pages."""
    configuration, policy = snapshot.configuration, snapshot.configuration.policy
    content = SiteContent(policy)
    for path, public in shown.items():
        if kind_of(path, policy.columns) is not PageKind.ENTRY:
            content.add(path, entry_pages.public_page(path, public, policy))
    content.add_lists(list(shown.items()), snapshot.now, base_of(snapshot), joined=False)
    made = [*map(url_path, content.pages), *content.generated, SITEMAP, "404.html"]
    sources = {*shown, *content.pages}
    return PublicUrls([*known, *made], sources, configuration.site_url, policy.unit.domain, unit_addresses)


def bundle_files(snapshot: Snapshot) -> list[BundleFile]:
    """Return the files of all published bundles.

    Args:
        snapshot: the snapshot of the unit.
    """
    shown = [p.version for _path, p in snapshot.public() if p.form is PublicForm.PAGE and p.version]
    copy_names = [
        (v.path, output)
        for v in shown
        # Hardly any entry has such a name, so this cheap test comes first.
        if any(".webp" in name.lower() for name in (v.path, *v.files))
        for output in output_files.outputs(v.path, v.files, False, {})
        if process.is_named_as_copy(output)
    ]
    works = []
    for v in shown:
        folder = parent_dir(v.path) if v.files else None
        taken = [o[len(folder) :] for path, o in copy_names if folder and path != v.path and o.startswith(folder)]
        works += [
            BundleFile(v, name, partial(snapshot.decisions.file, v), tuple(sorted(taken))) for name in v.published_files
        ]
    return works


def preview_content(
    snapshot: Snapshot,
    registry: ImageRegistry | None = None,
    host: HostFiles = _NO_HOST_FILES,
    logo: Logo | None = None,
) -> SiteContent:
    """Return the content of the staff preview: everything in `docs/`, with a banner on pages that are not public.

    Args:
        snapshot: the snapshot of the unit.
        registry: the image registry; None to publish no bundle files in another form.
        host: the files in `hooks/host/`.
        logo: the unit's logo.
    """
    policy = snapshot.configuration.policy
    content = SiteContent(policy, images=registry, unit_addresses=UnitAddresses(snapshot), host=host, logo=logo)
    shown: list[tuple[str, PublicState]] = []
    for path, status in snapshot.statuses.items():
        version = status.draft_version
        source = snapshot.tree.sources.get(path)
        if version and source and status.reason is not None:
            view: Page = entry_pages.version_page(version, policy, banner=_banner(status, snapshot))
            content.add_files(version, partial(snapshot.tree.read, source))
            shown.append((path, PublicState(PublicForm.PAGE, version, None)))
        elif status.public and not status.problems:
            view = entry_pages.public_page(path, status.public, policy)
            if status.reason is not None:
                view = replace(view, banner=_banner(status, snapshot))
            if status.public.form is PublicForm.PAGE and (kept := status.public.version):
                content.add_files(kept, partial(snapshot.decisions.file, kept))
            shown.append((path, status.public))
        else:
            view = entry_pages.broken_view(path, _banner(status, snapshot), policy)
        content.add(path, view)
    content.add_lists(shown, snapshot.now, base_of(snapshot))
    return content


def _banner(status: EntryStatus, snapshot: Snapshot) -> Banner:
    policy = snapshot.configuration.policy
    title = messages.reason_title(status.reason)
    text = messages.reason_text(status, policy, snapshot.now.date())
    details = [str(problem) for problem in status.problems]
    if status.public and status.public.approved:
        day = status.public.approved.decision.day.isoformat()
        details.append(_("the version approved on {day} is public").format(day=day))
    return Banner(_("Not public – {title}: {text}").format(title=title, text=text), tuple(details))
