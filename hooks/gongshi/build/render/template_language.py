"""The language of the templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup
from mkdocs.exceptions import Abort

from gongshi import i18n
from gongshi.build.render.theme_files import THEME
from gongshi.i18n import gettext as _


def install_language(env: jinja2.Environment, language: str) -> None:
    """Let the templates' `_()` translate into the site's language, whatever language the operator reads.

    Args:
        env: the theme's templates.
        language: a language code such as `zh` or `en`.

    Raises:
        Abort: the main template is not the one of the theme `gongshi`.
    """
    catalogue = i18n.translations(language)

    @cache
    def translated(message: str) -> Markup:
        return Markup(catalogue.gettext(message))  # noqa: S704

    def translate(message: str, **values: object) -> Markup:
        return translated(message) % values if values else translated(message)

    env.globals["_"] = translate
    source = env.get_template("main.html").filename
    if source is None or THEME not in Path(source).resolve().parents:
        raise Abort(_("main.html is not the gate's own; remove the other one"))
