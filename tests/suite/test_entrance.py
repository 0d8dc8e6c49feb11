from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.directory.models import Group, User
from parvis.suite.actions import cards
from parvis.suite.models import Application
from parvis.suite.queries import restricted_clients
from tests.factories.directory import EmailFactory, GroupFactory, MembershipFactory
from tests.factories.oidc import Application as Protocol
from tests.factories.suite import ApplicationFactory, EntitlementFactory

pytestmark = pytest.mark.django_db


def answer(application: Application, person: User, **changes: str) -> dict[str, list[str]]:
    """Return what the application hears when the person signs in to it."""
    assert application.client is not None
    response = Protocol(application.client).sign_in_as(person).authorize(**changes)
    return parse_qs(urlsplit(response["Location"]).query)


@pytest.fixture
def team() -> Group:
    return GroupFactory()


@pytest.fixture
def outsider() -> User:
    person: User = EmailFactory().user
    return person


@pytest.fixture
def member(team: Group) -> User:
    person: User = EmailFactory().user
    MembershipFactory(group=team, user=person)
    return person


def test_only_those_for_whom_it_is_may_sign_in_to_a_chosen_application(
    team: Group, member: User, outsider: User
) -> None:
    application = EntitlementFactory(group=team, application__signs_in=True).application
    assert "code" in answer(application, member)
    assert answer(application, outsider)["error"] == ["access_denied"]
    assert answer(application, outsider, prompt="none")["error"] == ["access_denied"]


def test_an_outsider_is_not_even_asked_to_share_anything(team: Group, outsider: User) -> None:
    application = EntitlementFactory(group=team, application__signs_in=True).application
    assert application.client is not None
    application.client.is_trusted = False
    application.client.save()
    assert answer(application, outsider)["error"] == ["access_denied"]


def test_everyone_may_sign_in_to_an_application_of_the_network(outsider: User) -> None:
    assert "code" in answer(ApplicationFactory(signs_in=True), outsider)


def test_a_change_of_audience_is_seen_at_the_next_sign_in(outsider: User) -> None:
    application = ApplicationFactory(signs_in=True)
    assert "code" in answer(application, outsider)
    cards.set_audience(by=None, application=application, audience="chosen", is_public=False)
    restricted_clients.forget()
    assert answer(application, outsider)["error"] == ["access_denied"]


def test_a_membership_that_ended_closes_the_door(team: Group, outsider: User) -> None:
    application = EntitlementFactory(group=team, application__signs_in=True).application
    MembershipFactory(group=team, user=outsider, ended=True)
    assert answer(application, outsider)["error"] == ["access_denied"]


def test_an_application_that_is_no_card_is_open(outsider: User) -> None:
    application = ApplicationFactory(signs_in=True)
    client = application.client
    Application.objects.all().delete()
    assert client is not None
    response = Protocol(client).sign_in_as(outsider).authorize()
    assert "code=" in response["Location"]
