"""Verdicts on minor corrections are kept for later builds and commands; nobody else can make one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from gongshi.build.correction_verdicts import KeptVerdicts
from gongshi.build.lazy_corrections import with_corrections
from gongshi.build.markdown_settings import MarkdownSettings
from gongshi.domain.config import loader
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import ConversionLimitError, ConvertedText, Person, Policy
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.content.front_matter import FrontMatter, MarkdownFile
from gongshi.domain.content.version import Version
from gongshi.domain.review.actions import ReviewActions
from gongshi.domain.review.messages import rejection_text
from gongshi.domain.review.minor_correction import Violation, correction_verdict
from gongshi.domain.review.models import RejectionReason
from gongshi.domain.review.snapshot import take_snapshot
from support.unit import NOW, UnitUnderTest, settings

BODY = "请按排人员（青政〔2026〕5号），收费￥30，详见[通知](https://www.unit.example/a)。"
COUNTED = """
_call = CorrectionConverter.__call__
def _counted(self, text):
    with open("conversions", "a") as file:
        file.write("x")
    return _call(self, text)
CorrectionConverter.__call__ = _counted
"""
"""For the end of `correction_converter.py`: each conversion is noted in a file of the unit."""
MARKDOWN = MarkdownSettings(("toc", "tables"), {"toc": {"permalink": True}})


@pytest.fixture
def corrected(unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> UnitUnderTest:
    """A unit with minor corrections, in the account of its commands."""
    unit.configure(settings(correction={"chain": ["first"], "characters": 6}))
    monkeypatch.setenv("HOME", str(unit.root))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    return unit


def _correct(unit: UnitUnderTest, path: str) -> None:
    body = f"{BODY}\n\n{path}"
    unit.write(path, title="T", body=body)
    unit.publish(path)
    unit.write(path, title="T", body=body.replace("按排", "安排"))
    found = with_corrections(loader.load_configuration(unit.root / "mkdocs.yml"))
    at, tree = datetime.fromisoformat(NOW), DocsTree(found.docs, found.policy)
    ReviewActions(found, "clerk", at, tree).correct(path, "n")
    actions = ReviewActions(found, "head", at, tree)
    actions.approve(path)
    actions.remember()


def _conversions(unit: UnitUnderTest) -> int:
    noted = unit.root / "conversions"
    count = len(noted.read_text(encoding="utf-8")) if noted.exists() else 0
    noted.unlink(missing_ok=True)
    return count


def _folder(root: Path) -> Path:
    return root / ".gongshi" / "cache" / "corrections"


@pytest.mark.slow
def test_each_correction_is_converted_once(corrected: UnitUnderTest) -> None:
    """Twenty of them take no conversion in the second build, nor in a command; without kept verdicts they do."""
    for number in range(20):
        _correct(corrected, f"activities/a{number}.md")
    hooks = corrected.own_hooks()
    with (hooks / "gongshi" / "build" / "correction_converter.py").open("a", encoding="utf-8") as file:
        file.write(COUNTED)
    assert corrected.build("--strict").exit_code == 0
    assert _conversions(corrected) == 60
    first = corrected.page("activities/a7")
    assert "请安排人员" in first
    assert corrected.build("--strict").exit_code == 0
    assert corrected.page("activities/a7") == first
    status = corrected.gongshi("status")
    assert "published (20)" in status.output
    assert _conversions(corrected) == 0
    for spoil in (_damage, shutil.rmtree, _block):
        spoil(_folder(corrected.root))
        assert corrected.gongshi("status").output == status.output
        assert _conversions(corrected) == 60


def _damage(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes(b"0" * 64 + b" none")


def _block(folder: Path) -> None:
    """Put a link in the place of the folder, which is not followed."""
    elsewhere = folder.parent / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)


@pytest.fixture
def configuration(corrected: UnitUnderTest) -> Configuration:
    """Its configuration, without a converter."""
    return loader.load_configuration(corrected.root / "mkdocs.yml")


def _kept(configuration: Configuration, markdown: MarkdownSettings = MARKDOWN) -> KeptVerdicts:
    return KeptVerdicts(configuration, lambda: markdown)


QUESTION = ("old", "new", 6, ("Name",))


def test_what_a_verdict_depends_on(configuration: Configuration) -> None:
    """It counts for the same texts, limit, names, extensions, settings and site only."""
    _kept(configuration).keep(QUESTION, "none")
    assert _kept(configuration).recall(QUESTION) == "none"
    others = (
        ("old!", "new", 6, ("Name",)),
        ("old", "new!", 6, ("Name",)),
        ("old", "new", 7, ("Name",)),
        ("old", "new", 6, ()),
    )
    assert [_kept(configuration).recall(other) for other in others] == [None] * 4
    for markdown in (
        MarkdownSettings((*MARKDOWN.extensions, "abbr"), MARKDOWN.configs),
        MarkdownSettings(MARKDOWN.extensions, {"toc": {"permalink": False}}),
    ):
        assert _kept(configuration, markdown).recall(QUESTION) is None
    for changed in (
        replace(configuration, site_url="https://other.example/"),
        replace(configuration, policy=replace(configuration.policy, language="zh")),
        replace(configuration, policy=replace(configuration.policy, text_seconds=3)),
    ):
        assert _kept(changed).recall(QUESTION) is None


def test_another_program_judges_anew(configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict of other code does not count."""
    _kept(configuration).keep(QUESTION, "none")
    monkeypatch.setattr("gongshi.build.correction_verdicts.program_hash", lambda: "other")
    assert _kept(configuration).recall(QUESTION) is None


def test_code_that_may_change_is_not_trusted(configuration: Configuration) -> None:
    """With functions of the unit in the settings, nothing is kept."""
    foreign = MarkdownSettings(("pymdownx.superfences",), {"pymdownx.superfences": {"format": test_forged_verdicts}})
    _kept(configuration, foreign).keep(QUESTION, "none")
    assert _kept(configuration, foreign).recall(QUESTION) is None
    assert list(_folder(configuration.root).iterdir()) == []


def _other_account(file: Path, configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(configuration.root / "other"))
    file.unlink()
    _kept(configuration).keep(QUESTION, "none")
    assert file.exists()
    monkeypatch.setenv("HOME", str(configuration.root))


def _other_words(file: Path, *_unused: object) -> None:
    file.write_bytes(file.read_bytes().replace(b"words", b"none"))


def _other_question(file: Path, configuration: Configuration, _patch: object) -> None:
    _kept(configuration).keep(("x", "y", 6, ()), "none")
    (other,) = (each for each in file.parent.iterdir() if each != file)
    shutil.copyfile(other, file)


def _linked(file: Path, configuration: Configuration, _patch: object) -> None:
    _kept(configuration).keep(QUESTION, "none")
    file.rename(file.with_name("elsewhere"))
    file.symlink_to(file.with_name("elsewhere"))


def _folder_instead(file: Path, *_unused: object) -> None:
    file.unlink()
    file.mkdir()


def _cut(file: Path, *_unused: object) -> None:
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize("forge", [_other_account, _other_words, _other_question, _linked, _folder_instead, _cut])
def test_forged_verdicts(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch, forge: Callable[..., None]
) -> None:
    """Who can write everything in the repository cannot make a verdict; the correction is judged anew."""
    _kept(configuration).keep(QUESTION, "words")
    (file,) = _folder(configuration.root).iterdir()
    forge(file, configuration, monkeypatch)
    assert _kept(configuration).recall(QUESTION) is None
    _kept(configuration).keep(QUESTION, "words")


def test_an_unwritable_folder_only_costs_time(corrected: UnitUnderTest, configuration: Configuration) -> None:
    """Neither reading nor keeping fails."""
    shutil.rmtree(corrected.root / ".gongshi", ignore_errors=True)
    (corrected.root / ".gongshi").write_text("a file", encoding="utf-8")
    _kept(configuration).keep(QUESTION, "none")
    assert _kept(configuration).recall(QUESTION) is None


def test_old_verdicts_make_room(configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder does not grow for ever."""
    monkeypatch.setattr("gongshi.build.correction_verdicts._MAX_FILES", 10)
    for number in range(30):
        _kept(configuration).keep((number,), "none")
    assert len(list(_folder(configuration.root).iterdir())) <= 12
    assert _kept(configuration).recall((29,)) == "none"


def _version(body: str) -> Version:
    return Version("activities/a.md", MarkdownFile(FrontMatter(title="T"), body, {}, first_line=5), {})


class _Counted:
    """A converter that counts, and that fails if it is told to."""

    def __init__(self) -> None:
        self.count = 0
        self.error: Exception | None = None

    def __call__(self, text: str) -> ConvertedText:
        self.count += 1
        if self.error:
            raise self.error
        return ConvertedText(f"<p>{text}</p>", f"<p>{text}</p>")


def _judge(policy: Policy, after: str = "请安排￥3。") -> Violation | None:
    return correction_verdict(_version("请按排￥3。"), _version(after), policy, date(2026, 1, 2))


def test_limits_of_time_and_memory_are_no_verdict(configuration: Configuration) -> None:
    """The correction counts as soon as its text can be converted; until then it cannot be judged."""
    convert, kept = _Counted(), _kept(configuration)
    for error, found in (
        (ConversionLimitError(), Violation.UNJUDGED),
        (MemoryError(), Violation.UNJUDGED),
        (RecursionError(), Violation.UNREADABLE),
    ):
        convert = _Counted()
        convert.error = error
        policy = replace(configuration.policy, convert=convert, verdicts=lambda: kept)
        assert _judge(policy) is found
    assert list(_folder(configuration.root).iterdir()) == []
    working = _Counted()
    assert _judge(replace(configuration.policy, convert=working, verdicts=lambda: kept)) is None
    assert working.count == 3
    assert _judge(replace(configuration.policy, convert=convert, verdicts=lambda: kept)) is None


def test_status_of_what_cannot_be_judged(corrected: UnitUnderTest) -> None:
    """The version before stays public, and the status says why; later the correction counts."""
    path = "activities/a.md"
    _correct(corrected, path)
    shutil.rmtree(_folder(corrected.root))
    found = with_corrections(loader.load_configuration(corrected.root / "mkdocs.yml"))
    convert = _Counted()
    convert.error = ConversionLimitError()
    limited = replace(found, policy=replace(found.policy, convert=convert))
    status = take_snapshot(limited, datetime.fromisoformat(NOW)).statuses[path]
    assert [rejected.reason for rejected in status.rejected] == [RejectionReason.UNJUDGED]
    text = rejection_text(RejectionReason.UNJUDGED, status.rejected[0].decision, found.policy)
    assert "cannot be judged at the moment: converting its text takes too much time or memory here" in text
    assert status.public is not None
    assert status.public.version is not None
    assert "按排" in status.public.version.manuscript.body
    now = take_snapshot(found, datetime.fromisoformat(NOW)).statuses[path]
    assert now.rejected == ()
    assert now.public is not None
    assert now.public.version is not None
    assert "安排" in now.public.version.manuscript.body


def test_another_way_of_lines_is_judged_anew(configuration: Configuration) -> None:
    """Lines that stay apart make another page than lines that are joined."""
    _kept(configuration).keep(QUESTION, "words")
    joined = replace(configuration, policy=replace(configuration.policy, joins_lines=True))
    assert _kept(configuration).recall(QUESTION) == "words"
    assert _kept(joined).recall(QUESTION) is None


def test_a_name_that_comes_into_force_is_judged_anew(configuration: Configuration) -> None:
    """A kept verdict holds for the names of the day of the decision."""
    kept, convert = _kept(configuration), _Counted()
    policy = replace(configuration.policy, convert=convert, verdicts=lambda: kept)
    assert _judge(policy) is None
    people = {**policy.people, "new": Person("new", "安排", since=date(2026, 1, 2))}
    assert _judge(replace(policy, people=people)) is Violation.WORDS
    later = {**policy.people, "new": Person("new", "安排", since=date(2026, 1, 3))}
    before = convert.count
    assert _judge(replace(policy, people=later)) is None
    assert convert.count == before


def test_facts_need_no_conversion(configuration: Configuration) -> None:
    """A number that differs refuses a correction at once."""
    convert = _Counted()
    assert _judge(replace(configuration.policy, convert=convert), "请按排￥4。") is Violation.WORDS
    assert convert.count == 0
