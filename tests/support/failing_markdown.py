"""A Markdown that fails in the middle of a text."""

from __future__ import annotations

from typing import Any

import markdown
import pytest


def fail_at_marked_paragraphs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Markdown raise RecursionError at each paragraph that contains `FAIL`, when it has read what stands before."""
    run = markdown.blockprocessors.ParagraphProcessor.run

    def failing(self: Any, parent: Any, blocks: list[str]) -> None:
        if "FAIL" in blocks[0]:
            raise RecursionError
        run(self, parent, blocks)

    monkeypatch.setattr(markdown.blockprocessors.ParagraphProcessor, "run", failing)
