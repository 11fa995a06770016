"""Placeholders of a review form (信息发布审批表) that a Word template can name.

A template writes `{{ title }}`; `{%tr for stage in stages %}` and `{%tr endfor %}`, each in a table row of its own,
repeat the rows between them; `{%p … %}` does the same with paragraphs, `{%tr if urgent %}` shows rows only then.
Texts are empty if the record has no value; `urgent`, `correction` and `withdrawal` are then false, with empty parts.
`by` is a name, `at` a time in words, both in the site's language; `via` is git's user if that is another person.

| placeholder | value |
| --- | --- |
| `unit.name`, `unit.short_name` | the unit |
| `title`, `summary`, `date`, `tags` | from the front matter; `tags` is a list |
| `author` | the person who drafted it |
| `column` | the title of its column |
| `source` | original, or from where it was reposted |
| `document.number`, `.index`, `.issued`, `.issuer`, `.topic`, `.validity` | the record table |
| `terms` | list: scheduled time, public notice, expiry, event |
| `files` | list of the bundle's other files: `.number`, `.title` (empty but for attachments), `.name`, `.size` |
| `submission.by`, `.via`, `.at`, `.note`, `.signature` | the submission |
| `state` | `draft`, `unrecorded`, `submitted`, `urgent`, `overdue`, `returned`, `given-up`, `void`, `address-taken`, \
`scheduled`, `approved`, `withdrawn` or `taken-down` (by a withdrawal that does not count) |
| `status`, `mark` | the state in a word or two; the warning that everything but an approved form must carry |
| `round`, `rounds` | the number of this round (0 for a draft), and how many there are |
| `stages` | list, the chain in order: `.number`, `.title`, `.done`, `.act` (同意 or 退回), `.note`, `.opinion` (the \
note in quotation marks, else the act), `.by`, `.via`, `.at`, `.day`, `.signature`; empty if not `.done`; `.open` \
if it may still be signed |
| `urgent` | `.by`, `.via`, `.at`, `.reason`, `.until`, `.signature` of an urgent publication that counts |
| `correction` | `.note`, `.base` (the digest of the version that it corrects, in groups) |
| `withdrawal` | `.by`, `.via`, `.at`, `.reason`, `.signature` of a withdrawal that counts |
| `remarks` | list: returns, earlier and later rounds, lines of the dossier that do not count |
| `released` | the time from which it was or will be public; empty if it never was and will not be |
| `path`, `url` | the entry's file and its address |
| `digest`, `digest_groups` | the digest of the version, 64 hexadecimal digits; the same in groups of eight |
| `signatures` | whether the decisions carry electronic signatures |
| `record.file`, `.first`, `.last`, `.lines`, `.tip` | the dossier: which lines this form is from, how many it has, \
and the SHA-256 of its last line, in groups |
| `made` | the time at which this form was made |

Fields: see the forms quoted in units' rules for publishing on their sites (拟稿, 审核, 签发, 登记发布).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from gongshi.common import dates
from gongshi.common.text import format_size
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.front_matter import FrontMatter
from gongshi.domain.content.paths import REVIEWS_DIR, url_path
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.records.signatures import is_signed_by_decider, signer
from gongshi.domain.review.messages import person_name, stage_title
from gongshi.i18n import gettext as _
from gongshi.reports.form.round_outcome import RoundState
from gongshi.reports.form.subject import FormSubject
from gongshi.reports.form.wording import (
    day_text,
    mark,
    quoted,
    remarks,
    returns_in_remarks,
    stage_of_return,
    status,
    time_text,
)


class EmptyPart(dict[str, str]):
    """An empty part: a template finds it empty and false, and still sees its parts.

    Args:
        parts: the names of its parts.
    """

    def __init__(self, *parts: str) -> None:
        super().__init__(dict.fromkeys(parts, ""))

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return ""


def form_context(case: FormSubject, policy: Policy, docs: str, site: str, now: datetime) -> dict[str, Any]:
    """Return the placeholders of a form with their values, in the language chosen with `i18n.speak`.

    Args:
        case: the subject of the form.
        policy: the rules.
        docs: the name of the content folder.
        site: the site's address, ending in `/`.
        now: the present.
    """
    meta, path = case.version.meta, case.version.path
    column = policy.column_of(path)
    return {
        "unit": {"name": policy.unit.name, "short_name": policy.unit.short_name or ""},
        "title": meta.title,
        "summary": meta.summary or "",
        "date": _when(meta.date, policy) if meta.date else "",
        "tags": list(meta.tags),
        "author": person_name(meta.author, policy) if meta.author else "",
        "column": column.title if column else _("standing page"),
        "source": _source(meta, policy),
        "document": _document(meta, policy),
        "terms": list(_terms(meta, policy)),
        "files": _files(case),
        **_acts(case, policy, now),
        "remarks": list(remarks(case, policy, now)),
        "released": time_text(case.released, policy) if case.released else "",
        "path": path,
        "url": site + url_path(path),
        "digest": case.version.digest,
        "digest_groups": grouped(case.version.digest),
        "record": _record(case, docs),
        "made": time_text(now, policy),
    }


def grouped(digest: str) -> str:
    """Return a digest in groups of eight digits, so that people can compare two of them."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def _acts(case: FormSubject, policy: Policy, now: datetime) -> dict[str, Any]:
    round_record = case.round_record
    act = round_record.submission if round_record else None
    base = act.base if act else None
    submission = _act(act, policy)
    return {
        "submission": {**submission, "note": (act.note or "") if act else ""},
        "state": case.state.value,
        "status": status(case.state),
        "mark": mark(case, policy),
        "round": round_record.number if round_record else 0,
        "rounds": len(case.rounds),
        "stages": list(_stages(case, policy, now)),
        "urgent": _urgent(case, policy),
        "correction": {"note": act.note or "", "base": grouped(base)} if act and base else EmptyPart("note", "base"),
        "withdrawal": _withdrawal(case, policy),
        "signatures": _signatures(case, policy),
    }


def _urgent(case: FormSubject, policy: Policy) -> dict[str, str]:
    if case.urgent is None or case.urgent.due is None:
        return EmptyPart("by", "via", "at", "reason", "until", "signature")
    act = case.urgent.decision
    return {**_act(act, policy), "reason": act.reason or "", "until": time_text(case.urgent.due, policy)}


def _withdrawal(case: FormSubject, policy: Policy) -> dict[str, str]:
    act = case.withdrawal
    if act is None:
        return EmptyPart("by", "via", "at", "reason", "signature")
    return {**_act(act, policy), "reason": act.reason or ""}


def _stages(case: FormSubject, policy: Policy, now: datetime) -> Iterator[dict[str, Any]]:
    round_record = case.round_record
    chain = round_record.round.chain if round_record else policy.chain_on(case.version.path, now.date())
    done = {decision.stage: decision for decision in case.approvals}
    if case.returned and round_record and (stage := stage_of_return(round_record, policy)):
        done[stage] = case.returned
    rejected_stages = {rejected_decision.decision.stage for rejected_decision in case.rejected}
    waits = round_record.is_open if round_record else case.state is not RoundState.VOID
    for number, stage in enumerate(chain, 1):
        decision = done.get(stage)
        is_open = decision is None and waits
        act, note = _verdict(decision), (decision.note or "") if decision else ""
        missing = _("does not count; see the remarks") if stage in rejected_stages else _("did not reach this stage")
        yield {
            "number": number,
            "title": stage_title(stage, policy),
            "done": decision is not None,
            "open": is_open,
            "act": act,
            "note": note,
            "opinion": quoted(note) or act or ("" if is_open else missing),
            "day": day_text(decision.at.astimezone(policy.zone)) if decision else "",
            **_act(decision, policy),
        }


def _verdict(decision: Decision | None) -> str:
    if decision is None:
        return ""
    return _("Agreed") if decision.act is Action.APPROVE else _("Returned")


def _act(decision: Decision | None, policy: Policy) -> dict[str, str]:
    if decision is None:
        return {"by": "", "via": "", "at": "", "signature": ""}
    return {
        "by": person_name(decision.by, policy),
        "via": decision.via or "",
        "at": time_text(decision.at, policy),
        "signature": _signature(decision, policy),
    }


def _signature(decision: Decision, policy: Policy) -> str:
    """Return the fingerprint of the key that signed a decision, or a warning; empty if it is not signed."""
    if decision.signature is None:
        return ""
    key = signer(decision.signature, decision.signed)
    if key and is_signed_by_decider(decision, policy):
        return key.fingerprint
    return _("does not prove that it was {person}").format(person=person_name(decision.by, policy))


def _signatures(case: FormSubject, policy: Policy) -> str:
    shown = [case.round_record.submission, *case.approvals] if case.round_record else []
    shown += [act for act in (case.returned, case.withdrawal) if act]
    told = [p.returned for p in returns_in_remarks(case, policy) if p.returned and p.counts(p.returned)]
    acts = {act.line: act for act in (*shown, *told)}.values()
    good = sum(is_signed_by_decider(act, policy) for act in acts)
    if not good:
        return ""
    if good < len(acts):
        return _("{count} of {all} decisions carry an electronic signature").format(count=good, all=len(acts))
    if case.rejected:
        return _("every decision above that counts carries an electronic signature; for the others see the remarks")
    return _("every decision above carries an electronic signature")


def _record(case: FormSubject, docs: str) -> dict[str, Any]:
    round_record, lines = case.round_record, len(case.dossier.decisions)
    return {
        "file": f"{docs}/{REVIEWS_DIR}/{case.version.path}.jsonl" if lines else "",
        "first": round_record.submission.line if round_record else 0,
        "last": round_record.last_line if round_record else 0,
        "lines": lines,
        "tip": grouped(case.dossier.head) if lines else "",
    }


def _files(case: FormSubject) -> list[dict[str, Any]]:
    """Return the attachments in the order of the entry, then the other files of its folder, such as pictures."""
    titles = {attachment.file: attachment.title for attachment in case.version.meta.attachments}
    names = [*titles, *(name for name in sorted(case.version.files) if name not in titles)]
    return [
        {"number": number, "title": titles.get(name, ""), "name": name, "size": format_size(case.sizes[name])}
        for number, name in enumerate(names, 1)
    ]


def _source(meta: FrontMatter, policy: Policy) -> str:
    if meta.source in (None, policy.unit.name, policy.unit.short_name):
        return _("original")
    return _("reposted from {source}").format(source=meta.source)


def _document(meta: FrontMatter, policy: Policy) -> dict[str, str]:
    values = asdict(meta.document) if meta.document else {}
    names = ("number", "index", "issued", "issuer", "topic", "validity")
    return {
        name: _when(value, policy) if isinstance(value := values.get(name), date) else value or "" for name in names
    }


def _terms(meta: FrontMatter, policy: Policy) -> Iterator[str]:
    if meta.publish_at:
        yield _("public from {when}").format(when=_when(meta.publish_at, policy))
    if days := meta.public_notice:
        yield _("public notice from {first} to {last}").format(first=day_text(days.first), last=day_text(days.last))
    if meta.expires_at:
        yield _("valid until {when}").format(when=_when(meta.expires_at, policy))
    if meta.event:
        yield _("takes place {when}").format(when=_when(meta.event.start, policy))
    if meta.pinned:
        yield _("kept at the top of lists")


def _when(value: date | datetime, policy: Policy) -> str:
    return time_text(dates.starts_at(value, policy.zone), policy) if isinstance(value, datetime) else day_text(value)
