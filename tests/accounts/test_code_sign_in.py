"""Signing in by an address and a code that is sent to it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.accounts.models import Session
from parvis.directory.models import Email, User
from parvis.mail.models import Message
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db


def last_code() -> str:
    message = Message.objects.order_by("-created_at", "-id")[0]
    found = re.search(r"\b(\d{4}) (\d{4})\b", message.text)
    assert found
    return found[1] + found[2]


def ask(client: Client, address: str, query: str = "") -> Any:
    return client.post(reverse("accounts:sign-in") + query, {"email": address})


def give(client: Client, code: str, query: str = "") -> Any:
    return client.post(reverse("accounts:code") + query, {"code": code})


def test_a_person_signs_in_with_the_code_sent_to_their_address(client: Client) -> None:
    person = make_person("ada@example.org")
    answer = ask(client, "Ada@Example.org ")
    assert answer.status_code == 302
    assert answer.url == reverse("accounts:code")
    assert "ada@example.org" in client.get(answer.url).content.decode().lower()
    answer = give(client, last_code())
    assert answer.status_code == 302
    session = Session.objects.get(user=person)
    assert session.amr == ["mail"]
    assert session.auth_time is not None
    assert client.get(reverse("accounts:overview")).status_code == 200


def test_a_new_person_creates_an_account(client: Client) -> None:
    ask(client, "new@example.org")
    answer = give(client, last_code())
    assert answer.url == reverse("accounts:new-account")
    assert client.get(answer.url).status_code == 200
    client.post(answer.url, {"given_name": "New", "family_name": "Person", "language": "fr"})
    user = User.objects.get(given_name="New")
    assert Email.objects.holder_of("new@example.org").user == user  # type: ignore[union-attr]
    assert client.get(reverse("accounts:overview")).status_code == 200
