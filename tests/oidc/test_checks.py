"""Each check of an authorization request, by its name: what passes, what is refused, and how it is told."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings

from parvis.directory.models import User
from parvis.oidc import redirect_uris
from parvis.oidc.authorization import checks
from parvis.oidc.models import Client, Grant
from tests.factories.oidc import REDIRECT_URI, Application, answer_of, challenge, make_client


def page_of(response: Any) -> str:
    """Return the text of a refusal that stays here."""
    assert response.status_code == 400
    assert "Location" not in response.headers
    return str(response.content.decode())


# --- Before the address is known to be registered: pages, never redirects ---------------------------------------------
def test_client_is_known(app: Application) -> None:
    assert "No application has this client_id." in page_of(app.authorize(client_id="nobody"))
    assert "client_id is missing." in page_of(app.authorize(client_id=None))


def test_client_is_active(app: Application) -> None:
    Client.objects.filter(pk=app.client.pk).update(state="suspended")
    assert "suspended" in page_of(app.authorize())


def test_client_and_redirect_uri_are_single(app: Application) -> None:
    query = f"client_id=a&client_id=b&redirect_uri={REDIRECT_URI}"
    assert "repeated" in page_of(app.browser.get(f"/oidc/authorize?{query}"))


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "https://app.example.org/callback",
        "https://app.example.org/callback/?x=1",
        "https://app.example.org/callback/#f",
        "https://app.example.org:443/callback/",
        "https://app.example.org/callback/../callback/",
        "https://APP.example.org/callback/",
        "HTTPS://app.example.org/callback/",
        "https://app.example.org@evil.example/callback/",
        "https://evil.example/callback/",
        "javascript:alert(1)",
    ],
)
def test_redirect_uri_is_registered(app: Application, given: str | None) -> None:
    page_of(app.authorize(redirect_uri=given))
    assert not Grant.objects.exists()


def test_the_developer_sees_what_differs_to_the_character(app: Application) -> None:
    page = page_of(app.authorize(redirect_uri="https://app.example.org/callback"))
    assert "<mark>/</mark>" in page


def test_in_production_registered_addresses_are_shown_to_operators_only(app: Application, settings: Any) -> None:
    settings.IS_DEVELOPMENT = False
    assert REDIRECT_URI not in page_of(app.authorize(redirect_uri="https://evil.example/"))
    User.objects.update(is_operator=True)
    assert app.authorize(redirect_uri="https://evil.example/").context["differences"][0].registered == REDIRECT_URI


def test_a_native_application_may_listen_on_any_port_of_the_loopback_address(app: Application) -> None:
    app.client = make_client(type="public", redirect_uris=["http://127.0.0.1/done", "http://[::1]/done"])
    for given in ("http://127.0.0.1:49152/done", "http://[::1]:1024/done"):
        assert app.authorize(redirect_uri=given).status_code == 303
    for given in ("http://localhost:49152/done", "http://127.0.0.1:49152/other", "http://127.0.0.1:0/done"):
        page_of(app.authorize(redirect_uri=given))


# --- From here on, errors go back to the application ------------------------------------------------------------------
REFUSED = {
    "parameters_are_single": (None, "invalid_request"),
    "parameters_have_sane_lengths": ({"state": "s" * 5000}, "invalid_request"),
    "request_object_is_signed": ({"request": "e30.e30."}, "invalid_request_object"),
    "pushed_request_is_there (elsewhere)": ({"request_uri": "https://app.example.org/r"}, "request_uri_not_supported"),
    "pushed_request_is_there": ({"request_uri": "urn:ietf:params:oauth:request_uri:pp_x"}, "invalid_request_uri"),
    "dpop_jkt_is_a_thumbprint": ({"dpop_jkt": "short"}, "invalid_request"),
    "registration_is_absent": ({"registration": "{}"}, "registration_not_supported"),
    "response_type_is_code": ({"response_type": "token"}, "unsupported_response_type"),
    "response_type_is_code (hybrid)": ({"response_type": "code id_token"}, "unsupported_response_type"),
    "response_type_is_code (missing)": ({"response_type": None}, "invalid_request"),
    "response_mode_is_known": ({"response_mode": "fragment"}, "invalid_request"),
    "scope_is_allowed (openid missing)": ({"scope": "email"}, "invalid_scope"),
    "scope_is_allowed (missing)": ({"scope": None}, "invalid_scope"),
    "resource_servers_are_known": ({"resource": "https://api.example.org/"}, "invalid_target"),
    "pkce_is_s256 (plain)": ({"code_challenge": "c" * 43, "code_challenge_method": "plain"}, "invalid_request"),
    "pkce_is_s256 (no method)": ({"code_challenge": "c" * 43}, "invalid_request"),
    "pkce_is_s256 (no challenge)": ({"code_challenge_method": "S256"}, "invalid_request"),
    "pkce_is_s256 (short)": ({"code_challenge": "c" * 42, "code_challenge_method": "S256"}, "invalid_request"),
    "state_and_nonce_are_printable (state)": ({"state": "é"}, "invalid_request"),
    "state_and_nonce_are_printable (nonce)": ({"nonce": "é"}, "invalid_request"),
    "prompt_is_coherent (none with another)": ({"prompt": "none login"}, "invalid_request"),
    "prompt_is_coherent (unknown)": ({"prompt": "dance"}, "invalid_request"),
    "max_age_is_a_number (word)": ({"max_age": "soon"}, "invalid_request"),
    "max_age_is_a_number (negative)": ({"max_age": "-1"}, "invalid_request"),
    "max_age_is_a_number (other digits)": ({"max_age": "١٢"}, "invalid_request"),
    "claims_can_be_read (not JSON)": ({"claims": "{"}, "invalid_request"),
    "claims_can_be_read (a list)": ({"claims": "[]"}, "invalid_request"),
    "claims_can_be_read (a name)": ({"claims": '{"userinfo": "email"}'}, "invalid_request"),
    "claims_can_be_read (sub that is no object)": ({"claims": '{"id_token": {"sub": "x"}}'}, "invalid_request"),
    "claims_can_be_read (sub that is true)": ({"claims": '{"userinfo": {"sub": true}}'}, "invalid_request"),
    "claims_can_be_read (acr of numbers)": (
        {"claims": '{"id_token": {"acr": {"essential": true, "values": [1]}}}'},
        "invalid_request",
    ),
    "demanded_acr_is_known": (
        {"claims": '{"id_token": {"acr": {"essential": true, "value": "loa9"}}}'},
        "unmet_authentication_requirements",
    ),
    "demanded_organization_is_named (no number)": (
        {"claims": r'{"id_token": {"siret": {"essential": true, "value": "\u0000"}}}'},
        "access_denied",
    ),
    "demanded_organization_is_named (half a character)": (
        {"claims": r'{"userinfo": {"siret": {"essential": true, "values": ["\ud800"]}}}'},
        "access_denied",
    ),
    "id_token_hint_is_ours": ({"id_token_hint": "a.b.c"}, "invalid_request"),
    "subject_asked_for_is_one_person": ({"claims": '{"id_token": {"sub": {"value": "x"}}}'}, "login_required"),
}


def test_rfc6749_4_1_2_1_a_description_quotes_nothing_that_it_may_not_hold(app: Application) -> None:
    answer = answer_of(app.authorize(prompt='é"\\'))
    assert answer["error_description"] == "Unknown prompt: ?'?."


@pytest.mark.parametrize("values", ["[]", "null"])
def test_an_essential_claim_of_no_value_in_particular_demands_none(app: Application, values: str) -> None:
    assert app.code(claims=f'{{"id_token": {{"acr": {{"essential": true, "values": {values}}}}}}}')


@pytest.mark.parametrize("name", ["state", "nonce", "unknown"])
def test_what_is_repeated_in_a_posted_request_is_refused_as_in_an_address(app: Application, name: str) -> None:
    body = f"{urlencode(app.query())}&{name}=one&{name}=two"
    posted = app.browser.post("/oidc/authorize", body, "application/x-www-form-urlencoded")
    assert answer_of(app.browser.get(posted.headers["Location"]))["error"] == "invalid_request"
    assert not Grant.objects.exists()


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by(app: Application, name: str) -> None:
    changes, code = REFUSED[name]
    if changes is None:
        response = app.browser.get("/oidc/authorize", {**app.query(), "scope": ["openid", "email"]})
    else:
        response = app.authorize(**changes)
    answer = answer_of(response)
    assert answer["error"] == code
    assert answer["error_description"].isascii()
    assert answer["iss"] == settings.ISSUER
    assert (changes and "state" in changes) or answer["state"] == "state-0123456789"
    assert not Grant.objects.exists()


def test_every_check_is_tested_by_its_name() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    # Tested with the prompts that read what they keep: login_hint_is_kept, shared_scopes_are_named,
    # demanded_organization_is_named.
    missing = [check.__name__ for check in checks.CHECKS if check.__name__ not in source]
    assert not missing


def test_answer_can_be_encrypted(app: Application) -> None:
    Client.objects.filter(pk=app.client.pk).update(authorization_response_encryption_alg="ECDH-ES")
    page = app.authorize(response_mode="jwt")
    assert (page.status_code, "Location" in page.headers) == (400, False)
    assert not Grant.objects.exists()


def test_request_came_as_it_must(app: Application) -> None:
    Client.objects.filter(pk=app.client.pk).update(requires_pushed_requests=True)
    assert answer_of(app.authorize())["error"] == "invalid_request"


def test_client_signs_people_in(app: Application) -> None:
    Client.objects.filter(pk=app.client.pk).update(grant_types=["client_credentials"])
    assert answer_of(app.authorize())["error"] == "unauthorized_client"


def test_scope_is_allowed_ignores_unknown_scopes(app: Application) -> None:
    assert app.tokens(scope="openid flavour email")["scope"] == "openid email"


def test_scope_is_allowed_refuses_a_known_scope_that_the_application_may_not_ask_for(app: Application) -> None:
    Client.objects.filter(pk=app.client.pk).update(scopes=["openid", "email"])
    answer = answer_of(app.authorize(scope="openid siret"))
    assert answer["error"] == "invalid_scope"
    assert "siret" in answer["error_description"]


def test_pkce_is_s256_and_demanded_of_public_applications(app: Application) -> None:
    app.client = make_client(type="public")
    assert answer_of(app.authorize(code_challenge=None, code_challenge_method=None))["error"] == "invalid_request"
    assert "code" in answer_of(app.authorize(code_challenge=challenge()))


def test_errors_keep_the_query_of_the_redirect_uri(app: Application) -> None:
    uri = "https://app.example.org/callback/?tenant=1"
    Client.objects.filter(pk=app.client.pk).update(redirect_uris=[uri])
    location = app.authorize(redirect_uri=uri, scope="email").headers["Location"]
    assert location.startswith(f"{uri}&error=invalid_scope&")


# --- What may be registered -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example.org/callback",
        "https://app.example.org:8443/callback?tenant=1",
        "http://127.0.0.1:8000/callback/",
        "http://localhost:3000/",
        "http://[::1]:8000/callback",
        "https://xn--caf-dma.example/",
    ],
)
def test_addresses_that_may_be_registered(uri: str) -> None:
    assert redirect_uris.validate_redirect_uri(uri) == uri


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "/callback",
        "app.example.org/callback",
        "//app.example.org/callback",
        "http://app.example.org/callback",
        "https://app.example.org/callback#fragment",
        "https://*.example.org/callback",
        "https://app.example.org/*",
        "https://user@app.example.org/",
        "https://user:pass@app.example.org/",
        "https://APP.example.org/",
        "HTTPS://app.example.org/",
        "https://app.example.org/a/../b",
        "https://app.example.org/..;/b",
        "https://app.example.org\\@evil.example/",
        "https://café.example/",
        "https://app.example.org/ b",
        "https://app.example.org/\x00",
        "https://app.example.org:99999/",
        "https:///callback",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "org.example.app:/callback",
        "https://app.example.org/" + "a" * 2000,
    ],
)
def test_addresses_that_may_not_be_registered(uri: str) -> None:
    with pytest.raises(redirect_uris.InvalidRedirectUriError):
        redirect_uris.validate_redirect_uri(uri)


def test_private_schemes_are_for_public_applications_and_named_like_domains() -> None:
    assert redirect_uris.validate_redirect_uri("org.example.app:/callback", is_public=True)
    for uri in ("javascript:alert(1)", "data:text/html,x", "myapp:/callback"):
        with pytest.raises(redirect_uris.InvalidRedirectUriError):
            redirect_uris.validate_redirect_uri(uri, is_public=True)
