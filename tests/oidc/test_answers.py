"""How answers travel: in the address, by a form, signed (Form Post Response Mode 1.0; JARM)."""

import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client as Browser

from parvis.audit.models import Event
from parvis.directory.models import User
from parvis.oidc.actions import clients as actions
from parvis.oidc.endpoints.authorize import authorize
from parvis.oidc.http import Request
from parvis.oidc.models import Client, Consent, Grant
from tests.factories.oidc import (
    REDIRECT_URI,
    Application,
    answer_of,
    make_client,
    posted_answer_of,
    read_jwt,
)


def test_a_form_holds_the_answer_and_the_page_posts_it_by_a_script_of_ours(app: Application) -> None:
    response = app.authorize(response_mode="form_post")
    answer = posted_answer_of(response)
    assert answer == {"code": answer["code"], "state": "state-0123456789", "iss": settings.ISSUER}
    page = response.content.decode()
    assert "oidc/send_answer" in page
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert app.redeem(answer["code"]).status == 200


def test_a_form_that_is_shown_once_made_one_code(app: Application) -> None:
    app.authorize(response_mode="form_post")
    assert Grant.objects.count() == 1


def test_fields_are_escaped(app: Application) -> None:
    state = '"><script src=//evil.example></script>&amp;'
    assert posted_answer_of(app.authorize(response_mode="form_post", state=state))["state"] == state


def test_only_that_page_may_post_elsewhere(app: Application) -> None:
    for response in (Browser().get("/"), app.authorize(response_mode="form_post", client_id="nobody")):
        assert "form-action 'self'" in response.headers["Content-Security-Policy"]


def test_a_refused_consent_is_posted_too(app: Application) -> None:
    app.client = make_client(is_trusted=False)
    page = app.authorize(response_mode="form_post")
    request = page.context["request_query"]
    answer = posted_answer_of(app.browser.post("/oidc/consent", {"request": request, "answer": "refuse"}))
    assert answer["error"] == "access_denied"
    allowed = posted_answer_of(app.browser.post("/oidc/consent", {"request": request, "answer": "allow"}))
    assert app.redeem(allowed["code"]).status == 200
    assert Consent.objects.exists()
    assert Event.objects.exists()


def test_a_form_is_not_posted_to_a_private_scheme(app: Application, person: User) -> None:
    app.client = make_client(type="public", redirect_uris=["org.example.app:/callback"])
    location = app.authorize(redirect_uri="org.example.app:/callback", response_mode="form_post").headers["Location"]
    assert location.startswith("org.example.app:/callback?error=invalid_request")


@pytest.mark.parametrize("mode", ["fragment", "web_message", "fragment.jwt", "QUERY"])
def test_other_modes_are_refused_in_the_address(app: Application, mode: str) -> None:
    assert answer_of(app.authorize(response_mode=mode))["error"] == "invalid_request"


# --- JARM -------------------------------------------------------------------------------------------------------------
def read_response(app: Application, answer: dict[str, str], alg: str = "RS256") -> dict[str, Any]:
    """Return the claims of a signed answer, which is all that there is."""
    assert list(answer) == ["response"]
    header, claims = read_jwt(answer["response"], alg)
    assert header["kid"]
    assert claims["aud"] == app.client.client_id
    assert 10 <= claims["exp"] - time.time() <= 600
    return claims


@pytest.mark.parametrize("mode", ["jwt", "query.jwt"])
def test_jarm_2_3_1_the_answer_is_one_signed_parameter(app: Application, mode: str) -> None:
    claims = read_response(app, answer_of(app.authorize(response_mode=mode)))
    assert claims["state"] == "state-0123456789"
    assert set(claims) == {"iss", "aud", "exp", "state", "code"}
    assert app.redeem(claims["code"]).status == 200


def test_jarm_2_3_3_in_a_form(app: Application) -> None:
    claims = read_response(app, posted_answer_of(app.authorize(response_mode="form_post.jwt")))
    assert app.redeem(claims["code"]).status == 200


def test_jarm_2_1_errors_are_signed_too(app: Application) -> None:
    claims = read_response(app, answer_of(app.authorize(response_mode="jwt", scope="email")))
    assert claims["error"] == "invalid_scope"
    assert "code" not in claims


@pytest.mark.parametrize("alg", ["RS256", "ES256", "PS256", "EdDSA"])
def test_jarm_3_the_application_chooses_the_signature(app: Application, alg: str) -> None:
    actions.update_client(client=app.client, by=None, authorization_response_alg=alg)
    assert read_response(app, answer_of(app.authorize(response_mode="jwt")), alg)["code"]


def test_jarm_4_metadata(app: Application) -> None:
    told = app.server.get("/.well-known/openid-configuration").json()
    assert {"query", "form_post", "jwt", "query.jwt", "form_post.jwt"} == set(told["response_modes_supported"])
    assert set(told["authorization_signing_alg_values_supported"]) == {"RS256", "PS256", "ES256", "EdDSA"}


def test_the_query_that_an_address_was_registered_with_stays(app: Application) -> None:
    uri = f"{REDIRECT_URI}?tenant=1"
    Client.objects.filter(pk=app.client.pk).update(redirect_uris=[uri])
    location = app.authorize(redirect_uri=uri, response_mode="jwt").headers["Location"]
    assert location.startswith(f"{uri}&response=ey")
    assert posted_answer_of(app.authorize(redirect_uri=uri, response_mode="form_post"), uri)["code"]


def test_in_front_of_django_a_posted_answer_is_left_to_its_page_and_makes_no_code(app: Application) -> None:
    key = app.browser.cookies[settings.SESSION_COOKIE_NAME].value
    meta = {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={key}"}
    posted = Request("GET", urlencode(app.query(response_mode="form_post")), meta)
    assert authorize(posted) is None
    assert not Grant.objects.exists()
    answered = authorize(Request("GET", urlencode(app.query()), meta))
    assert answered is not None
    assert answered.status == 303
    assert Grant.objects.count() == 1
