"""The session engine: digests in the table, keys that change, a fixed length, one statement for session and person."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.accounts import registry, tasks
from parvis.accounts.models import EmailChallenge, KnownDevice, RateCounter, Session
from parvis.accounts.sessions import SessionStore, digest
from parvis.directory.actions.people import anonymise_user, suspend_user
from parvis.directory.models import User
from tests.accounts.steps import ask, proven_at, session_of, sign_in
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
COOKIE = django_settings.SESSION_COOKIE_NAME


def cookie(client: Client) -> str:
    return client.cookies[COOKIE].value


def test_the_table_keeps_only_the_digest_of_the_key(client: Client) -> None:
    make_person()
    sign_in(client)
    assert list(Session.objects.values_list("pk", flat=True)) == [digest(cookie(client))]
    assert not Session.objects.filter(pk=cookie(client)).exists()
    assert SessionStore(digest(cookie(client))).person is None


def test_session_and_person_cost_one_statement(client: Client, django_assert_num_queries: Any) -> None:
    user = make_person()
    sign_in(client)
    with django_assert_num_queries(1):
        assert SessionStore(cookie(client)).person == user


@pytest.mark.parametrize(
    "value", ["", "x", "a" * 31, "A" * 32, "é" * 32, "a" * 33, "a" * 5000, "../../etc/passwd", "%00" * 10]
)
def test_a_forged_cookie_costs_no_query_and_opens_nothing(
    client: Client, value: str, django_assert_num_queries: Any
) -> None:
    client.cookies[COOKIE] = value
    with django_assert_num_queries(0):
        assert SessionStore(value).person is None
    assert client.get(reverse("accounts:overview")).status_code == 302


def test_an_unknown_key_is_nobody_s(client: Client) -> None:
    client.cookies[COOKIE] = "a" * 32
    assert client.get(reverse("accounts:overview")).status_code == 302
    ask(client, "ada@example.org")
    assert cookie(client) != "a" * 32


def test_a_visitor_has_no_row_until_something_has_to_be_remembered(client: Client) -> None:
    client.get(reverse("accounts:sign-in"))
    assert Session.objects.count() == 0
    ask(client, "ada@example.org")
    assert Session.objects.get().user_id is None


def test_a_visitor_has_an_hour_from_their_last_step(client: Client) -> None:
    make_person()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(client, "ada@example.org")
        clock.shift(3000)
        assert sign_in(client).status_code == 302
    visitor = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(visitor, "ada@example.org")
        clock.shift(3601)
        assert visitor.get(reverse("accounts:code")).headers["Location"] == reverse("accounts:sign-in")


def test_a_session_ends_twelve_hours_after_its_sign_in_however_it_is_used(client: Client) -> None:
    make_person()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client)
        for _hour in range(11):
            clock.shift(3600)
            assert client.get(reverse("accounts:overview")).status_code == 200
        assert client.cookies[COOKIE]["max-age"] == 12 * 3600
        clock.shift(3601)
        assert client.get(reverse("accounts:overview")).status_code == 302
        assert SessionStore(cookie(client)).person is None


def test_reading_pages_notes_the_last_use_every_five_minutes(client: Client, django_assert_num_queries: Any) -> None:
    user = make_person()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client)
        seen = session_of(user).last_seen_at
        clock.shift(200)
        client.get(reverse("accounts:overview"))
        assert session_of(user).last_seen_at == seen
        clock.shift(200)
        client.get(reverse("accounts:overview"), headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
        row = session_of(user)
        assert row.last_seen_at == timezone.now()
        assert "Firefox" in row.user_agent


def test_an_ended_session_does_not_come_back(client: Client) -> None:
    make_person()
    sign_in(client)
    store = SessionStore(cookie(client))
    assert store.person is not None
    Session.objects.all().delete()
    store["x"] = 1
    with pytest.raises(UpdateError):
        store.save()
    with pytest.raises(UpdateError):
        store.cycle_key()
    assert Session.objects.count() == 0


def test_a_suspended_or_erased_person_has_no_session_left(client: Client) -> None:
    ada, bob = make_person(), make_person("bob@example.org")
    told: list[registry.EndedSession] = []
    registry.on_session_end.append(told.extend)
    try:
        others = Client()
        client.force_login(ada)
        others.force_login(bob)
        names = {session_of(ada).sid, session_of(bob).sid}
        suspend_user(by=None, user=ada)
        anonymise_user(by=None, user=bob)
    finally:
        registry.on_session_end.remove(told.extend)
    assert {ended.sid for ended in told} == names
    assert not Session.objects.exists()
    assert client.get(reverse("accounts:overview")).status_code == 302


def test_a_person_who_is_not_active_is_nobody_even_with_a_session(client: Client) -> None:
    user = make_person()
    sign_in(client)
    User.objects.filter(pk=user.pk).update(state=User.State.SUSPENDED)
    assert SessionStore(cookie(client)).person is None
    assert client.get(reverse("accounts:overview")).status_code == 302


def test_signing_in_as_somebody_else_ends_the_first_session(client: Client) -> None:
    ada, bob = make_person(), make_person("bob@example.org")
    client.force_login(ada)
    store = SessionStore(cookie(client))
    before = session_of(ada).sid
    store.sign_in(bob, {"mail": time.time()}, ip_address="", user_agent="")
    assert not Session.objects.filter(user=ada).exists()
    assert session_of(bob).sid != before


def test_proving_anew_keeps_the_name_of_the_session_and_changes_its_key(client: Client) -> None:
    ada = make_person()
    client.force_login(ada)
    store = SessionStore(cookie(client))
    before = session_of(ada)
    store.sign_in(ada, {"mail": time.time() + 5}, ip_address="192.0.2.1", user_agent="Firefox")
    after = session_of(ada)
    assert after.sid == before.sid
    assert after.pk != before.pk
    assert proven_at(after) > proven_at(before)
    assert SessionStore(cookie(client)).person is None


def test_what_a_visitor_put_in_their_session_does_not_survive_the_sign_in(client: Client) -> None:
    make_person()
    ask(client, "ada@example.org")
    session = client.session
    session["planted"] = "by somebody"
    session.save()
    from tests.accounts.steps import give, last_code

    give(client, last_code())
    assert "planted" not in client.session


def test_purging_deletes_what_has_expired_and_nothing_else(client: Client) -> None:
    user = make_person()
    sign_in(client)
    now = timezone.now()
    past = now - timedelta(days=200)
    EmailChallenge.objects.create(purpose="sign-in", address="a@b.c", canonical="a@b.c", digest="", expires_at=past)
    RateCounter.objects.create(key="old", resets_at=past)
    KnownDevice.objects.create(user=user, digest="old", last_used_at=past)
    assert tasks.purge() == {"codes": 1, "counters": 1, "devices": 1}
    assert Session.objects.get().user == user
    assert KnownDevice.objects.count() == 1


def test_a_session_list_shows_browsers_and_ends_them(client: Client) -> None:
    user = make_person()
    agent = "Mozilla/5.0 (iPhone) AppleWebKit/605.1 CriOS/140.0 Mobile Safari/604.1"
    phone = Client(headers={"user-agent": agent})
    phone.force_login(user)
    phone.get(reverse("accounts:overview"))
    Session.objects.update(user_agent=agent, ip_address="192.0.2.7")
    client.force_login(user)
    page = client.get(reverse("accounts:session-list"))
    assert "Chrome on iPhone" in page.text
    assert "192.0.2.7" in page.text
    assert page.text.count("This browser") == 1
    other = Session.objects.get(ip_address="192.0.2.7").sid
    mallory = Client()
    mallory.force_login(make_person("mallory@example.org"))
    assert mallory.post(reverse("accounts:session-end", args=[other])).status_code == 404
    client.post(reverse("accounts:session-end", args=[other]))
    assert phone.get(reverse("accounts:overview")).status_code == 302
    assert client.post(reverse("accounts:session-end", args=[uuid4()])).status_code == 404
    assert client.get(reverse("accounts:overview")).status_code == 200


def test_signing_out_everywhere_else_keeps_this_browser(client: Client) -> None:
    user = make_person()
    others = [Client() for _other in range(3)]
    for one in [client, *others]:
        one.force_login(user)
    answer = client.post(reverse("accounts:session-end-others"), follow=True)
    assert "3 other browsers" in answer.text
    assert Session.objects.filter(user=user).count() == 1
    assert all(one.get(reverse("accounts:overview")).status_code == 302 for one in others)


def test_the_session_list_costs_the_same_for_one_and_three(client: Client, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    user = make_person()
    client.force_login(user)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("accounts:session-list"))
    for _other in range(2):
        Client().force_login(user)
    with django_assert_num_queries(len(one)):
        client.get(reverse("accounts:session-list"))
