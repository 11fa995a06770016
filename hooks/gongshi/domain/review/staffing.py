"""Checks that the people in office can do what the rules of review ask for: roles that nobody holds, too few people."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from gongshi.common.errors import Problem
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Policy
from gongshi.domain.review.messages import stage_title
from gongshi.i18n import gettext as _


def find_staffing_problems(configuration: Configuration, today: date) -> list[Problem]:
    """Return what nobody in office can do: pass a stage, complete a chain, withdraw, publish urgently.

    Args:
        configuration: the unit's configuration.
        today: the day.
    """
    policy = configuration.policy
    found = [*_chain_problems(policy, today), *_withdrawal_problems(policy, today), *_urgent_problems(policy, today)]
    return [configuration.problem(f"extra.gongshi.{key}", message) for key, message in found]


def _chains(policy: Policy, today: date) -> dict[str, tuple[str, ...]]:
    """Return each chain in force, by its key in mkdocs.yml."""
    found = {"review.chain": policy.chain_on("index.md", today)}
    for column in policy.columns.values():
        if column.chain:
            found[f"columns.{column.id}.chain"] = policy.chain_on(f"{column.id}/x.md", today)
    if policy.correction:
        found["review.correction.chain"] = policy.correction_chain_on(today)
    return found


def _chain_problems(policy: Policy, today: date) -> Iterator[tuple[str, str]]:
    for key, chain in _chains(policy, today).items():
        if not chain:
            yield key, _("no chain is in force today; add one that begins today or earlier")
            continue
        empty = [stage for stage in chain if not policy.holders(policy.stages[stage].role, today)]
        for stage in empty:
            role, title = policy.stages[stage].role, stage_title(stage, policy)
            message = _("nobody in office has the role {role}, so nothing can pass {stage}")
            yield key, message.format(role=role, stage=title) + _remedy(role, policy, today)
        if not empty and not policy.has_enough_people(chain, today):
            yield key, _("there are fewer people than stages; each stage needs a different person")
        elif not empty and not _can_be_passed(policy, chain, today):
            yield (
                key,
                _(
                    "every person in office is needed for a stage, so nothing can pass: who submits a version may not "
                    "approve it; add a person, or shorten the chain"
                ),
            )


def _withdrawal_problems(policy: Policy, today: date) -> Iterator[tuple[str, str]]:
    role = policy.withdraw_role
    if not policy.holders(role, today):
        message = _("nobody in office has the role {role}, so nobody can withdraw a page")
        yield "review.withdraw_role", message.format(role=role) + _remedy(role, policy, today)


def _urgent_problems(policy: Policy, today: date) -> Iterator[tuple[str, str]]:
    if policy.urgent is None:
        return
    role = policy.urgent.role
    publishers = policy.holders(role, today)
    if not publishers:
        message = _("nobody in office has the role {role}, so nobody can publish urgently")
        yield "review.urgent", message.format(role=role) + _remedy(role, policy, today)
    chains = set(_chains(policy, today).values()) - {policy.correction_chain_on(today)}
    for person in publishers:
        if any(
            chain and _can_be_passed(policy, chain, today) and not _can_be_passed(policy, chain, today, {person.id})
            for chain in chains
        ):
            message = _("after an urgent publication by {person}, nobody else can fill all stages of the chain")
            yield "review.urgent", message.format(person=person.name)


def _can_be_passed(policy: Policy, chain: Sequence[str], today: date, barred: Collection[str] = ()) -> bool:
    """Tell whether somebody in office could submit a version, and others fill each stage of its chain."""
    out = {policy.canonical_person(person) for person in barred}
    return any(
        policy.has_enough_people(chain, today, {*out, person.id})
        for person in policy.people.values()
        if person.in_office_on(today) and policy.canonical_person(person.id) not in out
    )


def _remedy(role: str, policy: Policy, today: date) -> str:
    """Return the end of a message on a role that nobody holds today: who held it or will, or which roles there are."""
    terms = []
    for person in policy.people.values():
        if role in person.roles and person.since and today < person.since:
            terms.append(_("{person} from {day}").format(person=person.name, day=person.since))
        elif role in person.roles:
            terms.append(_("{person} until {day}").format(person=person.name, day=person.until))
    if terms:
        return _("; had or will have it: {terms}. Give it to somebody in people").format(terms=_(", ").join(terms))
    roles = sorted({role for person in policy.people.values() for role in person.roles})
    return _("; give it to somebody in people, or name one of the roles there: {roles}").format(
        roles=_(", ").join(roles)
    )
