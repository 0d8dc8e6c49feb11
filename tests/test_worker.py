"""The worker runs each job at its pace, and nothing but its end ends it."""

import os
import threading

import pytest
from django.db import OperationalError

from parvis import worker
from parvis.lib import periodic
from tests.patience import PATIENCE, ends


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> dict[str, periodic.Job]:
    """An empty registry, and no signal handlers: pytest keeps its own."""
    empty: dict[str, periodic.Job] = {}
    monkeypatch.setattr(periodic, "jobs", empty)
    monkeypatch.setattr(worker, "jobs", empty)
    monkeypatch.setattr("signal.signal", lambda *_arguments: None)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    return empty


def test_each_job_runs_at_its_own_pace(jobs: dict[str, periodic.Job]) -> None:
    turns: list[str] = []
    periodic.register("often", lambda: turns.append("often"), every=0.02)
    periodic.register("once", lambda: turns.append("once"), every=60)
    running = worker.Worker()
    periodic.register("end", lambda: running.stop() if turns.count("often") >= 3 else None, every=0.01)
    running.run()
    assert turns.count("often") >= 3
    assert turns.count("once") == 1


def test_a_job_that_fails_is_logged_and_tried_again(
    jobs: dict[str, periodic.Job], caplog: pytest.LogCaptureFixture
) -> None:
    attempts = []
    running = worker.Worker()

    def fail() -> None:
        attempts.append(1)
        if len(attempts) == 2:
            running.stop()
        raise OperationalError("the database is away")

    periodic.register("failing", fail, every=0.01)
    running.run()
    assert len(attempts) == 2
    failures = [record for record in caplog.records if record.message == "job failed"]
    assert [record.job for record in failures] == ["failing", "failing"]  # type: ignore[attr-defined]  # From extra.
    assert all(record.exc_info for record in failures)


def test_a_worker_without_its_parent_ends(jobs: dict[str, periodic.Job]) -> None:
    assert os.getppid() != 1_000_000_000
    periodic.register("never", lambda: pytest.fail("a job of a worker without its parent"), every=600)
    with ends():
        worker.Worker(parent=1_000_000_000).run()


def test_stopping_interrupts_the_pause(jobs: dict[str, periodic.Job], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LONGEST_PAUSE", 10 * PATIENCE)
    running = worker.Worker()
    periodic.register("rare", lambda: None, every=10 * PATIENCE)
    threading.Timer(0.1, running.stop).start()
    with ends():
        running.run()
