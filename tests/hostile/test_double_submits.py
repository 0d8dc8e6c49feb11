"""Each form that makes something, sent several times at once: one thing is made, and every answer is clear.

People press a button twice, browsers send a form again, and two tabs are open: none of it may make two of anything.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.actions.invitations import token_for
from parvis.directory.models import (
    Email,
    EmailDomain,
    Group,
    GroupMembership,
    Invitation,
    Organization,
    OrganizationMembership,
    User,
)
from parvis.mail.models import Message
from parvis.oidc.models import Client as OidcClient
from parvis.oidc.models import Consent, Grant
from parvis.suite.models import Application, Entitlement, Pin
from tests.factories.directory import (
    GroupFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    PlaceFactory,
    UserFactory,
)
from tests.factories.oidc import Application as Protocol
from tests.factories.oidc import make_client
from tests.factories.suite import ApplicationFactory

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 4
Parallel = Callable[[Callable[[], Any], int], list[Any]]
_HIDDEN = re.compile(r'name="new_id" value="([^"]+)"')


class Sender:
    """A browser whose tabs send the same form at once."""

    def __init__(self, in_parallel: Parallel, user: User) -> None:
        self.in_parallel = in_parallel
        self.browser = Client(headers={"accept-language": "en"})
        self.browser.force_login(user)
        self.cookie = self.browser.cookies[settings.SESSION_COOKIE_NAME].value

    def new_id(self, path: str) -> str:
        """Return the identifier that a form was drawn with."""
        found = _HIDDEN.search(self.browser.get(path).text)
        assert found, f"{path} has no new_id"
        return found[1]

    def send(self, path: str, fields: dict[str, Any]) -> list[Any]:
        """Send a form from several tabs; no answer may be an error of ours."""

        def once() -> Any:
            tab = Client(raise_request_exception=False, headers={"accept-language": "en"})
            tab.cookies[settings.SESSION_COOKIE_NAME] = self.cookie
            return tab.post(path, fields)

        answers = self.in_parallel(once, TIMES)
        errors = [getattr(answer, "exc_info", None) for answer in answers if answer.status_code >= 500]
        assert not errors, errors
        assert any(answer.status_code in {200, 302, 303} for answer in answers)
        return answers


def count(model: type[Model], **conditions: Any) -> int:
    """Return how many rows there are."""
    return model._default_manager.filter(**conditions).count()


@pytest.fixture
def manager(in_parallel: Parallel) -> User:
    """Somebody who looks after a group and an organisation."""
    user: User = UserFactory(address="manager@example.org")
    MembershipFactory(group=GroupFactory(slug="team"), user=user, manager=True)
    PlaceFactory(organization=OrganizationFactory(slug="agency"), user=user, manager=True)
    return user


@pytest.fixture
def sender(in_parallel: Parallel, manager: User) -> Sender:
    return Sender(in_parallel, manager)


def test_one_group(sender: Sender) -> None:
    path = f"{reverse('directory:group-create')}?parent=team"
    fields = {"name": "Écrits", "kind": "team", "visibility": "network", "new_id": sender.new_id(path)}
    ways = {answer.headers["Location"] for answer in sender.send(path, fields)}
    assert count(Group, name="Écrits") == 1
    assert len(ways) == 1
    assert count(Event, tag=Tag.GROUP_CREATED) == 1


def test_one_organization(in_parallel: Parallel) -> None:
    sender = Sender(in_parallel, UserFactory(operator=True, address="operator@example.org"))
    path = reverse("directory:organization-create")
    kind = Organization.Kind.values[0]
    fields = {"name": "Agency", "kind": kind, "country": "FR", "new_id": sender.new_id(path)}
    sender.send(path, fields)
    assert count(Organization, name="Agency") == 1


def test_one_membership_and_one_mail(sender: Sender) -> None:
    person = UserFactory(address="new@example.org")
    path = f"{reverse('directory:membership-add', args=['team'])}?person={person.pk}"
    sender.send(path, {"role": "member", "starts_on": timezone.localdate().isoformat(), "note": ""})
    assert count(GroupMembership, user=person) == 1
    assert count(Message, to="new@example.org") == 1
    assert count(Event, tag=Tag.MEMBERSHIP_STARTED, person_id=person.pk) == 1


def test_one_place_in_an_organization(sender: Sender) -> None:
    person = UserFactory(address="new@example.org")
    path = f"{reverse('directory:organization-member-add', args=['agency'])}?person={person.pk}"
    sender.send(path, {"role": "member", "starts_on": timezone.localdate().isoformat(), "job_title": "Designer"})
    assert count(OrganizationMembership, user=person) == 1


def test_one_invitation(sender: Sender) -> None:
    sender.send(reverse("directory:invitation-create", args=["team"]), {"address": "Lea@Example.org", "role": "member"})
    assert count(Invitation, canonical="lea@example.org") == 1
    assert count(Message, to="Lea@example.org") == 1


def test_one_membership_by_invitation(in_parallel: Parallel) -> None:
    person = UserFactory(address="lea@example.org")
    invitation = InvitationFactory(address="lea@example.org", canonical="lea@example.org")
    Sender(in_parallel, person).send(reverse("directory:invitation-accept", args=[token_for(invitation)]), {})
    assert count(GroupMembership, user=person) == 1
    assert count(Event, tag=Tag.INVITATION_ACCEPTED) == 1


def test_one_domain(sender: Sender) -> None:
    sender.send(reverse("directory:domain-list", args=["agency"]), {"domain": "agency.example"})
    assert count(EmailDomain, domain="agency.example") == 1


def test_one_address(sender: Sender, manager: User) -> None:
    sender.send(reverse("accounts:email-add"), {"email": "second@example.org", "address": "second@example.org"})
    assert count(Email, user=manager, is_primary=False) == 1


def test_one_end_of_a_membership(sender: Sender) -> None:
    membership = MembershipFactory(group=Group.objects.get(slug="team"))
    answers = sender.send(reverse("directory:membership-end", args=[membership.pk]), {})
    assert {answer.status_code for answer in answers} <= {302, 404}
    assert count(Event, tag=Tag.MEMBERSHIP_ENDED, person_id=membership.user_id) == 1


def test_one_application_and_one_client(sender: Sender, manager: User) -> None:
    path = reverse("suite:application-create")
    fields = {
        "name_fr": "Écrits",
        "description_fr": "Écrire à plusieurs.",
        "url": "https://ecrits.example.org/",
        "owner": str(Group.objects.get(slug="team").pk),
        "maturity": Application.Maturity.BETA,
        "audience": Application.Audience.NETWORK,
        "sign-in-kind": "server",
        "sign-in-redirect_uris": "https://ecrits.example.org/callback/",
        "sign-in-id_token_alg": "RS256",
        "sign-in-userinfo_alg": "none",
        "sign-in-scopes": ["openid"],
        "new_id": sender.new_id(path),
    }
    answers = sender.send(path, fields)
    assert (count(Application), count(OidcClient)) == (1, 1)
    assert sum("client_secret" in answer.text for answer in answers) == 1, [answer.text[:3000] for answer in answers]


def test_one_entitlement_and_one_pin(sender: Sender) -> None:
    application = ApplicationFactory(owner=Group.objects.get(slug="team"))
    sender.send(reverse("suite:entitlement-add", args=[application.slug]), {"organization": "agency"})
    assert count(Entitlement, application=application) == 1
    sender.send(reverse("suite:pin", args=[application.slug]), {})
    assert count(Pin, application=application) == 1


def test_one_agreement(sender: Sender, signing_keys: None, manager: User) -> None:
    protocol = Protocol(make_client(is_trusted=False), sender.browser)
    asked = protocol.authorize().context["request_query"]
    cookie = sender.browser.cookies["parvis_interaction"].value

    def once() -> Any:
        tab = Client(raise_request_exception=False)
        tab.cookies[settings.SESSION_COOKIE_NAME], tab.cookies["parvis_interaction"] = sender.cookie, cookie
        return tab.post(reverse("oidc:consent"), {"request": asked, "answer": "allow"})

    answers = sender.in_parallel(once, TIMES)
    assert {answer.status_code for answer in answers} == {200}
    assert count(Consent, user=manager) == 1
    assert count(Event, tag=Tag.CONSENT_GIVEN) == 1
    assert count(Grant, user=manager, code_used_at=None) <= TIMES


def test_one_erasure(in_parallel: Parallel) -> None:
    person = UserFactory(address="leaving@example.org")
    sender = Sender(in_parallel, person)
    path = reverse("directory:my-data-erase")
    fields = dict.fromkeys(sender.browser.get(path).context["form"].fields, "on")
    answers = sender.send(path, fields)
    assert {answer.status_code for answer in answers} <= {302, 403}
    person.refresh_from_db()
    assert person.state == User.State.ANONYMISED
    assert count(Event, tag=Tag.USER_ANONYMISED) == 1


def test_one_sign_out(sender: Sender, manager: User) -> None:
    sender.send(reverse("accounts:sign-out"), {})
    assert count(Event, tag=Tag.SIGNED_OUT) == 1
