"""Who may see and change what, for each role; and that the answer for one object is the answer for the set."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from parvis.directory import policies
from parvis.directory.models import Group, Organization, User
from tests.factories.directory import (
    GroupFactory,
    MembershipFactory,
    OrganizationFactory,
    PlaceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


class World:
    """An organisation, an incubator with two teams, and a person in each role."""

    def __init__(self) -> None:
        self.ministry = OrganizationFactory(name="Ministry")
        self.part = OrganizationFactory(name="Part of the ministry", parent=self.ministry)
        self.incubator = GroupFactory(
            name="Incubator", organization=self.ministry, kind="incubator", visibility="public"
        )
        self.team = GroupFactory(name="Team", parent=self.incubator)
        self.jury = GroupFactory(name="Jury", parent=self.incubator, kind="jury", visibility="members")
        self.below_jury = GroupFactory(name="Below the jury", parent=self.jury)
        self.foreign = GroupFactory(name="Foreign", parent=self.incubator, organization=self.part)
        self.elsewhere = GroupFactory(name="Elsewhere", visibility="members")
        roles = (
            "stranger colleague incubator_manager team_manager team_member below_juror juror former_juror coming_juror "
            "ministry_manager part_manager ministry_member former_manager sister"
        )
        self.people = {name: UserFactory(given_name=name, card_audience="teams") for name in roles.split()}
        self.people["open"] = UserFactory(given_name="open", email_audience="network", phone_audience="network")
        self.people["operator"] = UserFactory(given_name="operator", operator=True)
        self.people["suspended"] = UserFactory(given_name="suspended", suspended=True)
        self.people["suspended_operator"] = UserFactory(suspended=True, operator=True)
        self.people["erased"] = UserFactory(state=User.State.ANONYMISED)
        self._join(self.incubator, "incubator_manager", manager=True)
        self._join(self.team, "team_manager", manager=True)
        for name in ("team_member", "colleague", "suspended"):
            self._join(self.team, name)
        self._join(self.foreign, "sister")
        self._join(self.below_jury, "below_juror")
        self._join(self.jury, "juror")
        self._join(self.jury, "former_juror", ended=True, manager=True)
        self._join(self.jury, "coming_juror", starts_on="2999-01-01", manager=True)
        PlaceFactory(organization=self.ministry, user=self.people["ministry_manager"], manager=True)
        PlaceFactory(organization=self.ministry, user=self.people["ministry_member"])
        PlaceFactory(organization=self.part, user=self.people["part_manager"], manager=True)
        PlaceFactory(organization=self.ministry, user=self.people["former_manager"], manager=True, ended=True)

    def _join(self, group: Group, name: str, **fields: Any) -> None:
        MembershipFactory(group=group, user=self.people[name], **fields)

    def __getattr__(self, name: str) -> User:
        try:
            # Fetched anew, as a request would: a standing is read once for each object.
            found: User = User.objects.get(pk=self.__dict__["people"][name].pk)
        except KeyError as error:
            raise AttributeError(name) from error
        return found

    @property
    def viewers(self) -> list[Any]:
        return [None, AnonymousUser(), *(getattr(self, name) for name in self.people)]


@pytest.fixture
def world() -> World:
    return World()


def names(rows: Any) -> set[str]:
    return {getattr(row, "given_name", "") or row.name for row in rows}


# --- One object and the set agree ------------------------------------------------------------------------------------
def test_the_answer_for_a_person_is_the_answer_for_the_set(world: World) -> None:
    for viewer in world.viewers:
        one_by_one = {person.pk for person in User.objects.all() if policies.can_see_user(viewer, person)}
        assert set(User.objects.visible_to(viewer).values_list("pk", flat=True)) == one_by_one, viewer


def test_the_answer_for_a_group_is_the_answer_for_the_set(world: World) -> None:
    for viewer in world.viewers:
        one_by_one = {group.pk for group in Group.objects.all() if policies.can_see_group(viewer, group)}
        assert set(Group.objects.visible_to(viewer).values_list("pk", flat=True)) == one_by_one, viewer


def test_the_answer_for_an_organisation_is_the_answer_for_the_set(world: World) -> None:
    for viewer in world.viewers:
        one_by_one = {one.pk for one in Organization.objects.all() if policies.can_see_organization(viewer, one)}
        assert set(Organization.objects.visible_to(viewer).values_list("pk", flat=True)) == one_by_one


@pytest.mark.parametrize(
    ("audience", "can"), [("email_audience", policies.can_see_email), ("phone_audience", policies.can_see_phone)]
)
@pytest.mark.parametrize("choice", User.Audience.values)
def test_the_answer_for_a_contact_is_the_answer_for_the_set(
    world: World, audience: str, can: Callable[..., bool], choice: str
) -> None:
    User.objects.update(**{audience: choice})
    for viewer in world.viewers:
        one_by_one = {person.pk for person in User.objects.all() if can(viewer, person)}
        found = policies.visible_contacts(User.objects.all(), viewer, audience)
        assert set(found.values_list("pk", flat=True)) == one_by_one, viewer


def test_what_one_manages_is_the_same_one_by_one_and_as_a_set(world: World) -> None:
    for name in world.people:
        user = getattr(world, name)
        if not user.is_active:
            continue
        groups = {group.pk for group in Group.objects.all() if policies.can_manage_group(user, group)}
        assert set(Group.objects.managed_by(user).values_list("pk", flat=True)) == groups
        organizations = {one.pk for one in Organization.objects.all() if policies.can_manage_organization(user, one)}
        assert set(Organization.objects.managed_by(user).values_list("pk", flat=True)) == organizations


# --- People ----------------------------------------------------------------------------------------------------------
def test_signed_out_people_see_nobody(world: World) -> None:
    assert not User.objects.visible_to(None).exists()
    assert not User.objects.visible_to(AnonymousUser()).exists()
    assert not User.objects.visible_to(world.suspended).exists()


def test_a_discreet_card_is_seen_by_colleagues_only(world: World) -> None:
    assert names(User.objects.visible_to(world.stranger)) == {"stranger", "open", "operator"}
    assert "colleague" in names(User.objects.visible_to(world.team_member))
    assert "ministry_manager" in names(User.objects.visible_to(world.ministry_member))
    assert "ministry_manager" not in names(User.objects.visible_to(world.former_manager))


def test_people_of_one_line_of_groups_are_colleagues_and_sister_teams_are_not(world: World) -> None:
    assert policies.are_colleagues(world.incubator_manager, world.team_member)
    assert policies.are_colleagues(world.team_member, world.incubator_manager)
    assert not policies.are_colleagues(world.team_member, world.sister)


def test_suspended_accounts_are_seen_by_operators_and_erased_ones_by_nobody(world: World) -> None:
    assert not policies.can_see_user(world.team_member, world.suspended)
    assert policies.can_see_user(world.operator, world.suspended)
    for viewer in world.viewers:
        assert not policies.can_see_user(viewer, world.erased)


def test_nobody_means_oneself_and_operators(world: World) -> None:
    User.objects.update(phone_audience="nobody")
    seers = {name for name in world.people if policies.can_see_phone(getattr(world, name), world.team_member)}
    assert seers == {"team_member", "operator"}


# --- Groups ----------------------------------------------------------------------------------------------------------
def test_a_member_of_a_child_group_sees_the_groups_above(world: World) -> None:
    assert policies.can_see_group(world.below_juror, world.jury)
    assert policies.can_see_group(world.juror, world.jury)


@pytest.mark.parametrize(
    "name", ["stranger", "team_member", "team_manager", "former_juror", "coming_juror", "part_manager"]
)
def test_a_hidden_group_does_not_exist_for_others(world: World, name: str) -> None:
    assert not policies.can_see_group(getattr(world, name), world.jury)


@pytest.mark.parametrize("name", ["incubator_manager", "ministry_manager", "operator"])
def test_who_manages_above_sees_and_manages_a_hidden_group(world: World, name: str) -> None:
    assert policies.can_manage_group(getattr(world, name), world.jury)
    assert policies.can_see_group(getattr(world, name), world.jury)


def test_managers_of_a_group_manage_those_below_and_no_other(world: World) -> None:
    manager = world.incubator_manager
    managed = names(Group.objects.managed_by(manager))
    assert managed == {"Incubator", "Team", "Jury", "Below the jury", "Foreign"}
    assert names(Group.objects.managed_by(world.team_manager)) == {"Team"}
    for name in ("team_member", "former_juror", "coming_juror", "stranger"):
        assert not Group.objects.managed_by(getattr(world, name)).exists()


def test_managers_of_an_organisation_stop_at_the_groups_of_another(world: World) -> None:
    assert names(Group.objects.managed_by(world.ministry_manager)) == {"Incubator", "Team", "Jury", "Below the jury"}
    assert names(Group.objects.managed_by(world.part_manager)) == {"Foreign"}


def test_managers_of_an_organisation_look_after_that_one_only(world: World) -> None:
    assert policies.can_manage_organization(world.ministry_manager, world.ministry)
    assert not policies.can_manage_organization(world.ministry_manager, world.part)
    assert not policies.can_manage_organization(world.part_manager, world.ministry)
    assert not policies.can_manage_organization(world.former_manager, world.ministry)
    assert not policies.can_manage_organization(world.ministry_member, world.ministry)
    assert not policies.can_create_organization(world.ministry_manager)
    assert not policies.can_set_domain(world.ministry_manager)


def test_a_suspended_operator_is_nobody(world: World) -> None:
    operator = world.suspended_operator
    assert not policies.can_manage_group(operator, world.team)
    assert not policies.can_manage_organization(operator, world.ministry)
    assert not policies.can_create_organization(operator)
    assert not policies.can_administer_user(operator, world.stranger)


# --- Moving and creating: nobody gives what they do not have (traps 26 and 27) ---------------------------------------
def test_a_group_is_moved_by_who_manages_both_sides(world: World) -> None:
    own = GroupFactory(name="Own")
    MembershipFactory(group=own, user=world.people["team_manager"], manager=True)
    manager = world.team_manager
    # A privileged group under one's own; one's own under a privileged group; a group taken from those above it.
    assert not policies.can_move_group(manager, world.jury, own)
    assert not policies.can_move_group(manager, own, world.incubator)
    assert not policies.can_move_group(manager, world.team, own)
    assert not policies.can_move_group(manager, world.team, None)
    assert policies.can_move_group(world.incubator_manager, world.team, world.jury)
    assert not policies.can_move_group(world.incubator_manager, world.incubator, None)
    assert policies.can_move_group(world.ministry_manager, world.incubator, None)
    assert policies.can_move_group(world.operator, world.team, world.elsewhere)


def test_a_group_is_created_where_one_manages(world: World) -> None:
    can = policies.can_create_group
    assert can(world.team_manager, parent=world.team, organization=None)
    assert not can(world.team_manager, parent=world.incubator, organization=None)
    assert not can(world.team_manager, parent=world.team, organization=world.ministry)
    assert not can(world.team_manager, parent=None, organization=None)
    assert can(world.incubator_manager, parent=world.incubator, organization=world.ministry)
    assert can(world.ministry_manager, parent=None, organization=world.ministry)
    assert not can(world.ministry_manager, parent=None, organization=world.part)
    assert not can(AnonymousUser(), parent=None, organization=None)
    assert can(world.operator, parent=None, organization=None)


def test_profiles_are_edited_by_oneself_or_an_operator(world: World) -> None:
    assert policies.can_edit_user(world.stranger, world.stranger)
    assert not policies.can_edit_user(world.ministry_manager, world.ministry_member)
    assert policies.can_edit_user(world.operator, world.stranger)
    assert policies.can_administer_user(world.operator, world.stranger)
    assert not policies.can_administer_user(world.operator, world.operator)
    assert policies.can_erase_user(world.stranger, world.stranger)
    assert not policies.can_erase_user(world.operator, world.operator)
    assert not policies.can_erase_user(world.ministry_manager, world.ministry_member)


def test_a_standing_costs_few_queries(world: World, django_assert_num_queries: Any) -> None:
    viewer = world.ministry_manager
    with django_assert_num_queries(7):
        list(Group.objects.visible_to(viewer))
        list(Group.objects.managed_by(viewer))
        list(Organization.objects.managed_by(viewer))
