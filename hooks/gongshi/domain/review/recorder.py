"""An act written down: approved files, signature, dossier, flag, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gongshi.common.errors import InvalidInput, Refused
from gongshi.common.files import read_file, write_atomic
from gongshi.common.hashing import sha256
from gongshi.domain.config.loader import Configuration
from gongshi.domain.content import text_file
from gongshi.domain.content.approved_by import named
from gongshi.domain.content.docs_tree import DocsTree, Draft
from gongshi.domain.content.paths import parent_dir
from gongshi.domain.content.review_flags import set_review_flags
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Action, Decision, Dossier, format_line
from gongshi.domain.records.signatures import is_signed_by_decider
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review.messages import person_name
from gongshi.i18n import gettext as _

Sign = Callable[[bytes], str]
"""Signs a dossier line: SSHSIG in base64; raises Refused where that cannot be done."""


@dataclass(frozen=True)
class RecordedFiles:
    """What an act wrote."""

    record: tuple[Path, ...] = ()
    """Dossier, head and approved files, those of the acts before it too; none where the flag is the decision."""
    flagged: bytes | None = None
    """The Markdown file with its new flag; None where the act did not change it."""
    flag_error: str | None = None
    """Why the flag in the file could not be set; the act counts all the same."""


class Recorder:
    """Writes acts that were found to be allowed.

    Args:
        configuration: the unit's configuration.
        archive: where acts go; its lock must be held.
        tree: the content folder.
        sign: makes the signatures of who acts; None where decisions are not signed.
    """

    def __init__(self, configuration: Configuration, archive: ReviewStore, tree: DocsTree, sign: Sign | None) -> None:
        self._docs = configuration.docs
        self._policy = configuration.policy
        self._archive = archive
        self._tree = tree
        self._sign = sign

    def record(self, path: str, decision: Decision, draft: Draft | None, status: str) -> RecordedFiles:
        """Write objects, then the dossier, then the flag: a crash in between leaves no half decision.

        Args:
            path: the Markdown file, relative to `docs/`.
            decision: the act.
            draft: the file as it was judged; None where it is gone.
            status: the flag that the file shall have.

        Raises:
            Refused: the act cannot be written or signed; nothing counts then.
        """
        label = self._tree.label(path)
        flagged, flag_error = self._flagged(label, decision, draft, status)
        record: list[Path] = []
        if self._policy.assurance == "seal":
            if decision.act in (Action.APPROVE, Action.URGENT):
                assert draft is not None and draft.version is not None
                approved = set_review_flags(draft.content, label, "approved")
                decision = self._with_files(path, decision, approved, draft.version)
            dossier = self._archive.read_dossier(path)
            record = self._archive.files_of(self._archive.append(dossier, self._signed(dossier, decision)))
        elif flagged is None:
            raise Refused(_("the file is gone, and with assurance: flag the file holds the decision; restore it first"))
        is_written = False
        if flagged is not None and draft is not None:
            try:
                is_written = self._write_flag(path, draft.content, flagged)
            except OSError as error:
                if self._policy.assurance == "flag":
                    raise
                flag_error = error.strerror
        return RecordedFiles(tuple(record), flagged if is_written else None, flag_error)

    def _signed(self, dossier: Dossier, decision: Decision) -> Decision:
        """The act with the signature of who acts, looked at as a build will."""
        if self._sign is None:
            if self._policy.signed:
                raise Refused(_("decisions are signed here; name your private key with --key"))
            return decision
        decision = replace(decision, unit=self._policy.identity)
        line = format_line(dossier, decision)
        signed = replace(decision, signature=self._sign(line), signed=line)
        if not is_signed_by_decider(signed, self._policy):
            message = _("this key is not one that mkdocs.yml gives for {person} today (people.{id}.key)")
            raise Refused(message.format(person=person_name(decision.by, self._policy), id=decision.by))
        return signed

    def _flagged(
        self, label: str, decision: Decision, draft: Draft | None, status: str
    ) -> tuple[bytes | None, str | None]:
        """The file with its new flags, or why it cannot have them: that must not hold up a return or a withdrawal."""
        if draft is None or draft.version is None:
            return None, None
        try:
            return set_review_flags(draft.content, label, status, self._approvers(draft.version, decision)), None
        except InvalidInput as error:
            if self._policy.assurance == "flag" or decision.act not in (Action.RETURN, Action.WITHDRAW):
                raise
            return None, error.problems[0].message

    def _with_files(self, path: str, decision: Decision, approved: bytes, version: Version) -> Decision:
        """Keep the approved files; the text as it will stand in `docs/` once the last stage has approved."""
        text = text_file.decode_markdown(approved, path).encode()
        files = {path.rsplit("/", 1)[-1]: self._archive.put_object(text)}
        folder = self._docs / parent_dir(path)
        for name, digest in version.files.items():
            content = read_file(folder / name)
            if sha256(content) != digest:
                raise Refused(_("{file} was changed at this moment; look at it and try again").format(file=name))
            files[name] = self._archive.put_object(content)
        return replace(decision, files=files)

    def _approvers(self, version: Version, decision: Decision) -> Mapping[str, str] | None:
        """`approved_by` after the act, where the flag is the decision; else None, which leaves it alone."""
        if self._policy.assurance != "flag":
            return None
        if decision.act is Action.WITHDRAW:
            return {self._policy.withdraw_role: decision.by}
        if decision.act is not Action.APPROVE:
            return {}
        before = {found.stage: found.person for found in named(version.meta.approved_by, decision.chain, self._policy)}
        stages = {**before, str(decision.stage): decision.by}
        return {stage: stages[stage] for stage in (*decision.chain, *stages) if stage in stages}

    def _write_flag(self, path: str, before: bytes, after: bytes) -> bool:
        file = self._docs / path
        if after == before or read_file(file) != before:
            return False
        write_atomic(file, after)
        return True
