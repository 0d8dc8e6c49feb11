"""Places of people in groups: adding, changing, ending. Both ends of a membership are included."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory import registry
from parvis.directory.actions.notices import tell_membership_started
from parvis.directory.exceptions import DirectoryError
from parvis.directory.models import Group, GroupMembership, OrganizationMembership, User
from parvis.directory.models.dated import DatedMembership, warning_already_given


@transaction.atomic
def add_membership(
    *,
    by: User | None,
    group: Group,
    user: User,
    role: str = GroupMembership.Role.MEMBER,
    starts_on: date | None = None,
    ends_on: date | None = None,
    note: str = "",
) -> GroupMembership:
    """Add a person to a group for a time. The group's row is locked, so that two at once cannot overlap.

    Asking twice for the very same membership, as a form sent twice does, makes one.
    """
    group = Group.objects.select_for_update().get(pk=group.pk)
    if group.closed_on is not None:
        raise DirectoryError(_("This group is closed."))
    if not user.is_active:
        raise DirectoryError(_("This account is not active."))
    membership = GroupMembership(
        group=group,
        user=user,
        role=role,
        starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on,
        note=note,
        warned_at_days=warning_already_given(ends_on),
    )
    same = {name: getattr(membership, name) for name in ("group", "user", "role", "starts_on", "ends_on")}
    if existing := GroupMembership.objects.filter(**same).select_related("group", "user").first():
        return existing
    _refuse_overlap(membership)
    membership.full_clean()
    membership.save(force_insert=True)
    _tell(Tag.MEMBERSHIP_STARTED, by, membership)
    if by is not None and by.pk != user.pk:
        tell_membership_started(by=by, membership=membership)
    return membership


@transaction.atomic
def change_membership(
    *,
    by: User | None,
    membership: GroupMembership,
    role: str,
    starts_on: date,
    ends_on: date | None,
    note: str = "",
) -> GroupMembership:
    """Change role, dates and note of a membership that is not over."""
    membership = _lock(membership)
    before = {name: getattr(membership, name) for name in ("role", "starts_on", "ends_on", "note")}
    after = {"role": role, "starts_on": starts_on, "ends_on": ends_on, "note": note}
    changed = {name: value for name, value in after.items() if before[name] != value}
    if not changed:
        return membership
    for name, value in changed.items():
        setattr(membership, name, value)
    if "ends_on" in changed:
        membership.warned_at_days, membership.is_end_recorded = warning_already_given(ends_on), False
    _refuse_overlap(membership)
    membership.full_clean()
    membership.save()
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in changed.items()}
    _tell(Tag.MEMBERSHIP_CHANGED, by, membership, **{name: told[name] for name in told if name != "note"})
    return membership


@transaction.atomic
def end_membership(*, by: User | None, membership: GroupMembership, because: str = "removed") -> None:
    """End a membership now: its last day was yesterday. One that began today or later leaves no row but its events."""
    membership = _lock(membership)
    end_place(membership, lambda: _tell(Tag.MEMBERSHIP_ENDED, by, membership, because=because))


def end_place(membership: GroupMembership | OrganizationMembership, tell_journal: Callable[[], None]) -> None:
    """End a locked place in a group or an organisation as of yesterday, unless it has ended, and tell who must know."""
    yesterday = timezone.localdate() - timedelta(days=1)
    if membership.ends_on is not None and membership.ends_on <= yesterday:
        return
    tell_journal()
    if membership.starts_on > yesterday:
        membership.delete()
    else:
        membership.ends_on, membership.is_end_recorded = yesterday, True
        membership.save(update_fields=["ends_on", "is_end_recorded"])
    for tell in registry.place_ended:
        tell([membership.user_id])


def leave_group(*, by: User, group: Group) -> None:
    """End one's own membership."""
    for membership in GroupMembership.objects.current().filter(group=group, user=by):
        end_membership(by=by, membership=membership, because="left")


def _lock(membership: GroupMembership) -> GroupMembership:
    """Lock the group first, as `add_membership` does, then read the membership as it is now."""
    Group.objects.select_for_update().get(pk=membership.group_id)
    return GroupMembership.objects.select_related("group", "user").get(pk=membership.pk)


def overlapping(membership: DatedMembership) -> Q:
    """Return the condition "shares a day with this membership"."""
    begins_before_its_end = Q() if membership.ends_on is None else Q(starts_on__lte=membership.ends_on)
    return begins_before_its_end & (Q(ends_on__isnull=True) | Q(ends_on__gte=membership.starts_on))


def _refuse_overlap(membership: GroupMembership) -> None:
    others = GroupMembership.objects.filter(group_id=membership.group_id, user_id=membership.user_id)
    if others.filter(overlapping(membership)).exclude(pk=membership.pk).exists():
        raise DirectoryError(
            _("This person already belongs to the group at these dates: change that membership instead.")
        )


def _tell(tag: Tag, by: User | None, membership: GroupMembership, **data: object) -> None:
    group = membership.group
    about = {"group": str(group.pk), "role": membership.role} | data
    record(tag=tag, by=by, target=group, person=membership.user, organization=group.organization_id, **about)
