"""One JSON object a line, with the request's id, and never a secret."""

import json
import logging
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from parvis.web import logs, request_id


def line(record: logging.LogRecord) -> dict[str, Any]:
    text = logs.JsonFormatter().format(record)
    assert "\n" not in text
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def record(name: str = "parvis.test", message: str = "done", *args: Any, **extra: Any) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.INFO, __file__, 1, message, args, None)
    made.__dict__.update(extra)
    return made


def test_a_line_tells_when_who_and_what() -> None:
    token = request_id.current.set("a-request-id")
    try:
        told = line(record("parvis.mail", "%d sent", 3, count=3))
    finally:
        request_id.current.reset(token)
    assert told.pop("time").endswith("+00:00")
    assert told == {
        "level": "info",
        "logger": "parvis.mail",
        "message": "3 sent",
        "request_id": "a-request-id",
        "count": 3,
    }


def test_what_a_library_hangs_on_a_record_stays_inside() -> None:
    told = line(record(request=HttpRequest(), password="x", cookies={"a": "b"}))
    assert set(told) == {"time", "level", "logger", "message"}


def test_an_exception_has_its_traceback_without_the_refused_row() -> None:
    row = "ada@example.org"
    try:
        raise ValueError(f"duplicate key\nDETAIL:  Key (email)=({row}) already exists.\n")
    except ValueError:
        failed = record()
        failed.exc_info = sys.exc_info()
    told = line(failed)
    assert "ValueError: duplicate key" in told["traceback"]
    assert "ada@example.org" not in told["traceback"]


def test_django_s_own_request_lines_lose_the_path() -> None:
    told = line(record("django.request", "%s: %s", "Internal Server Error", "/invitations/s3cret/"))
    assert told["message"] == "Internal Server Error"


def test_a_path_is_told_without_its_query_and_without_tokens() -> None:
    request = RequestFactory().get("/invitations/s3cret/?code=123456")
    request.resolver_match = SimpleNamespace(kwargs={"token": "s3cret", "page": 2})  # type: ignore[assignment]  # Enough.
    assert logs.loggable_path(request) == "/invitations/…/"


def test_each_request_has_one_line_with_its_id(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "parvis.access")
    response = client.get("/healthz?token=s3cret", headers={"authorization": "Bearer s3cret", "cookie": "a=s3cret"})
    lines = [line(entry) for entry in caplog.records if entry.name == "parvis.access"]
    assert len(lines) == 1
    told = lines[0]
    assert told["request_id"] == response["X-Request-ID"]
    assert (told["method"], told["path"], told["status"]) == ("GET", "/healthz", 200)
    assert told["duration_ms"] >= 0
    assert "s3cret" not in json.dumps(lines)


def test_a_refused_request_has_its_line_too(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "parvis.access")
    assert client.get("/healthz?name=%00").status_code == 400
    assert [line(entry)["status"] for entry in caplog.records if entry.name == "parvis.access"] == [400]


def test_people_at_a_terminal_read_the_same_facts() -> None:
    text = logs.PlainFormatter().format(record("parvis.access", "request", method="GET", path="/", status=200))
    assert text.endswith("info    parvis.access: request method=GET path=/ status=200")


def test_the_configuration_is_one_that_logging_accepts() -> None:
    configuration = logs.configuration()
    assert configuration["root"]["handlers"] == ["stderr"]
    assert configuration["handlers"]["stderr"]["formatter"] == "json"
