"""Recognizes the parts of an official document (公文): title, document number, issuer, date, signature.

The layout is that of GB/T 9704-2012: red head, document number, title, addressees, text, list of attachments,
signature, copies. Nothing is guessed: a value is taken only where it stands in its usual place and form.
"""

from __future__ import annotations

from lxml.etree import _Element

from gongshi.importing.document import DocumentFields, Finding
from gongshi.importing.official.blocks import HEADINGS, read_lines, tidy
from gongshi.importing.official.end import end_parts
from gongshi.importing.official.end.signature import mark_signatures, unwrap_signature_table
from gongshi.importing.official.events.event_facts import take_event
from gongshi.importing.official.head import red_head
from gongshi.importing.official.head.title import take_title
from gongshi.importing.official.notice_period import take_notice_period
from gongshi.importing.official.number_headings import close_heading_gaps, mark_numbered_headings
from gongshi.importing.official.recognition import Recognition
from gongshi.importing.official.single_lines import SingleLines
from gongshi.importing.official.table_headers import mark_table_headers


def recognize_parts(
    root: _Element, fields: DocumentFields, has_event: bool = True
) -> tuple[DocumentFields, tuple[Finding, ...]]:
    """Return the values that the text names, and mark its parts in the tree.

    What goes into the front matter is removed from the tree (title, document number); the class `signoff` marks the
    lines of the signature; the class of other parts says how they stand on the page.

    Args:
        root: the blocks described in `document`; changed in place.
        fields: what the reader knows already; it comes before what the text says.
        has_event: True if the entry can name an event with its time and place, False if it can name the period of a
            public notice.
    """
    found = Recognition(fields)
    tidy(root)
    red_head.unwrap_head_table(root)
    single_lines = SingleLines(root)
    red_head.check_secrecy(read_lines(root), found)
    head = red_head.take_red_head(read_lines(root), found)
    take_title(read_lines(root), found)
    close_heading_gaps(read_lines(root))
    end_parts.arrange_list_of_attachments(root)
    end_parts.arrange_copies(root)
    has_headings = any(line.block.tag in HEADINGS for line in read_lines(root))
    unwrap_signature_table(root)
    signed = mark_signatures(read_lines(root), found, head.units)
    signature = None if signed is None else root.index(signed)
    red_head.tell_red_head(head, found)
    end_parts.check_openness(read_lines(root), signature, found)
    labels = end_parts.mark_attached_pages(read_lines(root), signature)
    if not has_headings:
        mark_numbered_headings(read_lines(root), labels)
    mark_table_headers(root)
    if has_event:
        take_event(root, found)
    else:
        take_notice_period(read_lines(root), found)
    single_lines.join_again()
    return found.fields, found.findings
