"""Signing out at an application's wish (OpenID Connect RP-Initiated Logout 1.0)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client as Browser

from parvis.accounts.models import Session
from parvis.directory.models import User
from tests.factories.oidc import LOGGED_OUT_URI, Application, make_client

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


def test_an_expired_id_token_is_as_good(app: Application) -> None:
    hint = app.tokens()["id_token"]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=3)):
        answer = logout(app, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT_URI)
    assert answer.headers["Location"] == LOGGED_OUT_URI


def test_a_posted_request_is_asked_again_as_a_get(app: Application) -> None:
    fields = {"id_token_hint": app.tokens()["id_token"], "post_logout_redirect_uri": LOGGED_OUT_URI, "state": "abc"}
    again = app.browser.post("/oidc/logout", urlencode(fields), FORM)
    assert again.status_code == 303
    answer = app.browser.get(again.headers["Location"])
    assert answer.headers["Location"] == f"{LOGGED_OUT_URI}?state=abc"


def test_the_application_gets_its_state_when_our_session_is_already_gone(app: Application) -> None:
    hint = app.tokens()["id_token"]
    Session.objects.all().delete()
    answer = logout(app, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT_URI, state="abc")
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


def test_the_hint_of_somebody_else_asks_first(app: Application) -> None:
    hint = app.tokens()["id_token"]
    app.browser = Browser()
    app.sign_in_as(User.objects.create(given_name="Omar"))
    answer = logout(app, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT_URI)
    assert answer.status_code == 200
    assert Session.objects.filter(user__given_name="Omar").exists()


def test_without_a_session_and_without_a_proof_the_way_back_is_a_link(app: Application) -> None:
    app.browser = Browser()
    page = logout(app, client_id=app.client.client_id, post_logout_redirect_uri=LOGGED_OUT_URI)
    assert page.status_code == 200
    assert f'href="{LOGGED_OUT_URI}"' in page.content.decode()


@pytest.mark.parametrize(
    "uri", ["https://evil.example/", LOGGED_OUT_URI + "?x=1", LOGGED_OUT_URI[:-1], "javascript:alert(1)"]
)
def test_only_registered_addresses(app: Application, uri: str) -> None:
    answer = logout(app, id_token_hint=app.tokens()["id_token"], post_logout_redirect_uri=uri)
    assert answer.status_code == 400
    assert Session.objects.filter(user__isnull=False).exists()


def test_an_address_without_an_application_is_refused(app: Application) -> None:
    assert logout(app, post_logout_redirect_uri=LOGGED_OUT_URI).status_code == 400


def test_a_hint_that_is_not_ours_or_of_another_application_is_refused(app: Application) -> None:
    hint = app.tokens()["id_token"]
    assert logout(app, id_token_hint="a.b.c").status_code == 400
    assert logout(app, id_token_hint=hint[:-4] + "AAAA").status_code == 400
    assert logout(app, id_token_hint=hint, client_id=make_client().client_id).status_code == 400
    assert Session.objects.filter(user__isnull=False).exists()


def test_a_plain_request_asks_then_says_that_it_is_done(app: Application) -> None:
    page = logout(app)
    done = app.browser.post("/oidc/logout/answer", {"request": page.context["request_query"], "answer": "sign-out"})
    assert done.status_code == 200
    assert not Session.objects.filter(user__isnull=False).exists()
