"""The commands as a clerk meets them: answers, exit codes, languages, paths, persons."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gongshi import i18n
from gongshi.domain.content import text_advice
from support.unit import COMMON, UnitUnderTest, settings


def digest_of(unit: UnitUnderTest, path: str) -> str:
    """The digest of an entry's file as it is now."""
    digest = unit.gongshi("status", "--json", f"docs/{path}").json()["entries"][0]["draft_digest"]
    assert isinstance(digest, str)
    return digest


@pytest.mark.slow
def test_new_writes_a_ready_to_fill_entry(unit: UnitUnderTest) -> None:
    """The printed path exists and gets its own number; with a text it passes `check` and can be submitted."""
    first = unit.gongshi("new", "announcements", "关于停水的通知: 11月25日", "--as", "clerk")
    assert (first.exit_code, first.output) == (0, "docs/announcements/2026/20261121-1.md\n")
    text = (unit.root / first.output.strip()).read_text(encoding="utf-8")
    assert "title: '关于停水的通知: 11月25日'\n" in text
    assert "author: clerk\n" in text
    second = unit.gongshi("new", "announcements", "yes", "--as", "clerk", "--bundle")
    assert second.output == "docs/announcements/2026/20261121-2/index.md\n"
    third = unit.gongshi("new", "activities", "# A: 'b' \"c\" {d}", "--as", "clerk", "--json")
    assert third.json() == {"path": "activities/2026/20261121-1.md"}
    assert "\ndate:" not in text
    paths = [first.output.strip(), second.output.strip(), f"docs/{third.json()['path']}"]
    assert unit.gongshi("submit", "docs", "--as", "clerk").exit_code == 1
    for path in paths:
        written = (unit.root / path).read_text(encoding="utf-8").replace("Write the text here.", "A text.")
        (unit.root / path).write_text(written, encoding="utf-8")
    assert unit.gongshi("check").exit_code == 0
    assert unit.gongshi("submit", "docs", "--as", "clerk").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere", "T"], "there is no column nowhere; known are announcements (Announcements), activities"),
        (["announcements", " "], "the title is empty"),
        (["announcements", "\u3000"], "the title is empty"),
        (["announcements", "\u200b"], "the title has no visible character"),
        (["announcements", "a\nb"], "the title contains U+000A, a line break; write it on one line"),
        (["announcements", "a\x1bb"], "the title contains the control character U+001B; delete it"),
        (["announcements", "a\u202eb"], "the title contains U+202E, which changes the direction of writing; delete it"),
        (["announcements", "a" * 201], "the title has 201 characters; at most 200 are allowed"),
        (["Announcements", "关于", "放假"], 'quotation marks: gongshi new Announcements "关于 放假"'),
        (["announcements", "T", "--as", "nobody"], "nobody is not in people"),
    ],
)
def test_new_refuses(unit: UnitUnderTest, arguments: list[str], says: str) -> None:
    """A wrong column, title or person: exit code 2 and one message."""
    result = unit.gongshi("new", *arguments, *([] if "--as" in arguments else ["--as", "clerk"]))
    assert result.exit_code == 2
    assert says in result.errors
    assert not list(unit.docs.rglob("*.md"))


@pytest.mark.parametrize("space", ["\u3000", "\u00a0", "\u2003", " \u3000\t"])
def test_odd_spaces_in_a_new_title_become_plain(unit: UnitUnderTest, space: str) -> None:
    """`new` writes one ordinary space and says so; in a file such a title is accepted as it stands."""
    result = unit.gongshi("new", "announcements", f"\u3000通{space}知 ", "--as", "clerk")
    assert result.exit_code == 0
    assert "odd spaces in the title were written as ordinary spaces: 通 知" in result.errors
    assert "title: 通 知\n" in (unit.root / result.output.strip()).read_text(encoding="utf-8")
    if "\t" not in space:
        unit.write("announcements/a.md", title=f"通{space}知")
        assert "Errors: 0, advice: 0" in unit.gongshi("check", "docs/announcements/a.md").output
    plain = unit.gongshi("new", "announcements", " 通  知 ", "--as", "clerk")
    assert (plain.exit_code, plain.errors) == (0, "")


def test_a_title_is_judged_alike_in_a_file_and_by_new(unit: UnitUnderTest) -> None:
    """The same words refuse it in both places."""
    for title in ("\u200b", "a\nb", "a\x1bb", "a\u202eb", "a" * 201, "a\ufffdb", "a\u2028b"):
        typed = unit.gongshi("new", "announcements", title, "--as", "clerk").errors
        unit.write(
            "announcements/a.md", f"---\ntitle: {json.dumps(title)}\ndate: 2026-11-03\nauthor: clerk\n---\nText.\n"
        )
        found = unit.gongshi("check", "docs/announcements/a.md", "--json").json()["problems"]
        assert [typed] == [f"Error: the title {problem['message']}\n" for problem in found]


@pytest.fixture
def chinese(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit whose columns, stages and people have Chinese names, with a standing page."""
    section = settings()
    section["columns"]["announcements"]["title"] = "通知公告"
    section["columns"]["activities"]["title"] = "活动动态"
    section["review"]["stages"]["first"]["title"] = "初审"
    section["people"]["clerk"]["name"] = "经办员"
    unit.configure(section)
    unit.write("about/index.md", title="关于我们", author=None)
    return unit


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("announcements", "announcements"),
        ("通知公告", "announcements"),
        (" 通知公告　", "announcements"),
        ("Announcements", "announcements"),
        ("docs/activities/", "activities"),
        ("activities/", "activities"),
    ],
)
def test_new_takes_the_title_of_a_column(chinese: UnitUnderTest, written: str, column: str) -> None:
    """As it takes its id and its folder; and people by their name."""
    result = chinese.gongshi("new", written, "放假", "--as", "经办员")
    assert (result.exit_code, result.output) == (0, f"docs/{column}/2026/20261121-1.md\n")
    assert "author: clerk\n" in (chinese.root / result.output.strip()).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("通知", "announcements"),
        ("公告", "announcements"),
        ("通知公示", "announcements"),
        ("announcement", "announcements"),
        ("Anouncments", "announcements"),
        ("activity", "activities"),
        ("新闻", None),
    ],
)
def test_new_names_the_columns_and_guesses(chinese: UnitUnderTest, written: str, meant: str | None) -> None:
    """An unknown column: all columns by id and title, the one that may be meant, and how standing pages are made."""
    result = chinese.gongshi("new", written, "放假", "--as", "clerk")
    assert (result.exit_code, result.output) == (2, "")
    known = "known are announcements (通知公告), activities (活动动态)"
    guess = f". Did you mean {meant}?" if meant else ""
    assert f"Error: there is no column {written}; {known}{guess}\n" in result.errors
    assert "A page outside the columns, such as docs/about/index.md, is written by hand" in result.errors


@pytest.mark.slow
@pytest.mark.parametrize("written", ["about", "docs/about/index.md", "about/", "关于我们"])
def test_new_leads_to_the_standing_page(chinese: UnitUnderTest, written: str) -> None:
    """Whoever names one is told that its file is edited and submitted."""
    result = chinese.gongshi("new", written, "T", "--as", "clerk")
    assert result.exit_code == 2
    assert (
        "docs/about/index.md is no column; edit that file itself, then submit it with `gongshi submit" in result.errors
    )


def test_the_sentence_of_new_is_known_in_each_language() -> None:
    """Checks know it without the catalogues."""
    assert {text_advice.placeholder(language) for language in i18n.LANGUAGES} == text_advice._SENTENCES


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh_CN.UTF-8"])
def test_an_unwritten_text_is_told(unit: UnitUnderTest, lang: str) -> None:
    """As long as it is the sentence of `gongshi new`, `check` says so, with its line, and `submit` refuses it."""
    path = unit.gongshi("new", "announcements", "T", "--as", "clerk", LANG=lang).output.strip()
    told = unit.gongshi("check").output
    text = (unit.root / path).read_text(encoding="utf-8")
    line = text.rstrip().count("\n") + 1
    assert f"{path}:{line}: nobody has written the text yet; write it here in place of this sentence [error]\n" in told
    refused = unit.gongshi("submit", path, "--as", "clerk")
    assert (refused.exit_code, "nobody has written the text yet" in refused.errors) == (1, True)
    (unit.root / path).write_text(text + "\nMore.\n", encoding="utf-8")
    assert f"{path}:{line}: this sentence only holds the place; write the text instead of it [error]\n" in (
        unit.gongshi("check").output
    )


def test_the_content_folder_is_missing(unit: UnitUnderTest) -> None:
    """Where somebody deleted it to begin anew, it is said what to do."""
    unit.docs.rmdir()
    result = unit.gongshi("status")
    assert (result.exit_code, result.errors) == (
        1,
        "Error: docs: this folder does not exist; make it, or correct docs_dir in mkdocs.yml\n",
    )


def test_a_title_of_two_columns_is_refused(chinese: UnitUnderTest) -> None:
    """It could mean either; their ids are named."""
    section = settings()
    section["columns"]["announcements"]["title"] = section["columns"]["activities"]["title"] = "信息"
    chinese.configure(section)
    result = chinese.gongshi("new", "信息", "T", "--as", "clerk")
    assert result.exit_code == 2 and "信息 can be announcements or activities; write the id" in result.errors


@pytest.mark.slow
def test_names_instead_of_ids_and_paths(chinese: UnitUnderTest) -> None:
    """Where a path, a stage or a person is typed, too: titles and names count, `.md` may be absent, misses are guessed."""
    chinese.write("announcements/2026/20261121-1.md", title="放假")
    chinese.write("activities/2026/20261121-1.md", title="演出")
    titled = chinese.gongshi("status", "通知公告").output
    assert "放假" in titled and "演出" not in titled
    chinese.write("announcements/2026.md", title="年报")
    assert "年报" not in chinese.gongshi("status", "docs/announcements/2026").output
    (chinese.docs / "announcements" / "2026.md").unlink()
    entry = "docs/announcements/2026/20261121-1"
    assert chinese.gongshi("submit", entry, "--as", "经办员").exit_code == 0
    assert chinese.gongshi("approve", entry, "--stage", "初审", "--as", "HEAD@unit.example").exit_code == 0
    for arguments, says in (
        (["status", "announcement"], "did you mean announcements?"),
        (["status", "docs/announcements/2026/2026112-1.md"], f"did you mean {entry}.md?"),
        (
            ["approve", entry, "--stage", "终", "--as", "chief"],
            "known are first (初审), second (Second), final (Final)",
        ),
        (["submit", entry, "--as", "clark"], "chief (Chief). Did you mean clerk?"),
    ):
        result = chinese.gongshi(*arguments)
        assert result.exit_code == 2 and says in result.errors, result.all


def test_who_acts_comes_from_git(unit: UnitUnderTest) -> None:
    """Without `--as` the person is whose address git has, upper or lower case."""
    unit.write("announcements/a.md")
    nobody = unit.gongshi("submit", "docs/announcements/a.md")
    assert nobody.exit_code == 2
    assert "who are you? Name a person with --as" in nobody.errors
    subprocess.run(["git", "init", "-q"], cwd=unit.root, check=True)
    subprocess.run(["git", "config", "user.email", "Clerk@Unit.example"], cwd=unit.root, check=True)
    result = unit.gongshi("submit", "docs/announcements/a.md")
    assert result.exit_code == 0
    assert '"by":"clerk"' in unit.dossier("announcements/a.md").read_text()


def test_paths(unit: UnitUnderTest) -> None:
    """Files, bundles, attachments of bundles, several at once, folders; from any folder; with or without `docs/`."""
    for name in ("a.md", "b.md", "2026/c/index.md", "2026/d.md"):
        unit.write(f"announcements/{name}")
    unit.write("announcements/2026/c/file.txt", "x")
    result = unit.gongshi("submit", "announcements/a.md", "docs/announcements/b.md", "--as", "clerk")
    assert result.exit_code == 0
    assert result.output.count("submitted; waits for First: Head") == 2
    bundle = unit.gongshi("submit", "docs/announcements/2026/c/file.txt", "--as", "clerk")
    assert "docs/announcements/2026/c/index.md" in bundle.output
    rest = unit.gongshi("submit", "docs/announcements", "--as", "clerk")
    assert rest.exit_code == 0
    assert "docs/announcements/2026/d.md" in rest.output
    assert "3 others in these folders were left unchanged" in rest.output
    missing = unit.gongshi("approve", "docs/announcements/none.md", "--as", "head")
    assert missing.exit_code == 2
    assert "docs/announcements/none.md: there is no such entry or page" in missing.errors


def test_several_of_which_one_is_refused(unit: UnitUnderTest) -> None:
    """The others are done; the refused one is named and the exit code is 1."""
    unit.write("announcements/a.md")
    unit.write("announcements/b.md", "broken")
    result = unit.gongshi("submit", "docs/announcements/a.md", "docs/announcements/b.md", "--as", "clerk")
    assert result.exit_code == 1
    assert "a.md “A title”: submitted" in result.output
    assert "Not done: docs/announcements/b.md:1: front matter is missing" in result.errors
    facts = unit.gongshi("submit", "docs/announcements", "--as", "clerk", "--json").json()["results"]
    assert [fact["done"] for fact in facts] == [False, False]


def test_approving_a_folder_takes_what_waits_for_me(unit: UnitUnderTest) -> None:
    """`approve docs/announcements` approves what waits for this person and leaves the rest alone."""
    for name in ("a", "b", "c"):
        unit.write(f"announcements/{name}.md")
    unit.submit("announcements/a.md")
    unit.submit("announcements/b.md")
    unit.approve("announcements/b.md", stages=1)
    result = unit.gongshi("approve", "docs/announcements", "--as", "head")
    assert result.exit_code == 0
    assert result.output.count("approved at First") == 1
    assert "2 others" in result.output
    nothing = unit.gongshi("approve", "docs/announcements", "--as", "chief")
    assert nothing.exit_code == 1


def test_the_walk(unit: UnitUnderTest) -> None:
    """What each command answers on the way from draft to notice."""
    unit.write("activities/a.md", title="Health day")
    assert unit.gongshi("submit", "docs/activities/a.md", "--as", "clerk").output == (
        "docs/activities/a.md “Health day”: submitted; waits for First: Head\n"
    )
    assert unit.gongshi("return", "docs/activities/a.md", "--note", "no place", "--as", "head").output == (
        "docs/activities/a.md “Health day”: returned; correct it and submit it again\n"
    )
    assert "returned by Head on 2026-11-21: no place" in unit.gongshi("status").output
    unit.submit("activities/a.md")
    assert unit.gongshi("approve", "docs/activities/a.md", "--as", "head").output == (
        "docs/activities/a.md “Health day”: approved at First; waits for Final: Chief\n"
    )
    assert unit.gongshi("approve", "docs/activities/a.md", "--as", "chief", "--stage", "final").output == (
        "docs/activities/a.md “Health day”: approved at Final; the next build publishes it\n"
    )
    assert "status: approved" in (unit.docs / "activities/a.md").read_text()
    assert unit.gongshi("withdraw", "docs/activities/a.md", "--reason", "rain", "--as", "chief").output == (
        "docs/activities/a.md “Health day”: withdrawn; the next build takes it down\n"
    )
    assert "status: withdrawn" in (unit.docs / "activities/a.md").read_text()
    facts = unit.gongshi("status", "--json").json()["entries"][0]
    assert (facts["state"], facts["public"], facts["stage"]) == ("withdrawn", "withdrawn", None)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["return", "docs/activities/a.md", "--as", "head"], "Missing option '--note'"),
        (["return", "docs/activities/a.md", "--note", " ", "--as", "head"], "is empty; write a few words"),
        (["withdraw", "docs/activities/a.md", "--as", "chief"], "Missing option '--reason'"),
        (["approve", "docs/activities/a.md", "--stage", "third", "--as", "head"], "there is no stage third"),
        (["approve"], "Missing argument"),
        (["praise"], "No such command"),
        (["status", "docs/none.md"], "there is no such entry or page"),
    ],
)
def test_unusable_arguments(unit: UnitUnderTest, command: list[str], says: str) -> None:
    """Exit code 2, a message, and nothing done."""
    unit.write("activities/a.md")
    result = unit.gongshi(*command)
    assert result.exit_code == 2
    assert says in result.errors
    assert not (unit.docs / ".reviews").exists()


def test_a_wrong_configuration_stops_every_command(unit: UnitUnderTest) -> None:
    """One message with all problems, exit code 2."""
    section = settings(chain=["first", "fourth"], withdraw_role=None)
    section["columns"]["Tags!"] = {"title": "T", "kind": "blog"}
    unit.configure(section)
    for command in (["status"], ["check"], ["new", "announcements", "T"], ["approve", "x"], ["status", "--json"]):
        result = unit.gongshi(*command)
        assert result.exit_code == 2, result.all
        assert "extra.gongshi.columns.Tags!.kind: must be one of announcement, activity" in result.errors
        assert "extra.gongshi.review.withdraw_role: is empty" in result.errors
    result = unit.run("gongshi", "-f", "nowhere.yml", "status")
    assert result.exit_code == 2


def test_outside_of_a_repository(unit: UnitUnderTest) -> None:
    """A command without a mkdocs.yml says where to go."""
    (unit.root / "mkdocs.yml").unlink()
    result = unit.gongshi("status")
    assert result.exit_code == 2
    assert "there is no mkdocs.yml" in result.errors


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "word"), [("C", "draft"), ("en_GB.UTF-8", "draft"), ("zh_CN.UTF-8", "草稿"), ("", "草稿")]
)
def test_languages(unit: UnitUnderTest, lang: str, word: str) -> None:
    """Chinese by default, English where the environment asks for it, click's own words included."""
    unit.configure(settings(), theme={"name": "gongshi", "language": "zh"})
    unit.write("announcements/a.md")
    assert word in unit.gongshi("status", LANG=lang).output
    usage = unit.gongshi("--help", LANG=lang).output
    assert ("用法" in usage) == (word == "草稿")
    assert ("Usage" in usage) == (word == "draft")


@pytest.mark.parametrize(
    ("environment", "site", "language"),
    [
        ({}, "zh", "zh"),
        ({}, "en", "en"),
        ({"LANG": ""}, "zh", "zh"),
        ({"LANG": "zh"}, "en", "zh"),
        ({"LANG": "zh-CN"}, "en", "zh"),
        ({"LANG": "zh_TW.UTF-8@pinyin"}, "en", "zh"),
        ({"LANG": "en-US"}, "zh", "en"),
        ({"LANG": "C.UTF-8"}, "zh", "en"),
        ({"LANG": "POSIX"}, "zh", "en"),
        ({"LANG": "fr_FR.UTF-8"}, "zh", "zh"),
        ({"LC_ALL": "C", "LANG": "zh"}, "zh", "en"),
        ({"LC_MESSAGES": "zh", "LANG": "en_US.UTF-8"}, "en", "zh"),
        ({"LC_CTYPE": "en_US.UTF-8"}, "zh", "zh"),
        ({"LANGUAGE": "zh_CN:zh", "LANG": "en"}, "zh", "en"),
    ],
)
def test_the_language_of_answers(environment: dict[str, str], site: str, language: str) -> None:
    """The first of LC_ALL, LC_MESSAGES and LANG; without them, as in cron and on Windows, the site's language."""
    assert i18n.language_from_environment(environment, site) == language


@pytest.mark.slow
def test_the_language_of_a_named_site(unit: UnitUnderTest, tmp_path: Path) -> None:
    """With `-f` it is that of the named site, wherever the command runs."""
    unit.configure(settings(), theme={"name": "gongshi", "language": "en"})
    for option in (["-f", "unit/mkdocs.yml"], ["--config-file=unit/mkdocs.yml"]):
        command = [sys.executable, "-m", "gongshi", *option, "status"]
        environment = {name: value for name, value in COMMON.items() if name != "LANG"}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        assert "0 entries and pages" in done.stdout


def test_check_names_place_and_remedy(unit: UnitUnderTest) -> None:
    """Each problem as `path:line: key: what is wrong and how to mend it`; all of a file at once."""
    unit.write(
        "announcements/a.md",
        "---\ntitle: yes\ndate: 2026/11/03\nauthor: nobody\nStatus: draft\npinned: 'yes'\nsummary:\n"
        "attachments:\n  - {file: x.pdf}\nevent:\n  start: 2026-11-03\n  end: 2026-11-01\n---\n",
    )
    unit.write("announcements/b.md", "---\ntitle：全角\n---\n")
    unit.write("announcements/c.md", "---\ntitle: 关于: 活动\n---\n")
    unit.write("announcements/d.md", "标题".encode("gbk"))
    unit.write("announcements/e.md", "")
    unit.write("announcements/2027.md")
    unit.write("announcements/f.md", author="nobody", attachments=[{"file": "x.pdf", "title": "X"}])
    unit.write("tags/index.md", date=None)
    result = unit.gongshi("check")
    assert result.exit_code == 1
    for line in (
        'docs/announcements/a.md:2: title: must be a text; put it in quotes: "yes"',
        "docs/announcements/a.md:3: date: must be a date such as 2026-11-21",
        "docs/announcements/a.md:5: Status: unknown key; did you mean `status`?",
        "docs/announcements/a.md:6: pinned: must be true or false",
        "docs/announcements/a.md:7: summary: is empty",
        "docs/announcements/a.md:9: attachments[1].title: is missing",
        "docs/announcements/a.md:12: event.end: lies before start",
        "docs/announcements/b.md:2: a full-width colon “：” is no YAML",
        "docs/announcements/c.md:2: a value that contains “: ” must stand in quotes",
        "docs/announcements/d.md:1: is GBK text; save it as UTF-8 (in Notepad: Save as, Encoding: UTF-8)",
        "docs/announcements/e.md:1: front matter is missing",
        "docs/announcements/2027.md: the address /announcements/2027/ is reserved",
        "docs/announcements/f.md:5: author: is not the id of a person in mkdocs.yml; known ids: clerk, head",
        "docs/announcements/f.md:6: attachments[1].file: the entry's folder has no file x.pdf",
        "docs/tags/index.md: the address /tags/ is reserved",
    ):
        assert line in result.output
    assert unit.gongshi("check", "docs/announcements/f.md").output.count("[error]") == 2
    facts = unit.gongshi("check", "--json").json()["problems"]
    assert {"path", "line", "key", "message", "advice"} == set(facts[0])


def test_status_of_a_flag_without_a_decision(unit: UnitUnderTest) -> None:
    """A copied `status: approved` is pointed out."""
    unit.write("announcements/a.md", status="approved")
    assert (
        "says approved, but with assurance: seal that is no decision and publishes nothing"
        in unit.gongshi("status").output
    )


def test_an_attachment_that_changes_after_submission(unit: UnitUnderTest) -> None:
    """What is approved is the whole bundle, byte for byte."""
    unit.write("announcements/a/index.md")
    unit.write("announcements/a/list.txt", "one")
    unit.submit("announcements/a/index.md")
    unit.write("announcements/a/list.txt", "two")
    result = unit.gongshi("approve", "docs/announcements/a", "--as", "head")
    assert result.exit_code == 1
    assert "changed after it was submitted" in result.errors
    unit.write("announcements/a/list.txt", "one")
    assert unit.gongshi("approve", "docs/announcements/a", "--as", "head").exit_code == 0


def test_an_approval_of_what_was_looked_at(unit: UnitUnderTest) -> None:
    """`--digest` pins an approval: what was submitted anew since is refused, with both digests in the answer."""
    unit.write("announcements/a/index.md", title="Looked at")
    unit.write("announcements/a/list.txt", "one")
    unit.submit("announcements/a/index.md")
    seen = digest_of(unit, "announcements/a/index.md")
    approve = ("approve", "docs/announcements/a", "--as", "head", "--digest")
    unit.write("announcements/a/list.txt", "two")
    assert unit.gongshi("submit", "docs/announcements/a", "--as", "clerk").exit_code == 0
    now = digest_of(unit, "announcements/a/index.md")
    for pin in (seen, seen[:12], now[:12] + ("0" if now[12] != "0" else "1")):
        refused = unit.gongshi(*approve, pin)
        assert refused.exit_code == 1
        assert f"you looked at {pin}, but its digest is now {now[: len(pin)]}" in refused.errors
    assert '"approve"' not in unit.dossier("announcements/a/index.md").read_text()
    done = unit.gongshi(*approve, now[:12].upper())
    assert (done.exit_code, "approved at First" in done.output) == (0, True)
    done = unit.gongshi("approve", "docs/announcements/a/list.txt", "--as", "deputy", "--digest", now)
    assert (done.exit_code, "approved at Second" in done.output) == (0, True)


@pytest.mark.parametrize("pin", ["", "0123456789a", "0" * 65, "g" * 12, " " * 12, "0" * 12 + "\n"])
def test_what_is_no_digest(unit: UnitUnderTest, pin: str) -> None:
    """Fewer than 12 digits, more than 64, or something else: exit code 2, and nothing is approved."""
    unit.write("announcements/a.md")
    unit.submit("announcements/a.md")
    result = unit.gongshi("approve", "docs/announcements/a.md", "--as", "head", "--digest", pin)
    assert result.exit_code == 2
    assert "must be 12 to 64 hexadecimal digits" in result.errors


def test_a_digest_belongs_to_one_entry(unit: UnitUnderTest) -> None:
    """With several paths, or a folder of several entries, nothing is approved."""
    for name in ("a", "b"):
        unit.write(f"announcements/{name}.md")
        unit.submit(f"announcements/{name}.md")
    digest = digest_of(unit, "announcements/a.md")
    for paths in (["docs/announcements/a.md", "docs/announcements/b.md"], ["docs"], ["docs/announcements/a.md"] * 2):
        result = unit.gongshi("approve", *paths, "--as", "head", "--digest", digest)
        assert result.exit_code == 2
        assert "belongs to one entry" in result.errors
    assert unit.gongshi("approve", "docs/announcements/a.md", "--as", "head", "--digest", digest).exit_code == 0


@pytest.mark.parametrize("command", ["new", "status", "submit", "approve", "return", "withdraw", "check"])
def test_help(unit: UnitUnderTest, command: str) -> None:
    """Every command and every option says what it does."""
    result = unit.gongshi(command, "--help")
    assert result.exit_code == 0
    for line in result.output.splitlines():
        if line.strip().startswith("--"):
            assert len(line.split(maxsplit=2)) > 2, line


@pytest.mark.slow
def test_new_at_the_same_time(unit: UnitUnderTest) -> None:
    """Eight at once write eight entries."""
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda n: unit.gongshi("new", "announcements", f"T{n}", "--as", "clerk"), range(8)))
    assert len({result.output for result in results}) == 8
    assert len(list(unit.docs.rglob("*.md"))) == 8


def test_new_leaves_addresses_alone_that_are_taken(unit: UnitUnderTest) -> None:
    """The number of a published entry whose file is gone is not given again."""
    path = unit.gongshi("new", "announcements", "T", "--as", "clerk").output.strip().removeprefix("docs/")
    unit.write(path)
    unit.publish(path)
    (unit.docs / path).unlink()
    assert (
        unit.gongshi("new", "announcements", "T", "--as", "clerk").output == "docs/announcements/2026/20261121-2.md\n"
    )


def test_arguments_that_mean_too_much(unit: UnitUnderTest) -> None:
    """An empty path is not the whole site; bytes that are no text are no note."""
    unit.write("activities/a.md")
    unit.publish("activities/a.md")
    empty = unit.gongshi("withdraw", "", "--as", "chief", "--reason", "x")
    everything = unit.gongshi("withdraw", ".", "--as", "chief", "--reason", "x")
    assert (everything.exit_code, "the whole site" in everything.errors) == (2, True)
    assert (empty.exit_code, "an empty path means nothing" in empty.errors) == (2, True)
    note = unit.gongshi("withdraw", "docs/activities/a.md", "--as", "chief", "--reason", "a\udcff")
    assert note.exit_code == 2
    assert "contains U+DCFF, which is not a character" in note.errors


@pytest.mark.slow
def test_names_that_are_no_text(unit: UnitUnderTest) -> None:
    """File names with bytes that are no UTF-8, with and without a dossier: a problem, no traceback."""
    unit.write("announcements/b\udcff.md")
    unit.write(".reviews/announcements/b\udcff.md.jsonl", "x\n")
    unit.write(".reviews/announcements/c\udcff.md.jsonl", "x\n")
    unit.write(f"announcements/{'长' * 70}.md")
    for command in (
        ["status"],
        ["status", "--json"],
        ["check"],
        ["check", "--json"],
        ["submit", "docs", "--as", "clerk"],
    ):
        result = unit.gongshi(*command)
        assert "Traceback" not in result.all, result.all
    assert "the name has an invisible or invalid character" in unit.gongshi("check").output
    assert "the name is too long" in unit.gongshi("check").output
    assert unit.build().exit_code == 0


def test_a_terminal_that_cannot_show_a_title(unit: UnitUnderTest) -> None:
    """A Latin terminal and an emoji: the act is done and said."""
    unit.write("activities/a.md", title="😀")
    result = unit.gongshi("submit", "docs/activities/a.md", "--as", "clerk", PYTHONIOENCODING="latin-1")
    assert result.exit_code == 0, result.all
    assert "\\U0001f600" in result.output
    assert unit.gongshi("status", "--json", PYTHONIOENCODING="latin-1").json()["entries"][0]["title"] == "😀"


def test_a_flag_that_cannot_be_set(unit: UnitUnderTest) -> None:
    """Front matter that cannot be edited safely is refused before anything is recorded."""
    unit.write(
        "activities/a.md", "---\ntitle: A\ndate: 2026-11-03\nauthor: clerk\nstatus: # why\n  draft\n---\nText.\n"
    )
    result = unit.gongshi("submit", "docs/activities/a.md", "--as", "clerk")
    assert result.exit_code == 1
    assert "docs/activities/a.md:5: status: the comment within this key would be lost" in result.errors
    assert not unit.dossier("activities/a.md").exists()
    unit.write("activities/c.md", "---\ntitle: C\ndate: 2026-11-03\nauthor: clerk\nstatus: >-\n  draft\n---\nText.\n")
    result = unit.gongshi("submit", "docs/activities/c.md", "--as", "clerk")
    assert result.exit_code == 0
    assert "author: clerk\nstatus: submitted\n---\n" in (unit.docs / "activities" / "c.md").read_text()
    unit.write("activities/b.md", "---\n  title: B\n  date: 2026-11-03\n  author: clerk\n---\nText.\n")
    assert unit.gongshi("submit", "docs/activities/b.md", "--as", "clerk").exit_code == 0
    assert "  status: submitted\n" in (unit.docs / "activities" / "b.md").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("cafe\u0301", "not in the usual Unicode form"),
        ("a\u202eb", "an invisible or invalid character"),
        ("a\u200db", "an invisible or invalid character"),
        ("a:b", "not every system can store this name"),
        ("con", "not every system can store this name"),
        (" a", "not every system can store this name"),
        ("a\nb", "an invisible or invalid character"),
        ("/".join(["d"] * 30), "is nested too deep"),
    ],
)
def test_names_that_are_refused(unit: UnitUnderTest, name: str, says: str) -> None:
    """Names that look like others, or that not every system can keep."""
    unit.write(f"announcements/{name}.md")
    result = unit.gongshi("check")
    assert result.exit_code == 1
    assert says in result.output
    assert unit.gongshi("submit", "docs", "--as", "clerk").exit_code in (1, 2)
    assert unit.build().exit_code == 0


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("title: [转发]关于停水", "must stand in quotes as a whole"),
        ("title: @所有人", "must stand in quotes as a whole"),
        ('title: "没有结束', 'the quotation mark " at the start of the value is not closed'),
        ("title: A\n date: 2026-11-03", "spaces at the start of the line"),
        ("title: A\n\u3000date: 2026-11-03", "a full-width space before the key"),
        ("title:A", "a space is missing after the colon"),
        ("title: A\npublic_notice: 2026-11-16", "as in `{from: …, to: …}`"),
        ("title: A\nattachments:\n  - form.docx", "as in `{file: …, title: …}`"),
    ],
)
def test_slips_of_the_keyboard(unit: UnitUnderTest, line: str, says: str) -> None:
    """What is easily mistyped is named for what it is."""
    unit.write("about.md", f"---\n{line}\n---\n")
    result = unit.gongshi("check")
    assert result.exit_code == 1
    assert says in result.output


def test_text_that_yaml_takes_for_a_comment(unit: UnitUnderTest) -> None:
    """A title with ` #` is cut there without an error; `check` points it out."""
    unit.write("about.md", "---\ntitle: 关于 #3 楼停水\nsource: '“#” in quotes' # a comment\n---\nText.\n")
    result = unit.gongshi("check")
    assert result.exit_code == 0
    assert "docs/about.md:2: title: “#3 楼停水” is a comment and not shown" in result.output


def test_settings_that_mkdocs_cannot_read(unit: UnitUnderTest) -> None:
    """What no setting can be ends `check` in one message."""
    unit.write("announcements/a.md", body="A text with <b>HTML</b> that is converted.\n")
    file = unit.root / "mkdocs.yml"
    file.write_text(file.read_text() + "\nrepo_url: http://[::1\n")
    result = unit.gongshi("check")
    assert result.exit_code == 2
    assert result.errors == "Error: mkdocs.yml: MkDocs cannot read it (Invalid IPv6 URL); correct it\n"
