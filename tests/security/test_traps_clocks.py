"""Traps of clocks and keys: nothing comes from the future, and no verification fails while keys change."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from parvis.accounts.models import Session
from parvis.directory.models import User
from parvis.oidc.actions import keys as key_actions
from parvis.oidc.models import SigningKey
from tests.factories.fapi import public, rsa
from tests.factories.oidc import LOGGED_OUT_URI, Application, answer_of, published_keys, read_jwt
from tests.oidc.test_assertions import ask, signed
from tests.oidc.test_registration import MINIMAL, Registrar


def test_trap_34_iat_is_never_in_the_future(app: Application) -> None:
    """mozilla-django-oidc answers 500 when `iat` is two seconds ahead."""
    with time_machine.travel(datetime(2030, 5, 1, 12, 0, 0, 999_999, UTC), tick=False):
        app.prove(datetime.now(UTC))
        Session.objects.update(expire_date=datetime.now(UTC) + timedelta(hours=1))
        claims = read_jwt(app.tokens()["id_token"])[1]
        assert claims["iat"] == int(datetime(2030, 5, 1, 12, 0, 0, tzinfo=UTC).timestamp())


def test_trap_34_auth_time_is_never_in_the_future(app: Application) -> None:
    """A sign-in of half a second ago happened in the second that has begun."""
    with time_machine.travel(datetime(2030, 5, 1, 12, 0, 0, 999_999, UTC), tick=False):
        app.sign_in_as(User.objects.get())
        claims = read_jwt(app.tokens()["id_token"])[1]
        assert claims["auth_time"] <= claims["iat"] <= datetime.now(UTC).timestamp()


@pytest.mark.parametrize(
    ("seconds", "is_believed"), [(-55, True), (55, True), (120, False)], ids=["behind", "ahead", "too far ahead"]
)
def test_trap_34_a_clock_of_an_application_may_be_a_minute_off(
    signer: Application, seconds: int, is_believed: bool
) -> None:
    """What an application signs is believed though its clock is not ours, within a minute and no more."""
    now = int(datetime.now(UTC).timestamp()) + seconds
    given = signed(signer, iat=now, nbf=now, exp=now + 60)
    assert (ask(signer, given).status == 200) is is_believed


def test_trap_34_a_clock_put_back_refuses_nothing_valid(app: Application) -> None:
    """A server whose clock was a minute ahead and is put right refuses nothing that it gave."""
    with time_machine.travel(datetime.now(UTC) - timedelta(seconds=60)):
        tokens = app.tokens()
        assert app.userinfo(tokens["access_token"]).status_code == 200
        assert app.refresh(tokens["refresh_token"]).status == 200


def test_trap_34_a_new_key_is_shown_before_it_signs_and_the_former_one_after(app: Application) -> None:
    """While keys change, no verification fails: a key is shown before it signs, and for as long as it counts."""
    former = SigningKey.objects.get(alg="RS256").kid
    new = key_actions.rotate(alg="RS256", by=None).kid
    assert {former, new} <= {key.kid for key in published_keys().keys}
    hint = app.tokens()["id_token"]
    assert read_jwt(hint)[0]["kid"] == former
    now = datetime.now(UTC)
    with time_machine.travel(now + key_actions.LEAD + timedelta(minutes=1)):
        assert read_jwt(app.tokens()["id_token"])[0]["kid"] == new
        assert read_jwt(hint)[0]["kid"] == former
    with time_machine.travel(now + key_actions.LEAD + key_actions.TAIL + timedelta(minutes=1)):
        assert former not in {key.kid for key in published_keys().keys}
        asked = {"id_token_hint": hint, "post_logout_redirect_uri": LOGGED_OUT_URI}
        assert app.browser.get("/oidc/logout", asked).headers["Location"] == LOGGED_OUT_URI


def test_trap_34_a_key_that_got_out_signs_and_proves_nothing_more(app: Application) -> None:
    """A key that somebody else may hold stops counting at once, for what it signed before too."""
    hint = app.tokens()["id_token"]
    former = read_jwt(hint)[0]["kid"]
    new = key_actions.rotate(alg="RS256", by=None, at_once=True).kid
    assert read_jwt(app.tokens()["id_token"])[0]["kid"] == new
    assert former not in {key.kid for key in published_keys().keys}
    assert app.browser.get("/oidc/logout", {"id_token_hint": hint}).status_code == 400
    assert answer_of(app.authorize(id_token_hint=hint))["error"] == "invalid_request"


def test_trap_34_weak_keys_of_applications_are_not_registered(registrar: Registrar) -> None:
    """A proof under a key that can be computed proves nothing."""
    method = {"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "RS256"}
    assert registrar.register(MINIMAL | method | {"jwks": public(rsa("weak", 1024))}).status == 400
    assert registrar.register(MINIMAL | method | {"jwks": public(rsa())}).status == 201
