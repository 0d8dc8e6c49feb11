"""Traps of signing out: where it leads, what it needs, and that it happens in applications too."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as site
from django.test import Client as Browser
from django.utils import timezone

from parvis.directory.models import User
from parvis.oidc import postman as postmen
from parvis.oidc.models import LogoutDelivery
from parvis.oidc.postman import Answer, Postman
from tests.factories.fapi import rsa, sign
from tests.factories.listeners import listening
from tests.factories.oidc import LOGGED_OUT_URI, REDIRECT_URI, Application, make_client, read_jwt, way_back
from tests.oidc.test_backchannel import another, dead_address, on_this_machine, rows_for, sign_out, told_at
from tests.oidc.test_farewell import BACK, opened, signed_out
from tests.oidc.test_logout import logout
from tests.patience import PATIENCE, ends

__all__ = ["on_this_machine"]


def is_signed_in(app: Application) -> bool:
    """Say whether somebody is still signed in in the browser of an application."""
    return bool(app.browser.get("/account/").status_code == 200)


# --- 23: where it leads, and what it needs ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "uri",
    [
        REDIRECT_URI,
        "https://evil.example/",
        f"{LOGGED_OUT_URI}../",
        LOGGED_OUT_URI.upper(),
        LOGGED_OUT_URI + "?x=1",
        LOGGED_OUT_URI[:-1],
        "javascript:alert(1)",
    ],
)
def test_trap_23_signing_out_leads_to_registered_addresses_only(app: Application, uri: str) -> None:
    """Open redirect: an address that is registered for something else, or only begins like one, leads nowhere."""
    answer = logout(app, id_token_hint=app.tokens()["id_token"], post_logout_redirect_uri=uri)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert is_signed_in(app)


def test_trap_23_a_link_in_an_image_asks(app: Application) -> None:
    """An image in any page can ask for a sign-out: without the proof of an ID token, the person is asked."""
    answer = app.browser.get("/oidc/logout", {"client_id": app.client.client_id})
    assert answer.status_code == 200
    assert is_signed_in(app)


def test_trap_23_an_address_without_a_proof_is_a_link_that_the_person_follows(app: Application) -> None:
    """A client_id is public: with it alone nobody is sent anywhere without having read where."""
    app.browser = Browser()
    page = logout(app, client_id=app.client.client_id, post_logout_redirect_uri=LOGGED_OUT_URI, state="s1")
    assert page.status_code == 200
    assert "Refresh" not in page.headers
    assert "http-equiv" not in page.content.decode()
    assert f'href="{LOGGED_OUT_URI}?state=s1"' in page.content.decode()


def test_trap_23_an_expired_hint_is_as_good(app: Application) -> None:
    """Applications keep ID tokens that have expired for hours: they prove as much as on the first day."""
    hint = app.tokens()["id_token"]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=3)):
        answer = logout(app, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT_URI)
    assert answer.headers["Location"] == LOGGED_OUT_URI


def test_trap_23_a_hint_that_was_changed_or_is_of_another_application_is_refused(app: Application) -> None:
    """The hint of another application, or one that was changed, proves nothing."""
    hint = app.tokens()["id_token"]
    assert logout(app, id_token_hint="a.b.c").status_code == 400
    assert logout(app, id_token_hint=hint[:-4] + "AAAA").status_code == 400
    assert logout(app, id_token_hint=hint, client_id=make_client().client_id).status_code == 400
    assert is_signed_in(app)


def test_trap_23_the_hint_of_another_issuer_is_refused(app: Application) -> None:
    """A token of somebody else’s provider that says our name, or under the name of our key, is not ours."""
    header, claims = read_jwt(app.tokens()["id_token"])
    for changes in ({}, {"iss": "https://other.example"}):
        forged = sign(claims | changes, rsa("other"), "RS256", kid=header["kid"], typ="JWT")
        answer = logout(app, id_token_hint=forged, post_logout_redirect_uri=LOGGED_OUT_URI)
        assert answer.status_code == 400
    assert is_signed_in(app)


def test_trap_23_the_hint_of_somebody_else_asks_first(app: Application) -> None:
    """An ID token of B’s that reaches A’s browser does not sign A out without a word."""
    hint = app.tokens()["id_token"]
    app.browser = Browser()
    app.sign_in_as(User.objects.create(given_name="Omar"))
    answer = logout(app, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT_URI)
    assert answer.status_code == 200
    assert is_signed_in(app)


# --- 24: the application has the browser back -------------------------------------------------------------------------
def test_trap_24_state_comes_back_when_our_session_is_gone(app: Application) -> None:
    """La Suite’s applications end their own session only when the browser comes back with `state`."""
    hint = app.tokens()["id_token"]
    stranger = Browser()  # Nobody was ever signed in there; and the session of the first browser goes too.
    app.browser.post("/sign-out/")
    fields = {"id_token_hint": hint, "post_logout_redirect_uri": LOGGED_OUT_URI, "state": "s1"}
    for browser in (stranger, app.browser):
        assert browser.get("/oidc/logout", fields).headers["Location"] == f"{LOGGED_OUT_URI}?state=s1"


@pytest.mark.parametrize("silent", [False, True], ids=["refuses", "is silent"])
def test_trap_24_nobody_waits_for_an_application_that_does_not_answer(app: Application, silent: bool) -> None:
    """The way back does not depend on what others answer: they are told afterwards, by somebody else."""
    with listening(500, silent=silent) as listener:
        another(app, listener.url)
        another(app, dead_address())
        hint = app.tokens()["id_token"]
        answer = logout(app, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT_URI, state="s1")
        assert answer.headers["Location"] == f"{LOGGED_OUT_URI}?state=s1"
        assert listener.bodies == []
    assert not is_signed_in(app)


def test_trap_24_frames_that_never_load_do_not_keep_the_browser(app: Application) -> None:
    """Applications that are told in frames have a few seconds, then the page leads on by itself, without a script."""
    opened(app, frontchannel_logout_uri="https://front.example.org/bye")
    hint = app.tokens()["id_token"]
    answer = logout(app, id_token_hint=hint, post_logout_redirect_uri=LOGGED_OUT_URI, state="s1")
    page = Browser().get(answer.headers["Location"])
    assert "<iframe" in page.content.decode()
    seconds, url = way_back(page)
    assert seconds <= 10
    assert url == f"{LOGGED_OUT_URI}?state=s1"


# --- 25: applications are told ----------------------------------------------------------------------------------------
def test_trap_25_each_try_has_a_token_of_its_own_that_is_short_and_no_id_token(app: Application) -> None:
    """Retried with backoff, each time by a new name; `sub` always, or django-lasuite ends nothing; never a nonce."""
    with listening(500) as listener:
        told_at(app, listener.url)
        subject = read_jwt(app.tokens()["id_token"])[1]["sub"]
        sign_out(app)
        pauses = []
        with time_machine.travel(datetime.now(UTC), tick=False) as clock:
            for _try in range(4):
                assert Postman().deliver() == 0
                due = LogoutDelivery.objects.get().next_attempt_at
                pauses.append((due - datetime.now(UTC)).total_seconds())
                clock.move_to(due + timedelta(seconds=1))
            listener.status = 200
            assert Postman().deliver() == 1
            assert Postman().deliver() == 0
            tokens = [read_jwt(token) for token in listener.tokens]
    assert len(tokens) == 5
    assert pauses == sorted(pauses)
    assert pauses[-1] > 2 * pauses[0]
    assert len({claims["jti"] for _header, claims in tokens}) == 5
    for header, claims in tokens:
        assert header["typ"] == "logout+jwt"
        assert claims["exp"] - claims["iat"] <= 120
        assert (claims["iss"], claims["aud"], claims["sub"]) == (site.ISSUER, app.client.client_id, subject)
        assert "nonce" not in claims


@pytest.mark.parametrize("kind", ["public", "pairwise"])
def test_trap_25_sub_and_sid_are_those_that_the_application_knows(signing_keys: None, person: User, kind: str) -> None:
    """A logout token that names the person or the session otherwise than the ID token did ends nothing."""
    with listening() as listener:
        sector = {"sector_identifier": "app.example.org"} if kind == "pairwise" else {}
        row = make_client(subject_type=kind, backchannel_logout_uri=listener.url, **sector)
        app = Application(row).sign_in_as(person)
        known = read_jwt(app.tokens()["id_token"])[1]
        sign_out(app)
        assert Postman().deliver() == 1
        told = read_jwt(listener.tokens[0])[1]
    assert {name: told[name] for name in ("iss", "aud", "sub", "sid")} == {
        name: known[name] for name in ("iss", "aud", "sub", "sid")
    }


def test_trap_25_a_silent_application_delays_no_other(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """One dead application does not delay the others."""
    monkeypatch.setattr(postmen, "SECONDS", 10.0 * PATIENCE)
    with listening(silent=True) as slow, listening() as quick:
        told_at(app, slow.url)
        app.tokens()
        others = [another(app, quick.url) for _number in range(3)]
        sign_out(app)
        postman, confirmed = Postman(), 0
        with ends():  # The silent one answers after the others are told, and not before.
            while confirmed < 3:
                confirmed += postman.turn()
        assert len(quick.bodies) == 3
        told = LogoutDelivery.objects.filter(confirmed_at__isnull=False)
        assert {row.client_id for row in told} == {other.client.pk for other in others}
        slow.may_answer.set()
        assert postman.deliver() == 1
    assert len(slow.bodies) == 1


def test_trap_25_many_sign_outs_of_a_dead_application_leave_room_for_the_others(
    signing_keys: None, person: User, db: None
) -> None:
    """Nor do two hundred sign-outs of it that are waiting."""
    dead = make_client(backchannel_logout_uri="https://dead.example.org/logout")
    rows_for(dead, person, 200)
    alive = make_client(backchannel_logout_uri="https://alive.example.org/logout")
    LogoutDelivery.objects.create(client=alive, user=person, sid=person.pk)
    sent: list[str] = []
    others_are_told = threading.Event()

    def send(uri: str, _token: str) -> Answer:
        sent.append(uri)
        if "alive" in uri:
            return Answer(200)
        others_are_told.wait()
        return Answer(0, "no connection")

    postman = Postman(send)
    try:
        with ends():
            while not postman.turn():
                pass
    finally:
        others_are_told.set()
    assert sum("dead" in uri for uri in sent) <= 2
    assert LogoutDelivery.objects.get(client=alive).confirmed_at is not None


def test_trap_25_the_person_reads_what_is_not_confirmed_until_it_is(app: Application) -> None:
    """The person reads which applications have not confirmed, until they have."""
    for _number in range(2):
        opened(app, backchannel_logout_uri=BACK)
    page = signed_out(app)
    assert "2 applications not confirmed yet" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    LogoutDelivery.objects.filter(pk=LogoutDelivery.objects.all()[0].pk).update(confirmed_at=timezone.now())
    again = Browser().get(page.context["again"])
    assert "1 application not confirmed yet" in again.content.decode()
    assert "Signed out" in again.content.decode()
    LogoutDelivery.objects.update(confirmed_at=timezone.now())
    assert "Your applications are closed" in Browser().get(page.context["again"]).content.decode()
