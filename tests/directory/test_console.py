"""The directory in the operator console: every change is an action's, and so is in the journal."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from parvis.accounts.console.threshold import SEEN_AT
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.models import EmailDomain, Group, GroupMembership, Organization, OrganizationMembership, User
from tests.directory.conftest import SignedIn
from tests.factories.directory import (
    EmailDomainFactory,
    EmailFactory,
    GroupFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    PlaceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NO_ROWS = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}


@pytest.fixture
def operator() -> User:
    return UserFactory(operator=True, given_name="Olivia")


@pytest.fixture
def console(signed_in: SignedIn, operator: User) -> Client:
    browser = signed_in(operator)
    session = browser.session
    session[SEEN_AT] = time.time()
    session.save()
    return browser


def inlines(*names: str) -> dict[str, str]:
    return {f"{name}-{key}": value for name in names for key, value in NO_ROWS.items()}


def add(console: Client, model: str, data: dict[str, Any]) -> Any:
    return console.post(reverse(f"admin:{model}_add"), data)


def act(console: Client, name: str, *people: User, **more: str) -> Any:
    data = {"action": name, "_selected_action": [str(person.pk) for person in people], **more}
    return console.post(reverse("admin:directory_user_changelist"), data)


MODELS: dict[str, Callable[[], Any]] = {
    "directory_user": lambda: UserFactory(address="x@example.org"),
    "directory_email": EmailFactory,
    "directory_organization": OrganizationFactory,
    "directory_emaildomain": EmailDomainFactory,
    "directory_organizationmembership": PlaceFactory,
    "directory_group": GroupFactory,
    "directory_groupmembership": MembershipFactory,
    "directory_invitation": InvitationFactory,
}


@pytest.mark.parametrize("model", MODELS)
def test_each_list_and_page_opens(console: Client, model: str) -> None:
    row = MODELS[model]()
    for text in ("", "x@example.org", "given", "ministry.example", "é%"):
        assert console.get(reverse(f"admin:{model}_changelist"), {"q": text}).status_code == 200
    assert console.get(reverse(f"admin:{model}_change", args=[row.pk])).status_code == 200
    history: Any = console.get(reverse(f"admin:{model}_history", args=[row.pk]))
    assert history.url.startswith(reverse("admin:audit_event_changelist"))


@pytest.mark.parametrize("model", ["audit_event", "mail_message", "directory_sourcerecord"])
def test_what_is_only_read_opens_and_takes_nothing(console: Client, model: str) -> None:
    InvitationFactory()
    assert console.get(reverse(f"admin:{model}_changelist"), {"q": "x"}).status_code == 200
    assert console.get(reverse(f"admin:{model}_add")).status_code == 403


def test_the_journal_is_found_by_a_person(console: Client, operator: User) -> None:
    user = UserFactory()
    act(console, "suspend", user)
    page = console.get(reverse("admin:audit_event_changelist"), {"q": str(user.pk)}).content.decode()
    assert "suspended the account of" in page
    event = Event.objects.get(tag=Tag.USER_SUSPENDED)
    assert event.by_id == operator.pk
    assert console.get(reverse("admin:audit_event_change", args=[event.pk])).status_code == 200
    assert console.post(reverse("admin:audit_event_delete", args=[event.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", [name for name in MODELS if name != "directory_emaildomain"])
def test_nothing_is_deleted(console: Client, model: str) -> None:
    row = MODELS[model]()
    assert console.post(reverse(f"admin:{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_an_account_is_created_with_its_address(console: Client, operator: User) -> None:
    data = {
        "given_name": "Léa",
        "family_name": "Martin",
        "job_title": "",
        "language": "fr",
        "confirmed_address": "lea@example.org",
    }
    assert add(console, "directory_user", data).status_code == 302
    user = User.objects.get(given_name="Léa")
    assert user.emails.get().is_primary
    assert Event.objects.get(tag=Tag.USER_CREATED).by_id == operator.pk
    assert add(console, "directory_user", data | {"given_name": "Twin"}).status_code == 302
    assert not User.objects.filter(given_name="Twin").exists(), "the address is taken: nothing was created"


def test_a_profile_is_edited_and_recorded(console: Client) -> None:
    user = UserFactory(given_name="Before", state=User.State.ACTIVE)
    data = {
        "given_name": "After",
        "family_name": user.family_name,
        "language": "en",
        "time_zone": "Europe/Paris",
        "card_audience": "network",
        "email_audience": "teams",
        "phone_audience": "nobody",
        "state": "anonymised",
        "is_operator": "on",
        **inlines("emails", "organization_memberships", "memberships"),
    }
    assert console.post(reverse("admin:directory_user_change", args=[user.pk]), data).status_code == 302
    user.refresh_from_db()
    assert (user.given_name, user.state, user.is_operator) == ("After", User.State.ACTIVE, False)
    assert Event.objects.get(tag=Tag.USER_EDITED).data == {"fields": ["given_name"]}
    assert not LogEntry.objects.exists()


def test_people_are_suspended_reactivated_and_made_operators(console: Client, operator: User) -> None:
    user = UserFactory()
    for name in ("suspend", "reactivate", "make_operator", "revoke_operator"):
        act(console, name, user)
    tags = list(Event.objects.about(user.pk).order_by("id").values_list("tag", flat=True))
    assert tags == [Tag.USER_SUSPENDED, Tag.USER_REACTIVATED, Tag.OPERATOR_ADDED, Tag.OPERATOR_REMOVED]
    for name in ("suspend", "revoke_operator", "erase"):
        act(console, name, operator, confirmed="1")
    operator.refresh_from_db()
    assert operator.is_staff


def test_an_erasure_is_confirmed_first(console: Client) -> None:
    user = UserFactory()
    page = act(console, "erase", user)
    assert "Erase for good" in page.content.decode()
    user.refresh_from_db()
    assert user.is_active
    act(console, "erase", user, confirmed="1")
    user.refresh_from_db()
    assert user.state == User.State.ANONYMISED


def test_an_organisation_is_created_edited_and_given_a_domain(console: Client) -> None:
    data = {"name": "Agency", "acronym": "", "kind": "operator", "parent": "", "country": "FR", "website": ""}
    assert add(console, "directory_organization", data | inlines("identifiers", "email_domains")).status_code == 302
    organization = Organization.objects.get()
    assert organization.slug == "agency"
    change = reverse("admin:directory_organization_change", args=[organization.pk])
    console.post(change, data | {"acronym": "AG"} | inlines("identifiers", "email_domains"))
    add(console, "directory_emaildomain", {"organization": organization.pk, "domain": "agency.example"})
    domain = EmailDomain.objects.get()
    assert domain.proof == EmailDomain.Proof.OPERATOR
    assert (
        add(console, "directory_emaildomain", {"organization": organization.pk, "domain": "gmail.com"}).status_code
        == 200
    )
    console.post(reverse("admin:directory_emaildomain_delete", args=[domain.pk]), {"post": "yes"})
    tags = list(Event.objects.within(organization.pk).order_by("id").values_list("tag", flat=True))
    assert tags == [
        Tag.ORGANIZATION_CREATED,
        Tag.ORGANIZATION_EDITED,
        Tag.DOMAIN_ADDED,
        Tag.DOMAIN_VERIFIED,
        Tag.DOMAIN_REMOVED,
    ]


def test_a_group_is_created_moved_and_never_put_under_itself(console: Client) -> None:
    data = {
        "name": "Team",
        "kind": "team",
        "description": "",
        "organization": "",
        "parent": "",
        "visibility": "network",
    }
    assert add(console, "directory_group", data).status_code == 302
    group, above = Group.objects.get(name="Team"), GroupFactory()
    change = reverse("admin:directory_group_change", args=[group.pk])
    console.post(change, data | {"parent": above.pk, "name": "Renamed"})
    group.refresh_from_db()
    assert (group.parent, group.name) == (above, "Renamed")
    answer = console.post(reverse("admin:directory_group_change", args=[above.pk]), data | {"parent": group.pk})
    assert answer.status_code == 302
    assert Group.objects.get(pk=above.pk).parent is None


def test_memberships_are_added_and_changed(console: Client) -> None:
    user, group, organization = UserFactory(), GroupFactory(), OrganizationFactory()
    data = {"user": user.pk, "role": "manager", "starts_on": "2026-01-01", "ends_on": ""}
    add(console, "directory_groupmembership", data | {"group": group.pk, "note": ""})
    add(console, "directory_organizationmembership", data | {"organization": organization.pk, "job_title": "Lead"})
    membership, place = GroupMembership.objects.get(), OrganizationMembership.objects.get()
    change = {"role": "member", "starts_on": "2026-01-01", "ends_on": "2999-01-01"}
    console.post(reverse("admin:directory_groupmembership_change", args=[membership.pk]), change | {"note": ""})
    console.post(
        reverse("admin:directory_organizationmembership_change", args=[place.pk]), change | {"job_title": "Lead"}
    )
    tags = set(Event.objects.about(user.pk).values_list("tag", flat=True))
    assert tags == {
        Tag.MEMBERSHIP_STARTED,
        Tag.MEMBERSHIP_CHANGED,
        Tag.ORGANIZATION_MEMBER_ADDED,
        Tag.ORGANIZATION_MEMBER_CHANGED,
    }
    add(console, "directory_groupmembership", data | {"group": group.pk, "starts_on": "2026-03-01", "note": ""})
    assert GroupMembership.objects.count() == 1, "they would overlap"


def test_mails_are_listed_without_what_they_say(console: Client) -> None:
    from parvis.mail.models import Message

    message = Message.objects.create(
        to="a@example.org", template="t", language="en", subject="s", text="code 1234 5678"
    )
    for address in (reverse("admin:mail_message_changelist"), reverse("admin:mail_message_change", args=[message.pk])):
        assert "1234 5678" not in console.get(address).content.decode()


def test_managers_do_not_reach_the_console(signed_in: SignedIn) -> None:
    browser = signed_in(PlaceFactory(manager=True).user)
    assert browser.get(reverse("admin:directory_user_changelist")).status_code in {302, 403}
