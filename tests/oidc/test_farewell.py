"""The page after signing out: truthful, without a session, and the way on when an application asked for one."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as site
from django.test import Client as Browser
from django.utils import timezone

from parvis.directory.models import User
from parvis.oidc import clients
from parvis.oidc.models import LogoutDelivery
from tests.factories.oidc import LOGGED_OUT_URI, Application, make_client, read_jwt, way_back

BACK = "https://app.example.org/back-channel"
FRONT = "https://front.example.org/bye?x=1"


def opened(app: Application, **settings: Any) -> Application:
    """Return another application with these settings, opened in the same browser."""
    other = Application(make_client(**settings), app.browser)
    other.tokens()
    return other


def signed_out(app: Application) -> Any:
    """Sign out with the menu, and return the page that follows."""
    answer = app.browser.post("/sign-out/")
    assert answer.status_code == 302
    return Browser().get(answer.headers["Location"])


def test_without_any_application_signing_out_leads_home(app: Application) -> None:
    assert app.browser.post("/sign-out/").headers["Location"] == "/"


def test_the_page_asks_again_by_itself_only_while_something_is_awaited(app: Application) -> None:
    opened(app, backchannel_logout_uri=BACK)
    page = signed_out(app)
    assert "Look again" in page.content.decode()
    part = Browser().get(page.context["again"], headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="partings"')
    assert "hx-get" in part
    LogoutDelivery.objects.update(confirmed_at=timezone.now())
    part = Browser().get(page.context["again"], headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in part
    assert "Look again" not in Browser().get(page.context["again"]).content.decode()


def test_applications_that_gave_no_answer_or_cannot_be_told_are_named(app: Application) -> None:
    silent, untold = opened(app, backchannel_logout_uri=BACK), opened(app)
    page = signed_out(app)
    LogoutDelivery.objects.update(given_up_at=timezone.now())
    text = Browser().get(page.context["again"]).content.decode()
    for name in (
        silent.client.name_en,
        untold.client.name_en,
        "Did not confirm",
        "Cannot be told",
        "may still be open",
    ):
        assert name in text


def test_the_applications_page_names_those_that_have_not_confirmed(app: Application, person: User) -> None:
    opened(app, backchannel_logout_uri=BACK, name_en="Slow")
    signed_out(app)
    app.sign_in_as(person)
    assert "Slow has not confirmed yet" in app.browser.get("/account/applications/").content.decode()
    LogoutDelivery.objects.update(given_up_at=timezone.now())
    assert "Slow never confirmed" in app.browser.get("/account/applications/").content.decode()
    LogoutDelivery.objects.update(confirmed_at=timezone.now())
    assert "Slow" not in app.browser.get("/account/applications/").content.decode()


def test_only_the_applications_of_that_session_are_named(app: Application, person: User) -> None:
    opened(app, backchannel_logout_uri=BACK)
    elsewhere = Application(make_client(name_en="Elsewhere")).sign_in_as(person)
    elsewhere.tokens()
    assert "Elsewhere" not in signed_out(app).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_whatever_the_number(app: Application, django_assert_num_queries: Any, count: int) -> None:
    for _number in range(count):
        opened(app, backchannel_logout_uri=BACK)
    page = signed_out(app)
    with django_assert_num_queries(2):
        Browser().get(page.context["again"], headers={"HX-Request": "true"})


def test_the_reference_cannot_be_guessed_and_ends_after_a_day(app: Application) -> None:
    opened(app)
    address = app.browser.post("/sign-out/").headers["Location"]
    assert Browser().get(address[:-8] + "AAAAAAA/").status_code == 404
    assert Browser().get("/oidc/signed-out/x/").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        assert Browser().get(address).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert Browser().get(address).status_code == 404


# --- Front-channel (OpenID Connect Front-Channel Logout 1.0) ----------------------------------------------------------
def frames_of(page: Any) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(r'<iframe src="([^"]+)"', page.content.decode())]


def test_frames_tell_the_issuer_and_the_session_and_the_policy_allows_their_origins_alone(app: Application) -> None:
    opened(app, frontchannel_logout_uri=FRONT)
    opened(app, frontchannel_logout_uri="http://127.0.0.1:9/bye", frontchannel_logout_session_required=False)
    sid = str(app.session.sid)
    page = signed_out(app)
    from urllib.parse import urlencode

    with_both = f"{FRONT}&{urlencode({'iss': site.ISSUER, 'sid': sid})}"
    assert sorted(frames_of(page)) == ["http://127.0.0.1:9/bye", with_both]
    policy = page.headers["Content-Security-Policy"]
    assert "frame-src http://127.0.0.1:9 https://front.example.org;" in policy + ";"
    assert "script-src 'self'" in policy
    again = Browser().get(page.context["again"])
    assert frames_of(again) == []
    assert "frame-src" not in again.headers["Content-Security-Policy"]


def test_an_application_that_asks_gets_the_browser_back_after_the_frames(app: Application) -> None:
    opened(app, frontchannel_logout_uri=FRONT)
    tokens = app.tokens()
    fields = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": LOGGED_OUT_URI, "state": "a&b"}
    answer = app.browser.get("/oidc/logout", fields)
    page = Browser().get(answer.headers["Location"])
    text = page.content.decode()
    assert len(frames_of(page)) == 1
    assert way_back(page) == (5, f"{LOGGED_OUT_URI}?state=a%26b")
    assert "Refresh" not in page.headers, "a browser that left by the script would come a second time"
    assert f'href="{LOGGED_OUT_URI}?state=a%26b"' in text
    assert "<script>" not in text


def test_the_same_after_the_question(app: Application) -> None:
    opened(app, frontchannel_logout_uri=FRONT)
    question = app.browser.get(
        "/oidc/logout", {"client_id": app.client.client_id, "post_logout_redirect_uri": LOGGED_OUT_URI}
    )
    data = {"request": question.context["request_query"], "answer": "sign-out"}
    page = Browser().get(app.browser.post("/oidc/logout/answer", data).headers["Location"])
    assert len(frames_of(page)) == 1
    assert LOGGED_OUT_URI in page.content.decode()


def test_an_application_that_asks_without_an_address_leaves_people_on_our_page(app: Application) -> None:
    tokens = app.tokens()
    answer = app.browser.get("/oidc/logout", {"id_token_hint": tokens["id_token"]})
    assert "/oidc/signed-out/" in answer.headers["Location"]
    assert app.client.name_en in Browser().get(answer.headers["Location"]).content.decode()


# --- Preferences (RP-Initiated Logout 1.0, section 2) -----------------------------------------------------------------
def test_ui_locales_chooses_the_language_of_who_is_not_signed_in(db: None) -> None:
    page = Browser().get("/oidc/logout", {"ui_locales": "de fr-CA en"}, headers={"accept-language": "en"})
    assert 'lang="fr"' in page.content.decode()


def test_the_page_after_signing_out_speaks_the_persons_language(app: Application, person: User) -> None:
    User.objects.filter(pk=person.pk).update(language="fr")
    app.tokens()
    assert 'lang="fr"' in signed_out(app).content.decode()


@pytest.mark.parametrize(
    ("hint", "is_said"),
    [("lea.martin@example.org", False), ("omar@example.org", True), ("<b>x</b>", False), ("x" * 3000, False)],
)
def test_logout_hint_is_said_when_it_names_somebody_else(app: Application, hint: str, is_said: bool) -> None:
    page = app.browser.get("/oidc/logout", {"logout_hint": hint})
    assert ("who is not signed in here" in page.content.decode()) is is_said


def test_sid_is_in_the_id_token_and_beside_it(app: Application) -> None:
    tokens = app.tokens()
    assert read_jwt(tokens["id_token"])[1]["sid"] == tokens["sid"] == str(app.session.sid)
    assert app.refresh(tokens["refresh_token"]).body["sid"] == tokens["sid"]


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    clients.forget()
