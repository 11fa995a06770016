"""Each file is read in a process of its own, with limits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gongshi.common import parallel
from gongshi.domain.config.policy import ConversionLimitError
from gongshi.domain.content.text_file import FILE_BYTES
from gongshi.importing import import_job
from gongshi.importing.document import ReadOptions
from gongshi.importing.entries import originals
from gongshi.importing.import_job import ImportJob, run_jobs
from gongshi.importing.sources import find_sources
from support.office_documents import word
from support.page_converters import endless, greedy, paragraph


def _jobs(tmp_path: Path, *contents: bytes) -> list[ImportJob]:
    jobs = []
    for number, content in enumerate(contents):
        file = tmp_path / f"{number}.docx"
        file.write_bytes(content)
        [source], _ignored = find_sources([file])
        jobs.append(ImportJob(source, originals.fingerprint(source), tmp_path / f"job-{number}"))
    return jobs


@pytest.mark.slow
@pytest.mark.parametrize("can_copy", [True, False])
def test_files_are_read_alike_on_every_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_copy: bool) -> None:
    """Where a process can be copied, and where a new one must be started."""
    monkeypatch.setattr(import_job, "can_copy", lambda: can_copy)
    jobs = _jobs(tmp_path, word(["Notice on water", "Text"]), b"broken")
    found = [
        (outcome.entry and outcome.entry.body, bool(outcome.failure))
        for _job, outcome in run_jobs(jobs, ReadOptions(), paragraph)
    ]
    assert found == [("Text\n", False), (None, True)]
    assert not any(job.folder.exists() for job in jobs)


@pytest.mark.slow
@pytest.mark.parametrize("can_copy", [True, False])
def test_a_file_that_takes_for_ever_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_copy: bool
) -> None:
    """With a message; the next one is read."""
    monkeypatch.setattr(import_job, "can_copy", lambda: can_copy)
    # A new process is limited by the clock, and a busy machine takes some time to start one.
    monkeypatch.setattr(import_job, "SECONDS", 2 if can_copy else 10)
    jobs = _jobs(tmp_path, word(["Notice on water", "ENDLESS"]), word(["Notice on water", "Text"]))
    found = [outcome for _job, outcome in run_jobs(jobs, ReadOptions(), endless)]
    assert "takes more than" in found[0].failure
    assert found[1].entry is not None


@pytest.mark.slow
@pytest.mark.parametrize("convert", [endless, greedy])
def test_files_beside_one_that_exceeds_a_limit_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, convert: Callable[[str], str]
) -> None:
    """Also those that the same process had read before, and again if only the memory is short."""
    monkeypatch.setattr(import_job, "SECONDS", 1)
    monkeypatch.setattr(parallel, "processors", lambda: 1)
    texts = [f"Text {number}" if number != 1 else "ENDLESS" for number in range(8)]
    jobs = _jobs(tmp_path, *[word(["Notice on water", text]) for text in texts])
    found = [
        (outcome.entry and outcome.entry.body, outcome.failure)
        for _job, outcome in run_jobs(jobs, ReadOptions(), convert)
    ]
    assert [body for body, _failure in found] == [None if text == "ENDLESS" else f"{text}\n" for text in texts]
    assert "divide it" in found[1][1]


@pytest.mark.parametrize("error", [ConversionLimitError(), MemoryError()])
def test_a_text_that_is_too_long_is_not_called_damaged(tmp_path: Path, error: BaseException) -> None:
    """The message says that the file must be divided."""

    def too_long(_text: str) -> str:
        raise error

    jobs = _jobs(tmp_path, word(["Notice on water", "Text"]))
    [(_job, outcome)] = run_jobs(jobs, ReadOptions(), too_long)
    assert "divide it" in outcome.failure
    assert "damaged" not in outcome.failure


@pytest.mark.slow
def test_a_file_with_more_text_than_a_page_may_have_is_refused_at_once(tmp_path: Path) -> None:
    """Before its text is converted, which would take minutes."""
    jobs = _jobs(tmp_path, word(["Notice on water", "字" * (FILE_BYTES // 3 + 1)]))
    [(_job, outcome)] = run_jobs(jobs, ReadOptions(), endless)
    assert "more than a page may have" in outcome.failure


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """What is kept must be what was read."""
    [job] = _jobs(tmp_path, word(["Notice on water", "Text"]))
    changed = ImportJob(job.source, "0" * 64, job.folder)
    [(_job, outcome)] = run_jobs([changed], ReadOptions(), paragraph)
    assert "was changed while it was read" in outcome.failure
