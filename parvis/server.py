"""`parvis run`: the HTTP server (granian, WSGI) and beside it the worker, started and stopped together."""

import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from django.db import connections
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from parvis.web import logs

logger = logging.getLogger("parvis.server")

THREADS = 4
"""Threads in each process: they hide the wait for the database (measured: a quarter more requests per second)."""
GRACE = 10
"""Seconds that requests under way, then the worker, have to finish at the end."""
PARENT_WATCH = 2.0
"""Seconds between two looks of a server process at its parent."""
SHORTEST_LIFE = 5.0
"""A worker that lives less than this many seconds is started again after as long, not at once."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to serve."""

    address: str
    port: int
    processes: int
    with_worker: bool = True


def serve(options: Options) -> None:
    """Serve until SIGTERM or SIGINT, then let requests under way finish."""
    connections.close_all()  # Set-up and checks used them; this process needs the database no more.
    # A forked process would inherit whatever our threads hold at that moment: locks, pipes, sockets.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "parvis.server:application",
        factory=True,
        address=options.address,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.processes,
        blocking_threads=THREADS,
        backpressure=THREADS * 16,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        workers_kill_timeout=GRACE,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        log_dictconfig=logs.configuration(),
    )
    worker = WorkerProcess() if options.with_worker else None
    if worker:
        worker.start()
    try:
        server.serve()
    finally:
        if worker:
            worker.stop()


def application() -> Any:
    """Return the application, in each server process; a process whose parent was killed ends instead of living on.

    A terminal sends Ctrl-C to every process at once. The parent ends its processes in order, and one that is told twice
    would not end at all before it is killed.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with, args=(os.getppid(),), name="parent-watch", daemon=True).start()
    from parvis import wsgi

    return wsgi.application


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_WATCH)
    os.kill(os.getpid(), signal.SIGTERM)


class WorkerProcess:
    """Keeps one `parvis worker` alive beside the server."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._watch = threading.Thread(target=self._keep_alive, name="worker-watch", daemon=True)

    def start(self) -> None:
        """Start the process and the thread that starts it again if it dies."""
        self._watch.start()

    def stop(self) -> None:
        """End the process, and wait for it."""
        self._ending.set()
        process = self._process
        if process and process.poll() is None:
            process.terminate()
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._watch.join(GRACE)

    def _keep_alive(self) -> None:
        command = [sys.executable, "-m", "parvis", "worker", "--parent", str(os.getpid())]
        while not self._ending.is_set():
            started = time.monotonic()
            self._process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own command
            if self._ending.is_set():  # Told to end between the test and the start.
                self._process.terminate()
            code = self._process.wait()
            if self._ending.is_set():
                return
            logger.error("worker ended by itself, starting it again", extra={"exit_code": code})
            if time.monotonic() - started < SHORTEST_LIFE:
                self._ending.wait(SHORTEST_LIFE)
