"""`gongshi form`: fill the review form (信息发布审批表) of an entry from its record."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from gongshi import i18n
from gongshi.cli import options
from gongshi.cli.session import REFUSED, Session, print_json, reporting, warn
from gongshi.common.errors import Refused, UsageError, printable
from gongshi.domain.content.paths import url_path
from gongshi.i18n import gettext as _
from gongshi.integrations import libreoffice
from gongshi.reports.form.placeholders import EmptyPart, form_context
from gongshi.reports.form.subject import FormSubject, FormSubjects

_SHIPPED_TEMPLATE = Path(__file__).parents[2] / "templates" / "form.docx"
_OWN_TEMPLATE = "hooks/form.docx"


@click.command(
    help=_(
        "Write the review form of an entry as a Word file, filled from the record: what was approved, by "
        "whom, when. If the entry is under review, the stages still to come are left blank, to be signed "
        "on paper.\n\nTo change the form, copy hooks/gongshi/templates/form.docx to hooks/form.docx and "
        "edit it in Word. Placeholders look like {{ title }}; --json shows every placeholder with its "
        "value."
    )
)
@click.argument("path", metavar="PATH")
@click.option(
    "-o",
    "--output",
    "named",
    metavar="FILE.docx",
    type=click.Path(path_type=Path),
    help=_("The file to write; the default is form-NAME.docx in this folder, with --json none."),
)
@click.option("--pdf", "as_pdf", is_flag=True, help=_("Also write a PDF beside it; this needs LibreOffice."))
@click.option(
    "--template",
    metavar="FILE.docx",
    type=click.Path(path_type=Path),
    help=_("The form to fill; the default is hooks/form.docx, else the one that comes with Gongshi."),
)
@click.option(
    "--round", "number", callback=options.count, metavar="N", help=_("An earlier round, by its number on the form.")
)
@click.option("--digest", metavar="HEX", help=_("The version whose digest begins with HEX."))
@options.force_option
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_obj
def form(
    session: Session,
    path: str,
    named: Path | None,
    as_pdf: bool,
    template: Path | None,
    number: int | None,
    digest: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write the form as a Word file, and as PDF if asked."""
    # Import only here: it loads slowly, and no other command needs it.
    from gongshi.reports.form import word_template

    entry = _entry(session, path)
    template_file, label = _template(session, template)
    content = word_template.read_template(template_file, label)
    case = _case(session, entry, number, digest)
    target = named or _default_target(entry, number, digest)
    options.check_output_path(session, target, (".docx",))
    if target.resolve() == template_file.resolve():
        raise UsageError(_("{file} is the template itself; name another place with -o").format(file=target))
    values = _values(session, case)
    filled = word_template.render_docx(content, label, values, session.now)
    files = {target: filled} if named or as_pdf or not as_json else {}
    pdf, failure = _convert_to_pdf(filled) if as_pdf else (None, None)
    if pdf:
        files[target.with_suffix(".pdf")] = pdf
    options.write_outputs(files, force)
    with reporting(options.names(files)):
        if as_json:
            shown = {name: dict(value) if isinstance(value, EmptyPart) else value for name, value in values.items()}
            print_json({"path": entry, "files": [str(file) for file in files], "pdf_error": failure, "form": shown})
        else:
            for file in files:
                click.echo(printable(str(file)))
    if failure:
        message = _("no PDF: {reason}. {file} is written; open it and save it as PDF")
        warn(message.format(reason=failure, file=printable(str(target))))
        raise SystemExit(REFUSED)


def _entry(session: Session, path: str) -> str:
    named, inside = session.select([path])
    if len(named) + len(inside) != 1:
        raise UsageError(_("{path} is a folder with several entries; name one of them").format(path=printable(path)))
    return [*named, *inside][0]


def _template(session: Session, named: Path | None) -> tuple[Path, str]:
    """Return the template file and its name in messages."""
    if named is not None:
        label = printable(str(named))
        if not named.is_file():
            raise UsageError(_("there is no template {file}").format(file=label))
        return named, label
    own = session.configuration.root / _OWN_TEMPLATE
    return (own, _OWN_TEMPLATE) if os.path.lexists(own) else (_SHIPPED_TEMPLATE, _SHIPPED_TEMPLATE.name)


def _default_target(entry: str, number: int | None, digest: str | None) -> Path:
    """Return the default output file; each entry, round and version has its own."""
    name = url_path(entry).strip("/").replace("/", "-") or "index"
    version = f"-round{number}" if number else f"-{''.join(digest.split())[:12]}" if digest else ""
    return Path(f"form-{name}{version}.docx")


def _case(session: Session, entry: str, number: int | None, digest: str | None) -> FormSubject:
    if number is not None and digest is not None:
        raise UsageError(_("name a round or a digest, not both"))
    cases = FormSubjects(session.configuration, session.tree, entry, session.now)
    try:
        if number is not None:
            return cases.of_round(number)
        return cases.newest() if digest is None else cases.with_digest(digest)
    except Refused as error:
        raise Refused(f"{session.label(entry)}: {error}") from None


def _values(session: Session, case: FormSubject) -> dict[str, Any]:
    policy, settings = session.policy, session.configuration
    site = settings.site_url or (f"https://{policy.unit.domain}" if policy.unit.domain else "")
    with i18n.use_language(policy.language):
        return form_context(case, policy, settings.docs.name, site.rstrip("/") + "/", session.now)


def _convert_to_pdf(filled: bytes) -> tuple[bytes | None, str | None]:
    """Return the form as PDF, or the reason why it could not be converted."""
    try:
        return libreoffice.convert_to_pdf(filled), None
    except Refused as error:
        return None, str(error)
