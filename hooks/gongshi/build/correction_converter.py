"""The converter by which minor corrections are judged: the site's Markdown and sanitizer, without its link filter.

Whether a link may stay depends on the day, so the link filter is left out: the same two texts always compare the same.
"""

from __future__ import annotations

from markdown import Extension, Markdown

from gongshi.build.markdown_settings import (
    MarkdownSettings,
    can_be_reset,
    with_constant_ids,
)
from gongshi.build.reusable_markdown import ReusableMarkdown
from gongshi.common.errors import Refused
from gongshi.common.parallel import Excess, Limits, map_parallel
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import ConversionLimitError, ConvertedText
from gongshi.domain.content.text_limits import may_be_complex
from gongshi.site.html import urls
from gongshi.site.html.sanitizer import sanitize
from gongshi.site.markdown.dialect import OfficeText


class CorrectionConverter:
    """Converts texts as the site does.

    Args:
        configuration: the unit's configuration.
        settings: the Markdown extensions of mkdocs.yml.
    """

    def __init__(self, configuration: Configuration, settings: MarkdownSettings) -> None:
        # Else the ID of a heading differs with its words.
        constant = with_constant_ids(settings)
        self._extensions, self._configs = list(constant.extensions), dict(constant.configs)
        self._markdown = ReusableMarkdown(can_be_reset(self._extensions, self._configs))
        policy = configuration.policy
        self._origin = urls.site_origin(configuration.site_url, policy.unit.domain, policy.language)
        self._seconds = policy.text_seconds
        self._dialect = OfficeText(policy.joins_lines)

    def __call__(self, text: str) -> ConvertedText:
        """Return a text as HTML.

        Args:
            text: Markdown.

        Raises:
            ConversionLimitError: a long text takes longer, or more memory, than that of a page may.
            Exception: whatever Markdown and its extensions raise, or ValueError if a long text fails.
        """
        if not may_be_complex(text):
            return self._convert(text)
        limits: Limits[str, ConvertedText | Excess | None] = Limits(self._seconds, lambda _text, excess: excess)
        try:
            (found,) = map_parallel(self._convert_or_none, [text], limits=limits)
        except Refused as error:
            # The system ended the process, such as for lack of memory.
            raise ConversionLimitError from error
        if isinstance(found, Excess):
            raise ConversionLimitError
        if found is None:
            raise ValueError("the text cannot be converted")
        return found

    def _convert_or_none(self, text: str) -> ConvertedText | None:
        try:
            return self._convert(text)
        except MemoryError:
            # The parent takes it for an excess.
            raise
        except Exception:
            # It would end the process in which it is converted.
            return None

    def _convert(self, text: str) -> ConvertedText:
        with self._markdown.lend(self._make) as converter:
            html = converter.convert(text)
        return ConvertedText(html, sanitize(html, self._origin, {}).html)

    def _make(self) -> Markdown:
        extensions: list[str | Extension] = [*self._extensions, self._dialect]
        return Markdown(extensions=extensions, extension_configs=self._configs)
