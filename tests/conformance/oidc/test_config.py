"""The OpenID Foundation's Config OP plan."""

from django.conf import settings

from tests.factories.oidc import Application, published_keys

REQUIRED = (
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "scopes_supported",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "claims_supported",
)


def test_oidcc_discovery_endpoint_verification(app: Application) -> None:
    answer = app.server.get("/.well-known/openid-configuration")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    metadata = answer.json()
    assert all(metadata[name] for name in REQUIRED)
    assert metadata["issuer"] == settings.ISSUER
    assert "openid" in metadata["scopes_supported"]
    assert "code" in metadata["response_types_supported"]
    assert "RS256" in metadata["id_token_signing_alg_values_supported"]
    assert metadata["request_uri_parameter_supported"] is False
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"):
        assert app.browser.get(metadata[name].removeprefix(settings.ISSUER)).status_code in {200, 400, 401, 405}
    assert {key.alg for key in published_keys().keys} <= set(metadata["id_token_signing_alg_values_supported"])
