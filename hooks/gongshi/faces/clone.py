"""Whether this clone lets somebody work: git's identity, keys, and a history that only ever added acts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gongshi.domain.archive import Archive
from gongshi.domain.configuration import Configuration
from gongshi.domain.policy import Person
from gongshi.domain.problem import printable
from gongshi.domain.storage import read_regular
from gongshi.faces import git, ssh
from gongshi.i18n import gettext as _
from gongshi.outputs.examination import Finding, Level

_UNION = ("union", "ours")


def you(configuration: Configuration, today: date) -> Iterator[Finding]:
    """Who the commands take you for, and whether you can sign.

    Args:
        configuration: the unit's configuration.
        today: the day.
    """
    policy, email = configuration.policy, git.value(configuration.root, "user.email")
    person = policy.by_email(email) if email else None
    if not email:
        message = _("git has no user.email here, so each command needs --as")
    elif person is None:
        message = _("git's user.email {email} belongs to nobody in mkdocs.yml, so each command needs --as")
    elif not person.serves(today):
        message = _("git's user.email {email} is that of {person}, who is not in office today")
    else:
        message = _("git's user.email {email} is that of {person}")
    serving = person is not None and person.serves(today)
    text = message.format(email=printable(email or ""), person=person.name if person else "")
    yield Finding("you", Level.FINE if serving else Level.ADVICE, text)
    if policy.signed:
        yield from _key(configuration.root, person, today)


def _key(root: Path, person: Person | None, today: date) -> Iterator[Finding]:
    if shutil.which("ssh-keygen") is None:
        yield Finding("you", Level.ERROR, _("ssh-keygen is not installed; decisions are signed with it"))
        return
    configured = ssh.git_key(root)
    public = ssh.public_of(configured) if isinstance(configured, Path) else configured
    known = set(person.keys_on(today)) if person else set()
    if public in known:
        yield Finding("you", Level.FINE, _("git's user.signingKey is your key"))
    elif configured is not None:
        message = _("git's user.signingKey is not a key that mkdocs.yml gives for you today")
        yield Finding("you", Level.ERROR if person else Level.ADVICE, message)
    elif known & set(ssh.agent_keys()):
        yield Finding("you", Level.FINE, _("the ssh agent holds your key"))
    else:
        message = _("no private key of yours was found in git's user.signingKey or the ssh agent; name it with --key")
        yield Finding("you", Level.ADVICE, message)


def repository(configuration: Configuration) -> Iterator[Finding]:
    """Whether git keeps the record as it is, and whether every act that it ever held is still there.

    Args:
        configuration: the unit's configuration.
    """
    root, archive = configuration.root, Archive(configuration.docs)
    try:
        inside = git.run(root, "rev-parse", "--is-inside-work-tree").returncode == 0
    except OSError:
        yield Finding("repository", Level.ADVICE, _("git is not installed; who changed what is recorded nowhere else"))
        return
    if not inside:
        yield Finding("repository", Level.ADVICE, _("this is no git repository; keep backups of docs/ another way"))
        return
    problems = [*_settings(root, archive), *_conflicts(root, archive), *_lost(root, archive)]
    for message in problems:
        yield Finding("repository", Level.ERROR, message)
    if not problems:
        yield Finding(
            "repository", Level.FINE, _("git keeps the record byte for byte, and no act of its history is missing")
        )
    pending = git.lines(root, "status", "--porcelain", "-uall", "-z", "--", str(archive.folder))
    if pending:
        message = _("{count} files of the record are not committed yet").format(count=len(pending))
        yield Finding("repository", Level.ADVICE, message)
    if git.lines(root, "rev-parse", "--is-shallow-repository")[:1] == ["true"]:
        message = _("this clone has only a part of the history (shallow), so only that part was compared")
        yield Finding("repository", Level.ADVICE, message)


def _settings(root: Path, archive: Archive) -> Iterator[str]:
    probe = str(archive.folder / "announcements" / "x.md.jsonl")
    if git.run(root, "check-ignore", "--quiet", probe).returncode == 0:
        yield _("git ignores docs/.reviews; take the line out of .gitignore, or the record is never committed")
    words = git.lines(root, "check-attr", "-z", "text", "merge", "--", probe)
    values = dict(zip(words[1::3], words[2::3], strict=False))
    if values.get("text") != "unset":
        yield _("git may change line endings of the record; add the line `docs/.reviews/** -text` to .gitattributes")
    if values.get("merge") in _UNION:
        yield _("git is told to merge dossiers by itself; take `merge=…` for docs/.reviews out of .gitattributes")


def _conflicts(root: Path, archive: Archive) -> Iterator[str]:
    unmerged = git.lines(root, "diff", "--name-only", "--diff-filter=U", "-z", "--", str(archive.folder))
    for path in unmerged:
        message = _(
            "{file}: two clones decided the same entry; keep one side whole, dossier and head together "
            "(`git checkout --ours` or `--theirs`), then do the other side's acts again"
        )
        yield message.format(file=printable(path))


def _lost(root: Path, archive: Archive) -> Iterator[str]:
    """Acts that a commit in the history of HEAD held and that the dossiers do not hold any more."""
    told: set[tuple[str, bytes]] = set()
    for path, old in _versions(root, archive):
        try:
            present = read_regular(root / path)
        except OSError:
            present = b""
        if present.startswith(old):
            continue
        kept = set(present.split(b"\n"))
        for line in old.split(b"\n"):
            if line and line not in kept and (path, line) not in told:
                told.add((path, line))
                message = _("{file}: an act that the history holds is missing: {act}; restore it, or do it again")
                yield message.format(file=printable(path), act=_described(line))


def _versions(root: Path, archive: Archive) -> Iterator[tuple[str, bytes]]:
    """Every content that a dossier had in a commit, with its path relative to the repository of mkdocs.yml."""
    words = git.lines(
        root,
        "log",
        "--format=",
        "--raw",
        "--no-abbrev",
        "--no-renames",
        "-m",
        "-z",
        "--relative",
        "--",
        str(archive.folder),
    )
    pairs = zip(words[::2], words[1::2], strict=False)
    wanted = dict.fromkeys(
        (path, fields.split()[3])
        for fields, path in pairs
        if path.endswith(".md.jsonl") and set(fields.split()[3]) != {"0"}
    )
    contents = git.blobs(root, [blob for _path, blob in wanted])
    return ((path, contents[blob]) for path, blob in wanted if blob in contents)


def _described(line: bytes) -> str:
    try:
        act = json.loads(line)
        return printable(" ".join(str(act[key]) for key in ("seq", "act", "by", "at")))
    except (ValueError, KeyError, TypeError):
        return printable(line[:60].decode(errors="replace"))
