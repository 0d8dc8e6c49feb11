"""The OpenID Foundation's Back-Channel Logout OP plan: a test for each of its modules, under its name."""

from datetime import UTC, datetime
from typing import Any

import pytest

from parvis.oidc import clients
from parvis.oidc.models import Client
from parvis.oidc.postman import Postman
from tests.conformance.oidc.logging_out import STATE, SignedIn, assert_logged_out, metadata, returned
from tests.factories.listeners import listening
from tests.factories.oidc import Application, read_jwt


def test_oidcc_backchannel_logout_discovery_endpoint_verification(app: Application) -> None:
    told = metadata(app)
    assert told["backchannel_logout_supported"] is True
    assert told["backchannel_logout_session_supported"] is True


def test_oidcc_backchannel_rp_initiated_logout(app: Application, settings: Any) -> None:
    settings.IS_DEVELOPMENT = True
    with listening() as listener:
        Client.objects.filter(pk=app.client.pk).update(backchannel_logout_uri=listener.url)
        clients.forget()
        signed_in = SignedIn(app)
        answer = signed_in.end_session()
        assert Postman().deliver() == 1
    assert [set(body) for body in listener.bodies] == [{"logout_token"}]
    _header, claims = read_jwt(listener.tokens[0])
    id_token = signed_in.claims
    assert claims["iss"] == id_token["iss"]
    assert claims["aud"] == app.client.client_id
    assert abs(datetime.now(UTC).timestamp() - claims["iat"]) < 60
    assert claims["jti"]
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert claims["sub"] == id_token["sub"]
    assert claims["sid"] == id_token["sid"]
    assert "nonce" not in claims
    assert returned(answer.headers["Location"]) == {"state": STATE}
    assert_logged_out(app)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    clients.forget()
