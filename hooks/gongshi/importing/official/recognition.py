"""The values and findings that the steps of recognition collect."""

from __future__ import annotations

from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any

from gongshi.domain.yaml.one_line_text import TITLE_LENGTH, refusal
from gongshi.importing.document import DocumentFields, Finding, FindingKind


class Recognition:
    """Values for the front matter and findings, filled step by step.

    Args:
        fields: what the reader knows already; it is never replaced.
    """

    def __init__(self, fields: DocumentFields) -> None:
        self.fields = fields
        self._findings: list[Finding] = []
        self._checks: set[Finding] = set()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings in their order."""
        return tuple(self._findings)

    def take(self, **values: Any) -> bool:
        """Take over values that are not known yet; return True if each of them is in the fields now.

        Args:
            values: names of `DocumentFields` with their values; None and what no front matter can hold is left out.
        """
        known = {each.name: getattr(self.fields, each.name) for each in fields_of(self.fields)}
        new = {
            name: value
            for name, value in values.items()
            if known[name] is None and value is not None and _is_allowed(value)
        }
        self.fields = replace(self.fields, **new)
        return all(value is not None and getattr(self.fields, name) == value for name, value in values.items())

    def check(self, message: str, words: str = "") -> None:
        """Tell the editor to look at something.

        Args:
            message: what was found, and what to do, in the reader's language.
            words: the words in question.
        """
        finding = Finding(FindingKind.CHECK, message, words=words.strip())
        if finding not in self._checks:
            self._checks.add(finding)
            self._findings.append(finding)

    def left_out(self, message: str, words: str) -> None:
        """Tell the editor what is not in the entry.

        Args:
            message: what was left out, and why.
            words: the words that were left out.
        """
        self._findings.append(Finding(FindingKind.LEFT_OUT, message, words=words.strip()))


def _is_allowed(value: object) -> bool:
    return not isinstance(value, str) or refusal(value, TITLE_LENGTH) is None
