"""What each page shows to whom, and what it answers to those who may not."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.directory import actions
from parvis.directory.models import EmailDomain, Group, GroupMembership, Invitation, Organization, User
from parvis.mail.models import Message
from tests.directory.conftest import SignedIn
from tests.factories.directory import (
    EmailDomainFactory,
    GroupFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    PlaceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


# --- Signed out ------------------------------------------------------------------------------------------------------
def test_signed_out_visitors_see_organisations_and_public_groups_and_no_name(client: Client) -> None:
    organization = OrganizationFactory(name="Ministry of the Sea")
    public = GroupFactory(name="Public team", organization=organization, visibility="public")
    network = GroupFactory(name="Network team", organization=organization, parent=public)
    person = UserFactory(given_name="Zébulon", address="z@example.org")
    for group in (public, network):
        MembershipFactory(group=group, user=person)
    PlaceFactory(organization=organization, user=person)
    EmailDomainFactory(organization=organization, domain="sea.example")
    addresses = [
        reverse("directory:organization-list"),
        organization.get_absolute_url(),
        reverse("directory:group-list"),
        public.get_absolute_url(),
        reverse("directory:group-list") + f"?organization={organization.slug}&parent={network.slug}",
    ]
    for address in addresses:
        page = text_of(client.get(address))
        assert "bulon" not in page
        assert "Network team" not in page
        assert "sea.example" not in page
    assert "Public team" in text_of(client.get(organization.get_absolute_url()))
    assert client.get(network.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["person-list", "my-card", "profile-edit", "my-events", "my-data", "group-create"])
def test_what_is_about_people_asks_to_sign_in(client: Client, name: str) -> None:
    answer: Any = client.get(reverse(f"directory:{name}"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("accounts:sign-in"))


def test_a_card_asks_to_sign_in_whether_or_not_it_exists(client: Client) -> None:
    for identifier in (UserFactory().pk, uuid4()):
        assert client.get(reverse("directory:person-detail", args=[identifier])).status_code == 302


# --- A person's card -------------------------------------------------------------------------------------------------
def test_contact_details_follow_the_choice_of_the_person(signed_in: SignedIn) -> None:
    person = UserFactory(address="lea@example.org", phone_number="+33 1 02", email_audience="teams")
    membership = MembershipFactory(user=person)
    colleague, stranger = MembershipFactory(group=membership.group).user, UserFactory()
    address = person.get_absolute_url()
    page = text_of(signed_in(colleague).get(address))
    assert "lea@example.org" in page
    assert "+33 1 02" not in page
    assert "lea@example.org" not in text_of(signed_in(stranger).get(address))


def test_a_card_names_only_the_groups_that_its_reader_may_see(signed_in: SignedIn) -> None:
    person = UserFactory()
    MembershipFactory(user=person, group__name="Open team")
    MembershipFactory(user=person, group__name="Secret jury", group__visibility="members")
    page = text_of(signed_in(UserFactory()).get(person.get_absolute_url()))
    assert "Open team" in page
    assert "Secret jury" not in page
    assert "Secret jury" in text_of(signed_in(person).get(person.get_absolute_url()))


def test_a_discreet_suspended_or_erased_card_is_not_found(signed_in: SignedIn) -> None:
    browser = signed_in(UserFactory())
    for person in (
        UserFactory(discreet=True),
        UserFactory(suspended=True),
        UserFactory(state=User.State.ANONYMISED),
    ):
        assert browser.get(person.get_absolute_url()).status_code == 404


def test_a_hidden_group_does_not_filter_people(signed_in: SignedIn) -> None:
    jury = GroupFactory(visibility="members", name="Secret jury")
    MembershipFactory(group=jury, user=UserFactory(given_name="Zébulon"))
    UserFactory(given_name="Ada")
    page = text_of(signed_in(UserFactory()).get(reverse("directory:person-list") + f"?group={jury.slug}"))
    assert "Ada" in page
    assert "Secret jury" not in page


# --- Searching -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text", ["léa martin", "MARTIN lea", "lea mart", "art", "e n", "Développeuse léa", "œuvr", "oeuvrard"]
)
def test_a_search_forgives_accents_case_word_order_ligatures_and_parts(signed_in: SignedIn, text: str) -> None:
    UserFactory(given_name="Léa", family_name="Martin-Œuvrard", job_title="développeuse")
    UserFactory(given_name="Bob", family_name="Quux")
    page = text_of(
        signed_in(UserFactory(given_name="Zz", family_name="Zz")).get(reverse("directory:person-list"), {"q": text})
    )
    assert "Martin-Œuvrard" in page
    assert "Quux" not in page


@pytest.mark.parametrize(
    "text",
    ["%", "_", "'", '"', "a\\", "(", "NEAR(a b)", "a* OR b", "🦄", "x" * 5000, "é" * 300, "-", "a b c d e f g h i j k"],
)
def test_a_search_for_anything_answers(signed_in: SignedIn, text: str) -> None:
    browser = signed_in(UserFactory())
    for name in ("person-list", "group-list", "organization-list"):
        assert browser.get(reverse(f"directory:{name}"), {"q": text}).status_code == 200


def test_a_search_without_a_letter_finds_nobody(signed_in: SignedIn) -> None:
    page = text_of(signed_in(UserFactory(given_name="Zébulon")).get(reverse("directory:person-list"), {"q": "%"}))
    assert "Nobody found" in page


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "before=%F0%9F%A6%84",
        "after=W10",
        "kind=zzz",
        "organization=%3B",
        "group=" + "a" * 999,
        "after[]=1",
        "state=closed&state=open",
    ],
)
def test_a_strange_address_answers(signed_in: SignedIn, query: str) -> None:
    browser = signed_in(UserFactory())
    for name in ("person-list", "group-list", "organization-list"):
        assert browser.get(reverse(f"directory:{name}") + f"?{query}").status_code == 200


def test_pages_follow_each_other_without_loss(signed_in: SignedIn) -> None:
    for number in range(30):
        UserFactory(family_name=f"Same {number % 2}", given_name="Same")
    browser, seen, query = signed_in(UserFactory(family_name="Zz")), [], ""
    while True:
        answer = browser.get(reverse("directory:person-list") + query)
        seen += [person.pk for person in answer.context["page"]]
        if not (after := answer.context["page"].after):
            break
        query = f"?after={after}"
    assert len(seen) == len(set(seen)) == User.objects.count()


# --- Query counts ----------------------------------------------------------------------------------------------------
def count(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


def one_of_everything(organization: Organization, group: Group, viewer: User) -> None:
    """Add one more of each thing that the pages list."""
    person = UserFactory()
    MembershipFactory(group=group, user=person)
    MembershipFactory(group=group, user=person, starts_on="2010-01-01", ends_on="2011-01-01")
    MembershipFactory(group=group, user=person, starts_on="2900-01-01")
    PlaceFactory(organization=organization, user=person)
    MembershipFactory(group=GroupFactory(parent=group, organization=organization), user=person)
    MembershipFactory(group=GroupFactory(organization=organization), user=viewer)
    PlaceFactory(user=viewer)
    PlaceFactory(user=viewer, ended=True)
    OrganizationFactory(parent=organization)
    InvitationFactory(group=group, canonical=f"{uuid4().hex}@example.org")
    EmailDomainFactory(organization=organization)
    EmailDomainFactory(organization=organization, verified_at=None, proof="none")
    actions.edit_group(by=person, group=group, description=uuid4().hex)
    actions.edit_organization(by=person, organization=organization, acronym=uuid4().hex)
    actions.edit_profile(by=person, user=viewer, job_title=uuid4().hex)


PAGES: dict[str, Callable[[Organization, Group, User], str]] = {
    "people": lambda *_: reverse("directory:person-list"),
    "people of an organisation": lambda organization, *_: (
        reverse("directory:person-list") + f"?organization={organization.slug}"
    ),
    "people of a group": lambda _o, group, _v: reverse("directory:person-list") + f"?group={group.slug}",
    "people found": lambda *_: reverse("directory:person-list") + "?q=given",
    "a card": lambda _o, _g, viewer: viewer.get_absolute_url(),
    "organisations": lambda *_: reverse("directory:organization-list"),
    "an organisation": lambda organization, *_: organization.get_absolute_url(),
    "people to manage": lambda organization, *_: reverse("directory:organization-people", args=[organization.slug]),
    "domains": lambda organization, *_: reverse("directory:domain-list", args=[organization.slug]),
    "an organisation’s journal": lambda organization, *_: reverse(
        "directory:organization-journal", args=[organization.slug]
    ),
    "groups": lambda *_: reverse("directory:group-list"),
    "a group": lambda _o, group, _v: group.get_absolute_url(),
    "members to manage": lambda _o, group, _v: reverse("directory:group-people", args=[group.slug]),
    "a group’s journal": lambda _o, group, _v: reverse("directory:group-journal", args=[group.slug]),
    "a choice of people": lambda _o, group, _v: reverse("directory:membership-add", args=[group.slug]) + "?q=given",
    "a choice of groups": lambda _o, group, _v: reverse("directory:group-move", args=[group.slug]),
    "my journal": lambda *_: reverse("directory:my-events"),
}


@pytest.mark.parametrize("role", ["manager", "operator"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_the_same_number_of_queries_for_one_and_for_three(
    signed_in: SignedIn, page: str, role: str
) -> None:
    organization = OrganizationFactory()
    group = GroupFactory(organization=organization, parent=GroupFactory(organization=organization))
    viewer = UserFactory(is_operator=role == "operator")
    PlaceFactory(organization=organization, user=viewer, manager=True)
    browser, address = signed_in(viewer), PAGES[page](organization, group, viewer)
    one_of_everything(organization, group, viewer)
    with_one = count(browser, address)
    one_of_everything(organization, group, viewer)
    one_of_everything(organization, group, viewer)
    assert count(browser, address) == with_one
    assert with_one <= 26


# --- Who may do what -------------------------------------------------------------------------------------------------
FORMS_OF_GROUPS = [
    "group-edit",
    "group-move",
    "group-close",
    "group-people",
    "group-journal",
    "membership-add",
    "invitation-create",
]
FORMS_OF_ORGANIZATIONS = [
    "organization-edit",
    "organization-journal",
    "organization-people",
    "organization-member-add",
    "domain-list",
]


@pytest.mark.parametrize("name", FORMS_OF_GROUPS)
def test_only_managers_reach_what_manages_a_group(signed_in: SignedIn, name: str) -> None:
    membership, manager = MembershipFactory(), MembershipFactory(manager=True)
    address = reverse(f"directory:{name}", args=[manager.group.slug])
    for outsider in (UserFactory(), membership.user, MembershipFactory(group=manager.group).user):
        for answer in (signed_in(outsider).get(address), signed_in(outsider).post(address, {"name": "x"})):
            assert answer.status_code == (405 if answer.status_code == 405 else 403)
    assert signed_in(manager.user).get(address).status_code == 200
    hidden = GroupFactory(visibility="members")
    assert signed_in(UserFactory()).get(reverse(f"directory:{name}", args=[hidden.slug])).status_code == 404


@pytest.mark.parametrize("name", FORMS_OF_ORGANIZATIONS)
def test_only_managers_reach_what_manages_an_organisation(signed_in: SignedIn, name: str) -> None:
    manager, member = PlaceFactory(manager=True), PlaceFactory()
    address = reverse(f"directory:{name}", args=[manager.organization.slug])
    above = PlaceFactory(manager=True)
    Organization.objects.filter(pk=manager.organization_id).update(parent=above.organization)
    for outsider in (UserFactory(), member.user, PlaceFactory(organization=manager.organization).user, above.user):
        assert signed_in(outsider).get(address).status_code == 403
    assert signed_in(manager.user).get(address).status_code == 200


def test_what_belongs_to_others_does_not_exist(signed_in: SignedIn) -> None:
    browser = signed_in(MembershipFactory(manager=True).user)
    membership, invitation, place, domain = (
        MembershipFactory(),
        InvitationFactory(),
        PlaceFactory(),
        EmailDomainFactory(),
    )
    things: list[tuple[str, Any]] = [
        ("membership-change", membership),
        ("membership-end", membership),
        ("invitation-resend", invitation),
        ("invitation-withdraw", invitation),
        ("organization-member-change", place),
        ("organization-member-end", place),
        ("domain-prove", domain),
        ("domain-remove", domain),
    ]
    for name, thing in things:
        address = reverse(f"directory:{name}", args=[thing.pk])
        assert browser.post(address).status_code == 404, name
    assert GroupMembership.objects.current().filter(pk=membership.pk).exists()
    assert Invitation.objects.get(pk=invitation.pk).is_pending
    assert EmailDomain.objects.filter(pk=domain.pk).exists()


@pytest.mark.parametrize(
    "name",
    [
        "membership-end",
        "invitation-resend",
        "invitation-withdraw",
        "organization-member-end",
        "domain-prove",
        "domain-remove",
    ],
)
def test_changes_are_never_made_by_a_get(signed_in: SignedIn, name: str) -> None:
    browser = signed_in(UserFactory(operator=True))
    assert browser.get(reverse(f"directory:{name}", args=[uuid4()])).status_code == 405


def test_only_operators_create_organisations(signed_in: SignedIn) -> None:
    address = reverse("directory:organization-create")
    data = {"name": "Agency", "kind": "operator", "country": "fr", "new_id": str(uuid4())}
    assert signed_in(PlaceFactory(manager=True).user).post(address, data).status_code == 403
    browser = signed_in(UserFactory(operator=True))
    for _twice in range(2):
        assert browser.post(address, data).status_code == 302
    assert Organization.objects.get(name="Agency").country == "FR"


# --- Managing a group, by the pages ----------------------------------------------------------------------------------
def test_a_manager_creates_a_sub_group_once(signed_in: SignedIn) -> None:
    manager = MembershipFactory(manager=True)
    browser, address = signed_in(manager.user), reverse("directory:group-create") + f"?parent={manager.group.slug}"
    drawn = browser.get(address).context["form"]
    data = {"name": "New team", "kind": "team", "visibility": "public", "new_id": drawn["new_id"].value()}
    for _twice in range(2):
        assert browser.post(address, data).status_code == 302
    group = Group.objects.get(name="New team")
    assert group.parent == manager.group
    assert group.memberships.get().user == manager.user
    assert browser.get(address).context["form"]["new_id"].value() != data["new_id"]


def test_a_manager_cannot_place_a_group_where_they_manage_nothing(signed_in: SignedIn) -> None:
    manager, elsewhere, organization = MembershipFactory(manager=True), GroupFactory(), OrganizationFactory()
    browser = signed_in(manager.user)
    data = {"name": "Bold", "kind": "team", "visibility": "public"}
    create = reverse("directory:group-create")
    assert browser.post(f"{create}?parent={elsewhere.slug}", data).status_code == 403
    assert browser.post(create, data).status_code == 200
    answer = browser.post(f"{create}?parent={manager.group.slug}", data | {"organization": organization.pk})
    assert "organization" in answer.context["form"].errors
    move = reverse("directory:group-move", args=[manager.group.slug])
    assert browser.post(move, {"parent": elsewhere.slug}).status_code == 403
    assert not Group.objects.filter(name="Bold").exists()
    assert Group.objects.get(pk=manager.group_id).parent is None


@pytest.mark.parametrize("parent", ["a\x00b", "\ud800", "x" * 9999, "../..", "é"])
def test_a_move_to_nonsense_is_not_found(signed_in: SignedIn, parent: str) -> None:
    group = GroupFactory()
    browser, address = signed_in(UserFactory(operator=True)), reverse("directory:group-move", args=[group.slug])
    # As multipart, which reaches the view undecoded; a lone surrogate cannot even be sent that way.
    data = {"parent": parent.encode("utf-8", "replace").decode()}
    assert browser.post(address, data).status_code == 404


def test_a_manager_adds_changes_and_ends_a_membership(signed_in: SignedIn) -> None:
    manager, person = MembershipFactory(manager=True), UserFactory(given_name="Zébulon")
    browser = signed_in(manager.user)
    add = reverse("directory:membership-add", args=[manager.group.slug])
    assert f"?person={person.pk}" in text_of(browser.get(add, {"q": "zebulon"}))
    data = {"role": "member", "starts_on": "2026-01-01", "ends_on": "", "note": ""}
    assert browser.post(f"{add}?person={person.pk}", data).status_code == 302
    membership = person.memberships.get()
    change = reverse("directory:membership-change", args=[membership.pk])
    refused = browser.post(change, data | {"ends_on": "2025-01-01"})
    assert "ends_on" in refused.context["form"].errors
    assert browser.post(change, data | {"role": "manager"}).status_code == 302
    assert person.memberships.get().is_manager
    assert browser.post(reverse("directory:membership-end", args=[membership.pk])).status_code == 302
    assert not person.memberships.current().exists()


@pytest.mark.parametrize("person", ["nonsense", "00000000-0000-7000-8000-000000000000", "hidden", "suspended"])
def test_only_people_whom_one_sees_can_be_added(signed_in: SignedIn, person: str) -> None:
    manager = MembershipFactory(manager=True)
    people = {"hidden": UserFactory(discreet=True), "suspended": UserFactory(suspended=True)}
    identifier = str(people[person].pk) if person in people else person
    add = reverse("directory:membership-add", args=[manager.group.slug])
    answer = signed_in(manager.user).post(f"{add}?person={identifier}", {"role": "member", "starts_on": "2026-01-01"})
    assert answer.status_code in {200, 404}
    assert GroupMembership.objects.count() == 1


def test_a_manager_invites_sends_again_and_withdraws(signed_in: SignedIn) -> None:
    manager = MembershipFactory(manager=True)
    browser = signed_in(manager.user)
    address = reverse("directory:invitation-create", args=[manager.group.slug])
    for wrong in ("", "nobody", "a@b", "a\x0bb@example.org"):
        assert browser.post(address, {"address": wrong, "role": "member"}).status_code == 200
    assert browser.post(address, {"address": "new@example.org", "role": "member"}).status_code == 302
    invitation = Invitation.objects.get()
    assert "new@example.org" in text_of(browser.get(reverse("directory:group-people", args=[manager.group.slug])))
    browser.post(reverse("directory:invitation-resend", args=[invitation.pk]))
    assert Message.objects.filter(to="new@example.org").count() == 2
    browser.post(reverse("directory:invitation-withdraw", args=[invitation.pk]))
    assert not Invitation.objects.get().is_pending


def test_a_person_leaves_a_group(signed_in: SignedIn) -> None:
    membership = MembershipFactory()
    browser, address = signed_in(membership.user), reverse("directory:group-leave", args=[membership.group.slug])
    assert "Leave" in text_of(browser.get(address))
    browser.post(address)
    assert not GroupMembership.objects.current().exists()


def test_a_group_is_edited_moved_and_closed(signed_in: SignedIn) -> None:
    above, below = GroupFactory(name="Above"), GroupFactory(name="Below")
    browser = signed_in(UserFactory(operator=True))
    data = {"name": "Renamed", "kind": "jury", "description": "", "organization": "", "visibility": "members"}
    assert browser.post(reverse("directory:group-edit", args=[below.slug]), data).status_code == 302
    browser.post(reverse("directory:group-move", args=[below.slug]), {"parent": above.slug})
    below.refresh_from_db()
    assert (below.name, below.kind, below.visibility, below.parent) == ("Renamed", "jury", "members", above)
    browser.post(reverse("directory:group-move", args=[above.slug]), {"parent": below.slug})
    assert Group.objects.get(pk=above.pk).parent is None
    assert "open sub-groups" in text_of(browser.get(reverse("directory:group-close", args=[above.slug])))
    browser.post(reverse("directory:group-close", args=[below.slug]))
    assert Group.objects.get(pk=below.pk).closed_on
    assert "This group is closed" in text_of(browser.get(below.get_absolute_url()))


def test_the_organisation_of_a_manager_is_edited(signed_in: SignedIn) -> None:
    manager = PlaceFactory(manager=True)
    address = reverse("directory:organization-edit", args=[manager.organization.slug])
    data = {"name": "Renamed", "kind": "central", "country": "FR", "siret": "73282932000075"}
    browser = signed_in(manager.user)
    assert "siret" in browser.post(address, data).context["form"].errors
    assert browser.post(address, data | {"siret": "732 829 320 00074"}).status_code == 302
    organization = Organization.objects.get()
    assert (organization.name, organization.siret) == ("Renamed", "73282932000074")


def test_a_manager_claims_a_domain_and_an_operator_sets_it(signed_in: SignedIn) -> None:
    manager = PlaceFactory(manager=True)
    address = reverse("directory:domain-list", args=[manager.organization.slug])
    browser = signed_in(manager.user)
    assert "domain" in browser.post(address, {"domain": "gmail.com"}).context["form"].errors
    browser.post(address, {"domain": "ministry.example", "set": "1"})
    domain = EmailDomain.objects.get()
    assert domain.verified_at is None, "a manager’s word is no proof"
    page = text_of(browser.get(address))
    assert domain.dns_record in page
    assert "_parvis.ministry.example" in page
    signed_in(UserFactory(operator=True)).post(address, {"domain": "ministry.example", "set": "1"})
    domain.refresh_from_db()
    assert domain.proof == "operator"
    browser.post(reverse("directory:domain-remove", args=[domain.pk]))
    assert not EmailDomain.objects.exists()


def test_managers_read_the_journal_of_their_organisation_and_not_how_its_people_sign_in(signed_in: SignedIn) -> None:
    from parvis.audit.journal import record
    from parvis.audit.tags import Tag

    manager = PlaceFactory(manager=True, user__given_name="Zébulon")
    person = PlaceFactory(organization=manager.organization, user__given_name="Ada").user
    actions.edit_organization(by=manager.user, organization=manager.organization, acronym="MM")
    record(tag=Tag.SIGNED_IN, by=person, person=person, organization=manager.organization)
    page = text_of(
        signed_in(manager.user).get(reverse("directory:organization-journal", args=[manager.organization.slug]))
    )
    assert "edited the organisation" in page
    assert "Ada" not in page
