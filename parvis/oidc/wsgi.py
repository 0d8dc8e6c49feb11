"""The protocol's endpoints as plain WSGI in front of Django.

Django with its middleware costs several times what these answers do (figures: docs/decisions/013-protocol-front.md).
So these paths are answered here, with the request id, log line, security headers and body limit that others have;
every other path, and an authorization request that needs a page, goes on to Django unchanged.
"""

import io
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.conf import settings

from parvis.oidc.endpoints.metadata import DOCUMENTS, PUBLIC
from parvis.oidc.endpoints.serving import ENDPOINTS, Endpoint, serve
from parvis.oidc.errors import ProtocolError
from parvis.oidc.http import MAX_BODY, WITH_BODY, Headers, Request, Response
from parvis.web import logs, request_id

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

TOO_LARGE = ProtocolError("invalid_request", "The body is too large.", status=413)
_STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def _security_headers() -> Headers:
    """Return what goes with every answer: nothing here is a page, so a browser may do nothing with it."""
    headers = [
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("X-Frame-Options", "DENY"),
    ]
    if settings.SECURE_HSTS_SECONDS:
        headers.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return tuple(headers)


class ProtocolFront:
    """Answers the protocol's paths, and hands everything else to the application behind."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._headers = _security_headers()
        self._public_headers = [*PUBLIC, *self._headers]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a WSGI request (PEP 3333)."""
        path = environ.get("PATH_INFO", "")
        endpoint = ENDPOINTS.get(path)
        if endpoint is None:
            return self._application(environ, start_response)
        if path in DOCUMENTS and environ["REQUEST_METHOD"] == "GET":
            with suppress(Exception):  # Asked below, where a failure has its answer and its line in the log.
                return self._document(DOCUMENTS[path](), environ, start_response)
        started = time.perf_counter()
        identifier = request_id.choose(environ.get("HTTP_X_REQUEST_ID", ""))
        token = request_id.current.set(identifier)
        try:
            response = _answer(endpoint, environ)
            if response is None:
                return self._application(environ, start_response)
            _log(environ, response.status, started)
        finally:
            request_id.current.reset(token)
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else response.body
        length = ("Content-Length", str(len(response.body)))
        headers = [*response.headers, *self._headers, ("X-Request-ID", identifier), length]
        start_response(_STATUS[response.status], headers)
        return [body]

    def _document(self, body: bytes, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with bytes that are ready. Caches answer in our place, so a line for each would measure nothing."""
        identifier = request_id.choose(environ.get("HTTP_X_REQUEST_ID", ""))
        headers = [*self._public_headers, ("X-Request-ID", identifier), ("Content-Length", str(len(body)))]
        start_response(_STATUS[200], headers)
        return [body]


def _log(environ: Environ, status: int, started: float) -> None:
    """Write the line that `AccessLogMiddleware` writes for what Django answers."""
    duration = round((time.perf_counter() - started) * 1000, 1)
    line = {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "status": status,
        "duration_ms": duration,
    }
    logs.access.info("request", extra=line)


def _answer(endpoint: Endpoint, environ: Environ) -> Response | None:
    method = environ["REQUEST_METHOD"]
    body = b""
    if method in WITH_BODY:
        body = environ["wsgi.input"].read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            return TOO_LARGE.response()
        environ["wsgi.input"] = io.BytesIO(body)  # Django may have to read it again.
    return serve(endpoint, Request(method, environ.get("QUERY_STRING", ""), environ, body))
