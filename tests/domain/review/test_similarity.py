"""When content counts as the same or nearly the same: urgent publications that would prolong another one's time."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.common.hashing import sha256
from gongshi.domain.config import loader
from gongshi.domain.content import front_matter as content_front_matter
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Action, Decision, Dossier
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review import similarity, urgent_debts
from gongshi.domain.review.similarity import Content
from gongshi.domain.review.snapshot import take_snapshot
from support import unit as units
from support.sample_unit import load_sample
from support.unit import NOW, UnitUnderTest, front_matter

NOTICE = "因供水主管道爆裂，即日起全镇停水。请各村、各单位储备生活用水，恢复时间另行通知。咨询电话：0500-8820118。"
LONG = "各科室、各村（社区）：现将本周工作安排印发给你们，请认真组织落实，并于周五前报送进展情况。" * 3
AT = "2026-11-21T09:00:00+08:00"


def content(title: str, body: str, **files: bytes) -> Content:
    """A version in memory; in file names `_` stands for the dot."""
    names = {name.replace("_", "."): found for name, found in files.items()}
    manuscript = content_front_matter.read(front_matter(body, title=title).encode(), "x.md", requires_entry_keys=True)
    version = Version("announcements/x/index.md", manuscript, {name: sha256(found) for name, found in names.items()})
    return Content(version, names.__getitem__)


def packed(level: int, **members: str) -> bytes:
    """An office file with these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as file:
        for name, text in members.items():
            file.writestr(f"word/{name}.xml", f"<w:t>{text}</w:t>")
    return buffer.getvalue()


WORDS = packed(9, document=NOTICE * 3, core="2026-11-20")


@pytest.mark.parametrize(
    ("files", "others", "same"),
    [
        ({"a_pdf": b"bytes of it"}, {"b_pdf": b"bytes of it"}, True),
        ({"a_pdf": b"bytes of it"}, {"b_pdf": b"other bytes"}, False),
        ({"a_pdf": b"x" * 900}, {"b_pdf": b"x" * 900 + b"appended"}, True),
        ({"a_pdf": bytes(range(256)) * 4}, {"b_pdf": b"before" + bytes(range(256)) * 4}, True),
        ({"a_docx": WORDS}, {"b_docx": packed(1, document=NOTICE * 3, core="2026-11-21")}, True),
        (
            {"a_docx": WORDS},
            {"b_docx": packed(9, document=NOTICE * 2 + "重发。" + NOTICE, core="Second version")},
            True,
        ),
        ({"a_docx": WORDS}, {"b_docx": packed(9, document=LONG, core="2026-11-20")}, False),
        ({"code_png": b"a code"}, {"code_png": b"a code"}, False),
        ({}, {}, False),
    ],
)
def test_files(files: dict[str, bytes], others: dict[str, bytes], same: bool) -> None:
    """A file with the same or nearly the same bytes, or saved anew, is the same content beside whatever text."""
    assert similarity.is_nearly(content("停水通知", NOTICE * 2, **files), content("工作安排", LONG, **others)) is same
    assert similarity.is_nearly(content("工作安排", LONG, **others), content("停水通知", NOTICE * 2, **files)) is same


def test_a_poster() -> None:
    """A picture with hardly any text is the content; beside a longer text it may be the unit's badge or code."""
    assert similarity.is_nearly(content("通知", "见图。", a_png=b"poster"), content("公告", LONG, b_png=b"poster"))


@settings(max_examples=50)
@given(
    st.permutations(NOTICE.split("。")),
    st.lists(st.sampled_from("的了 \u200b\u3000，\u00ad*"), min_size=60, max_size=60),
)
def test_evasions(sentences: list[str], filler: list[str]) -> None:
    """Sentences in any order, with a character put in behind every one, are nearly the same."""
    text = "。".join(sentences)
    mixed = "".join(character + put for character, put in zip(text, filler, strict=False))
    assert similarity.is_nearly(content("停水", mixed), content("停水", NOTICE))


@pytest.mark.slow
def test_what_the_sample_unit_publishes_is_not_taken_for_the_same() -> None:
    """No two texts of the sample unit are nearly the same, two notices of one kind included."""
    found = take_snapshot(load_sample(), datetime.fromisoformat("2026-11-21T10:00:00+08:00"))
    versions = [s.draft.version for s in found.statuses.values() if s.draft and s.draft.version]
    texts = [Content(Version(v.path, v.manuscript, {}), lambda _name: b"") for v in versions]
    assert len(texts) > 30
    for number, one in enumerate(texts):
        for other in texts[number + 1 :]:
            assert not similarity.is_nearly(one, other), (one.version.path, other.version.path)


@pytest.fixture
def duty(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit with an officer on duty, who published a bundle urgently."""
    section = units.settings(urgent={"role": "duty-officer", "review_within": "24h"})
    section["people"]["duty"] = {"name": "Duty", "roles": ["duty-officer"]}
    unit.configure(section)
    unit.write(
        "announcements/b/index.md", title="停水通知", body=NOTICE, attachments=[{"file": "a.pdf", "title": "附件"}]
    )
    unit.write("announcements/b/a.pdf", b"%PDF-1.4 the list of streets")
    result = unit.gongshi("urgent", "docs/announcements/b", "--as", "duty", "--reason", "storm", now=AT)
    assert result.exit_code == 0, result.all
    return unit


@pytest.mark.slow
def test_an_attachment_at_another_address(duty: UnitUnderTest) -> None:
    """The command refuses it and names the entry that owes its chain; nothing is recorded, nothing goes out."""
    duty.write(
        "announcements/c/index.md", title="工作安排", body=LONG, attachments=[{"file": "CANARY.pdf", "title": "附件"}]
    )
    duty.write("announcements/c/CANARY.pdf", b"%PDF-1.4 the list of streets")
    result = duty.gongshi("urgent", "docs/announcements/c", "--as", "duty", "--reason", "storm")
    assert result.exit_code == 1
    assert "content as docs/announcements/b/index.md, which was published urgently and owes its full" in result.errors
    assert not duty.dossier("announcements/c/index.md").exists()
    assert duty.build().exit_code == 0
    assert not duty.leaks("CANARY")


def test_content_that_cannot_be_compared(duty: UnitUnderTest) -> None:
    """Where the kept text of what owes its chain is damaged, nothing is published urgently on trust."""
    objects = [file for file in (duty.docs / ".reviews" / "objects").rglob("*") if file.is_file()]
    for file in objects:
        file.chmod(0o644)
        file.write_bytes(b"damaged")
    duty.write("announcements/c.md", title="工作安排", body=LONG)
    result = duty.gongshi("urgent", "docs/announcements/c.md", "--as", "duty", "--reason", "storm")
    assert result.exit_code == 1
    assert "nobody can tell whether a chain is owed there" in result.errors


def test_one_debt_costs_nothing(duty: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Contents are compared only where another entry owes a chain: an only debtor is compared with nothing."""
    monkeypatch.setattr(similarity, "is_nearly", lambda *_: pytest.fail("compared"))
    monkeypatch.setattr(urgent_debts.Debts, "content", lambda *_: pytest.fail("loaded"))
    found = take_snapshot(loader.load_configuration(Path(duty.root / "mkdocs.yml")), datetime.fromisoformat(AT))
    public = found.statuses["announcements/b/index.md"].public
    assert public is not None
    assert public.urgent


@pytest.mark.slow
def test_the_ledger_and_the_form_say_it(duty: UnitUnderTest) -> None:
    """A copy that a program wrote into the record counts nowhere, and both say why."""
    path = "announcements/c.md"
    duty.write(path, title="停水通知", body=NOTICE)
    archive, tree = (
        ReviewStore(duty.docs),
        DocsTree(duty.docs, loader.load_configuration(duty.root / "mkdocs.yml").policy),
    )
    version = tree.draft(tree.sources[path]).version
    assert version is not None
    files = {"c.md": archive.put_object((duty.docs / path).read_bytes())}
    at = datetime.fromisoformat(NOW)
    act = Decision(Action.URGENT, "duty", at, version.digest, files=files, reason="x", until=at + timedelta(hours=24))
    archive.append(Dossier(path), act)
    acts = duty.gongshi("ledger", "--json").json()["acts"]
    assert [(row["entry"], row["flaw"]) for row in acts] == [
        ("announcements/b/index.md", None),
        (path, "copy-owed"),
    ]
    assert "the same or nearly the same content" in str(duty.gongshi("form", f"docs/{path}", "--json").json()["form"])
    assert duty.build().exit_code == 0
    assert not (duty.site / "announcements" / "c").exists()
