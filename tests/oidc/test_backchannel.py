"""Telling applications that a session has ended (OpenID Connect Back-Channel Logout 1.0)."""

import socket
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from parvis.accounts.actions.signing_in import end_sessions
from parvis.directory.actions.people import anonymise_user
from parvis.directory.models import User
from parvis.lib import outbox
from parvis.oidc import clients, tasks
from parvis.oidc.actions import grants
from parvis.oidc.logout_tokens import EVENT, logout_token
from parvis.oidc.models import Client, Grant, LogoutDelivery
from parvis.oidc.postman import LEASE, Answer, Postman
from tests.factories.listeners import listening
from tests.factories.oidc import Application, make_client, read_jwt


@pytest.fixture(autouse=True)
def on_this_machine(settings: Any) -> None:
    """Let local applications be called, as in development."""
    settings.IS_DEVELOPMENT = True


def dead_address() -> str:
    """Return an address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/logout"


def told_at(app: Application, address: str) -> Client:
    """Have the application told at this address."""
    app.client.backchannel_logout_uri = address
    app.client.save()
    clients.forget()
    return app.client


def another(app: Application, address: str) -> Application:
    """Return another application, open in the same browser and told at this address."""
    other = Application(make_client(backchannel_logout_uri=address), app.browser)
    other.tokens()
    return other


def sign_out(app: Application) -> None:
    app.browser.post("/sign-out/")


def test_signing_out_tells_the_application_with_a_token_of_section_2_4(app: Application) -> None:
    with listening() as listener:
        told_at(app, listener.url)
        tokens = app.tokens()
        sign_out(app)
        assert Postman().deliver() == 1
    id_token = read_jwt(tokens["id_token"])[1]
    assert [list(body) for body in listener.bodies] == [["logout_token"]]
    header, claims = read_jwt(listener.tokens[0])
    assert header["typ"] == "logout+jwt"
    assert {name: claims[name] for name in ("iss", "aud", "sub", "sid")} == {
        name: id_token[name] for name in ("iss", "aud", "sub", "sid")
    }
    assert claims["sid"] == tokens["sid"]
    assert claims["events"] == {EVENT: {}}
    assert claims["exp"] - claims["iat"] == 120
    assert set(claims) == {"iss", "aud", "iat", "exp", "jti", "sub", "sid", "events"}
    delivery = LogoutDelivery.objects.get()
    assert (delivery.attempts, delivery.last_error) == (1, "")
    assert delivery.confirmed_at is not None
    assert Postman().deliver() == 0


@pytest.mark.parametrize("alg", ["ES256", "PS256", "EdDSA"])
def test_it_is_signed_as_the_applications_id_tokens(app: Application, alg: str) -> None:
    app.client.id_token_alg = alg
    with listening() as listener:
        told_at(app, listener.url)
        app.tokens()
        sign_out(app)
        Postman().deliver()
    assert read_jwt(listener.tokens[0], alg)[0]["alg"] == alg


def test_only_applications_that_redeemed_a_code_and_have_an_address_are_told(app: Application) -> None:
    app.code()
    told_at(app, "https://app.example.org/logout")
    another(app, "")
    sign_out(app)
    assert not LogoutDelivery.objects.exists()


def test_the_rows_are_written_in_the_transaction_that_ends_the_session(app: Application, person: User) -> None:
    told_at(app, "https://app.example.org/logout")
    app.tokens()
    with transaction.atomic():
        end_sessions(by=None, user_ids=[person.pk])
        assert LogoutDelivery.objects.exists()
        transaction.set_rollback(True)
    assert not LogoutDelivery.objects.exists()
    assert Grant.objects.live().exists()


# --- Every end of access ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_asked", [True, False])
def test_section_2_4_the_session_is_always_named(app: Application, person: User, *, is_asked: bool) -> None:
    """A token without `sid` would mean all the person's sessions; who asked for nothing may still go by `sub`."""
    sid = app.tokens()["sid"]
    app.client.backchannel_logout_session_required = is_asked
    app.client.save()
    clients.forget()
    found = clients.find(app.client.client_id)
    assert found is not None
    told = read_jwt(logout_token(found, user_id=person.pk, sid=app.session.sid))[1]
    assert (told["sid"], told["sub"]) == (sid, str(person.pk))


def test_signing_out_everywhere_tells_each_session(app: Application, person: User) -> None:
    told_at(app, "https://app.example.org/logout")
    app.tokens()
    elsewhere = Application(app.client).sign_in_as(person)
    elsewhere.tokens()
    sids = [app.session.sid, elsewhere.session.sid]
    end_sessions(by=person, user_ids=[person.pk], but=sids[0])
    assert [row.sid for row in LogoutDelivery.objects.all()] == sids[1:]
    end_sessions(by=person, user_ids=[person.pk])
    assert {row.sid for row in LogoutDelivery.objects.all()} == set(sids)


def test_erasing_an_account_tells_its_applications_though_its_sign_ins_go(app: Application, person: User) -> None:
    with listening() as listener:
        told_at(app, listener.url)
        app.tokens()
        anonymise_user(by=None, user=person)
        assert not Grant.objects.exists()
        assert Postman().deliver() == 1
    assert read_jwt(listener.tokens[0])[1]["sub"] == str(person.pk)


def test_withdrawing_an_applications_access_tells_that_application_alone(app: Application, person: User) -> None:
    told_at(app, "https://app.example.org/logout")
    app.tokens()
    other = another(app, "https://other.example.org/logout")
    grants.withdraw(client=app.client, user=person, by=person)
    assert [row.client for row in LogoutDelivery.objects.all()] == [app.client]
    assert Grant.objects.live().get().client == other.client


def test_who_signs_in_and_out_again_is_told_of_again(app: Application, person: User) -> None:
    with listening() as listener:
        told_at(app, listener.url)
        app.tokens()
        grants.withdraw(client=app.client, user=person, by=person)
        assert Postman().deliver() == 1
        app.tokens()
        sign_out(app)
        assert Postman().deliver() == 1
    assert len(listener.bodies) == 2


# --- What becomes of a delivery ---------------------------------------------------------------------------------------
def waiting_for(app: Application, address: str) -> LogoutDelivery:
    """Return a delivery that is due."""
    told_at(app, address)
    app.tokens()
    sign_out(app)
    return LogoutDelivery.objects.get()


def test_204_confirms_too(app: Application) -> None:
    with listening(204) as listener:
        waiting_for(app, listener.url)
        assert Postman().deliver() == 1


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500, 502, 503, 504])
def test_anything_else_is_tried_again_later(app: Application, status: int) -> None:
    before = timezone.now()
    with listening(status) as listener:
        delivery = waiting_for(app, listener.url)
        assert Postman().deliver() == 0
    after = timezone.now()
    delivery.refresh_from_db()
    assert (delivery.confirmed_at, delivery.given_up_at) == (None, None)
    assert str(status) in delivery.last_error
    assert before + timedelta(seconds=4) <= delivery.next_attempt_at <= after + timedelta(seconds=6)


def test_501_says_that_logouts_are_not_done_there(app: Application) -> None:
    with listening(501) as listener:
        delivery = waiting_for(app, listener.url)
        Postman().deliver()
    delivery.refresh_from_db()
    assert delivery.given_up_at is not None


def test_a_refused_token_is_tried_a_few_times_then_believed(app: Application) -> None:
    delivery = waiting_for(app, "https://app.example.org/logout")
    for attempts in range(LogoutDelivery.MOST_REFUSALS - 1):
        delivery.attempts = attempts
        assert "given_up_at" not in delivery.after(400)
    delivery.attempts = LogoutDelivery.MOST_REFUSALS - 1
    assert "given_up_at" in delivery.after(400)


def test_pauses_grow_to_an_hour_and_end_after_a_day(app: Application) -> None:
    delivery = waiting_for(app, "https://app.example.org/logout")
    now, attempts = timezone.now(), 0
    pauses = []
    while True:
        with time_machine.travel(now, tick=False):
            changes = delivery.after(0, "no connection")
            if "given_up_at" in changes:
                break
            pauses.append((changes["next_attempt_at"] - now).total_seconds())
        now, attempts = changes["next_attempt_at"], attempts + 1
        delivery.attempts = attempts
    assert 4 <= pauses[0] <= 6
    assert max(pauses) <= 3600 * 1.2
    assert timedelta(hours=22) < now - delivery.created_at < timedelta(hours=24)
    assert 20 < attempts < 60


def test_an_application_that_no_longer_has_an_address_is_given_up(app: Application) -> None:
    delivery = waiting_for(app, "https://app.example.org/logout")
    told_at(app, "")
    Postman().deliver()
    delivery.refresh_from_db()
    assert delivery.given_up_at is not None


# --- Many at once -----------------------------------------------------------------------------------------------------
def rows_for(client: Client, person: User, number: int) -> None:
    LogoutDelivery.objects.bulk_create(
        LogoutDelivery(client=client, user=person, sid=f"00000000-0000-4000-8000-{at:012}") for at in range(number)
    )


def test_an_application_that_answers_receives_everything_soon(signing_keys: None, person: User) -> None:
    with listening() as listener:
        rows_for(make_client(backchannel_logout_uri=listener.url), person, 40)
        assert Postman().deliver() == 40
    assert len(listener.bodies) == 40


# --- At least once ----------------------------------------------------------------------------------------------------
def test_a_worker_that_dies_leaves_its_deliveries_to_the_next(app: Application) -> None:
    with listening() as listener:
        waiting_for(app, listener.url)
        assert len(outbox.take(LogoutDelivery.objects.due(each=2), 5, lease=LEASE)) == 1
        assert Postman().deliver() == 0
        with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
            assert Postman().deliver() == 1


def test_an_answer_to_an_older_message_does_not_confirm_a_newer_one(app: Application) -> None:
    delivery = waiting_for(app, "https://app.example.org/logout")

    def send(_uri: str, _token: str) -> Answer:
        return Answer(200)

    postman = Postman(send)
    postman._send_due()
    LogoutDelivery.objects.update(created_at=timezone.now() + timedelta(seconds=1), next_attempt_at=timezone.now())
    time.sleep(0.1)
    postman._note_answers()
    delivery.refresh_from_db()
    assert delivery.confirmed_at is None


def test_deliveries_are_forgotten_after_two_days(app: Application) -> None:
    waiting_for(app, "https://app.example.org/logout")
    tasks.purge()
    assert LogoutDelivery.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        tasks.purge()
    assert not LogoutDelivery.objects.exists()
