"""Applications that listen on the loopback: real servers in threads, which note what they are told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass
class Listener:
    """An application's back-channel logout address: how it answers, and what it has been told."""

    status: int = 200
    seconds: float = 0.0
    url: str = ""
    may_answer: threading.Event = field(default_factory=threading.Event)
    bodies: list[dict[str, list[str]]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)

    @property
    def tokens(self) -> list[str]:
        """Return the logout tokens received, the oldest first."""
        return [body["logout_token"][0] for body in self.bodies]


@contextmanager
def listening(status: int = 200, *, seconds: float = 0.0, silent: bool = False) -> Iterator[Listener]:
    """Listen until the end of the block, answering with this status after so many seconds.

    A silent one notes what it is told, and answers when `may_answer` is set.
    """
    told = Listener(status, seconds)
    if not silent:
        told.may_answer.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            told.bodies.append(parse_qs(body, strict_parsing=True))
            told.at.append(time.monotonic())
            time.sleep(told.seconds)
            told.may_answer.wait()
            self.send_response(told.status)
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}/logout"
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.may_answer.set()
        server.shutdown()
        server.server_close()
