"""For which organisation a person signs in: chosen by them or demanded, and never the one of another browser."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from parvis.accounts.models import Session
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.models import Organization, OrganizationMembership, RegistryIdentifier, User
from parvis.oidc import clients
from parvis.oidc.models import Grant
from tests.factories.oidc import Application, answer_of, make_client

SCOPE = "openid siret organization_label"
SIRETS = {"Bridges": "11004601800013", "Roads": "13002526500013"}


def organization(name: str, person: User, *, siret: str = "") -> Organization:
    made: Organization = Organization.objects.create(name=name, slug=name.lower(), kind="central")
    if siret:
        RegistryIdentifier.objects.create(organization=made, scheme="siret", value=siret)
    OrganizationMembership.objects.create(organization=made, user=person)
    return made


@pytest.fixture
def bridges(person: User) -> Organization:
    return organization("Bridges", person, siret=SIRETS["Bridges"])


@pytest.fixture
def roads(person: User) -> Organization:
    return organization("Roads", person, siret=SIRETS["Roads"])


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    clients.forget()


def choose(app: Application, page: Any, chosen: Organization | str = "", answer: str = "continue") -> Any:
    """Answer the page, and follow the way back to the authorization endpoint."""
    value = chosen if isinstance(chosen, str) else str(chosen.pk)
    data = {"request": page.context["request_query"], "answer": answer, "organization": value}
    return app.browser.post("/oidc/account", data)


def go_on(app: Application, page: Any, chosen: Organization) -> dict[str, Any]:
    """Choose, and return the tokens of the sign-in that follows."""
    assert choose(app, page, chosen).status_code == 200
    code = answer_of(app.browser.get("/oidc/authorize?" + page.context["request_query"]))["code"]
    tokens: dict[str, Any] = app.redeem(code).body
    return tokens


def told(app: Application, tokens: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = app.userinfo(tokens["access_token"]).json()
    return found


# --- The person chooses -----------------------------------------------------------------------------------------------
def test_a_person_with_two_organisations_is_asked(app: Application, bridges: Organization, roads: Organization) -> None:
    page = app.authorize(scope=SCOPE)
    assert page.status_code == 200
    text = page.content.decode()
    assert "For which organisation?" in text
    assert text.count('type="radio"') == 2
    assert "SIRET 110 046 018 00013" in text
    assert not Grant.objects.exists()


def test_what_they_choose_is_told_and_remembered_by_the_session(
    app: Application, bridges: Organization, roads: Organization
) -> None:
    tokens = go_on(app, app.authorize(scope=SCOPE), roads)
    assert told(app, tokens)["organization_label"] == "Roads"
    assert told(app, tokens)["siret"] == SIRETS["Roads"]
    assert told(app, tokens)["siret_source"] == "organization"
    assert app.session.organization_id == roads.pk
    assert Event.objects.get(tag=Tag.ORGANIZATION_CHOSEN).organization_id == roads.pk
    other = Application(make_client(), app.browser)
    assert told(other, other.tokens(scope=SCOPE))["organization_label"] == "Roads"


@pytest.mark.parametrize("scope", ["openid", "openid email profile"])
def test_an_application_that_is_told_nothing_of_it_asks_nothing(
    app: Application, bridges: Organization, roads: Organization, scope: str
) -> None:
    app.tokens(scope=scope)
    assert Grant.objects.get().organization_id is None


def test_who_has_one_organisation_is_not_asked(app: Application, bridges: Organization) -> None:
    assert told(app, app.tokens(scope=SCOPE))["organization_label"] == "Bridges"


def test_a_choice_must_be_made_and_be_ones_own(app: Application, bridges: Organization, roads: Organization) -> None:
    foreign = Organization.objects.create(name="Foreign", slug="foreign")
    page = app.authorize(scope=SCOPE)
    for value in ("", "x", str(foreign.pk)):
        answer = choose(app, page, value)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode() or "alert" in answer.content.decode()
    assert app.session.organization_id is None


def test_without_a_page_the_application_is_told_that_a_choice_is_needed(
    app: Application, bridges: Organization, roads: Organization
) -> None:
    assert answer_of(app.authorize(scope=SCOPE, prompt="none"))["error"] == "account_selection_required"
    go_on(app, app.authorize(scope=SCOPE), bridges)
    assert "code" in answer_of(app.authorize(scope=SCOPE, prompt="none"))


def test_select_account_offers_both_choices_again(app: Application, bridges: Organization, roads: Organization) -> None:
    go_on(app, app.authorize(scope=SCOPE), bridges)
    page = app.authorize(scope=SCOPE, prompt="select_account")
    text = page.content.decode()
    assert "Use another account" in text
    assert text.count('type="radio"') == 2
    assert f'value="{bridges.pk}"' in text
    assert "checked" in text
    assert told(app, go_on(app, page, roads))["organization_label"] == "Roads"


def test_another_account_can_be_used_in_the_place_of_choosing(
    app: Application, bridges: Organization, roads: Organization
) -> None:
    answer = choose(app, app.authorize(scope=SCOPE), answer="other")
    assert answer.headers["Location"].startswith("/sign-in/")


def test_siret_hint_proposes_one_of_them(app: Application, bridges: Organization, roads: Organization) -> None:
    page = app.authorize(scope=SCOPE, siret_hint=SIRETS["Roads"])
    assert page.context["form"].initial == {"organization": str(roads.pk)}


def test_consent_shows_the_organisation_that_was_chosen(
    app: Application, bridges: Organization, roads: Organization
) -> None:
    app.client.is_trusted = False
    app.client.save()
    clients.forget()
    page = app.authorize(scope=SCOPE)
    choose(app, page, roads)
    asked = app.browser.get("/oidc/authorize?" + page.context["request_query"]).content.decode()
    assert "Roads" in asked
    assert "Bridges" not in asked


def test_the_choice_is_changed_on_a_page_of_the_account(
    app: Application, bridges: Organization, roads: Organization
) -> None:
    before = app.tokens(scope="openid")
    page = app.browser.get("/account/acting-for/")
    assert page.content.decode().count('type="radio"') == 2
    assert app.browser.post("/account/acting-for/", {"organization": str(roads.pk)}).status_code == 302
    assert told(app, app.tokens(scope=SCOPE))["organization_label"] == "Roads"
    assert app.userinfo(before["access_token"]).status_code == 200


# --- Each keeps its own -----------------------------------------------------------------------------------------------
def test_a_choice_ends_with_the_membership(app: Application, bridges: Organization, roads: Organization) -> None:
    go_on(app, app.authorize(scope=SCOPE), roads)
    yesterday = timezone.localdate() - timedelta(days=1)
    OrganizationMembership.objects.filter(organization=roads).update(starts_on=yesterday, ends_on=yesterday)
    assert told(app, app.tokens(scope=SCOPE))["organization_label"] == "Bridges"


# --- The application demands ------------------------------------------------------------------------------------------
def test_an_application_of_one_organisation_asks_nothing_and_changes_no_choice(
    app: Application, bridges: Organization, roads: Organization
) -> None:
    Session.objects.filter(pk=app.session.pk).update(organization_id=bridges.pk)
    app.client.organization = roads
    app.client.save()
    clients.forget()
    assert told(app, app.tokens(scope=SCOPE))["organization_label"] == "Roads"
    assert app.session.organization_id == bridges.pk


def test_who_does_not_belong_to_it_is_refused(app: Application, bridges: Organization) -> None:
    app.client.organization = Organization.objects.create(name="Foreign", slug="foreign")
    app.client.save()
    clients.forget()
    assert answer_of(app.authorize(scope=SCOPE))["error"] == "access_denied"


@pytest.mark.parametrize("spec", ["value", "values"])
def test_an_essential_siret_with_its_value_is_a_demand(
    app: Application, bridges: Organization, roads: Organization, spec: str
) -> None:
    wanted: Any = SIRETS["Roads"] if spec == "value" else [SIRETS["Roads"], "00000000000000"]
    asked = json.dumps({"userinfo": {"siret": {"essential": True, spec: wanted}}})
    assert told(app, app.tokens(scope="openid", claims=asked))["siret"] == SIRETS["Roads"]


def test_several_demanded_values_leave_the_choice_among_them(
    app: Application, person: User, bridges: Organization, roads: Organization
) -> None:
    organization("Canals", person)
    asked = json.dumps({"userinfo": {"siret": {"essential": True, "values": list(SIRETS.values())}}})
    page = app.authorize(scope="openid", claims=asked)
    assert page.content.decode().count('type="radio"') == 2
    assert "Canals" not in page.content.decode()


def test_a_missing_number_is_said_on_the_page(app: Application, person: User, bridges: Organization) -> None:
    organization("Canals", person)
    assert "No SIRET number" in app.authorize(scope=SCOPE).content.decode()


@pytest.mark.parametrize("count", [2, 5])
def test_the_page_costs_the_same_whatever_the_number(
    app: Application, person: User, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        organization(f"O{number}", person, siret=f"1100460180001{number}")
    app.authorize(scope="openid")
    with django_assert_num_queries(8, exact=False) as counted:
        app.authorize(scope=SCOPE)
    assert len(counted) <= 8


def test_the_applications_page_says_for_which_organisation_one_acts(
    app: Application, bridges: Organization, roads: Organization
) -> None:
    assert "applications will ask you" in app.browser.get("/account/applications/").content.decode()
    app.browser.post("/account/acting-for/", {"organization": str(roads.pk)})
    assert "you act for <strong>Roads</strong>" in app.browser.get("/account/applications/").content.decode()


def test_who_has_one_organisation_or_none_has_nothing_to_change(app: Application, bridges: Organization) -> None:
    assert "Change the organisation" not in app.browser.get("/account/applications/").content.decode()
    OrganizationMembership.objects.all().delete()
    assert "belong to no organisation" in app.browser.get("/account/acting-for/").content.decode()
