"""Asking in a hostile way, and what must hold of every answer whatever was asked."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client

SAFE = {"GET", "HEAD"}
# What our code looks like in a stack trace, and what an engine says of a statement.
_LEAKS = re.compile(
    rb"Traceback \(most recent|File &quot;/|File \"/|/site-packages/|OperationalError|DataError|psycopg\."
)
FORM = "application/x-www-form-urlencoded"


class Knocker:
    """A browser that asks for the worst, forgets what its requests changed, and keeps what was wrong."""

    def __init__(self, browser: Client, name: str) -> None:
        self.browser = browser
        self.browser.raise_request_exception = False
        self.name = name
        self.faults: list[str] = []

    def knock(self, method: str, path: str, body: bytes = b"", content_type: str = FORM, **headers: str) -> Any:
        """Send one request and look at the answer; None when there is none to look at."""
        asked = f"{self.name}: {method} {path[:100]} {content_type[:60]} {body[:60]!r}"
        try:
            with self._undone():
                answer = self.browser.generic(method, path, body, content_type, headers=headers)
        except Exception as error:  # noqa: BLE001 - whatever comes out is a fault
            self.faults.append(f"{asked}: raised {error!r}"[:1500])
            return None
        self.faults += [f"{asked}: {fault}" for fault in faults_of(answer, method, signed_in=self.name != "visitor")]
        with connections_kept():
            answer.close()
        return answer

    def expect(self, statuses: Iterable[int], method: str, path: str, *args: Any, **headers: str) -> Any:
        """Send one request, whose answer must have one of these statuses."""
        answer = self.knock(method, path, *args, **headers)  # type: ignore[arg-type] # a header has no parameter's name
        if answer is not None and answer.status_code not in statuses:
            self.faults.append(f"{self.name}: {method} {path[:100]} {args!r:.120}: {answer.status_code}")
        return answer

    @contextmanager
    def _undone(self) -> Iterator[None]:
        """Undo what the request writes, and the cookies that it sets."""
        cookies = self.browser.cookies.output()
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            if self.browser.cookies.output() != cookies:
                self.browser.cookies = SimpleCookie(cookies.replace("Set-Cookie: ", ""))


@contextmanager
def connections_kept() -> Iterator[None]:
    """Keep Django from closing the connection of the test's transaction around a request, as its own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def faults_of(answer: Any, method: str, *, signed_in: bool) -> Iterator[str]:
    """Yield everything that no answer may be."""
    if answer.status_code >= 500:
        error = getattr(answer, "exc_info", None)
        yield f"{answer.status_code} {error[1]!r}"[:600] if error else str(answer.status_code)
    if answer.status_code == 405 and not answer.headers.get("Allow"):
        yield "405 without Allow"
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "X-Request-ID"):
        if name not in answer.headers:
            yield f"{answer.status_code} without {name}"
    yield from _leaks(b"" if answer.streaming else answer.content)
    if (way := answer.headers.get("Location", "")) and not is_ours(way):
        yield f"leads to {way[:100]}"
    for name, cookie in answer.cookies.items():
        if cookie.value and not (cookie["httponly"] and cookie["samesite"] == "Lax"):
            yield f"cookie {name} is readable by scripts or sent by other sites"
        if name == settings.SESSION_COOKIE_NAME and method in SAFE and not signed_in and cookie.value:
            yield "a session for a visitor who reads"


def _leaks(body: bytes) -> Iterator[str]:
    if found := _LEAKS.search(body):
        yield f"tells {found[0]!r}"
    if settings.SECRET_KEY.encode() in body:
        yield "tells the secret key"


def is_ours(way: str) -> bool:
    """Say whether a redirect stays here, as browsers read it."""
    tidy = way.replace("\\", "/").strip()
    return (tidy.startswith("/") and not tidy.startswith("//")) or urlsplit(tidy)[:2] == urlsplit(settings.ISSUER)[:2]
