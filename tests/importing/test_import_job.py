"""Each file is read in a process of its own, with limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongshi.importing import import_job
from gongshi.importing.document import ReadOptions
from gongshi.importing.entries import originals
from gongshi.importing.import_job import ImportJob, run_jobs
from gongshi.importing.sources import find_sources
from support.office_documents import word
from support.page_converters import endless, paragraph


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
    monkeypatch.setattr(import_job, "SECONDS", 2)
    jobs = _jobs(tmp_path, word(["Notice on water", "ENDLESS"]), word(["Notice on water", "Text"]))
    found = [outcome for _job, outcome in run_jobs(jobs, ReadOptions(), endless)]
    assert "takes more than 2 seconds" in found[0].failure
    assert found[1].entry is not None


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """What is kept must be what was read."""
    [job] = _jobs(tmp_path, word(["Notice on water", "Text"]))
    changed = ImportJob(job.source, "0" * 64, job.folder)
    [(_job, outcome)] = run_jobs([changed], ReadOptions(), paragraph)
    assert "was changed while it was read" in outcome.failure
