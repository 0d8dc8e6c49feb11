"""One of everything, and three who ask: a visitor, a person who looks after a group, an operator."""

from dataclasses import dataclass

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.accounts.actions import factors
from parvis.accounts.models import Passkey, Session, Totp
from parvis.audit.journal import record
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.actions.invitations import token_for
from parvis.directory.models import Email, Group, GroupMembership, Organization, User
from parvis.home.models import LegalPage
from parvis.mail.models import Message
from parvis.oidc.actions.registrations import LIFETIME
from parvis.oidc.farewell import Farewell
from parvis.oidc.models import Consent, Grant, InitialAccessToken, SigningKey
from parvis.portfolio.models import Product, ProductIncubator
from parvis.suite.models import ScopeRequest
from tests.accounts.conftest import in_parallel
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
from tests.factories.oidc import Application as Protocol
from tests.factories.oidc import make_client
from tests.factories.portfolio import (
    CommitteeFactory,
    CommitteePaperFactory,
    DecisionFactory,
    DeploymentFactory,
    HandOffItemFactory,
    IncubatorFactory,
    ProductFactory,
    ReviewFactory,
)
from tests.factories.suite import ApplicationFactory
from tests.hostile.knocking import Knocker
from tests.oidc.conftest import forget_memories, signing_keys

__all__ = ["forget_memories", "in_parallel", "signing_keys"]


@dataclass
class World:
    """What exists, and who asks for it."""

    person: User
    operator: User
    group: Group
    organization: Organization
    known: dict[str, str]

    def knockers(self) -> dict[str, Knocker]:
        """Return the three browsers; the operator's console is open."""
        browsers = {"visitor": Client(), "person": Client(), "operator": Client()}
        browsers["person"].force_login(self.person)
        browsers["operator"].force_login(self.operator)
        browsers["operator"].post(reverse("admin:open"))
        return {name: Knocker(browser, name) for name, browser in browsers.items()}


def _portfolio() -> dict[str, str]:
    """Make a product with code, in an incubator."""
    product = ProductFactory(key="known-product", phase="construction", repository="https://code.example")
    incubator = IncubatorFactory(key="known-incubator")
    ProductIncubator.objects.create(product=product, incubator=incubator, raw_key=incubator.key, is_main=True)
    of_products = ("portfolio/products/", "api/v1/products/", "api/v3/startups/")
    of_incubators = ("portfolio/incubators/", "api/v1/incubators/")
    keys = dict.fromkeys(of_products, product.key) | dict.fromkeys(of_incubators, incubator.key)
    committee = CommitteeFactory(incubator=incubator)
    paper = CommitteePaperFactory(committee=committee)
    return (
        keys
        | _parts_of(product)
        | {
            "api/v2.7/": "startups.json",
            "portfolio/committees/": str(committee.pk),
            "portfolio/papers/": str(paper.pk),
            "portfolio/decisions/": product.key,
            "portfolio/figures/": "flow",
            "portfolio/incubators/<str:key>/<slug:what>.csv": f"portfolio/incubators/{incubator.key}/phases.csv",
            "portfolio/reviews/": str(ReviewFactory(product=product).pk),
        }
    )


def _parts_of(product: Product) -> dict[str, str]:
    """Make a row of what a product's team tells, and name it for the routes that take several words."""
    base, known = "portfolio/products/<str:key>", f"portfolio/products/{product.key}"
    row, item = DeploymentFactory(product=product), HandOffItemFactory(hand_off__product=product)
    decision = DecisionFactory(product=product)
    kinds = f"{base}/data/<slug:kind>"
    rows = {f"{kinds}{end}": f"{known}/data/deployments{end}" for end in ("/", "/add/", "/import/", "/template.csv")}
    rows |= {f"{kinds}/<uuid:pk>{end}": f"{known}/data/deployments/{row.pk}{end}" for end in ("/", "/remove/")}
    near = f"{known}/similar/product/{ProductFactory(phase='construction').pk}/"
    return rows | {
        f"{base}/similar/<str:kind>/<uuid:pk>/": near,
        f"{base}/<str:what>.csv": f"{known}/phases.csv",
        f"{base}/edit/<slug:part>/": f"{known}/edit/links/",
        f"{base}/decisions/<uuid:pk>/correct/": f"{known}/decisions/{decision.pk}/correct/",
        f"{base}/hand-off/<uuid:pk>/": f"{known}/hand-off/{item.pk}/",
    }


def _account_of(user: User) -> dict[str, str]:
    """Give a person one of each thing that their account pages look after."""
    passkey = Passkey.objects.create(user=user, name="Key", credential_id=user.pk.bytes, public_key=b"k")
    Totp.objects.create(user=user, sealed_secret=Totp.seal(factors.new_totp_secret()))
    spare: Email = EmailFactory(user=user, address="spare@example.org", is_primary=False, verified_at=None)
    Client().force_login(user)
    return {
        "account/passkeys/": str(passkey.pk),
        "account/emails/": str(spare.pk),
        "account/sessions/": str(Session.objects.filter(user=user)[0].sid),
    }


def _protocol_of(user: User) -> dict[str, str]:
    """Give a person an application that they signed in to."""
    protocol = Protocol(make_client()).sign_in_as(user)
    protocol.tokens(scope="openid email")
    consent = Consent.objects.create(user=user, client=protocol.client, scope="openid email")
    return {
        "account/applications/": str(protocol.client.pk),
        "oidc/signed-out/": Farewell(protocol.session.sid, user.pk).reference,
        "console/oidc/client/": str(protocol.client.pk),
        "console/oidc/grant/": str(Grant.objects.get(user=user).pk),
        "console/oidc/consent/": str(consent.pk),
        "console/oidc/signingkey/": str(SigningKey.objects.all()[0].pk),
        "console/accounts/session/": str(Session.objects.filter(user=user)[0].pk),
    }


@pytest.fixture
def world(signing_keys: None) -> World:
    """One of everything that an address can name, by the beginning of the addresses that name it."""
    operator: User = UserFactory(address="operator@example.org", operator=True)
    person: User = UserFactory(address="person@example.org")
    group: Group = GroupFactory()
    organization: Organization = OrganizationFactory()
    MembershipFactory(group=group, user=person, manager=True)
    member: GroupMembership = MembershipFactory(group=group)
    place = PlaceFactory(organization=organization, user=person, manager=True)
    invitation = InvitationFactory(group=group, invited_by=person)
    mail = Message.objects.create(to="a@example.org", template="t", language="en", subject="S", state="kept")
    picture = default_storage.save("photos/face.webp", ContentFile(b"RIFF"))
    default_storage.save("logos/face.webp", ContentFile(b"RIFF"))
    application = ApplicationFactory(owner=group, signs_in=True)
    asked = ScopeRequest.objects.create(application=application, by=person, scopes=["phone"], reason="To call.")
    token = InitialAccessToken.objects.create(digest="d" * 64, name="A team", expires_at=timezone.now() + LIFETIME)
    known = {
        "people/": str(member.user.pk),
        "groups/": group.slug,
        "organizations/": organization.slug,
        "organization-people/": str(place.pk),
        "domains/": str(EmailDomainFactory(organization=organization).pk),
        "memberships/": str(member.pk),
        "invitations/": str(invitation.pk),
        "invitation/": token_for(invitation),
        "apps/": application.slug,
        "apps/requests/": str(asked.pk),
        "apps/registration-tokens/": str(token.pk),
        "legal/": "privacy",
        "dev/mail/": str(mail.pk),
        "media/": picture.removeprefix("photos/").removesuffix(".webp"),
        "ending": "webp",
        "console/home/legalpage/": str(LegalPage.objects.create(slug="privacy", language="en", body="Text").pk),
        "console/r/": "1",
    }
    known |= _account_of(operator) | _protocol_of(operator) | _portfolio()
    record(tag=Tag.SIGNED_IN, by=operator, person=operator)
    known["console/audit/event/"] = str(Event.objects.get().pk)
    return World(person, operator, group, organization, known)
