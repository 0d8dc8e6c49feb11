"""The language that an application proposes for our pages (OpenID Connect Core 1.0, section 3.1.2.1)."""

from typing import Any

import pytest
from django.test import Client as Browser

from parvis.oidc.models import Client
from tests.factories.oidc import Application

ENGLISH = {"accept-language": "en-GB,en"}


@pytest.fixture
def visitor(signing_keys: None, client_row: Client) -> Application:
    """The application, in a browser that prefers English, where nobody is signed in."""
    return Application(client_row, Browser(headers=ENGLISH))


def page(visitor: Application, **changes: str | None) -> Any:
    return visitor.browser.get("/oidc/authorize", visitor.query(**changes), follow=True)


def language_of(response: Any) -> str:
    return "fr" if '<html lang="fr"' in response.content.decode() else "en"


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [("fr", "fr"), ("fr-CA", "fr"), ("de fr en", "fr"), ("en fr", "en"), ("de", "en"), ("\x01", "en"), (None, "en")],
)
def test_core_3_1_2_1_the_sign_in_speaks_the_first_language_that_exists_here(
    visitor: Application, wanted: str | None, shown: str
) -> None:
    assert language_of(page(visitor, ui_locales=wanted)) == shown


def test_each_page_of_the_sign_in_speaks_it(visitor: Application, person: Any) -> None:
    first = page(visitor, ui_locales="fr")
    address = first.request["PATH_INFO"] + "?" + first.request["QUERY_STRING"]
    second = visitor.browser.post(address, {"email": "lea.martin@example.org"}, follow=True)
    assert "/sign-in/code/" in second.request["PATH_INFO"]
    assert language_of(second) == "fr"


def test_a_choice_of_the_persons_own_goes_first(visitor: Application) -> None:
    visitor.browser.cookies["parvis_language"] = "en"
    assert language_of(page(visitor, ui_locales="fr")) == "en"


def test_the_language_of_an_account_goes_first(visitor: Application, person: Any) -> None:
    Client.objects.update(is_trusted=False)
    visitor.sign_in_as(person)
    assert language_of(page(visitor, ui_locales="fr")) == "en"


def test_an_explanation_speaks_it_too(visitor: Application) -> None:
    refused = page(visitor, ui_locales="fr", redirect_uri="https://elsewhere.example.org/")
    assert (refused.status_code, language_of(refused)) == (400, "fr")


def test_what_is_advertised_is_what_exists(visitor: Application, settings: Any) -> None:
    told = visitor.server.get("/.well-known/openid-configuration").json()
    assert set(told["ui_locales_supported"]) == set(dict(settings.LANGUAGES))
