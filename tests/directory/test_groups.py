"""Groups: created once, never in a circle, closed for good."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory import actions
from parvis.directory.exceptions import DirectoryError
from parvis.directory.models import Group, GroupMembership
from parvis.directory.models.group import MAX_DEPTH
from parvis.lib.ids import uuid7
from tests.factories.directory import (
    GroupFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def tags(target: Any) -> list[str]:
    return list(Event.objects.on(target).order_by("id").values_list("tag", flat=True))


def test_a_group_is_created_with_its_creator_as_manager() -> None:
    by, organization = UserFactory(), OrganizationFactory()
    group = actions.create_group(by=by, name="  L’Équipe\n des œuvres ", organization=organization, with_me=True)
    assert group.slug == "l-equipe-des-oeuvres"
    assert group.name == "L’Équipe des œuvres"
    membership = group.memberships.get()
    assert membership.user == by
    assert membership.is_manager
    assert tags(group) == [Tag.GROUP_CREATED, Tag.MEMBERSHIP_STARTED]
    assert set(Event.objects.on(group).values_list("organization_id", flat=True)) == {organization.pk}


def test_two_groups_of_one_name_have_two_addresses() -> None:
    slugs = [actions.create_group(by=None, name="New").slug for _ in range(3)]
    assert slugs == ["new-2", "new-3", "new-4"], "`new` is the address of the creation page"


def test_a_form_sent_twice_creates_one_group() -> None:
    identifier = uuid7()
    first = actions.create_group(by=None, name="Once", id=identifier)
    assert actions.create_group(by=None, name="Once", id=identifier) == first
    assert Group.objects.count() == 1
    assert tags(first) == [Tag.GROUP_CREATED]


def test_an_edit_tells_which_fields_changed() -> None:
    group, by = GroupFactory(name="Before", description="Same"), UserFactory()
    actions.edit_group(by=by, group=group, name="After", description="Same")
    assert Event.objects.on(group).get().data == {"fields": ["name"]}
    group.refresh_from_db()
    assert group.sort_key == "after"
    actions.edit_group(by=by, group=group, name="After")
    assert Event.objects.on(group).count() == 1


def test_a_move_is_recorded_from_and_to() -> None:
    before, after = GroupFactory(), GroupFactory()
    group = GroupFactory(parent=before)
    actions.move_group(by=None, group=group, parent=after)
    group.refresh_from_db()
    assert group.parent == after
    event = Event.objects.on(group).get()
    assert event.tag == Tag.GROUP_MOVED
    assert event.data == {"from_group": str(before.pk), "to_group": str(after.pk)}


def test_a_group_is_never_under_itself() -> None:
    top = GroupFactory()
    middle = GroupFactory(parent=top)
    bottom = GroupFactory(parent=middle)
    for place in (top, middle, bottom):
        with pytest.raises(DirectoryError):
            actions.move_group(by=None, group=top, parent=place)
    top.refresh_from_db()
    assert top.parent is None


def test_groups_are_not_nested_without_end() -> None:
    place = GroupFactory()
    for _ in range(MAX_DEPTH - 1):
        place = GroupFactory(parent=place)
    with pytest.raises(DirectoryError):
        actions.create_group(by=None, name="Too deep", parent=place)
    child = GroupFactory(parent=GroupFactory())
    with pytest.raises(DirectoryError):
        actions.move_group(by=None, group=child.parent, parent=place.parent)


def test_closing_ends_memberships_and_invitations() -> None:
    group = GroupFactory()
    today = timezone.localdate()
    long = MembershipFactory(group=group)
    ending = MembershipFactory(group=group, ends_on=today + timedelta(days=3))
    MembershipFactory(group=group, starts_on=today)
    MembershipFactory(group=group, starts_on=today + timedelta(days=9))
    past = MembershipFactory(group=group, ends_on=today - timedelta(days=90), is_end_recorded=True)
    invitation = InvitationFactory(group=group)
    actions.close_group(by=UserFactory(), group=group)
    group.refresh_from_db()
    assert group.closed_on == today
    assert not GroupMembership.objects.current().filter(group=group).exists()
    assert set(group.memberships.values_list("pk", "ends_on")) == {
        (long.pk, today - timedelta(days=1)),
        (ending.pk, today - timedelta(days=1)),
        (past.pk, past.ends_on),
    }
    assert tags(group).count(Tag.MEMBERSHIP_ENDED) == 4
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    with pytest.raises(DirectoryError):
        actions.add_membership(by=None, group=group, user=UserFactory())


def test_a_group_with_open_sub_groups_is_not_closed() -> None:
    group = GroupFactory()
    child = GroupFactory(parent=group)
    with pytest.raises(DirectoryError):
        actions.close_group(by=None, group=group)
    actions.close_group(by=None, group=child)
    actions.close_group(by=None, group=group)
