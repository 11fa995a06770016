"""Problems of a text that only its conversion shows, told before anybody approves it."""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from markdown import Markdown
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from gongshi.domain.configuration import Configuration
from gongshi.domain.problem import InvalidInput, Problem
from gongshi.domain.survey import Survey
from gongshi.domain.text_limits import blocks, heaviest, may_be_complex
from gongshi.domain.textfile import body_line
from gongshi.domain.tree import Source
from gongshi.domain.version import Version
from gongshi.faces.builder.failures import failure_text
from gongshi.faces.builder.hands import Excess, Limits, spread
from gongshi.i18n import gettext as _
from gongshi.outputs import addresses, pictures
from gongshi.outputs.cleaning import clean, finding_text
from gongshi.outputs.picture_faults import fault_text, position_text

_SUSPECT = re.compile(
    r"<|!\[[^\]]*\]\s*[(\[]|\]\(\s*(?!https?:|mailto:|tel:)[a-z]+:|^\s*\[[^\]]+\]:", re.IGNORECASE | re.MULTILINE
)
"""Without any of these a text has nothing that would be taken off, so most texts need not be converted."""


_SLACK = 2
"""A text must be converted in this part of the limit, so that a machine half as fast still shows it."""


class Taster:
    """Looks at drafts as a build will.

    Args:
        configuration: the unit's configuration.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._seconds = configuration.policy.text_seconds / _SLACK
        self._own = addresses.own(
            configuration.site_url, configuration.policy.unit.domain, configuration.policy.language
        )
        self._convert = _converter(configuration)

    def problems(self, surveyed: Survey, paths: Iterable[str]) -> Iterator[Iterable[Problem]]:
        """The problems of each of these: what a page will not show, and pictures that tell too much.

        Args:
            surveyed: the unit.
            paths: the entries and pages, relative to `docs/`.
        """
        drafts = {path: standing.draft for path in paths if (standing := surveyed.standings[path]).draft}
        texts = [
            Text(surveyed.tree.label(path), draft.content, draft.version.manuscript.body)
            for path, draft in drafts.items()
            if draft.version and path in surveyed.tree.sources
        ]
        yield from self.text_problems(texts)
        for path, draft in drafts.items():
            source = surveyed.tree.sources.get(path)
            if draft.version and source:
                yield _pictures(surveyed, source, draft.version)

    def text_problems(self, texts: Iterable[Text]) -> Iterator[list[Problem]]:
        """The problems of each text that needs to be converted to know them.

        Args:
            texts: texts of drafts.
        """
        complex_ones: list[Text] = []
        for text in texts:
            if may_be_complex(text.body):
                complex_ones.append(text)
            elif _SUSPECT.search(text.body):
                yield self._text_problems(text)
        limits: Limits[Text, list[Problem]] = Limits(self._seconds, self._excess)
        yield from spread(self._text_problems, complex_ones, limits=limits)

    def _text_problems(self, text: Text) -> list[Problem]:
        try:
            html = self._convert(text.body)
        except Exception as error:
            place, reason = self._culprit(text.body, type(error)), failure_text(error)
            message = _("the text from this line on cannot be converted ({reason}); write it more simply")
            return [text.problem(place, message.format(reason=reason))]
        found = clean(html, self._own, {}).findings
        return [Problem(text.label, finding_text(each), advice=True) for each in found]

    def _excess(self, text: Text, excess: Excess) -> list[Problem]:
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

    def _culprit(self, body: str, kind: type[Exception]) -> int:
        """Where the last of the first lines begins that cannot be converted, in characters."""
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


@dataclass(frozen=True)
class Text:
    """The text of a draft."""

    label: str
    """The file, as problems name it."""
    content: bytes
    """The whole file."""
    body: str

    def problem(self, place: int, message: str) -> Problem:
        """An error at a place in the text.

        Args:
            place: in characters from the beginning of the body.
            message: what is wrong.
        """
        return Problem(self.label, message, body_line(self.content, self.body) + self.body.count("\n", 0, place))


def _pictures(surveyed: Survey, source: Source, version: Version) -> Iterator[Problem]:
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


def _converter(configuration: Configuration) -> Callable[[str], str]:
    """Markdown to HTML with the extensions that mkdocs.yml names; nothing where these cannot be loaded.

    The function raises whatever Markdown raises.
    """
    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)
    try:
        config = load_config(str(configuration.file))
    except MkDocsException:
        return lambda _text: ""
    converter = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
    return lambda text: converter.reset().convert(text)
