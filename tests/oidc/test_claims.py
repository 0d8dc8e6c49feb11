"""What applications are told, and what they are not told rather than guessed."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from parvis.directory.models import (
    Group,
    GroupMembership,
    Organization,
    OrganizationMembership,
    RegistryIdentifier,
    User,
)
from parvis.oidc import claims
from parvis.oidc.scopes import SCOPES
from tests.factories.oidc import Application, make_client

SIRET = "13002526500013"


@pytest.fixture
def ministry(person: User) -> Organization:
    """The organisation that the person belongs to."""
    organization: Organization = Organization.objects.create(name="Ministry of Bridges", slug="bridges", kind="central")
    RegistryIdentifier.objects.create(organization=organization, scheme="siret", value=SIRET)
    OrganizationMembership.objects.create(organization=organization, user=person)
    return organization


def told(app: Application, scope: str) -> dict[str, Any]:
    """Return what userinfo says."""
    found: dict[str, Any] = app.userinfo(app.tokens(scope=f"openid {scope}")["access_token"]).json()
    return found


def test_facts_of_the_organisation(app: Application, ministry: Organization) -> None:
    found = told(app, "siret siren organization_label roles")
    del found["sub"]
    assert found == {
        "siret": SIRET,
        "siret_source": "organization",
        "siren": SIRET[:9],
        "organization_label": "Ministry of Bridges",
        "roles": ["agent_public", "agent_public_etat"],
    }


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        ("deconcentrated", ["agent_public", "agent_public_etat"]),
        ("local-authority", ["agent_public", "agent_public_territorial"]),
        ("operator", None),
        ("company", None),
        ("other", None),
    ],
)
def test_roles_only_where_the_kind_leaves_no_doubt(
    app: Application, ministry: Organization, kind: str, roles: list[str] | None
) -> None:
    Organization.objects.filter(pk=ministry.pk).update(kind=kind)
    assert told(app, "roles").get("roles") == roles


def test_nothing_of_an_organisation_that_the_person_left(app: Application, ministry: Organization) -> None:
    token = app.tokens(scope="openid siret organization_label roles")["access_token"]
    yesterday = timezone.localdate() - timedelta(days=1)
    OrganizationMembership.objects.update(starts_on=yesterday, ends_on=yesterday)
    told = app.userinfo(token).json()
    assert set(told) == {"sub", "siret_source"}
    assert told["siret_source"] == "no_organization"


def test_the_session_s_organisation_is_the_one_told(app: Application, ministry: Organization) -> None:
    other = Organization.objects.create(name="Agency", slug="agency", kind="operator")
    OrganizationMembership.objects.create(organization=other, user=User.objects.get())
    type(app.session).objects.update(organization_id=other.pk)
    assert told(app, "organization_label")["organization_label"] == "Agency"


def test_groups_include_those_above_and_only_current_ones(app: Application, person: User) -> None:
    top = Group.objects.create(name="Incubator", slug="incubator", kind="incubator")
    team = Group.objects.create(name="Team", slug="team", parent=top)
    former = Group.objects.create(name="Former", slug="former")
    closed = Group.objects.create(name="Closed", slug="closed", closed_on=timezone.localdate())
    yesterday = timezone.localdate() - timedelta(days=1)
    for group in (team, closed):
        GroupMembership.objects.create(group=group, user=person)
    GroupMembership.objects.create(group=former, user=person, starts_on=yesterday, ends_on=yesterday)
    assert told(app, "groups")["groups"] == ["incubator", "team"]


def test_standard_profile(app: Application) -> None:
    found = told(app, "profile")
    assert found["name"] == "Léa Martin"
    assert found["locale"] == "en"
    assert found["zoneinfo"] == "Europe/Paris"
    assert isinstance(found["updated_at"], int)
    assert "picture" not in found


def test_the_identity_provider_names_itself(app: Application) -> None:
    found = told(app, "idp_id idp_acr")
    assert found["idp_id"] == claims.IDP_ID
    assert found["idp_acr"] == "eidas0"


def test_every_claim_of_a_scope_has_a_function_or_is_known_to_be_empty() -> None:
    named = {claim for scope in SCOPES.values() for claim in scope.claims}
    assert named - set(claims.CLAIMS) == {"organizational_unit", "belonging_population", "custom"}


def test_a_claim_by_name_needs_a_scope_that_gives_it(app: Application) -> None:
    app.client = make_client(scopes=["openid", "email"])
    token = app.tokens(claims='{"userinfo": {"phone_number": {"essential": true}, "email": null}}')["access_token"]
    assert set(app.userinfo(token).json()) == {"sub", "email", "email_verified"}
