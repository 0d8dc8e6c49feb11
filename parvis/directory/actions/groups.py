"""Creating, editing, moving and closing groups."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.audit.journal import entry, record, record_many
from parvis.audit.tags import Tag
from parvis.directory.actions.naming import free_slug, insert_once
from parvis.directory.exceptions import DirectoryError
from parvis.directory.models import Group, GroupMembership, Invitation, Organization, User
from parvis.directory.models.group import MAX_DEPTH, groups_above, groups_below
from parvis.lib.ids import uuid7

EDITABLE = {"name", "kind", "description", "visibility", "organization"}


@transaction.atomic
def create_group(
    *,
    by: User | None,
    name: str,
    kind: str = Group.Kind.TEAM,
    description: str = "",
    organization: Organization | None = None,
    parent: Group | None = None,
    visibility: str = Group.Visibility.NETWORK,
    slug: str = "",
    id: UUID | None = None,  # noqa: A002 - the column's own name
    with_me: bool = False,
) -> Group:
    """Create a group, with `by` as its first manager if asked.

    A form gives the `id` that it was drawn with, so that sending it twice creates one group, which both calls return.
    """
    if id is not None and (existing := Group.objects.filter(pk=id).first()):
        return existing
    if parent is not None:
        _lock(parent)
        _refuse_depth(parent, height=0)
    group = Group(
        pk=id or uuid7(),
        slug=slug or free_slug(Group, name),
        name=name,
        kind=kind,
        description=description,
        organization=organization,
        parent=parent,
        visibility=visibility,
    )
    group.full_clean(exclude=["id", "slug"])
    group, is_new = insert_once(group)
    if not is_new:
        return group
    record(tag=Tag.GROUP_CREATED, by=by, target=group, organization=group.organization_id, name=group.name)
    if with_me and by is not None:
        membership = GroupMembership.objects.create(group=group, user=by, role=GroupMembership.Role.MANAGER)
        about = {"group": str(group.pk), "role": membership.role}
        record(tag=Tag.MEMBERSHIP_STARTED, by=by, target=group, person=by, organization=group.organization_id, **about)
    return group


@transaction.atomic
def edit_group(*, by: User | None, group: Group, **changes: Any) -> Group:
    """Change some fields of a group; the journal names those that changed."""
    unknown = changes.keys() - EDITABLE
    if unknown:
        raise TypeError(f"not editable here: {unknown}")
    group = _lock(group)
    changed = sorted(field for field, value in changes.items() if getattr(group, field) != value)
    if not changed:
        return group
    for field in changed:
        setattr(group, field, changes[field])
    group.full_clean()
    group.save()
    record(tag=Tag.GROUP_EDITED, by=by, target=group, organization=group.organization_id, fields=changed)
    return group


@transaction.atomic
def move_group(*, by: User | None, group: Group, parent: Group | None) -> Group:
    """Put a group under another, or under none. The locks keep two moves at once from making a circle."""
    list(Group.objects.select_for_update().filter(parent__isnull=True).order_by("pk").values_list("pk"))
    group = _lock(group)
    if (parent.pk if parent else None) == group.parent_id:
        return group
    if parent is not None:
        below = groups_below([group.pk])
        if parent.pk in below:
            raise DirectoryError(_("A group cannot be placed under itself or under one of its own sub-groups."))
        _refuse_depth(parent, height=_height(group.pk, below))
    before, group.parent = group.parent_id, parent
    group.save(update_fields=["parent", "updated_at"])
    record(
        tag=Tag.GROUP_MOVED,
        by=by,
        target=group,
        organization=group.organization_id,
        from_group=str(before) if before else None,
        to_group=str(parent.pk) if parent else None,
    )
    return group


@transaction.atomic
def close_group(*, by: User | None, group: Group, on: date | None = None) -> Group:
    """Close a group: its memberships end and its invitations are withdrawn; its page and its history stay."""
    group = _lock(group)
    if group.closed_on is not None:
        return group
    if group.children.open().exists():
        raise DirectoryError(_("Close or move its sub-groups first."))
    group.closed_on = on or timezone.localdate()
    group.save(update_fields=["closed_on", "updated_at"])
    record(tag=Tag.GROUP_CLOSED, by=by, target=group, organization=group.organization_id)
    _end_everything(by, group, group.closed_on)
    Invitation.objects.filter(group=group, accepted_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    return group


def _end_everything(by: User | None, group: Group, on: date) -> None:
    """End the memberships on the eve of the closing; those that did not start before it leave no row."""
    eve = on - timedelta(days=1)
    open_ones = group.memberships.filter(is_end_recorded=False).exclude(ends_on__lte=eve).select_related("user")
    ended = list(open_ones)
    record_many(
        entry(
            tag=Tag.MEMBERSHIP_ENDED,
            by=by,
            target=group,
            person=membership.user,
            organization=group.organization_id,
            group=str(group.pk),
            because="closed",
        )
        for membership in ended
    )
    chosen = GroupMembership.objects.filter(pk__in=[membership.pk for membership in ended])
    chosen.filter(starts_on__gt=eve).delete()
    chosen.update(ends_on=eve, is_end_recorded=True)


def _lock(group: Group) -> Group:
    return Group.objects.select_for_update().get(pk=group.pk)


def _refuse_depth(parent: Group, *, height: int) -> None:
    if len(groups_above([parent.pk])) + height >= MAX_DEPTH:
        raise DirectoryError(_("Groups cannot be nested that deep."))


def _height(root: UUID, below: set[UUID]) -> int:
    """Return how many levels hang under a group."""
    parents = dict(Group.objects.filter(pk__in=below).values_list("pk", "parent_id"))
    height = 0
    for pk in below:
        level, current = 0, pk
        while current != root:
            current, level = parents[current], level + 1
        height = max(height, level)
    return height
