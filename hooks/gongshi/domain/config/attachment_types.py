"""Decide which files can be attachments, and explain why another file is refused.

`refusal` is the only place that decides this. The content tree calls it for drafts (`check`, `submit`, `approve`), the
build and `gongshi stage` call it for approved files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.i18n import gettext as _


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OFFICE = "doc docx rtf wps xls xlsx et ppt pptx pps ppsx dps odt ods odp"
DOCUMENTS = "pdf ofd"
TEXTS = "txt csv tsv"
PICTURES = "jpg jpeg jpe jfif png apng gif webp svg"
FILMS = "mp4 m4v mov 3gp 3g2 webm mkv ogv avi"
SOUNDS = "mp3 m4a aac wav flac ogg oga opus weba mka amr"
ARCHIVES = "zip rar 7z tar tgz"
KINDS = _words(" ".join((OFFICE, DOCUMENTS, TEXTS, PICTURES, FILMS, SOUNDS, ARCHIVES)))
"""The extensions of attachments, in lower case, without the dot."""

PLAYED_FILMS = _words("mp4 m4v webm")
PLAYED_SOUNDS = _words("mp3 m4a aac wav flac ogg oga opus weba")
UNPLAYED = _words(f"{FILMS} {SOUNDS}") - PLAYED_FILMS - PLAYED_SOUNDS
"""Extensions of film and sound that browsers do not play, or only few (WHATWG HTML has no list; MDN, Media container
formats)."""
_MEDIA = _words(" ".join((PICTURES, FILMS, SOUNDS)))
_WITH_MEDIA_TYPE = KINDS - _words("et dps wps ofd tsv oga opus weba mka amr apng jfif ogv")
"""Extensions with a media type on every usual server. For others, a server may take the type from an earlier extension
(Apache mod_mime: `et` is also Estonian), or the browser guesses it from the bytes (WHATWG MIME Sniffing, 7.1)."""
_ENCODINGS = _words("gz br zst zstd xz bz2 z lzma lz4 zz deflate dfl")
"""Extensions of compressed copies: servers send these in place of the file without the extension (nginx gzip_static,
Caddy precompressed)."""
_SERVER_HANDLED = lazy_pattern(r"php\d*|phps|pht|phtml?|phar|shtml?|stm|f?cgi|pl|aspx?|asa|jspx?|cfm|var")
"""Extensions that Apache acts on anywhere in a name (mod_mime, "Files with Multiple Extensions"), or IIS before `;`."""
_PAGES = lazy_pattern(r"x?html?|xht|xml|xslt?|mht|mhtml|svgz?")
"""Extensions of web pages: harmless in the middle of a name if the last extension has a media type of its own."""
_ACTIVE = lazy_pattern(
    r".*\.(html?|xhtml?|shtml?|xht|xml|xsl|xslt|js|mjs|cjs|css|wasm|php\d?|phtml|aspx?|jspx?|cgi|exe|dll|bat|cmd|com|msi|scr|ps1|vbs|sh|hta|jar)",
    re.IGNORECASE,
)
"""Names of files that a browser or computer runs."""
_SERVER_SETTINGS = lazy_pattern(
    r"web\.config|.*\.config|_headers|_redirects|_worker(\..*)?|_routes\.json|_config\.(yml|yaml|toml)|cname|"
    r"(vercel|now|firebase|staticwebapp\.config)\.json|(netlify|wrangler)\.toml|(php|user)\.ini|caddyfile|.*\.var"
)
"""Names of files that servers and hosts read as settings instead of sending them."""
_RUNNABLE = _words(
    """
    accde action ade adp air apk app appimage application appref-ms appx asax ascx ashx asmx atom awk bash chm
    class command cpl csh deb desktop diagcab dmg ear egg elf fish fla gadget hlp htc htt htx img inf ins ipa iqy
    iso isp iwy jnlp job jse ksh library-ms lnk lua mde mht mhtml mml mpkg msc msh msix msixbundle msp mst msu oqy
    osx paf pif pkg prg ps1xml ps2 psc1 psd1 psm1 py pyc pyd pyo pyw pyz rb rdf reg rpm rqy rss run sct search-ms
    settingcontent-ms slk so svgz swf sys tcl themepack url vb vbe vbscript vhd vhdx vxd wasm webloc website whl
    workflow ws wsc wsf wsh xap xbap xll xnk xul zsh
    """
)
"""Extensions of files that run when they are opened, besides those of `is_executable_type`."""
_MACRO = _words("docm dotm xlsm xltm xlsb xla xlam pptm potm ppsm ppam sldm")
OTHER_PICTURES = _words(
    """
    ai arw avif bmp cdr cr2 cr3 crw cur dcr dds dib dng emf emz eps erf exr fff heic heif hdr ico iiq indd j2k jng jp2
    jpf jpm jpx jxl jxr kdc kra mef mng mos mrw nef nrw ora orf pbm pcx pct pef pgm pict pnm ppm ps psb psd ptx qoi raf
    raw rw2 rwl sr2 srf srw tga tif tiff wdp wmf wmz x3f xcf
    """
)
_OTHER_FILMS = _words("asf braw divx dv f4v flv insv lrv m2ts m2v mpe mpeg mpg mts mxf ram rm rmvb swf ts vob wmv wtv")
_OTHER_SOUNDS = _words("aif aifc aiff ape au ac3 caf dts m4b m4r mid midi mpc ra snd wma wv")

_HEAD_BYTES = 4096
"""Browsers look at the first 1,445 bytes at most (WHATWG MIME Sniffing, 7)."""
_PAGE = lazy_pattern(
    rb"\s*<(?:\?xml|\?php|%|!--|(?:!doctype|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|"
    rb"link|svg|img|center|form|object|embed)[\s/>])",
    re.IGNORECASE,
)
_MAIL = lazy_pattern(rb"\s*(?:mime-version|content-type):", re.IGNORECASE)
"""The beginning of a web page saved as one file, which Word opens even if it has the name of a document."""
_PROGRAM = lazy_pattern(
    rb"MZ[^\0]{0,62}\0|\x7fELF|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe|#!\s*/|L\0\0\0\x01\x14\x02\0|"
    rb"ITSF\x03|dex\n|\[InternetShortcut\]|Windows Registry Editor|REGEDIT4"
)
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_ZIP_MACROS = (b"vbaproject.bin", b"basic/script-lc.xml", b"/macrosheets/", b"scripts/python/")


class Reason(Enum):
    """The reason why a file cannot be an attachment."""

    SERVER = "server"
    """A server reads the name as something else."""
    RUNS = "runs"
    """It is a web page, script or program by its name."""
    PROGRAM = "program"
    """It is a program or shortcut by its bytes."""
    PAGE = "page"
    """It is a web page by its bytes."""
    MACROS = "macros"
    PICTURE = "picture"
    """A picture of a kind that is not cleaned."""
    FILM = "film"
    SOUND = "sound"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Refusal:
    """A file that cannot be an attachment."""

    reason: Reason
    ending: str
    """The extension of its name, without the dot; empty if it has none."""
    dangerous: bool
    """True for a file that is not published even if it was approved under earlier rules."""


def is_executable_type(name: str) -> bool:
    """Tell whether a visitor's browser or computer would run a file of this name."""
    return bool(_ACTIVE.fullmatch(name))


def refusal(path: str, content: bytes = b"", also: Collection[str] = ()) -> Refusal | None:
    """Decide whether a file can be an attachment; return the reason if not.

    Args:
        path: name of the file, or its path with `/`.
        content: its bytes; empty to judge the name alone.
        also: further extensions that the unit allows, lower case, without the dot.
    """
    *folders, name = path.casefold().split("/")
    stem, _dot, ending = name.rpartition(".")
    written = path.rpartition(".")[2].lower()
    ending = ending if written.isascii() else written
    found = _by_name(folders, name, stem, ending if stem else "", also)
    if found and found.dangerous:
        return found
    return _by_content(ending, content) or found


def _by_name(folders: list[str], name: str, stem: str, ending: str, also: Collection[str]) -> Refusal | None:
    inner = re.split(r"[.;]", stem)[1:]
    if not ending.isascii():
        # `.ſvg` equals `.svg` if case is ignored, but neither servers nor the cleaning of pictures know it.
        return Refusal(Reason.SERVER, ending, dangerous=True)
    if any(is_executable_type(folder) for folder in folders) or is_executable_type(name) or ending in _RUNNABLE:
        return Refusal(Reason.RUNS, ending, dangerous=True)
    if (
        _SERVER_SETTINGS.fullmatch(name)
        or ending in _ENCODINGS
        or any(_is_server_handled(part, ending) for part in inner)
    ):
        return Refusal(Reason.SERVER, ending, dangerous=True)
    if ending in KINDS or ending in also:
        return None
    kinds = {Reason.MACROS: _MACRO, Reason.PICTURE: OTHER_PICTURES, Reason.FILM: _OTHER_FILMS}
    kinds[Reason.SOUND] = _OTHER_SOUNDS
    reason = next((reason for reason, endings in kinds.items() if ending in endings), Reason.UNKNOWN)
    return Refusal(reason, ending, dangerous=False)


def _is_server_handled(inner: str, ending: str) -> bool:
    """Tell whether a server acts on an extension in the middle of a name."""
    inner = inner.strip()
    if _PAGES.fullmatch(inner):
        return ending not in _WITH_MEDIA_TYPE
    return bool(_SERVER_HANDLED.fullmatch(inner))


def _by_content(ending: str, content: bytes) -> Refusal | None:
    head = content[:_HEAD_BYTES]
    text = _text(head)
    if _PROGRAM.match(head) or _PROGRAM.match(text):
        return Refusal(Reason.PROGRAM, ending, dangerous=True)
    # SVG is not refused: it is cleaned before it is published.
    if ending != "svg" and (_PAGE.match(text) or (ending in OFFICE.split() and _MAIL.match(text))):
        return Refusal(Reason.PAGE, ending, dangerous=ending not in _WITH_MEDIA_TYPE)
    if _has_macros(content):
        return Refusal(Reason.MACROS, ending, dangerous=False)
    return None


def _text(head: bytes) -> bytes:
    """Return the beginning of a file without a byte order mark, with UTF-16 converted to UTF-8."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) & ~1].decode("utf-16", "replace").lstrip("\ufeff").encode("utf-8", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")


def _has_macros(content: bytes) -> bool:
    if content.startswith(_OLE):
        return _OLE_MACROS in content
    if not content.startswith(_ZIP):
        return False
    # The names of packed files are before each file and in the list at the end, so a search of all bytes finds them.
    lower = content.lower()
    return any(lower.find(name) >= 0 for name in _ZIP_MACROS)


def is_recorded(path: str) -> bool:
    """Tell whether a file is a picture, film or sound by its name.

    Args:
        path: name of the file, or its path with `/`.
    """
    return path.casefold().rpartition(".")[2] in _MEDIA


def can_be_added(ending: str) -> bool:
    """Tell whether a unit may add a kind of attachment in its configuration.

    Args:
        ending: lower case, without the dot.
    """
    found = refusal(f"x.{ending}")
    return found is None or found.reason is Reason.UNKNOWN


def refusal_text(found: Refusal, also: Iterable[str] = ()) -> str:
    """Say why a file cannot be an attachment, how to mend it, and which kinds can.

    Args:
        found: the refusal.
        also: further extensions that the unit allows.
    """
    why = _reasons()[found.reason].format(ending=f".{found.ending}" if found.ending else _("no ending"))
    groups = [
        (_("office"), OFFICE),
        (_("documents"), DOCUMENTS),
        (_("plain text"), TEXTS),
        (_("pictures"), PICTURES),
        (_("film"), FILMS),
        (_("sound"), SOUNDS),
        (_("archives"), ARCHIVES),
        (_("added in mkdocs.yml"), " ".join(sorted(set(also) - KINDS))),
    ]
    listed = _("; ").join(_("{title}: {endings}").format(title=t, endings=e) for t, e in groups if e)
    return _("{why} Attachments can be – {kinds}.").format(why=why, kinds=listed)


def _reasons() -> dict[Reason, str]:
    return {
        Reason.SERVER: _(
            "a web server may take a file of this name for something else, such as the page itself or its settings; "
            "choose a name with one ordinary ending, or offer it as .zip."
        ),
        Reason.RUNS: _(
            "programs, scripts and web pages cannot be attachments; remove it, or offer its content as .pdf."
        ),
        Reason.PROGRAM: _("its content is a program, script or shortcut, whatever its name says; remove it."),
        Reason.PAGE: _(
            "its content is a web page, whatever its name says (some systems export tables in this way); open it and "
            "save it as a real .xlsx, .docx or .pdf."
        ),
        Reason.MACROS: _("it has macros, which may run when it is opened; save it without them, as .docx or .xlsx."),
        Reason.PICTURE: _(
            "pictures of the kind {ending} cannot be published, as not all browsers show them; convert it to JPEG or "
            "PNG."
        ),
        Reason.FILM: _("places and owners cannot be removed from film of the kind {ending}; convert it to .mp4."),
        Reason.SOUND: _(
            "places and owners cannot be removed from sound of the kind {ending}; convert it to .mp3 or .m4a."
        ),
        Reason.UNKNOWN: _(
            "files of this kind ({ending}) cannot be attachments; offer it as .pdf or .zip, or, if the kind is "
            "harmless, add it to extra.gongshi.attachments in mkdocs.yml."
        ),
    }
