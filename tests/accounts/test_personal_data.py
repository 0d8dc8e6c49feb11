"""What accounts tell, erase and remember of a person when other parts ask."""

import pytest
from django.test import Client
from django.urls import reverse

from parvis.accounts import personal_data
from parvis.accounts.actions import factors
from parvis.accounts.backends import SessionBackend
from parvis.accounts.models import KnownDevice, RecoveryCode, Totp
from parvis.directory.actions.people import anonymise_user
from parvis.directory.models import User
from tests.accounts.authenticator import Authenticator
from tests.accounts.steps import age_proofs, person_with_totp, sign_in
from tests.accounts.test_passkeys import add
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db


def test_the_download_tells_everything_and_opens_nothing(client: Client) -> None:
    user, app = person_with_totp()
    factors.make_recovery_codes(user=user)
    client.force_login(user)
    client.post(reverse("accounts:confirm"), {"code": app.now()})
    told = personal_data.export(user)
    assert told["recovery_codes_left"] == 10
    assert told["authenticator_app"] is not None
    assert len(told["sessions"]) == 1  # type: ignore[arg-type]  # A list, for JSON.
    assert app.secret not in str(told)
    assert Totp.objects.get().sealed_secret not in str(told)


def test_erasure_leaves_nothing_that_proves_who_the_person_was(client: Client) -> None:
    user = make_person()
    sign_in(client)
    add(client, Authenticator())
    factors.make_recovery_codes(user=user)
    anonymise_user(by=None, user=user)
    assert not user.passkeys.exists()
    assert not RecoveryCode.objects.exists()
    assert not KnownDevice.objects.exists()
    assert not user.sessions.exists()


@pytest.mark.parametrize("name", ["directory:my-data-download", "directory:my-data-erase"])
def test_downloading_and_erasing_ask_for_a_fresh_proof(client: Client, name: str) -> None:
    client.force_login(make_person())
    age_proofs(client, 1000)
    for answer in (client.get(reverse(name)), client.post(reverse(name))):
        assert answer.status_code == 405 or answer.headers["Location"].startswith(reverse("accounts:confirm"))


def test_the_language_that_a_person_picks_is_kept_with_their_account(client: Client) -> None:
    user = make_person(language="en")
    client.force_login(user)
    assert "My account" in client.get(reverse("accounts:overview")).text
    client.post(reverse("web:language"), {"language": "fr", "next": "/"})
    assert User.objects.get(pk=user.pk).language == "fr"
    assert 'lang="fr"' in client.get(reverse("accounts:overview")).text


def test_django_finds_active_people_only() -> None:
    active, suspended = make_person(), make_person("bob@example.org", state=User.State.SUSPENDED)
    assert SessionBackend().get_user(active.pk) == active
    assert SessionBackend().get_user(suspended.pk) is None
