"""Who loses the ground of their access loses the access: at once by an action, within a minute by a date."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.actions.memberships import end_membership
from parvis.directory.actions.organizations import end_organization_member
from parvis.directory.models import GroupMembership, OrganizationMembership, User
from parvis.oidc import clients
from parvis.oidc.actions import unfounded
from parvis.oidc.models import Client, Grant, LogoutDelivery
from parvis.suite.actions import cards
from parvis.suite.models import Application
from parvis.suite.queries import may_enter, people_of, restricted_clients
from tests.factories.directory import GroupFactory, MembershipFactory, OrganizationFactory, PlaceFactory, UserFactory
from tests.factories.oidc import Application as Peer
from tests.factories.oidc import make_client
from tests.factories.suite import ApplicationFactory, EntitlementFactory
from tests.oidc.conftest import forget_memories, signing_keys

__all__ = ["forget_memories", "signing_keys"]
pytestmark = pytest.mark.usefixtures("signing_keys")
BACK = "https://app.example.org/back-channel"


@pytest.fixture
def client_row() -> Client:
    return make_client(backchannel_logout_uri=BACK)


@pytest.fixture
def restricted(client_row: Client) -> Application:
    """An application for those who are chosen."""
    made: Application = ApplicationFactory(chosen=True, client=client_row)
    restricted_clients.forget()
    clients.forget()
    return made


def client_of(application: Application) -> Client:
    """Return its client, which is there."""
    assert application.client is not None
    return application.client


def opened_by(user: User, client: Client, **asked: str) -> tuple[Peer, dict[str, Any]]:
    """Return the application in a browser of this person, and its tokens."""
    peer = Peer(client).sign_in_as(user)
    return peer, peer.tokens(**asked)


def is_over(peer: Peer, tokens: dict[str, Any]) -> bool:
    """Say whether no token opens anything, the application is told, and the journal says why."""
    gone = peer.userinfo(tokens["access_token"]).status_code == 401
    refused = peer.refresh(tokens["refresh_token"]).status == 400
    told = LogoutDelivery.objects.filter(client=peer.client, user=peer.session.user).exists()
    return gone and refused and told and Event.objects.filter(tag=Tag.GRANT_REVOKED).exists()


def test_a_right_withdrawn_from_a_group_ends_the_access_of_its_people_at_once(restricted: Application) -> None:
    team, kept = GroupFactory(), GroupFactory()
    for group in (team, kept):
        EntitlementFactory(application=restricted, group=group)
    loser, keeper = MembershipFactory(group=team).user, MembershipFactory(group=kept).user
    lost, lost_tokens = opened_by(loser, client_of(restricted))
    still, kept_tokens = opened_by(keeper, client_of(restricted))
    cards.withdraw(by=None, application=restricted, holder=team)
    assert is_over(lost, lost_tokens)
    assert still.userinfo(kept_tokens["access_token"]).status_code == 200
    assert LogoutDelivery.objects.count() == 1


def test_an_application_that_is_no_longer_for_everyone_lets_the_others_go(client_row: Client) -> None:
    application = ApplicationFactory(client=client_row)
    peer, tokens = opened_by(UserFactory(), client_row)
    cards.set_audience(by=None, application=application, audience="chosen", is_public=False)
    assert is_over(peer, tokens)


def test_a_place_in_a_group_that_is_ended_ends_what_it_opened_at_once(restricted: Application) -> None:
    membership = MembershipFactory(group=EntitlementFactory(application=restricted, group=GroupFactory()).group)
    peer, tokens = opened_by(membership.user, client_of(restricted))
    end_membership(by=None, membership=membership)
    assert is_over(peer, tokens)


def test_a_place_in_a_group_that_reaches_its_last_day_does_so_by_itself(restricted: Application) -> None:
    membership = MembershipFactory(group=EntitlementFactory(application=restricted, group=GroupFactory()).group)
    peer, tokens = opened_by(membership.user, client_of(restricted))
    assert unfounded.end_all() == 0
    yesterday = timezone.localdate() - timedelta(days=1)
    GroupMembership.objects.update(starts_on=yesterday, ends_on=yesterday)
    assert unfounded.end_all() == 1
    assert is_over(peer, tokens)
    assert unfounded.end_all() == 0, "doing it twice is the same as once"


def test_an_access_of_this_morning_ends_as_one_of_a_moment_ago(restricted: Application) -> None:
    membership = MembershipFactory(group=EntitlementFactory(application=restricted, group=GroupFactory()).group)
    opened_by(membership.user, client_of(restricted))
    with time_machine.travel(timezone.now() + Grant.LIFETIME - timedelta(minutes=1)):
        yesterday = timezone.localdate() - timedelta(days=1)
        GroupMembership.objects.update(starts_on=yesterday, ends_on=yesterday)
        assert unfounded.end_all() == 1


@pytest.mark.parametrize("by_date", [False, True])
def test_the_organisation_that_was_acted_for(client_row: Client, *, by_date: bool) -> None:
    place = PlaceFactory(organization=OrganizationFactory())
    peer, tokens = opened_by(place.user, client_row, scope="openid siret")
    other = Peer(client_row).sign_in_as(UserFactory())
    theirs = other.tokens()
    if by_date:
        yesterday = timezone.localdate() - timedelta(days=1)
        OrganizationMembership.objects.update(starts_on=yesterday, ends_on=yesterday)
        unfounded.end_all()
    else:
        end_organization_member(by=None, membership=place)
    assert is_over(peer, tokens)
    assert other.userinfo(theirs["access_token"]).status_code == 200


def test_what_is_for_everyone_is_not_looked_at(django_assert_num_queries: Any, db: None) -> None:
    for _number in range(3):
        ApplicationFactory(signs_in=True)
    with django_assert_num_queries(4):  # A savepoint and its end, grants, applications.
        unfounded.end_all()


def test_people_of_says_for_all_what_may_enter_says_for_one(restricted: Application) -> None:
    top = GroupFactory()
    team = GroupFactory(parent=top)
    ministry = OrganizationFactory()
    office = OrganizationFactory(parent=OrganizationFactory(parent=ministry))
    restricted.owner = GroupFactory()
    restricted.save()
    EntitlementFactory(application=restricted, group=team)
    EntitlementFactory(application=restricted, organization=ministry)
    MembershipFactory(group=top)
    MembershipFactory(group=GroupFactory(parent=team))
    MembershipFactory(group=team, ended=True)
    MembershipFactory(group=restricted.owner)
    MembershipFactory(group=team, user=UserFactory(suspended=True))
    for organization in (ministry, office, OrganizationFactory()):
        PlaceFactory(organization=organization)
    UserFactory()
    people = set(people_of(restricted).values_list("pk", flat=True))
    assert people == {user.pk for user in User.objects.all() if may_enter(client_of(restricted).pk, user.pk)}
    assert len(people) == 4


def test_a_closed_application_is_told_too(client_row: Client) -> None:
    application = ApplicationFactory(client=client_row)
    peer, tokens = opened_by(UserFactory(), client_row)
    cards.set_state(by=None, application=application, state="closed")
    assert peer.userinfo(tokens["access_token"]).status_code == 401
    assert LogoutDelivery.objects.filter(client=client_row).exists()
    assert not Grant.objects.live().exists()
