"""One click in a menu signs in: applications that say how begin the sign-in (OpenID Connect Core 1.0, section 4)."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.suite.launcher import address_for
from parvis.suite.models import Application
from tests.factories.directory import UserFactory
from tests.factories.suite import ApplicationFactory, browser_of

pytestmark = pytest.mark.django_db
BEGINS = "https://writings.example.org/begin"


def application(**changes: object) -> Application:
    made: Application = ApplicationFactory(
        signs_in=True, client__initiate_login_uri=BEGINS, name_en="Writings", name_fr="Écrits", **changes
    )
    return made


def test_core_4_the_link_names_the_issuer_and_where_to_go_afterwards() -> None:
    made = application()
    address = address_for(made, UserFactory())
    assert address.startswith(f"{BEGINS}?")
    assert parse_qs(urlsplit(address).query) == {"iss": [settings.ISSUER], "target_link_uri": [made.url]}


def test_core_4_the_query_that_the_address_was_registered_with_stays() -> None:
    made = application()
    assert made.client is not None
    made.client.initiate_login_uri = f"{BEGINS}?tenant=1"
    assert address_for(made, UserFactory()).startswith(f"{BEGINS}?tenant=1&iss=")


def test_the_address_of_the_person_is_told_to_nobody_on_the_way() -> None:
    person = UserFactory()
    assert "login_hint" not in address_for(application(), person)


@pytest.mark.parametrize("path", ["/", "/apps/", "/apps/ecrits-a/"])
def test_each_page_opens_it_that_way_for_who_is_signed_in(path: str) -> None:
    application(slug="ecrits-a")
    page = browser_of(UserFactory()).get(path)
    assert f'href="{BEGINS}?iss=' in page.content.decode()


def test_visitors_and_other_sites_are_led_to_its_front_page() -> None:
    made = application(is_public=True)
    for path in ("/apps/", reverse("suite:application-detail", args=[made.slug])):
        page = Browser().get(path).content.decode()
        assert made.url in page
        assert BEGINS not in page
    listed = json.loads(Browser().get("/api/launcher/services.json").content)["services"]
    assert [one["url"] for one in listed] == [made.url]
    mine = json.loads(browser_of(UserFactory()).get("/api/launcher/mine.json").content)["services"]
    assert mine[0]["url"].startswith(BEGINS)


def test_one_and_three_applications_cost_the_same() -> None:
    browser = browser_of(UserFactory())

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/apps/").status_code == 200
        return len(queries)

    application(slug="ecrits-1")
    browser.get("/apps/")
    one = cost()
    application(slug="ecrits-2")
    application(slug="ecrits-3")
    assert cost() == one
