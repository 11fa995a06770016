"""What a page will not show of an entry, told before anybody approves it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator
from functools import cached_property

from markdown import Markdown
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from gongshi.domain import textfile
from gongshi.domain.configuration import Configuration
from gongshi.domain.naming import address_of
from gongshi.domain.problem import InvalidInput, Problem, printable
from gongshi.domain.survey import Survey
from gongshi.domain.tree import Draft, Source
from gongshi.domain.version import Version
from gongshi.faces.builder import exhibition
from gongshi.i18n import gettext as _
from gongshi.outputs import addresses, document_marks, media, pictures
from gongshi.outputs.cleaning import clean, finding_text
from gongshi.outputs.link_lines import lines_of, may_lose
from gongshi.outputs.links import LinkGate
from gongshi.outputs.picture_faults import Fault, fault_text, position_text
from gongshi.outputs.removals import shortened
from gongshi.outputs.routes import Holdings, Leads

_SUSPECT = re.compile(
    r"<|!\[[^\]]*\]\s*[(\[]|\]\(\s*(?!https?:|mailto:|tel:)[a-z]+:|^\s*\[[^\]]+\]:", re.IGNORECASE | re.MULTILINE
)
"""Without any of these a text has nothing that would be taken off, so most texts need not be converted."""


class Taster:
    """Looks at drafts as a build will.

    Args:
        configuration: the unit's configuration.
        surveyed: the unit.
    """

    def __init__(self, configuration: Configuration, surveyed: Survey) -> None:
        self._configuration = configuration
        self._surveyed = surveyed
        self._routes = exhibition.routes(surveyed)
        self._gate = LinkGate(self._routes, "")
        self._holdings = Holdings(surveyed)

    def problems(self, path: str) -> Iterator[Problem]:
        """What a page will not show, links that lose their address, and pictures that tell too much.

        Args:
            path: the entry or page, relative to `docs/`.
        """
        surveyed = self._surveyed
        standing, source = surveyed.standings[path], surveyed.tree.sources.get(path)
        version = standing.draft.version if standing.draft else None
        if standing.draft is None or version is None or source is None:
            return
        label, body = surveyed.tree.label(path), version.manuscript.body
        is_suspect = _SUSPECT.search(body) is not None
        if is_suspect or may_lose(body, lambda url: self._routes.leads(url, path, address_of(path)) is Leads.NOWHERE):
            gate = self._gate
            gate.begin(path, address_of(path))
            found = clean(self._convert(body), self._own.on(address_of(path)), {})
            if "<" in body:
                gate.sifted(found.html, raw=False)
            for each in found.findings if is_suspect else ():
                yield Problem(label, finding_text(each), advice=True)
            first = _first_line(standing.draft, body, label)
            for line, url in lines_of(body, gate.cut):
                yield Problem(label, self._lost(url, path), first + line, advice=True)
        yield from _files(surveyed, source, version)

    def _lost(self, url: str, path: str) -> str:
        """Say why a link loses its address, and how to mend it."""
        places = {target.place for target in self._routes.site.readings(url, address_of(path))}
        if addresses.Place.BROKEN in places:
            message = _("no browser can open the address {url}, so the page shows the text without the link; mend it")
        elif not self._holdings.addresses.isdisjoint(self._routes.points(url, path, address_of(path))):
            message = _(
                "the link {url} leads to what is not public, so the page shows the text without the link until that is "
                "published"
            )
        else:
            message = _(
                "the link {url} leads to no page or file of this site, so the page shows the text without the link; "
                "mend the address, or take the link out"
            )
        return message.format(url=printable(shortened(url)))

    @cached_property
    def _own(self) -> addresses.Own:
        policy = self._configuration.policy
        return addresses.own(self._configuration.site_url, policy.unit.domain, policy.language, self._routes.site.names)

    @cached_property
    def _convert(self) -> Callable[[str], str]:
        return _converter(self._configuration, self._gate)


def _first_line(draft: Draft, body: str, label: str) -> int:
    """How many lines of a file stand before its body."""
    decoded = textfile.decode(draft.content, label)
    return decoded.count("\n", 0, len(decoded) - len(body))


def _files(surveyed: Survey, source: Source, version: Version) -> Iterator[Problem]:
    unit = surveyed.configuration.policy.unit
    own = [name for name in (unit.name, unit.short_name) if name]
    for name in version.files:
        label = surveyed.tree.label(source.folder + name)
        try:
            content = surveyed.tree.read(source, name)
        except InvalidInput:
            continue
        if fault := pictures.fault(name, content):
            yield Problem(label, fault_text(fault), advice=True)
        elif pictures.has_position(content):
            yield Problem(label, position_text(), advice=True)
        else:
            yield from (Problem(label, text, advice=True) for text in _recorded_in(name, content, own))


def _recorded_in(name: str, content: bytes, own: Collection[str]) -> Iterator[str]:
    """Advice on film, sound and documents that tell more than is seen and heard."""
    found = media.cleaned(name, content)
    if isinstance(found, Fault):
        yield fault_text(found)
    elif found is None:
        yield from document_marks.advice(content, own)
    elif media.has_place(content, found):
        yield media.place_text()


def _converter(configuration: Configuration, gate: LinkGate) -> Callable[[str], str]:
    """Markdown to HTML with the extensions that mkdocs.yml names; nothing where these cannot be loaded.

    Args:
        configuration: the unit's configuration.
        gate: takes addresses off links, as in a build.
    """
    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)
    try:
        config = load_config(str(configuration.file))
    except MkDocsException:
        return lambda _text: ""
    converter = Markdown(extensions=[*config.markdown_extensions, gate], extension_configs=config.mdx_configs)

    def convert(text: str) -> str:
        try:
            return converter.reset().convert(text)
        # Beyond Markdown; a build says so of what is approved.
        except Exception:
            return ""

    return convert
