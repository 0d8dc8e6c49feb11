"""Traps that others fell into, by their number in the research on identity (section 7)."""

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.accounts import devices
from parvis.accounts.actions import factors
from parvis.accounts.models import Session, Totp
from parvis.accounts.sessions import SessionStore
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.models import Email
from parvis.mail.models import Message
from tests.accounts.steps import age_proofs, ask, demand_in, give, last_code, person_with_totp, session_of, sign_in
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
COOKIE = django_settings.SESSION_COOKIE_NAME


# --- 2: same address, other case, Unicode form or tag -----------------------------------------------------------------
@pytest.mark.parametrize("typed", ["ADA@EXAMPLE.ORG", "ada@example.org.", " ada@Example.Org"])
def test_trap_2_one_mailbox_written_otherwise_is_the_same_account(client: Client, typed: str) -> None:
    user = make_person("ada@example.org")
    sign_in(client, typed)
    assert Session.objects.filter(user=user).count() == 1


@pytest.mark.parametrize("typed", ["ada+tag@example.org", "ada@example.org.evil.org"])
def test_trap_2_another_mailbox_is_never_linked(client: Client, typed: str) -> None:
    make_person("ada@example.org")
    assert sign_in(client, typed).headers["Location"] == reverse("accounts:new-account")


@pytest.mark.parametrize("typed", ["ａda@example.org", "аda@example.org", "ada@еxample.org"])
def test_trap_2_letters_that_look_alike_lead_to_no_account_of_others(client: Client, typed: str) -> None:
    user = make_person("ada@example.org")
    answer = ask(client, typed)
    if answer.status_code == 302:
        give(client, last_code())
    assert not Session.objects.filter(user=user).exists()


# --- 12: sessions -------------------------------------------------------------------------------------------------
def test_trap_12_the_key_changes_at_each_rise_of_privilege(client: Client) -> None:
    _user, app = person_with_totp()
    keys = []
    ask(client, "ada@example.org")
    keys.append(client.cookies[COOKIE].value)
    give(client, last_code())
    keys.append(client.cookies[COOKIE].value)
    client.post(reverse("accounts:second-factor"), {"code": app.now()})
    keys.append(client.cookies[COOKIE].value)
    age_proofs(client, 1000)
    factors.make_recovery_codes(user=_user)
    asked = client.get(reverse("accounts:email-add")).headers["Location"]
    code = factors.make_recovery_codes(user=_user)[0]
    client.post(asked, {"code": code})
    keys.append(client.cookies[COOKIE].value)
    assert len(set(keys)) == 4
    for old in keys[:-1]:
        assert SessionStore(old).person is None
        assert not SessionStore(old).exists(old)


def test_trap_12_a_fixed_session_is_worth_nothing_after_the_sign_in(client: Client) -> None:
    make_person()
    attacker = Client()
    ask(attacker, "mallory@example.org")
    planted = attacker.cookies[COOKIE].value
    client.cookies[COOKIE] = planted
    sign_in(client)
    assert client.cookies[COOKIE].value != planted
    assert attacker.get(reverse("accounts:overview")).status_code == 302


def test_trap_12_cookies_are_closed(client: Client) -> None:
    make_person()
    sign_in(client)
    for name in (COOKIE, django_settings.DEVICE_COOKIE_NAME):
        morsel = client.cookies[name]
        assert morsel["httponly"] is True
        assert morsel["samesite"] == "Lax"
        assert morsel["domain"] == ""
        assert morsel["path"] == "/"


def test_trap_12_two_tabs_both_finish(client: Client) -> None:
    make_person()
    browser = Client(enforce_csrf_checks=True)
    token = csrf(browser)
    ask_with(browser, token, "?next=/account/sessions/")
    ask_with(browser, token, "?next=/account/emails/")
    body = {"code": last_code(), "csrfmiddlewaretoken": token}
    first = browser.post(reverse("accounts:code") + "?next=/account/sessions/", body)
    second = browser.post(reverse("accounts:code") + "?next=/account/emails/", body)
    assert first.headers["Location"] == "/account/sessions/"
    assert second.headers["Location"] == "/account/emails/"


def test_trap_12_the_back_button_after_success_is_harmless(client: Client) -> None:
    make_person()
    browser = Client(enforce_csrf_checks=True)
    token = csrf(browser)
    ask_with(browser, token)
    body = {"code": last_code(), "csrfmiddlewaretoken": token}
    browser.post(reverse("accounts:code"), body)
    count = Event.objects.filter(tag=Tag.SIGNED_IN).count()
    assert browser.post(reverse("accounts:code"), body).headers["Location"] == "/"
    assert browser.get(reverse("accounts:code")).headers["Location"] == "/"
    assert ask_with(browser, token).headers["Location"] == "/"
    assert Event.objects.filter(tag=Tag.SIGNED_IN).count() == count


def csrf(browser: Client) -> str:
    """Return a form's token, as the first page gives it."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(reverse("accounts:sign-in")).text)
    assert found
    return found[1]


def ask_with(browser: Client, token: str, query: str = "") -> Any:
    body = {"email": "ada@example.org", "csrfmiddlewaretoken": token}
    return browser.post(reverse("accounts:sign-in") + query, body)


# --- 13: sign-in CSRF ------------------------------------------------------------------------------------------------
def test_trap_13_a_form_of_another_site_signs_nobody_in() -> None:
    make_person("mallory@example.org")
    attacker = Client()
    ask(attacker, "mallory@example.org")
    victim = Client(enforce_csrf_checks=True)
    assert victim.post(reverse("accounts:code"), {"code": last_code()}).status_code == 403
    forged = get_token(RequestFactory().get("/"))
    body = {"email": "mallory@example.org", "csrfmiddlewaretoken": forged}
    assert victim.post(reverse("accounts:sign-in"), body).status_code == 403
    for name in ("passkey-sign-in", "passkey-sign-in-options", "new-account", "second-factor", "code-resend"):
        assert victim.post(reverse(f"accounts:{name}")).status_code == 403


def test_trap_13_the_form_s_token_changes_at_the_sign_in(client: Client) -> None:
    make_person()
    browser = Client(enforce_csrf_checks=True)
    token = csrf(browser)
    before = browser.cookies[django_settings.CSRF_COOKIE_NAME].value
    ask_with(browser, token)
    browser.post(reverse("accounts:code"), {"code": last_code(), "csrfmiddlewaretoken": token})
    assert browser.cookies[django_settings.CSRF_COOKIE_NAME].value != before


# --- 15: deactivated people ------------------------------------------------------------------------------------------
def test_trap_15_a_person_suspended_between_two_factors_does_not_enter(client: Client) -> None:
    user, app = person_with_totp()
    ask(client, "ada@example.org")
    give(client, last_code())
    type(user).objects.filter(pk=user.pk).update(state="suspended")
    answer = client.post(reverse("accounts:second-factor"), {"code": app.now()})
    assert answer.headers["Location"] == reverse("accounts:sign-in")
    assert not Session.objects.filter(user=user).exists()


# --- 22: headers that the client makes up ----------------------------------------------------------------------------
def test_trap_22_a_made_up_forwarded_address_does_not_reset_the_counters() -> None:
    statuses = [
        ask(Client(headers={"x-forwarded-for": f"198.51.100.{number}, nonsense"}), "ada@example.org").status_code
        for number in range(7)
    ]
    assert statuses == [302] * 6 + [429]


def test_trap_22_the_host_header_never_enters_a_mail(client: Client) -> None:
    make_person()
    browser = Client(headers={"host": "localhost"})
    sign_in(browser)
    message = Message.objects.get(template="accounts/mail/new-device")
    assert django_settings.ISSUER in message.text
    assert "localhost" not in message.text
    assert Client(headers={"host": "evil.example"}).get(reverse("accounts:sign-in")).status_code == 400


# --- 31: enumeration and lock-out (see also test_rates) ------------------------------------------------
class Trace:
    """What a stranger can compare: the answer, its page, its statements, its mails."""

    def __init__(self, address: str, **client: Any) -> None:
        browser = Client(**client)
        mails = Message.objects.count()
        with CaptureQueriesContext(connection) as asked:
            answer = ask(browser, address)
        with CaptureQueriesContext(connection) as shown:
            page = browser.get(answer.headers["Location"])
        with CaptureQueriesContext(connection) as refused:
            wrong = give(browser, "00000000")
        self.statements = [len(asked), len(shown), len(refused)]
        self.kinds = [[query["sql"].split()[0] for query in part.captured_queries] for part in (asked, shown, refused)]
        self.statuses = [answer.status_code, page.status_code, wrong.status_code]
        self.headers = [set(answer.headers), set(page.headers), set(wrong.headers)]
        self.shapes = [shape(page.text, address), shape(wrong.text, address)]
        self.mails = Message.objects.count() - mails
        message = Message.objects.latest("created_at")
        self.mail = (message.subject, message.language, re.sub(r"\d", "0", message.text))


def shape(text: str, address: str) -> str:
    """Return a page without what changes from one request to the next."""
    text = text.replace(address, "ADDRESS")
    text = re.sub(r'(name="csrfmiddlewaretoken" value=|data-csrf=)"\w+"', "TOKEN", text)
    return re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}", "ID", text)


def test_trap_31_known_unknown_suspended_and_protected_people_look_the_same() -> None:
    make_person("known@example.org")
    person_with_totp("totp0@example.org")
    make_person("gone0@example.org", state="suspended")
    mallory = make_person("mallory@example.org")
    Email.objects.create(user=mallory, address="maybe@example.org")
    addresses = ["known", "totp0", "gone0", "maybe", "nobod"]
    traces = [Trace(f"{name}@example.org", REMOTE_ADDR=f"192.0.2.{at}") for at, name in enumerate(addresses)]
    assert traces[0].statuses == [302, 200, 422]
    assert traces[0].mails == 1
    for trace in traces[1:]:
        for name, value in vars(trace).items():
            assert value == getattr(traces[0], name), name


def test_trap_31_a_browser_that_others_use_tells_nothing_about_strangers(client: Client) -> None:
    make_person("known@example.org")
    mallory = make_person("mallory@example.org")
    token, _is_new = devices.remember(mallory, "")
    traces = []
    for address in ("known@example.org", "nobod@example.org"):
        browser = Client()
        browser.cookies[django_settings.DEVICE_COOKIE_NAME] = token
        with CaptureQueriesContext(connection) as queries:
            answer = ask(browser, address)
        traces.append((answer.status_code, len(queries)))
    assert traces[0] == traces[1]


# --- 32: recovery and second factors ---------------------------------------------------------------------------------
def test_trap_32_a_mail_alone_does_not_open_a_protected_account(client: Client) -> None:
    user, _app = person_with_totp()
    sign_in(client)
    for page in ("/account/", "/account/emails/add/", "/confirm/", "/console/"):
        assert client.get(page).status_code == 302
    assert not Session.objects.filter(user=user).exists()
    sign_in(client)
    assert not Session.objects.filter(user=user).exists()


def test_trap_32_a_second_mail_is_not_a_second_factor(client: Client) -> None:
    user = make_person()
    sign_in(client)
    age_proofs(client, 1000)
    asked = client.get(reverse("accounts:email-add")).headers["Location"]
    client.post(reverse("accounts:confirm-code") + "?" + asked.partition("?")[2])
    client.post(asked, {"code": last_code()})
    assert session_of(user).amr == ["mail"]


def test_trap_32_a_protected_person_cannot_confirm_by_mail(client: Client) -> None:
    user, _app = person_with_totp()
    client.force_login(user)
    age_proofs(client, 1000)
    asked = client.get(reverse("accounts:totp-remove")).headers["Location"]
    assert demand_in(asked).mfa
    client.post(reverse("accounts:confirm-code") + "?" + asked.partition("?")[2])
    assert not Message.objects.exists()
    assert client.post(asked, {"code": "12345678"}).status_code == 422


def test_trap_32_a_fresh_mail_is_not_enough_to_remove_the_last_factor(client: Client) -> None:
    user, _app = person_with_totp()
    client.force_login(user)
    answer = client.post(reverse("accounts:totp-remove"))
    assert answer.headers["Location"].startswith(reverse("accounts:confirm"))
    assert Totp.objects.filter(user=user).exists()


# --- 34: clocks ------------------------------------------------------------------------------------------------------
def test_trap_34_no_proof_comes_from_the_future(client: Client) -> None:
    user = make_person()
    sign_in(client)
    row = session_of(user)
    assert row.auth_time is not None
    assert row.auth_time <= timezone.now()
