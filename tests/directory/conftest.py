"""Signing a person in without the journey, which `tests/accounts` proves."""

from collections.abc import Callable

import pytest
from django.test import Client

from parvis.directory.models import User

SignedIn = Callable[[User], Client]


@pytest.fixture
def signed_in() -> SignedIn:
    def open_browser(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return open_browser
