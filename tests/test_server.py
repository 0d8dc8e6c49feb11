"""`parvis run`: it answers, keeps its worker alive, and stops cleanly."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.test_cli import PARVIS, environment


class Running:
    """A server started as its own process."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.log = folder.with_suffix(".log")
        with self.log.open("w") as log:
            env = environment(folder, PARVIS_PORT=str(self.port), PARVIS_WORKERS="1")
            self.process = subprocess.Popen([*PARVIS, "run"], env=env, stdout=log, stderr=log, start_new_session=True)

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask for a path."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def answers(self) -> bool:
        """Say whether anything listens."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def wait_until_ready(self) -> None:
        """Wait for /readyz."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.2)
        pytest.fail(self.log.read_text())

    def workers(self) -> list[int]:
        """Return the processes of `parvis worker` that this server started."""
        wanted = f"--parent\0{self.process.pid}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if wanted in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    def wait_for_workers(self, number: int, *, other_than: int = 0) -> list[int]:
        """Wait until so many worker processes live."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = [pid for pid in self.workers() if pid != other_than]
            if len(found) == number:
                return found
            time.sleep(0.1)
        pytest.fail(f"{number} workers wanted: {self.workers()}\n{self.log.read_text()}")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "data")
    try:
        running.wait_until_ready()
        yield running
    finally:
        if running.process.poll() is None:
            os.killpg(running.process.pid, signal.SIGKILL)
            running.process.wait()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_stops_with_its_worker(server: Running, ending: signal.Signals) -> None:
    assert server.get("/healthz") == (200, b'{"status": "ok"}')
    [worker] = server.wait_for_workers(1)
    server.process.send_signal(ending)
    assert server.process.wait(PATIENCE) == 0, server.log.read_text()
    assert not Path(f"/proc/{worker}").exists()
    with pytest.raises(OSError, match="refused"):
        server.get("/healthz")
    for line in server.log.read_text().splitlines():
        if line.startswith("{"):
            assert {"time", "level", "logger", "message"} <= set(json.loads(line))


def test_ctrl_c_in_a_terminal_ends_it_at_once(server: Running) -> None:
    """A terminal sends the signal to every process of the group."""
    os.killpg(server.process.pid, signal.SIGINT)
    assert server.process.wait(PATIENCE) == 0, server.log.read_text()
    assert "refused to gracefully stop" not in server.log.read_text()


def test_a_worker_that_dies_is_started_again(server: Running) -> None:
    [worker] = server.wait_for_workers(1)
    os.kill(worker, signal.SIGKILL)
    assert server.wait_for_workers(1, other_than=worker)
    assert "worker ended by itself" in server.log.read_text()


def test_nothing_lives_on_when_the_server_is_killed(server: Running) -> None:
    server.wait_for_workers(1)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(PATIENCE)
    server.wait_for_workers(0)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.answers():
        time.sleep(0.2)
    assert not server.answers()
