"""A load generator that costs little: a few keep-alive connections, each asking again as soon as it is answered.

One thread, one `epoll`, raw sockets: some 20 microseconds of CPU a request, so that the two cores of a small machine
are left to the servers. A scenario is a generator that yields requests and receives answers; when it ends, an iteration
is counted and the next one starts.
"""

import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

PATIENCE = 10.0
"""Seconds that an iteration under way at the end may still take."""
BLANK = b"\r\n\r\n"


class Answer(NamedTuple):
    """One HTTP answer."""

    status: int
    head: bytes
    body: bytes


Scenario = Generator[bytes, Answer, None]
Iteration = Callable[[], Scenario]


class UnexpectedAnswerError(Exception):
    """An answer that the scenario cannot go on with."""


@dataclass(slots=True)
class Run:
    """What one run saw: how long each iteration took, in seconds, and what went wrong how often."""

    durations: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    elapsed: float = 0.0
    own_cpu: float = 0.0


class _Connection:
    """One connection and the iteration that it is in."""

    __slots__ = ("address", "asked", "buffer", "iterate", "scenario", "socket", "started")

    def __init__(self, address: tuple[str, int], iterate: Iteration) -> None:
        self.address = address
        self.iterate = iterate
        self.buffer = b""
        self.asked = b""
        self.socket = self._connect()
        self.begin()

    def _connect(self) -> socket.socket:
        connected = socket.create_connection(self.address, timeout=PATIENCE)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def begin(self) -> None:
        """Start the next iteration."""
        self.started = time.perf_counter()
        self.scenario = self.iterate()
        self.ask(next(self.scenario))

    def ask(self, request: bytes) -> None:
        """Send a request."""
        self.asked = request
        self.socket.sendall(request)

    def reopen(self) -> None:
        """Connect anew, as a client does when the server has closed, and ask again what was not answered."""
        self.socket.close()
        self.buffer = b""
        self.socket = self._connect()
        self.socket.sendall(self.asked)

    def receive(self) -> Answer | None:
        """Read what has come; return the answer once it is whole."""
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionResetError
        parsed = parse(self.buffer + data)
        if parsed is None:
            self.buffer += data
            return None
        answer, self.buffer = parsed
        return answer


def parse(data: bytes) -> tuple[Answer, bytes] | None:
    """Return the first answer in some bytes and what follows it; nothing while it is not whole."""
    end = data.find(BLANK)
    if end < 0:
        return None
    head, start = data[:end], end + len(BLANK)
    lower = head.lower()
    status = int(head[9:12])
    mark = lower.find(b"\r\ncontent-length:")
    if mark >= 0:
        stop = start + int(lower[mark + 17 :].split(b"\r\n", 1)[0])
        return None if len(data) < stop else (Answer(status, head, data[start:stop]), data[stop:])
    if b"\r\ntransfer-encoding: chunked" in lower:
        return _chunked(status, head, data, start)
    return Answer(status, head, b""), data[start:]


def _chunked(status: int, head: bytes, data: bytes, start: int) -> tuple[Answer, bytes] | None:
    body: list[bytes] = []
    while (line := data.find(b"\r\n", start)) >= 0:
        size = int(data[start:line].split(b";")[0], 16)
        start = line + 2 + size + 2
        if len(data) < start:
            return None
        if size == 0:
            return Answer(status, head, b"".join(body)), data[start:]
        body.append(data[line + 2 : line + 2 + size])
    return None


def drive(address: tuple[str, int], iterations: Sequence[Iteration], seconds: float) -> Run:
    """Iterate for some seconds, on as many connections as there are iterations."""
    run = Run()
    began, began_cpu = time.perf_counter(), time.process_time()
    end = began + seconds
    with select.epoll() as poll:
        busy: dict[int, _Connection] = {}
        for iterate in iterations:
            _watch(poll, busy, _Connection(address, iterate))
        while busy and time.perf_counter() < end + PATIENCE:
            for number, _events in poll.poll(0.5):
                _advance(poll, busy, number, run, end)
        run.errors["unfinished"] += len(busy)
        for connection in busy.values():
            connection.socket.close()
    run.elapsed = time.perf_counter() - began
    run.own_cpu = time.process_time() - began_cpu
    run.errors += Counter()  # Forgets what never happened.
    return run


def _watch(poll: select.epoll, busy: dict[int, _Connection], connection: _Connection) -> None:
    poll.register(connection.socket.fileno(), select.EPOLLIN)
    busy[connection.socket.fileno()] = connection


def _advance(poll: select.epoll, busy: dict[int, _Connection], number: int, run: Run, end: float) -> None:
    """Take what came for a connection, and ask on: within the iteration, else in the next one until the end."""
    connection = busy[number]
    try:
        answer = connection.receive()
    except OSError:
        run.errors["connection closed by the server"] += 1
        del busy[number]
        connection.reopen()
        _watch(poll, busy, connection)
        return
    if answer is None:
        return
    try:
        connection.ask(connection.scenario.send(answer))
    except StopIteration:
        run.durations.append(time.perf_counter() - connection.started)
    except UnexpectedAnswerError as error:
        run.errors[str(error)] += 1
    else:
        return
    if time.perf_counter() < end:
        connection.begin()
        return
    del busy[number]
    connection.socket.close()
