"""Twenty at once: a code and a refresh token are honoured once, by whichever thread and on whichever database."""

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, connections

from parvis.oidc.endpoints.serving import ENDPOINTS, serve
from parvis.oidc.http import Request, Response
from parvis.oidc.models import Grant, Token
from tests.factories.oidc import REDIRECT_URI, Application, secret_of

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 20


def at_once(act: Callable[[], Response]) -> list[Response]:
    """Do the same thing in many threads that start together, each with its own connection."""
    barrier, answers = threading.Barrier(CROWD), []

    def one() -> None:
        try:
            barrier.wait()
            answers.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def posted(app: Application, **fields: str) -> Callable[[], Response]:
    """Return a call of the token endpoint."""
    own = {"client_id": app.client.client_id, "client_secret": secret_of(app.client)}
    body = urlencode(own | fields).encode()
    request = Request("POST", meta={"CONTENT_TYPE": "application/x-www-form-urlencoded"}, body=body)

    def act() -> Response:
        response = serve(ENDPOINTS["/oidc/token"], request)
        assert response is not None
        return response

    return act


@pytest.fixture
def shared_database() -> None:
    """Skip where threads would not see the same database."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("SQLite in memory belongs to one thread; tests/oidc/test_two_processes.py does this on a file.")


@pytest.mark.usefixtures("shared_database")
def test_a_code_redeemed_by_twenty_is_honoured_once_then_ended(app: Application) -> None:
    act = posted(app, grant_type="authorization_code", code=app.code(), redirect_uri=REDIRECT_URI)
    answers = at_once(act)
    assert sorted(answer.status for answer in answers) == [200] + [400] * (CROWD - 1)
    assert Token.objects.count() == 1
    assert Grant.objects.get().revoked_at is not None


@pytest.mark.usefixtures("shared_database")
def test_a_refresh_token_used_by_twenty_has_one_winner_who_keeps_access(app: Application) -> None:
    tokens: dict[str, Any] = app.tokens()
    answers = at_once(posted(app, grant_type="refresh_token", refresh_token=tokens["refresh_token"]))
    assert sorted(answer.status for answer in answers) == [200] + [400] * (CROWD - 1)
    assert Token.objects.count() == 2
    assert Grant.objects.get().revoked_at is None
