"""A person's own addresses."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.directory.models import Email, EmailDomain, Organization, User
from parvis.mail.models import Message
from tests.accounts.steps import last_code, wrong
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
LIST = "/account/emails/"


def signed_in(client: Client) -> User:
    user = make_person()
    client.force_login(user)
    return user


def add(client: Client, address: str) -> str:
    """Add an address; return the page that asks for its code."""
    answer = client.post(reverse("accounts:email-add"), {"email": address})
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_an_address_is_added_confirmed_and_told_to_the_main_one(client: Client) -> None:
    user = signed_in(client)
    page = add(client, "Lovelace@Example.org")
    assert "Not confirmed" in client.get(LIST).text
    assert "sent a code" in client.get(page).text
    assert client.post(page, {"code": wrong(last_code())}).status_code == 422
    assert client.post(page, {"code": last_code()}).headers["Location"] == LIST
    assert user.emails.get(canonical="lovelace@example.org").is_verified
    assert Message.objects.filter(template="accounts/mail/email-added", to="ada@example.org").exists()
    assert client.get(page).status_code == 404


def test_an_address_of_a_proven_domain_shows_where_one_belongs(client: Client) -> None:
    user = signed_in(client)
    organization = Organization.objects.create(name="Culture", slug="culture")
    EmailDomain.objects.create(organization=organization, domain="culture.gouv.fr", verified_at=timezone.now())
    page = add(client, "ada@culture.gouv.fr")
    answer = client.post(page, {"code": last_code()}, follow=True)
    assert "you belong to Culture" in answer.text
    assert user.organization_memberships.current().filter(organization=organization).exists()


def test_somebody_else_s_address_is_refused_only_to_its_reader(client: Client) -> None:
    make_person("bob@example.org")
    signed_in(client)
    page = add(client, "BOB@example.org")
    free = add(client, "free@example.org")
    taken_page = client.get(page)
    assert taken_page.status_code == client.get(free).status_code == 200
    client.post(reverse("accounts:email-send", args=[page.split("/")[3]]))
    answer = client.post(page, {"code": last_code("BOB@example.org")})
    assert answer.status_code == 422
    assert "belongs to another account" in answer.text
    holder = Email.objects.holder_of("bob@example.org")
    assert holder is not None
    assert holder.user.emails.count() == 1


def test_a_code_confirms_the_address_that_it_was_sent_to(client: Client) -> None:
    signed_in(client)
    first = add(client, "first@example.org")
    add(client, "second@example.org")
    assert client.post(first, {"code": last_code("second@example.org")}).status_code == 422


def test_the_main_address_changes_and_the_one_before_is_told(client: Client) -> None:
    user = signed_in(client)
    other = Email.objects.create(user=user, address="other@example.org", verified_at=timezone.now())
    client.post(reverse("accounts:email-make-primary", args=[other.pk]))
    assert user.emails.get(is_primary=True) == other
    assert Message.objects.get(template="accounts/mail/email-primary").to == "ada@example.org"


def test_an_unconfirmed_address_does_not_become_the_main_one(client: Client) -> None:
    user = signed_in(client)
    other = Email.objects.create(user=user, address="other@example.org")
    answer = client.post(reverse("accounts:email-make-primary", args=[other.pk]), follow=True)
    assert "Confirm this address" in answer.text
    assert user.emails.get(is_primary=True).address == "ada@example.org"
    assert not Message.objects.exists()


def test_an_address_is_removed_but_not_the_main_one(client: Client) -> None:
    user = signed_in(client)
    main = user.emails.get()
    other = Email.objects.create(user=user, address="other@example.org", verified_at=timezone.now())
    url = reverse("accounts:email-remove", args=[other.pk])
    assert "other@example.org" in client.get(url).text
    client.post(url)
    assert list(user.emails.all()) == [main]
    assert Message.objects.get(template="accounts/mail/email-removed").to == "ada@example.org"
    answer = client.post(reverse("accounts:email-remove", args=[main.pk]), follow=True)
    assert "main address" in answer.text
    assert list(user.emails.all()) == [main]


def test_addresses_of_others_do_not_exist(client: Client) -> None:
    signed_in(client)
    theirs = make_person("bob@example.org").emails.get()
    for name in ("email-make-primary", "email-remove", "email-send", "email-confirm"):
        assert client.post(reverse(f"accounts:{name}", args=[theirs.pk])).status_code == 404


def test_the_list_costs_the_same_for_one_and_three(client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    user = signed_in(client)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for number in range(2):
        Email.objects.create(user=user, address=f"x{number}@example.org", verified_at=timezone.now())
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)
    assert len(one) == len(three)
