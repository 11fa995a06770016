"""Nothing below imports what is above."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.unit import HOOKS

PACKAGE = HOOKS / "gongshi"
ABOVE = {
    "domain": ("gongshi.outputs", "gongshi.faces", "mkdocs", "click", "jinja2", "http", "markdown", "urllib"),
    "outputs": ("gongshi.faces", "mkdocs", "click", "jinja2"),
}


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports fail under MkDocs' loader"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("layer", ABOVE)
def test_layers(layer: str) -> None:
    """The domain knows no MkDocs, click or web; the outputs know no faces."""
    files = list((PACKAGE / layer).rglob("*.py"))
    assert len(files) > 3
    for file in files:
        for name in _imports(file):
            for forbidden in ABOVE[layer]:
                assert not (name == forbidden or name.startswith(forbidden + ".")), f"{file.name} imports {name}"


def test_the_hook_file_is_a_list_of_handlers() -> None:
    """`hooks/gate.py` re-exports and does nothing else."""
    tree = ast.parse((HOOKS / "gate.py").read_text(encoding="utf-8"))
    assert all(isinstance(node, ast.Expr | ast.ImportFrom | ast.Assign) for node in tree.body)
