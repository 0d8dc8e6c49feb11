"""A session that reaches its twelve hours ends as one that is signed out of: applications are told, once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.accounts.models import Session
from parvis.accounts.sessions import SessionStore
from parvis.directory.models import User
from parvis.lib import periodic
from parvis.oidc import clients
from parvis.oidc.actions import grants
from parvis.oidc.models import Grant, LogoutDelivery
from tests.factories.oidc import Application, make_client

ADDRESS = "https://app.example.org/logout"


@pytest.fixture
def told(app: Application) -> Application:
    """The application, which has an address where it is told."""
    app.client.backchannel_logout_uri = ADDRESS
    app.client.save()
    clients.forget()
    return app


def let_twelve_hours_pass() -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def test_backchannel_2_a_session_that_reaches_its_end_is_told(told: Application) -> None:
    tokens = told.tokens()
    assert SessionStore.end_expired() == 0
    let_twelve_hours_pass()
    assert SessionStore.end_expired() == 1
    delivery = LogoutDelivery.objects.get()
    assert (delivery.client, delivery.sid) == (told.client, Grant.objects.get().sid)
    assert told.refresh(tokens["refresh_token"]).body["error"] == "invalid_grant"
    assert told.userinfo(tokens["access_token"]).status_code == 401
    assert not Session.objects.exists()


def test_the_worker_looks_at_least_twice_a_minute() -> None:
    job = periodic.jobs["accounts: end sessions"]
    assert (job.run, job.every) == (SessionStore.end_expired, 30)


def test_a_session_that_goes_on_is_left_alone(told: Application) -> None:
    token = told.tokens()["access_token"]
    with time_machine.travel(timezone.now() + timedelta(hours=11, minutes=59)):
        assert SessionStore.end_expired() == 0
    assert told.userinfo(token).status_code == 200


def test_each_end_is_told_once_whoever_looks(told: Application) -> None:
    told.tokens()
    let_twelve_hours_pass()
    SessionStore.end_expired()
    LogoutDelivery.objects.update(confirmed_at=timezone.now())
    assert SessionStore.end_expired() == 0
    SessionStore.clear_expired()
    assert LogoutDelivery.objects.get().confirmed_at is not None


def test_an_application_whose_access_was_withdrawn_before_is_not_told_again(told: Application, person: User) -> None:
    told.tokens()
    grants.withdraw(client=told.client, user=person, by=person)
    LogoutDelivery.objects.update(confirmed_at=timezone.now())
    other = Application(make_client(backchannel_logout_uri="https://other.example/logout"), told.browser)
    other.tokens()
    let_twelve_hours_pass()
    SessionStore.end_expired()
    assert LogoutDelivery.objects.get(client=told.client).confirmed_at is not None
    assert LogoutDelivery.objects.get(client=other.client).confirmed_at is None


def test_an_application_that_the_person_came_back_to_is_told_again(told: Application, person: User) -> None:
    told.tokens()
    grants.withdraw(client=told.client, user=person, by=person)
    LogoutDelivery.objects.update(confirmed_at=timezone.now())
    told.tokens()
    let_twelve_hours_pass()
    SessionStore.end_expired()
    assert LogoutDelivery.objects.get().confirmed_at is None


def test_an_application_that_lost_its_tokens_to_a_thief_is_told_at_the_end(told: Application) -> None:
    code = told.code()
    assert told.redeem(code).status == 200
    assert told.redeem(code).status == 400
    assert not LogoutDelivery.objects.exists()
    let_twelve_hours_pass()
    SessionStore.end_expired()
    assert LogoutDelivery.objects.get().client == told.client


def test_a_visitor_who_never_signed_in_concerns_nobody(told: Application) -> None:
    past = timezone.now() - timedelta(hours=1)
    Session.objects.create(session_key="x" * 64, session_data="{}", expire_date=past)
    assert SessionStore.end_expired() == 1
    assert not LogoutDelivery.objects.exists()


@pytest.mark.django_db
def test_one_and_three_sessions_cost_the_same(told: Application, person: User) -> None:
    def cost(number: int) -> int:
        for index in range(number):
            given: Any = get_user_model().objects.create(given_name=f"N{number}{index}", language="en")
            Application(told.client).sign_in_as(given).tokens()
        Session.objects.exclude(user=person).update(expire_date=timezone.now() - timedelta(seconds=1))
        with CaptureQueriesContext(connection) as queries:
            assert SessionStore.end_expired() == number
        return len(queries)

    told.tokens()
    assert cost(1) == cost(3)
    assert LogoutDelivery.objects.count() == 4
