"""Pictures saved with a page are taken over clean; nothing is fetched, and nothing outside of the page's folder is read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from gongshi.importing.document import ReadDocument
from support.http_server import recording
from support.saved_pages import PARAGRAPHS, data_url, findings_of, picture, plain_page, read_page, wechat_page


def _pictures(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "workspace").iterdir())


def _read(folder: Path, body: str) -> ReadDocument:
    return read_page(folder, plain_page(PARAGRAPHS + body))


@pytest.mark.parametrize(
    ("place", "reference"),
    [
        ("a.jpg", "a.jpg"),
        ("a.jpg", "./a.jpg?v=1#x"),
        ("page_files/a.jpg", "page_files/a.jpg"),
        ("page.files/a b.jpg", "page.files/a%20b.jpg"),
        ("图片_文件/图.jpg", "图片_文件/图.jpg"),
        ("images/2023/a.jpg", "images\\2023\\a.jpg"),
        ("2023年/会议/a.jpg", "x/../2023%E5%B9%B4/会议/a.jpg"),
    ],
)
def test_pictures_of_the_pages_folder_are_taken(place: str, reference: str, tmp_path: Path) -> None:
    """Also those in folders below it: in that which browsers and Word make, and in any other."""
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_bytes(picture())
    document = _read(tmp_path, f'<img src="{reference}" alt="大厅">')
    assert _pictures(tmp_path) == ["picture-1.jpg"]
    assert '<img src="picture-1.jpg" alt="大厅">' in document.html


def test_linked_files_of_the_users_folders_are_not_attached(tmp_path: Path) -> None:
    for folder in ("private", "files"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.pdf").write_bytes(b"%PDF-1.4")
    document = _read(tmp_path, '<a href="private/a.pdf">一</a><a href="files/a.pdf">二</a>')
    assert [each.title for each in document.files] == ["二"]


@pytest.mark.parametrize(
    "reference",
    [
        "../secret.png",
        "..%2fsecret.png",
        "pics/../../secret.png",
        "..\\secret.png",
        "images\\..\\..\\secret.png",
        "FOLDER/secret.png",
        "file://FOLDER/secret.png",
        "file:///FOLDER/secret.png",
        "link.png",
        "images/secret.png",
        "%2F%2FFOLDER/secret.png",
        "%5CFOLDER/secret.png",
        "private/secret.png",
        "a.png%00.jpg",
        "C:\\secret.png",
    ],
)
def test_no_other_file_is_read(reference: str, tmp_path: Path) -> None:
    """Not outside of the folder, and not through symbolic links."""
    (tmp_path / "secret.png").write_bytes(picture(kind="PNG"))
    folder = tmp_path / "pages"
    (folder / "private").mkdir(parents=True)
    (folder / "private" / "secret.png").symlink_to(tmp_path / "secret.png")
    (folder / "pics").mkdir()
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "images").symlink_to(tmp_path)
    written = reference.replace("FOLDER", str(tmp_path))
    document = _read(folder, f'<img src="{written}"><a href="{written}">图</a>')
    assert _pictures(folder) == []
    assert "a picture was not saved with the page" in findings_of(document)


def test_nothing_is_fetched(tmp_path: Path) -> None:
    """Pictures, styles, frames and films on the web are told with their address and place."""
    with recording() as (url, asked):
        document = read_page(
            tmp_path,
            plain_page(
                f'{PARAGRAPHS}<img src="{url}a.png" alt="大厅" srcset="{url}b.png 2x"><img data-src="{url}c.png">'
                f'<iframe src="{url}d.html"></iframe><video src="{url}e.mp4"></video><a href="{url}f.docx">表</a>',
                f'<link rel="stylesheet" href="{url}x.css"><script src="{url}x.js"></script><base href="{url}">',
            ),
        )
    assert asked == []
    told = findings_of(document)
    assert [name for name in ("大厅", "a.png", "c.png", "d.html", "e.mp4", "f.docx") if name not in told] == []
    assert "认真落实，确保春耕生产顺利进行。” | 大厅" in told


def test_lazy_pictures(tmp_path: Path) -> None:
    """The address in `data-src` counts, not the placeholder; a placeholder alone is no picture."""
    (tmp_path / "a.jpg").write_bytes(picture())
    (tmp_path / "loading.gif").write_bytes(picture(kind="GIF"))
    spacer = data_url(picture(1, 1, "GIF"), "image/gif")
    document = _read(
        tmp_path,
        f'<img src="loading.gif" data-original="a.jpg"><img src="{spacer}" data-src="https://mmbiz.qpic.cn/1/640">'
        f'<img src="loading.gif" data-src="https://mmbiz.qpic.cn/2/640"><img src="{spacer}">',
    )
    assert _pictures(tmp_path) == ["picture-1.jpg"]
    assert findings_of(document).count("a picture was not saved") == 2
    assert "https://mmbiz.qpic.cn/2/640" in findings_of(document)


def test_pictures_of_wechat_that_the_browser_saved(tmp_path: Path) -> None:
    """The browser changes `src` only; the picture lies in the folder of the page."""
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "640").write_bytes(picture(kind="WEBP"))
    document = read_page(
        tmp_path,
        wechat_page(
            '<section><img data-src="https://mmbiz.qpic.cn/1/640?wx_fmt=webp" src="./page_files/640"></section>'
        ),
    )
    assert document.html.strip() == '<p><img src="picture-1.webp" alt=""></p>'


def test_pictures_in_the_page_itself(tmp_path: Path) -> None:
    """`data:` addresses are decoded; the same picture is written once."""
    url = data_url(picture(kind="PNG"))
    document = _read(
        tmp_path, f'<img src="{url}"><p><img src="{url}"></p><img src="data:image/png;base64,!!!"><img src="data:,x">'
    )
    assert _pictures(tmp_path) == ["picture-1.png"]
    assert document.html.count("picture-1.png") == 2
    assert findings_of(document).count("a picture cannot be read") == 2


def test_pictures_are_clean(tmp_path: Path) -> None:
    """Without place, camera, comments and thumbnail; upright; not larger than it is shown; in a format of the web."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "SECRET", 6
    exif.get_ifd(0x8825)[2] = (34.0, 1.0, 2.0)
    (tmp_path / "a.jpg").write_bytes(picture(3000, 2000, exif=exif, comment=b"SECRET"))
    (tmp_path / "b.bmp").write_bytes(picture(kind="BMP"))
    (tmp_path / "c.tif").write_bytes(picture(kind="TIFF", colour="red"))
    _read(tmp_path, '<img src="a.jpg"><img src="b.bmp"><img src="c.tif">')
    assert _pictures(tmp_path) == ["picture-1.jpg", "picture-2.png", "picture-3.png"]
    content = (tmp_path / "workspace" / "picture-1.jpg").read_bytes()
    assert b"SECRET" not in content and b"Exif" not in content
    with Image.open(io.BytesIO(content)) as image:
        assert image.size[1] > image.size[0] and max(image.size) <= 2000


def test_drawings_and_damaged_pictures(tmp_path: Path) -> None:
    """A drawing with a script is not taken, nor one that is cut off; both are told."""
    (tmp_path / "a.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><script>x()</script><rect width="9" height="9"/></svg>'
    )
    (tmp_path / "b.png").write_bytes(picture(kind="PNG")[:100])
    document = _read(tmp_path, '<img src="a.svg" alt="图"><img src="b.png" alt="章">')
    assert _pictures(tmp_path) == []
    assert findings_of(document).count("a picture cannot be read") == 2


def test_icons_are_counted(tmp_path: Path) -> None:
    """Icons of file types without a description are left out together; with one, they are pictures."""
    (tmp_path / "i.gif").write_bytes(picture(16, 16, "GIF"))
    document = _read(
        tmp_path, '<p><img src="i.gif">附件</p><p><img src="i.gif">附件</p><p><img src="i.gif" alt="[笑脸]"></p>'
    )
    assert _pictures(tmp_path) == ["picture-1.gif"]
    assert "2 small icons" in findings_of(document)


def test_descriptions(tmp_path: Path) -> None:
    """A file name is no description; quotation marks do no harm."""
    (tmp_path / "a.png").write_bytes(picture(kind="PNG"))
    document = _read(
        tmp_path,
        '<img src="a.png" alt="W020230506.jpg" title="&quot;大厅&quot; onerror=&quot;x"><img src="a.png" alt="640">',
    )
    assert '<img src="picture-1.png" alt="&quot;大厅&quot; onerror=&quot;x">' in document.html
    assert '<img src="picture-1.png" alt="">' in document.html


def test_many_missing_pictures_are_told_together(tmp_path: Path) -> None:
    """Fifty one by one, all others in one finding."""
    document = _read(tmp_path, "".join(f'<img src="https://a.example/{number}.png">' for number in range(200)))
    assert len(document.findings) == 51
    assert "150 more pictures" in findings_of(document)
