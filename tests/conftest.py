"""What every test lives by: GET never writes, undefined template variables fail, nothing is shared between tests."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test.client import ClientHandler

from parvis.oidc import memory
from tests.undefined_variables import UndefinedVariable

# No example fails because it was slow: Hypothesis gives each a fifth of a second unless it is told otherwise.
hypothesis.settings.register_profile(
    "untimed", hypothesis.settings(), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")

WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+\"?(\w+)", re.IGNORECASE)
# A session remembers when it was last used; nothing else may be written because a page was read.
MAY_CHANGE = {("UPDATE", "accounts_session")}


class WriteOnGetError(AssertionError):
    """Reading a page changed the database."""


class _Writes:
    """A database wrapper that notes each statement that changes something."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITES.match(sql)
        if found and (found[1].upper(), found[2].lower()) not in MAY_CHANGE:
            self.statements.append(sql)
        return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def get_never_writes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail when a GET or HEAD through the test client changes the database and its view is not marked for it."""
    if request.node.get_closest_marker("writes_on_get"):
        return
    answer = ClientHandler.get_response

    def watched(self: ClientHandler, http: HttpRequest) -> HttpResponseBase:
        if http.method not in {"GET", "HEAD"}:
            return answer(self, http)
        writes = _Writes()
        with connections["default"].execute_wrapper(writes):
            response = answer(self, http)
        view = http.resolver_match.func if http.resolver_match else None
        if writes.statements and not getattr(view, "writes_on_get", None):
            raise WriteOnGetError(f"{http.method} {http.path} wrote: {writes.statements[0][:200]}")
        return response

    monkeypatch.setattr(ClientHandler, "get_response", watched)


@pytest.fixture(autouse=True)
def undefined_variables_fail(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test that says why render a template with less than it names."""
    allowed = request.node.get_closest_marker("allows_undefined_variables") is not None
    monkeypatch.setattr(UndefinedVariable, "allowed", allowed)


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the files that a test uploads away from every other test."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def memories_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test look again whether its applications have changed because it is slow: it may count its statements."""
    monkeypatch.setattr(memory, "FRESH_FOR", float("inf"))


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Start each test with nothing remembered."""
    cache.clear()
    yield
    cache.clear()
