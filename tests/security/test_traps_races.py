"""Traps of races, twenty at once: a code and a refresh token are honoured once, by whichever thread."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from parvis.oidc.endpoints.serving import ENDPOINTS, serve
from parvis.oidc.http import Request, Response
from parvis.oidc.models import Grant, Token
from tests.factories.oidc import REDIRECT_URI, Application, secret_of

CROWD = 20
InParallel = Callable[[Callable[[], Any], int], list[Any]]


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


def test_trap_18_a_code_redeemed_by_twenty_is_honoured_once_then_ended(
    in_parallel: InParallel, app: Application
) -> None:
    """CVE-2026-16089 under concurrency: one of twenty has tokens, and as the others come after it, it loses them."""
    act = posted(app, grant_type="authorization_code", code=app.code(), redirect_uri=REDIRECT_URI)
    answers = in_parallel(act, CROWD)
    assert sorted(answer.status for answer in answers) == [200] + [400] * (CROWD - 1)
    assert Token.objects.count() == 1
    assert Grant.objects.get().revoked_at is not None


def test_trap_18_a_refresh_token_used_by_twenty_has_one_winner_who_keeps_access(
    in_parallel: InParallel, app: Application
) -> None:
    """CVE-2026-1035: a race gives one pair of tokens, and two tabs that load together sign nobody out."""
    tokens: dict[str, Any] = app.tokens()
    answers = in_parallel(posted(app, grant_type="refresh_token", refresh_token=tokens["refresh_token"]), CROWD)
    assert sorted(answer.status for answer in answers) == [200] + [400] * (CROWD - 1)
    assert Token.objects.count() == 2
    assert Grant.objects.get().revoked_at is None
