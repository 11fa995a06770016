"""Problems of a draft that only its conversion shows, for editors and approvers before it is published."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from markdown import Extension, Markdown

from gongshi.build.markdown_settings import can_be_reset, load_markdown_settings
from gongshi.build.render.failures import failure_text
from gongshi.build.reusable_markdown import ReusableMarkdown
from gongshi.common.errors import InvalidInput, Problem, printable
from gongshi.common.parallel import Excess, Limits, map_chunks, map_parallel
from gongshi.domain.config.loader import Configuration
from gongshi.domain.content.docs_tree import Source
from gongshi.domain.content.paths import (
    PageKind,
    collation_key,
    is_ignored_file,
    is_inside,
    is_markdown,
    parent_dir,
    url_path,
)
from gongshi.domain.content.text_file import body_line
from gongshi.domain.content.text_limits import blocks, heaviest, may_be_complex
from gongshi.domain.content.version import Version
from gongshi.domain.review.snapshot import Snapshot
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.site import content as site_content
from gongshi.site.html import urls
from gongshi.site.html.anchors import missing_anchors
from gongshi.site.html.findings import RemovedPart, shortened
from gongshi.site.html.link_filter import PublicLinkFilter
from gongshi.site.html.link_lines import lines_in_order, lines_of, may_lose
from gongshi.site.html.link_targets import LinkTarget, PublicUrls, UnitAddresses, entry_addresses, file_meant
from gongshi.site.html.media_elements import is_shown, pictures
from gongshi.site.html.sanitizer import finding_text, sanitize
from gongshi.site.images import process as images_process
from gongshi.site.images.faults import MediaFault, fault_text, position_text
from gongshi.site.markdown.dialect import OfficeText
from gongshi.site.markdown.page_comparison import PageComparison, compare_with_page
from gongshi.site.markdown.plain_text import has_marks
from gongshi.site.media import document_metadata, process

_SUSPECT = re.compile(
    r"<|!\[[^\]]*\]\s*[(\[]|\]\(\s*(?!https?:|mailto:|tel:)[a-z]+:|^[^\S\n]*\[[^\]]+\]:|[\]】］][(（]\s*#"
    r"|\{[^}\n]*(?:(?:lang|dir|style|align|color|width|height)=|[.#](?:gs-|md-|__))",
    re.IGNORECASE | re.MULTILINE,
)
"""A text without any of these loses nothing in a page, so most texts need not be converted."""
_SLACK = 2
"""A text must be converted in this fraction of the limit, so that a machine half as fast can still publish it."""


@dataclass(frozen=True)
class DraftText:
    """The text of a draft."""

    path: str
    """The Markdown file, relative to `docs/`."""
    label: str
    """The name of the file in messages."""
    content: bytes
    """The whole file."""
    body: str

    @cached_property
    def first_line(self) -> int:
        """The line of the file on which the body begins, counted from 1."""
        return body_line(self.content, self.body)

    def problem(self, place: int, message: str) -> Problem:
        """Return an error at a place in the text.

        Args:
            place: in characters from the beginning of the body.
            message: what is wrong.
        """
        return Problem(self.label, message, self.first_line + self.body.count("\n", 0, place))

    def advice(self, line: int | None, message: str) -> Problem:
        """Return advice on a line of the text.

        Args:
            line: counted from 1 at the beginning of the body; None if it is not known.
            message: what is to be known.
        """
        return Problem(self.label, message, line and self.first_line + line - 1, advice=True)


class _DraftLinkFilter(PublicLinkFilter):
    """Link filter for a draft: the files of its own bundle count as public, since they are published with it."""

    own_files: Collection[str] = ()
    """The files of the present draft, relative to `docs/`."""

    def removes(self, url: str, raw: bool = False) -> bool:
        """Tell whether an address must be removed; see `PublicLinkFilter.removes`."""
        return file_meant(unescape(url), self.page) not in self.own_files and super().removes(url, raw)


class ContentChecker:
    """Checks drafts with the converter, the sanitizer and the link filter of a build.

    Args:
        configuration: the unit's configuration.
        snapshot: the unit; None to check only that texts can be converted.
    """

    def __init__(self, configuration: Configuration, snapshot: Snapshot | None = None) -> None:
        self._configuration = configuration
        self._seconds = configuration.policy.text_seconds / _SLACK
        self._links = _Links(configuration, snapshot) if snapshot else None
        self._convert = _converter(configuration, self._links.filter if self._links else None)
        self._paths_compared: frozenset[str] = frozenset()
        """The entries whose text is compared with its page."""

    def problems(self, snapshot: Snapshot, paths: Iterable[str], compared: Collection[str]) -> list[Problem]:
        """Return the problems of drafts: HTML that a page does not show, removed links, files that reveal too much.

        Args:
            snapshot: the unit.
            paths: the entries and pages, relative to `docs/`.
            compared: those of them whose text is compared with its page. Most texts are not converted otherwise, so
                leave out what is public already.
        """
        self._paths_compared = frozenset(compared)
        drafts = {path: status.draft for path in paths if (status := snapshot.statuses[path]).draft}
        readable = [
            (DraftText(path, snapshot.tree.label(path), draft.content, draft.version.manuscript.body), draft.version)
            for path, draft in drafts.items()
            if draft.version and path in snapshot.tree.sources
        ]

        def check_simple(portion: Sequence[tuple[DraftText, Version]]) -> list[Problem]:
            texts = [text for text, _version in portion if not may_be_complex(text.body)]
            bundles = [(snapshot.tree.sources[text.path], version) for text, version in portion if version.files]
            found = [
                problem for text in texts if self._may_have_problems(text) for problem in self._text_problems(text)
            ]
            return found + [problem for bundle in bundles for problem in _file_problems(snapshot, *bundle)]

        # Entries of one column lie together and are alike: alternating them, both halves take equally long.
        alternating = [*readable[::2], *readable[1::2]]
        complex_ones = self.complex_problems([text for text, _version in readable])
        return [problem for found in (*map_chunks(check_simple, alternating), *complex_ones) for problem in found]

    def complex_problems(self, texts: Iterable[DraftText]) -> Iterator[list[Problem]]:
        """Yield the problems of each text that may take long to convert, with limits on time and memory.

        Args:
            texts: texts of drafts; those that cannot take long are skipped.
        """
        limits: Limits[DraftText, list[Problem]] = Limits(self._seconds, self._excess_problem)
        yield from map_parallel(
            self._text_problems, [text for text in texts if may_be_complex(text.body)], limits=limits
        )

    def _may_have_problems(self, text: DraftText) -> bool:
        return bool(
            _SUSPECT.search(text.body)
            or (self._links and self._links.may_lose(text))
            or (text.path in self._paths_compared and has_marks(text.body))
        )

    def page_advice(self, text: DraftText) -> list[Problem]:
        """Return advice on the places where the page says something else than the text, and on doubtful marks.

        Args:
            text: the text of a draft.
        """
        return _page_problems(text, self.compare_with_page(text))

    def compare_with_page(self, text: DraftText, removed: bool = False) -> PageComparison | None:
        """Compare a text with its page; None if it cannot be converted, or not in time.

        Args:
            text: the text of a draft.
            removed: True to return also what the sanitizer removed, which `problems` tells in its own words.
        """
        if not has_marks(text.body):
            return PageComparison()
        if may_be_complex(text.body):
            limits: Limits[DraftText, PageComparison | None] = Limits(self._seconds, lambda _text, _excess: None)
            return next(iter(map_parallel(lambda each: self._compared(each, removed), [text], limits=limits)), None)
        return self._compared(text, removed)

    def _compared(self, text: DraftText, removed: bool = False, converted: str | None = None) -> PageComparison | None:
        """Compare a text with its page.

        Args:
            text: the text.
            removed: True to return also what the sanitizer removed.
            converted: its HTML, if no link was removed from it; None to convert it here.
        """
        try:
            html = self._plain_convert(text.body) if converted is None else converted
        except Exception:
            # It is an error, which is told elsewhere.
            return None
        policy = self._configuration.policy
        own = urls.site_origin(self._configuration.site_url, policy.unit.domain, policy.language)
        published = sanitize(html, own.on(url_path(text.path)), {})
        return compare_with_page(text.body, published.html, html if published.findings and not removed else None)

    @cached_property
    def _plain_convert(self) -> Callable[[str], str]:
        return _converter(self._configuration, None) if self._links else self._convert

    def _text_problems(self, text: DraftText) -> list[Problem]:
        if self._links:
            self._links.begin(text)
        try:
            html = self._convert(text.body)
        except Exception as error:
            place, reason = self._failing_place(text.body, type(error)), failure_text(error)
            message = _("the text from this line on cannot be converted ({reason}); write it more simply")
            return [text.problem(place, message.format(reason=reason))]
        found = self._links.problems(text, html) if self._links else []
        if text.path not in self._paths_compared or not has_marks(text.body):
            return found
        is_cut = self._links and self._links.filter.cut
        return found + _page_problems(text, self._compared(text, converted=None if is_cut else html))

    def _excess_problem(self, text: DraftText, excess: Excess) -> list[Problem]:
        message = _(
            "it takes more than {seconds} seconds to convert the text; this paragraph has the most signs in it, "
            "divide it or write it more simply"
        )
        if excess is Excess.MEMORY:
            message = _(
                "it takes too much memory to convert the text; this paragraph has the most signs in it, "
                "divide it or write it more simply"
            )
        return [text.problem(heaviest(text.body), message.format(seconds=f"{self._seconds:g}"))]

    def _failing_place(self, body: str, kind: type[Exception]) -> int:
        """Return the place, in characters, of the first paragraph with which the conversion fails."""
        starts = blocks(body)
        ends = [*starts[1:], len(body)]
        number = bisect_left(ends, True, key=lambda end: self._fails(body[:end], kind))
        return starts[min(number, len(starts) - 1)] if starts else 0

    def _fails(self, body: str, kind: type[Exception]) -> bool:
        try:
            self._convert(body)
        except kind:
            return True
        return False


class _Links:
    """Finds what the sanitizer and the link filter remove from a text."""

    def __init__(self, configuration: Configuration, snapshot: Snapshot) -> None:
        self._configuration = configuration
        self._tree = snapshot.tree
        self._sources = snapshot.tree.sources
        self._holdings = UnitAddresses(snapshot)
        self._routes: PublicUrls = site_content.routes(snapshot, self._holdings)
        self.filter = _DraftLinkFilter(self._routes, "")

    def begin(self, text: DraftText) -> None:
        """Prepare the link filter for the next text."""
        source = self._sources[text.path]
        self.filter.own_files = {source.folder + name for name in source.files}
        self.filter.begin(text.path, url_path(text.path))

    def may_lose(self, text: DraftText) -> bool:
        """Tell whether a link of the text may lose its address."""
        address = url_path(text.path)
        return may_lose(text.body, lambda url: self._routes.resolve(url, text.path, address) is LinkTarget.NOWHERE)

    def problems(self, text: DraftText, html: str) -> list[Problem]:
        """Return advice on what a page will not show of a text that was converted just now.

        Args:
            text: the text.
            html: the text converted with this link filter.
        """
        found = sanitize(html, self._own.on(url_path(text.path)), {})
        if "<" in text.body:
            self.filter.filter_html(found.html, raw=False)
        findings = found.findings if _SUSPECT.search(text.body) else ()
        removed = [self._finding_problem(text, each) for each in findings]
        cut = [
            text.advice(line, message)
            for line, url in lines_of(text.body, self.filter.cut)
            if (message := self._removed_link_advice(url, text.path))
        ]
        return removed + cut + _anchor_problems(text, found.html) + self._undescribed(text, html)

    def _finding_problem(self, text: DraftText, found: RemovedPart) -> Problem:
        line = next((line for line, _part in lines_in_order(text.body, [found.detail.removesuffix("…")])), None)
        return text.advice(line, finding_text(found))

    def _undescribed(self, text: DraftText, html: str) -> list[Problem]:
        """Return advice on the pictures, films and sounds of a text that have no description: one problem for all."""
        if "<img" not in html:
            return []
        own = self._own.on(url_path(text.path))
        shown = [
            (source, is_described)
            for source, is_described in pictures(html)
            if own.place(source) is urls.UrlKind.OWN and is_shown(source)
        ]
        found = zip(lines_in_order(text.body, [source for source, _is in shown]), shown, strict=True)
        lines = [line for (line, _source), (_again, is_described) in found if not is_described]
        if not lines:
            return []
        message = ngettext(
            "a picture has no description, so blind readers learn nothing of it: write what it shows between the "
            "brackets, ![DESCRIPTION](FILE)",
            "{count} pictures have no description, so blind readers learn nothing of them: write what each shows "
            "between the brackets, ![DESCRIPTION](FILE)",
            len(lines),
        ).format(count=len(lines))
        known = sorted({text.first_line + line - 1 for line in lines if line is not None})
        if others := known[1:]:
            named = _(", ").join(map(str, others))
            message = _("{what} (also on lines {lines})").format(what=message, lines=named)
        return [text.advice(min((line for line in lines if line), default=None), message)]

    def _leads_to_own_files(self, url: str, path: str) -> bool:
        """Tell whether a link leads to the entry itself or a file of its folder, which is published with it."""
        return not entry_addresses(path, self._sources[path].files).isdisjoint(
            self._routes.points(url, path, url_path(path))
        )

    def _removed_link_advice(self, url: str, path: str) -> str | None:
        """Return why a link loses its address, and how to mend it; None if its target is published with the entry."""
        if message := self._file_advice(url, path):
            return message
        if self._leads_to_own_files(url, path):
            return None
        places = {target.place for target in self._routes.site.readings(url, url_path(path))}
        if urls.UrlKind.BROKEN in places:
            message = _("no browser can open the address {url}, so the page shows the text without the link; mend it")
        elif not self._holdings.addresses.isdisjoint(self._routes.points(url, path, url_path(path))):
            message = _(
                "the link {url} leads to what is not public, so the page shows the text without the link until that is "
                "published"
            )
        else:
            message = _(
                "{url} leads to no page or file of this site, so the page shows the text without the link; mend the "
                "address, or take the link or picture out"
            )
        return message.format(url=printable(shortened(url)))

    def _file_advice(self, url: str, path: str) -> str | None:
        """Return why a link does not lead to the file of the content folder that it seems to mean; None if it does."""
        target, source = file_meant(url, path), self._sources[path]
        if target is None:
            return None
        own = [source.folder + name for name in source.files]
        alike = next((file for file in own if collation_key(file) == collation_key(target)), target)
        folder = path.removesuffix(".md").rpartition("/")[2]
        if alike != target:
            message = _("the entry's folder has no file {file}, but {alike}; write the name exactly so")
            return message.format(
                file=printable(target.removeprefix(source.folder)), alike=printable(alike.removeprefix(source.folder))
            )
        if target in own or not is_inside(target) or not (self._tree.docs / target).is_file() or is_markdown(target):
            return None
        if is_ignored_file(target.rpartition("/")[2]):
            message = _(
                "{file} has the name of a hidden, backup or temporary file, which is never published; rename it"
            )
        elif parent_dir(target) == source.folder and source.kind is PageKind.ENTRY:
            message = _(
                "the file {file} belongs to no entry, so the page shows the text without the link; rename the entry to "
                "{folder}/index.md, and put the file beside it"
            )
        else:
            return None
        return message.format(file=printable(shortened(url)), folder=folder)

    @cached_property
    def _own(self) -> urls.SiteOrigin:
        policy = self._configuration.policy
        return urls.site_origin(
            self._configuration.site_url, policy.unit.domain, policy.language, self._routes.site.names
        )


def _page_problems(text: DraftText, found: PageComparison | None) -> list[Problem]:
    return [text.advice(line + 1, message) for line, message in found.advice()] if found else []


def _anchor_problems(text: DraftText, html: str) -> list[Problem]:
    """Return advice on links to headings that are not in the text."""
    missing = dict(missing_anchors(html))
    problems = []
    for line, address in lines_in_order(text.body, [f"#{name}" for name in missing]):
        better = missing[address[1:]]
        message = _("the link {url} leads to no heading of this text; write the words of the heading after the #")
        if better:
            message = _("the link {url} leads to no heading of this text; write {better}")
        shown = printable(shortened(address))
        problems.append(text.advice(line, message.format(url=shown, better=printable(f"#{better}"))))
    return problems


def _file_problems(snapshot: Snapshot, source: Source, version: Version) -> Iterator[Problem]:
    unit = snapshot.configuration.policy.unit
    own = [name for name in (unit.name, unit.short_name) if name]
    for name in version.files:
        label = snapshot.tree.label(source.folder + name)
        try:
            content = snapshot.tree.read(source, name)
        except InvalidInput:
            continue
        if not content:
            yield Problem(label, _("the file is empty, so readers get nothing; put the whole file here"), advice=True)
            continue
        if fault := images_process.find_fault(name, content):
            yield Problem(label, fault_text(fault), advice=True)
            continue
        if shape := images_process.shape_advice(content):
            yield Problem(label, shape, advice=True)
        if images_process.has_position(content):
            yield Problem(label, position_text(), advice=True)
        else:
            yield from (Problem(label, text, advice=True) for text in _metadata_advice(name, content, own))


def _metadata_advice(name: str, content: bytes, own: Collection[str]) -> Iterator[str]:
    """Yield advice on film, sound and documents that reveal more than readers see and hear."""
    found = process.clean_media(name, content)
    if isinstance(found, MediaFault):
        yield fault_text(found)
    elif found is None:
        yield from document_metadata.advice(content, own)
    else:
        if process.had_position(content, found):
            yield process.position_text()
        if process.is_hevc(name, content):
            yield process.hevc_text()


def _converter(configuration: Configuration, links: PublicLinkFilter | None) -> Callable[[str], str]:
    """Return a function from Markdown to HTML with the extensions of mkdocs.yml; without them its result is empty.

    The function raises whatever Markdown raises.

    Args:
        configuration: the unit's configuration.
        links: the link filter, as in a build; None for none.
    """
    settings = load_markdown_settings(configuration.file)
    dialect = OfficeText(configuration.policy.joins_lines)
    extensions: list[str | Extension] = [*settings.extensions, dialect, *([links] if links else [])]

    def new_converter() -> Markdown:
        return Markdown(extensions=extensions, extension_configs={**settings.configs})

    try:
        first = new_converter()
    except Exception:
        # A setting that an extension does not know; a build says so.
        return lambda _text: ""
    reusable = ReusableMarkdown(can_be_reset(settings.extensions, settings.configs), first)

    def convert(text: str) -> str:
        with reusable.lend(new_converter) as converter:
            return converter.convert(text)

    return convert
