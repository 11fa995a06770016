"""The rules of review once more, read off the documentation and shared with nothing of the gate: slow and plain.

It looks back from each act that could have published something and asks whether everything about it was right.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOLERANCE = timedelta(minutes=10)
OPENING = ("submit", "correct", "urgent")


class Naive:
    """One entry's acts and the rules, as plain values.

    Args:
        acts: the lines of the dossier, as parsed JSON.
        rules: `people` (id to roles, since, until, keys), `stages` (id to role), `chain`, `correction` (chain and
            characters, or None), `urgent` (role and hours, or None), `withdraw_role`, `signed`.
        versions: what each digest stands for: `author`, `publish_at`, `front`, `body`.
        now: the present.
    """

    def __init__(
        self, acts: list[dict[str, Any]], rules: dict[str, Any], versions: dict[str, Any], now: datetime
    ) -> None:
        self.acts = acts
        self.rules = rules
        self.versions = versions
        self.now = now
        self.at = [datetime.fromisoformat(act["at"]) for act in acts]
        # Each question is answered once: the answers depend on nothing that changes.
        for name in ("completes", "opens", "signature", "due", "owed", "settled"):
            setattr(self, name, cache(getattr(self, name)))

    def public(self) -> tuple[str, str] | None:
        """`("page", digest)`, `("notice", reason)` or None."""
        last_withdrawal = max((i for i, act in enumerate(self.acts) if act["act"] == "withdraw"), default=-1)
        for i in range(len(self.acts) - 1, last_withdrawal, -1):
            if self.publishes(i):
                return ("page", self.acts[i]["digest"])
        if last_withdrawal >= 0:
            act = self.acts[last_withdrawal]
            if act["notice"] and self.withdraws(last_withdrawal):
                return ("notice", act["reason"])
        return None

    def withdraws(self, i: int) -> bool:
        """Whether a withdrawal counts as a decision, so that the public may read its words."""
        before = max((j for j in range(i) if self.acts[j]["act"] == "withdraw"), default=-1)
        shown = [j for j in range(before + 1, i) if self.completes(j) is not None or self.is_urgent(j, i)]
        return (
            self.acts[i]["digest"] in {self.acts[j]["digest"] for j in shown}
            and self.at[i] <= self.now + TOLERANCE
            and all(self.at[i] >= self.at[j] - TOLERANCE for j in shown)
            and self.in_role(i, self.rules["withdraw_role"])
            and self.signature(i)
        )

    def is_urgent(self, j: int, i: int) -> bool:
        """Whether an act published urgently, and no return ended that before another act."""
        act = self.acts[j]
        returned = any(a["act"] == "return" and a["digest"] == act["digest"] for a in self.acts[j + 1 : i])
        return act["act"] == "urgent" and self.opens(j) and not returned

    def publishes(self, i: int) -> bool:
        """Whether what this act approved may be public now, if nothing newer is."""
        act, version = self.acts[i], self.versions[self.acts[i]["digest"]]
        if version["publish_at"] and datetime.fromisoformat(version["publish_at"]) > self.now:
            return False
        if act["act"] == "urgent":
            returned = any(a["act"] == "return" and a["digest"] == act["digest"] for a in self.acts[i + 1 :])
            return self.opens(i) and not returned and self.due(i) > self.now and version["author"] != act["by"]
        steps = self.completes(i)
        if steps is None or version["author"] in {self.acts[j]["by"] for j in steps}:
            return False
        opening = self.opening(i)
        return self.acts[opening]["act"] != "correct" or self.is_small(opening)

    def opening(self, i: int) -> int:
        """The last act before this one that is no approval, -1 where there is none."""
        return max((j for j in range(i) if self.acts[j]["act"] != "approve"), default=-1)

    def completes(self, i: int) -> list[int] | None:
        """The approvals of a whole chain that ends with this act, or None."""
        if self.acts[i]["act"] != "approve":
            return None
        begin = self.opening(i)
        if begin < 0 or self.acts[begin]["act"] not in OPENING or not self.opens(begin):
            return None
        steps: list[int] = []
        chain = self.chain(begin)
        for j in range(begin + 1, i + 1):
            if len(steps) < len(chain) and self.approves(j, begin, chain[len(steps)], steps):
                steps.append(j)
        return steps if len(steps) == len(chain) and steps[-1] == i else None

    def chain(self, opening: int) -> list[str]:
        """The stages that follow an opening act."""
        return list(self.rules["correction"][0] if self.acts[opening]["act"] == "correct" else self.rules["chain"])

    def approves(self, j: int, opening: int, stage: str, steps: list[int]) -> bool:
        """Whether an approval counts as the next step."""
        act = self.acts[j]
        return (
            act["digest"] == self.acts[opening]["digest"]
            and act["stage"] == stage
            and act["chain"] == self.chain(opening)
            and self.in_role(j, self.rules["stages"][stage])
            and self.signature(j)
            and self.timely(j)
            and act["by"] not in {self.acts[k]["by"] for k in steps}
            and act["by"] not in self.barred(opening)
        )

    def barred(self, opening: int) -> set[str]:
        """Who may not approve: who ever handed this version in, and who published urgently without a chain since."""
        digest = self.acts[opening]["digest"]
        hands = [k for k in range(opening + 1) if self.acts[k]["act"] in OPENING and self.opens(k)]
        settled = self.settled(opening)
        return {self.acts[k]["by"] for k in hands if self.acts[k]["digest"] == digest} | {
            self.acts[k]["by"] for k in hands if self.acts[k]["act"] == "urgent" and k > settled
        }

    def opens(self, i: int) -> bool:
        """Whether a submission, correction or urgent publication counts."""
        act = self.acts[i]
        if not (self.signature(i) and self.timely(i) and self.in_office(i)):
            return False
        if act["act"] == "urgent":
            return (
                self.rules["urgent"] is not None
                and self.in_role(i, self.rules["urgent"][0])
                and not any(self.due(k) <= self.at[i] for k in self.owed(i)[:1])
            )
        if act["act"] == "correct":
            withdrawn = max((k for k in range(i) if self.acts[k]["act"] == "withdraw"), default=-1)
            full = [k for k in range(withdrawn + 1, i) if self.is_full(k)]
            return bool(full) and self.acts[full[-1]]["digest"] == act["base"]
        return True

    def is_full(self, i: int) -> bool:
        """Whether a full chain, not that of a correction, ends with this act, and the author is not part of it."""
        steps = self.completes(i)
        if steps is None or self.acts[self.opening(i)]["act"] == "correct":
            return False
        return self.versions[self.acts[i]["digest"]]["author"] not in {self.acts[j]["by"] for j in steps}

    def settled(self, i: int) -> int:
        """The last end of a full chain before an act, -1 where there is none."""
        return max((k for k in range(i) if self.is_full(k)), default=-1)

    def owed(self, i: int) -> list[int]:
        """The urgent publications before an act whose chain had not followed by then."""
        settled = self.settled(i)
        return [k for k in range(settled + 1, i) if self.acts[k]["act"] == "urgent" and self.opens(k)]

    def due(self, i: int) -> datetime:
        """Until when an urgent publication holds: counted from the first whose chain is owed."""
        first = (self.owed(i) or [i])[0]
        promised = datetime.fromisoformat(self.acts[first]["until"])
        return min(promised, self.at[first] + timedelta(hours=self.rules["urgent"][1]))

    def is_small(self, i: int) -> bool:
        """Whether a correction differs from its base in a few characters of the text only."""
        old, new = self.versions[self.acts[i]["base"]], self.versions[self.acts[i]["digest"]]
        if old["front"] != new["front"] or old["body"] == new["body"]:
            return False
        a, b = old["body"], new["body"]
        row = [0] * (len(b) + 1)
        for x in a:
            before = row[:]
            for k, y in enumerate(b):
                row[k + 1] = before[k] + 1 if x == y else max(before[k + 1], row[k])
        return bool(len(a) + len(b) - 2 * row[-1] <= self.rules["correction"][1])

    def timely(self, i: int) -> bool:
        """Neither in the future nor before an act that was already there."""
        known = [at for j, at in enumerate(self.at[:i]) if self.signature(j)]
        return self.at[i] <= self.now + TOLERANCE and all(self.at[i] >= at - TOLERANCE for at in known)

    def in_office(self, i: int) -> bool:
        """Whether who acted was in office on that day."""
        person = self.rules["people"].get(self.acts[i]["by"])
        return person is not None and person["since"] <= self.acts[i]["at"][:10] <= person["until"]

    def in_role(self, i: int, role: str) -> bool:
        """Whether who acted held the role on that day."""
        return self.in_office(i) and role in self.rules["people"][self.acts[i]["by"]]["roles"]

    def signature(self, i: int) -> bool:
        """Whether the act is signed by a key of who acted on that day, where that is asked for."""
        if not self.rules["signed"]:
            return True
        act = dict(self.acts[i])
        armour = act.pop("signature", None)
        if armour is None or act["by"] not in self.rules["people"] or act["unit"] != self.rules["identity"]:
            return False
        text = json.dumps(act, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        blob = base64.b64decode(armour)
        covered = b"SSHSIG" + b"\0\0\0\x07gongshi\0\0\0\0\0\0\0\x06sha512\0\0\0\x40" + hashlib.sha512(text).digest()
        for key, since, until in self.rules["people"][act["by"]]["keys"]:
            if since <= act["at"][:10] <= until and blob[14:65] == key:
                try:
                    Ed25519PublicKey.from_public_bytes(key[-32:]).verify(blob[-64:], covered)
                except InvalidSignature:
                    continue
                return True
        return False
