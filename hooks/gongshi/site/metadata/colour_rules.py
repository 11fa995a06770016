"""Rules of style for the unit's own colour, in the light, the dark and the elder version of the site."""

from __future__ import annotations

from gongshi.common.colours import BLACK, WHITE, mixed, with_contrast

_SOFT, _DARK_SOFT = "#f3f5f8", "#1f262e"
"""The least bright ground of links in the light scheme, and the brightest in the dark one: `--gs-soft` in site.css."""
_TEXT = 4.5
"""The least contrast of text (WCAG 2.1, level AA)."""
_STRONG = 7.0
"""The same for level AAA, to which the version for the elderly is held, and links on the dark ground."""
_DARKENED = 0.25
"""The part of black in the header of the dark scheme, so that it does not shine."""


def colour_rules(colour: str) -> str:
    """Return rules that follow those of site.css.

    Args:
        colour: as `#rrggbb`; white text on it can be read.
    """
    light = _variables(colour, with_contrast(colour, BLACK, _SOFT, _TEXT))
    dark = _variables(mixed(colour, BLACK, _DARKENED), with_contrast(colour, WHITE, _DARK_SOFT, _STRONG))
    elder = _variables(with_contrast(colour, BLACK, WHITE, _STRONG), with_contrast(colour, BLACK, WHITE, _STRONG))
    elder_dark = _variables(
        with_contrast(colour, BLACK, WHITE, 2 * _STRONG), with_contrast(colour, WHITE, BLACK, _STRONG)
    )
    return (
        f"\n/* The unit's colour. */\n:root {light}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-gs-scheme="light"]) {dark} }}\n'
        f':root[data-gs-scheme="dark"] {dark}\n'
        f":root[data-gs-elder] {elder}\n"
        f':root[data-gs-elder][data-gs-scheme="dark"] {elder_dark}\n'
    )


def _variables(brand: str, link: str) -> str:
    return f"{{ --gs-brand: {brand}; --gs-link: {link}; }}"
