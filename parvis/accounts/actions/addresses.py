"""A person's own addresses: what the directory does, and the mails that tell of it."""

from django.db import transaction

from parvis.accounts.actions.signing_in import tell
from parvis.directory.actions import emails as directory
from parvis.directory.models import Email, OrganizationMembership, User


@transaction.atomic
def confirm_address(*, by: User, address: str) -> OrganizationMembership | None:
    """Note that a person reads a mailbox; return their place in the organisation of its domain, if there is one.

    Raises DirectoryError when the address is another person's: only its reader learns it.
    """
    directory.confirm_email(by=by, user=by, address=address)
    tell(by, "accounts/mail/email-added", address=address)
    return directory.join_organization_by_domain(by=by, user=by, address=address)


@transaction.atomic
def make_primary(*, by: User, email: Email) -> None:
    """Change the main address; the one before is told, since it will not be any more. Raises DirectoryError."""
    if not email.is_primary:
        tell(by, "accounts/mail/email-primary", address=email.address)
        directory.make_email_primary(by=by, email=email)


@transaction.atomic
def remove_address(*, by: User, email: Email) -> None:
    """Remove an address. Raises DirectoryError."""
    directory.remove_email(by=by, email=email)
    if email.is_verified:
        tell(by, "accounts/mail/email-removed", address=email.address)
