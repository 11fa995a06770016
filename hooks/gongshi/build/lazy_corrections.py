"""The converter and the kept verdicts by which minor corrections are judged, loaded when the first one needs them.

Loading them is slow, and few units have corrections that need them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, cached_property

from gongshi.build.markdown_settings import MarkdownSettings, load_markdown_settings
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Convert, ConvertedText, Verdicts


class LazyConverter:
    """The converter for minor corrections, loaded with the first text; two with the same settings are equal.

    Args:
        configuration: the unit's configuration.
        load_settings: returns the Markdown extensions of mkdocs.yml.
    """

    def __init__(self, configuration: Configuration, load_settings: Callable[[], MarkdownSettings]) -> None:
        self._configuration = configuration
        self._load_settings = load_settings

    def __call__(self, text: str) -> ConvertedText:
        """Return a text as HTML, like `CorrectionConverter`.

        Args:
            text: Markdown.
        """
        return self._converter(text)

    @cached_property
    def _converter(self) -> Convert:
        from gongshi.build.correction_converter import CorrectionConverter

        return CorrectionConverter(self._configuration, self._load_settings())

    @cached_property
    def _key(self) -> str:
        policy = self._configuration.policy
        site = (self._configuration.site_url, policy.unit.domain, policy.language)
        return repr((self._load_settings(), *site, policy.text_seconds, policy.joins_lines))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LazyConverter) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def with_corrections(
    configuration: Configuration, load_settings: Callable[[], MarkdownSettings] | None = None, keeps: bool = True
) -> Configuration:
    """Return the configuration with the site's converter and the kept verdicts, by which minor corrections are judged.

    Args:
        configuration: the unit's configuration.
        load_settings: returns the Markdown extensions of mkdocs.yml; None to read the file without running code of the
            unit. It may raise UsageError, as nobody can tell then which corrections count.
        keeps: True to keep the verdicts for later builds and commands, and to use those of earlier ones.
    """
    settings = cache(load_settings or (lambda: load_markdown_settings(configuration.file)))

    @cache
    def verdicts() -> Verdicts:
        from gongshi.build.correction_verdicts import KeptVerdicts

        return KeptVerdicts(configuration, settings)

    converter = LazyConverter(configuration, settings)
    policy = replace(configuration.policy, convert=converter, verdicts=verdicts if keeps else None)
    return replace(configuration, policy=policy)
