"""People who do not want to sign in after all go back to the application, which is told so."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.test import Client as Browser

from parvis.oidc.models import Grant
from tests.factories.fapi import FapiApplication
from tests.factories.oidc import Application, answer_of, posted_answer_of


def way_back(app: Application, response: Any) -> str:
    """Follow to the sign-in page and return the address of its link back."""
    page = app.browser.get(response.headers["Location"], follow=True)
    assert page.status_code == 200
    cancel: str = page.context["demand"].cancel
    assert f"Cancel and go back to {app.client.name_en}" in page.content.decode()
    assert urlsplit(cancel).path == "/oidc/cancel"
    return cancel


@pytest.fixture
def visitor(app: Application) -> Application:
    """The application, in a browser where nobody is signed in."""
    app.browser = Browser()
    return app


def test_who_cancels_goes_back_and_the_application_is_told(visitor: Application) -> None:
    answer = answer_of(visitor.browser.get(way_back(visitor, visitor.authorize())))
    assert answer["error"] == "access_denied"
    assert (answer["state"], answer["iss"]) == ("state-0123456789", settings.ISSUER)
    assert not Grant.objects.exists()


def test_the_answer_travels_as_it_was_asked_to(visitor: Application) -> None:
    answer = posted_answer_of(visitor.browser.get(way_back(visitor, visitor.authorize(response_mode="form_post"))))
    assert answer["error"] == "access_denied"


def test_a_confirmation_can_be_cancelled_too(app: Application) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5)):
        cancel = way_back(app, app.authorize(prompt="login"))
        assert answer_of(app.browser.get(cancel))["error"] == "access_denied"


def test_who_pushed_is_told_too(fapi: FapiApplication) -> None:
    fapi.browser = Browser()
    uri = fapi.push().body["request_uri"]
    assert answer_of(fapi.browser.get(way_back(fapi, fapi.visit(uri))))["error"] == "access_denied"


def test_nobody_cancels_for_somebody_else(visitor: Application) -> None:
    cancel = way_back(visitor, visitor.authorize())
    assert Browser().get(cancel).status_code == 400
    assert visitor.browser.get(cancel.partition("&interaction=")[0]).status_code == 400
    assert visitor.browser.post(cancel).status_code == 405


def test_a_plain_sign_in_has_nothing_to_go_back_to(db: None) -> None:
    assert "Cancel and go back" not in Browser().get("/sign-in/").content.decode()
