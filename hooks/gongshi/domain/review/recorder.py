"""Record an action: approved files, signature, dossier, flag, in this order."""

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
"""Returns the signature of a dossier line, SSHSIG in base64; raises Refused if it cannot sign."""


@dataclass(frozen=True)
class RecordedFiles:
    """Files that an action wrote."""

    record: tuple[Path, ...] = ()
    """Dossier, head and approved files, with those of earlier decisions; none with `assurance: flag`."""
    flagged: bytes | None = None
    """The new content of the Markdown file with its flag; None if the action did not change the file."""
    flag_error: str | None = None
    """The error that prevented setting the flag; the decision counts nevertheless."""


class Recorder:
    """Records actions that passed their checks.

    Args:
        configuration: the unit's configuration.
        archive: the store for decisions and approved files; the caller must hold its lock.
        tree: the content folder.
        sign: makes the signatures of the acting person; None if decisions are not signed.
    """

    def __init__(self, configuration: Configuration, archive: ReviewStore, tree: DocsTree, sign: Sign | None) -> None:
        self._docs = configuration.docs
        self._policy = configuration.policy
        self._archive = archive
        self._tree = tree
        self._sign = sign

    def record(self, path: str, decision: Decision, draft: Draft | None, status: str) -> RecordedFiles:
        """Write approved files, then the dossier, then the flag: a crash in between leaves no half decision.

        Args:
            path: the Markdown file, relative to `docs/`.
            decision: the decision.
            draft: the file as it was checked; None if it is gone.
            status: the new flag of the file.

        Raises:
            Refused: the decision cannot be recorded or signed; it then has no effect.
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
        """Return the decision with its signature, verified in the same way as in a build."""
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
        """Return the file with its new flags, or the error that prevents it.

        Such an error must not stop a return or a withdrawal; for other actions it is raised.
        """
        if draft is None or draft.version is None:
            return None, None
        try:
            return set_review_flags(draft.content, label, status, self._approvers(draft.version, decision)), None
        except InvalidInput as error:
            if self._policy.assurance == "flag" or decision.act not in (Action.RETURN, Action.WITHDRAW):
                raise
            return None, error.problems[0].message

    def _with_files(self, path: str, decision: Decision, approved: bytes, version: Version) -> Decision:
        """Store the approved files and return the decision with their hashes.

        The text is stored as it will be in `docs/` after the last stage has approved.
        """
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
        """Return the new `approved_by` with `assurance: flag`; otherwise None, which leaves it unchanged."""
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
