"""Logs: one JSON object a line on standard error, with the request's id and never a secret.

What a line may say is a list (`FIELDS`), so nothing else that a library hangs on a record gets out: no query string,
body, cookie or header. On a terminal, the same lines are written for people.
"""

import json
import logging
import logging.config
import re
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from parvis.lib import env
from parvis.web import request_id

REQUEST_FIELDS = ("request_id", "method", "path", "status", "duration_ms", "user")
FIELDS = (*REQUEST_FIELDS, "job", "jobs", "exit_code", "count", "mail", "attempts", "error")
SECRET_ARGUMENTS = {"token", "code", "key", "secret", "signature", "uidb64"}
_DETAIL = re.compile(r"^DETAIL:.*\n?", re.MULTILINE)
"""PostgreSQL repeats the refused row's values there, addresses included."""

access = logging.getLogger("parvis.access")


class AccessLogMiddleware:
    """Writes one line for each answered request. It comes first, so that refused requests have their line too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, then tell how it went."""
        started = time.perf_counter()
        response = self.get_response(request)
        access.info(
            "request",
            extra={
                "request_id": getattr(request, "id", None),
                "method": request.method,
                "path": loggable_path(request),
                "status": response.status_code,
                "duration_ms": round((time.perf_counter() - started) * 1000, 1),
                "user": _user(request),
            },
        )
        return response


def loggable_path(request: HttpRequest) -> str:
    """Return the path without its query, and without the parts that open something (a token in an invitation)."""
    path = request.path
    match = request.resolver_match
    for name, value in match.kwargs.items() if match else ():
        if name in SECRET_ARGUMENTS:
            path = path.replace(str(value), "…")
    return path


def _user(request: HttpRequest) -> str | None:
    """Return the id of the person whom this request loaded; a log line is no reason to ask the database."""
    user = getattr(request, "_cached_user", None)
    return str(user.pk) if user is not None and user.pk else None


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line = facts(record)
        try:
            return orjson.dumps(line, default=str).decode()
        except orjson.JSONEncodeError:  # Half a character, or a number that JSON does not have.
            return json.dumps(line, default=str)


class PlainFormatter(logging.Formatter):
    """The same facts for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, its traceback below."""
        line = facts(record)
        head = f"{line['time'][11:19]} {line['level']:7} {line['logger']}: {line['message']}"
        rest = " ".join(f"{name}={line[name]}" for name in FIELDS if name in line and name != "request_id")
        return "\n".join(part for part in (f"{head} {rest}".rstrip(), line.get("traceback", "")) if part)


def facts(record: logging.LogRecord) -> dict[str, Any]:
    """Return what may be told of a record, in the order in which people read it."""
    line: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _message(record),
    }
    if current := request_id.current.get():
        line["request_id"] = current
    line |= {name: record.__dict__[name] for name in FIELDS if record.__dict__.get(name) is not None}
    if record.exc_info and record.exc_info[0]:
        line["traceback"] = _DETAIL.sub("", "".join(traceback.format_exception(*record.exc_info)))
    return line


def _message(record: logging.LogRecord) -> str:
    """Return the message; Django's own request lines end with the path, which may hold a token."""
    if record.name == "django.request" and isinstance(record.args, tuple) and record.args:
        return str(record.args[0])
    return record.getMessage()


def configuration() -> dict[str, Any]:
    """Return the logging configuration as `logging.config.dictConfig` reads it."""
    formatter = "plain" if sys.stderr.isatty() else "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": f"{__name__}.JsonFormatter"},
            "plain": {"()": f"{__name__}.PlainFormatter"},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": formatter},
        },
        "root": {"handlers": ["stderr"], "level": env.text("PARVIS_LOG_LEVEL", "INFO").upper()},
        "loggers": {
            # A refused request is already an access line; what is left is what went wrong inside.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "ERROR"},
            "_granian": {"level": "WARNING", "propagate": True, "handlers": []},
            "granian.access": {"level": "CRITICAL", "propagate": False, "handlers": []},
        },
    }


def configure() -> None:
    """Make the process log this way; records hold no more than lines tell (logging HOWTO, "Optimization")."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001 - the documented way not to look for the caller
    logging.config.dictConfig(configuration())
