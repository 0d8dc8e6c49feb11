"""Signing keys that are made once for a test process, and nothing remembered from one test to the next."""

from collections.abc import Iterator
from functools import cache

import pytest

from parvis.directory.models import Email, User
from parvis.oidc import algorithms, clients, keys
from parvis.oidc.models import Client, SigningKey
from tests.accounts.conftest import in_parallel  # noqa: F401 - a fixture
from tests.factories.fapi import FapiApplication
from tests.factories.oidc import Application, make_client


@cache
def _material(alg: str) -> tuple[str, bytes]:
    return algorithms.generate(alg)


@pytest.fixture(autouse=True)
def forget_memories() -> Iterator[None]:
    """Let no test see another's clients or keys."""
    clients.forget()
    keys.forget()
    yield
    clients.forget()
    keys.forget()


@pytest.fixture
def signing_keys(db: None) -> None:
    """Keep the first keys, as `parvis setup` would make them."""
    for alg in algorithms.OURS:
        kid, pem = _material(alg)
        SigningKey.objects.create(kid=kid, alg=alg, sealed_pem=SigningKey.seal(pem))


@pytest.fixture
def person(db: None) -> User:
    """Somebody with a confirmed address."""
    user: User = User.objects.create(given_name="Léa", family_name="Martin", language="en", phone_number="+33123456789")
    Email.objects.create(user=user, address="lea.martin@example.org", verified_at=user.created_at, is_primary=True)
    return user


@pytest.fixture
def client_row(db: None) -> Client:
    """A confidential application that the operator trusts."""
    return make_client()


@pytest.fixture
def app(signing_keys: None, client_row: Client, person: User) -> Application:
    """The application, in a browser where the person is signed in."""
    return Application(client_row).sign_in_as(person)


@pytest.fixture
def fapi(signing_keys: None, person: User) -> FapiApplication:
    """An application that keeps the rules of FAPI 2.0, in a browser where the person is signed in."""
    made = FapiApplication.made()
    made.sign_in_as(person)
    return made
