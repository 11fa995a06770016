"""Word documents from raw XML, made for a test."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_NAMES: Final = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
_CONTENT: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS: Final = ("styles", "numbering", "footnotes", "endnotes")


def run(text: str, properties: str = "") -> str:
    """A run, with tabs and line breaks as elements."""
    pieces = escape(text).replace("\t", "</w:t><w:tab/><w:t xml:space='preserve'>")
    pieces = pieces.replace("\n", "</w:t><w:br/><w:t xml:space='preserve'>")
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{pieces}</w:t></w:r>"


def paragraph(*content: str, properties: str = "", looks: str = "") -> str:
    """A paragraph of texts, or of XML where it begins with a tag."""
    runs = "".join(each if each.startswith("<") else run(each, looks) for each in content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def styled(style: str, *content: str, looks: str = "") -> str:
    """A paragraph with a style."""
    return paragraph(*content, properties=f"<w:pStyle w:val={quoteattr(style)}/>", looks=looks)


def aligned(side: str, *content: str, looks: str = "") -> str:
    """A paragraph with an alignment."""
    return paragraph(*content, properties=f"<w:jc w:val={quoteattr(side)}/>", looks=looks)


def numbered(number: int, level: int, *content: str) -> str:
    """A paragraph with a number."""
    return paragraph(*content, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def cell(*content: str, properties: str = "") -> str:
    """A table cell of texts, or of XML where it begins with a tag."""
    lines = "".join(each if each.startswith("<") else paragraph(each) for each in content or ("",))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{lines}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """A table row of cells, or of texts."""
    written = "".join(each if each.startswith("<") else cell(each) for each in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{written}</w:tr>"


def table(*rows: str, properties: str = "") -> str:
    """A table."""
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{''.join(rows)}</w:tbl>"


def style(name: str, *, kind: str = "paragraph", based_on: str = "", content: str = "", default: bool = False) -> str:
    """A style whose id is its name without blanks."""
    base = f"<w:basedOn w:val={quoteattr(based_on)}/>" if based_on else ""
    flag = ' w:default="1"' if default else ""
    return (
        f"<w:style w:type={quoteattr(kind)}{flag} w:styleId={quoteattr(name.replace(' ', ''))}>"
        f"<w:name w:val={quoteattr(name)}/>{base}{content}</w:style>"
    )


def level(number: int, kind: str, text: str, *, start: int = 1, more: str = "") -> str:
    """A level of a numbering."""
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}'
        f"<w:lvlText w:val={quoteattr(text)}/></w:lvl>"
    )


def numbering(*definitions: Iterable[str], instances: Mapping[int, tuple[int, str]] | None = None) -> str:
    """Numbering definitions by their levels, and instances of them; one of each definition unless they are given."""
    found = instances or {position + 1: (position, "") for position in range(len(definitions))}
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{position}">{"".join(levels)}</w:abstractNum>'
        for position, levels in enumerate(definitions)
    )
    return abstract + "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{definition}"/>{overrides}</w:num>'
        for number, (definition, overrides) in found.items()
    )


def note(number: int, *content: str) -> str:
    """A footnote with one paragraph for each text."""
    mark = "<w:r><w:footnoteRef/></w:r>"
    return f'<w:footnote w:id="{number}">{"".join(paragraph(mark, " " + each) for each in content)}</w:footnote>'


def word_document(*body: str, links: Mapping[str, str] | None = None, **parts: str) -> bytes:
    """A Word document.

    Args:
        body: the XML of its blocks.
        links: addresses outside by relationship id.
        parts: the content of `styles`, `numbering`, `footnotes` and `endnotes`.
    """
    types, relations, files = "", "", {}
    for name in _PARTS:
        if name in parts:
            types += f'<Override PartName="/word/{name}.xml" ContentType="{_CONTENT}.{name}+xml"/>'
            relations += f'<Relationship Id="{name}" Type="{_R}/{name}" Target="{name}.xml"/>'
            files[f"word/{name}.xml"] = f"<w:{name} {_NAMES}>{parts[name]}</w:{name}>"
    for identity, address in (links or {}).items():
        relations += (
            f'<Relationship Id="{identity}" Type="{_R}/hyperlink" Target={quoteattr(address)} TargetMode="External"/>'
        )
    files["[Content_Types].xml"] = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_CONTENT}.document.main+xml"/>{types}</Types>'
    )
    files["_rels/.rels"] = _relationships(
        f'<Relationship Id="main" Type="{_R}/officeDocument" Target="word/document.xml"/>'
    )
    files["word/_rels/document.xml.rels"] = _relationships(relations)
    files["word/document.xml"] = f"<w:document {_NAMES}><w:body>{''.join(body)}</w:body></w:document>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _relationships(content: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{content}</Relationships>'
