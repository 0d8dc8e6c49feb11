import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.suite import launcher
from parvis.suite.queries import menu_of
from tests.factories.directory import GroupFactory, MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.suite import ApplicationFactory, ClientFactory, EntitlementFactory, PinFactory, browser_of

pytestmark = pytest.mark.django_db
SERVICES = "/api/launcher/services.json"
MINE = "/api/launcher/mine.json"


def names(response: Any) -> list[str]:
    return [service["name"] for service in json.loads(response.content)["services"]]


def test_public_data_has_the_shape_that_la_gaufre_v2_reads() -> None:
    application = ApplicationFactory(public=True, name_en="Docs", maturity="beta")
    response = Browser().get(SERVICES, {"lang": "en"})
    document = json.loads(response.content)
    assert set(document) == {"services"}
    service = document["services"][0]
    assert service == {
        "id": str(application.pk),
        "name": "Docs",
        "url": application.url,
        "maturity": "beta",
        "logo": f"http://127.0.0.1:8000/apps/{application.slug}/logo/?v={application.logo_version}",
        "description": "Write together.",
    }
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Cross-Origin-Resource-Policy" not in response
    assert response["Cache-Control"] == "public, max-age=300"


def test_public_data_never_tells_what_is_not_public_whoever_asks() -> None:
    person = UserFactory()
    ApplicationFactory(name_en="Internal")
    ApplicationFactory(name_en="Closed", public=True, closed=True)
    ApplicationFactory(name_en="Open", public=True)
    assert names(browser_of(person).get(SERVICES, {"lang": "en"})) == ["Open"]


def test_an_organisation_orders_the_public_list_and_adds_nothing_to_it() -> None:
    ministry = OrganizationFactory(name="Ministry")
    ministry.identifiers.create(scheme="siret", value="13002526500013")
    EntitlementFactory(
        organization=ministry, application__is_public=True, application__name_en="Zebra", application__name_fr="Zèbre"
    )
    EntitlementFactory(organization=ministry, application__name_en="Secret")
    ApplicationFactory(public=True, chosen=True, name_en="Alpha", name_fr="Alpha")
    response = Browser().get(SERVICES, {"siret": "130 025 265 00013", "lang": "en"})
    document = json.loads(response.content)
    assert document["organization"] == {"name": "Ministry", "type": ministry.kind, "siret": "13002526500013"}
    assert [(one["name"], one["subscribed"]) for one in document["services"]] == [("Zebra", True), ("Alpha", False)]


@pytest.mark.parametrize("siret", ["", "1", "13002526500013", "a" * 500, "%00"])
def test_an_unknown_or_absurd_siret_gives_the_plain_public_list(siret: str) -> None:
    ApplicationFactory(public=True)
    response = Browser().get(SERVICES, {"siret": siret})
    assert "organization" not in json.loads(response.content)


def test_each_language_has_its_names() -> None:
    ApplicationFactory(public=True, name_fr="Agenda", name_en="Calendar")
    assert names(Browser().get(SERVICES, {"lang": "fr"})) == ["Agenda"]
    assert names(Browser().get(SERVICES, {"lang": "en"})) == ["Calendar"]
    assert Browser().get(SERVICES, {"lang": "xx"}).status_code == 200


def test_only_reading_is_allowed() -> None:
    assert Browser().post(SERVICES).status_code == 405
    assert Browser().post(MINE).status_code == 405


def test_my_own_menu_has_my_pins_first_and_is_kept_by_nobody() -> None:
    person = UserFactory()
    ApplicationFactory(name_en="Alpha", name_fr="Alpha")
    pinned = ApplicationFactory(name_en="Zulu", name_fr="Zulu")
    PinFactory(user=person, application=pinned)
    PinFactory(application=pinned)  # Somebody else's.
    response = browser_of(person).get(MINE, {"lang": "en"})
    assert names(response) == ["Zulu", "Alpha"]
    assert response["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in response
    assert names(Browser().get(MINE)) == []


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://docs.example.org", True),
        ("https://docs.example.org:8443", False),
        ("https://docs.example.or", False),
        ("http://docs.example.org", False),
        ("https://untrusted.example.org", False),
        ("null", False),
        ("https://docs.example.org/%", False),
    ],
)
def test_only_trusted_applications_may_read_a_persons_own_menu(origin: str, allowed: bool) -> None:
    ApplicationFactory(url="https://docs.example.org/start", client=ClientFactory(is_trusted=True))
    ApplicationFactory(url="https://untrusted.example.org/", client=ClientFactory(is_trusted=False))
    response = browser_of(UserFactory()).get(MINE, headers={"Origin": origin})
    assert response.get("Access-Control-Allow-Origin") == (origin if allowed else None)
    assert response.get("Access-Control-Allow-Credentials") == ("true" if allowed else None)
    assert "Origin" in response["Vary"]


def test_the_header_shows_pinned_applications_first_and_at_most_twelve() -> None:
    person = UserFactory()
    for _number in range(14):
        ApplicationFactory()
    pinned = ApplicationFactory(name_en="Zulu", name_fr="Zulu")
    PinFactory(user=person, application=pinned)
    page = browser_of(person).get("/apps/").content.decode()
    panel = page[page.index('class="launcher"') : page.index("launcher-all")]
    shown = re.findall(r'launcher-name">([^<]+)', panel)
    assert len(shown) == launcher.SHOWN
    assert shown[0] == "Zulu"
    assert "pinned" in panel


def test_the_header_costs_the_same_for_one_and_three_applications() -> None:
    team = GroupFactory()
    person = MembershipFactory(group=team).user
    person.refresh_from_db()
    counts = []
    for number in (1, 2):
        for _time in range(number):
            EntitlementFactory(group=team)
        with CaptureQueriesContext(connection) as queries:
            list(menu_of(type(person).objects.get(pk=person.pk)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_script_is_served_for_other_sites_and_for_good_under_its_version() -> None:
    response = Browser().get("/launcher.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Cross-Origin-Resource-Policy" not in response
    assert response["Cache-Control"] == "public, max-age=3600"
    digest = response["ETag"].strip('"')
    assert "immutable" in Browser().get("/launcher.js", {"v": digest})["Cache-Control"]
    assert "immutable" not in Browser().get("/launcher.js", {"v": "other"})["Cache-Control"]
    assert Browser().get("/launcher.js", headers={"If-None-Match": f'"{digest}"'}).status_code == 304


def test_the_script_needs_no_unsafe_policy() -> None:
    source = Browser().get("/launcher.js").content.decode()
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|\.cssText|setAttribute\(\"style", source)


def test_an_application_without_a_logo_has_its_initials_because_la_gaufre_hides_what_has_none() -> None:
    application = ApplicationFactory(public=True, name_fr="Grand Livre")
    response = Browser().get(reverse("suite:application-logo", args=[application.slug]))
    assert response["Content-Type"] == "image/svg+xml"
    assert ">GL</text>" in response.content.decode()
    assert "Cross-Origin-Resource-Policy" not in response


def test_a_logo_is_shown_to_those_who_see_the_card() -> None:
    application = ApplicationFactory()
    url = reverse("suite:application-logo", args=[application.slug])
    assert Browser().get(url).status_code == 404
    response = browser_of(UserFactory()).get(url)
    assert response.status_code == 200
    assert response["Cache-Control"].startswith("private")
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
