"""Accounts: creating, editing the profile, suspending, giving the operator's role, erasing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory import registry
from parvis.directory.actions.emails import confirm_email
from parvis.directory.actions.files import replace_file
from parvis.directory.actions.notices import tell_erased
from parvis.directory.exceptions import DirectoryError
from parvis.directory.models import Invitation, SourceRecord, User
from parvis.directory.models.dated import DatedQuerySet
from parvis.lib.ids import uuid7
from parvis.lib.images import square_photo
from parvis.mail.models import Message

PROFILE = {
    "given_name",
    "family_name",
    "display_name",
    "job_title",
    "phone_number",
    "language",
    "time_zone",
    "card_audience",
    "email_audience",
    "phone_audience",
}


@transaction.atomic
def create_user(
    *,
    by: User | None,
    given_name: str,
    family_name: str = "",
    confirmed_address: str = "",
    id: UUID | None = None,  # noqa: A002 - the column's own name
    **fields: Any,
) -> User:
    """Create an account; `confirmed_address` is one that the person has just proven. Raises AddressTakenError."""
    user = User(pk=id or uuid7(), given_name=given_name, family_name=family_name, **fields)
    user.full_clean()
    user.save(force_insert=True)
    record(tag=Tag.USER_CREATED, by=by or user, target=user, person=user)
    if confirmed_address:
        confirm_email(by=by or user, user=user, address=confirmed_address)
    return user


@transaction.atomic
def edit_profile(
    *,
    by: User | None,
    user: User,
    photo: UploadedFile | None = None,
    without_photo: bool = False,
    **changes: Any,
) -> User:
    """Change the profile; the journal names the fields and not their values. Raises UnreadableImageError."""
    unknown = changes.keys() - PROFILE
    if unknown:
        raise TypeError(f"not editable here: {unknown}")
    encoded = square_photo(photo) if photo is not None else None
    user = _lock(user)
    changed = sorted(field for field, value in changes.items() if getattr(user, field) != value)
    for field in changed:
        setattr(user, field, changes[field])
    if encoded is not None or (without_photo and user.photo):
        replace_file(user, "photo", encoded, "webp")
        changed.append("photo")
    if changed:
        user.full_clean()
        user.save()
        record(tag=Tag.USER_EDITED, by=by, target=user, person=user, fields=changed)
    return user


@transaction.atomic
def suspend_user(*, by: User | None, user: User) -> User:
    """Close the door to an account and end its sessions; its memberships stay."""
    user = _lock(user)
    if user.state != User.State.ACTIVE:
        return user
    _refuse_oneself(by, user)
    user.state = User.State.SUSPENDED
    user.save(update_fields=["state", "updated_at"])
    record(tag=Tag.USER_SUSPENDED, by=by, target=user, person=user)
    _end_sessions(user)
    return user


@transaction.atomic
def reactivate_user(*, by: User | None, user: User) -> User:
    """Let a suspended person sign in again."""
    user = _lock(user)
    if user.state == User.State.SUSPENDED:
        user.state = User.State.ACTIVE
        user.save(update_fields=["state", "updated_at"])
        record(tag=Tag.USER_REACTIVATED, by=by, target=user, person=user)
    return user


@transaction.atomic
def make_operator(*, by: User | None, user: User) -> User:
    """Let an active person use the operator console."""
    user = _lock(user)
    if not user.is_active:
        raise DirectoryError(_("This account is not active."))
    if not user.is_operator:
        user.is_operator = True
        user.save(update_fields=["is_operator", "updated_at"])
        record(tag=Tag.OPERATOR_ADDED, by=by, target=user, person=user)
    return user


@transaction.atomic
def revoke_operator(*, by: User | None, user: User) -> User:
    """Take the operator console from a person, but never from the last operator. Sessions of others are not touched."""
    operators = list(User.objects.select_for_update().filter(is_operator=True).active().order_by("pk"))
    user = _lock(user)
    if not user.is_operator:
        return user
    if user.is_active and len(operators) == 1:
        raise DirectoryError(_("This is the last operator: name another one first."))
    user.is_operator = False
    user.save(update_fields=["is_operator", "updated_at"])
    record(tag=Tag.OPERATOR_REMOVED, by=by, target=user, person=user)
    return user


@transaction.atomic
def anonymise_user(*, by: User | None, user: User) -> User:
    """Erase who the person is, and keep that someone was there.

    Names, photo, addresses, phone, what was imported about them and what proves their identity go. Memberships end but
    stay, and so does the journal, whose events name nobody any more.
    """
    user = _lock(user)
    if user.state == User.State.ANONYMISED:
        return user
    if user.is_operator:
        raise DirectoryError(_("An operator's account cannot be erased: take the operator's role from it first."))
    name, language = user.name, user.language
    addresses = list(user.emails.filter(verified_at__isnull=False).order_by("-is_primary"))
    canonicals = list(user.emails.values_list("canonical", flat=True))
    _end_sessions(user)
    for erase in registry.account_erased:
        erase([user.pk])
    _end_places(user)
    _forget_traces(user, [email.address for email in addresses], canonicals)
    if addresses:
        tell_erased(name=name, language=language, address=addresses[0].address)
    user.emails.all().delete()
    replace_file(user, "photo", None)
    blank = {"given_name": "", "family_name": "", "display_name": "", "job_title": "", "phone_number": ""}
    for field, value in blank.items():
        setattr(user, field, value)
    user.state = User.State.ANONYMISED
    user.email_audience = user.phone_audience = User.Audience.NOBODY
    user.save()
    record(tag=Tag.USER_ANONYMISED, by=by, target=user, person=user)
    return user


def _end_places(user: User) -> None:
    """End what is current on the eve, and drop what had not begun before today: its events stay."""
    eve = timezone.localdate() - timedelta(days=1)
    places: list[DatedQuerySet[Any]] = [user.memberships.all(), user.organization_memberships.all()]
    for queryset in places:
        queryset.filter(starts_on__gt=eve).delete()
        queryset.exclude(ends_on__lte=eve).update(ends_on=eve)
        queryset.update(is_end_recorded=True)
    user.memberships.update(note="")
    user.organization_memberships.update(job_title="")


def _forget_traces(user: User, addresses: list[str], canonicals: list[str]) -> None:
    """Delete invitations to the person, mails to them, and what an import kept about them."""
    Invitation.objects.filter(canonical__in=canonicals).delete()
    Invitation.objects.filter(accepted_by=user).delete()
    Invitation.objects.filter(invited_by=user, accepted_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    Message.objects.filter(to__in=addresses).delete()
    SourceRecord.objects.filter(user=user).update(fields={}, body="", applied={})


def _refuse_oneself(by: User | None, user: User) -> None:
    if by is not None and by.pk == user.pk:
        raise DirectoryError(_("Nobody suspends their own account."))


def _end_sessions(user: User) -> None:
    for close in registry.account_closed:
        close([user.pk])


def _lock(user: User) -> User:
    locked: User = User.objects.select_for_update().get(pk=user.pk)
    return locked
