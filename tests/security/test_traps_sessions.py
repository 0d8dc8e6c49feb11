"""Traps of sessions and of what they tell: whose organisation, which key, what remains of somebody who was put out."""

import json
import subprocess
import sys
from http.cookies import Morsel, SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from parvis.accounts.actions import factors
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.actions.people import suspend_user
from parvis.directory.models import Organization, OrganizationMembership, User
from parvis.oidc.postman import Postman
from tests.accounts.steps import (
    age_proofs,
    ask,
    ask_with,
    csrf_of,
    give,
    last_code,
    person_with_totp,
    sign_in,
)
from tests.factories.accounts import make_person
from tests.factories.listeners import listening
from tests.factories.oidc import Application, answer_of, make_client, read_jwt
from tests.oidc.test_device import device
from tests.oidc.test_introspection import ask as introspect
from tests.oidc.test_organizations import SCOPE, SIRETS, go_on, told
from tests.oidc.test_prompts import demand_of

__all__ = ["device"]
pytestmark = pytest.mark.django_db
COOKIE = django_settings.SESSION_COOKIE_NAME


def is_signed_in(key: str) -> bool:
    """Say whether a session's key opens an account."""
    browser = Client()
    browser.cookies[COOKIE] = key
    return bool(browser.get(reverse("accounts:overview")).status_code == 200)


# --- 7: two organisations ---------------------------------------------------------------------------------------------
def test_trap_07_two_browsers_and_two_applications_each_keep_their_own_organisation(
    app: Application, person: User, bridges: Organization, roads: Organization
) -> None:
    """ProConnect reads claims through an alias of the last session: here each access tells its own."""
    elsewhere = Application(app.client).sign_in_as(person)
    other = Application(make_client(), elsewhere.browser)
    here = go_on(app, app.authorize(scope=SCOPE), bridges)
    there = go_on(elsewhere, elsewhere.authorize(scope=SCOPE), roads)
    third = other.tokens(scope=SCOPE)
    for _turn in range(2):
        assert told(app, here)["siret"] == SIRETS["Bridges"]
        assert told(elsewhere, there)["siret"] == SIRETS["Roads"]
        assert told(other, third)["siret"] == SIRETS["Roads"]
        here, there, third = (
            one.refresh(tokens["refresh_token"]).body
            for one, tokens in ((app, here), (elsewhere, there), (other, third))
        )


def test_trap_07_id_token_claims_follow_the_grant(app: Application, bridges: Organization, roads: Organization) -> None:
    """The organisation that is chosen later, in the same browser, is not the one of what was granted before."""
    asked = json.dumps({"id_token": {"siret": None}})
    tokens = go_on(app, app.authorize(scope="openid", claims=asked), roads)
    app.browser.post("/account/acting-for/", {"organization": str(bridges.pk)})
    renewed = app.refresh(tokens["refresh_token"]).body
    assert read_jwt(renewed["id_token"])[1]["siret"] == SIRETS["Roads"]


# --- 11: a number that is not the person's ----------------------------------------------------------------------------
def test_trap_11_a_siret_that_the_person_does_not_have_is_refused_and_never_substituted(
    app: Application, bridges: Organization
) -> None:
    """A default number in the place of the one that was demanded would open the files of another organisation."""
    asked = json.dumps({"userinfo": {"siret": {"essential": True, "value": SIRETS["Roads"]}}})
    assert answer_of(app.authorize(scope="openid", claims=asked))["error"] == "access_denied"


def test_trap_11_a_missing_siret_is_said_to_be_missing(app: Application, person: User) -> None:
    """No number takes the place of one that is not there, and the application is told why there is none."""
    scope = "openid siret siren"
    assert told(app, app.tokens(scope=scope)) == {"sub": str(person.pk), "siret_source": "no_organization"}
    organization = Organization.objects.create(name="Canals", slug="canals")
    OrganizationMembership.objects.create(organization=organization, user=person)
    assert told(app, app.tokens(scope=scope)) == {"sub": str(person.pk), "siret_source": "missing"}


def test_trap_11_nobody_chooses_between_two_numbers_for_the_person(
    app: Application, bridges: Organization, roads: Organization
) -> None:
    """Where two numbers are possible the first one is not better than the second: the person says."""
    assert answer_of(app.authorize(scope=SCOPE, prompt="none"))["error"] == "account_selection_required"
    assert app.authorize(scope=SCOPE).status_code == 200


# --- 12: sessions -----------------------------------------------------------------------------------------------------
def test_trap_12_the_key_changes_at_each_rise_of_privilege(client: Client) -> None:
    """Fixation (CVE-2025-12390): a key that was known before a proof is worth nothing after it."""
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
    assert [is_signed_in(key) for key in keys] == [False, False, False, True]


def test_trap_12_a_fixed_session_is_worth_nothing_after_the_sign_in(client: Client) -> None:
    """A session that somebody planted in a browser does not become its person’s."""
    make_person()
    attacker = Client()
    ask(attacker, "mallory@example.org")
    planted = attacker.cookies[COOKIE].value
    client.cookies[COOKIE] = planted
    sign_in(client)
    assert client.cookies[COOKIE].value != planted
    assert attacker.get(reverse("accounts:overview")).status_code == 302


def test_trap_12_two_tabs_both_finish(client: Client) -> None:
    """Two tabs ask for a code and give the same one: both go where they were going."""
    make_person()
    browser = Client(enforce_csrf_checks=True)
    token = csrf_of(browser)
    ask_with(browser, token, "?next=/account/sessions/")
    ask_with(browser, token, "?next=/account/emails/")
    body = {"code": last_code(), "csrfmiddlewaretoken": token}
    first = browser.post(reverse("accounts:code") + "?next=/account/sessions/", body)
    second = browser.post(reverse("accounts:code") + "?next=/account/emails/", body)
    assert first.headers["Location"] == "/account/sessions/"
    assert second.headers["Location"] == "/account/emails/"


def test_trap_12_the_back_button_after_success_is_harmless(client: Client) -> None:
    """A form that is sent again after the sign-in signs nobody in a second time, and breaks nothing."""
    make_person()
    browser = Client(enforce_csrf_checks=True)
    token = csrf_of(browser)
    ask_with(browser, token)
    body = {"code": last_code(), "csrfmiddlewaretoken": token}
    browser.post(reverse("accounts:code"), body)
    count = Event.objects.filter(tag=Tag.SIGNED_IN).count()
    assert browser.post(reverse("accounts:code"), body).headers["Location"] == "/"
    assert browser.get(reverse("accounts:code")).headers["Location"] == "/"
    assert ask_with(browser, token).headers["Location"] == "/"
    assert Event.objects.filter(tag=Tag.SIGNED_IN).count() == count


def test_trap_12_the_key_changes_with_the_organisation(
    app: Application, bridges: Organization, roads: Organization
) -> None:
    """To act for another organisation is another power: a key that somebody had copied before does not have it."""
    before = app.browser.cookies[COOKIE].value
    go_on(app, app.authorize(scope=SCOPE), roads)
    chosen = app.browser.cookies[COOKIE].value
    app.browser.post("/account/acting-for/", {"organization": str(bridges.pk)})
    keys = [before, chosen, app.browser.cookies[COOKIE].value]
    assert len(set(keys)) == 3
    assert [is_signed_in(key) for key in keys] == [False, False, True]


@pytest.fixture
def production_cookies(settings: Any) -> None:
    """Name and close cookies as an installation on the Internet does."""
    told = "import json, parvis.settings as s; print(json.dumps({n: v for n, v in vars(s).items() if 'COOKIE_' in n}))"
    environment = {"PARVIS_ISSUER": "https://parvis.example.org", "PARVIS_SECRET_KEY": "x" * 50}
    found = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, check=True).stdout
    for name, value in json.loads(found).items():
        setattr(settings, name, value)


def cookies_of(*answers: Any) -> list[Morsel[str]]:
    """Return every cookie that these answers set."""
    return [morsel for answer in answers for morsel in SimpleCookie(answer.cookies.output(header="")).values()]


def test_trap_12_in_production_every_cookie_is_closed(app: Application, production_cookies: None) -> None:
    """A cookie that a subdomain, a script, plain HTTP or a form of another site reaches is not a secret."""
    browser = app.browser = Client(headers={"x-forwarded-proto": "https"})
    answers = [
        app.authorize(prompt="login"),
        browser.get(reverse("accounts:sign-in")),
        ask(browser, "lea.martin@example.org"),
    ]
    answers += [give(browser, last_code()), browser.post(reverse("web:language"), {"language": "fr"})]
    found = cookies_of(*answers)
    assert {morsel.key.removeprefix("__Host-parvis_") for morsel in found} >= {
        "session",
        "csrf",
        "device",
        "interaction",
    }
    for morsel in found:
        assert morsel.key.startswith("__Host-"), morsel.key
        closed = (morsel["secure"], morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"])
        assert closed == (True, True, "Lax", "/", ""), morsel.key


def test_trap_12_tabs_in_parallel_all_come_back_to_the_application(app: Application, person: User) -> None:
    """Keycloak: a sign-in that tabs share makes the second one fail. Going back afterwards is harmless."""
    app.browser = Client()
    demands = [demand_of(app.authorize(state=state)) for state in ("one", "two", "three")]
    app.sign_in_as(person)
    for demand, state in zip(reversed(demands), ("three", "two", "one"), strict=True):
        assert answer_of(app.browser.get(demand.next))["state"] == state
    assert answer_of(app.browser.get(demands[0].next))["state"] == "one"


def test_trap_12_a_request_posted_from_another_site_needs_no_open_cookie(app: Application) -> None:
    """A form of another site comes without our Lax cookies: it is asked again as a GET, which has them."""
    elsewhere = Client()
    again = elsewhere.post("/oidc/authorize", urlencode(app.query()), "application/x-www-form-urlencoded")
    assert again.status_code == 303
    assert not elsewhere.cookies
    assert "code" in answer_of(app.browser.get(again.headers["Location"]))


# --- 15: deactivated people -------------------------------------------------------------------------------------------
def test_trap_15_a_person_suspended_between_two_factors_does_not_enter(client: Client) -> None:
    """An account that is closed while its person looks for their phone stays closed."""
    user, app = person_with_totp()
    ask(client, "ada@example.org")
    give(client, last_code())
    type(user).objects.filter(pk=user.pk).update(state="suspended")
    answer = client.post(reverse("accounts:second-factor"), {"code": app.now()})
    assert answer.headers["Location"] == reverse("accounts:sign-in")
    assert not is_signed_in(client.cookies[COOKIE].value)


@pytest.mark.parametrize("how", ["by the console", "in the table"])
def test_trap_15_nothing_is_left_to_who_was_suspended(app: Application, person: User, how: str) -> None:
    """CVE-2026-16103, CVE-2025-64521: a token, a code or a session that was given before goes on working."""
    server = make_client(is_resource_server=True, scopes=["openid", "groups"], grant_types=["client_credentials"])
    tokens, code = app.tokens(scope="openid groups"), app.code()
    key = app.browser.cookies[COOKIE].value
    if how == "in the table":
        User.objects.filter(pk=person.pk).update(state="suspended")
    else:
        suspend_user(by=None, user=person)
    assert app.userinfo(tokens["access_token"]).status_code == 401
    for caller in (app.client, server):
        assert introspect(caller, tokens["access_token"]).json() == {"active": False}
    assert app.refresh(tokens["refresh_token"]).body["error"] == "invalid_grant"
    assert app.redeem(code).body["error"] == "invalid_grant"
    assert answer_of(app.authorize(prompt="none"))["error"] == "login_required"
    assert not is_signed_in(key)


def test_trap_15_applications_are_told_of_a_suspension(app: Application, person: User, settings: Any) -> None:
    """A session that goes on in an application is a session that goes on."""
    settings.IS_DEVELOPMENT = True
    with listening() as listener:
        app.client.backchannel_logout_uri = listener.url
        app.client.save()
        app.tokens()
        suspend_user(by=None, user=person)
        Postman().deliver()
    assert read_jwt(listener.tokens[0])[1]["sub"] == str(person.pk)


@pytest.mark.parametrize("when", ["before the answer", "after the answer"])
def test_trap_15_a_device_gets_nothing_for_who_was_suspended(device: Any, person: User, when: str) -> None:
    """What a person allowed on another screen ends with their account, though nobody has fetched it yet."""
    codes = device.waiting()
    if when == "after the answer":
        device.answer(codes)
    suspend_user(by=None, user=person)
    device.answer(codes)
    answer = device.poll(codes)
    assert answer.status == 400
    assert "access_token" not in answer.body


def test_trap_15_a_suspended_person_does_not_come_back_by_any_way(client: Client, person: User) -> None:
    """The mailbox is still theirs: it opens nothing, and says so to nobody but its reader."""
    suspend_user(by=None, user=person)
    answer = sign_in(client, "lea.martin@example.org")
    assert not is_signed_in(client.cookies[COOKIE].value)
    assert answer.status_code != 500
