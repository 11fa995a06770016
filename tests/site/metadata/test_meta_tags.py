"""The tags in the heads of pages: those that the guideline names, honest, and safe whatever the texts are."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timezone
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings

from gongshi.domain.content.front_matter import Event
from gongshi.site.metadata.formats import one_line
from gongshi.site.metadata.meta_tags import HeadTags, entry_head, home_head, json_ld, list_head, page_head, plain_head
from gongshi.site.pages import listings, models
from gongshi.site.pages.models import EntryPage, ListPage
from support.published_items import AT, HOSTILE, SITE, TEXTS, policy, public, view

PUBLISHED = datetime(2026, 11, 3, 16, 5, 9, tzinfo=timezone.utc)
MODIFIED = datetime(2026, 11, 5, 1, 0, tzinfo=timezone.utc)
SITE_TAGS = ["SiteName", "SiteDomain", "SiteIDCode"]
COLUMN_TAGS = ["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"]


def lists(count: int = 1) -> list[ListPage]:
    """The pages of the column of announcements."""
    names = [f"announcements/{number:02}.md" for number in range(count)]
    shelf = listings.build_listings([(name, public(name)) for name in names], policy(), datetime.fromisoformat(AT))[
        "announcements"
    ]
    return models.lists(shelf, None, listings.grouped(shelf, policy().zone, PUBLISHED))


def typed(head: HeadTags, kind: str) -> dict[str, Any]:
    """The statement of a type."""
    (found,) = [statement for statement in head.data if statement["@type"] == kind]
    return found


def crumbs(head: HeadTags) -> list[tuple[str, str]]:
    """Names and addresses of the way to the page."""
    steps = typed(head, "BreadcrumbList")["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    return [(step["name"], step["item"].removeprefix(SITE)) for step in steps]


def test_the_tags_of_the_home_page() -> None:
    """Name, domain and code of the site."""
    head = home_head(policy(id_code="5001070012"), SITE)
    assert head.meta == (
        ("SiteName", "Test Unit"),
        ("SiteDomain", "www.unit.example"),
        ("SiteIDCode", "5001070012"),
    )
    described = home_head(policy(), SITE, description="What we do")
    assert ("Description", "What we do") in described.meta and ("og:description", "What we do") in described.properties


def test_the_tags_of_a_list() -> None:
    """Those of the site, and what the column is; its type is its name, as on sites in use."""
    meta = dict(list_head(lists()[0], policy(id_code="1"), SITE).meta)
    assert list(meta) == SITE_TAGS + COLUMN_TAGS
    assert meta["ColumnName"] == meta["ColumnType"] == "Announcements"
    assert (meta["ColumnDescription"], meta["ColumnKeywords"]) == ("What we announce", "notice,call")


def test_the_tags_of_an_entry() -> None:
    """Those of the column, and title, moment, source, keywords, description, picture and address."""
    found = view("announcements/2026/a/index.md", summary="In short", source="Water works")
    head = entry_head(found, policy(id_code="1"), SITE, PUBLISHED, MODIFIED, ("a", "b"), "announcements/2026/a/p.jpg")  # fmt: skip
    meta = dict(head.meta)
    assert set(meta) == {
        *SITE_TAGS, *COLUMN_TAGS, "ArticleTitle", "PubDate", "ContentSource", "Description", "Url", "Keywords", "Image",
    }  # fmt: skip
    assert len(head.meta) == len(meta)
    assert meta["ArticleTitle"] == "A title" and meta["ContentSource"] == "Water works"
    assert meta["PubDate"] == "2026-11-04 00:05"
    assert (meta["Keywords"], meta["Description"]) == ("a,b", "In short")
    assert meta["Url"] == SITE + "announcements/2026/a/"
    assert meta["Image"] == SITE + "announcements/2026/a/p.jpg"


def test_a_standing_page_has_no_column() -> None:
    """Its source is the unit."""
    found = view("about/index.md")
    meta = dict(page_head(found, policy(), SITE, PUBLISHED, MODIFIED).meta)
    assert not set(COLUMN_TAGS) & set(meta)
    assert meta["ContentSource"] == "Test Unit" and meta["PubDate"] == "2026-11-04 00:05"
    assert meta["Url"] == SITE + "about/"


def test_a_page_of_no_entry_claims_nothing() -> None:
    """The search, a tag, the site map."""
    head = plain_head("Search", policy(), SITE, "search/")
    assert [name for name, _value in head.meta] == ["SiteName", "SiteDomain"]
    assert dict(head.properties)["og:url"] == SITE + "search/"
    assert crumbs(head) == [("Home", ""), ("Search", "search/")]


def test_what_is_not_known_gives_no_tag() -> None:
    """Empty tags are as false as wrong ones; a draft in the preview has no day of publication."""
    bare = policy(domain=None)
    bare = replace(bare, columns={id: replace(c, description=None, keywords=None) for id, c in bare.columns.items()})
    head = entry_head(view(), bare, "", None, None)
    assert [name for name, _value in head.meta] == ["SiteName", "ColumnName", "ColumnType", "ArticleTitle", "ContentSource"]  # fmt: skip
    assert {name for name, _value in head.properties} == {"og:type", "og:title", "og:site_name", "og:locale", "article:section"}  # fmt: skip
    assert set(typed(head, "Article")) == {"@context", "@type", "headline", "inLanguage", "author", "publisher", "articleSection"}  # fmt: skip
    assert [statement["@type"] for statement in head.data] == ["Article"]


def test_the_domain_is_that_of_the_address_where_none_is_configured() -> None:
    """And the configured one where there is one."""
    assert dict(home_head(policy(domain=None), "https://other.example/x/").meta)["SiteDomain"] == "other.example"
    assert dict(home_head(policy(), "https://other.example/x/").meta)["SiteDomain"] == "www.unit.example"


def test_what_is_shown_when_a_page_is_shared() -> None:
    """Open Graph: kind, title, address, picture, moments, column and tags."""
    head = entry_head(view(summary="In short"), policy("zh"), SITE, PUBLISHED, MODIFIED, ("a", "b"), "a.jpg")
    assert head.properties == (
        ("og:type", "article"),
        ("og:title", "A title"),
        ("og:url", SITE + "announcements/a/"),
        ("og:site_name", "Test Unit"),
        ("og:locale", "zh_CN"),
        ("og:description", "In short"),
        ("og:image", SITE + "a.jpg"),
        ("article:published_time", "2026-11-04T00:05:09+08:00"),
        ("article:modified_time", "2026-11-05T09:00:00+08:00"),
        ("article:tag", "a"),
        ("article:tag", "b"),
        ("article:section", "Announcements"),
    )
    assert dict(list_head(lists()[0], policy(), SITE).properties)["og:type"] == "website"


def test_the_unit_in_words_for_machines() -> None:
    """Who it is, where, when open, and by which codes it is known."""
    unit = policy(short_name="TU", address="1 Road", phone="0500-1", email="a@unit.example", hours="周一至周五 8:30—12:00",
                  catalogue_code="12990000MB0QH2018K", id_code="5001070012")  # fmt: skip
    found = typed(home_head(unit, SITE, logo="assets/logo.svg"), "GovernmentOffice")
    assert found["@context"] == "https://schema.org" and found["@id"] == SITE + "#unit"
    assert (found["name"], found["alternateName"], found["url"]) == ("Test Unit", "TU", SITE)
    assert found["address"] == {"@type": "PostalAddress", "streetAddress": "1 Road"}
    assert (found["telephone"], found["email"], found["logo"]) == ("0500-1", "a@unit.example", SITE + "assets/logo.svg")
    assert found["openingHours"] == ["Mo-Fr 08:30-12:00"] and "description" not in found
    assert {code["propertyID"]: code["value"] for code in found["identifier"]} == {
        "unified-social-credit-code": "12990000MB0QH2018K",
        "site-id-code": "5001070012",
    }


def test_hours_that_are_not_understood_are_quoted() -> None:
    """As the unit wrote them; another code is not passed off as the credit code."""
    found = typed(home_head(policy(hours="工作日", catalogue_code="QH-1"), SITE), "GovernmentOffice")
    assert found["description"] == "工作日" and "openingHours" not in found
    assert [code["propertyID"] for code in found["identifier"]] == ["catalogue-code"]


@pytest.mark.parametrize(
    ("lang", "locale"),
    [
        ("ug", "ug_CN"),
        ("zh-Hant", "zh_TW"),
        ("zh-Hant-HK", "zh_HK"),
        ("kk-Arab", "kk_CN"),
        ("kk", "kk_KZ"),
        ("abc", None),
    ],
)
def test_an_entry_names_its_language_to_machines(lang: str, locale: str | None) -> None:
    """In JSON-LD as a language tag, in Open Graph with a territory; where none is known, Open Graph gets none."""
    found = view(lang=lang, event={"start": "2026-11-14"})
    head = entry_head(found, policy(), SITE, None, None)
    assert [data["inLanguage"] for data in head.data if "inLanguage" in data] == [lang, lang]
    assert dict(head.properties).get("og:locale") == locale


@pytest.mark.parametrize(
    ("kind", "types", "has_hours"),
    [
        ("School", "School", True),
        ("Library", "Library", True),
        ("Museum", ["Museum", "Organization"], True),
        ("CityHall", ["CityHall", "Organization"], True),
        ("GovernmentOrganization", "GovernmentOrganization", False),
        ("NGO", "NGO", False),
    ],
)
def test_the_kind_of_a_unit(kind: str, types: Any, has_hours: bool) -> None:
    """An organization in any case, as publishers are; hours are those of a place, and of others a plain sentence."""
    unit = policy(kind=kind, hours="周一至周五 8:30—12:00")
    (found,) = home_head(unit, SITE).data
    assert found["@type"] == types
    assert ("openingHours" in found) is has_hours and ("description" in found) is not has_hours
    article = typed(entry_head(view(), unit, SITE, PUBLISHED, MODIFIED), "Article")
    assert article["publisher"]["@type"] == types


def test_two_units_on_one_host_are_two_things() -> None:
    """Each by the address of its own site, in structured data and in feeds."""
    sites = ("https://www.unit.example/a/", "https://www.unit.example/b/")
    ids = {typed(home_head(policy(), site), "GovernmentOffice")["@id"] for site in sites}
    assert ids == {f"{site}#unit" for site in sites}


def test_an_announcement_in_words_for_machines() -> None:
    """Who published it, when, from whom it is, its number, and that it no longer holds."""
    found = view(document={"number": "QH [2026] 1"}, source="Water works", expired=True)
    article = typed(entry_head(found, policy(), SITE, PUBLISHED, MODIFIED, ("a",)), "Article")
    assert article["headline"] == "A title" and article["url"] == SITE + "announcements/a/"
    assert article["datePublished"] == "2026-11-04T00:05:09+08:00"
    assert article["dateModified"] == "2026-11-05T09:00:00+08:00"
    assert article["author"] == {"@type": "Organization", "name": "Water works"}
    assert article["publisher"]["name"] == "Test Unit" and article["publisher"]["@id"] == SITE + "#unit"
    assert article["identifier"] == "QH [2026] 1" and article["creativeWorkStatus"] == "No longer valid"
    assert article["keywords"] == ["a"]


def test_reports_are_news_and_standing_pages_are_pages() -> None:
    """By the kind of the column."""
    head = entry_head(view("activities/a.md"), policy(), SITE, PUBLISHED, MODIFIED)
    assert typed(head, "NewsArticle")["headline"] == "A title"
    assert typed(page_head(view("about/index.md"), policy(), SITE), "WebPage")["headline"] == "A title"


@pytest.mark.parametrize(
    ("start", "end", "begins", "ends"),
    [
        (date(2026, 6, 6), date(2026, 8, 22), "2026-06-06", "2026-08-22"),
        (datetime(2026, 11, 14, 8, 30), datetime(2026, 11, 14, 11), "2026-11-14T08:30:00+08:00", "2026-11-14T11:00:00+08:00"),
        (datetime.fromisoformat("2026-11-14T08:30-05:00"), None, "2026-11-14T21:30:00+08:00", None),
        (datetime(2026, 11, 14, 8, 30), date(2026, 11, 14), "2026-11-14T08:30:00+08:00", "2026-11-14"),
        (datetime(2026, 11, 14, 8, 30), datetime.fromisoformat("2026-11-14T08:30+14:00"), "2026-11-14T08:30:00+08:00", None),
    ],
)  # fmt: skip
def test_an_activity_in_words_for_machines(start: date, end: date | None, begins: str, ends: str | None) -> None:
    """When, with the offset of the site's zone; the last day is in; no end before the beginning."""
    found = replace(view("activities/a.md"), event=Event(start, end, "Hall", "Culture office", "Ms Li"))
    event = typed(entry_head(found, policy(), SITE, PUBLISHED, MODIFIED, image="a.jpg"), "Event")
    assert event["startDate"] == begins and event.get("endDate") == ends
    assert event["location"] == {"@type": "Place", "name": "Hall"}
    assert event["organizer"] == {"@type": "Organization", "name": "Culture office"}
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert (event["name"], event["url"], event["image"]) == ("A title", SITE + "activities/a/", SITE + "a.jpg")


def test_the_way_to_a_page() -> None:
    """Home, column, entry; the pages of a list end at the column, its years do not; in the site's language."""
    entry = entry_head(view(), policy(), SITE, PUBLISHED, MODIFIED)
    assert crumbs(entry) == [("Home", ""), ("Announcements", "announcements/"), ("A title", "announcements/a/")]
    first, second, year = lists(21)
    column = [("Home", ""), ("Announcements", "announcements/")]
    assert crumbs(list_head(first, policy(), SITE)) == crumbs(list_head(second, policy(), SITE)) == column
    assert crumbs(list_head(year, policy(), SITE)) == [*column, ("Announcements · 2026", "announcements/2026/")]
    assert dict(list_head(second, policy(), SITE).properties)["og:url"] == SITE + "announcements/page/2/"
    assert crumbs(list_head(first, policy("zh"), SITE))[0] == ("首页", "")


class _Reader(HTMLParser):
    """What a browser makes of a page with one script in it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def heads(text: str) -> list[HeadTags]:
    """The tags of every kind of page, the text in every place that takes one."""
    unit = policy()
    texts: dict[str, Any] = {name: text for name in unit.unit.__dataclass_fields__ if name != "links"}
    unit = replace(
        unit,
        unit=replace(unit.unit, **texts),
        columns={
            id: replace(column, title=text, description=text, keywords=text) for id, column in unit.columns.items()
        },
    )
    event = Event(date(2026, 11, 14), None, text, text, text)
    found: EntryPage = replace(view("activities/a.md"), title=text, description=text, origin=text, event=event)
    return [
        home_head(unit, SITE, text, "logo.svg"),
        list_head(replace(lists()[0], title=text, description=text), unit, SITE),
        entry_head(found, unit, SITE, PUBLISHED, MODIFIED, (text, text), "a.jpg"),
        page_head(replace(found, source="about/index.md"), unit, SITE, PUBLISHED, MODIFIED),
        plain_head(text, unit, SITE, "search/"),
    ]


@settings(max_examples=60)
@given(TEXTS)
def test_no_text_breaks_a_head(text: str) -> None:
    """Tags are on one line and never empty; a statement stays in its script and says what was meant."""
    for head in heads(text):
        for name, value in (*head.meta, *head.properties):
            assert value.strip() and value.splitlines() == [value] and value.encode(), name
        for statement in head.data:
            reader = _Reader()
            reader.feed(f'<script type="application/ld+json">{json_ld(statement)}</script>')
            reader.close()
            assert reader.tags == ["script"]
            assert json.loads(reader.text) == statement
            assert not set("<>&\u2028\u2029") & set(reader.text)
            assert_says_something(statement)


def assert_says_something(value: Any) -> None:
    """Clean texts; no empty text, no list of nothing, no thing with a type alone."""
    assert value not in ("", None, [], {})
    assert not isinstance(value, str) or value == one_line(value)
    if isinstance(value, dict):
        assert set(value) - {"@type", "@context"}
        for inner in value.values():
            assert_says_something(inner)
    elif isinstance(value, list):
        for inner in value:
            assert_says_something(inner)


def test_a_script_is_not_ended_by_a_title() -> None:
    """Nor is a comment opened, which would swallow the end of the script."""
    for text in ("</script>", "</SCRIPT >", "<!--<script>", "]]>", "&lt;", "\u2028", HOSTILE):
        written = json_ld({"name": text})
        assert not set("<>&\u2028\u2029\ud800") & set(written)
        assert json.loads(written) == {"name": text}


def test_a_statement_is_short_and_legible() -> None:
    """Chinese stands as it is, and nothing that is no JSON gets in."""
    assert json_ld({"name": "通知", "n": 1}) == '{"name":"通知","n":1}'
    with pytest.raises(ValueError, match="JSON"):
        json_ld({"n": float("nan")})
