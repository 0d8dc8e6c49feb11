"""Creating an account for somebody who has just proven a mailbox."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import Email, EmailDomain, OrganizationMembership, User


def create_account(*, address: str, given_name: str, family_name: str, language: str) -> tuple[User, bool]:
    """Create the person of a proven address; return them and whether they are new.

    The organisation that has proven the address's domain takes them in. Of two parallel requests one creates and the other
    finds the account.
    """
    try:
        with transaction.atomic():
            user = User(given_name=given_name, family_name=family_name, language=language)
            user.clean()
            user.save(force_insert=True)
            Email.objects.create(user=user, address=address, verified_at=timezone.now(), is_primary=True)
            journal.record(tag=Tag.USER_CREATED, by=user, target=user, person=user)
            organization = EmailDomain.objects.organization_for(address)
            if organization is not None:
                place = OrganizationMembership.objects.create(organization=organization, user=user)
                journal.record(
                    tag=Tag.ORGANIZATION_MEMBER_ADDED,
                    by=None,
                    target=place,
                    person=user,
                    organization=organization,
                    because="domain",
                )
            return user, True
    except IntegrityError:
        holder = Email.objects.holder_of(address)
        if holder is None:
            raise
        return holder.user, False
