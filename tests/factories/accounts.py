"""People with ways to sign in."""

from django.utils import timezone

from parvis.directory.models import Email, User


def make_person(address: str = "ada@example.org", **fields: object) -> User:
    """Return a person whose main address this is."""
    values = {"given_name": "Ada", "family_name": "Lovelace", "language": "en"} | fields
    user: User = User.objects.create(**values)
    Email.objects.create(user=user, address=address, verified_at=timezone.now(), is_primary=True)
    return user
