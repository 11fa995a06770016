"""The hook file that mkdocs.yml names."""

from __future__ import annotations

import ast

from gongshi.build import hooks
from support.unit import HOOKS


def test_the_hook_file_re_exports_every_handler_and_does_nothing_else() -> None:
    tree = ast.parse((HOOKS / "gate.py").read_text(encoding="utf-8"))
    _docstring, handlers, exported = tree.body
    assert isinstance(handlers, ast.ImportFrom) and handlers.module == hooks.__name__
    assert isinstance(exported, ast.Assign) and ast.unparse(exported.targets[0]) == "__all__"
    names = [alias.name for alias in handlers.names if alias.asname is None]
    assert names == ast.literal_eval(exported.value) == sorted(name for name in vars(hooks) if name.startswith("on_"))
