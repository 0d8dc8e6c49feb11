"""Traps of linking: which account an address opens, which name an application knows it by, where it belongs."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.directory.models import Email, EmailDomain, Organization, OrganizationMembership, User
from parvis.oidc import clients
from tests.accounts.steps import ask, give, last_code, sign_in
from tests.factories.accounts import make_person
from tests.factories.oidc import Application, make_client, read_jwt
from tests.oidc.test_introspection import ask as introspect
from tests.oidc.test_subjects import pairwise, subject_in

pytestmark = pytest.mark.django_db


def name_shown(client: Client) -> str:
    """Return the page of the account that is open in a browser; empty when none is."""
    page = client.get(reverse("accounts:overview"))
    return str(page.text) if page.status_code == 200 else ""


# --- 2: the same address in another case or Unicode form, or with a tag -----------------------------------------------
@pytest.mark.parametrize("typed", ["ADA@EXAMPLE.ORG", "ada@example.org.", " ada@Example.Org"])
def test_trap_02_one_mailbox_written_otherwise_is_the_same_account(client: Client, typed: str) -> None:
    """An address that differs in nothing but its spelling opens its account, and no second one."""
    make_person("ada@example.org", family_name="Lovelace")
    sign_in(client, typed)
    assert "Lovelace" in name_shown(client)


@pytest.mark.parametrize("typed", ["ada+tag@example.org", "ada@example.org.evil.org"])
def test_trap_02_another_mailbox_is_never_linked(client: Client, typed: str) -> None:
    """A tag or a longer domain makes another mailbox, whose reader is somebody else until proven otherwise."""
    make_person("ada@example.org")
    assert sign_in(client, typed).headers["Location"] == reverse("accounts:new-account")
    assert not name_shown(client)


@pytest.mark.parametrize("typed", ["ａda@example.org", "аda@example.org", "ada@еxample.org"])
def test_trap_02_letters_that_look_alike_lead_to_no_account_of_others(client: Client, typed: str) -> None:
    """Full-width and Cyrillic letters look the same to a person, and never to us."""
    make_person("ada@example.org")
    answer = ask(client, typed)
    if answer.status_code == 302:
        give(client, last_code())
    assert not name_shown(client)


@pytest.mark.parametrize("claimed", ["lea.martin@example.org", "LEA.MARTIN@EXAMPLE.ORG", "lea.martin@EXAMPLE.org."])
def test_trap_02_no_two_accounts_tell_applications_one_address(app: Application, claimed: str) -> None:
    """Applications link accounts by the e-mail claim: whoever adds somebody's address is never told about under it."""
    mallory = Application(app.client).sign_in_as(make_person("mallory@example.org"))
    page = mallory.browser.post(reverse("accounts:email-add"), {"email": claimed}).headers.get("Location", "")
    if page:
        mallory.browser.post(reverse("accounts:email-send", args=[page.split("/")[3]]))
        assert mallory.browser.post(page, {"code": last_code()}).status_code == 422
    told = [one.userinfo(one.tokens()["access_token"]).json()["email"] for one in (app, mallory)]
    assert told == ["lea.martin@example.org", "mallory@example.org"]


def test_trap_02_an_address_that_nobody_confirmed_is_told_to_no_application(app: Application, person: User) -> None:
    """Unverified addresses link accounts elsewhere: here an application never hears of one."""
    Email.objects.filter(user=person).update(is_primary=False, verified_at=None)
    assert set(app.userinfo(app.tokens()["access_token"]).json()) == {"sub"}


# --- 3: what is typed on the first sign-in ----------------------------------------------------------------------------
def test_trap_03_a_new_account_has_the_address_that_was_proven_and_no_other(client: Client) -> None:
    """CVE-2025-7365: an address edited on the page of a first sign-in claims somebody else's account."""
    make_person("ada@example.org", given_name="Ada")
    sign_in(client, "mallory@example.org")
    names = {"given_name": "Mallory", "family_name": "M", "language": "en"}
    forged = dict.fromkeys(("email", "address", "emails", "canonical", "username"), "ada@example.org")
    answer = client.post(reverse("accounts:new-account") + "?email=ada@example.org", names | forged)
    assert answer.status_code == 302
    page = client.get("/account/emails/").text
    assert "mallory@example.org" in page
    assert "ada@example.org" not in page


def test_trap_03_a_proof_is_for_the_mailbox_and_the_browser_that_it_was_asked_in(client: Client) -> None:
    """CVE-2026-9087: a proof made for one identity that is accepted for another."""
    make_person("ada@example.org")
    ask(client, "mallory@example.org")
    code = last_code("mallory@example.org")
    victim = Client()
    ask(victim, "ada@example.org")
    assert give(victim, code).status_code == 422
    assert give(client, last_code("ada@example.org")).status_code == 422
    assert not name_shown(victim)
    assert not name_shown(client)


# --- 5: the name that applications know -------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["public", "pairwise"])
def test_trap_05_sub_stays_when_address_and_organisation_change(
    signing_keys: None, person: User, roads: Organization, kind: str
) -> None:
    """`sub` is not made of what changes in a life: not of an address, not of an organisation."""
    app = Application(pairwise() if kind == "pairwise" else make_client()).sign_in_as(person)
    before = subject_in(app)
    Email.objects.filter(user=person).update(address="lea@elsewhere.example", canonical="lea@elsewhere.example")
    OrganizationMembership.objects.all().delete()
    User.objects.filter(pk=person.pk).update(family_name="Durand", phone_number="")
    assert subject_in(app.sign_in_as(User.objects.get(pk=person.pk))) == before


def test_trap_05_sectors_know_one_person_by_names_that_do_not_meet(signing_keys: None, person: User) -> None:
    """Two sectors cannot compare their lists; a resource server is told the name of its own sector."""
    app = Application(pairwise()).sign_in_as(person)
    beside, elsewhere = (Application(pairwise(*host), app.browser) for host in ((), ("other.example.org",)))
    assert subject_in(app) == subject_in(beside) != subject_in(elsewhere)
    server = pairwise("other.example.org", is_resource_server=True, scopes=["openid", "groups"])
    token = app.tokens(scope="openid groups")["access_token"]
    assert introspect(server, token).json()["sub"] == subject_in(elsewhere)


# --- 26: organisations by domain --------------------------------------------------------------------------------------
def newcomer(client: Client, address: str) -> User:
    """Create an account by signing in with an address."""
    sign_in(client, address)
    client.post(reverse("accounts:new-account"), {"given_name": "New", "family_name": "Comer", "language": "en"})
    holder = Email.objects.holder_of(address)
    assert holder is not None
    return holder.user


@pytest.mark.parametrize(
    ("domain", "address", "belongs"),
    [
        ("culture.gouv.fr", "new@culture.gouv.fr", True),
        ("culture.gouv.fr", "new@CULTURE.gouv.fr", True),
        ("gouv.fr", "new@culture.gouv.fr", False),
        ("culture.gouv.fr", "new@gouv.fr", False),
        ("culture.gouv.fr", "new@aculture.gouv.fr", False),
        ("culture.gouv.fr", "new@culture.gouv.fr.evil.example", False),
        ("gmail.com", "new@gmail.com", False),
    ],
)
def test_trap_26_an_organisation_is_that_of_the_exact_domain(
    signing_keys: None, client: Client, domain: str, address: str, belongs: Any
) -> None:
    """A domain found as a part of another, or one of free mail, makes colleagues of strangers and raises them."""
    organization: Organization = Organization.objects.create(name="Culture", slug="culture")
    EmailDomain.objects.create(organization=organization, domain=domain, proof="operator", verified_at=timezone.now())
    user = newcomer(client, address)
    clients.forget()
    app = Application(make_client(), client)
    told = app.userinfo(app.tokens(scope="openid organization_label")["access_token"]).json()
    assert told.get("organization_label") == ("Culture" if belongs else None)
    acr = read_jwt(app.tokens()["id_token"])[1]["acr"]
    assert acr == ("eidas1" if belongs else "eidas0")
    assert user.organization_memberships.current().exists() == belongs
