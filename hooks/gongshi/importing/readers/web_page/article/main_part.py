"""Finds the article of a page among its menus, lists and footers.

First by the containers of the content management systems that Chinese public units use (TRS, 博达, 大汉, UCAP, 苏迪),
then by the elements of HTML for an article, then by where the text is dense and not of links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.web_page.article.site_furniture import is_furniture_line
from gongshi.importing.readers.web_page.page_source.parsing import is_block, own_texts

_IDS: Final = frozenset(
    """
    js_content ucap-content zoom fontzoom vsb_content articlecontent article_content article-content articlebody
    article_body newscontent news_content news-content contenttext content_text textcontent info_content infocontent
    maincontent_text detail-content detailcontent mainnewscontent ivs_content gz_content zwnr print_content printcontent
    divzoom contentregion articlezoom
    """.split()  # noqa: SIM905
)
_CLASSES: Final = frozenset(
    """
    rich_media_content trs_editor trs_editor_view trs_ueditor trs_preappend custom_unionstyle v_news_content
    article-content article_content articlecontent article-body article_body articlebody pages_content news_content
    news-content newscontent wp_articlecontent entry-content post-content detail-content detail_content detailcontent
    info-content info_content infocontent xxgk_content xl-content text-content wz_content con_text art-con main-txt
    p_content easysite-news-text wzcon artical-content xxgkcontent bt-content zwxl-article content-text
    """.split()  # noqa: SIM905
)
"""Ids and classes of containers that hold nothing but an article, in lower case."""
_NUMBERED_ID: Final = re.compile(r"vsb_content_\d+")
_LINK_CHARACTERS_SHARE: Final = 0.2
"""The surroundings of an article-like element are part of the article if less of their text is in links."""
_MIN_CHARACTERS: Final = 20
_MIN_SHARE: Final = 0.3
"""A known container needs this share of the text of the densest element; otherwise its page uses the name for more."""
_OFFICE_PROGRAMS: Final = re.compile(
    r"microsoft (?:word|excel)|word\.document|excel\.sheet|\bwps\b|kingsoft|libreoffice|openoffice", re.IGNORECASE
)
_SENTENCE: Final = re.compile("[\u4e00-\u9fff][。！；]")
_PUNCTUATION: Final = re.compile("[，。；：、！？,;]")
_SOURCES: Final = frozenset("p pre td li blockquote div section article dd font span center".split())  # noqa: SIM905
_PARENT_SHARE, _GRANDPARENT_SHARE = 1.0, 0.5


@dataclass(frozen=True)
class _Weight:
    characters: int
    in_links: int
    marks: int
    """Signs of punctuation outside of links."""

    @property
    def plain(self) -> int:
        """The characters outside of links."""
        return self.characters - self.in_links


class _Weights:
    """The amount of text in each element.

    Args:
        body: the page's body without invisible content.
    """

    def __init__(self, body: _Element) -> None:
        self._elements = list(body.iter())
        self._found: dict[_Element, _Weight] = {}
        for element in reversed(self._elements):
            text = "".join("".join(own_texts(element)).split())
            count, linked = len(text), len(text) if element.tag == "a" else 0
            marks = len(_PUNCTUATION.findall(text))
            for child in element:
                weight = self._found[child]
                count += weight.characters
                linked += weight.characters if element.tag == "a" else weight.in_links
                marks += weight.marks
            self._found[element] = _Weight(count, linked, marks)

    def of(self, element: _Element) -> _Weight:
        """Return the weight of an element.

        Args:
            element: an element of the page.
        """
        return self._found[element]

    def elements(self) -> list[_Element]:
        """Return all elements in the order of the page."""
        return self._elements


def find_main_part(body: _Element, generator: str = "") -> list[_Element]:
    """Return the elements that hold the article, in the order of the page; none contains another.

    Args:
        body: the page's body without invisible content.
        generator: the program that made the page, as the page names it; all of an office document is the article.
    """
    if is_office_program(generator):
        return [body]
    weights = _Weights(body)
    densest = _climb(_densest(weights, body), weights, body)
    needed = max(_MIN_CHARACTERS, _MIN_SHARE * weights.of(densest).plain)
    tiers = (
        [each for each in weights.elements() if is_known_container(each)],
        [each for each in weights.elements() if each.tag == "article" or each.get("itemprop") == "articleBody"],
        [each for each in weights.elements() if each.tag == "main" or each.get("role") == "main"],
    )
    for tier in tiers:
        found = [each for each in _outermost(tier) if weights.of(each).characters or each.find(".//img") is not None]
        if len(found) > 1 and tier is not tiers[0]:
            # Many articles are a list of them.
            continue
        if sum(weights.of(each).plain for each in found) >= needed or _is_certain(found):
            return found
    return [densest]


def is_office_program(generator: str) -> bool:
    """Tell whether an office program made a page.

    Args:
        generator: its name, as the page says it; empty if it does not.
    """
    return bool(_OFFICE_PROGRAMS.search(generator))


def is_known_container(element: _Element) -> bool:
    """Tell whether an element is the container of an article in a known content management system.

    Args:
        element: an element of the page.
    """
    name = (element.get("id") or "").lower()
    if name in _IDS or _NUMBERED_ID.fullmatch(name):
        return True
    return any(each in _CLASSES for each in (element.get("class") or "").lower().split())


def _is_certain(elements: list[_Element]) -> bool:
    """Tell whether a container with little text is that of an article, such as one of pictures only."""
    return any(each.get("id") in ("js_content", "UCAP-CONTENT") or each.find(".//img") is not None for each in elements)


def _outermost(elements: Iterable[_Element]) -> list[_Element]:
    found: list[_Element] = []
    chosen: set[_Element] = set()
    for element in elements:
        if not any(above in chosen for above in element.iterancestors()):
            found.append(element)
            chosen.add(element)
    return found


def _densest(weights: _Weights, body: _Element) -> _Element:
    """Return the element around most of the paragraphs; a paragraph counts for its parent, and half for the next."""
    scores: dict[_Element, float] = {}
    for element in weights.elements():
        if element.tag not in _SOURCES:
            continue
        text = "".join("".join(own_texts(element)).split())
        is_sentence = len(text) >= _MIN_CHARACTERS or _SENTENCE.search(text)
        if not is_sentence or is_furniture_line(text) or element.tag == "a":
            continue
        score = 1 + len(_PUNCTUATION.findall(text)) + min(len(text) / 25, 40)
        parent = element.getparent() if element is not body else None
        for above, share in zip(_containers(element, parent, body), (_PARENT_SHARE, _GRANDPARENT_SHARE), strict=False):
            scores[above] = scores.get(above, 0) + share * score
    return max(scores, key=lambda each: scores[each] * _plain_share(weights.of(each)), default=body)


def _containers(element: _Element, parent: _Element | None, body: _Element) -> list[_Element]:
    """Return the two nearest block elements around an element, or itself if it is the body."""
    if parent is None:
        return [element]
    found: list[_Element] = []
    for above in (parent, *parent.iterancestors()):
        if is_block(above) and above.tag not in ("tr", "tbody", "ul", "ol", "p", "blockquote", "th", "table"):
            found.append(above)
        if len(found) == 2 or above is body:
            break
    return found or [body]


def _plain_share(weight: _Weight) -> float:
    return weight.plain / weight.characters if weight.characters else 0.0


def _climb(element: _Element, weights: _Weights, body: _Element) -> _Element:
    """Return the largest element around an article that adds no menus, lists or footers to it."""
    while element is not body:
        parent = element.getparent()
        if parent is None:
            break
        inner, outer = weights.of(element), weights.of(parent)
        added, linked = outer.characters - inner.characters, outer.in_links - inner.in_links
        if added and (linked > _LINK_CHARACTERS_SHARE * added or _adds_furniture(parent, element)):
            break
        element = parent
    return element


def _adds_furniture(parent: _Element, element: _Element) -> bool:
    for child in parent:
        if child is element:
            continue
        if child.tag in ("nav", "footer", "form", "aside"):
            return True
        words = "".join("".join(child.itertext()).split())
        if len(words) < 2000 and is_furniture_line(words):
            return True
    return False
