"""Creating an account for somebody who has just proven a mailbox."""

from django.db import transaction

from parvis.directory.actions.emails import join_organization_by_domain
from parvis.directory.actions.people import create_user
from parvis.directory.exceptions import AddressTakenError
from parvis.directory.models import Email, User


def create_account(*, address: str, given_name: str, family_name: str, language: str) -> tuple[User, bool]:
    """Create the person of a proven address; return them and whether they are new.

    The organisation that has proven the address's domain takes them in. Of two parallel requests, one creates the
    account and the other finds it.
    """
    try:
        with transaction.atomic():
            user = create_user(
                by=None,
                given_name=given_name,
                family_name=family_name,
                language=language,
                confirmed_address=address,
            )
            join_organization_by_domain(by=user, user=user, address=address)
    except AddressTakenError:
        holder = Email.objects.holder_of(address)
        if holder is None:
            raise
        return holder.user, False
    return user, True
