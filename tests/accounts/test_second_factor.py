"""Authenticator apps and recovery codes: as second factors, and their management."""

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.accounts.actions import factors
from parvis.accounts.models import KnownDevice, RecoveryCode, Session, Totp
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.mail.models import Message
from tests.accounts.steps import age_proofs, ask, give, last_code, person_with_totp, session_of
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
SECOND = "/sign-in/second-factor/"


def to_second_factor(client: Client, address: str = "ada@example.org") -> None:
    ask(client, address)
    assert give(client, last_code(address)).headers["Location"] == SECOND


def test_an_app_is_asked_for_after_the_mail(client: Client) -> None:
    user, app = person_with_totp()
    to_second_factor(client)
    assert client.get(reverse("accounts:overview")).status_code == 302
    assert "six digits" in client.get(SECOND).text
    assert client.post(SECOND, {"code": app.now()}).headers["Location"] == "/"
    assert session_of(user).amr == ["mail", "otp", "mfa"]


def test_a_code_of_the_app_works_once(client: Client) -> None:
    _user, app = person_with_totp()
    with time_machine.travel(datetime(2030, 1, 1, 12, 0, 5, tzinfo=UTC), tick=False) as clock:
        to_second_factor(client)
        code = app.now()
        assert client.post(SECOND, {"code": code}).status_code == 302
        clock.shift(5)
        client.post(reverse("accounts:sign-out"))
        to_second_factor(client)
        assert client.post(SECOND, {"code": code}).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_a_clock_may_be_one_step_off(client: Client, steps: int, status: int) -> None:
    _user, app = person_with_totp()
    with time_machine.travel(timezone.now(), tick=False):
        to_second_factor(client)
        code = app.at(int(time.time()), counter_offset=steps)
        assert client.post(SECOND, {"code": f"{code[:3]} {code[3:]}"}).status_code == status


def test_a_proven_mailbox_waits_for_the_second_factor_a_quarter_of_an_hour(client: Client) -> None:
    _user, app = person_with_totp()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        to_second_factor(client)
        clock.shift(901)
        assert client.post(SECOND, {"code": app.now()}).headers["Location"] == reverse("accounts:sign-in")


def test_a_later_code_shuts_out_the_earlier_ones() -> None:
    user, app = person_with_totp()
    with time_machine.travel(timezone.now(), tick=False):
        now = int(time.time())
        assert factors.use_totp(user=user, code=app.at(now, counter_offset=1))
        assert not factors.use_totp(user=user, code=app.at(now))


def test_a_recovery_code_stands_in_for_the_factor_once_and_is_told(client: Client) -> None:
    user, _app = person_with_totp()
    codes = factors.make_recovery_codes(user=user)
    to_second_factor(client)
    assert client.post(SECOND, {"code": f" {codes[0].upper()} "}).status_code == 302
    assert session_of(user).amr == ["mail", "rc", "mfa"]
    assert Event.objects.filter(tag=Tag.RECOVERY_CODE_USED, person_id=user.pk).count() == 1
    assert "9 left" in Message.objects.get(template="accounts/mail/recovery-code-used").text
    client.post(reverse("accounts:sign-out"))
    to_second_factor(client)
    assert client.post(SECOND, {"code": codes[0]}).status_code == 422


def test_somebody_else_s_recovery_code_is_worth_nothing(client: Client) -> None:
    person_with_totp()
    mallory, _app = person_with_totp("mallory@example.org")
    codes = factors.make_recovery_codes(user=mallory)
    to_second_factor(client)
    assert client.post(SECOND, {"code": codes[0]}).status_code == 422


def test_neither_codes_nor_secrets_are_kept_in_the_clear() -> None:
    user, app = person_with_totp()
    codes = factors.make_recovery_codes(user=user)
    assert app.secret not in Totp.objects.get().sealed_secret
    digests = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(digests) == 10
    assert not any(code in digest for code in codes for digest in digests)


def test_guessing_is_slowed_down_and_does_not_lock_the_owner_s_browser(client: Client) -> None:
    user, app = person_with_totp()
    to_second_factor(client)
    assert client.post(SECOND, {"code": app.now()}).status_code == 302
    assert KnownDevice.objects.filter(user=user).count() == 1
    client.post(reverse("accounts:sign-out"))
    attacker = Client()
    to_second_factor(attacker)
    wrong = f"{(int(app.now()) + 5) % 10**6:06}"
    statuses = [attacker.post(SECOND, {"code": wrong}).status_code for _try in range(11)]
    assert statuses == [422] * 10 + [429]
    to_second_factor(client)
    code = app.at(int(time.time()), counter_offset=1)
    assert client.post(SECOND, {"code": code}).status_code == 302


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abc", "é" * 12, "x" * 500])
def test_what_is_no_code_is_refused_with_words(client: Client, code: str) -> None:
    person_with_totp()
    to_second_factor(client)
    assert client.post(SECOND, {"code": code}).status_code == 422


def start(client: Client) -> str:
    """Start adding an app; return the secret that the page shows."""
    page = client.post(reverse("accounts:totp-start"), follow=True)
    assert "data:image/svg+xml" in page.text
    found = re.search(r"((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})", page.text)
    assert found
    return found[1].replace(" ", "")


def test_an_app_is_added_once_it_has_shown_a_right_code(client: Client) -> None:
    import pyotp

    user = make_person()
    client.force_login(user)
    app = pyotp.TOTP(start(client))
    wrong = f"{(int(app.now()) + 5) % 10**6:06}"
    assert client.post(reverse("accounts:totp-add"), {"code": wrong}).status_code == 422
    assert not Totp.objects.exists()
    answer = client.post(reverse("accounts:totp-add"), {"code": app.now()})
    assert answer.headers["Location"] == reverse("accounts:recovery-codes")
    assert session_of(user).amr == ["mail", "otp", "mfa"]
    assert Message.objects.filter(template="accounts/mail/factor-added").exists()
    assert client.get(reverse("accounts:totp-add")).status_code == 302


def test_recovery_codes_are_shown_once(client: Client) -> None:
    user, app = person_with_totp()
    to_second_factor(client)
    client.post(SECOND, {"code": app.now()})
    page = client.post(reverse("accounts:recovery-codes")).text
    codes = re.findall(r"<code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", page)
    assert len(codes) == 10
    assert "data:text/plain" in page
    assert codes[0] not in client.get(reverse("accounts:recovery-codes")).text
    assert factors.use_recovery_code(user=user, code=codes[0])
    client.post(reverse("accounts:recovery-codes"))
    assert not factors.use_recovery_code(user=user, code=codes[1])


def test_removing_the_last_factor_takes_it_and_forgets_the_recovery_codes(client: Client) -> None:
    user, app = person_with_totp()
    factors.make_recovery_codes(user=user)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        to_second_factor(client)
        client.post(SECOND, {"code": app.now()})
        clock.shift(3600)
        url = reverse("accounts:totp-remove")
        asked = client.post(url, headers={"referer": f"http://testserver{url}"})
        assert asked.headers["Location"].startswith(reverse("accounts:confirm"))
        assert Totp.objects.exists()
        confirm = client.get(asked.headers["Location"])
        assert "Send me a code" not in confirm.text
        assert client.post(asked.headers["Location"], {"code": app.now()}).headers["Location"] == url
        assert "only second factor" in client.get(url).text
        client.post(url)
    assert not Totp.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert Message.objects.filter(template="accounts/mail/factor-removed").exists()


def test_an_unreadable_secret_says_what_to_do(client: Client, settings: Any) -> None:
    person_with_totp()
    Totp.objects.update(sealed_secret="gAAAA")
    to_second_factor(client)
    assert "added again" in client.post(SECOND, {"code": "123456"}).text


def test_an_aged_session_of_a_person_with_an_app_confirms_with_it(client: Client) -> None:
    user, app = person_with_totp()
    client.force_login(user)
    age_proofs(client, 3600)
    asked = client.get(reverse("accounts:email-add"))
    client.post(reverse("accounts:confirm-code") + "?" + asked.headers["Location"].partition("?")[2])
    assert not Message.objects.exists()
    assert client.post(asked.headers["Location"], {"code": app.now()}).headers["Location"] == reverse(
        "accounts:email-add"
    )
    assert Session.objects.get(user=user).amr == ["mail", "otp", "mfa"]
