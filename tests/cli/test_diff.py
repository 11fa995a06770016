"""`gongshi diff`: what an approver reads before signing."""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path

import click
import pytest

from gongshi.cli.commands.diff_terminal import TerminalDiff
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.records.store import ReviewStore
from gongshi.reports.diff.text_diff import text_diff
from support.front_matter_changes import CHANGES, VALID
from support.office_documents import pdf, word, workbook
from support.photos import gradient, saved
from support.sample_unit import copy_sample
from support.unit import NOW, UnitUnderTest, front_matter, settings

PATH = "announcements/b/index.md"
BODY = "The office is open from 9 to 17.\n\nBring your card."
EARLIER = "2026-11-10T09:00:00+08:00"


@pytest.fixture
def bundle(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit with a published bundle."""
    unit.write(PATH, title="Hours", body=BODY, tags=["office"], attachments=[{"file": "a.txt", "title": "Form"}])
    unit.write("announcements/b/a.txt", "approved bytes\n")
    unit.publish(PATH, now=EARLIER)
    return unit


def edit(unit: UnitUnderTest, old: str, new: str) -> None:
    """Change the published bundle's text."""
    file = unit.docs / PATH
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_bytes(text.replace(old, new).encode())


def shown(unit: UnitUnderTest, path: str = PATH, now: str = NOW) -> str:
    """What the command prints."""
    result = unit.gongshi("diff", f"docs/{path}", now=now)
    assert result.exit_code == 0, result.all
    assert result.errors == ""
    return result.output


def base(unit: UnitUnderTest, path: str = PATH) -> str | None:
    """The digest that the command compares with."""
    facts = unit.gongshi("diff", f"docs/{path}", "--json").json()
    return facts["base"]["digest"] if facts["base"] else None


def digests(unit: UnitUnderTest, path: str = PATH) -> list[str]:
    """The digests of the acts on an entry."""
    return [decision.digest for decision in ReviewStore(unit.docs).read_dossier(path).decisions]


def test_a_change_under_review(bundle: UnitUnderTest) -> None:
    """What is compared with what, who submitted it, how far it is, and each change in its place."""
    edit(bundle, "9 to 17", "9 to 18")
    edit(bundle, "title: Hours", "title: New hours")
    edit(bundle, "- office", "- office\n- winter")
    bundle.write("announcements/b/a.txt", "other bytes\n")
    assert bundle.gongshi("submit", f"docs/{PATH}", "--as", "clerk", "--note", "winter").exit_code == 0
    bundle.approve(PATH, stages=1)
    old, new = digests(bundle)[0][:12], digests(bundle)[-1][:12]
    assert (
        shown(bundle)
        == f"""\
docs/announcements/b/index.md  New hours
  compared with: the version approved on 2026-11-10 by Head, Deputy, Chief ({old})
  digest of this version: {new}
  state: under review: waits for Second: Deputy
  submitted: on 2026-11-21 by Clerk: winter
  approved at First: on 2026-11-21 by Head
  public is: the version compared with

Differences: front matter (2), text, files (1).

Front matter
  title
    - [-Hours-]
    + {{+New hours+}}
  tags
      office
    + winter

Text
{"    "}
  ~ The office is open from 9 to [-17-]{{+18+}}.
{"    "}
    Bring your card.

Files
  a.txt  changed, plain text .txt
    - 15 bytes, SHA-256 {_sha(b"approved bytes" + chr(10).encode())}
    + 12 bytes, SHA-256 {_sha(b"other bytes" + chr(10).encode())}
    Only the text is compared: layout, pictures, macros and encoding may differ, too.
    ~ [-approved-]{{+other+}} bytes
""".replace("[-Hours-]", "Hours").replace("{+New hours+}", "New hours")
    )


def _sha(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()[:12]


def test_no_differences(bundle: UnitUnderTest) -> None:
    """Flags, comments and the order of keys are no part of what was approved."""
    edit(bundle, "title: Hours\n", "")
    edit(bundle, "status: approved", "# a comment\nstatus: draft\ntitle: Hours")
    text = shown(bundle)
    assert "No differences: this is the approved version.\n" in text
    assert "Front matter" not in text
    assert bundle.gongshi("diff", f"docs/{PATH}", "--json").json()["differs"] is False


def test_not_submitted_and_changed_after_submission(bundle: UnitUnderTest) -> None:
    """The file as it is now is compared, and the state says what that means."""
    edit(bundle, "9 to 17", "9 to 18")
    assert "state: edited after approval: the file differs from the approved version" in shown(bundle)
    bundle.submit(PATH)
    edit(bundle, "9 to 18", "9 to 19")
    text = shown(bundle)
    assert "state: changed after submission: the file was changed after it was submitted" in text
    assert f"submitted: another version ({digests(bundle)[-1][:12]}), on 2026-11-21 by Clerk\n" in text
    assert "9 to [-17-]{+19+}" in text


def test_never_approved(unit: UnitUnderTest) -> None:
    """All of it is new, and that is said, before and after it was submitted or returned."""
    unit.write(PATH, title="Hours", body=BODY)
    unit.write("announcements/b/a.txt", "x")
    for act in (None, ["submit", "--as", "clerk"], ["return", "--note", "no", "--as", "head"]):
        if act:
            assert unit.gongshi(act[0], f"docs/{PATH}", *act[1:]).exit_code == 0
        text = shown(unit)
        assert "compared with: nothing: no version has passed its chain yet" in text
        assert "public is: nothing of this entry" in text
        for part in (
            "Everything is new.",
            "\n    + Hours\n",
            "\n    + clerk\n",
            "\n  + Bring your card.\n",
            "a.txt  new",
        ):
            assert part in text


def test_withdrawn(bundle: UnitUnderTest) -> None:
    """What was approved before a withdrawal is no basis any more."""
    reason = ["--reason", "an error", "--as", "chief"]
    assert bundle.gongshi("withdraw", f"docs/{PATH}", *reason).exit_code == 0
    bundle.submit(PATH)
    text = shown(bundle)
    assert "compared with: nothing: withdrawn on 2026-11-21 by Chief (an error) and not approved since" in text
    assert "public is: a notice that it was withdrawn" in text
    assert "Everything is new." in text
    bundle.approve(PATH)
    assert "No differences" in shown(bundle)


def test_withdrawn_by_a_line_that_does_not_count(bundle: UnitUnderTest) -> None:
    """Its words are not repeated: what is compared with nothing names the line, and `status` does, too."""
    archive = ReviewStore(bundle.docs)
    dossier = archive.read_dossier(PATH)
    at, digest = datetime.fromisoformat(NOW), dossier.decisions[-1].digest
    archive.append(dossier, Decision(Action.WITHDRAW, "clerk", at, digest, reason="FORGED", notice=True))
    edit(bundle, "9 to 17", "9 to 18")
    text = shown(bundle)
    line = len(dossier.decisions) + 1
    assert f"compared with: nothing: line {line} of the dossier, which does not count, took it down" in text
    assert "FORGED" not in text.split("state:")[0]
    bundle.submit(PATH)
    told = bundle.gongshi("status", f"docs/{PATH}").output
    assert f"line {line} of the dossier took it down, although it does not count" in told
    assert "FORGED" not in told


def test_scheduled(bundle: UnitUnderTest) -> None:
    """The newest approved version is the basis, also where the public still sees the one before."""
    first = digests(bundle)[0]
    edit(bundle, "title: Hours", "title: Winter hours\npublish_at: 2026-12-01 08:00")
    bundle.publish(PATH)
    text = shown(bundle)
    assert "state: scheduled: approved; public from 2026-12-01 08:00" in text
    assert f"public is: the version approved on 2026-11-10 by Head, Deputy, Chief ({first[:12]})" in text
    assert "No differences" in text
    edit(bundle, "Winter hours", "Summer hours")
    assert "- [-Winter-] hours\n    + {+Summer+} hours\n" in shown(bundle)
    assert base(bundle) == digests(bundle)[-1]


def test_urgent(bundle: UnitUnderTest) -> None:
    """What was published urgently has passed no chain: the approver of the chain that follows sees all of it."""
    bundle.configure(settings(urgent={"role": "chief", "review_within": "24h"}))
    bundle.configure(_with_second_chief(settings(urgent={"role": "chief", "review_within": "24h"})))
    first = digests(bundle)[0]
    edit(bundle, "9 to 17", "9 to 12")
    assert bundle.gongshi("urgent", f"docs/{PATH}", "--reason", "flood", "--as", "chief").exit_code == 0
    text = shown(bundle)
    assert base(bundle) == first
    assert "9 to [-17-]{+12+}" in text
    assert "submitted: by publishing it urgently, on 2026-11-21 by Chief: flood" in text
    assert "public is: this version" in text
    edit(bundle, "9 to 12", "9 to 13")
    text = shown(bundle)
    assert base(bundle) == first
    assert "public is: the version published urgently on 2026-11-21 by Chief" in text
    assert "urgent: its full chain is owed until 2026-11-22 10:00" in text


def _with_second_chief(section: dict[str, object]) -> dict[str, object]:
    people = section["people"]
    assert isinstance(people, dict)
    people["vice"] = {"name": "Vice", "email": "vice@unit.example", "roles": ["chief"], "since": "2025-01-01"}
    return section


def test_corrections(bundle: UnitUnderTest) -> None:
    """A minor correction is named as such, when it waits and when it is what later changes are compared with."""
    bundle.configure(settings(correction={"chain": ["first"], "characters": 20}))
    edit(bundle, "9 to 17", "9 to 18")
    note = ["--note", "a slip", "--as", "clerk"]
    assert bundle.gongshi("correct", f"docs/{PATH}", *note).exit_code == 0
    assert "submitted: as a minor correction, on 2026-11-21 by Clerk: a slip" in shown(bundle)
    bundle.approve(PATH, stages=1)
    edit(bundle, "9 to 18", "9 to 19")
    text = shown(bundle)
    assert f"compared with: the minor correction approved on 2026-11-21 by Head ({digests(bundle)[-1][:12]})" in text
    assert "9 to [-18-]{+19+}" in text
    assert bundle.gongshi("diff", f"docs/{PATH}", "--json").json()["base"]["correction"] is True


def test_a_void_approval_is_no_basis(bundle: UnitUnderTest) -> None:
    """Nobody hides a change by approving it where the approval does not count: here by its author."""
    first = digests(bundle)[0]
    edit(bundle, "author: clerk", "author: head")
    edit(bundle, "9 to 17", "9 to 23")
    bundle.submit(PATH)
    archive = ReviewStore(bundle.docs)
    files = {
        name: archive.put_object((bundle.docs / "announcements" / "b" / name).read_bytes())
        for name in ("index.md", "a.txt")
    }
    for by, stage in (("head", "first"), ("deputy", "second"), ("chief", "final")):
        dossier = archive.read_dossier(PATH)
        at, chain = datetime.fromisoformat(NOW), ("first", "second", "final")
        archive.append(dossier, Decision(Action.APPROVE, by, at, dossier.decisions[-1].digest, stage, chain, files))
    edit(bundle, "Bring your card", "Bring your own card")
    text = shown(bundle)
    assert base(bundle) == first
    assert "does not count: line 6 of the dossier: Head wrote, submitted or urgently published it" in text
    assert "9 to [-17-]{+23+}" in text
    assert "your {+own␣+}card" in text


def test_flags_keep_no_versions(unit: UnitUnderTest) -> None:
    """With `assurance: flag` there is nothing to compare with, and an approved flag is no proof of sameness."""
    unit.configure(settings(assurance="flag"))
    unit.write(PATH, status="approved", approved_by={"first": "head", "second": "deputy", "final": "chief"})
    text = shown(unit)
    assert "state: published" in text
    assert "compared with: nothing: with assurance: flag no approved version is kept" in text
    assert "Everything is new." in text


def test_what_cannot_be_compared(bundle: UnitUnderTest) -> None:
    """A file that is gone or has problems, a damaged record, a missing approved file: one message, exit code 1."""
    file = bundle.docs / PATH
    content = file.read_bytes()
    file.unlink()
    result = bundle.gongshi("diff", f"docs/{PATH}")
    assert (result.exit_code, result.output) == (1, "")
    assert "docs/announcements/b/index.md: the file is gone, but deleting does not unpublish" in result.errors
    file.write_bytes(content.replace(b"title: Hours", b"titel: Hours"))
    result = bundle.gongshi("diff", f"docs/{PATH}", "--json")
    assert (result.exit_code, result.output) == (1, "")
    assert "docs/announcements/b/index.md:2: titel: unknown key; did you mean `title`?" in result.errors
    file.write_bytes(content)
    (kept,) = (bundle.docs / ".reviews" / "objects").rglob(_sha(b"approved bytes\n") + "*")
    kept.write_bytes(b"forged bytes!\n")
    result = bundle.gongshi("diff", f"docs/{PATH}")
    assert result.exit_code == 1
    assert "the approved file was changed; restore it from the repository's history" in result.errors
    kept.unlink()
    assert "the approved file is missing" in bundle.gongshi("diff", f"docs/{PATH}").errors
    dossier = bundle.dossier(PATH)
    dossier.write_bytes(dossier.read_bytes().replace(b'"by":"head"', b'"by":"chief"'))
    result = bundle.gongshi("diff", f"docs/{PATH}")
    assert result.exit_code == 1
    assert "docs/.reviews/announcements/b/index.md.jsonl:3: does not follow from the line before it" in result.errors
    file.unlink()
    assert bundle.gongshi("diff", f"docs/{PATH}").errors == result.errors
    assert "Traceback" not in result.errors


def test_unusable_arguments(bundle: UnitUnderTest) -> None:
    """One entry is named: by its file, its folder or a file of its bundle; anything else is exit code 2."""
    bundle.write("announcements/c.md")
    for path in ("docs/announcements/b", "announcements/b/a.txt"):
        assert "No differences" in bundle.gongshi("diff", path).output
    for arguments, says in (
        (["docs/announcements"], "docs/announcements: holds 2 entries and pages; name one of them"),
        (["docs/none.md"], "there is no such entry or page"),
        ([], "Missing argument"),
        (["docs/announcements/b", "--html", "docs"], "docs: the name must end in .html or .htm"),
        (["docs/announcements/b", "--html", "none/d.html"], "none/d.html: there is no folder none; create it first"),
    ):
        result = bundle.gongshi("diff", *arguments)
        assert (result.exit_code, result.output) == (1 if "content" in says else 2, "")
        assert says in result.errors


@pytest.mark.slow
def test_files_of_every_kind(bundle: UnitUnderTest) -> None:
    """Added, removed, renamed and changed files; of documents the text, of pictures the size, of broken ones the reason."""
    folder = "announcements/b/"
    photo = saved(gradient(1200, 800), "JPEG")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(200 << 20))
    first = {
        "form.docx": word(["Name:", "Fee 30"]), "list.xlsx": workbook([["Name", 1], ["Sum", "=SUM(B1:B1)"]]),
        "rules.pdf": pdf("Room 205"), "photo.jpg": photo, "bomb.docx": word(["x"]), "broken.pdf": pdf("x"), "gone.zip": b"1",
        "old-name.jpg": photo + b"1",
    }  # fmt: skip
    second = {
        "form.docx": word(["Name:", "Fee 40"]), "list.xlsx": workbook([["Name", 2], ["Sum", "=SUM(B1:B2)"]]),
        "rules.pdf": pdf("Room 206"), "photo.jpg": photo + b"2", "bomb.docx": bomb.getvalue(), "broken.pdf": b"%PDF-1.4",
        "new.zip": b"2", "new-name.jpg": photo + b"1",
    }  # fmt: skip
    for name, content in first.items():
        bundle.write(folder + name, content)
    bundle.publish(PATH)
    for name in first:
        (bundle.docs / folder / name).unlink()
    for name, content in second.items():
        bundle.write(folder + name, content)
    text = shown(bundle)
    for part in (
        "Differences: files (9).",
        "unchanged: a.txt\n",
        "form.docx  changed, text document .docx\n",
        "    ~ Fee [-30-]{+40+}\n",
        "    ~ Name | [-1-]{+2+}\n",
        "    ~ Sum | =SUM(B1:[-B1-]{+B2+})\n",
        "    ~ Room [-205-]{+206+}\n",
        f"photo.jpg  changed, picture .jpg\n    - {len(photo) / 1024:.1f} KiB ({len(photo)} bytes), 1200 × 800 pixels, SHA-256 {_sha(photo)}\n",
        "The content of this kind of file is not compared; open the new file and look at it.",
        "The text of the new file cannot be read: it is larger than 128 MiB when unpacked.",
        "The text of the new file cannot be read: the file is damaged, or its kind differs from its name.",
        f"gone.zip  removed, archive .zip\n    - 1 byte, SHA-256 {_sha(b'1')}\n",
        f"new.zip  new, archive .zip\n    + 1 byte, SHA-256 {_sha(b'2')}\n",
        "new-name.jpg  renamed from old-name.jpg; the bytes are the same\n",
    ):
        assert part in text
    for name in ("bomb.docx", "broken.pdf"):
        assert (
            f"+ {len(second[name])} bytes" in text
            or f"({len(second[name])} bytes), SHA-256 {_sha(second[name])}" in text
        )
    facts = {file["name"]: file for file in bundle.gongshi("diff", f"docs/{PATH}", "--json").json()["files"]}
    assert facts["bomb.docx"]["text"]["unreadable_after"] == "bomb"
    assert facts["photo.jpg"]["after"]["pixels"] == [1200, 800]
    assert facts["new-name.jpg"]["old_name"] == "old-name.jpg"


@pytest.mark.slow
def test_every_change_of_the_digest_is_told(unit: UnitUnderTest) -> None:
    """Each change that gives another digest is printed and is in the facts."""
    path = "announcements/x/index.md"
    unit.write(path, VALID)
    unit.write("announcements/x/f.txt", "1")
    unit.publish(path)
    for text in CHANGES:
        unit.write(path, text)
        facts = unit.gongshi("diff", f"docs/{path}", "--json").json()
        assert facts["differs"] is True
        assert facts["front_matter"] or any(op != "same" for op, _text in facts["body"])
        assert not [file for file in facts["files"] if file["state"] != "same"]
    unit.write(path, VALID)
    unit.write("announcements/x/f.txt", "2")
    assert "f.txt  changed" in shown(unit, path)


def test_indented_paragraphs(unit: UnitUnderTest) -> None:
    """The usual indentation is no sign, on the terminal, on the page and in the facts; a change of blanks is one."""
    unit.write(PATH, body="\u3000\u3000第一段。\n\n第二段。")
    unit.publish(PATH)
    unit.write(PATH, body="\u3000\u3000第一段。\n\n\u3000\u3000第二段。\n\n\u3000\u3000新的一段。")
    text = shown(unit)
    assert "+ \u3000\u3000新的一段。" in text
    assert "~ {+⟨U+3000⟩⟨U+3000⟩+}第二段。" in text
    assert text.count("⟨U+3000⟩") == 3, "two, and the legend"
    unit.gongshi("diff", f"docs/{PATH}", "--html", "diff.html")
    page = (unit.root / "diff.html").read_text(encoding="utf-8")
    assert "<ins>\u3000\u3000新的一段。</ins>" in page
    assert page.count("⟨U+3000⟩") == 3
    facts = unit.gongshi("diff", f"docs/{PATH}", "--json").output
    assert "\u3000\u3000新的一段。" in facts
    assert facts.count("\\u3000\\u3000") == 1


HOSTILE = "<script>alert(1)</script> &amp; \"'"
BIDI = "pay \u202eevil\u202c\u2066\u200b\u00a0\u3000\u2028 {+all+} [-none-] \u009b31mred\u009b0m"


def _hostile(unit: UnitUnderTest) -> None:
    unit.write(PATH, title=HOSTILE, body="Pay 30.", source="\u200e" + HOSTILE, tags=[HOSTILE])
    unit.publish(PATH)
    unit.write(PATH, title=HOSTILE + "\u200b", body=f"Pay 40. {BIDI} {HOSTILE}", source=HOSTILE, tags=["</title>"])
    for note in ("<b>note</b>",):
        assert unit.gongshi("submit", f"docs/{PATH}", "--as", "clerk", "--note", note).exit_code == 0


def test_hostile_texts_on_the_terminal(unit: UnitUnderTest) -> None:
    """No control character gets through; a text cannot forge the marks of a change."""
    _hostile(unit)
    text = shown(unit)
    bad = [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp") and c != "\n"]
    assert bad == []
    assert text.count("{+all+}") == 0 and text.count("[-none-]") == 0
    for number in ("202E", "202C", "2066", "200B", "00A0", "3000", "2028", "009B"):
        assert f"⟨U+{number}⟩" in text
    assert "Signs: " in text
    assert "⟨U+202E⟩ turns the writing direction" in text
    facts = unit.gongshi("diff", f"docs/{PATH}", "--json")
    assert all(c.isprintable() or c == "\n" for c in facts.output)
    assert BIDI in "".join(piece for op, piece in facts.json()["body"] if op != "out")


def test_hostile_texts_on_the_page(unit: UnitUnderTest) -> None:
    """All of it is escaped; the page has no script, no style attribute, no address, and one known set of elements."""
    _hostile(unit)
    assert unit.gongshi("diff", f"docs/{PATH}", "--html", "diff.html").exit_code == 0
    page = (unit.root / "diff.html").read_text(encoding="utf-8")
    assert set(re.findall(r"<(\w+)", page)) == {
        "html", "head", "meta", "title", "style", "body", "main", "header", "p", "h1", "dl", "div", "dt", "dd", "section",
        "h2", "table", "thead", "tbody", "tr", "th", "td", "span", "del", "ins", "ul", "li",
    }  # fmt: skip
    assert not re.search(r"<[^>]*(script|\son\w+=|\sstyle=|href|src=|url\()", page)
    assert html.escape(HOSTILE) in page
    assert "&lt;b&gt;note&lt;/b&gt;" in page
    assert [c for c in page if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c != "\n"] == []
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")


def test_the_page(bundle: UnitUnderTest) -> None:
    """It stands alone, says everything that the terminal says, and is the same for the same input."""
    edit(bundle, "9 to 17", "9 to 18")
    edit(bundle, "title: Hours", "title: Hours!")
    bundle.submit(PATH)
    (bundle.root / "out").mkdir()
    result = bundle.gongshi("diff", f"docs/{PATH}", "--html", "out/diff.html")
    assert result.output == "Differences: front matter (1), text. Written to out/diff.html.\n"
    page = (bundle.root / "out" / "diff.html").read_text(encoding="utf-8")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'\"" in page
    for part in (
        *digests(bundle), "Test Unit", "docs/announcements/b/index.md", "by Head, Deputy, Chief", "on 2026-11-21 by Clerk",
        "2026-11-21 10:00", "<del>17</del>", "<ins>18</ins>", "<ins>!</ins>", "a.txt",
    ):  # fmt: skip
        assert part in page
    again = bundle.gongshi("diff", f"docs/{PATH}", "--html", "out/diff.html", "--json")
    assert again.json()["html"] == "out/diff.html"
    assert (bundle.root / "out" / "diff.html").read_text(encoding="utf-8") == page


def test_long_lists(unit: UnitUnderTest) -> None:
    """Of many attachments or tags those that changed are shown, and how many are left out."""
    tags = [f"tag {n}" for n in range(20)]
    unit.write(PATH, tags=tags)
    unit.publish(PATH)
    unit.write(PATH, tags=[*tags[:19], "other"])
    assert "    … 17 unchanged lines …\n      tag 17\n      tag 18\n    - tag 19\n    + other\n" in shown(unit)
    unit.gongshi("diff", f"docs/{PATH}", "--html", "diff.html")
    page = (unit.root / "diff.html").read_text(encoding="utf-8")
    assert page.count('<div class="note">… 17 unchanged lines …</div>') == 2


def test_the_page_speaks_the_language_of_the_site(bundle: UnitUnderTest) -> None:
    """Whatever the terminal speaks: it goes to the unit's records."""
    bundle.configure(settings(), theme={"name": "gongshi", "language": "zh"})
    edit(bundle, "9 to 17", "9 to 18")
    result = bundle.gongshi("diff", f"docs/{PATH}", "--html", "diff.html", LANG="en")
    assert result.output.startswith("Differences: text.")
    page = (bundle.root / "diff.html").read_text(encoding="utf-8")
    assert '<html lang="zh">' in page
    assert "批准后有改动" in page


def test_where_the_page_is_not_written(bundle: UnitUnderTest) -> None:
    """Not into the content or a built site, where it would be published, and not over anything else."""
    (bundle.root / "notes.html").write_text("<p>mine</p>")
    (bundle.root / "www" / ".well-known").mkdir(parents=True)
    (bundle.root / "www" / "sub").mkdir()
    (bundle.root / "www" / ".well-known" / "gongshi.json").write_text("{}")
    (bundle.root / "link.html").symlink_to(bundle.docs / "x.html")
    for target, says in (
        ("docs/announcements/b/diff.html", "would lie in docs/"),
        ("docs/.reviews/diff.html", "would lie in docs/"),
        ("link.html", "would lie in docs/"),
        ("www/sub/diff.html", "would lie in a built site"),
        ("notes.html", "not written by gongshi diff"),
        ("mkdocs.yml", "must end in .html"),
    ):
        result = bundle.gongshi("diff", f"docs/{PATH}", "--html", target)
        assert (result.exit_code in (1, 2), result.output) == (True, ""), target
        assert says in result.errors
    assert (bundle.root / "notes.html").read_text() == "<p>mine</p>"
    assert not list(bundle.root.rglob("diff.html"))


def test_large_entries(unit: UnitUnderTest) -> None:
    """Ten thousand lines and a line of a hundred thousand characters."""
    lines = [f"第{n}条 为做好有关工作，现将事项通知如下。" for n in range(10_000)]
    unit.write(PATH, body="\n".join([*lines, "长" * 100_000]))
    unit.publish(PATH)
    lines[5000] = "全新的一条"
    unit.write(PATH, body="\n".join([*lines, "长" * 50_000 + "短" + "长" * 50_000]))
    text = shown(unit)
    assert "… 4999 unchanged lines …" in text
    assert "长{+短+}长" in text
    assert "… 49940 unchanged characters …" in text
    assert len(text) < 4000


@pytest.mark.slow
def test_too_different_to_show_in_full(bundle: UnitUnderTest) -> None:
    """A table with 60,000 more lines: the numbers and the beginning, on the terminal and on the page."""
    path = bundle.docs / PATH.replace("index.md", "a.txt")
    lines = [f"{number},{number % 7}\n" for number in range(60_000)]
    path.write_text("".join(lines[:10]))
    bundle.publish(PATH)
    path.write_text("".join(lines))
    size = sum(map(len, lines[10:]))
    numbers = (
        "Too different to show in full. Lines removed: 0, added: 59990, changed in part: 0; "
        f"characters removed: 0, added: {size}."
    )
    shown = bundle.gongshi("diff", f"docs/{PATH}")
    assert shown.exit_code == 0, shown.all
    assert numbers in shown.output
    assert "+ 10,3" in shown.output
    assert len(shown.output) < 200_000
    assert bundle.gongshi("diff", f"docs/{PATH}", "--html", "c.html").exit_code == 0
    page = (bundle.root / "c.html").read_text()
    assert numbers in page
    assert page.count('class="row') <= 1000
    facts = bundle.gongshi("diff", f"docs/{PATH}", "--json").json()["files"]
    facts = next(file["text"] for file in facts if file["state"] == "changed")
    assert facts["extent"]["lines_in"] == 59_990
    assert "".join(text for op, text in facts["pieces"] if op != "out") == path.read_text()


def test_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Lines are folded to its width, and what follows stands further in than any beginning of a line."""
    screen = TerminalDiff(40)
    before = "各社区：\n" + "请于本月底前报送材料。" * 8 + "\n"
    screen._rows(text_diff(before, before.replace("本月底", "十五日", 1) + "- 伪造的一行" * 9 + "\n"), "  ")
    lines = click.unstyle(capsys.readouterr().out).splitlines()
    widths = [sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in lines]
    assert max(widths) <= 40
    assert [line[:4] for line in lines if line[:6].strip()] == ["    ", "  ~ ", "  + "]
    assert len(lines) > 7


def test_colours_say_nothing_that_signs_do_not(capsys: pytest.CaptureFixture[str]) -> None:
    """What went out is red and struck, what came in green and underlined, and both stand in brackets."""
    TerminalDiff(None)._rows(text_diff("Fee 30 yuan\n", "Fee 40 yuan\n"), "")
    printed = capsys.readouterr().out
    assert click.unstyle(printed) == "~ Fee [-30-]{+40+} yuan\n"


def test_the_reader_that_has_seen_enough(bundle: UnitUnderTest) -> None:
    """`gongshi diff … | head -1` ends without a message."""
    import subprocess
    import sys

    edit(bundle, "Bring", "x\n" * 100_000 + "Bring")
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(bundle.root / "hooks"), "LANG": "en", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "gongshi", "diff", f"docs/{PATH}"]
    with subprocess.Popen(command, cwd=bundle.root, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""


def test_help(unit: UnitUnderTest) -> None:
    """Every option says what it does."""
    result = unit.gongshi("diff", "--help")
    assert result.exit_code == 0
    for option in ("--html FILE", "--json"):
        assert option in result.output


def test_the_sample(tmp_path: Path) -> None:
    """On the sample unit as it ships: a page under review with three new time limits."""
    unit = copy_sample(tmp_path / "unit")
    result = unit.gongshi("diff", "docs/guide/index.md", LANG="en")
    assert result.output.count("[-") == 3
    assert "[-30-]{+20+}个工作日" in result.output


def test_front_matter_of_the_tests_is_sound() -> None:
    """The helper writes what the tests above edit."""
    assert "\ntags:\n- office\n" in front_matter(tags=["office"])


def test_the_page_is_compared_with_the_text(bundle: UnitUnderTest, tmp_path: Path) -> None:
    """Readers may see something else than the approver reads: terminal, JSON and HTML say so with line and both texts."""
    edit(bundle, "Bring your card.", "<![CDATA[Bring 500 yuan.]]>\n\n- 5 degrees")
    line = (bundle.docs / PATH).read_text(encoding="utf-8").split("\n").index("<![CDATA[Bring 500 yuan.]]>") + 1
    text = shown(bundle)
    assert (f"\nTo check on the page\n  line {line}\n    typed: <![CDATA[Bring 500 yuan.]]>\n    on the page: ") in text
    assert f"\n  line {line + 2}\n    “- 5 degrees” is shown as an item of a list, without its sign" in text
    found = bundle.gongshi("diff", f"docs/{PATH}", "--json").json()["page"]
    [difference], [mark] = found["differences"], found["marks"]
    assert (difference["line"], difference["typed"]) == (line, "<![CDATA[Bring 500 yuan.]]>")
    assert mark["line"] == line + 2
    file = tmp_path / "diff.html"
    assert bundle.gongshi("diff", f"docs/{PATH}", "--html", str(file)).exit_code == 0
    page = file.read_text(encoding="utf-8")
    assert f'<dt>line {line}</dt><dd dir="auto">typed: &lt;![CDATA[Bring 500 yuan.]]&gt;</dd>' in page


def test_what_the_sanitizer_removes_is_shown_to_approvers(bundle: UnitUnderTest) -> None:
    """They do not run `check`."""
    edit(bundle, "Bring your card.", "Bring <svg><text>500</text></svg> yuan.")
    assert "To check on the page" in shown(bundle)


def test_a_page_that_says_the_same_adds_nothing(bundle: UnitUnderTest) -> None:
    edit(
        bundle,
        "Bring your card.",
        "1. Bring **5** cards, 138****1234.\n2. [Form](a.txt)\n\n| a | b |\n| - | - |\n| 1 | 2 |",
    )
    assert "To check on the page" not in shown(bundle)
    assert bundle.gongshi("diff", f"docs/{PATH}", "--json").json()["page"] == {"differences": [], "marks": []}
