"""Tell acts that can change what visitors see from those that cannot.

Only the acts are judged, not the rules in force: rules and dates change, and an act that does not count now may count
later. So an act is harmless only if no rule could ever let it publish something or take something down.
"""

from __future__ import annotations

from collections.abc import Sequence

from gongshi.domain.records.dossier import Action, Decision

_OPENING = (Action.SUBMIT, Action.CORRECT)


def changes_public(decision: Decision, before: Sequence[Decision]) -> bool:
    """Tell whether an act can publish a version or take one down.

    A submission opens a round, and an approval before the last stage leaves it open. A return takes down an urgent
    publication of the same version, and nothing else. All other acts, including future kinds, count as able to.

    Args:
        decision: the act.
        before: the acts on the same entry before it; it may also contain later ones.
    """
    if decision.act in _OPENING:
        return False
    if decision.act is Action.APPROVE:
        return not decision.stage or decision.stage not in decision.chain[:-1]
    if decision.act is Action.RETURN:
        return any(other.act is Action.URGENT and other.digest == decision.digest for other in before)
    return True


def unfinished(decisions: Sequence[Decision]) -> Sequence[Decision]:
    """Return the acts at the end that cannot have changed what visitors see, oldest first.

    Args:
        decisions: all acts on one entry, oldest first.
    """
    start = len(decisions)
    while start and not changes_public(decisions[start - 1], decisions):
        start -= 1
    return decisions[start:]
