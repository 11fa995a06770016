"""Editors are told before approval that an office file or PDF names a person or holds a photo with a place."""

from __future__ import annotations

import io
import zipfile

import pytest

from gongshi.site.media.document_metadata import advice
from support import photos
from support.unit import UnitUnderTest

CORE = "<cp:coreProperties><dc:creator>{}</dc:creator><cp:lastModifiedBy>Li Na</cp:lastModifiedBy></cp:coreProperties>"


def zipped(**parts: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_jpg", ".jpg"), content)
    return buffer.getvalue()


NAMED = {
    "docx": zipped(docProps__core_xml=CORE.format("Wang Wei")),
    "odt": zipped(meta_xml="<office:meta><meta:initial-creator>Wang Wei</meta:initial-creator></office:meta>"),
    "ofd": zipped(OFD_xml="<ofd:OFD><ofd:DocInfo><ofd:Author>Wang Wei</ofd:Author></ofd:DocInfo></ofd:OFD>"),
    "pdf": b"%PDF-1.7 << /Author (Wang Wei) >>",
    "pdf in octal": b"%PDF-1.7 << /Author (\\376\\377\\000W\\000a\\000n\\000g\\000 \\000W\\000e\\000i) >>",
    "pdf in hexadecimal": b"%PDF-1.7 /Author <FEFF00570061006E00670020005700650069>",
    "pdf in XMP": b"%PDF-1.7 <dc:creator><rdf:Seq><rdf:li>Wang Wei</rdf:li></rdf:Seq></dc:creator>",
}


@pytest.mark.parametrize("kind", NAMED)
def test_who_wrote_it(kind: str) -> None:
    """The name is told; the unit's own name is none to tell."""
    told = list(advice(NAMED[kind], []))
    assert len(told) == 1 and "Wang Wei" in told[0] and ("Li Na" in told[0]) == (kind == "docx")
    assert list(advice(NAMED[kind], ["Wang Wei", "li na"])) == []


@pytest.mark.parametrize(
    "content",
    [
        zipped(word__media__image1_jpg=photos.jpeg(photos.gradient())),
        zipped(Pictures__1_jpg=photos.jpeg(photos.gradient())),
        b"%PDF-1.7 stream\n" + photos.jpeg(photos.gradient()) + b"endstream",
    ],
)
def test_where_its_photos_were_taken(content: bytes) -> None:
    """A photo that lies in the file as the camera made it is found."""
    told = list(advice(content, []))
    assert len(told) == 1 and "holds where it was taken" in told[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"PK\x03\x04", b"PK\x03\x04" + bytes(400), b"%PDF-1.7", NAMED["docx"][:90]],
    # A ZIP archive has the time in it, so the bytes would give another name in each process.
    ids=["empty", "letter", "zip", "zeros", "pdf", "cut docx"],
)
def test_nothing_to_tell(content: bytes) -> None:
    """Other and damaged files are no reason for advice, nor to stop."""
    assert list(advice(content, [])) == []


def test_check_tells_it(unit: UnitUnderTest) -> None:
    """It is advice: the entry can be submitted as it is."""
    unit.write("announcements/b/index.md")
    unit.write("announcements/b/form.docx", NAMED["docx"])
    result = unit.gongshi("check")
    assert result.exit_code == 0
    assert "docs/announcements/b/form.docx: the document names who wrote or saved it (Wang Wei, Li Na)" in result.output
