"""Read and write `approved_by` in the front matter: the persons who approved, with `assurance: flag`.

Three forms: one person; a list of persons, in the order of the chain; or `{STAGE: person}`. A person is named by id, by
name or by e-mail address, a stage by id or title.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongshi.domain.config.policy import ID, Policy, comparable

ApprovedBy = str | tuple[str, ...] | dict[str, str]
"""The value of `approved_by` in the front matter."""
_WORDS = ("true", "false", "yes", "no", "on", "off", "null", "y", "n")
"""Texts that YAML does not read as text."""


@dataclass(frozen=True)
class Named:
    """One person at one stage."""

    key: str
    """The key, such as `approved_by.first` or `approved_by[2]`."""
    stage: str
    """The id of a stage of the chain; else the text as written, or empty if a list is longer than the chain."""
    person: str
    """The id of the person; the text as written if it names nobody or more than one person."""


def named(approved_by: ApprovedBy | None, chain: Sequence[str], policy: Policy) -> list[Named]:
    """Return the named persons with their stages, in the order of the front matter.

    Args:
        approved_by: the value in the front matter.
        chain: the ids of the stages, in order.
        policy: the people and stages.
    """
    if isinstance(approved_by, dict):
        found: dict[str, Named] = {}
        for written, by in approved_by.items():
            stage = _stage(written, chain, policy)
            stage = written if stage in found else stage
            found[stage] = Named(f"approved_by.{written}", stage, person_meant(by, policy))
        return list(found.values())
    persons = (approved_by,) if isinstance(approved_by, str) else approved_by or ()
    return [
        Named(
            "approved_by" if isinstance(approved_by, str) else f"approved_by[{number}]",
            chain[number - 1] if number <= len(chain) else "",
            person_meant(by, policy),
        )
        for number, by in enumerate(persons, 1)
    ]


def person_meant(written: str, policy: Policy) -> str:
    """Return the id of the person whom a text names; the text itself if it names nobody or several persons."""
    found = policy.persons_named(written)
    return found[0].id if len(found) == 1 else written


def _stage(written: str, chain: Sequence[str], policy: Policy) -> str:
    if written in chain:
        return written
    titled = [id for id in chain if id in policy.stages and comparable(policy.stages[id].title) == comparable(written)]
    return titled[0] if len(titled) == 1 else written


def line_of(approvals: Mapping[str, str]) -> str:
    """Return `approved_by` as the commands write it, on one line.

    Args:
        approvals: persons by stage.
    """
    pairs = (f"{_plain(stage)}: {_plain(person)}" for stage, person in approvals.items())
    return f"approved_by: {{{', '.join(pairs)}}}"


def _plain(text: str) -> str:
    """Return a text as YAML: ids without quotation marks, unless YAML would not read them as text."""
    is_plain = ID.fullmatch(text) and text[0].isalpha() and text not in _WORDS
    return text if is_plain else json.dumps(text, ensure_ascii=False)
