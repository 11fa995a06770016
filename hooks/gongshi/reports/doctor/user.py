"""Check the user of this clone: git's identity and the keys for signing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gongshi.common.errors import UsageError, printable
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Person
from gongshi.i18n import gettext as _
from gongshi.integrations import git, openssh
from gongshi.reports.doctor.unit import HealthFinding, Level


def check_user(configuration: Configuration, today: date) -> Iterator[HealthFinding]:
    """Check whom the commands take the user for, and that this person can sign.

    Args:
        configuration: the unit's configuration.
        today: the day.
    """
    policy = configuration.policy
    try:
        email = git.value(configuration.root, "user.email")
        person = policy.by_email(email) if email else None
        yield _identity(email, person, today)
        if policy.signed:
            yield _key(configuration.root, person, today)
    except git.GitError as error:
        yield HealthFinding("you", Level.ERROR, str(error))


def _identity(email: str | None, person: Person | None, today: date) -> HealthFinding:
    if not email:
        message = _("git has no user.email here; set it, or write --as with each command")
    elif person is None:
        message = _(
            "git's user.email {email} belongs to nobody in mkdocs.yml; add it there, or write --as with each command"
        )
    elif not person.in_office_on(today):
        message = _("git's user.email {email} is that of {person}, who is not in office today")
    else:
        message = _("git's user.email {email} is that of {person}")
    serving = person is not None and person.in_office_on(today)
    text = message.format(email=printable(email or ""), person=person.name if person else "")
    return HealthFinding("you", Level.FINE if serving else Level.ADVICE, text)


def _key(root: Path, person: Person | None, today: date) -> HealthFinding:
    if shutil.which("ssh-keygen") is None:
        return HealthFinding(
            "you", Level.ERROR, _("ssh-keygen is not installed; install OpenSSH, as decisions are signed with it")
        )
    known = person.keys_on(today) if person else ()
    named = openssh.git_key(root)
    try:
        key = openssh.key_of(root, known)
    except UsageError as error:
        # What git names is meant to work; else the key may be named with each command.
        return HealthFinding("you", Level.ERROR if person and named else Level.ADVICE, str(error))
    if key != named:
        return HealthFinding("you", Level.FINE, _("the ssh agent holds your key"))
    public = openssh.public_of(key) if isinstance(key, Path) else key
    if public in known:
        return HealthFinding("you", Level.FINE, _("git's user.signingKey is your key"))
    message = _("git's user.signingKey is not a key that mkdocs.yml gives for you today")
    return HealthFinding("you", Level.ERROR if person else Level.ADVICE, message)
