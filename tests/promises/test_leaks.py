"""Ways that unapproved content gets out, each tried with canaries against real builds."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from support.search_reader import files_of, terms
from support.unit import UnitUnderTest, settings

CANARY = "CANARYqzvx"


def canary(name: str) -> str:
    """A text that must not get out, told apart by what it tries."""
    return f"{CANARY}-{name}"


@pytest.fixture
def published(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit with one published entry, `announcements/good.md`."""
    unit.write("announcements/good.md", title="Good title", body="Good body.")
    unit.publish("announcements/good.md")
    return unit


def assert_tight(unit: UnitUnderTest, *options: str, exit_code: int = 0, **environment: str) -> str:
    """Build, and find no canary in any byte of the site or of the build's output; returns the output."""
    result = unit.build(*options, **environment)
    assert result.exit_code == exit_code, result.all
    assert CANARY not in result.all
    assert unit.leaks(CANARY) == []
    assert CANARY.lower() not in searchable(unit)
    return result.all


def searchable(unit: UnitUnderTest) -> set[str]:
    """Everything that can be found by the search: words, and words that follow one another."""
    files = files_of(unit.site)
    return {part for found in terms(files) for part in (found.term, *found.term.split())} if files else set()


def assert_good_page_only(unit: UnitUnderTest) -> None:
    """The published entry is up, and no other entry."""
    assert "Good body." in unit.page("announcements/good")
    entries = {path.parent.name for path in (unit.site / "announcements").glob("*/index.html")}
    assert entries == {"good", "2026"}


@pytest.mark.slow
def test_bytes_of_drafts(published: UnitUnderTest) -> None:
    """A draft's page, front matter, file name and attachments stay in (1)."""
    folder = f"announcements/{canary('folder')}"
    keys: dict[str, Any] = {
        "title": canary("title"),
        "summary": canary("summary"),
        "tags": [canary("tag")],
        "source": canary("source"),
    }
    published.write(f"{folder}/index.md", body=canary("body") + f"\n\n![x]({canary('photo')}.jpg)", **keys)
    published.write(f"{folder}/{canary('photo')}.jpg", b"\xff\xd8" + canary("bytes").encode())
    assert_tight(published, "--strict")
    assert_good_page_only(published)


def test_links_to_drafts(published: UnitUnderTest) -> None:
    """A link from an approved page to a draft loses its address and keeps its text, in every way to write it (2)."""
    secret = canary("slug")
    published.write(f"announcements/{secret}.md", title=canary("title"))
    published.write(f"announcements/bundle-{secret}/index.md", title=canary("title"))
    published.write(f"announcements/bundle-{secret}/p.jpg", canary("bytes").encode())
    links = [
        f"[kept 1]({secret}.md)",
        f"[kept 2](../{secret}/)",
        f"[kept 3](/announcements/{secret}/)",
        f"[kept 4](https://www.unit.example/announcements/{secret}/)",
        f"[kept 5][ref]\n\n[ref]: {secret}.md",
        f'<a href="../{secret}/">kept 6</a>',
        f"<div><a class='x' href='/announcements/{secret}/index.html'>kept 7</a></div>",
        f"![kept 8](bundle-{secret}/p.jpg)",
        f'<p><img alt="kept 9" src="/announcements/bundle-{secret}/p.jpg"></p>',
        f'<div markdown="1">[kept 10](./{secret}.md#part "title")</div>',
        f"[kept 11](//www.unit.example/announcements/{secret}/?x=1)",
        f"[kept 12](%2e%2e/{secret}/)",
        f"<https://www.unit.example/announcements/{secret}/>",
        f'<video poster="../bundle-{secret}/p.jpg"></video>',
        f'<img srcset="../bundle-{secret}/p.jpg 2x" alt="kept 13">',
        "[good](good.md) [mail](mailto:a@b.example) <a@b.example> [abroad](https://other.example/x)",
    ]
    published.write("announcements/linking.md", body="\n\n".join(links), title="Linking")
    published.publish("announcements/linking.md")
    output = assert_tight(published, "--strict")
    page = published.page("announcements/linking")
    assert all(f"kept {number}" in page for number in range(1, 13))
    assert 'href="../good/"' in page
    assert "https://other.example/x" in page
    assert "announcements/linking.md: 15 links lead to what is not public" in output


MISTAKES = {
    "a flag under another name": "---\ntitle: {t}\ndate: 2026-11-03\nauthor: clerk\nDraft: true\n---\n{b}",
    "hidden as text": '---\ntitle: {t}\ndate: 2026-11-03\nauthor: clerk\nhidden: "true"\n---\n{b}',
    "a flag with spaces": "---\ntitle: {t}\ndate: 2026-11-03\nauthor: clerk\nstatus : approved \n---\n{b}",
    "a byte order mark": "\ufeff---\ntitle: {t}\ndate: 2026-11-03\nauthor: clerk\nstatus: approved\n---\n{b}",
    "broken YAML": "---\ntitle: {t}: [\nstatus: approved\n---\n{b}",
    "no fences": "title: {t}\nstatus: approved\n\n{b}",
    "no end": "---\ntitle: {t}\nstatus: approved\n{b}",
    "a duplicate key": "---\ntitle: {t}\ndate: 2026-11-03\nauthor: clerk\nstatus: draft\nstatus: approved\n---\n{b}",
    "an alias": "---\ntitle: &a {t}\nsummary: *a\ndate: 2026-11-03\nauthor: clerk\n---\n{b}",
    "a tag": "---\ntitle: !!python/name:os.system {t}\ndate: 2026-11-03\nauthor: clerk\n---\n{b}",
    "TOML": '+++\ntitle = "{t}"\nstatus = "approved"\n+++\n{b}',
    "an empty line first": "\n---\ntitle: {t}\nstatus: approved\n---\n{b}",
    "a list": "---\n- {t}\n---\n{b}",
    "nothing": "{b}",
    "a wrong type": "---\ntitle: {t}\ndate: 2026-11-03\nauthor: clerk\npinned: maybe {t}\n---\n{b}",
}


@pytest.mark.slow
def test_mistakes_in_front_matter(published: UnitUnderTest) -> None:
    """Whatever is misspelt, mistyped, doubled or broken: it is withheld, and the log does not quote it (3-6)."""
    for number, (name, text) in enumerate(MISTAKES.items()):
        filled = text.format(t=canary(f"title {name}"), b=canary(f"body {name}"))
        published.write(f"announcements/m{number}.md", filled)
    output = assert_tight(published)
    assert_good_page_only(published)
    invalid = [
        number for number, name in enumerate(MISTAKES) if name not in ("a flag with spaces", "a byte order mark")
    ]
    assert all(f"docs/announcements/m{number}.md:" in output for number in invalid)
    assert_tight(published, "--strict", exit_code=1)


def test_files_that_nobody_owns(published: UnitUnderTest, tmp_path: Path) -> None:
    """Raw files, links out of docs/, hidden, backup and editor files, version control, records (7, 8, 17)."""
    for name in (
        "raw.html", "raw.txt", "old.md.bak", "form.docx", "about/x.js", ".git/HEAD", ".foo.swp", "foo.md~", "good.md.orig",
        "Thumbs.db", "~$form.docx", "CNAME", "announcements/stray.pdf", "announcements/2026/x.csv", "announcements/x.MD",
        "announcements/x.markdown", "README.md", "robots.txt", "_headers", "overrides/main.html",
    ):  # fmt: skip
        published.write(name, canary(name))
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text(f"---\ntitle: {canary('linked')}\n---\n")
    (outside / "secret.txt").write_text(canary("linked"))
    (published.docs / "announcements" / "link.md").symlink_to(outside / "secret.md")
    (published.docs / "linked").symlink_to(outside)
    published.write("about/index.md", title="About", date=None)
    (published.docs / "about" / "p.txt").symlink_to(outside / "secret.txt")
    output = assert_tight(published)
    assert_good_page_only(published)
    assert "files belong to no entry" in output
    assert not (published.site / ".reviews").exists()
    check = published.gongshi("check")
    assert check.exit_code == 1
    assert "docs/linked: is a symbolic link" in check.output
    assert "docs/announcements/stray.pdf: belongs to no entry" in check.output
    assert "docs/about/p.txt: is a symbolic link" in check.output


def test_two_files_at_one_address(published: UnitUnderTest) -> None:
    """`good/index.md`, or a name that differs only in case, does not replace a published page (9)."""
    published.write("announcements/good/index.md", title=canary("title"), body=canary("body"))
    published.write("announcements/GOOD.md", title=canary("title"), body=canary("body"))
    refused = published.gongshi("submit", "docs/announcements/GOOD.md", "--as", "clerk")
    assert refused.exit_code == 1
    assert "has the same address as docs/announcements/" in refused.errors
    assert_tight(published)
    assert_good_page_only(published)


def test_navigation_that_names_a_draft(published: UnitUnderTest) -> None:
    """A withheld page named in `nav:` leaves neither title nor address (10)."""
    published.write("about/draft.md", title=canary("title"), date=None)
    nav = [
        {"Home": "index.md"},
        {"Good": "announcements/good.md"},
        {canary("nav title"): "about/draft.md"},
        {canary("section"): [{canary("inner"): "about/draft.md"}]},
        {canary("absolute"): "/about/draft/"},
        "about/draft.md",
        {"Abroad": "https://other.example/"},
    ]
    published.configure(settings(), nav=nav)
    assert_tight(published, "--strict")
    page = published.page("announcements/good")
    assert "https://other.example/" in page
    assert "Good" in page


def test_lists_feeds_and_counts(published: UnitUnderTest) -> None:
    """Search index, site map, lists and archives know published entries only; nothing counts the others (11)."""
    for number in range(25):
        published.write(
            f"announcements/2019/d{number}.md", title=canary("title"), date="2019-05-05", body=canary("body")
        )
    assert_tight(published, "--strict")
    searched = {found.url for found in terms(files_of(published.site))}
    assert searched == {"announcements/good/"}
    site_map = (published.site / "sitemap.xml").read_text()
    assert "announcements/good/" in site_map
    assert "2019" not in site_map
    assert not (published.site / "announcements" / "2019").exists()
    assert not (published.site / "announcements" / "page").exists()
    assert "withheld" not in (published.site / ".well-known" / "gongshi.json").read_text()


@pytest.mark.slow
def test_what_gathers_pages(published: UnitUnderTest) -> None:
    """Tags, neighbours, feeds, calendars, the home page, the search and the words for machines know no draft (11)."""
    event = {"start": "2026-12-05 09:00", "place": canary("place"), "contact": canary("contact")}
    for number, state in enumerate(("draft", "approved", "submitted")):
        path = f"activities/{state}.md"
        published.write(path, title=canary("title"), tags=[canary("tag")], event=event, date=f"2026-11-0{number + 1}",
                        summary=canary("summary"), body=f"Words {canary('body')} ![{canary('alt')}](p.jpg)", status=state)  # fmt: skip
    published.submit("activities/submitted.md")
    published.write("activities/old.md", title="Old", date="2026-11-01", tags=["kept"], event={"start": "2026-12-01"})
    published.publish("activities/old.md")
    published.write("activities/new.md", title="New", date="2026-11-09", tags=["kept"])
    published.publish("activities/new.md")
    published.write("activities/new.md", title=canary("title"), date="2026-11-09", tags=[canary("tag")], event=event)
    published.write("activities/gone.md", title=canary("title"), date="2026-11-05", tags=[canary("tag")], event=event)
    published.publish("activities/gone.md")
    assert published.gongshi("withdraw", "docs/activities/gone.md", "--as", "chief", "--reason", "x").exit_code == 0
    assert_tight(published)
    assert {path.name for path in (published.site / "tags").iterdir()} == {"index.html", "kept"}
    assert "(2)" in published.page("tags")
    assert 'href="../old/"' in published.page("activities/new")
    assert 'href="../new/"' in published.page("activities/old")
    assert (published.site / "activities" / "calendar.ics").read_bytes().count(b"BEGIN:VEVENT") == 1
    assert (published.site / "activities" / "feed.xml").read_bytes().count(b"<entry>") == 2
    assert any("search/" in found for found in published.leaks("Old")), (
        "the search for canaries must see into the index"
    )


@pytest.mark.slow
def test_what_the_search_holds(published: UnitUnderTest) -> None:
    """No word of a draft, and no two words that follow one another in it, until it is published (11)."""
    secret, part = "龘靐齉爩", {"龘 靐", "靐 齉", "齉 爩", "龘", "靐", "齉", "爩"}
    keys: dict[str, Any] = {"summary": secret, "tags": [secret], "document": {"number": secret}}
    published.write("announcements/s/index.md", title=secret, body=f"{secret} {canary('body')}", **keys)
    published.write("announcements/s/a.txt", secret)
    assert_tight(published)
    assert not [term for term in searchable(published) if set(term) & set(secret)]
    assert published.leaks(secret) == []
    published.publish("announcements/s/index.md")
    assert published.build().exit_code == 0
    assert part | {CANARY.lower(), f"=tag {secret}"} <= searchable(published)
    assert any("search/" in found for found in published.leaks(secret))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("markdown_extensions", ["pymdownx.snippets"], "pymdownx.snippets may read files behind the gate"),
        ("markdown_extensions", [{"pymdownx.b64": {"base_path": "docs"}}], "pymdownx.b64 may read files"),
        ("plugins", ["material/tags"], "tags may add pages"),
        ("plugins", ["search"], "the site has a search of its own"),
        ("extra_templates", ["secret.html"], "templates belong to the theme"),
        ("extra_css", ["announcements/secret.css"], "is no file of the theme"),
        ("extra_javascript", ["https://other.example/x.js"], "is no file of the theme"),
        ("use_directory_urls", False, "must be true"),
        ("theme", {"name": "material", "font": False}, "write `name: gongshi`"),
        ("theme", {"name": "material", "custom_dir": "docs", "font": False}, "write `name: gongshi`"),
        ("theme", {"name": "gongshi", "custom_dir": "docs"}, "write `name: gongshi`"),
        ("theme", {"name": "gongshi", "font": {"text": "Roboto"}}, "must be false"),
        ("site_dir", "docs/public", "should not be within"),
        ("site_dir", ".", "should not be within"),
    ],
)
def test_settings_that_pass_around_the_gate(published: UnitUnderTest, setting: str, value: Any, says: str) -> None:
    """Includes, templates, plugins and folders that would pass around the gate stop the build (12)."""
    for name in ("secret.html", "announcements/secret.css", "secret.md"):
        published.write(name, canary(name))
    published.configure(settings(), **{setting: value})
    result = published.build()
    assert result.exit_code in (1, 2)
    assert says in result.all
    assert "Traceback" not in result.all
    assert not published.site.exists()
    assert (published.docs / "announcements" / "good.md").exists()


def test_includes_written_in_pages(published: UnitUnderTest) -> None:
    """Snippet and template syntax in an approved page includes nothing (12)."""
    published.write("secret.md", title=canary("title"), date=None, body=canary("body"))
    body = '--8<-- "docs/secret.md"\n\n{% include "secret.md" %}\n\n{{ config }}\n\n{!docs/secret.md!}'
    published.write("announcements/inc.md", body=body)
    published.publish("announcements/inc.md")
    assert_tight(published)
    assert "{{ config }}" in published.page("announcements/inc")


@pytest.mark.slow
def test_dirty_builds_and_stale_sites(published: UnitUnderTest) -> None:
    """`--dirty` is refused, and yesterday's page is gone (13)."""
    assert published.build().exit_code == 0
    (published.site / "announcements" / "old").mkdir(parents=True)
    (published.site / "announcements" / "old" / "index.html").write_text(canary("stale"))
    result = published.build("--dirty")
    assert result.exit_code == 2
    assert "--dirty is refused" in result.all
    assert_tight(published)
    assert_good_page_only(published)


def test_no_hooks_no_site(published: UnitUnderTest) -> None:
    """Without the `hooks:` line no page can be built, and no file of docs/ is copied (16)."""
    published.write("announcements/b/index.md", title=canary("title"))
    published.write("announcements/b/p.txt", canary("bytes"))
    published.configure(settings(), hooks=[])
    result = published.build()
    assert result.exit_code != 0
    assert "the review gate did not run" in result.all
    assert published.leaks(CANARY) == []
    published.configure(settings(), hooks=[], exclude_docs=None)
    result = published.build()
    assert result.exit_code != 0
    assert not list(published.site.rglob("*/index.html"))


@pytest.mark.slow
def test_reports_in_the_theme(published: UnitUnderTest) -> None:
    """What lies in the theme's folder is published as it is, so no report is written there, and a build stops at one."""
    theme = published.own_hooks() / "gongshi" / "theme"
    published.write("announcements/draft.md", title=canary("title"), body=canary("body"))
    for command in (["diff", "docs/announcements/draft.md", "--html", "hooks/gongshi/theme/x.htm"],
                    ["ledger", "-o", "hooks/gongshi/theme/assets/l.csv"],
                    ["form", "docs/announcements/draft.md", "-o", "hooks/gongshi/theme/f.docx"],
                    ["stats", "--xlsx", "hooks/s.xlsx"]):  # fmt: skip
        result = published.gongshi(*command)
        assert (result.exit_code, "would lie in hooks/" in result.errors) == (2, True), result.all
    assert published.build().exit_code == 0
    for name in ("x.htm", "assets/l.csv", "f.docx", "notes"):
        (theme / name).write_text(canary("report"))
        result = published.build()
        assert result.exit_code == 1, result.all
        assert f"hooks/gongshi/theme/{name}: is no style, script, font or picture" in result.all
        assert published.leaks(CANARY) == []
        (theme / name).unlink()


def test_another_hook_is_refused(published: UnitUnderTest) -> None:
    """A second hook file could change pages after the gate (16)."""
    (published.root / "more.py").write_text("def on_post_page(output, **kwargs):\n    return output + 'x'\n")
    published.configure(settings(), hooks=["hooks/gate.py", "more.py"])
    result = published.build()
    assert result.exit_code == 2
    assert "must name hooks/gate.py and nothing else" in result.all


@pytest.mark.slow
def test_changes_to_a_published_bundle(unit: UnitUnderTest) -> None:
    """Editing, swapping or adding an attachment, moving, renaming or deleting leaves the approved bytes up (18)."""
    for name in ("edited", "swapped", "added", "moved", "renamed", "deleted"):
        unit.write(
            f"announcements/{name}/index.md", title=f"Good {name}", attachments=[{"file": "a.txt", "title": "A"}]
        )
        unit.write(f"announcements/{name}/a.txt", f"approved {name}")
        unit.publish(f"announcements/{name}/index.md")
    docs = unit.docs / "announcements"
    unit.write("announcements/edited/index.md", title=canary("title"), attachments=[{"file": "a.txt", "title": "A"}])
    unit.write("announcements/swapped/a.txt", canary("swapped"))
    unit.write(f"announcements/added/{canary('name')}.txt", canary("added"))
    (unit.docs / "activities").mkdir()
    shutil.move(docs / "moved", unit.docs / "activities" / canary("moved"))
    shutil.move(docs / "renamed", docs / canary("renamed"))
    shutil.rmtree(docs / "deleted")
    assert_tight(unit, "--strict")
    for name in ("edited", "swapped", "added", "moved", "renamed", "deleted"):
        assert f"Good {name}" in unit.page(f"announcements/{name}")
        assert (unit.site / "announcements" / name / "a.txt").read_text() == f"approved {name}"
    states = {entry["path"]: entry["state"] for entry in unit.gongshi("status", "--json").json()["entries"]}
    assert states["announcements/edited/index.md"] == "edited"
    assert states["announcements/swapped/index.md"] == "edited"
    assert states["announcements/added/index.md"] == "edited"
    assert states["announcements/moved/index.md"] == "deleted"
    assert states[f"announcements/{canary('renamed')}/index.md"] == "draft"


@pytest.mark.slow
def test_a_dossier_of_another_entry(published: UnitUnderTest) -> None:
    """A dossier copied from a published entry publishes nothing (18)."""
    published.write("announcements/bad.md", title=canary("title"), body=canary("body"))
    for suffix in ("jsonl", "head"):
        reviews = published.docs / ".reviews" / "announcements"
        shutil.copy(reviews / f"good.md.{suffix}", reviews / f"bad.md.{suffix}")
    output = assert_tight(published)
    assert "docs/.reviews/announcements/bad.md.jsonl:1" in output
    assert_good_page_only(published)
    assert "belongs to another entry" in published.gongshi("check").output
    assert_tight(published, "--strict", exit_code=1)


@pytest.mark.slow
def test_changed_objects(published: UnitUnderTest) -> None:
    """A changed or missing approved file withholds its entry and no other (18)."""
    published.write("announcements/b/index.md", title="Bundle")
    published.write("announcements/b/a.txt", "approved bytes")
    published.publish("announcements/b/index.md")
    objects = [path for path in (published.docs / ".reviews" / "objects").rglob("*") if path.is_file()]
    attachment = next(path for path in objects if path.read_bytes() == b"approved bytes")
    attachment.write_text(canary("object"))
    output = assert_tight(published)
    assert "docs/.reviews/objects/" in output
    assert_good_page_only(published)
    attachment.unlink()
    assert_tight(published)
    assert_good_page_only(published)


def test_paths_out_of_the_entry(published: UnitUnderTest) -> None:
    """A dossier that names files elsewhere publishes nothing and writes nothing outside the site (18)."""
    import json

    from gongshi.common.hashing import canonical_json, sha256

    dossier = published.dossier("announcements/good.md")
    lines = dossier.read_bytes().splitlines()
    last = json.loads(lines[-1])
    last["files"]["../../../evil.txt"] = last["files"]["good.md"]
    lines[-1] = canonical_json(last)
    dossier.write_bytes(b"\n".join([*lines, b""]))
    head = dossier.with_name("good.md.head")
    head.write_text(f"{len(lines)} {sha256(lines[-1])}\n")
    result = published.build()
    assert result.exit_code == 0
    assert not list(published.root.rglob("evil.txt"))
    assert not (published.site / "announcements" / "good").exists()


@pytest.mark.slow
def test_withdrawn_pages_leave_nothing(published: UnitUnderTest) -> None:
    """A withdrawal takes title, text and files off the site; the reason is all that is said."""
    published.write("announcements/w/index.md", title=canary("title"), body=canary("body"), summary=canary("summary"))
    published.write("announcements/w/a.txt", canary("bytes"))
    published.publish("announcements/w/index.md")
    published.build()
    assert published.leaks(CANARY) != []
    result = published.gongshi("withdraw", "docs/announcements/w", "--as", "chief", "--reason", "wrong <b>figures</b>")
    assert result.exit_code == 0, result.all
    assert_tight(published, "--strict")
    page = published.page("announcements/w")
    assert "withdrawn on 2026-11-21" in page
    assert "wrong &lt;b&gt;figures&lt;/b&gt;" in page
    assert not (published.site / "announcements" / "w" / "a.txt").exists()


def test_titles_are_text(unit: UnitUnderTest) -> None:
    """A title is shown as it was written, in every place, and is never taken for HTML or a template."""
    title = "A <script>alert(1)</script> & {{ config }} \"quoted\" 'title'"
    unit.write("announcements/t.md", title=title, summary=title, source=title)
    unit.write("about/index.md", title=title, date=None)
    unit.publish("announcements/t.md")
    unit.publish("about/index.md")
    assert unit.build("--strict").exit_code == 0
    for address in ("", "announcements", "announcements/t", "announcements/2026", "about"):
        html = unit.page(address)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ config }}" in html


@pytest.mark.slow
def test_withheld_titles_stay_out_of_the_log(published: UnitUnderTest) -> None:
    """A public build log names no withheld title, summary or text (21)."""
    published.write("announcements/2026/a.md", title=canary("title"), summary=canary("s") + "x" * 120)
    published.write("announcements/2026/b.md", title=canary("title"), publish_at="2030-01-01 08:00")
    published.publish("announcements/2026/b.md")
    published.write("announcements/2026/c.md", f"---\n{CANARY} key: x\ntitle: 5\nauthor: {CANARY}\n---\n")
    output = assert_tight(published)
    assert "docs/announcements/2026/a.md:" in output
    assert_tight(published, "--verbose")


def test_more_ways_to_write_an_address(published: UnitUnderTest) -> None:
    """Hosts with a final dot or percent signs, and attributes that few people know (2)."""
    secret = canary("slug")
    published.write(f"announcements/{secret}.md", title=canary("title"))
    page = f"/announcements/{secret}/"
    links = [
        f"[kept](https://www.unit.example.{page})",
        f"[kept](https://www%2Eunit.example{page})",
        f"[kept](https://unit.example{page})",
        f"[kept](https://ｗｗｗ.unit.example{page})",
        f"[kept](https://www。unit。example{page})",
        f'<a href="good.md" ping="{page}">kept</a>',
        f'<link rel="preload" imagesrcset="{page}p.jpg 2x, /x.jpg 1x">',
        f'<img alt="kept" data-src="{page}">',
        f'<object><param name="x" value="{page}"></object>',
        f"<iframe srcdoc=\"<a href='{page}'>x</a>\"></iframe>",
        f'<meta http-equiv="refresh" content="0; url={page}">',
        f"<p style=\"background: url('{page}p.jpg')\">kept</p>",
        '<pre class="mermaid">graph</pre>\n\n<div class="mermaid" markdown="1">x</div>',
    ]
    published.write("announcements/linking.md", body="\n\n".join(links), title="Linking")
    published.publish("announcements/linking.md")
    assert_tight(published)
    html = published.page("announcements/linking")
    assert html.split('class="gs-text"')[1].count("kept") == 8
    assert 'class="mermaid"' not in html


def test_names_of_attachments_stay_out_of_the_log(published: UnitUnderTest) -> None:
    """The name of a withheld attachment may be the secret (21)."""
    published.write("announcements/s/index.md", title="S")
    published.write(f"announcements/s/{canary('name')}.exe", "x")
    assert "docs/announcements/s/index.md:1: has problems" in assert_tight(published)


def test_lines_that_a_forger_adds(published: UnitUnderTest) -> None:
    """A dossier line cannot write into the build's log (21)."""
    import json

    from gongshi.common.hashing import canonical_json, sha256

    dossier = published.dossier("announcements/good.md")
    content = dossier.read_bytes()
    last = json.loads(content.splitlines()[-1])
    last.update(seq=5, prev=sha256(content.splitlines()[-1]), by=f"{CANARY}\n\x1b[31mINFO")
    dossier.write_bytes(content + canonical_json(last) + b"\n")
    output = assert_tight(published)
    assert "\x1b" not in output


@pytest.mark.slow
def test_a_navigation_of_drafts_alone(published: UnitUnderTest) -> None:
    """Nothing of it is left, and the build goes on: what was withdrawn must go."""
    published.configure(settings(), nav=[{"Draft": "announcements/draft.md"}])
    result = published.build()
    assert result.exit_code == 0, result.all
    assert "Traceback" not in result.all
    assert_tight(published)
