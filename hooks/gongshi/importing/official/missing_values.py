"""The keys that an editor still has to fill in after an import."""

from __future__ import annotations

from gongshi.importing.document import DocumentFields


def missing_values(fields: DocumentFields, column_kind: str) -> list[str]:
    """Return the keys that the file did not name and that an editor usually fills in, in the order of the front matter.

    Args:
        fields: the values that the file names.
        column_kind: the kind of the column, `announcement` or `activity`.
    """
    usual: dict[str, object] = {"title": fields.title, "summary": None, "tags": None}
    title = fields.title or ""
    if column_kind == "announcement":
        if "公示" in title:
            usual |= {"public_notice.from": fields.notice_from, "public_notice.to": fields.notice_to}
        if any((fields.number, fields.issued, fields.issuer)):
            # Most letters, public notices and announcements have no document number.
            usual |= {"document.issued": fields.issued, "document.issuer": fields.issuer}
    if column_kind == "activity":
        usual |= {"event.start": fields.event_start, "event.place": fields.event_place}
        if fields.event_start is not None:
            usual |= {"event.end": fields.event_end}
    return [key for key, value in usual.items() if value is None]
