"""Photos as phones store them, and folders of them read by the import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image, ImageColor

from gongshi.importing.document import FindingKind, ReadDocument, ReadOptions, Workspace
from gongshi.importing.readers.photos.reader import read_photos
from support import photos

COLOURS = ("red", "lime", "blue", "yellow", "aqua", "fuchsia", "white", "black", "orange", "purple")


def shot(colour: str = "red", taken: str | None = None, offset: str = "+08:00", **options: Any) -> bytes:
    """A JPEG of one colour.

    Args:
        colour: its colour.
        taken: time in its Exif data, such as `2026:11:26 09:30:12`.
        offset: offset of this time.
        options: `size`, `kind`, and options of Pillow.
    """
    made = Image.Exif()
    if taken:
        details = made.get_ifd(0x8769)
        details[36867], details[36881] = taken, offset
    kind, size = options.pop("kind", "JPEG"), options.pop("size", (600, 400))
    return photos.saved(Image.new("RGB", size, colour), kind, exif=made, **options)


def lay_out(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files into a new folder and return it."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


class Import:
    """A folder of photos that was read.

    Args:
        tmp_path: an empty folder.
        files: the files of the folder.
        name: the name of the folder.
    """

    def __init__(self, tmp_path: Path, files: dict[str, bytes], name: str = "元旦游园会") -> None:
        self.folder = lay_out(tmp_path / "in" / name, files)
        self.workspace = Workspace(tmp_path / "workspace")
        self.document: ReadDocument = self.read()

    def read(self) -> ReadDocument:
        """Read the folder."""
        self.workspace.folder.mkdir()
        return read_photos(self.folder, self.workspace, ReadOptions(language="en"))

    @property
    def names(self) -> list[str]:
        """The names of the files of the entry."""
        return [file.name for file in self.document.files]

    def picture(self, name: str) -> Image.Image:
        """A picture of the entry."""
        with Image.open(self.workspace.folder / name) as image:
            image.load()
            return image

    def colours(self) -> list[str]:
        """The colours of the pictures of the entry in their order, by name."""
        known = {ImageColor.getrgb(name): name for name in COLOURS}

        def nearest(found: Any) -> str:
            return min(known.items(), key=lambda each: sum(abs(a - b) for a, b in zip(each[0], found, strict=True)))[1]

        return [nearest(self.picture(name).convert("RGB").getpixel((9, 9))) for name in self.names]

    def told(self, kind: FindingKind, words: str) -> str:
        """Places and words of the findings of a kind whose message contains words; empty if there is none."""
        found = [each for each in self.document.findings if each.kind is kind and words in each.message]
        return "; ".join(f"{each.place} {each.words}".strip() or each.message for each in found)
