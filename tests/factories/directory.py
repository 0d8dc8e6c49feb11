"""People, organisations and groups for tests."""

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone

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

ALWAYS = date(2020, 1, 1)


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    given_name = factory.Sequence(lambda number: f"Given{number}")
    family_name = factory.Sequence(lambda number: f"Family{number}")
    language = "en"

    @factory.post_generation
    def address(self: Any, create: bool, extracted: str | None, **_kwargs: Any) -> None:
        """`UserFactory(address="lea@example.org")` gives a confirmed main address."""
        if create and extracted:
            EmailFactory(user=self, address=extracted)

    class Params:
        operator = factory.Trait(is_operator=True)
        suspended = factory.Trait(state=User.State.SUSPENDED)
        discreet = factory.Trait(card_audience=User.Audience.TEAMS)


class EmailFactory(factory.django.DjangoModelFactory[Email]):
    class Meta:
        model = Email

    user = factory.SubFactory(UserFactory)
    address = factory.Sequence(lambda number: f"person{number}@example.org")
    verified_at = factory.LazyFunction(timezone.now)
    is_primary = True


class OrganizationFactory(factory.django.DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda number: f"Organisation {number}")
    slug = factory.Sequence(lambda number: f"organisation-{number}")


class EmailDomainFactory(factory.django.DjangoModelFactory[EmailDomain]):
    class Meta:
        model = EmailDomain

    organization = factory.SubFactory(OrganizationFactory)
    domain = factory.Sequence(lambda number: f"ministry{number}.example")
    token = "token-of-the-domain"
    proof = EmailDomain.Proof.DNS
    verified_at = factory.LazyFunction(timezone.now)


class GroupFactory(factory.django.DjangoModelFactory[Group]):
    class Meta:
        model = Group

    name = factory.Sequence(lambda number: f"Group {number}")
    slug = factory.Sequence(lambda number: f"group-{number}")


class MembershipFactory(factory.django.DjangoModelFactory[GroupMembership]):
    class Meta:
        model = GroupMembership

    group = factory.SubFactory(GroupFactory)
    user = factory.SubFactory(UserFactory)
    starts_on = ALWAYS

    class Params:
        manager = factory.Trait(role=GroupMembership.Role.MANAGER)
        ended = factory.Trait(ends_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)))


class PlaceFactory(factory.django.DjangoModelFactory[OrganizationMembership]):
    """A person's place in an organisation."""

    class Meta:
        model = OrganizationMembership

    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    starts_on = ALWAYS

    class Params:
        manager = factory.Trait(role=OrganizationMembership.Role.MANAGER)
        ended = factory.Trait(ends_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)))


class InvitationFactory(factory.django.DjangoModelFactory[Invitation]):
    class Meta:
        model = Invitation

    group = factory.SubFactory(GroupFactory)
    address = "Invited@Example.org"
    canonical = "invited@example.org"
    invited_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + Invitation.LIFETIME)
