"""What a person may have to do first: each prompt, loudly and silently."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.test import Client as Browser

from parvis.accounts import demands
from parvis.directory.models import Organization, OrganizationMembership, User
from parvis.oidc.authorization import interaction
from parvis.oidc.http import Form
from parvis.oidc.models import Client, Consent
from tests.factories.oidc import Application, answer_of, read_jwt

MFA = '{"id_token": {"acr": {"essential": true, "values": ["eidas1-mfa"]}}}'


def demand_of(response: Any) -> demands.Demand:
    """Return what the sign-in pages are asked for."""
    assert response.status_code == 302, response.content[:500]
    parts = urlsplit(response.headers["Location"])
    assert parts.path == "/sign-in/"
    query = dict(parse_qsl(parts.query))
    found = demands.read(query["demand"]) if "demand" in query else demands.Demand(next=query["next"])
    assert found is not None
    return found


@pytest.fixture
def visitor(app: Application) -> Application:
    """The application, in a browser where nobody is signed in."""
    app.browser = Browser()
    return app


# --- sign_in ----------------------------------------------------------------------------------------------------------
def test_a_visitor_signs_in_then_goes_on(visitor: Application, person: User) -> None:
    demand = demand_of(visitor.authorize(login_hint="lea@example.org"))
    assert demand.login_hint == "lea@example.org"
    assert demand.client_name == visitor.client.name_en
    visitor.sign_in_as(person)
    assert "code" in answer_of(visitor.browser.get(demand.next))


def test_prompt_none_for_a_visitor_is_login_required(visitor: Application) -> None:
    answer = answer_of(visitor.authorize(prompt="none"))
    assert answer["error"] == "login_required"
    assert answer["state"] == "state-0123456789"


def test_a_suspended_person_is_a_visitor(app: Application, person: User) -> None:
    User.objects.filter(pk=person.pk).update(state="suspended")
    assert answer_of(app.authorize(prompt="none"))["error"] == "login_required"


# --- sign_in_again ----------------------------------------------------------------------------------------------------
def test_max_age_accepts_a_recent_sign_in_and_keeps_its_moment(app: Application) -> None:
    then = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    app.prove(then)
    claims = read_jwt(app.tokens(max_age="600")["id_token"])[1]
    assert claims["auth_time"] == int(then.timestamp())


def test_prompt_none_with_a_sign_in_older_than_max_age_is_login_required(app: Application) -> None:
    app.prove(datetime.now(UTC) - timedelta(hours=1))
    assert answer_of(app.authorize(prompt="none", max_age="600"))["error"] == "login_required"


def test_the_same_request_sent_anew_is_a_new_demand(app: Application) -> None:
    app.prove(datetime.now(UTC) - timedelta(hours=1))
    first = demand_of(app.authorize(prompt="login"))
    assert not first.by_another
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1)):
        app.prove(datetime.now(UTC))
        assert "code" in answer_of(app.browser.get(first.next))
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        assert demand_of(app.authorize(prompt="login")).reauthenticate


# --- switch_person ----------------------------------------------------------------------------------------------------
def test_a_hint_of_somebody_else_asks_for_a_sign_in_then_refuses_whoever_comes(app: Application, person: User) -> None:
    hint = app.tokens()["id_token"]
    other = User.objects.create(given_name="Omar")
    app.browser = Browser()
    app.sign_in_as(other)
    app.prove(datetime.now(UTC) - timedelta(hours=1))
    assert answer_of(app.authorize(id_token_hint=hint, prompt="none"))["error"] == "login_required"
    demand = demand_of(app.authorize(id_token_hint=hint))
    assert demand.by_another
    app.prove(datetime.now(UTC) + timedelta(seconds=1))
    assert answer_of(app.browser.get(demand.next))["error"] == "login_required"


def test_a_hint_of_the_same_person_changes_nothing(app: Application) -> None:
    hint = app.tokens()["id_token"]
    assert "code" in answer_of(app.authorize(id_token_hint=hint, prompt="none"))


# --- select_account ---------------------------------------------------------------------------------------------------
def test_select_account_shows_who_is_signed_in_and_goes_on(app: Application, person: User) -> None:
    app.prove(datetime.now(UTC) - timedelta(hours=1))
    page = app.authorize(prompt="select_account")
    assert page.status_code == 200
    assert person.name in page.content.decode()
    request = page.context["request_query"]
    left = app.browser.post("/oidc/account", {"request": request, "answer": "continue"})
    assert left.status_code == 200  # A page that leads on: a form may not be answered by a redirect elsewhere.
    assert "code" in answer_of(app.browser.get(f"/oidc/authorize?{request}"))


def test_select_account_lets_another_person_sign_in(app: Application) -> None:
    app.prove(datetime.now(UTC) - timedelta(hours=1))
    request = app.authorize(prompt="select_account").context["request_query"]
    demand = demand_of(app.browser.post("/oidc/account", {"request": request, "answer": "other"}))
    assert demand.reauthenticate
    assert demand.by_another
    assert demand.client_name == app.client.name_en
    assert demand.cancel.startswith("/oidc/cancel?")
    other = User.objects.create(given_name="Omar")
    app.sign_in_as(other)
    code = answer_of(app.browser.get(demand.next))["code"]
    assert read_jwt(app.redeem(code).body["id_token"])[1]["sub"] == str(other.pk)


def test_another_account_is_asked_for_even_a_moment_after_a_sign_in(app: Application) -> None:
    app.prove(datetime.now(UTC) - timedelta(hours=1))
    request = app.authorize(prompt="select_account").context["request_query"]
    app.prove(datetime.now(UTC))
    before = datetime.now(UTC).timestamp()
    demand = demand_of(app.browser.post("/oidc/account", {"request": request, "answer": "other"}))
    assert demand.issued_at >= before, "who has just signed in is not the one who is wanted"


# --- step_up ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def agent(person: User) -> User:
    """The person, who belongs to an organisation."""
    organization = Organization.objects.create(name="Ministry", slug="ministry", kind="central")
    OrganizationMembership.objects.create(organization=organization, user=person)
    return person


def test_an_essential_level_asks_for_a_second_factor(app: Application, agent: User) -> None:
    assert answer_of(app.authorize(claims=MFA, prompt="none"))["error"] == "login_required"
    demand = demand_of(app.authorize(claims=MFA))
    assert demand.acr == "eidas1-mfa"
    app.prove(datetime.now(UTC), "mail", "otp")
    claims = read_jwt(app.redeem(answer_of(app.browser.get(demand.next))["code"]).body["id_token"])[1]
    assert claims["acr"] == "eidas1-mfa"
    assert claims["amr"] == ["mail", "otp", "mfa"]


def test_a_level_that_nobody_reaches_here_is_refused_at_once(app: Application) -> None:
    asked = '{"id_token": {"acr": {"essential": true, "value": "eidas3"}}}'
    assert answer_of(app.authorize(claims=asked))["error"] == "unmet_authentication_requirements"


def test_a_preferred_level_is_not_a_demand(app: Application) -> None:
    assert "code" in answer_of(app.authorize(acr_values="eidas3"))


# --- consent ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def asking(app: Application) -> Application:
    """An application that the operator does not vouch for."""
    Client.objects.filter(pk=app.client.pk).update(is_trusted=False)
    return app


def consent(app: Application, answer: str = "allow", **changes: str | None) -> str:
    """Answer the question about sharing; return the page that leads on."""
    page = app.authorize(**changes)
    assert page.status_code == 200
    data = {"request": page.context["request_query"], "answer": answer}
    return str(app.browser.post("/oidc/consent", data).content.decode())


def test_the_question_shows_the_very_values(asking: Application) -> None:
    page = asking.authorize(scope="openid email phone siret").content.decode()
    assert asking.client.name_en in page
    assert "lea.martin@example.org" in page
    assert "+33123456789" in page
    assert "SIRET" not in page  # She has none, so nothing would be told.


def test_agreeing_is_asked_once(asking: Application, person: User) -> None:
    page = consent(asking)
    assert "https://app.example.org/callback/?code=" in page
    assert Consent.objects.get(user=person, client=asking.client).scope == "email openid"
    assert "code" in answer_of(asking.authorize(prompt="none"))


def test_agreeing_is_asked_again_when_scopes_grow(asking: Application, person: User) -> None:
    consent(asking)
    assert answer_of(asking.authorize(prompt="none", scope="openid email phone"))["error"] == "consent_required"
    consent(asking, scope="openid phone")
    assert Consent.objects.get(user=person).scope == "email openid phone"


def test_claims_asked_by_name_are_part_of_the_question(asking: Application) -> None:
    consent(asking)
    asked = '{"userinfo": {"phone_number": null}}'
    assert answer_of(asking.authorize(prompt="none", claims=asked))["error"] == "consent_required"
    assert "+33123456789" in asking.authorize(claims=asked).content.decode()


def test_refusing_tells_the_application(asking: Application) -> None:
    assert "error=access_denied" in consent(asking, "refuse")
    assert not Consent.objects.exists()


def test_prompt_consent_asks_even_for_a_trusted_application(app: Application) -> None:
    page = consent(app, prompt="consent")
    assert "?code=" in page
    assert app.authorize(prompt="consent").status_code == 200


def test_nothing_is_agreed_to_by_a_link(asking: Application) -> None:
    assert asking.browser.get("/oidc/consent").status_code == 405


# --- The interaction belongs to the browser ---------------------------------------------------------------------------


def test_a_browser_keeps_the_last_requests_that_a_page_interrupted() -> None:
    begun = [interaction.begin(Form({"state": str(number)})) for number in range(interaction.MOST + 3)]
    assert interaction.read(interaction.write(begun)) == begun[3:]
