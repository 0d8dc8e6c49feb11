"""Signing out at an application's wish (OpenID Connect RP-Initiated Logout 1.0)."""

from typing import Any
from urllib.parse import urlencode

from django.test import Client as Browser

from parvis.accounts.models import Session
from tests.factories.oidc import LOGGED_OUT_URI, Application

FORM = "application/x-www-form-urlencoded"


def logout(app: Application, **fields: str) -> Any:
    """Open the end-session endpoint in the browser."""
    return app.browser.get("/oidc/logout", fields)


def test_with_an_id_token_the_session_ends_and_the_application_gets_its_state(app: Application) -> None:
    tokens = app.tokens()
    hint = tokens["id_token"]
    answer = logout(app, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT_URI, state="abc")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{LOGGED_OUT_URI}?state=abc"
    assert not Session.objects.filter(user__isnull=False).exists()
    assert app.userinfo(tokens["access_token"]).status_code == 401
    assert app.refresh(tokens["refresh_token"]).body["error"] == "invalid_grant"


def test_a_posted_request_is_asked_again_as_a_get(app: Application) -> None:
    fields = {"id_token_hint": app.tokens()["id_token"], "post_logout_redirect_uri": LOGGED_OUT_URI, "state": "abc"}
    again = app.browser.post("/oidc/logout", urlencode(fields), FORM)
    assert again.status_code == 303
    answer = app.browser.get(again.headers["Location"])
    assert answer.headers["Location"] == f"{LOGGED_OUT_URI}?state=abc"


def test_without_an_id_token_the_person_is_asked(app: Application) -> None:
    page = logout(app, client_id=app.client.client_id, post_logout_redirect_uri=LOGGED_OUT_URI, state="abc")
    assert page.status_code == 200
    assert app.client.name_en in page.content.decode()
    assert Session.objects.filter(user__isnull=False).exists()
    data = {"request": page.context["request_query"], "answer": "sign-out"}
    left = app.browser.post("/oidc/logout/answer", data).content.decode()
    assert f"{LOGGED_OUT_URI}?state=abc" in left
    assert not Session.objects.filter(user__isnull=False).exists()


def test_the_person_may_stay_signed_in_and_still_goes_back(app: Application) -> None:
    page = logout(app, client_id=app.client.client_id, post_logout_redirect_uri=LOGGED_OUT_URI)
    data = {"request": page.context["request_query"], "answer": "stay"}
    assert LOGGED_OUT_URI in app.browser.post("/oidc/logout/answer", data).content.decode()
    assert Session.objects.filter(user__isnull=False).exists()


def test_without_a_session_and_without_a_proof_the_way_back_is_a_link(app: Application) -> None:
    app.browser = Browser()
    page = logout(app, client_id=app.client.client_id, post_logout_redirect_uri=LOGGED_OUT_URI)
    assert page.status_code == 200
    assert f'href="{LOGGED_OUT_URI}"' in page.content.decode()


def test_a_refusal_speaks_of_the_menu_to_whoever_is_signed_in(app: Application) -> None:
    for browser, is_told in ((app.browser, True), (Browser(), False)):
        page = browser.get("/oidc/logout", {"id_token_hint": "x.y.z"})
        assert page.status_code == 400
        assert ("You can still sign out" in page.content.decode()) is is_told


def test_an_address_without_an_application_is_refused(app: Application) -> None:
    assert logout(app, post_logout_redirect_uri=LOGGED_OUT_URI).status_code == 400


def test_a_plain_request_asks_then_says_that_it_is_done(app: Application) -> None:
    page = logout(app)
    done = app.browser.post("/oidc/logout/answer", {"request": page.context["request_query"], "answer": "sign-out"})
    assert done.status_code == 200
    assert not Session.objects.filter(user__isnull=False).exists()
