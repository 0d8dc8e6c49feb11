"""The worker: one process that delivers mails and runs every other periodic job of the apps.

A job that fails is logged and tried again at its next turn, and so is everything while the database is away: the worker
itself only ends when it is told to.
"""

import heapq
import logging
import os
import signal
import threading
import time
import uuid
from types import FrameType

from django.db import close_old_connections, connections

from parvis.lib.periodic import Job, jobs
from parvis.web import request_id

logger = logging.getLogger("parvis.worker")

LONGEST_PAUSE = 2.0
"""Seconds between two looks at the parent process."""


def run_once() -> None:
    """Run every job once, now: for tests, and for those who prefer a cron entry to a process."""
    for job in jobs.values():
        run_job(job)


def run_job(job: Job) -> bool:
    """Run one job; return whether it succeeded. Whatever it raises is logged and goes no further."""
    token = request_id.current.set(f"job-{uuid.uuid4().hex}")
    started = time.monotonic()
    close_old_connections()
    try:
        job.run()
    except Exception:
        logger.exception("job failed", extra={"job": job.name})
        return False
    else:
        logger.debug("job done", extra={"job": job.name, "duration_ms": round((time.monotonic() - started) * 1000, 1)})
        return True
    finally:
        close_old_connections()
        request_id.current.reset(token)


class Worker:
    """Runs each job at its own pace until it is stopped, or until the process that started it is gone."""

    def __init__(self, *, parent: int | None = None) -> None:
        self._stop = threading.Event()
        self._parent = parent

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Ask for the end: the job under way finishes first."""
        self._stop.set()

    def run(self) -> None:
        """Loop until told to stop."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        logger.info("worker started", extra={"jobs": sorted(jobs)})
        start = time.monotonic()
        turns = [(start, name) for name in jobs]
        heapq.heapify(turns)
        while not self._stop.is_set() and not self._is_orphan():
            pause = (turns[0][0] - time.monotonic()) if turns else LONGEST_PAUSE
            if pause > 0:
                self._stop.wait(min(pause, LONGEST_PAUSE))
                continue
            _due, name = heapq.heappop(turns)
            run_job(jobs[name])
            heapq.heappush(turns, (time.monotonic() + jobs[name].every, name))
        connections.close_all()
        logger.info("worker stopped")

    def _is_orphan(self) -> bool:
        return self._parent is not None and os.getppid() != self._parent
