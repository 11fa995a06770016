"""The language of the templates."""

from __future__ import annotations

from pathlib import Path

import jinja2
from mkdocs.exceptions import Abort

from gongshi import i18n
from gongshi.faces.builder.demands import THEME
from gongshi.i18n import gettext as _


def install_language(env: jinja2.Environment, language: str) -> None:
    """Give the templates the site's language, whatever language the build speaks."""
    catalogue = i18n.translations(language)
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)  # type: ignore[attr-defined]
    source = env.get_template("main.html").filename
    if source is None or THEME not in Path(source).resolve().parents:
        raise Abort(_("main.html is not the gate's own; remove the other one"))
