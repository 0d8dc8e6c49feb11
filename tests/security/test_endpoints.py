"""Whatever is sent to an endpoint of the provider: no 500, no redirect to an unregistered address, no token."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.oidc import registration
from parvis.oidc.actions import registrations
from parvis.oidc.models import Client, Grant, Token
from tests.factories.oidc import LOGGED_OUT_URI, REDIRECT_URI, Application, challenge, secret_of

FORM = "application/x-www-form-urlencoded"
# The words that endpoints know, and values that are right, nearly right, and neither.
NAMES = st.sampled_from(
    [
        "client_id", "client_secret", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce",
        "prompt", "max_age", "acr_values", "claims", "code_challenge", "code_challenge_method", "request",
        "request_uri", "resource", "grant_type", "code", "code_verifier", "refresh_token", "token", "token_type_hint",
        "client_assertion", "client_assertion_type", "device_code", "user_code", "id_token_hint",
        "post_logout_redirect_uri", "dpop_jkt", "login_hint", "ui_locales", "interaction", "access_token",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(
        [
            "", "code", "query", "form_post", "jwt", "openid", "openid email", "S256", "plain", challenge(),
            "none", "login", "authorization_code", "refresh_token", "client_credentials", "password", REDIRECT_URI,
            LOGGED_OUT_URI,
            "https://evil.example/", "javascript:alert(1)", f"{REDIRECT_URI}?x", "0", "-1", "9" * 40, "{}", "[]",
            "null",
            '{"id_token":{"acr":{"essential":true}}}', '{"userinfo":[]}', "a.b.c", "eyJhbGciOiJub25lIn0.e30.",
            "urn:ietf:params:oauth:request_uri:x", "urn:ietf:params:oauth:grant-type:device_code",
        ]
    ),
    st.text(max_size=60),
)  # fmt: skip
FIELDS = st.dictionaries(NAMES, TEXTS, max_size=8)
HEADERS = st.dictionaries(
    st.sampled_from(["authorization", "dpop", "accept"]), st.text("Basic DPoPearer.=:é\t", max_size=40)
)
POSTED = ("token", "par", "revoke", "introspect", "device_authorization", "register")
many = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def known(app: Application) -> dict[str, str]:
    """What is right, for fields to be left in or spoilt."""
    return {"client_id": app.client.client_id, "redirect_uri": REDIRECT_URI, "response_type": "code", "scope": "openid"}


def is_home(location: str) -> bool:
    """Say whether an address is a page of ours, or a registered one to the character, whatever its query is."""
    is_ours = location.startswith("/") and location[1:2] not in {"/", "\\"}
    return is_ours or location.partition("?")[0] in {REDIRECT_URI, LOGGED_OUT_URI}


def leads_home(response: Any) -> bool:
    """Say whether a redirect, if it is one, leads to a registered address or to a page of ours."""
    return "Location" not in response.headers or is_home(response.headers["Location"])


def encoded(fields: dict[str, str]) -> str:
    return urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()})


@many
@given(spoilt=FIELDS, kept=st.sets(st.sampled_from(["client_id", "redirect_uri", "response_type", "scope"])))
def test_authorization_requests(
    app: Application, known: dict[str, str], spoilt: dict[str, str], kept: set[str]
) -> None:
    fields = {name: known[name] for name in kept} | spoilt
    for response in (
        app.browser.get(f"/oidc/authorize?{encoded(fields)}"),
        app.browser.post("/oidc/authorize", encoded(fields), FORM),
    ):
        assert response.status_code < 500, fields
        assert leads_home(response), fields


@many
@given(fields=FIELDS)
def test_sign_outs(app: Application, fields: dict[str, str]) -> None:
    response = app.browser.get(f"/oidc/logout?{encoded(fields)}")
    assert response.status_code < 500, fields
    assert leads_home(response), fields


@many
@given(endpoint=st.sampled_from(POSTED), fields=FIELDS, headers=HEADERS, is_proven=st.booleans())
def test_what_programs_post(
    app: Application, endpoint: str, fields: dict[str, str], headers: dict[str, str], is_proven: bool
) -> None:
    own = {"client_id": app.client.client_id, "client_secret": secret_of(app.client)} if is_proven else {}
    told = {name: value for name, value in headers.items() if value.isascii() and value.isprintable()}
    response = app.server.post(f"/oidc/{endpoint}", encoded(own | fields), FORM, headers=told)
    assert response.status_code < 500, fields
    assert "access_token" not in response.content.decode() or endpoint != "token"
    assert not Token.objects.exists()


@many
@given(
    body=st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda text: json.dumps({"redirect_uris": text}).encode())
    )
)
def test_bodies_that_are_no_form(app: Application, body: bytes) -> None:
    for endpoint in POSTED:
        for kind in (FORM, "application/json", "multipart/form-data; boundary=x", "text/plain"):
            response = app.server.post(f"/oidc/{endpoint}", body, kind)
            assert 400 <= response.status_code < 500, (endpoint, kind)
    assert Client.objects.count() == 1
    assert not Grant.objects.exists()


@many
@given(token=st.text(max_size=80), scheme=st.sampled_from(["Bearer", "DPoP", "Basic", "bearer", ""]))
def test_access_tokens_that_are_none(app: Application, token: str, scheme: str) -> None:
    value = f"{scheme} {token}".strip()
    if not (value.isascii() and value.isprintable()):
        value = "Bearer x"
    for response in (
        app.server.get("/oidc/userinfo", headers={"authorization": value}),
        app.server.post("/oidc/userinfo", encoded({"access_token": token}), FORM),
    ):
        assert response.status_code in {400, 401}


# --- JSON of any shape ------------------------------------------------------------------------------------------------
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.sampled_from(["\x00", "\ud800", 10**30])
)  # fmt: skip
WORDS = st.one_of(st.sampled_from(["essential", "value", "values", "keys", "kty", "n", "x", "crv"]), TEXTS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)
WISHES = st.one_of(VALUES, st.fixed_dictionaries({"essential": st.just(value=True)}, optional={"values": VALUES}))
ASKED = st.dictionaries(
    st.sampled_from(["id_token", "userinfo"]),
    st.one_of(VALUES, st.dictionaries(st.sampled_from(["sub", "acr", "siret", "email"]), WISHES, max_size=3)),
)
KEYS = st.dictionaries(st.sampled_from(["kty", "n", "e", "crv", "x", "use"]), VALUES, max_size=3)
SHAPED: dict[str, Any] = {
    "redirect_uris": st.lists(st.one_of(TEXTS, st.sampled_from(["https://[bad", "org.x:/", "//"])), max_size=2),
    "jwks": st.fixed_dictionaries({"keys": st.lists(KEYS, max_size=1)}, optional={"x": VALUES}),
}
MEMBERS = [*(member.name for member in registration.MEMBERS), *registration.TOLD, "scope", "client_name#fr"]
DOCUMENTS = st.builds(
    lambda any_shape, shaped: any_shape | shaped,
    st.dictionaries(st.sampled_from(MEMBERS), VALUES, max_size=3),
    st.fixed_dictionaries({}, optional=SHAPED),
)


@many
@given(asked=ASKED)
def test_claims_asked_for(app: Application, asked: dict[str, Any]) -> None:
    response = app.authorize(scope="openid siret", claims=json.dumps(asked))
    assert response.status_code < 500, asked
    assert leads_home(response), asked


@many
@given(document=DOCUMENTS)
def test_what_applications_register(signing_keys: None, document: dict[str, Any]) -> None:
    _token, given_token = registrations.create_token(by=None, name="A team", uses=2)
    body = json.dumps({"redirect_uris": [REDIRECT_URI]} | document)
    headers = {"authorization": f"Bearer {given_token}"}
    response = Browser().post("/oidc/register", body, "application/json", headers=headers)
    assert response.status_code in {201, 400, 429}, document
    made = response.json()
    if response.status_code == 201:
        headers = {"authorization": f"Bearer {made['registration_access_token']}"}
        response = Browser().get(f"/oidc/register?client_id={made['client_id']}", headers=headers)
        assert response.status_code == 200
