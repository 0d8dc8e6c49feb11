import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tests.factories.directory import GroupFactory, MembershipFactory, UserFactory
from tests.factories.suite import ApplicationFactory, EntitlementFactory, PinFactory, browser_of

pytestmark = pytest.mark.django_db


def test_visitors_see_the_public_list_only() -> None:
    ApplicationFactory(name_en="Hidden writings")
    shown = ApplicationFactory(name_en="Shown writings", public=True)
    page = Browser().get("/apps/", headers={"Accept-Language": "en"}).content.decode()
    assert "Shown writings" in page
    assert "Hidden writings" not in page
    assert Browser().get(f"/apps/{shown.slug}/").status_code == 200


def test_people_see_what_they_may_use_with_a_search_that_forgives() -> None:
    ApplicationFactory(name_fr="Réunions", name_en="Meetings")
    ApplicationFactory(name_fr="Courrier", name_en="Mail")
    page = browser_of(UserFactory()).get("/apps/", {"q": "reunion"}).content.decode()
    main = page[page.index('id="main"') :]
    assert "Meetings" in main
    assert ">Mail<" not in main


def test_a_search_that_finds_nothing_says_what_to_try() -> None:
    page = browser_of(UserFactory()).get("/apps/", {"q": "zzzz"}).content.decode()
    assert "No application has these words" in page


def test_a_card_that_one_may_not_see_does_not_exist() -> None:
    hidden = ApplicationFactory(chosen=True)
    assert browser_of(UserFactory()).get(f"/apps/{hidden.slug}/").status_code == 404
    assert Browser().get(f"/apps/{hidden.slug}/").status_code == 404
    assert Browser().get("/apps/unknown/").status_code == 404


def test_a_public_card_says_when_it_is_not_open_to_the_reader() -> None:
    listed = ApplicationFactory(chosen=True, public=True)
    page = browser_of(UserFactory()).get(f"/apps/{listed.slug}/").content.decode()
    assert "This application is not open to you" in page


def test_sign_in_settings_are_shown_to_managers_and_secrets_to_nobody() -> None:
    team = GroupFactory()
    application = ApplicationFactory(owner=team, signs_in=True)
    url = f"/apps/{application.slug}/connect/"
    assert browser_of(MembershipFactory(group=team).user).get(url).status_code == 403
    page = browser_of(MembershipFactory(group=team, manager=True).user).get(url).content.decode()
    assert application.client.client_id in page
    assert "OIDC_RP_SIGN_ALGO" in page
    assert 'href="/oidc/openapi.json"' in page
    assert "…" in page  # The place of the secret, which nobody can show again.


def test_the_list_costs_the_same_for_one_and_three_applications() -> None:
    team = GroupFactory()
    person = MembershipFactory(group=team, manager=True).user
    browser = browser_of(person)
    counts = []
    for number in (1, 2):
        for _time in range(number):
            application = EntitlementFactory(group=team, application__owner=team).application
            PinFactory(user=person, application=application)
        with CaptureQueriesContext(connection) as queries:
            browser.get("/apps/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_how_to_embed_is_public() -> None:
    page = Browser().get("/apps/menu/").content.decode()
    assert "http://127.0.0.1:8000/api/launcher/services.json" in page
    assert "launcher.js" in page
