"""Devices without a keyboard: their codes, the page of their person, and what they are told meanwhile (RFC 8628)."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone

from parvis.accounts.models import Session
from parvis.audit.models import Event
from parvis.directory.models import User
from parvis.oidc import clients, devices, tasks
from parvis.oidc.models import Client, Consent, DeviceRequest, Grant
from tests.factories.oidc import Answer, Application, make_client, read_jwt
from tests.oidc.test_resources import API, resource_server

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
FORM = "application/x-www-form-urlencoded"


class Device(Application):
    """A screen in a meeting room, and its person's browser."""

    def begin(self, **changes: str) -> Answer:
        """Ask for codes."""
        body = {"client_id": self.client.client_id, "scope": "openid email"} | changes
        answer = self.server.post("/oidc/device_authorization", urlencode(body), FORM)
        return Answer(answer.status_code, json.loads(answer.content), answer.headers)

    def waiting(self, **changes: str) -> dict[str, Any]:
        """Ask for codes, and return them."""
        answer = self.begin(**changes)
        assert answer.status == 200, answer.body
        return answer.body

    def poll(self, codes: dict[str, Any], **changes: str) -> Answer:
        """Ask what became of it."""
        return self.post_token({"grant_type": GRANT_TYPE, "device_code": codes["device_code"]} | changes)

    def type(self, code: str) -> Any:
        """Type a code on the page."""
        return self.browser.post("/device", {"user_code": code})

    def answer(self, codes: dict[str, Any], answer: str = "allow") -> Any:
        """Answer the question."""
        return self.browser.post("/device/answer", {"user_code": codes["user_code"], "answer": answer}, follow=True)


@pytest.fixture
def device(signing_keys: None, person: User) -> Device:
    """A public application of devices, and a browser where the person is signed in."""
    row = make_client(
        type="public", redirect_uris=[], grant_types=[GRANT_TYPE, "refresh_token"], is_trusted=False, name_en="Screen"
    )
    made = Device(row)
    made.sign_in_as(person)
    return made


# --- Section 3.1 and 3.2: the codes -----------------------------------------------------------------------------------
def test_3_2_the_answer_holds_both_codes_and_where_to_type_one(device: Device) -> None:
    answer = device.begin()
    codes = answer.body
    assert answer.headers["Cache-Control"] == "no-store"
    assert codes["verification_uri"] == f"{settings.ISSUER}/device"
    assert codes["verification_uri_complete"] == f"{settings.ISSUER}/device?user_code={codes['user_code']}"
    assert (codes["expires_in"], codes["interval"]) == (600, 5)
    left, right = codes["user_code"].split("-")
    assert len(left) == len(right) == 4
    assert set(left + right) <= set(devices.ALPHABET)
    kept = str(DeviceRequest.objects.values())
    assert codes["device_code"] not in kept
    assert left + right not in kept


def test_6_1_codes_have_no_vowels_and_are_read_however_they_are_typed() -> None:
    assert not set(devices.ALPHABET) & set("AEIOUY0123456789")
    assert devices.read(" wdjb mjht ") == devices.read("WDJB-MJHT") == devices.read("wdjbmjht") == "WDJBMJHT"
    for wrong in ("", "WDJB", "WDJBMJHTT", "AEIOUAEI", "\x00", "é" * 8, "W" * 5000):
        assert devices.read(wrong) == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scope": "openid unheard-of"}, ""),
        ({"resource": "https://nobody.example.org/"}, "invalid_target"),
        ({"client_id": "nobody"}, "invalid_client"),
    ],
)
def test_3_1_what_is_asked_is_held_to_the_rules_of_authorization(
    device: Device, changes: dict[str, str], code: str
) -> None:
    answer = device.begin(**changes)
    assert answer.body.get("error", "") == code


def test_3_1_a_scope_that_it_may_not_ask_for_is_refused(device: Device) -> None:
    Client.objects.filter(pk=device.client.pk).update(scopes=["openid"])
    clients.forget()
    assert device.begin(scope="openid email").body["error"] == "invalid_scope"


def test_3_1_only_applications_of_devices_ask(app: Application) -> None:
    body = urlencode({"client_id": app.client.client_id, "client_secret": "x"})
    assert app.server.post("/oidc/device_authorization", body, FORM).json()["error"] == "invalid_client"
    other = Device(make_client(type="public"))
    assert other.begin().body["error"] == "unauthorized_client"
    assert other.poll({"device_code": "pd_x"}).body["error"] == "unauthorized_client"
    assert other.server.get("/oidc/device_authorization").status_code == 405


# --- Section 3.3: the person ------------------------------------------------------------------------------------------
def test_3_3_a_visitor_signs_in_first_and_the_code_is_not_lost(device: Device) -> None:
    codes = device.waiting()
    answer = Browser().get(f"/device?user_code={codes['user_code']}")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=/device%3Fuser_code%3D")


def test_3_3_the_page_says_who_asks_for_what_and_shows_the_code(device: Device) -> None:
    codes = device.waiting()
    text = device.type(codes["user_code"].lower().replace("-", "")).content.decode()
    assert "It asks to use Screen in your name." in text
    assert codes["user_code"] in text
    assert "lea.martin@example.org" in text
    assert "If somebody gave you the code by phone" in text
    assert not Grant.objects.exists()


def test_3_3_1_the_complete_address_fills_the_code_in_and_asks_all_the_same(device: Device) -> None:
    codes = device.waiting()
    page = device.browser.get("/device", {"user_code": codes["user_code"]}).content.decode()
    assert f'value="{codes["user_code"]}"' in page
    assert "Screen" not in page


def test_a_wrong_code_is_said_at_the_field_and_tries_are_counted(device: Device) -> None:
    device.waiting()
    page = device.type("WDJB-MJHT")
    assert "No device shows this code" in page.content.decode()
    assert "without vowels" in device.type("hello").content.decode()
    statuses = [device.type("WDJB-MJHT").status_code for _turn in range(10)]
    assert statuses[-1] == 429


def test_3_5_allowed_the_device_gets_its_tokens_once(device: Device, person: User) -> None:
    codes = device.waiting()
    page = device.answer(codes)
    assert "The device is connected" in page.content.decode()
    answer = device.poll(codes)
    assert answer.status == 200, answer.body
    claims = read_jwt(answer.body["id_token"])[1]
    assert (claims["sub"], claims["aud"]) == (str(person.pk), device.client.client_id)
    assert device.session.auth_time
    assert claims["auth_time"] == int(device.session.auth_time.timestamp())
    assert device.userinfo(answer.body["access_token"]).json()["email"] == "lea.martin@example.org"
    assert device.refresh(answer.body["refresh_token"]).status == 200
    assert device.poll(codes).body["error"] == "invalid_grant"
    assert Consent.objects.get().scope == "email openid"
    assert Event.objects.filter(tag="device.allowed", person_id=person.pk).count() == 1


def test_3_5_refused_the_device_is_told(device: Device) -> None:
    codes = device.waiting()
    assert "The device was refused" in device.answer(codes, "refuse").content.decode()
    assert device.poll(codes).body["error"] == "access_denied"
    device.answer(codes)
    assert device.poll(codes).body["error"] == "access_denied", "the first answer counts"
    assert not Grant.objects.exists()


def test_3_5_pending_then_slower_each_time_it_hurries(device: Device) -> None:
    codes = device.waiting()
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        assert device.poll(codes).body["error"] == "authorization_pending"
        clock.shift(1)
        assert device.poll(codes).body["error"] == "slow_down"
        clock.shift(6)
        assert device.poll(codes).body["error"] == "slow_down", "ten seconds by now"
        clock.shift(16)
        assert device.poll(codes).body["error"] == "authorization_pending"


def test_3_5_a_code_that_nobody_answered_expires(device: Device) -> None:
    codes = device.waiting()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert device.poll(codes).body["error"] == "expired_token"
        assert "too old" in device.type(codes["user_code"]).content.decode()
        assert device.answer(codes).redirect_chain == [("/device", 302)]
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        tasks.purge()
        assert not DeviceRequest.objects.exists()


def test_a_device_code_is_good_for_its_application_only(device: Device) -> None:
    codes = device.waiting()
    device.answer(codes)
    other = Device(make_client(type="public", grant_types=[GRANT_TYPE]))
    assert other.poll(codes).body["error"] == "invalid_grant"
    as_code = {"grant_type": "authorization_code", "code": codes["device_code"], "redirect_uri": ""}
    assert device.post_token(as_code).body["error"] in {"invalid_grant", "unauthorized_client"}
    assert device.poll(codes).status == 200


@pytest.mark.parametrize("code", ["", "nonsense", "pd_" + "x" * 43])
def test_an_unknown_device_code_is_an_invalid_grant(device: Device, code: str) -> None:
    expected = "invalid_grant" if code else "invalid_request"
    assert device.poll({"device_code": code}).body["error"] == expected


def test_signing_out_ends_the_device_s_access_too(device: Device) -> None:
    from parvis.accounts.actions.signing_in import sign_out

    codes = device.waiting()
    device.answer(codes)
    tokens = device.poll(codes).body
    session: Any = device.browser.session
    sign_out(session=session)
    assert not Session.objects.filter(user__isnull=False).exists()
    assert device.userinfo(tokens["access_token"]).status_code == 401


def test_who_may_not_enter_cannot_let_a_device_in(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = device.waiting()
    monkeypatch.setattr("parvis.oidc.registry.entrances", [lambda _client, _user: False])
    page = device.type(codes["user_code"]).content.decode()
    assert "This application is not open to you." in page
    assert 'value="allow"' not in page
    device.answer(codes)
    assert device.poll(codes).body["error"] == "access_denied"


def test_nobody_real_lets_a_device_in_to_an_application_on_trial(device: Device) -> None:
    codes = device.waiting()
    Client.objects.filter(pk=device.client.pk).update(is_sandbox=True)
    clients.forget()
    assert "This application is not open to you." in device.type(codes["user_code"]).content.decode()
    device.answer(codes)
    assert not Grant.objects.exists()


def test_a_sign_in_that_is_too_old_is_confirmed_first(device: Device) -> None:
    Client.objects.filter(pk=device.client.pk).update(default_max_age=60)
    clients.forget()
    device.prove(timezone.now() - timedelta(hours=1))
    codes = device.waiting()
    answer = device.type(codes["user_code"])
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/confirm/")


def test_rfc_8707_the_tokens_are_for_whom_the_device_named(device: Device) -> None:
    resource_server(API)
    codes = device.waiting(resource=API, scope="openid groups")
    device.answer(codes)
    token = device.poll(codes).body["access_token"]
    assert device.userinfo(token).status_code == 401


def test_devices_are_slowed_down(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    from parvis.accounts.rates import Limit
    from parvis.oidc.endpoints import device as endpoint

    monkeypatch.setattr(endpoint, "BY_CALLER", Limit("devices-test", 1, timedelta(minutes=1)))
    device.waiting()
    answer = device.begin()
    assert (answer.status, answer.body["error"]) == (429, "slow_down")


def test_the_metadata_name_the_endpoint(device: Device) -> None:
    metadata = Browser().get("/.well-known/openid-configuration").json()
    assert metadata["device_authorization_endpoint"] == f"{settings.ISSUER}/oidc/device_authorization"
    assert GRANT_TYPE in metadata["grant_types_supported"]
