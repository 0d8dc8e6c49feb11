"""The fictional people and organisations, made when an application first needs them."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from parvis.directory.models import Email, Organization, OrganizationMembership, RegistryIdentifier, User
from parvis.lib import email_address
from parvis.oidc.sandbox import PERSONAS, Persona, Place

_SINCE = date(2026, 1, 1)


@transaction.atomic
def ensure_people() -> None:
    """Make whoever is missing; a second call changes nothing."""
    known = set(User.everybody.filter(pk__in=[one.pk for one in PERSONAS]).values_list("pk", flat=True))
    for persona in PERSONAS:
        if persona.pk not in known:
            _make(persona)


def _make(persona: Persona) -> None:
    now = timezone.now()
    user = User(
        pk=persona.pk,
        given_name=persona.given_name,
        family_name=persona.family_name,
        phone_number=persona.phone_number,
        language=persona.language,
        is_fictional=True,
        card_audience="teams",
    )
    user.save(force_insert=True)
    address = email_address.canonical(persona.address)
    Email.objects.create(user=user, address=persona.address, canonical=address, verified_at=now, is_primary=True)
    for place in persona.places:
        organization = _organization(place)
        OrganizationMembership.objects.create(organization=organization, user=user, starts_on=_SINCE)


def _organization(place: Place) -> Organization:
    if found := Organization.everything.filter(pk=place.pk).first():
        return found
    made = Organization(
        pk=place.pk,
        slug=f"sandbox-{place.slug}",
        name=place.name,
        kind=place.kind,
        country=place.country,
        is_fictional=True,
    )
    made.save(force_insert=True)
    if place.siret:
        RegistryIdentifier.objects.create(organization=made, scheme="siret", value=place.siret)
    return made
