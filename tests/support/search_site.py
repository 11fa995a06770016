"""A small site with nothing but a search page, served under a path and under the site's security policy."""

from __future__ import annotations

import functools
import http.server
import random
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import jinja2

from gongshi import i18n
from gongshi.site.search import index
from gongshi.site.search.index import SearchDocument
from support.unit import HOOKS

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
THEME = HOOKS / "gongshi" / "theme"
PLACES = ["东湖村", "青山社区", "柳河镇", "北门街道", "白马新村", "金星组", "红旗渠"]
MATTERS = [
    "城乡居民医疗保险缴费",
    "危房改造",
    "防汛值班",
    "残疾人补贴",
    "村级财务",
    "老年人体检",
    "垃圾分类",
    "义务植树",
]
KINDS = [("通知", "通知公告"), ("公示", "公示公开"), ("活动", "活动报道")]
SENTENCES = [
    "请符合条件的居民携带身份证到便民服务中心三号窗口办理。",
    "经镇人民政府研究决定，现将有关事项公告如下。",
    "联系人：王主任，联系电话：0632-55{n:05}。",
    "补贴标准为每人每月{n}元，按季度发放到惠农一卡通账户。",
    "本次活动由镇团委、妇联和中国人民大学志愿者共同组织。",
    "逾期不办的，视为自动放弃；对结果有异议的可以书面提出。",
    "The Community Centre is open on weekdays (Room {n}).",
    "全镇共发放宣传单{n}份，覆盖十二个行政村和两个社区。",
    "南京市长江大桥以北路段实行临时交通管制。",
    "研究生命科学的老师讲授了发展中国家的经验。",
]


def records(number: int) -> list[SearchDocument]:
    """Entries that are the same on every call, each with a document number of its own."""
    chance = random.Random(20261121)
    made = []
    for n in range(number):
        kind, column = chance.choice(KINDS)
        day = date(2024, 1, 1) + timedelta(days=chance.randrange(1000))
        title = f"关于{chance.choice(PLACES)}{day.year}年{chance.choice(MATTERS)}的{kind}"
        lines = [f"青便民〔{day.year}〕{n}号", *chance.sample(SENTENCES, 5), f"地点：{chance.choice(PLACES)}文化广场"]
        tags = tuple(chance.sample(["办事", "民生", "党建", "环保"], chance.randrange(3)))
        text = "\n".join(lines).replace("{n:05}", f"{n:05}").replace("{n}", str(chance.randrange(10, 400)))
        made.append(SearchDocument(f"news/{day.year}/{n:04}/", title, text, column, day, tags, expired=n % 50 == 0))
    return made


def chance_records(number: int) -> list[SearchDocument]:
    """Entries made of few words, so that nearly everything stands somewhere: scripts, cases, marks, long titles."""
    chance = random.Random(5)
    pieces = [
        *"民便务一二的，。 \n",
        "2026",
        "3",
        "A",
        "Ａb",
        "abc",
        "É",
        "e\u0301",
        "ß",
        "ΟΣ",
        "𠮷",
        "①",
        "བོད་",
        "x_y",
        "İ",
        "-",
    ]
    made = []
    for n in range(60, 68):
        # A title that fills all its places, or nearly: a phrase must not run on into the text.
        title = "".join(chr(0x5000 + place) for place in range(n))
        made.append(SearchDocument(f"chance/title-{n}/", title, "甲乙丙丁" + title[-3:], day=date(2020, 1, 1)))
    for n in range(number):
        title = "".join(chance.choices(pieces, k=chance.choice((1, 3, 8, 62, 63, 64, 65, 66, 90))))
        text = "".join(chance.choices(pieces, k=chance.choice((0, 1, 2, 20, 200, 700))))
        day = None if n % 9 == 0 else date(2020, 1, 1) + timedelta(days=chance.randrange(60))
        made.append(SearchDocument(f"chance/{n}/", title, text, day=day))
    return made


def page(language: str = "zh") -> str:
    """The search page in a frame as bare as can be."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(THEME), extensions=["jinja2.ext.i18n"], autoescape=False
    )
    catalogue = i18n.translations(language)
    environment.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["url"] = lambda address: f"../{address}"
    body = environment.get_template("gongshi/search.html").render(site={"is_preview": False})
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>S</title>'
        f'<link rel="icon" href="data:,"></head><body class="md-typeset"><main>{body}</main></body></html>'
    )


def write(folder: Path, found: list[SearchDocument]) -> list[str]:
    """Write the search page, its index and a page for each record; returns the files of the index."""
    names = []
    for path, data in index.files(map(index.IndexedPage.of, found)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        names.append(path)
    (folder / "search").mkdir(exist_ok=True)
    (folder / "search" / "index.html").write_text(page(), encoding="utf-8")
    shutil.copytree(THEME / "assets", folder / "assets", dirs_exist_ok=True)
    for record in found:
        target = folder / record.url / "index.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"<p>{escape(line)}</p>" for line in record.text.split("\n"))
        article = f'<h1>{escape(record.title)}</h1><p>Tools</p><div class="gs-text">{lines}</div><nav>Neighbours</nav>'
        target.write_text(f'<!doctype html><meta charset="utf-8"><main>{article}</main>', encoding="utf-8")
    return names


class _Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        return super().translate_path(urlsplit(path).path.removeprefix("/town"))

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def guarded(folder: Path) -> Iterator[str]:
    """The URL, below a path of the host, at which the folder is served while a block runs."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/town/"
    finally:
        server.shutdown()
        server.server_close()
