"""Draws the form that comes along: `python tests/support/shipped_form.py` writes hooks/gongshi/templates/form.docx.

A unit draws its own in Word; this is how the shipped one was made, so that each change of it can be read.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

TEMPLATE = Path(__file__).resolve().parents[2] / "hooks" / "gongshi" / "templates" / "form.docx"

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_COLUMNS = (1644, 2948, 1644, 2948)
"""Widths in twentieths of a point: 16.2 cm between margins of 2.4 cm on A4."""
_WIDE = sum(_COLUMNS[1:])

_SIDES = ("top", "left", "bottom", "right")

# Font of Chinese, font of Latin, size in half points, more properties of the run, properties of the paragraph.
_STYLES = {
    "FormUnit": ("单位名称", "方正小标宋简体", "Times New Roman", 32, "", '<w:jc w:val="center"/>'),
    "FormTitle": (
        "表名", "方正小标宋简体", "Times New Roman", 44, '<w:spacing w:val="60"/>',
        '<w:spacing w:before="60" w:after="120"/><w:jc w:val="center"/>',
    ),
    "FormMark": (
        "警示", "黑体", "Times New Roman", 24, '<w:color w:val="C00000"/>',
        '<w:pBdr><w:top w:val="single" w:sz="8" w:space="3" w:color="C00000"/>'
        '<w:bottom w:val="single" w:sz="8" w:space="3" w:color="C00000"/></w:pBdr>'
        '<w:spacing w:before="60" w:after="120"/><w:jc w:val="center"/>',
    ),
    "FormState": (
        "状态", "仿宋_GB2312", "Times New Roman", 24, "",
        f'<w:tabs><w:tab w:val="right" w:pos="{sum(_COLUMNS)}"/></w:tabs><w:spacing w:after="60"/>',
    ),
    "FormLabel": ("栏目名", "黑体", "Times New Roman", 24, "", '<w:jc w:val="center"/>'),
    "FormText": ("填写内容", "仿宋_GB2312", "Times New Roman", 24, "", ""),
    "FormSign": (
        "落款", "仿宋_GB2312", "Times New Roman", 24, "", '<w:keepLines/><w:spacing w:before="120"/><w:jc w:val="right"/>'
    ),
    "FormBlank": (
        "待签", "仿宋_GB2312", "Times New Roman", 24, "", '<w:keepLines/><w:spacing w:before="480"/><w:jc w:val="right"/>'
    ),
    "FormSmall": ("小字", "宋体", "Times New Roman", 18, "", '<w:jc w:val="right"/>'),
    "FormCode": ("指纹", "宋体", "Courier New", 16, "", '<w:spacing w:before="20" w:after="20"/>'),
    "FormEnd": ("表尾", "宋体", "Times New Roman", 2, "", '<w:spacing w:line="20" w:lineRule="exact"/>'),
    "Footer": ("footer", "宋体", "Times New Roman", 16, "", '<w:jc w:val="center"/>'),
}  # fmt: skip
_FONTS = {
    "方正小标宋简体": ("方正小标宋_GBK", "86", "auto"),
    "仿宋_GB2312": ("仿宋", "86", "modern"),
    "黑体": ("SimHei", "86", "modern"),
    "宋体": ("SimSun", "86", "auto"),
    "Times New Roman": ("Liberation Serif", "00", "roman"),
    "Courier New": ("Liberation Mono", "00", "modern"),
}


def _p(text: str, style: str = "FormText") -> str:
    """A paragraph, in which tabs are tabs."""
    runs = "<w:r><w:tab/></w:r>".join(
        f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in text.split("\t")
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _cell(width: int, *paragraphs: str, span: int = 1, align: str = "center") -> str:
    merged = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{merged}<w:vAlign w:val="{align}"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(paragraphs)}</w:tc>"


def _tr(*cells: str, height: int = 490, more: str = "") -> str:
    return f'<w:tr><w:trPr><w:trHeight w:val="{height}" w:hRule="atLeast"/>{more}</w:trPr>{"".join(cells)}</w:tr>'


def _pair(label: str, value: str, other: str, other_value: str) -> str:
    cells = ((label, "FormLabel"), (value, "FormText"), (other, "FormLabel"), (other_value, "FormText"))
    return _tr(*(_cell(width, _p(*cell)) for width, cell in zip(_COLUMNS, cells, strict=True)))


def _wide(label: str, *paragraphs: str, height: int = 490, more: str = "", align: str = "center") -> str:
    return _tr(
        _cell(_COLUMNS[0], _p(label, "FormLabel")),
        _cell(_WIDE, *paragraphs, span=3, align=align),
        height=height, more=more,
    )  # fmt: skip


def _only(directive: str) -> str:
    """A row that repeats or leaves out the rows after it, and is gone in the form."""
    return _tr(_cell(sum(_COLUMNS), _p(directive, "FormSmall"), span=4), height=240)


def _rows() -> str:
    return "".join(
        [
            _wide("标　　题", _p("{{ title }}"), height=600, more="<w:tblHeader/>"),
            _pair("拟稿单位", "{{ unit.name }}", "拟 稿 人", "{{ author }}"),
            _pair("送 审 人", "{{ submission.by }}", "送审时间", "{{ submission.at }}"),
            _pair("栏　　目", "{{ column }}", "信息来源", "{{ source }}"),
            _pair("文　　号", "{{ document.number or '无' }}", "索 引 号", "{{ document.index or '无' }}"),
            _wide("内容摘要", _p("{{ summary or '无' }}")),
            _wide(
                "附　　件",
                _p("{%p if files %}"),
                _p("{%p for file in files %}"),
                _p(
                    "{{ file.number }}. {% if file.title %}{{ file.title }}（{{ file.name }}，{{ file.size }}）"
                    "{% else %}{{ file.name }}（{{ file.size }}）{% endif %}"
                ),
                _p("{%p endfor %}"),
                _p("{%p else %}"),
                _p("无"),
                _p("{%p endif %}"),
            ),
            _wide(
                "发布要求",
                _p("{% for term in terms %}{{ term }}{% if not loop.last %}；{% endif %}{% else %}无{% endfor %}"),
            ),
            _only("{%tr if not urgent and not correction %}"),
            _wide("送审说明", _p("{{ submission.note or '无' }}")),
            _only("{%tr endif %}"),
            _only("{%tr if correction %}"),
            _wide(
                "更正说明",
                _p("{{ correction.note }}"),
                _p("所更正版本：", "FormCode"),
                _p("{{ correction.base }}", "FormCode"),
            ),
            _only("{%tr endif %}"),
            _only("{%tr if urgent %}"),
            _wide(
                "加急发布",
                _p("{{ urgent.reason }}"),
                _p("须于{{ urgent.until }}前补办审核"),
                _p("决定人：{{ urgent.by }}　　时间：{{ urgent.at }}", "FormSign"),
                _p("{%p if urgent.signature %}"),
                _p("电子签名：{{ urgent.signature }}", "FormSmall"),
                _p("{%p endif %}"),
            ),
            _only("{%tr endif %}"),
            _only("{%tr for stage in stages %}"),
            _wide(
                "{{ stage.title }}{{ '意见' if stage.title|length < 5 else '' }}",
                _p("{{ stage.opinion }}"),
                _p("{%p if stage.done %}"),
                _p("结论：{{ stage.act }}　姓名：{{ stage.by }}　日期：{{ stage.at }}", "FormSign"),
                _p("{%p if stage.signature %}"),
                _p("电子签名：{{ stage.signature }}", "FormSmall"),
                _p("{%p endif %}"),
                _p("{%p elif stage.open %}"),
                _p("签名：　　　　　　　　日期：　　　　年　　月　　日", "FormBlank"),
                _p("{%p endif %}"),
                height=1180,
            ),
            _only("{%tr endfor %}"),
            _only("{%tr if withdrawal %}"),
            _wide(
                "撤　　回",
                _p("{{ withdrawal.reason }}"),
                _p("决定人：{{ withdrawal.by }}　　时间：{{ withdrawal.at }}", "FormSign"),
                _p("{%p if withdrawal.signature %}"),
                _p("电子签名：{{ withdrawal.signature }}", "FormSmall"),
                _p("{%p endif %}"),
            ),
            _only("{%tr endif %}"),
            _wide(
                "备　　注",
                _p("{%p if remarks %}"),
                _p("{%p for remark in remarks %}"),
                _p("{% if remarks|length > 1 %}{{ loop.index }}. {% endif %}{{ remark }}"),
                _p("{%p endfor %}"),
                _p("{%p else %}"),
                _p("无"),
                _p("{%p endif %}"),
            ),
            _wide("准予发布", _p("{% if released %}自{{ released }}起{% endif %}")),
            _wide("网　　址", _p("{{ url }}")),
            _wide(
                "版本指纹",
                _p("{{ digest_groups }}", "FormCode"),
                _p("{%p if signatures %}"),
                _p("{{ signatures }}", "FormCode"),
                _p("{%p endif %}"),
            ),
            _only("{%tr if record.lines %}"),
            _wide(
                "审批记录",
                _p("{{ record.file }}", "FormCode"),
                _p(
                    "{% if record.last %}第{{ record.first }}至{{ record.last }}行，{% endif %}"
                    "共{{ record.lines }}行，末行摘要：",
                    "FormCode",
                ),
                _p("{{ record.tip }}", "FormCode"),
            ),
            _only("{%tr endif %}"),
        ]
    )


def _document() -> str:
    edge, line = (f'w:val="single" w:sz="{size}" w:space="0" w:color="000000"' for size in (12, 4))
    borders = "".join(f"<w:{side} {edge}/>" for side in _SIDES)
    borders += f"<w:insideH {line}/><w:insideV {line}/>"
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in zip(_SIDES, (45, 85, 45, 85), strict=True)
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in _COLUMNS)
    table = (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(_COLUMNS)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{_rows()}</w:tbl>"
    )
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1361" w:bottom="1134" w:left="1361" w:header="680" w:footer="567" w:gutter="0"/>'
        "</w:sectPr>"
    )
    body = [
        _p("{{ unit.name }}", "FormUnit"),
        _p("信息发布审批表", "FormTitle"),
        _p("{%p if mark %}", "FormMark"),
        _p("{{ mark }}", "FormMark"),
        _p("{%p endif %}", "FormMark"),
        _p("审批状态：{{ status }}\t{% if round %}第{{ round }}轮送审{% endif %}", "FormState"),
        table,
        _p("", "FormEnd"),
        section,
    ]
    return f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_REL}"><w:body>{"".join(body)}</w:body></w:document>'


def _footer() -> str:
    def number(field: str) -> str:
        return f'<w:fldSimple w:instr=" {field} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'

    pages = (
        '<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:t xml:space="preserve">第 </w:t></w:r>'
        f'{number("PAGE")}<w:r><w:t xml:space="preserve"> 页　共 </w:t></w:r>{number("NUMPAGES")}'
        '<w:r><w:t xml:space="preserve"> 页</w:t></w:r></w:p>'
    )
    made = (
        "本表于{{ made }}由审批记录自动生成"
        "{% if record.last %}，依据记录第{{ record.first }}至{{ record.last }}行{% endif %}；"
        "可用 gongshi doctor 核验"
    )
    return f'{_HEAD}<w:ftr xmlns:w="{_W}" xmlns:r="{_REL}">{_p(made, "Footer")}{pages}</w:ftr>'


def _styles() -> str:
    def fonts(chinese: str, latin: str, size: int) -> str:
        names = f'w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{chinese}" w:cs="{latin}"'
        return f'<w:rFonts {names}/>@<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'

    def style(id: str, name: str, chinese: str, latin: str, size: int, run: str, paragraph: str) -> str:
        properties = fonts(chinese, latin, size).replace("@", run)
        return (
            f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
            f"<w:pPr>{paragraph}</w:pPr><w:rPr>{properties}</w:rPr></w:style>"
        )

    default = fonts("仿宋_GB2312", "Times New Roman", 24).replace("@", "")
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    own = "".join(style(id, *values) for id, values in _STYLES.items())
    return (
        f'{_HEAD}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{default}{language}</w:rPr></w:rPrDefault>'
        '<w:pPrDefault/></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        f'<w:name w:val="Normal"/><w:qFormat/></w:style>{own}</w:styles>'
    )


def _fonts() -> str:
    items = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="{charset}"/>'
        f'<w:family w:val="{family}"/></w:font>'
        for name, (other, charset, family) in _FONTS.items()
    )
    return f'{_HEAD}<w:fonts xmlns:w="{_W}">{items}</w:fonts>'


def _settings() -> str:
    compatible = (
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    )
    return (
        f'{_HEAD}<w:settings xmlns:w="{_W}"><w:zoom w:percent="100"/>'
        f'<w:characterSpacingControl w:val="compressPunctuation"/>{compatible}'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{type}" Target="{target}"/>'
        for number, (type, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _core() -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>信息发布审批表</dc:title>'
        '<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:created></cp:coreProperties>'
    )


def draw() -> bytes:
    """The template as a .docx file."""
    parts = {"document.xml": "document.main", "styles.xml": "styles", "settings.xml": "settings"}
    parts |= {"fontTable.xml": "fontTable", "footer1.xml": "footer"}
    overrides = "".join(
        f'<Override PartName="/word/{name}" ContentType="{_WORD}.{type}+xml"/>' for name, type in parts.items()
    )
    types = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )
    own = [
        ("footer", "footer1.xml"),
        ("styles", "styles.xml"),
        ("settings", "settings.xml"),
        ("fontTable", "fontTable.xml"),
    ]
    members = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations(
            (f"{_REL}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(),
        "word/document.xml": _document(),
        "word/_rels/document.xml.rels": _relations(*((f"{_REL}/{type}", name) for type, name in own)),
        "word/footer1.xml": _footer(),
        "word/styles.xml": _styles(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _fonts(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            member = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, text.encode())
    return buffer.getvalue()


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(draw())
