"""Memberships: dated, never overlapping, ended at once, and by themselves."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory import actions
from parvis.directory.exceptions import DirectoryError
from parvis.directory.models import GroupMembership, User
from parvis.directory.tasks import end_and_warn_memberships, purge_expired_invitations
from parvis.mail.models import Message
from tests.factories.directory import (
    GroupFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    PlaceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_a_person_is_added_told_and_recorded() -> None:
    group = GroupFactory(organization=OrganizationFactory())
    by, user = UserFactory(), UserFactory(address="lea@example.org")
    membership = actions.add_membership(by=by, group=group, user=user, role="manager", ends_on=today(90))
    assert membership.is_current
    event = Event.objects.get(tag=Tag.MEMBERSHIP_STARTED)
    assert (event.by_id, event.person_id, event.target_id) == (by.pk, user.pk, group.pk)
    assert event.organization_id == group.organization_id
    mail = Message.objects.get()
    assert mail.to == "lea@example.org"
    assert group.name in mail.subject


def test_the_very_same_membership_asked_twice_is_made_once() -> None:
    group, user = GroupFactory(), UserFactory()
    first = actions.add_membership(by=None, group=group, user=user)
    assert actions.add_membership(by=None, group=group, user=user) == first
    assert Event.objects.filter(tag=Tag.MEMBERSHIP_STARTED).count() == 1


@pytest.mark.parametrize(
    ("start", "end", "is_refused"),
    [
        (0, None, True),
        (-30, 0, True),
        (10, None, True),
        (-30, 100, True),
        (5, 6, True),
        (-30, -1, False),
        (11, None, False),
    ],
)
def test_memberships_of_one_person_in_one_group_do_not_overlap(start: int, end: int | None, is_refused: bool) -> None:
    existing = MembershipFactory(starts_on=today(), ends_on=today(10))
    ends_on = None if end is None else today(end)
    new = {"group": existing.group, "user": existing.user, "starts_on": today(start), "ends_on": ends_on}
    if is_refused:
        with pytest.raises(DirectoryError):
            actions.add_membership(by=None, **new)
    else:
        actions.add_membership(by=None, **new)
    assert existing.group.memberships.count() == (1 if is_refused else 2)


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ValidationError):
        actions.add_membership(by=None, group=GroupFactory(), user=UserFactory(), starts_on=today(), ends_on=today(-1))


def test_only_active_people_join() -> None:
    for state in (User.State.SUSPENDED, User.State.ANONYMISED):
        with pytest.raises(DirectoryError):
            actions.add_membership(by=None, group=GroupFactory(), user=UserFactory(state=state))


def test_a_change_is_checked_and_recorded() -> None:
    first = MembershipFactory(starts_on=today(-100), ends_on=today(-50), is_end_recorded=True)
    second = MembershipFactory(group=first.group, user=first.user, starts_on=today(-40))
    with pytest.raises(DirectoryError):
        actions.change_membership(
            by=None, membership=second, role="member", starts_on=today(-60), ends_on=None, note=""
        )
    actions.change_membership(
        by=None, membership=second, role="manager", starts_on=second.starts_on, ends_on=today(9), note="design"
    )
    second.refresh_from_db()
    assert (second.role, second.ends_on, second.note) == ("manager", today(9), "design")
    event = Event.objects.get(tag=Tag.MEMBERSHIP_CHANGED)
    assert event.data["role"] == "manager"
    assert event.data["ends_on"] == today(9).isoformat()


def test_an_end_takes_effect_at_once() -> None:
    membership = MembershipFactory(starts_on=today(-10))
    actions.end_membership(by=UserFactory(), membership=membership)
    assert not GroupMembership.objects.current().exists()
    membership.refresh_from_db()
    assert membership.ends_on == today(-1)
    assert end_and_warn_memberships()["groups"] == 0
    assert Event.objects.filter(tag=Tag.MEMBERSHIP_ENDED).count() == 1


def test_a_membership_that_began_today_leaves_only_its_events() -> None:
    membership = actions.add_membership(by=None, group=GroupFactory(), user=UserFactory())
    actions.end_membership(by=None, membership=membership)
    assert not GroupMembership.objects.exists()
    assert set(Event.objects.values_list("tag", flat=True)) == {Tag.MEMBERSHIP_STARTED, Tag.MEMBERSHIP_ENDED}


def test_a_person_leaves() -> None:
    membership = MembershipFactory()
    actions.leave_group(by=membership.user, group=membership.group)
    assert Event.objects.get().data["because"] == "left"
    assert not GroupMembership.objects.current().exists()


# --- By themselves ---------------------------------------------------------------------------------------------------
def test_memberships_end_by_themselves_and_the_journal_tells_it_once() -> None:
    group = GroupFactory(organization=OrganizationFactory())
    ended = MembershipFactory(group=group, ended=True)
    MembershipFactory(group=group, ends_on=today())
    MembershipFactory(group=group)
    place = PlaceFactory(ended=True)
    assert end_and_warn_memberships() == {"groups": 1, "organizations": 1, "warnings": 1}
    assert end_and_warn_memberships() == {"groups": 0, "organizations": 0, "warnings": 0}
    event = Event.objects.get(tag=Tag.MEMBERSHIP_ENDED)
    assert (event.person_id, event.by_id, event.organization_id) == (ended.user_id, None, group.organization_id)
    assert Event.objects.get(tag=Tag.ORGANIZATION_MEMBER_REMOVED).person_id == place.user_id


def test_the_person_and_the_managers_are_warned_thirty_and_seven_days_before() -> None:
    group = GroupFactory()
    MembershipFactory(group=group, user=UserFactory(address="manager@example.org"), manager=True)
    MembershipFactory(group=group, user=UserFactory(address="lea@example.org"), ends_on=today(31))
    for day, mails in [(0, 0), (1, 2), (2, 0), (20, 0), (24, 2), (25, 0), (31, 0)]:
        Message.objects.all().delete()
        end_and_warn_memberships(today(day))
        assert Message.objects.count() == mails, day
        if mails:
            assert set(Message.objects.values_list("to", flat=True)) == {"manager@example.org", "lea@example.org"}


def test_who_sets_a_near_end_is_not_warned_of_it() -> None:
    group = GroupFactory()
    user = UserFactory(address="lea@example.org")
    actions.add_membership(by=None, group=group, user=user, ends_on=today(5))
    actions.add_membership(by=None, group=GroupFactory(), user=user, ends_on=today(20))
    assert end_and_warn_memberships()["warnings"] == 0
    assert end_and_warn_memberships(today(13))["warnings"] == 1


def test_a_prolonged_membership_is_warned_of_anew() -> None:
    membership = MembershipFactory(user=UserFactory(address="lea@example.org"), ends_on=today(6))
    assert end_and_warn_memberships()["warnings"] == 1
    actions.change_membership(
        by=None, membership=membership, role="member", starts_on=membership.starts_on, ends_on=today(300)
    )
    assert end_and_warn_memberships(today(280))["warnings"] == 1


def test_warnings_cost_the_same_number_of_queries_for_one_and_for_many(django_assert_max_num_queries: Any) -> None:
    group = GroupFactory()
    MembershipFactory(group=group, manager=True)
    for _ in range(5):
        MembershipFactory(group=group, ends_on=today(20))
    with django_assert_max_num_queries(40):
        assert end_and_warn_memberships()["warnings"] == 5


def test_old_invitations_are_forgotten() -> None:
    now = timezone.now()
    old = InvitationFactory(expires_at=now - timedelta(days=91))
    InvitationFactory(expires_at=now - timedelta(days=10))
    InvitationFactory(expires_at=now - timedelta(days=91), accepted_at=now)
    assert purge_expired_invitations() == 1
    assert not type(old).objects.filter(pk=old.pk).exists()
