"""Recognizes the kind of a file by its content: systems export web pages as .xls, and people rename files."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Final

from gongshi.common.files import read_file, read_start
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.containers import compound_file

_HEAD_BYTES: Final = 8192
_TYPES_BYTES: Final = 1 << 20
"""The maximum size of a list of content types, unpacked."""

_SIGNATURES: Final = (
    (b"%PDF-", "pdf"),
    (b"{\\rt", "rtf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"\xd7\xcd\xc6\x9a", "wmf"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\0", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"L\0\0\0\x01\x14\x02\0", "program"),
    (b"#!", "program"),
    (b"ID3", "recording"),
    (b"OggS", "recording"),
    (b"fLaC", "recording"),
    (b"\x1aE\xdf\xa3", "recording"),
)
"""The first bytes of files and their kind."""
_BRANDS: Final = {b"avif": "avif", b"avis": "avif"} | dict.fromkeys(
    (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), "heic"
)
"""Brands of pictures in ISO base media files (ISO/IEC 14496-12, 4.3); all others are film and sound."""
_RIFF: Final = {b"WEBP": "webp"}
_MIMETYPES: Final = {"text": "odt", "spreadsheet": "ods", "presentation": "odp", "graphics": "odg"}
"""The last word of the media type of an OpenDocument file (ODF 1.3 part 2, 3.3)."""
_OPENDOCUMENT: Final = lazy_pattern(rb"application/vnd\.oasis\.opendocument\.(\w+)")
_CONTENT_TYPES: Final = (
    (b"sheet.binary", "xlsb"),
    (b"wordprocessingml", "docx"),
    (b"ms-word", "docx"),
    (b"spreadsheetml", "xlsx"),
    (b"ms-excel", "xlsx"),
    (b"presentationml", "pptx"),
    (b"ms-powerpoint", "pptx"),
)
"""Parts of the content type of the main part of an Office file (ECMA-376 part 1, annex C)."""
_MAIN_TYPE: Final = lazy_pattern(rb'ContentType\s*=\s*["\']([^"\'<>]{1,200}?[.+]main\+xml)["\']|(sheet\.binary)')
_STREAMS: Final = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
"""Streams in the root of a compound file (MS-OFFCRYPTO 2.3.2, MS-DOC 2.1, MS-XLS 2.1, MS-PPT 2.1)."""
_PAGE: Final = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|style|script|"
    rb"base|table|div|p|br|center|font|h[1-6]|form|span|section|article|main|ul|ol|frameset|b|i|u|a|img)[\s/>:]",
    re.IGNORECASE,
)
_PAGE_TAG: Final = re.compile(rb"<(?:html|head|body|table|div|p|br)[\s/>]", re.IGNORECASE)
_ARCHIVED_PAGE: Final = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_MAIL: Final = re.compile(rb"[\w-]{2,40}:[ \t]", re.ASCII)
_XML: Final = (
    (b'progid="Word.Document"', "wordxml"),
    (b"schemas.microsoft.com/office/2006/xmlPackage", "wordxml"),
    (b'progid="Excel.Sheet"', "excelxml"),
    (b"urn:schemas-microsoft-com:office:spreadsheet", "excelxml"),
    (b"office.1.0:text", "odt"),
    (b"opendocument.text", "odt"),
    (b"opendocument.spreadsheet", "ods"),
    (b"<svg", "svg"),
)
"""Words at the beginning of XML files of office programs that are not packed."""
_EXPORT_ENDINGS: Final = frozenset(("xls", "et", "xlsx"))
"""Extensions under which systems export tables as text."""
_SEPARATOR: Final = re.compile(rb"[\t,;|]")
_TEXT_ENDINGS: Final = {"csv": "csv", "tsv": "csv", "tab": "csv", "txt": "txt"}
_PAGE_ENDINGS: Final = frozenset(("html", "htm", "shtml", "shtm", "xhtml", "xht", "asp", "aspx", "jsp", "php"))
_KIND_OF_DAMAGED: Final = {
    **dict.fromkeys(("docx", "docm", "dotx", "wps"), "docx"),
    **dict.fromkeys(("xlsx", "xlsm", "xltx", "et"), "xlsx"),
    **{name: name for name in ("pptx", "odt", "ods", "ofd", "pdf")},
}
"""Kinds by extension of damaged files; PDF, too, which is no ZIP archive."""
_OLE_ENDINGS: Final = {
    **dict.fromkeys(("doc", "dot", "wps", "wpt"), "doc"),
    **dict.fromkeys(("xls", "xlt", "et", "ett"), "xls"),
    **dict.fromkeys(("ppt", "dps"), "ppt"),
    **dict.fromkeys(("docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xltm", "pptx"), "protected"),
}
"""Kinds by extension of compound files without a known stream: damaged ones, or protected in a way of one program."""


def detect_kind(path: Path) -> str:
    """Return the kind of a file by its content, in the form of an extension such as `docx`.

    Other results: `archive`, `program`, `recording` (film and sound), `encrypted` (an Office file with a password),
    `protected` (a compound file with the name of an Office file, which would be a ZIP archive), `wordxml` and
    `excelxml` (Office files as plain XML), `mail`, `csv` or `txt` for any text, and `unknown`. A damaged ZIP or
    compound file is what its name says, and so is a text that is named like one.

    Args:
        path: a file.

    Raises:
        UnreadableFileError: it is empty, is no regular file or cannot be read.
    """
    if path.is_dir():
        raise UnreadableFileError(_("this is a folder"))
    try:
        head = read_start(path, _HEAD_BYTES)
    except OSError as error:
        message = _("the file cannot be read ({reason}); import the file itself, not a link or device")
        raise UnreadableFileError(message.format(reason=error.strerror)) from None
    if not head:
        raise UnreadableFileError(_("the file is empty"))
    ending = path.suffix[1:].lower()
    if head.startswith(compound_file.MAGIC):
        return _ole_kind(path, ending)
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path, ending)
    return _by_signature(head) or _text_kind(head, ending)


def _by_signature(head: bytes) -> str | None:
    found = next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None)
    if found == "bmp" and head[6:10] != b"\0\0\0\0":
        # A text that begins with BM.
        return None
    if found is None and head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "recording")
    if found is None and head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "recording")
    if found is None and head[40:44] == b" EMF":
        return "emf"
    if found is None and b"%PDF-" in head[:1024] and b"\0" not in head[:16]:
        return "pdf"
    return found


def _ole_kind(path: Path, ending: str) -> str:
    names = compound_file.root_names(read_file(path))
    return next((kind for stream, kind in _STREAMS if stream in names), _OLE_ENDINGS.get(ending, "unknown"))


def _zip_kind(path: Path, ending: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {each.filename: each for each in archive.infolist()}
            if "[Content_Types].xml" in names:
                return _office_kind(_read_part(archive, names["[Content_Types].xml"])) or _guess(names, ending)
            if "mimetype" in names:
                found = _OPENDOCUMENT.match(_read_part(archive, names["mimetype"]))
                return _MIMETYPES.get(found[1].decode(), "unknown") if found else "unknown"
            return "ofd" if "OFD.xml" in names else "archive"
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        return _KIND_OF_DAMAGED.get(ending, "archive")


def _read_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as file:
        return file.read(_TYPES_BYTES)


def _office_kind(types: bytes) -> str | None:
    for found in _MAIN_TYPE.finditer(types):
        kind = next((kind for word, kind in _CONTENT_TYPES if word in (found[1] or found[2])), None)
        if kind:
            return kind
    return None


def _guess(names: dict[str, zipfile.ZipInfo], ending: str) -> str:
    folders = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
    found = (kind for folder, kind in folders.items() if any(name.startswith(folder) for name in names))
    return next(found, _KIND_OF_DAMAGED.get(ending, "archive"))


def _text_kind(head: bytes, ending: str) -> str:
    text = _ascii(head)
    if text is None:
        # UTF-16 without a mark looks like this; the reader for texts tells.
        return _TEXT_ENDINGS.get(ending, "unknown")
    if ending not in _PAGE_ENDINGS and _MAIL.match(text) and (ending in ("mht", "mhtml", "eml") or _is_mail(text)):
        return "mht" if ending in ("mht", "mhtml") or _ARCHIVED_PAGE.search(text) else "mail"
    if b"<?xml" in text[:100] or text.lstrip()[:1] == b"<":
        xml = next((kind for word, kind in _XML if word in text[:4096]), None)
        # A page of Excel names the same namespace, and a page may begin with a drawing.
        if xml and not _PAGE.match(text):
            return xml
    if ending in _PAGE_ENDINGS or _PAGE.match(text) or (ending in ("doc", "xls", "wps") and _PAGE_TAG.search(text)):
        return "html"
    if ending in _EXPORT_ENDINGS and _SEPARATOR.search(text):
        return "csv"
    return _TEXT_ENDINGS.get(ending) or _KIND_OF_DAMAGED.get(ending) or _OLE_ENDINGS.get(ending) or "txt"


def _is_mail(text: bytes) -> bool:
    start = text[:2048].lower()
    return start.startswith((b"mime-version:", b"from: <saved by", b"received:", b"return-path:")) or (
        b"\nmime-version:" in start and b"\ncontent-type:" in start
    )


def _ascii(head: bytes) -> bytes | None:
    """Return the beginning of a text without a byte order mark, UTF-16 as UTF-8; None for bytes that are no text."""
    codec = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(head[:2])
    if codec is None and head[:1] == b"<" and head[1:2] == b"\0":
        codec = "utf-16-le"
    if codec:
        return head[: len(head) & ~1].decode(codec, "replace").lstrip("\ufeff").encode("utf-8", "replace")
    head = head.removeprefix(b"\xef\xbb\xbf")
    controls = sum(head.count(bytes((each,))) for each in (0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18))
    return None if controls > len(head) // 100 else head
