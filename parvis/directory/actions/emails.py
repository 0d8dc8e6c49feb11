"""A person's addresses: added, confirmed, made the main one, removed; and the organisation that a domain proves."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory.exceptions import AddressTakenError, DirectoryError
from parvis.directory.models import Email, EmailDomain, Organization, OrganizationMembership, User
from parvis.lib import email_address

MAX_ADDRESSES = 10


@transaction.atomic
def add_email(*, by: User | None, user: User, address: str) -> Email:
    """Add an address that is still to be confirmed; it proves nothing, even when somebody else has confirmed it.

    So the answer is the same whether or not the address belongs to another person. Raises ValidationError.
    """
    user = _lock(user)
    canonical = email_address.canonical(address)
    if existing := user.emails.filter(canonical=canonical).first():
        return existing
    if user.emails.count() >= MAX_ADDRESSES:
        raise DirectoryError(_("You have as many addresses as an account can have. Remove one first."))
    email = Email.objects.create(user=user, address=address)
    record(tag=Tag.EMAIL_ADDED, by=by, target=email, person=user)
    return email


@transaction.atomic
def confirm_email(*, by: User | None, user: User, address: str) -> Email:
    """Note that the person reads this mailbox. The first confirmed address becomes the main one.

    Unconfirmed copies of the address at other accounts disappear. Raises AddressTakenError when another person has
    confirmed it, and ValidationError.
    """
    user = _lock(user)
    canonical = email_address.canonical(address)
    email = user.emails.filter(canonical=canonical).first() or Email(user=user, address=address)
    if email.verified_at is not None:
        return email
    taken = AddressTakenError(_("This address belongs to another account. Sign in with it, or write to the operators."))
    if Email.objects.filter(canonical=canonical, verified_at__isnull=False).exists():
        raise taken
    email.verified_at = timezone.now()
    email.is_primary = not user.emails.filter(is_primary=True).exists()
    try:
        with transaction.atomic():
            email.save()
    except IntegrityError as error:
        raise taken from error
    Email.objects.filter(canonical=canonical, verified_at__isnull=True).delete()
    record(tag=Tag.EMAIL_VERIFIED, by=by, target=email, person=user)
    return email


@transaction.atomic
def make_email_primary(*, by: User | None, email: Email) -> Email:
    """Make a confirmed address the main one."""
    user = _lock(email.user)
    email = user.emails.get(pk=email.pk)
    if email.verified_at is None:
        raise DirectoryError(_("Confirm this address before making it the main one."))
    if not email.is_primary:
        user.emails.filter(is_primary=True).update(is_primary=False)
        email.is_primary = True
        email.save(update_fields=["is_primary"])
        record(tag=Tag.EMAIL_MADE_PRIMARY, by=by, target=email, person=user)
    return email


@transaction.atomic
def remove_email(*, by: User | None, email: Email) -> None:
    """Remove an address, but neither the main one nor the last by which the person can sign in."""
    user = _lock(email.user)
    found = user.emails.filter(pk=email.pk).first()
    if found is None:
        return
    if found.is_primary:
        raise DirectoryError(_("This is your main address: make another one the main address first."))
    record(tag=Tag.EMAIL_REMOVED, by=by, target=found, person=user)
    found.delete()


@transaction.atomic
def join_organization_by_domain(*, by: User | None, user: User, address: str) -> OrganizationMembership | None:
    """Join the organisation that has proven the domain of an address that this person has confirmed.

    Return the place, also when the person already has it, or nothing when no organisation has proven the domain.
    """
    holder = Email.objects.holder_of(address)
    if holder is None or holder.user_id != user.pk:
        raise DirectoryError(_("Confirm this address first."))
    organization = EmailDomain.objects.organization_for(holder.canonical)
    if organization is None:
        return None
    Organization.objects.select_for_update().get(pk=organization.pk)
    if current := OrganizationMembership.objects.current().filter(organization=organization, user=user).first():
        return current
    place = OrganizationMembership.objects.create(organization=organization, user=user, job_title=user.job_title)
    about = {"role": place.role, "because": "domain"}
    record(
        tag=Tag.ORGANIZATION_MEMBER_ADDED, by=by, target=organization, person=user, organization=organization, **about
    )
    return place


def _lock(user: User) -> User:
    locked: User = User.objects.select_for_update().get(pk=user.pk)
    return locked
