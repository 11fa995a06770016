"""Nothing below imports what is above."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.unit import HOOKS

PACKAGE = HOOKS / "gongshi"
LAYERS = (
    ("i18n",), ("common",), ("domain.yaml",), ("domain.config",), ("domain.content",), ("domain.records",),
    ("domain.review",), ("integrations",), ("site",), ("release", "reports"), ("build",), ("cli",),
)  # fmt: skip
"""From the lowest to the highest: none imports what is above or beside it."""
FRAMEWORKS = {
    "mkdocs": ("build",), "click": ("cli",), "jinja2": ("build", "reports.form"),
    "markdown": ("build", "site.html", "release.staging"),
}  # fmt: skip
"""Only these packages know the framework."""


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports fail under MkDocs' loader"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _layer(module: str) -> int | None:
    found = (n for n, names in enumerate(LAYERS) for name in names if f"{module}.".startswith(f"{name}."))
    return next(found, None)


def _modules() -> list[tuple[str, Path]]:
    files = PACKAGE.rglob("*.py")
    return [(".".join(f.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"), f) for f in files]


def test_layers() -> None:
    """Each layer knows only what is below it."""
    modules = _modules()
    assert len(modules) > 100
    for module, file in modules:
        own = _layer(module)
        for name in _imports(file):
            other = name.removeprefix("gongshi.")
            above = _layer(other)
            if name == other or above is None or own is None:
                continue
            assert above <= own, f"{module} imports {other}, which is above it"
            assert above < own or module.split(".")[0] == other.split(".")[0], f"{module} imports {other} beside it"


@pytest.mark.slow
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_frameworks(framework: str) -> None:
    """MkDocs, click, jinja2 and markdown are known where they are used, and nowhere else."""
    for module, file in _modules():
        if not module.startswith(FRAMEWORKS[framework]):
            assert not any(name.split(".")[0] == framework for name in _imports(file)), module


def test_the_hook_file_is_a_list_of_handlers() -> None:
    """`hooks/gate.py` re-exports and does nothing else."""
    tree = ast.parse((HOOKS / "gate.py").read_text(encoding="utf-8"))
    assert all(isinstance(node, ast.Expr | ast.ImportFrom | ast.Assign) for node in tree.body)
