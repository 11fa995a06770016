"""Drawings of Word files: pictures, texts, charts and diagrams stand at their place, or are told."""

from __future__ import annotations

import pytest

from gongshi.importing.document import FindingKind
from support.word_parts import (
    NAMES,
    Cleaned,
    clean,
    cleaned,
    floating,
    image,
    inline,
    p,
    part,
    pic,
    r,
    row,
    seal,
    text_box,
    word_file,
)

_CENTIMETRE = 360_000
_FRAME = '<a:xfrm {}><a:off x="0" y="0"/><a:ext cx="{}" cy="{}"/></a:xfrm>'.format


def _read(body: str, **pictures: bytes) -> Cleaned:
    """Read a document with pictures, by the ids of their relationships."""
    parts = {f"media/{id}.img": content for id, content in pictures.items()}
    links = {id: ("image", f"media/{id}.img") for id in pictures}
    return clean(word_file(body, parts, links))


def test_pictures_stand_at_their_place_inline_and_floating() -> None:
    body = p("前", inline(pic("a")), "后") + p(floating(pic("b")), "二") + p(r("三"))
    read = _read(body, a=image("blue"), b=image("green"))
    assert read.text == "前[picture-1.png]后\n[picture-2.png]二\n三"
    assert list(read.files) == ["picture-1.png", "picture-2.png"]
    assert not read.findings


def test_a_picture_that_is_shown_twice_is_written_once() -> None:
    read = _read(p(inline(pic("a")), inline(pic("a")), inline(pic("b"))), a=image(), b=image())
    assert read.text == "[picture-1.png]" * 3
    assert len(read.files) == 1


def test_pictures_in_tables_and_footnotes() -> None:
    cell = f"<w:tbl>{row(p(inline(pic('a'))))}</w:tbl>"
    notes = part("footnotes", f'<w:footnote w:id="2">{p("注", inline(pic("n")))}</w:footnote>')
    content = word_file(
        cell + p('<w:r><w:footnoteReference w:id="2"/></w:r>'),
        {"footnotes.xml": notes, "media/a.png": image(), "media/n.png": image("red")},
        {"a": ("image", "media/a.png")},
        {"footnotes.xml": {"n": ("image", "media/n.png")}},
    )
    read = clean(content)
    assert "<td><p><img" in read.html
    assert "注 <img" in read.html.replace("注<img", "注 <img")
    assert len(read.files) == 2


def test_pictures_of_old_programs_are_placed() -> None:
    shape = '<v:shape style="width:40pt;height:20pt" alt="大门"><v:imagedata r:id="a" o:title="CANARY"/></v:shape>'
    read = _read(p("前", f"<w:r><w:pict>{shape}</w:pict></w:r>", "后"), a=image())
    assert read.text == "前[picture-1.png]后"
    assert 'alt="大门"' in read.html
    assert b"CANARY" not in read.everything


def test_grouped_pictures_stand_one_after_the_other() -> None:
    group = f"<wpg:wgp>{pic('a')}<wpg:grpSp>{pic('b')}{text_box(p('说明'))}</wpg:grpSp></wpg:wgp>"
    read = _read(p("前", inline(group)) + p("后"), a=image("blue"), b=image("green"))
    assert read.text == "前[picture-1.png][picture-2.png]\n说明\n后"
    assert ("paragraph 1", "") in read.told(FindingKind.CHECK)
    vml = '<v:group><v:shape><v:imagedata r:id="a"/></v:shape><v:group><v:shape><v:imagedata r:id="b"/></v:shape></v:group></v:group>'
    read = _read(p(f"<w:r><w:pict>{vml}</w:pict></w:r>"), a=image("blue"), b=image("green"))
    assert len(read.files) == 2


def test_the_description_is_kept_if_a_person_wrote_it() -> None:
    assert 'alt="办事大厅 正门"' in _read(p(inline(pic("a"), named='descr="办事大厅&#10;正门"')), a=image()).html
    for junk in (
        "C:\\Users\\wang\\1.jpg",
        "IMG_2026.jpg",
        "7b0a205e676964223a20",
        "图片包含 人员&#10;描述已自动生成",
        "file:///D:/a",
    ):
        read = _read(p(inline(pic("a"), named=f'descr="{junk}"')), a=image())
        assert 'alt=""' in read.html
        assert [each.words for each in read.findings] == [junk.replace("&#10;", "\n")]


def test_the_line_below_a_picture_is_its_caption() -> None:
    picture = p(inline(pic("a")))
    styles = part("styles", '<w:style w:type="paragraph" w:styleId="a5"><w:name w:val="caption"/></w:style>')
    for caption in ("图1 办事大厅", "图 2-1　办事大厅", "图一：大厅", "照片1 大厅", "Figure 3. Hall"):
        read = _read(picture + p(caption) + p("后"), a=image())
        assert f'title="{" ".join(caption.split())}"' in read.html
        assert read.text == "[picture-1.png]\n后"
    content = word_file(
        picture + p("办事大厅", properties='<w:pStyle w:val="a5"/>'),
        {"styles.xml": styles, "media/a.png": image()},
        {"a": ("image", "media/a.png")},
    )
    assert 'title="办事大厅"' in clean(content).html


def test_other_lines_below_a_picture_stay_text() -> None:
    for line in (
        "图1所示为大厅。",
        "图书馆开放时间",
        "图1是大厅，图2是后院",
        "大厅",
        "图1 " + "长" * 80,
        "图3月1日启用",
    ):
        assert line in _read(p(inline(pic("a"))) + p(line), a=image()).text
    for paragraph in (p("文", inline(pic("a"))), p(inline(pic("a")), inline(pic("b")))):
        assert "图1 大厅" in _read(paragraph + p("图1 大厅"), a=image(), b=image("red")).text


def test_a_link_on_a_picture_is_kept_if_it_leads_to_the_web() -> None:
    for address, is_kept in (("https://a.example/", True), ("file:///C:/a", False)):
        drawing = inline(pic("a")).replace(
            '<wp:docPr id="1" name="x" />', '<wp:docPr id="1" name="x"><a:hlinkClick r:id="l"/></wp:docPr>'
        )
        read = clean(
            word_file(
                p(drawing), {"media/a.png": image()}, {"a": ("image", "media/a.png"), "l": ("hyperlink", address, True)}
            )
        )
        assert ('href="https://a.example/"' in read.html) is is_kept
        assert bool(read.findings) is not is_kept


def test_a_seal_is_kept_and_told() -> None:
    size = (4 * _CENTIMETRE, 4 * _CENTIMETRE)
    read = _read(p("青禾镇人民政府", floating(pic("a"), size=size)), a=seal())
    assert read.text == "青禾镇人民政府[picture-1.png]"
    assert (
        "a seal is in the file; if your unit does not publish it, delete its line in the draft, and the picture in its folder picture-1.png"
        in (read.words)
    )
    assert ' class="seal"' in read.html
    for drawing, picture in (
        (floating(pic("a"), size=size), image("blue", (40, 40))),
        (floating(pic("a"), size=(9 * _CENTIMETRE, 9 * _CENTIMETRE)), seal()),
        (floating(pic("a"), size=(4 * _CENTIMETRE, 2 * _CENTIMETRE)), seal()),
        (floating(pic("a"), size=size), image("red", (40, 40))),
    ):
        assert "seal" not in _read(p(drawing), a=picture).words


def test_pictures_have_the_width_that_word_shows_unless_they_are_half_as_wide_as_the_page() -> None:
    photo = image("blue", (1000, 500))
    for width, attribute in ((4, ' width="151"'), (10.4, ' width="393"'), (10.6, "")):
        size = (round(width * _CENTIMETRE), 2 * _CENTIMETRE)
        assert _read(p(inline(pic("a"), size=size)), a=photo).html.count(" width=") == bool(attribute)
        assert f'<img alt="" src="picture-1.png"{attribute} />' in _read(p(inline(pic("a"), size=size)), a=photo).html
    size = (4 * _CENTIMETRE, 2 * _CENTIMETRE)
    assert "width" not in _read(p(inline(pic("a"), size=size)), a=image("blue", (100, 50))).html
    turned = pic("a", _FRAME('rot="5400000"', *size))
    assert 'width="76"' in _read(p(inline(turned, size=size)), a=photo).html


def test_pictures_in_a_group_have_the_width_of_their_part_of_it() -> None:
    frame = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="500" cy="400"/></a:xfrm>'
    units = '<a:xfrm><a:chOff x="0" y="0"/><a:chExt cx="1000" cy="400"/></a:xfrm>'
    group = f"<wpg:wgp><wpg:grpSpPr>{units}</wpg:grpSpPr>{pic('a', frame)}{pic('b')}</wpg:wgp>"
    size = (8 * _CENTIMETRE, 4 * _CENTIMETRE)
    read = _read(p(floating(group, size=size)), a=image("blue", (1000, 1000)), b=seal())
    assert '<img alt="" src="picture-1.png" width="151" />' in read.html
    assert 'class="seal"' in _read(p(floating(group, size=size)), a=seal(), b=image()).html


def test_a_picture_behind_the_text_is_told() -> None:
    assert "behind the text" in _read(p(floating(pic("a"), attributes='behindDoc="1"')), a=image()).words


def test_text_boxes_stand_behind_the_paragraph_to_which_they_are_fixed() -> None:
    body = p("前", inline(text_box(p("盒一") + p("盒二"))), inline(text_box(p("盒三")))) + p("后")
    read = cleaned(body)
    assert read.text == "前\n盒一\n盒二\n盒三\n后"
    assert read.told(FindingKind.CHANGED) == [("paragraph 1", "盒一\n盒二\n盒三")]
    above = floating(text_box(p("盒"))).replace(
        "<wp:extent",
        '<wp:positionV relativeFrom="paragraph"><wp:posOffset>-90000</wp:posOffset></wp:positionV><wp:extent',
    )
    assert cleaned(p("前") + p("中", above)).text == "前\n盒\n中"


def test_text_boxes_of_old_programs_words_in_shapes_and_word_art() -> None:
    box = f'<v:rect style="width:50pt;height:20pt"><v:textbox><w:txbxContent>{p("盒")}</w:txbxContent></v:textbox></v:rect>'
    art = '<v:shape style="width:50pt;height:20pt"><v:textpath string="艺术字"/></v:shape>'
    read = cleaned(p("前", f"<w:r><w:pict>{box}</w:pict></w:r>", f"<w:r><w:pict>{art}</w:pict></w:r>"))
    assert read.text == "前\n盒\n艺术字"
    canvas = (
        "<lc:lockedCanvas><a:sp><a:txBody><a:p><a:r><a:t>画布</a:t></a:r></a:p></a:txBody></a:sp></lc:lockedCanvas>"
    )
    assert cleaned(p("前", inline(canvas))).text == "前\n画布"


def test_a_text_box_with_a_picture_a_table_and_another_text_box() -> None:
    inner = inline(text_box(p("内盒")))
    box = text_box(p("盒", inline(pic("a"))), f"<w:tbl>{row('格')}</w:tbl>", p("文", inner))
    read = _read(p("前", inline(box)) + p("后"), a=image())
    assert read.text == "前\n盒[picture-1.png]\n格\n文\n内盒\n后"


@pytest.mark.parametrize(
    "drawing",
    [
        inline(text_box(p("机密")), named='hidden="1"'),
        inline(text_box(p("机密")), size=(0, 0)),
        inline(text_box(p("机密"), named='<wps:cNvPr id="1" name="a" hidden="1"/>')),
        floating(text_box(p("机密"))).replace(
            "<wp:extent",
            '<wp:positionH relativeFrom="page"><wp:posOffset>99000000</wp:posOffset></wp:positionH><wp:extent',
        ),
        floating(text_box(p("机密"))).replace(
            "<wp:extent",
            '<wp:positionV relativeFrom="page"><wp:posOffset>-9000000</wp:posOffset></wp:positionV><wp:extent',
        ),
        f'<w:r><w:pict><v:rect style="width:50pt;height:20pt;visibility:hidden"><v:textbox><w:txbxContent>{p("机密")}</w:txbxContent></v:textbox></v:rect></w:pict></w:r>',
        f'<w:r><w:pict><v:rect style="position:absolute;margin-left:9000pt;width:50pt;height:20pt"><v:textbox><w:txbxContent>{p("机密")}</w:txbxContent></v:textbox></v:rect></w:pict></w:r>',
    ],
)
def test_text_boxes_that_cannot_be_seen_are_left_out_and_told(drawing: str) -> None:
    read = cleaned(p("前", drawing) + p("后"))
    assert read.text == "前\n后"
    assert read.told(FindingKind.LEFT_OUT) == [("paragraph 1", "机密")]
    assert "机密".encode() not in read.everything


def test_pictures_that_cannot_be_seen_are_left_out_and_told() -> None:
    faded = pic("a").replace('<a:blip r:embed="a"/>', '<a:blip r:embed="a"><a:alphaModFix amt="0"/></a:blip>')
    for drawing in (
        inline(pic("a"), named='hidden="1" descr="图"'),
        inline(faded, named='descr="图"'),
        inline(pic("a"), size=(1, 1), named='descr="图"'),
    ):
        read = _read(p("前", drawing), a=image())
        assert not read.files
        assert read.told(FindingKind.LEFT_OUT) == [("paragraph 1", "图")]


def test_a_text_box_that_grows_with_its_text_is_seen() -> None:
    box = f'<v:shape style="width:50pt;height:.05pt"><v:textbox style="mso-fit-shape-to-text:t"><w:txbxContent>{p("盒")}</w:txbxContent></v:textbox></v:shape>'
    assert "盒" in cleaned(p(f"<w:r><w:pict>{box}</w:pict></w:r>")).text


def test_filled_shapes_are_told_as_they_may_cover_something_lines_are_not() -> None:
    def shape(kind: str, fill: str) -> str:
        frame = _FRAME("", 900, 900)
        return f'<wps:wsp><wps:spPr>{frame}<a:prstGeom prst="{kind}"/>{fill}</wps:spPr></wps:wsp>'

    fill = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
    assert "covers" in cleaned(p("文", inline(shape("rect", fill)))).words
    assert not cleaned(p("文", inline(shape("line", fill)), inline(shape("rect", "<a:noFill/>")))).findings
    line = '<w:r><w:pict><v:line from="0,0" to="400pt,0" strokecolor="red"/></w:pict></w:r>'
    assert not cleaned(p("文", line)).findings


def test_a_chart_becomes_a_table_without_what_is_filtered_out() -> None:
    def series(name: str, values: str, code: str = "General") -> str:
        categories = '<c:strCache><c:pt idx="0"><c:v>一月</c:v></c:pt><c:pt idx="1"><c:v>二月</c:v></c:pt></c:strCache>'
        points = "".join(f'<c:pt idx="{n}"><c:v>{each}</c:v></c:pt>' for n, each in enumerate(values.split()))
        return (
            f'<c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
            f"<c:cat><c:strRef>{categories}</c:strRef></c:cat><c:val><c:numRef><c:numCache><c:formatCode>{code}</c:formatCode>"
            f"{points}</c:numCache></c:numRef></c:val></c:ser>"
        )

    title = "<c:title><c:tx><c:rich><a:p><a:r><a:t>{}</a:t></a:r></a:p></c:rich></c:tx></c:title>".format
    hidden = f"<c:extLst><c:ext><x>{series('CANARY', '1 2')}</x></c:ext></c:extLst>"
    plot = f"<c:barChart>{series('户数', '120 0.30000000000000004')}{series('占比', '0.5 0.125', '0.0%')}{hidden}</c:barChart>"
    chart = f"<c:chartSpace {NAMES}><c:chart>{title('办件量')}<c:plotArea>{plot}<c:catAx>{title('月份')}</c:catAx><c:valAx>{title('单位：件')}</c:valAx></c:plotArea></c:chart></c:chartSpace>"
    content = word_file(
        p("前", inline('<c:chart r:id="c"/>')) + p("后"), {"charts/c.xml": chart}, {"c": ("chart", "charts/c.xml")}
    )
    read = clean(content)
    assert read.text.split("\n") == [
        "前",
        "办件量",
        "单位：件",
        *["月份", "户数", "占比", "一月", "120", "50.0%", "二月", "0.3", "12.5%"],
        "后",
    ]
    assert "<thead>" in read.html and b"CANARY" not in read.everything
    [(place, words)] = read.told(FindingKind.CHANGED)
    assert place == "paragraph 1" and "办件量" in words and "12.5%" in words


def test_a_chart_or_diagram_that_is_missing_is_told() -> None:
    read = cleaned(p("文", inline('<c:chart r:id="none"/>', named='descr="办件量"')))
    assert read.told(FindingKind.LEFT_OUT) == [("paragraph 1", "办件量")]


def test_the_words_of_a_diagram_stand_in_their_order() -> None:
    def point(id: str, text: str, kind: str = "node") -> str:
        return f'<dgm:pt modelId="{id}" type="{kind}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'

    points = (
        point("d", "", "doc")
        + point("3", "三")
        + point("1", "一")
        + point("2", "二")
        + point("9", "散")
        + point("x", "CANARY", "pres")
    )
    links = "".join(
        f'<dgm:cxn srcId="{a}" destId="{b}" srcOrd="{n}"/>'
        for a, b, n in (("d", "1", 0), ("d", "3", 1), ("1", "2", 0), ("3", "1", 0))
    )
    data = f"<dgm:dataModel {NAMES}><dgm:ptLst>{points}</dgm:ptLst><dgm:cxnLst>{links}</dgm:cxnLst></dgm:dataModel>"
    content = word_file(
        p(inline('<dgm:relIds r:dm="d"/>')), {"diagrams/d.xml": data}, {"d": ("diagramData", "diagrams/d.xml")}
    )
    read = clean(content)
    assert read.text == "一\n二\n三\n散"
    assert read.told(FindingKind.CHANGED) == [("paragraph 1", "一\n二\n三\n散")]


def test_pictures_that_are_missing_remote_broken_or_of_other_kinds_are_told() -> None:
    linked = pic("a").replace("r:embed", "r:link")
    remote = clean(word_file(p("前", inline(linked)), None, {"a": ("image", "http://evil.example/a.png", True)}))
    assert remote.told(FindingKind.LEFT_OUT) == [("paragraph 1", "http://evil.example/a.png")]
    assert not remote.files and remote.text == "前"
    embedded = clean(word_file(p("前", inline(pic("a"))), None, {"a": ("image", "file:///C:/a.png", True)}))
    assert embedded.told(FindingKind.LEFT_OUT) == [("paragraph 1", "file:///C:/a.png")]
    for content in (b"", b"no picture", image()[:60], b"%PDF-1.4", b"<svg/>"):
        read = _read(p("前", inline(pic("a"), named='descr="图"')), a=content)
        assert read.told(FindingKind.LEFT_OUT) == [("paragraph 1", "图")]
    assert cleaned(p("前", inline(pic("none")))).told(FindingKind.LEFT_OUT) == [("paragraph 1", "")]


def test_an_svg_picture_gives_its_png() -> None:
    svg = '<a:blip r:embed="a"><a:extLst><a:ext><asvg:svgBlip r:embed="s"/></a:ext></a:extLst></a:blip>'
    both = pic("a").replace('<a:blip r:embed="a"/>', svg)
    read = _read(p(inline(both)), a=image(), s=b"<svg>CANARY</svg>")
    assert list(read.files) == ["picture-1.png"]
    assert b"CANARY" not in read.everything
    alone = _read(p(inline(both.replace('r:embed="a"', ""))), s=b"<svg/>")
    assert "SVG only" in alone.words


def test_an_embedded_object_keeps_its_picture_and_is_told_by_name() -> None:
    shape = '<v:shape style="width:40pt;height:20pt"><v:imagedata r:id="a"/></v:shape>'
    body = p("前", f'<w:r><w:object>{shape}<o:OLEObject ProgID="Package" r:id="o"/></w:object></w:r>')
    stream = b"CANARY\x02\x00" + "名单.xlsx".encode("gbk") + b"\x00C:\\Users\\wang\\a.xlsx\x00\x00\x00\x03\x00"
    content = word_file(
        body,
        {"media/a.png": image(), "embeddings/oleObject1.bin": stream},
        {"a": ("image", "media/a.png"), "o": ("oleObject", "embeddings/oleObject1.bin")},
    )
    read = clean(content)
    assert read.text == "前[picture-1.png]"
    assert read.told(FindingKind.LEFT_OUT) == [("paragraph 1", "名单.xlsx")]
    assert b"CANARY" not in read.everything


def test_macros_controls_remote_templates_and_included_files_are_told() -> None:
    control = '<w:r><w:object><w:control r:id="x" w:name="CommandButton1"/></w:object></w:r>'
    content = word_file(
        p("前", control) + '<w:altChunk r:id="h"/><w:subDoc r:id="s"/>',
        {
            "vbaProject.bin": b"CANARY",
            "a.html": "<p>附上</p><script>CANARY</script>",
            "settings.xml": part("settings", ""),
        },
        {"h": ("aFChunk", "a.html"), "s": ("subDocument", "b.docx", True)},
        {"settings.xml": {"t": ("attachedTemplate", "http://evil.example/t.dotm", True)}},
    )
    read = clean(content)
    assert read.text == "前"
    told = [each.words for each in read.findings]
    assert "macros" in read.findings[0].message
    assert {"CommandButton1", "附上", "b.docx", "http://evil.example/t.dotm"} <= set(told)
    assert b"CANARY" not in read.everything and "CANARY" not in read.words


def test_nothing_of_the_original_pictures_is_handed_on() -> None:
    read = _read(p(inline(pic("a"))), a=image() + b"CANARY", unused=b"CANARY")
    assert b"CANARY" not in read.everything


def test_drawings_of_unknown_kinds_are_told() -> None:
    read = cleaned(p("前", inline('<x xmlns="urn:model"/>', named='descr="模型"'), inline("<wps:cxnSp/>")))
    assert read.told() == [("paragraph 1", "模型")]


def test_a_drawing_within_an_object_is_placed() -> None:
    drawing = inline(pic("a")).removeprefix("<w:r>").removesuffix("</w:r>")
    assert _read(p(f"<w:r><w:object>{drawing}</w:object></w:r>"), a=image()).text == "[picture-1.png]"
