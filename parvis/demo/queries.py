"""Whether the fictional network is here, and who is worth signing in as."""

from dataclasses import dataclass

from parvis.demo.story import ids
from parvis.demo.story.people import FREE_MAILBOX, OPERATOR, PEOPLE, SIGN_IN_AS
from parvis.demo.story.places import ORGANIZATIONS
from parvis.directory.models import User


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody to sign in as."""

    name: str
    address: str
    why: str


def is_here() -> bool:
    """Say whether the network was told in this database."""
    return bool(User.objects.filter(pk=ids.named("person", OPERATOR)).exists())


def is_database_empty() -> bool:
    """Say whether nobody is in the directory."""
    return not User.objects.exists()


def address_of(key: str, organization: str) -> str:
    """Return a person's address."""
    domain = next((story.domain for story in ORGANIZATIONS if story.key == organization), FREE_MAILBOX)
    return f"{key}@{domain}"


def visitors() -> list[Visitor]:
    """Return who is worth signing in as."""
    people = {person.key: person for person in PEOPLE}
    return [
        Visitor(f"{people[key].given_name} {people[key].family_name}", address_of(key, people[key].organization), why)
        for key, why in SIGN_IN_AS
    ]
