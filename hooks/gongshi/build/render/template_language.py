"""The language of the templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup
from mkdocs.exceptions import Abort

from gongshi import i18n
from gongshi.build.config_check import THEME
from gongshi.i18n import gettext as _


def install_language(env: jinja2.Environment, language: str) -> None:
    """Give the templates the site's language, whatever language the build speaks.

    Args:
        env: the theme's templates.
        language: a language code such as `zh` or `en`.

    Raises:
        Abort: the theme's main template is not ours.
    """
    catalogue = i18n.translations(language)

    @cache
    def known(message: str) -> Markup:
        return Markup(catalogue.gettext(message))  # noqa: S704

    def say(message: str, **values: object) -> Markup:
        return known(message) % values if values else known(message)

    env.globals["_"] = say
    source = env.get_template("main.html").filename
    if source is None or THEME not in Path(source).resolve().parents:
        raise Abort(_("main.html is not the gate's own; remove the other one"))
