"""The Markdown extensions of mkdocs.yml with their settings, read without MkDocs.

MkDocs imports the files that `hooks` names, and every module that a YAML tag names. Commands that only read, such as
`status` and `verify`, may run in the clone of another unit and must not run its code, so they read the file here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from types import BuiltinFunctionType, FunctionType
from typing import Any

import yaml

from gongshi.common.errors import Problem, UsageError, printable
from gongshi.i18n import gettext as _

_MARKDOWN = frozenset(
    """
    abbr admonition attr_list codehilite def_list extra fenced_code footnotes legacy_attrs legacy_em md_in_html nl2br
    sane_lists smarty tables toc wikilinks
    """.split()  # noqa: SIM905
)
_PYMDOWN = frozenset(
    """
    arithmatex betterem blocks.admonition blocks.caption blocks.definition blocks.details blocks.html blocks.tab caret
    critic details escapeall extra fancylists highlight inlinehilite keys magiclink mark progressbar saneheaders
    smartsymbols striphtml superfences tabbed tasklist tilde
    """.split()  # noqa: SIM905
)
"""Markdown extensions that read no files. `snippets`, `b64` and others do, so they could publish drafts."""
_RESETTABLE = frozenset(
    """
    abbr admonition attr_list codehilite def_list extra fenced_code footnotes md_in_html meta nl2br sane_lists smarty
    tables toc
    """.split()  # noqa: SIM905
)
"""Extensions of Python-Markdown of which `reset()` leaves nothing of the page before."""
_BUILTIN = ("toc", "tables", "fenced_code")
"""The extensions that MkDocs always uses, in its order."""
_KNOWN_PACKAGES = frozenset(("gongshi", "markdown", "pymdownx"))
"""Packages whose functions may stand in settings: they come with the program."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PYTHON_TAG = "tag:yaml.org,2002:python/"


@dataclass(frozen=True)
class MarkdownSettings:
    """Markdown extensions in their order, with the settings of those that have any."""

    extensions: tuple[str, ...]
    configs: Mapping[str, Any]

    def key(self) -> str | None:
        """Return a text that is the same for the same settings only; None if a setting has no such text.

        Code outside this program and the packages that it uses may change, so a function of it has no such text.
        """
        try:
            return repr((self.extensions, _stable(self.configs)))
        except (_UnstableError, RecursionError):
            return None


class _UnstableError(Exception):
    """Error: a setting cannot be compared with that of another process."""


@dataclass(frozen=True)
class _UnknownTag:
    """The value of a YAML tag that is not followed, as it would run code."""

    tag: str


def load_markdown_settings(file: Path) -> MarkdownSettings:
    """Read the Markdown extensions as MkDocs does, without running any code of the unit.

    Args:
        file: path of mkdocs.yml.

    Raises:
        UsageError: they cannot be read, may read files, or need code of the unit.
    """
    try:
        found = _settings(_read(file))
    except Exception as error:
        # Nothing expects all that YAML can hold.
        message = _("{file}: MkDocs cannot read it ({reason}); correct it")
        raise UsageError(message.format(file=file.name, reason=printable(str(error)))) from None
    for name in found.extensions:
        if not reads_no_files(name):
            message = _("{name} may read files behind the gate; remove it").format(name=printable(name))
            raise UsageError(str(Problem(file.name, message, None, "markdown_extensions")))
    tag = next(_unknown_tags(with_constant_ids(found).configs), None)
    if tag is not None:
        message = _("{file}: MkDocs cannot read it ({reason}); correct it")
        raise UsageError(message.format(file=file.name, reason=printable(f"markdown_extensions: {tag.tag}")))
    return found


def check_settings(file: Path) -> None:
    """Check that no setting ends MkDocs with an error of the program, without running hooks, plugins and YAML tags.

    Args:
        file: the mkdocs.yml.

    Raises:
        UsageError: a setting is no value that MkDocs expects, such as an address with half an IPv6 host.
    """
    # Slow to load, and only `gongshi check` needs it.
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.exceptions import MkDocsException

    config = MkDocsConfig(config_file_path=str(file))
    try:
        config.load_dict(
            {
                str(key): value
                for key, value in _read(file).items()
                if key not in ("hooks", "plugins") and not any(_unknown_tags(value))
            }
        )
        config.validate()
    except MkDocsException:
        return
    except Exception as error:
        # MkDocs does not expect all that YAML can hold.
        message = _("{file}: MkDocs cannot read it ({reason}); correct it")
        raise UsageError(message.format(file=file.name, reason=printable(str(error)))) from None


def with_constant_ids(settings: MarkdownSettings) -> MarkdownSettings:
    """Return the settings with IDs of headings that do not depend on their words, for comparing two texts.

    Args:
        settings: as they stand in mkdocs.yml.
    """
    configs = dict(settings.configs)
    for name in settings.extensions:
        if name.removeprefix("markdown.extensions.") == "toc":
            configs[name] = {**(configs.get(name) or {}), "slugify": constant_id}
    return MarkdownSettings(settings.extensions, configs)


def constant_id(_title: str, _separator: str) -> str:
    """Return the same ID for every heading; Markdown numbers them."""
    return "section"


def reads_no_files(name: object) -> bool:
    """Tell whether an entry of `markdown_extensions` is an extension that reads no files."""
    if not isinstance(name, str):
        return False
    if name.startswith("pymdownx."):
        return name.removeprefix("pymdownx.") in _PYMDOWN
    return name.removeprefix("markdown.extensions.") in _MARKDOWN


def can_be_reset(extensions: Sequence[str], configs: Mapping[str, Any]) -> bool:
    """Tell whether a converter can be used for more than one text.

    Args:
        extensions: the names of its extensions.
        configs: their settings.
    """
    # With unique IDs, footnotes are numbered on from page to page; `extra` hands its settings on to them.
    if (configs.get("footnotes") or {}).get("UNIQUE_IDS") or configs.get("extra"):
        return False
    return all(name.removeprefix("markdown.extensions.") in _RESETTABLE for name in extensions)


class _Loader(_LOADER):  # type: ignore[misc]
    """Reads YAML, and makes a value of a tag without running any code that is not known."""


def _environment(loader: Any, node: Any) -> object:
    # Imported here: few sites use it.
    from yaml_env_tag import construct_env_tag  # type: ignore[import-untyped]

    return construct_env_tag(loader, node)


def _known_function(loader: Any, suffix: str, node: Any) -> object:
    """Return the function that a tag names, if it comes with this program's packages."""
    module, _dot, name = suffix.rpartition(".")
    if module.split(".")[0] in _KNOWN_PACKAGES - {"gongshi"}:
        found = getattr(import_module(module), name, None)
        if isinstance(found, FunctionType) and found.__module__.split(".")[0] in _KNOWN_PACKAGES:
            return found
    return _unknown(loader, node.tag, node)


def _slugify(loader: Any, node: Any) -> object:
    """Return the function that makes IDs as in the handbooks of Material and PyMdown Extensions."""
    from pymdownx.slugs import slugify  # type: ignore[import-untyped]

    return slugify(**loader.construct_mapping(node, deep=True).get("kwds", {}))


def _unknown(_loader: Any, tag: str, _node: Any) -> object:
    return _UnknownTag(tag)


_Loader.add_constructor("!ENV", _environment)
_Loader.add_constructor(f"{_PYTHON_TAG}object/apply:pymdownx.slugs.slugify", _slugify)
_Loader.add_multi_constructor(f"{_PYTHON_TAG}name:", _known_function)
_Loader.add_multi_constructor(None, _unknown)


def _read(file: Path) -> Mapping[str, Any]:
    content = file.read_bytes()
    found = yaml.load(content, _Loader)  # noqa: S506 - made from the safe loader
    if isinstance(found, dict) and "INHERIT" in found:
        # Imported here: slow to load, and few sites use it.
        from mkdocs.utils.yaml import yaml_load

        with file.open("rb") as opened:
            found = yaml_load(opened, loader=_Loader)
    return found if isinstance(found, dict) else {}


def _settings(root: Mapping[str, Any]) -> MarkdownSettings:
    written = root.get("markdown_extensions") or []
    if isinstance(written, dict):
        items = list(written.items())
    elif isinstance(written, list):
        items = [each if isinstance(each, tuple) else (each, None) for item in written for each in _pairs(item)]
    else:
        raise TypeError("markdown_extensions")
    for name, config in items:
        if not isinstance(name, str) or (config and not isinstance(config, dict)):
            raise TypeError(f"markdown_extensions: {name}")
    names = tuple(dict.fromkeys((*_BUILTIN, *(name for name, _config in items))))
    return MarkdownSettings(names, {name: config for name, config in items if config})


def _pairs(item: object) -> list[object]:
    if not isinstance(item, dict):
        return [item]
    if len(item) != 1:
        raise TypeError("markdown_extensions")
    return list(item.items())


def _unknown_tags(value: object) -> Iterator[_UnknownTag]:
    if isinstance(value, _UnknownTag):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _unknown_tags(pair)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _unknown_tags(item)


def _stable(value: object) -> object:
    """Return a value of plain types whose `repr` is the same in every process."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return ("mapping", [(_stable(key), _stable(item)) for key, item in value.items()])
    if isinstance(value, list | tuple):
        return ("list", [_stable(item) for item in value])
    if isinstance(value, partial):
        return ("partial", _stable(value.func), _stable(value.args), _stable(value.keywords))
    if (
        isinstance(value, FunctionType | BuiltinFunctionType)
        and "<" not in value.__qualname__
        and str(value.__module__).split(".")[0] in _KNOWN_PACKAGES
    ):
        return ("function", value.__module__, value.__qualname__)
    raise _UnstableError
