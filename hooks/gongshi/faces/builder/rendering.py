"""What a page will not show of an entry, told before anybody approves it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator

from markdown import Markdown
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from gongshi.domain.configuration import Configuration
from gongshi.domain.problem import InvalidInput, Problem
from gongshi.domain.survey import Survey
from gongshi.domain.tree import Source
from gongshi.domain.version import Version
from gongshi.outputs import addresses, document_marks, media, pictures
from gongshi.outputs.cleaning import clean, finding_text
from gongshi.outputs.picture_faults import Fault, fault_text, position_text

_SUSPECT = re.compile(
    r"<|!\[[^\]]*\]\s*[(\[]|\]\(\s*(?!https?:|mailto:|tel:)[a-z]+:|^\s*\[[^\]]+\]:", re.IGNORECASE | re.MULTILINE
)
"""Without any of these a text has nothing that would be taken off, so most texts need not be converted."""


class Taster:
    """Looks at drafts as a build will.

    Args:
        configuration: the unit's configuration.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._own = addresses.own(
            configuration.site_url, configuration.policy.unit.domain, configuration.policy.language
        )
        self._convert = _converter(configuration)

    def problems(self, surveyed: Survey, path: str) -> Iterator[Problem]:
        """What a page will not show, and pictures that tell too much.

        Args:
            surveyed: the unit.
            path: the entry or page, relative to `docs/`.
        """
        standing, source = surveyed.standings[path], surveyed.tree.sources.get(path)
        version = standing.draft.version if standing.draft else None
        if version is None or source is None:
            return
        label, body = surveyed.tree.label(path), version.manuscript.body
        if _SUSPECT.search(body):
            for found in clean(self._convert(body), self._own, {}).findings:
                yield Problem(label, finding_text(found), advice=True)
        yield from _files(surveyed, source, version)


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


def _converter(configuration: Configuration) -> Callable[[str], str]:
    """Markdown to HTML with the extensions that mkdocs.yml names; nothing where these cannot be loaded."""
    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)
    try:
        config = load_config(str(configuration.file))
    except MkDocsException:
        return lambda _text: ""
    converter = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)

    def convert(text: str) -> str:
        try:
            return converter.reset().convert(text)
        # Beyond Markdown; a build says so of what is approved.
        except Exception:
            return ""

    return convert
