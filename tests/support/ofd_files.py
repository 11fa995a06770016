"""OFD files written for a test, in raw XML (GB/T 33190-2016)."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from html import escape

MM = 25.4 / 72
"""Millimetres for a point."""
_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def is_wide(character: str) -> bool:
    return character >= "\u2e80" or character in "“”‘’…—"


@dataclass
class OfdPage:
    """A page of A4; places are in points from its upper left corner."""

    objects: list[str] = field(default_factory=list)
    template: str = ""

    def text(self, x: float, top: float, words: str, size: float = 16, attributes: str = "", inside: str = "") -> None:
        """Draw words from left to right."""
        steps = [size if is_wide(each) else size / 2 for each in words]
        deltas = " ".join(f"{step * MM:.3f}" for step in steps[:-1])
        self.objects.append(
            f'<ofd:TextObject ID="{len(self.objects) + 100}" Boundary="{x * MM:.3f} {top * MM:.3f} {sum(steps) * MM:.3f} '
            f'{size * MM:.3f}" Font="3" Size="{size * MM:.3f}" {attributes}>{inside}'
            f'<ofd:TextCode X="0" Y="{0.85 * size * MM:.3f}" DeltaX="{deltas}">{escape(words)}</ofd:TextCode></ofd:TextObject>'
        )

    def centred(self, top: float, words: str, size: float = 16) -> None:
        """Draw words in the middle of the page."""
        width = sum(size if is_wide(each) else size / 2 for each in words)
        self.text((595 - width) / 2, top, words, size)

    def paragraph(self, top: float, words: str, size: float = 16, indent: int = 2) -> float:
        """Draw a paragraph, its lines filled as far as they go, and return where the next one begins."""
        line, x = "", 90 + indent * size
        start = x
        for letter in words:
            step = size if is_wide(letter) else size / 2
            if x + step > 506.01:
                self.text(start, top, line, size)
                line, x, start, top = "", 90, 90, top + 28
            line += letter
            x += step
        self.text(start, top, line, size)
        return top + 28

    def line(self, x0: float, top: float, x1: float, bottom: float) -> None:
        self._path(x0, top, x1, bottom, f"M 0 0 L {(x1 - x0) * MM:.3f} {(bottom - top) * MM:.3f}", "")

    def area(self, x0: float, top: float, x1: float, bottom: float, colour: str = "0 0 0") -> None:
        width, height = (x1 - x0) * MM, (bottom - top) * MM
        data = f"M 0 0 L {width:.3f} 0 L {width:.3f} {height:.3f} L 0 {height:.3f} C"
        self._path(x0, top, x1, bottom, data, f'<ofd:FillColor Value="{colour}"/>', 'Fill="true" Stroke="false"')

    def _path(
        self, x0: float, top: float, x1: float, bottom: float, data: str, inside: str, attributes: str = ""
    ) -> None:
        self.objects.append(
            f'<ofd:PathObject ID="{len(self.objects) + 100}" Boundary="{x0 * MM:.3f} {top * MM:.3f} {(x1 - x0) * MM:.3f} '
            f'{(bottom - top) * MM:.3f}" {attributes}>{inside}<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>'
        )

    def image(self, x0: float, top: float, x1: float, bottom: float, resource: int) -> None:
        width, height = (x1 - x0) * MM, (bottom - top) * MM
        self.objects.append(
            f'<ofd:ImageObject ID="{len(self.objects) + 100}" Boundary="{x0 * MM:.3f} {top * MM:.3f} {width:.3f} {height:.3f}" '
            f'CTM="{width:.3f} 0 0 {height:.3f} 0 0" ResourceID="{resource}"/>'
        )

    def xml(self, with_template: bool) -> str:
        template = '<ofd:Template TemplateID="2" ZOrder="Background"/>' if with_template else ""
        layer = f'<ofd:Layer ID="50" Type="Body">{"".join(self.objects)}</ofd:Layer>'
        return f"<ofd:Page {_SPACE}>{template}<ofd:Content>{layer}</ofd:Content></ofd:Page>"


def ofd(
    *pages: OfdPage,
    template: OfdPage | None = None,
    info: str = "<ofd:DocID>1</ofd:DocID>",
    body: str = "",
    root: str = "",
    images: dict[int, bytes] | None = None,
    parts: dict[str, str | bytes] | None = None,
) -> bytes:
    """An OFD file. `body` is added to DocBody, `root` to Document, and `parts` to the archive."""
    media = "".join(
        f'<ofd:MultiMedia ID="{number}" Type="Image"><ofd:MediaFile>image{number}.png</ofd:MediaFile></ofd:MultiMedia>'
        for number in images or {}
    )
    listed = "".join(
        f'<ofd:Page ID="{number}" BaseLoc="Pages/Page_{number}/Content.xml"/>' for number in range(1, len(pages) + 1)
    )
    named = '<ofd:TemplatePage ID="2" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    files: dict[str, str | bytes] = {
        "OFD.xml": f'<ofd:OFD {_SPACE} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo>{info}</ofd:DocInfo>'
        f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{body}</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_SPACE}><ofd:CommonData><ofd:MaxUnitID>999</ofd:MaxUnitID><ofd:PageArea>"
        f"<ofd:PhysicalBox>0 0 {595 * MM} {842 * MM}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml"
        f"</ofd:PublicRes>{named}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{root}</ofd:Document>",
        "Doc_0/PublicRes.xml": f'<ofd:Res {_SPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="SimSun"/></ofd:Fonts>'
        f"<ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>",
    }
    for number, page in enumerate(pages, 1):
        files[f"Doc_0/Pages/Page_{number}/Content.xml"] = page.xml(template is not None)
    if template:
        files["Doc_0/Tpls/Tpl_0/Content.xml"] = template.xml(False)
    for number, picture in (images or {}).items():
        files[f"Doc_0/Res/image{number}.png"] = picture
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, **(parts or {})}.items():
            archive.writestr(name, content)
    return buffer.getvalue()
