"""People and organisations of the story."""

from datetime import datetime
from typing import Any

from parvis.audit.tags import Tag
from parvis.demo.actions.telling import Telling, arrival, made
from parvis.demo.queries import address_of
from parvis.demo.story import ids
from parvis.demo.story.people import OPERATOR, PEOPLE, PersonStory
from parvis.demo.story.places import ORGANIZATIONS
from parvis.directory.models import Email, EmailDomain, Organization, RegistryIdentifier, User
from parvis.lib import email_address


def tell_people(telling: Telling) -> None:
    """Make the people, their addresses and their events."""

    def person(story: PersonStory) -> User:
        return User(
            id=ids.named("person", story.key),
            given_name=story.given_name,
            family_name=story.family_name,
            job_title=story.job_title,
            phone_number=story.phone_number,
            phone_audience=User.Audience.NETWORK if story.phone_number else User.Audience.NOBODY,
            language=story.language,
            state=story.state,
            is_operator=story.is_operator,
            created_at=arrival(telling.calendar, story),
        )

    made([(story.key, person(story)) for story in PEOPLE], telling.people)
    emails = []
    for story in PEOPLE:
        user, at = telling.people[story.key], arrival(telling.calendar, story)
        telling.journal(at, Tag.USER_CREATED, by=story.key, target=user, person=user)
        if story.state == User.State.ANONYMISED:
            gone = telling.calendar.moment(-180, story.key)
            telling.journal(gone, Tag.USER_ANONYMISED, by=story.key, target=user, person=user)
            continue
        email = _email(user, address_of(story.key, story.organization), at)
        emails.append(email)
        telling.journal(at, Tag.EMAIL_VERIFIED, by=story.key, target=email, person=user)
        if story.state == User.State.SUSPENDED:
            at = telling.calendar.moment(-38, story.key)
            telling.journal(at, Tag.USER_SUSPENDED, by=OPERATOR, target=user, person=user)
    Email.objects.bulk_create(emails)


def _email(user: User, address: str, at: datetime) -> Email:
    canonical = email_address.canonical(address)
    return Email(
        id=ids.named("email", address),
        user=user,
        address=address,
        canonical=canonical,
        domain=email_address.domain_of(canonical),
        verified_at=at,
        is_primary=True,
        created_at=at,
    )


def tell_organizations(telling: Telling) -> None:
    """Make the organisations, their domains and their numbers."""
    rows: list[tuple[str, Organization]] = []
    for story in ORGANIZATIONS:
        organization = Organization(
            id=ids.named("organization", story.key),
            slug=story.key,
            name=story.name,
            acronym=story.acronym,
            kind=story.kind,
            country=story.country,
            parent_id=ids.named("organization", story.parent) if story.parent else None,
            website=f"https://{story.domain}/",
            created_at=telling.calendar.moment(-410, story.key),
        )
        rows.append((story.key, organization))
    made(rows, telling.organizations)
    domains, numbers = [], []
    for story in ORGANIZATIONS:
        organization, at = telling.organizations[story.key], telling.calendar.moment(-405, story.domain)
        domains.append(
            EmailDomain(
                id=ids.named("domain", story.domain),
                organization=organization,
                domain=story.domain,
                proof=EmailDomain.Proof.OPERATOR,
                token=ids.named("token", story.domain).hex,
                verified_at=at,
                created_at=at,
            )
        )
        if story.siret:
            siret = {"scheme": RegistryIdentifier.Scheme.SIRET, "value": story.siret}
            numbers.append(RegistryIdentifier(id=ids.named("siret", story.siret), organization=organization, **siret))
        about: dict[str, Any] = {"organization": organization}
        made_at = organization.created_at
        telling.journal(made_at, Tag.ORGANIZATION_CREATED, by=OPERATOR, target=organization, **about)
        proof = {"domain": story.domain, "proof": "operator"} | about
        telling.journal(at, Tag.DOMAIN_VERIFIED, by=OPERATOR, target=organization, **proof)
    EmailDomain.objects.bulk_create(domains)
    RegistryIdentifier.objects.bulk_create(numbers)
