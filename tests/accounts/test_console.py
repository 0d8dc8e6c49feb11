"""The operator console: for operators, after a fresh confirmation, recorded, without passwords."""

from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from parvis.accounts import cli
from parvis.accounts.models import Session
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.models import Email, User
from tests.accounts.steps import age_proofs, person_with_totp
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db


def opened(client: Client, **fields: Any) -> User:
    """Return an operator whose console is open in this client."""
    user = make_person("operator@example.org", is_operator=True, **fields)
    client.force_login(user)
    client.post(reverse("admin:open"))
    return user


def test_a_visitor_is_asked_to_sign_in_and_a_person_is_refused(client: Client) -> None:
    url = reverse("admin:index")
    asked = client.get(url)
    assert (
        client.get(asked.headers["Location"]).headers["Location"] == f"{reverse('accounts:sign-in')}?next=%2Fconsole%2F"
    )
    client.force_login(make_person())
    assert client.get(url).status_code == 403
    assert client.get(reverse("admin:open")).status_code == 403
    assert client.post(reverse("admin:open")).status_code == 403


def test_the_console_is_opened_by_a_button_and_recorded(client: Client) -> None:
    user = make_person(is_operator=True)
    client.force_login(user)
    asked = client.get(reverse("admin:index"))
    assert asked.headers["Location"].startswith(reverse("admin:open"))
    assert "Opening it is recorded" in client.get(asked.headers["Location"]).text
    assert client.post(asked.headers["Location"]).headers["Location"] == reverse("admin:index")
    page = client.get(reverse("admin:index"))
    assert page.status_code == 200
    assert "Ada Lovelace" in page.text
    assert Event.objects.filter(tag=Tag.CONSOLE_OPENED, by_id=user.pk).count() == 1


def test_the_console_asks_for_a_fresh_confirmation(client: Client) -> None:
    client.force_login(make_person(is_operator=True))
    age_proofs(client, 1000)
    assert client.get(reverse("admin:open")).headers["Location"].startswith(reverse("accounts:confirm"))
    assert client.post(reverse("admin:open")).headers["Location"].startswith(reverse("accounts:confirm"))


def test_the_console_closes_when_it_is_not_used(client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        opened(client)
        for _turn in range(3):
            clock.shift(800)
            assert client.get(reverse("admin:index")).status_code == 200
        clock.shift(901)
        assert client.get(reverse("admin:index")).headers["Location"].startswith(reverse("admin:open"))
        assert client.get(reverse("admin:open")).headers["Location"].startswith(reverse("accounts:confirm"))


def test_production_asks_operators_for_two_factors(client: Client, settings: Any) -> None:
    settings.IS_PRODUCTION = True
    client.force_login(make_person(is_operator=True))
    asked = client.get(reverse("admin:open"))
    assert "second factor is needed" in client.get(asked.headers["Location"]).text
    user, app = person_with_totp("operator@example.org")
    User.objects.filter(pk=user.pk).update(is_operator=True)
    client.force_login(user)
    asked = client.get(reverse("admin:open"))
    assert client.post(asked.headers["Location"], {"code": app.now()}).headers["Location"] == reverse("admin:open")
    assert client.post(reverse("admin:open")).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_revoked_operator_is_out_at_once(client: Client) -> None:
    user = opened(client)
    User.objects.filter(pk=user.pk).update(is_operator=False)
    assert client.get(reverse("admin:index")).status_code == 403


def test_there_are_no_passwords_and_no_login_form(client: Client) -> None:
    opened(client)
    with pytest.raises(NoReverseMatch):
        reverse("admin:password_change")
    assert "password" not in client.get(reverse("admin:index")).text.lower()


def test_closing_the_console_keeps_the_session(client: Client) -> None:
    opened(client)
    client.post(reverse("admin:logout"))
    assert client.get(reverse("accounts:overview")).status_code == 200
    assert client.get(reverse("admin:index")).headers["Location"].startswith(reverse("admin:open"))


def test_an_operator_ends_sessions_and_sees_no_address_of_a_network(client: Client) -> None:
    operator = opened(client)
    ada = make_person("ada@example.org", given_name="Augusta")
    Client().force_login(ada)
    session = Session.objects.get(user=ada)
    Session.objects.filter(pk=session.pk).update(ip_address="192.0.2.99")
    url = reverse("admin:accounts_session_changelist")
    page = client.get(url)
    assert "Augusta" in page.text
    assert "192.0.2.99" not in page.text
    assert "192.0.2.99" not in client.get(reverse("admin:accounts_session_change", args=[session.pk])).text
    client.post(url, {"action": "end", "_selected_action": [session.pk]})
    assert not Session.objects.filter(user=ada).exists()
    assert Event.objects.filter(tag=Tag.SESSIONS_ENDED, by_id=operator.pk, person_id=ada.pk).exists()


def test_createoperator_names_an_existing_or_a_new_person() -> None:
    ada = make_person()
    assert CliRunner().invoke(cli.createoperator, ["ADA@example.org"]).exit_code == 0
    ada.refresh_from_db()
    assert ada.is_operator
    arguments = ["grace@example.org", "--given-name", "Grace", "--family-name", "Hopper"]
    assert CliRunner().invoke(cli.createoperator, arguments).exit_code == 0
    holder = Email.objects.holder_of("grace@example.org")
    assert holder is not None
    assert (holder.user.name, holder.user.is_operator) == ("Grace Hopper", True)
    refused = CliRunner().invoke(cli.createoperator, ["nonsense"])
    assert refused.exit_code == 1
    assert "valid e-mail address" in refused.output


def test_sessions_are_ended_and_purged_from_the_command_line(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    assert "1 sessions ended" in CliRunner().invoke(cli.accounts, ["end-sessions", "ada@example.org"]).output
    client.force_login(person)
    assert "0 sessions" in CliRunner().invoke(cli.accounts, ["purge"]).output
    Session.objects.update(expire_date=timezone.now())
    assert "1 sessions" in CliRunner().invoke(cli.accounts, ["purge"]).output
    assert not Session.objects.exists()
