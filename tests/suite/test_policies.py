from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from parvis.directory.models import User
from parvis.suite import policies
from parvis.suite.models import Application
from tests.factories.directory import GroupFactory, MembershipFactory, OrganizationFactory, PlaceFactory, UserFactory
from tests.factories.suite import ApplicationFactory, EntitlementFactory

pytestmark = pytest.mark.django_db


def test_everyone_signed_in_uses_what_is_for_the_network() -> None:
    application = ApplicationFactory()
    assert policies.can_use(UserFactory(), application)
    assert not policies.can_use(AnonymousUser(), application)
    assert not policies.can_use(None, application)


def test_a_suspended_account_uses_nothing() -> None:
    ApplicationFactory()
    assert not Application.objects.usable_by(UserFactory(suspended=True)).exists()


def test_a_member_of_a_group_below_an_entitled_one_may_use_it() -> None:
    incubator = GroupFactory()
    application = EntitlementFactory(group=incubator).application
    member = MembershipFactory(group=GroupFactory(parent=incubator)).user
    assert policies.can_use(member, application)
    assert not policies.can_use(UserFactory(), application)


def test_a_member_of_a_group_above_an_entitled_one_may_not() -> None:
    team = GroupFactory(parent=GroupFactory())
    application = EntitlementFactory(group=team).application
    assert not policies.can_use(MembershipFactory(group=team.parent).user, application)


def test_a_membership_that_ended_opens_nothing() -> None:
    team = GroupFactory()
    application = EntitlementFactory(group=team).application
    assert not policies.can_use(MembershipFactory(group=team, ended=True).user, application)


def test_an_office_of_an_entitled_organisation_counts() -> None:
    ministry = OrganizationFactory()
    application = EntitlementFactory(organization=ministry).application
    assert policies.can_use(PlaceFactory(organization=OrganizationFactory(parent=ministry)).user, application)
    assert not policies.can_use(PlaceFactory().user, application)


def test_the_team_that_looks_after_it_may_always_use_it() -> None:
    team = GroupFactory()
    application = ApplicationFactory(chosen=True, owner=team)
    assert policies.can_use(MembershipFactory(group=team).user, application)


def test_nobody_uses_a_closed_application_and_only_its_managers_see_it() -> None:
    team = GroupFactory()
    application = ApplicationFactory(closed=True, public=True, owner=team)
    manager = MembershipFactory(group=team, manager=True).user
    assert not policies.can_use(manager, application)
    assert policies.can_see(manager, application)
    assert not policies.can_see(MembershipFactory(group=team).user, application)
    assert not policies.can_see(AnonymousUser(), application)


def viewers(team: Any) -> dict[str, User | AnonymousUser | None]:
    return {
        "nobody": None,
        "visitor": AnonymousUser(),
        "person": UserFactory(),
        "member": MembershipFactory(group=team).user,
        "manager": MembershipFactory(group=team, manager=True).user,
        "operator": UserFactory(operator=True),
    }


def test_who_may_see_change_and_trust() -> None:
    team = GroupFactory()
    application = ApplicationFactory(chosen=True, owner=team)
    told = {
        name: (
            policies.can_see(viewer, application),
            policies.can_edit(viewer, application),
            policies.can_register(viewer),
            policies.can_trust(viewer),
        )
        for name, viewer in viewers(team).items()
    }
    assert told == {
        "nobody": (False, False, False, False),
        "visitor": (False, False, False, False),
        "person": (False, False, False, False),
        "member": (True, False, False, False),
        "manager": (True, True, True, False),
        "operator": (True, True, True, True),
    }


def test_a_manager_of_a_group_above_looks_after_the_team() -> None:
    incubator = GroupFactory()
    application = ApplicationFactory(owner=GroupFactory(parent=incubator))
    assert policies.can_edit(MembershipFactory(group=incubator, manager=True).user, application)
