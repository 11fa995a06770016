"""PDF files written for a test, object by object, so that each thing in them is known.

Their font is one of filled squares (Type 3), which looks the same on every machine: no installed font is needed.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842
BLACK, WHITE, RED, GREY = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.9, 0.1, 0.1), (0.8, 0.8, 0.8)
Colour = tuple[float, float, float]


def is_wide(character: str) -> bool:
    return character >= "\u2e80" or character in "“”‘’…—"


@dataclass
class PdfPage:
    """A page; places are in points from its upper left corner."""

    width: float = WIDTH
    height: float = HEIGHT
    rotate: int = 0
    crop: tuple[float, float, float, float] | None = None
    """The shown part: left, bottom, right, top in the places of PDF."""
    content: list[str] = field(default_factory=list)
    letters: dict[str, int] = field(default_factory=dict)
    images: list[tuple[int, int, bytes, str]] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)

    def text(
        self,
        x: float,
        top: float,
        words: str,
        size: float = 16,
        colour: Colour = BLACK,
        mode: int = 0,
        bold: bool = False,
        matrix: str = "1 0 0 1",
        font: str = "",
    ) -> float:
        """Draw words from left to right, and return where they end."""
        codes = "".join(f"{self._code(each):02x}" for each in words)
        name = font or ("B" if bold else "F")
        paint = " ".join(map(str, colour))
        self.content.append(
            f"BT {paint} rg {mode} Tr /{name} {size} Tf {matrix} {x:.2f} {self.height - top - 0.85 * size:.2f} Tm <{codes}> Tj ET"
        )
        return x + sum(size if is_wide(each) else size / 2 for each in words)

    def centred(self, top: float, words: str, size: float = 16, **options: object) -> None:
        """Draw words in the middle of the page."""
        width = sum(size if is_wide(each) else size / 2 for each in words)
        self.text((self.width - width) / 2, top, words, size, **options)  # type: ignore[arg-type]

    def paragraph(
        self,
        top: float,
        words: str,
        size: float = 16,
        left: float = 90,
        right: float = 506,
        indent: int = 2,
        pitch: float = 28,
    ) -> float:
        """Draw a paragraph with an indent, its lines filled as far as they go, and return where the next one begins."""
        line, x = "", left + indent * size
        start = x
        for letter in words:
            step = size if is_wide(letter) else size / 2
            if x + step > right + 0.01:
                self.text(start, top, line, size)
                line, x, start, top = "", left, left, top + pitch
            line += letter
            x += step
        self.text(start, top, line, size)
        return top + pitch

    def _code(self, letter: str) -> int:
        return self.letters.setdefault(letter, len(self.letters) + 1)

    def line(self, x0: float, top: float, x1: float, bottom: float, colour: Colour = BLACK) -> None:
        paint = " ".join(map(str, colour))
        self.content.append(f"{paint} RG 0.5 w {x0} {self.height - top} m {x1} {self.height - bottom} l S")

    def area(self, x0: float, top: float, x1: float, bottom: float, colour: Colour = BLACK) -> None:
        paint = " ".join(map(str, colour))
        self.content.append(f"{paint} rg {x0} {self.height - bottom} {x1 - x0} {bottom - top} re f")

    def table(self, x: Sequence[float], y: Sequence[float], rows: Sequence[Sequence[str]], size: float = 12) -> None:
        """Draw a table with all lines; the text of a cell may have several lines."""
        for place in x:
            self.line(place, y[0], place, y[-1])
        for place in y:
            self.line(x[0], place, x[-1], place)
        for top, row in zip(y, rows, strict=False):
            for left, words in zip(x, row, strict=False):
                for number, line in enumerate(words.split("\n")):
                    self.text(left + 4, top + 4 + number * 1.3 * size, line, size)

    def image(
        self,
        x0: float,
        top: float,
        x1: float,
        bottom: float,
        width: int,
        height: int,
        pixels: bytes,
        coding: str = "FlateDecode",
    ) -> None:
        """Draw a picture of RGB pixels, or a JPEG with the coding DCTDecode."""
        self.images.append((width, height, pixels, coding))
        self.content.append(f"q {x1 - x0} 0 0 {bottom - top} {x0} {self.height - bottom} cm /I{len(self.images)} Do Q")


def pdf(
    *pages: PdfPage,
    info: dict[str, str] | None = None,
    catalog: str = "",
    extra: Sequence[bytes] = (),
    with_unicode: bool = True,
) -> bytes:
    """A PDF. Extra objects have the numbers from 3 on; `catalog` may name them."""
    writer = _Writer()
    writer.add(b"")
    writer.add(b"")
    for body in extra:
        writer.add(body)
    kids = [_add_page(writer, page, with_unicode) for page in pages]
    writer.objects[0] = f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode()
    writer.objects[1] = (
        f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>".encode()
    )
    entry = ""
    if info:
        values = " ".join(f"/{key} <feff{value.encode('utf-16-be').hex()}>" for key, value in info.items())
        entry = f"/Info {writer.add(f'<< {values} >>'.encode())} 0 R"
    return writer.to_bytes(entry)


class _Writer:
    def __init__(self) -> None:
        self.objects: list[bytes] = []

    def add(self, body: bytes) -> int:
        self.objects.append(body)
        return len(self.objects)

    def stream(self, content: bytes, entries: str = "", coding: str = "FlateDecode") -> int:
        packed = zlib.compress(content) if coding == "FlateDecode" else content
        head = f"<< /Length {len(packed)} /Filter /{coding} {entries} >>\nstream\n".encode()
        return self.add(head + packed + b"\nendstream")

    def to_bytes(self, entry: str) -> bytes:
        content, places = b"%PDF-1.7\n", []
        for number, body in enumerate(self.objects, 1):
            places.append(len(content))
            content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        trailer = f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R {entry} >>\nstartxref\n{len(content)}\n%%EOF\n"
        return content + b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + table + trailer.encode()


def _add_page(writer: _Writer, page: PdfPage, with_unicode: bool) -> int:
    fonts = {name: _add_font(writer, page, with_unicode, name) for name in ("F", "B", "H")}
    images = [
        writer.stream(
            pixels,
            f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8",
            coding,
        )
        for width, height, pixels, coding in page.images
    ]
    content = writer.stream("\n".join(page.content).encode("ascii"))
    font_names = " ".join(f"/{name} {number} 0 R" for name, number in fonts.items())
    image_names = " ".join(f"/I{number} {image} 0 R" for number, image in enumerate(images, 1))
    crop = f"/CropBox [{' '.join(map(str, page.crop))}]" if page.crop else ""
    return writer.add(
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] {crop} /Rotate {page.rotate} "
        f"/Contents {content} 0 R /Annots [{' '.join(page.annotations)}] "
        f"/Resources << /Font << {font_names} >> /XObject << {image_names} >> {' '.join(page.blocked)} >> >>".encode()
    )


def _add_font(writer: _Writer, page: PdfPage, with_unicode: bool, name: str) -> int:
    """Add a font whose letters are squares, with the name of a usual one."""
    names = {"F": "SimSun", "B": "SimSun-Bold", "H": "SimHei"}
    full = writer.stream(b"1000 0 0 -100 950 800 d1 50 -50 900 800 re f")
    half = writer.stream(b"500 0 0 -100 450 800 d1 50 -50 400 800 re f")
    blank = writer.stream(b"500 0 0 0 0 0 d1")
    procedures, differences, widths = [], [], []
    for letter, code in page.letters.items():
        procedure = blank if letter == " " else full if is_wide(letter) else half
        procedures.append(f"/g{code} {procedure} 0 R")
        differences.append(f"{code} /g{code}")
        widths.append("1000" if is_wide(letter) else "500")
    unicode = f"/ToUnicode {_add_map(writer, page)} 0 R" if with_unicode else ""
    descriptor = writer.add(
        f"<< /Type /FontDescriptor /FontName /{names[name]} /Flags {262176 if name == 'B' else 32} >>".encode()
    )
    return writer.add(
        f"<< /Type /Font /Subtype /Type3 /Name /{names[name]} /FontBBox [0 -100 1000 900] /FontMatrix [0.001 0 0 0.001 0 0] "
        f"/CharProcs << {' '.join(procedures)} >> /Encoding << /Type /Encoding /Differences [{' '.join(differences)}] >> "
        f"/FirstChar 1 /LastChar {len(page.letters) or 1} /Widths [{' '.join(widths)}] /FontDescriptor {descriptor} 0 R "
        f"/Resources << >> {unicode} >>".encode()
    )


def _add_map(writer: _Writer, page: PdfPage) -> int:
    lines = "\n".join(f"<{code:02x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in page.letters.items())
    return writer.stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /M def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        + f"{len(page.letters)} beginbfchar\n{lines}\nendbfchar\n".encode()
        + b"endcmap end end"
    )
