"""Inviting an address into a group. Nothing tells the inviter whether the address has an account."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory.actions.memberships import add_membership, change_membership
from parvis.directory.actions.notices import tell_invited
from parvis.directory.exceptions import DirectoryError, InvitationUnusableError, WrongPersonError
from parvis.directory.models import Email, Group, GroupMembership, Invitation, User
from parvis.lib import email_address

_SALT = "parvis.directory.invitation"
_SAME_CLICK = timedelta(seconds=30)
"""An invitation asked for again this soon, on the same terms, is a form sent twice: one letter is enough."""
_UNUSABLE = _("This invitation cannot be used: it may have expired, been withdrawn, or been used already.")


def token_for(invitation: Invitation) -> str:
    """Return the link's token: signed, and bound to the invitation, its address and its group."""
    bound = {"i": invitation.pk.hex, "a": invitation.canonical, "g": invitation.group_id.hex}
    return signing.dumps(bound, salt=_SALT, compress=True)


def read_token(token: str) -> Invitation:
    """Return the pending invitation of a token. Raises InvitationUnusableError, the same for every reason."""
    try:
        bound = signing.loads(token, salt=_SALT, max_age=10 * Invitation.LIFETIME)
        identifier, canonical, group = UUID(bound["i"]), bound["a"], UUID(bound["g"])
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise InvitationUnusableError(_UNUSABLE) from error
    found = Invitation.objects.select_related("group", "invited_by").filter(
        pk=identifier, canonical=canonical, group=group
    )
    invitation = found.first()
    if invitation is None or not invitation.is_pending or not invitation.group.is_open:
        raise InvitationUnusableError(_UNUSABLE)
    return invitation


@transaction.atomic
def invite(
    *,
    by: User,
    group: Group,
    address: str,
    role: str = GroupMembership.Role.MEMBER,
    membership_ends_on: date | None = None,
) -> Invitation:
    """Invite an address; an invitation of the same address that still waits is renewed. Raises ValidationError."""
    group = Group.objects.select_for_update().get(pk=group.pk)
    if not group.is_open:
        raise DirectoryError(_("This group is closed."))
    cleaned = email_address.clean(address)
    waiting: dict[str, Any] = {
        "group": group,
        "canonical": email_address.canonical(cleaned),
        "accepted_at": None,
        "withdrawn_at": None,
    }
    terms: dict[str, Any] = {
        "address": cleaned,
        "role": role,
        "membership_ends_on": membership_ends_on,
        "invited_by": by,
    }
    expires_at = timezone.now() + Invitation.LIFETIME
    just_sent = Invitation.objects.filter(**waiting, **terms, expires_at__gt=expires_at - _SAME_CLICK).first()
    if just_sent:
        return just_sent
    invitation, _created = Invitation.objects.update_or_create(**waiting, defaults=terms | {"expires_at": expires_at})
    _send(by, invitation)
    return invitation


@transaction.atomic
def resend_invitation(*, by: User, invitation: Invitation) -> Invitation:
    """Send the same link again and let it live as long as a new one."""
    invitation = _lock(invitation)
    if invitation.accepted_at or invitation.withdrawn_at or not invitation.group.is_open:
        raise InvitationUnusableError(_UNUSABLE)
    invitation.expires_at = timezone.now() + Invitation.LIFETIME
    invitation.save(update_fields=["expires_at"])
    _send(by, invitation)
    return invitation


def _send(by: User, invitation: Invitation) -> None:
    _tell(Tag.INVITATION_SENT, by, invitation)
    tell_invited(invitation=invitation, token=token_for(invitation), language=get_language() or by.language)


@transaction.atomic
def withdraw_invitation(*, by: User, invitation: Invitation) -> None:
    """Make the link useless."""
    invitation = _lock(invitation)
    if invitation.accepted_at or invitation.withdrawn_at:
        return
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    _tell(Tag.INVITATION_WITHDRAWN, by, invitation)


def is_for(invitation: Invitation, user: User) -> bool:
    """Say whether the person has confirmed the invited address, whatever its case."""
    holder = Email.objects.holder_of(invitation.address)
    return holder is not None and holder.user_id == user.pk


@transaction.atomic
def accept_invitation(*, by: User, token: str) -> GroupMembership:
    """Join the group. The row is locked, so that a link followed twice at once is used once."""
    invitation = _lock(read_token(token))
    if not invitation.is_pending or not invitation.group.is_open:
        raise InvitationUnusableError(_UNUSABLE)
    if not is_for(invitation, by):
        raise WrongPersonError(_("This invitation was sent to an address that your account has not confirmed."))
    invitation.accepted_at, invitation.accepted_by = timezone.now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _tell(Tag.INVITATION_ACCEPTED, by, invitation, person=by)
    return _join(by, invitation)


def _join(by: User, invitation: Invitation) -> GroupMembership:
    """Start the membership; who already belongs keeps theirs, raised to manager when the invitation says so."""
    group, role, ends_on = invitation.group, invitation.role, invitation.membership_ends_on
    today = timezone.localdate()
    if ends_on is not None and ends_on < today:
        raise InvitationUnusableError(_("The membership that this invitation offered is over."))
    current = GroupMembership.objects.current().filter(group=group, user=by).first()
    if current is None:
        upcoming = GroupMembership.objects.upcoming().filter(group=group, user=by).order_by("starts_on").first()
        if upcoming is None:
            return add_membership(by=by, group=group, user=by, role=role, ends_on=ends_on)
        current = upcoming
    raised = role if role == GroupMembership.Role.MANAGER else current.role
    return change_membership(
        by=by,
        membership=current,
        role=raised,
        starts_on=min(current.starts_on, today),
        ends_on=current.ends_on,
        note=current.note,
    )


def _tell(tag: Tag, by: User, invitation: Invitation, *, person: User | None = None) -> None:
    group = invitation.group
    record(
        tag=tag,
        by=by,
        target=group,
        person=person,
        organization=group.organization_id,
        group=str(group.pk),
        role=invitation.role,
        invitation=str(invitation.pk),
    )


def _lock(invitation: Invitation) -> Invitation:
    """Lock the group first, as memberships do, then the invitation."""
    Group.objects.select_for_update().get(pk=invitation.group_id)
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("group", "invited_by")
    return locked.get(pk=invitation.pk)
