"""The converter by which minor corrections are judged: the site's Markdown and sanitizer, without its link filter.

Whether a link may stay depends on the day, so the link filter is left out: the same two texts always compare the same.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from markdown import Extension, Markdown
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from gongshi.common.errors import UsageError, printable
from gongshi.common.parallel import Limits, map_parallel
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import ConvertedText
from gongshi.domain.content.text_limits import may_be_complex
from gongshi.i18n import gettext as _
from gongshi.site.html import urls
from gongshi.site.html.sanitizer import sanitize
from gongshi.site.markdown.dialect import OfficeText


class CorrectionConverter:
    """Converts texts as the site does; two converters with the same settings are equal.

    Args:
        configuration: the unit's configuration.
        extensions: the Markdown extensions of mkdocs.yml.
        settings: the settings of each extension.
    """

    def __init__(
        self, configuration: Configuration, extensions: Sequence[str | Extension], settings: Mapping[str, Any]
    ) -> None:
        self._extensions = [name for name in extensions if isinstance(name, str)]
        self._settings = {**settings}
        for name in self._extensions:
            if name.removeprefix("markdown.extensions.") == "toc":
                # Else the ID of a heading differs with its words.
                self._settings[name] = {**(settings.get(name) or {}), "slugify": _constant_id}
        policy = configuration.policy
        self._origin = urls.site_origin(configuration.site_url, policy.unit.domain, policy.language)
        self._seconds = policy.text_seconds
        self._joins_lines = policy.joins_lines
        named = (configuration.site_url, policy.unit.domain, policy.language, policy.text_seconds, policy.joins_lines)
        self._key = repr((self._extensions, settings, named))

    def __call__(self, text: str) -> ConvertedText:
        """Return a text as HTML.

        Args:
            text: Markdown.

        Raises:
            Exception: whatever Markdown and its extensions raise, or TimeoutError if a long text fails or takes longer
                than that of a page may.
        """
        if not may_be_complex(text):
            return self._convert(text)
        limits: Limits[str, ConvertedText | None] = Limits(self._seconds, lambda *_unused: None)
        (found,) = map_parallel(self._convert_or_none, [text], limits=limits)
        if found is None:
            raise TimeoutError
        return found

    def _convert_or_none(self, text: str) -> ConvertedText | None:
        try:
            return self._convert(text)
        except Exception:
            # It would end the process in which it is converted.
            return None

    def _convert(self, text: str) -> ConvertedText:
        # A new converter each time: not every extension forgets the text before.
        extensions: list[str | Extension] = [*self._extensions, OfficeText(self._joins_lines)]
        html = Markdown(extensions=extensions, extension_configs=self._settings).convert(text)
        return ConvertedText(html, sanitize(html, self._origin, {}).html)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CorrectionConverter) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _constant_id(_title: str, _separator: str) -> str:
    return "section"


def with_converter(configuration: Configuration, config: MkDocsConfig) -> Configuration:
    """Return the configuration with the converter of a build.

    Args:
        configuration: the unit's configuration.
        config: as MkDocs read it.
    """
    converter = CorrectionConverter(configuration, config.markdown_extensions, config.mdx_configs or {})
    return replace(configuration, policy=replace(configuration.policy, convert=converter))


def load_converter(configuration: Configuration) -> CorrectionConverter:
    """Return the converter of a unit, for commands.

    Args:
        configuration: the unit's configuration.

    Raises:
        UsageError: MkDocs cannot read mkdocs.yml. Nobody can tell then which corrections count.
    """
    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)
    try:
        config = load_config(str(configuration.file))
    except Exception as error:
        # MkDocs does not expect all that YAML can hold.
        message = _("{file}: MkDocs cannot read it ({reason}); correct it")
        raise UsageError(message.format(file=configuration.file.name, reason=printable(str(error)))) from None
    return CorrectionConverter(configuration, config.markdown_extensions, config.mdx_configs or {})
