"""The first page: the network's public face, or a person's day."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import Group, GroupMembership, Invitation, Organization, User
from parvis.suite.models import Application
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db


def make_group(name: str, **fields: Any) -> Group:
    return Group.objects.create(name=name, slug=name.lower().replace(" ", "-"), **fields)


def page(client: Client, url: str = "/") -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def ada(client: Client) -> User:
    person = make_person()
    client.force_login(person)
    return person


def test_the_public_face_counts_the_directory_and_says_when(client: Client) -> None:
    make_person()
    Organization.objects.create(name="City", slug="city")
    html = page(client)
    assert "Sign in" in html
    assert html.count('class="figure-value">1<') == 2
    assert "Source: the directory of Parvis, counted" in html
    assert "<time datetime=" in html


def test_the_public_face_shows_public_groups_only_and_nobody(client: Client) -> None:
    make_person(given_name="Grace", family_name="Hopper")
    make_group("Open Team", visibility="public")
    make_group("Network Team", visibility="network")
    make_group("Secret Jury", visibility="members")
    make_group("Old Team", visibility="public", closed_on=timezone.localdate())
    html = page(client)
    assert "Open Team" in html
    for hidden in ("Network Team", "Secret Jury", "Old Team", "Grace", "Hopper"):
        assert hidden not in html


def test_a_day_greets_and_lists_my_teams(client: Client, ada: User) -> None:
    team = make_group("Aides Jeunes")
    GroupMembership.objects.create(group=team, user=ada, role="manager")
    GroupMembership.objects.create(
        group=make_group("Past Team"),
        user=ada,
        starts_on=timezone.localdate() - dt.timedelta(days=30),
        ends_on=timezone.localdate() - dt.timedelta(days=1),
    )
    html = page(client)
    assert "Hello Ada" in html
    assert "Aides Jeunes" in html
    assert "Past Team" not in html


def test_a_place_that_ends_within_a_month_awaits_me(client: Client, ada: User) -> None:
    today = timezone.localdate()
    for name, days in (("Soon Team", 30), ("Later Team", 31)):
        GroupMembership.objects.create(group=make_group(name), user=ada, ends_on=today + dt.timedelta(days=days))
    html = page(client)
    assert "Your place in Soon Team ends soon" in html
    assert "Your place in Later Team ends soon" not in html


def test_invitations_await_me_until_they_expire(client: Client, ada: User) -> None:
    grace = make_person("grace@example.org", given_name="Grace", family_name="Hopper")
    for name, address, days in (
        ("For Me", "ada@example.org", 1),
        ("Too Late", "ada@example.org", -1),
        ("For Another", "someone@example.org", 1),
    ):
        Invitation.objects.create(
            group=make_group(name),
            address=address,
            canonical=address,
            invited_by=grace,
            expires_at=timezone.now() + dt.timedelta(days=days),
        )
    html = page(client)
    assert "You are invited to join For Me" in html
    assert "Grace Hopper invites you" in html
    assert "Too Late" not in html
    assert "For Another" not in html


def test_news_is_about_me_and_my_groups_without_the_noise_of_sign_ins(client: Client, ada: User) -> None:
    mine, other = make_group("Mine"), make_group("Other")
    GroupMembership.objects.create(group=mine, user=ada)
    journal.record(tag=Tag.GROUP_EDITED, by=ada, target=mine)
    journal.record(tag=Tag.GROUP_EDITED, by=ada, target=other)
    journal.record(tag=Tag.SIGNED_IN, by=ada, person=ada)
    html = page(client)
    assert "edited the group" in html
    assert "Other" not in html
    assert "Signed in" not in html


def test_my_applications_open_in_one_click(client: Client, ada: User) -> None:
    Application.objects.create(name_fr="Docs", name_en="Docs", slug="docs", url="https://docs.example.org/")
    assert 'class="app-tile" href="https://docs.example.org/"' in page(client)


def test_one_and_three_things_of_each_kind_cost_the_same(client: Client, ada: User) -> None:
    def add(number: int) -> None:
        group = make_group(f"Team {number}", organization=Organization.objects.create(name="O", slug=f"o{number}"))
        ends = timezone.localdate() + dt.timedelta(days=3)
        GroupMembership.objects.create(group=group, user=ada, ends_on=ends)
        inviter = make_person(f"p{number}@example.org", given_name=f"P{number}")
        Invitation.objects.create(
            group=group,
            address="ada@example.org",
            canonical="ada@example.org",
            invited_by=inviter,
            expires_at=timezone.now() + dt.timedelta(days=1),
        )
        Application.objects.create(name_fr="D", name_en="D", slug=f"d{number}", url="https://docs.example.org/")
        journal.record(tag=Tag.MEMBERSHIP_STARTED, by=inviter, target=group, person=ada)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    add(1)
    page(client)
    one = cost()
    add(2)
    add(3)
    assert cost() == one


def test_a_person_without_anything_is_told_what_comes(client: Client, ada: User) -> None:
    html = page(client)
    assert "You are in no team yet." in html
    assert "No application is open to you yet." in html
    assert "What awaits you" not in html
