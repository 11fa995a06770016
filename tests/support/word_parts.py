"""Word documents put together from parts in raw XML, and what is left of them after they are cleaned."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape, quoteattr

import mammoth
from lxml import html
from PIL import Image, ImageDraw

from gongshi.importing.document import Finding, FindingKind, RevisionChoice, Workspace
from gongshi.importing.readers.word.cleaning import remove_unseen, replace_objects
from gongshi.importing.readers.word.parts.package import WordPackage
from gongshi.importing.readers.word.parts.package_xml import NAMESPACES
from gongshi.importing.readers.word.pictures.pictures import MetafileRenderer, image_converter

NAMES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"

Link = tuple[str, str] | tuple[str, str, bool]
"""Type and target of a relationship, and whether it leads outside of the file."""


def word_file(
    body: str,
    parts: Mapping[str, str | bytes] | None = None,
    links: Mapping[str, Link] | None = None,
    part_links: Mapping[str, Mapping[str, Link]] | None = None,
) -> bytes:
    """A Word document.

    Args:
        body: the XML of its body, or of paragraphs' content where it begins with no paragraph or table.
        parts: further parts below `word/` by their names. Those that end in `.xml` are related by their names.
        links: further relationships of the main part by their ids.
        part_links: relationships of other parts.
    """
    parts = dict(parts or {})
    known: dict[str, Link] = {name[:-4]: (name[:-4].rstrip("0123456789"), name) for name in parts if _is_related(name)}
    known.update(links or {})
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}content-types"/>',
        "_rels/.rels": _relationships({"main": ("officeDocument", "word/document.xml")}),
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relationships(known),
        **{f"word/{name}": content for name, content in parts.items()},
    }
    for name, found in (part_links or {}).items():
        folder, _slash, base = name.rpartition("/")
        files[f"word/{folder}{'/' if folder else ''}_rels/{base}.rels"] = _relationships(found)
    return zipped(files)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _is_related(name: str) -> bool:
    return name.endswith(".xml") and "/" not in name


def _relationships(links: Mapping[str, Link]) -> str:
    written = "".join(
        f'<Relationship Id="{id}" Type="{TYPES}{link[0]}" Target={quoteattr(link[1])}'
        f"{' TargetMode=' + quoteattr('External') if len(link) > 2 and link[2] else ''}/>"
        for id, link in links.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}relationships">{written}</Relationships>'


def part(kind: str, content: str) -> str:
    """A part with a root element of WordprocessingML, such as `styles` or `hdr`."""
    return f"<w:{kind} {NAMES}>{content}</w:{kind}>"


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*content: str, properties: str = "") -> str:
    """A paragraph of texts, or of XML where it begins with a tag."""
    runs = "".join(each if each.startswith("<") else r(each) for each in content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def table(*rows: str) -> str:
    """A table of rows in XML, or of rows with cells between `|`."""
    return "<w:tbl>" + "".join(each if each.startswith("<") else row(*each.split("|")) for each in rows) + "</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    """A table row."""
    written = "".join(f"<w:tc>{each if each.startswith('<') else p(each)}</w:tc>" for each in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{written}</w:tr>"


def field(code: str, *result: str) -> str:
    """A field with its instruction and what it shows."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    shown = mark("separate") + "".join(each if each.startswith("<") else r(each) for each in result) if result else ""
    return (
        f'{mark("begin")}<w:r><w:instrText xml:space="preserve">{escape(code)}</w:instrText></w:r>{shown}{mark("end")}'
    )


def inline(content: str, uri: str = "picture", named: str = "", size: tuple[int, int] = (1_000_000, 1_000_000)) -> str:
    """A drawing in a line."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{size[0]}" cy="{size[1]}"/><wp:docPr id="1" name="x" {named}/>'
        f'<a:graphic><a:graphicData uri="{uri}">{content}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def floating(
    content: str, named: str = "", attributes: str = "", size: tuple[int, int] = (1_000_000, 1_000_000)
) -> str:
    """A drawing that floats."""
    return (
        f'<w:r><w:drawing><wp:anchor {attributes}><wp:extent cx="{size[0]}" cy="{size[1]}"/>'
        f'<wp:docPr id="1" name="x" {named}/><a:graphic><a:graphicData>{content}</a:graphicData></a:graphic>'
        "</wp:anchor></w:drawing></w:r>"
    )


def pic(id: str = "pic", frame: str = "", crop: str = "", geometry: str = "rect") -> str:
    """A picture in DrawingML."""
    return (
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="y"/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{id}"/>{crop}'
        f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>{frame}<a:prstGeom prst="{geometry}"/></pic:spPr>'
        "</pic:pic>"
    )


def text_box(*paragraphs: str, properties: str = "", named: str = "") -> str:
    """A text box in DrawingML."""
    return (
        f"<wps:wsp>{named}<wps:spPr>{properties}</wps:spPr><wps:txbx><w:txbxContent>{''.join(paragraphs)}"
        "</w:txbxContent></wps:txbx></wps:wsp>"
    )


def image(colour: str = "blue", size: tuple[int, int] = (40, 20), kind: str = "PNG", right: str = "") -> bytes:
    """A picture of one colour, or of two side by side."""
    made = Image.new("RGB", size, colour)
    if right:
        made.paste(Image.new("RGB", (size[0] // 2, size[1]), right), (size[0] - size[0] // 2, 0))
    buffer = io.BytesIO()
    made.save(buffer, kind)
    return buffer.getvalue()


def seal() -> bytes:
    """The picture of a seal: a red ring on transparent ground."""
    made = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(made).ellipse((5, 5, 95, 95), outline=(220, 20, 20, 255), width=5)
    buffer = io.BytesIO()
    made.save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(frozen=True)
class Cleaned:
    """A document after it was cleaned and converted by mammoth."""

    html: str
    findings: tuple[Finding, ...]
    files: dict[str, bytes]
    document: bytes
    """The changed document."""

    @property
    def text(self) -> str:
        """Its blocks, one a line; pictures in square brackets."""
        root = html.fragment_fromstring(self.html, create_parent="div")
        for picture in root.iter("img"):
            picture.tail = f"[{picture.get('src')}]" + (picture.tail or "")
        for each in root.iter("br"):
            each.tail = "/" + (each.tail or "")
        lines = ["".join(each.itertext()) for each in root.iter("p", "li", "h1", "h2")]
        return "\n".join(line.strip() for line in lines if line.strip())

    def told(self, *kinds: FindingKind) -> list[tuple[str, str]]:
        """Place and words of all findings, or of those of some kinds."""
        return [(each.place, each.words) for each in self.findings if not kinds or each.kind in kinds]

    @property
    def words(self) -> str:
        """Everything that is told."""
        return "\n".join(f"{each.message} {each.words}" for each in self.findings)

    @property
    def everything(self) -> bytes:
        """All that could become a part of the entry: HTML, pictures, and the parts that are converted."""
        with zipfile.ZipFile(io.BytesIO(self.document)) as archive:
            parts = [name.encode() + archive.read(name) for name in archive.namelist()]
        return b"\n".join((self.html.encode(), *self.files.values(), *parts))


def clean(
    content: bytes, choice: RevisionChoice = RevisionChoice.ASK, render: MetafileRenderer | None = None
) -> Cleaned:
    """Clean a Word document and convert it."""
    package = WordPackage(content)
    with TemporaryDirectory() as name:
        workspace = Workspace(Path(name))
        unseen = remove_unseen(package, choice)
        files, told = replace_objects(package, workspace, render)
        document = package.to_bytes()
        converted = mammoth.convert_to_html(
            io.BytesIO(document), convert_image=image_converter(workspace), ignore_empty_paragraphs=True
        )
        pictures = {each.name: Path(name, each.name).read_bytes() for each in files}
        assert sorted(each.name for each in Path(name).iterdir()) == sorted(pictures)
    return Cleaned(converted.value, (*unseen, *told), pictures, document)


def cleaned(body: str, choice: RevisionChoice = RevisionChoice.ASK, **parts: str) -> Cleaned:
    """Clean a document with a body and parts such as `styles` in XML."""
    roots = {"header1": "hdr", "footer1": "ftr"}
    return clean(
        word_file(body, {f"{name}.xml": part(roots.get(name, name), xml) for name, xml in parts.items()}), choice
    )
