"""Feeds, calendars, linked data, publiccode.yml."""

import json
import re
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from django.apps import apps
from django.test import Client

from parvis.opendata import linked_data, publiccode
from parvis.portfolio import registry
from parvis.portfolio.models import Product, ProductIncubator
from tests.factories.directory import OrganizationFactory, UserFactory
from tests.factories.portfolio import (
    CommitteeFactory,
    DecisionFactory,
    IncubatorFactory,
    MissionFactory,
    PersonCardFactory,
    ProductFactory,
    RevisionFactory,
    SponsorshipFactory,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, address: str = "/portfolio/changes.atom") -> Any:
    response = client.get(address)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)


def titles(client: Client, address: str = "/portfolio/changes.atom") -> list[str]:
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed(client, address).iter(f"{ATOM}entry")]


# --- Atom -------------------------------------------------------------------------------------------------------------
def test_the_feed_tells_decisions_and_changes_the_newest_first(client: Client) -> None:
    product = ProductFactory(key="p", name="Pix")
    RevisionFactory(product=product, changes={"mission": ["Old", "New"]})
    decision = DecisionFactory(product=product)
    entry = next(feed(client).iter(f"{ATOM}entry"))
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{decision.pk}"
    assert entry.findtext(f"{ATOM}summary") == "Users asked for it."
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href", "").endswith("/portfolio/products/p/")
    assert titles(client) == ["Pix – Move to another phase: Construction", "Pix – changed: mission in one sentence"]


def test_the_feed_takes_the_filters_of_the_explore_page(client: Client) -> None:
    RevisionFactory(product=ProductFactory(name="Built", phase="construction"))
    RevisionFactory(product=ProductFactory(name="Stopped", phase="abandon"))
    assert titles(client, "/portfolio/changes.atom?phase=construction") == ["Built – changed: name"]


def test_a_product_has_a_feed_of_its_own(client: Client) -> None:
    RevisionFactory(product=ProductFactory(key="p", name="Pix"))
    RevisionFactory()
    assert titles(client, "/portfolio/products/p/changes.atom") == ["Pix – changed: name"]


def test_contacts_and_people_are_no_news(client: Client) -> None:
    product = ProductFactory(key="p")
    RevisionFactory(product=product, changes={"contact": ["a@b.example", "c@d.example"]})
    assert titles(client) == []
    assert b"@b.example" not in client.get("/portfolio/changes.atom").content


def test_a_feed_holds_no_markup_of_others(client: Client) -> None:
    RevisionFactory(product=ProductFactory(name="<script>x</script>"), changes={"name": ["\x0b", "<b>"]})
    assert titles(client) == ["<script>x</script> – changed: name"]


def test_proposals_are_no_news(client: Client) -> None:
    RevisionFactory(product=ProductFactory(proposed=True))
    assert titles(client) == []


# --- iCalendar --------------------------------------------------------------------------------------------------------
def calendar(client: Client, query: str = "") -> str:
    response = client.get(f"/portfolio/committees.ics{query}")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content.decode()


def test_committees_are_days_of_a_calendar(client: Client) -> None:
    nord = IncubatorFactory(key="nord", name="Nord, et ailleurs")
    committee = CommitteeFactory(incubator=nord, on=date(2026, 12, 31), title="Revue; du matin")
    text = calendar(client)
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert f"UID:{committee.pk}@" in text
    assert "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n" in text
    assert "SUMMARY:Revue\\; du matin – Nord\\, et ailleurs\r\n" in text


def test_long_lines_are_folded_between_characters(client: Client) -> None:
    CommitteeFactory(title="é" * 150)
    lines = calendar(client).split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert "é" * 150 in calendar(client).replace("\r\n ", "")


def test_only_committees_announced_to_all_are_in_it(client: Client) -> None:
    CommitteeFactory(title="Open")
    CommitteeFactory(title="Closed", is_public=False)
    CommitteeFactory(title="Hush", incubator=IncubatorFactory(key="secret", hidden=True))
    text = calendar(client)
    assert "Open" in text
    assert "Closed" not in text
    assert "Hush" not in text
    assert client.get("/portfolio/committees.ics?incubator=secret").status_code == 404


def test_an_incubator_has_a_calendar_of_its_own(client: Client) -> None:
    CommitteeFactory(title="Here", incubator=IncubatorFactory(key="nord"))
    CommitteeFactory(title="There")
    text = calendar(client, "?incubator=nord")
    assert "Here" in text
    assert "There" not in text


# --- schema.org -------------------------------------------------------------------------------------------------------
def test_a_product_is_a_government_service() -> None:
    product = ProductFactory(key="p", name="Pix", repository="https://code.example")
    for key, hidden in (("nord", False), ("secret", True)):
        incubator = IncubatorFactory(key=key, name=key, is_hidden=hidden)
        ProductIncubator.objects.create(product=product, incubator=incubator, raw_key=key)
    SponsorshipFactory(product=product, organization=OrganizationFactory(name="DINUM"))
    told = linked_data.product(product)
    assert told["@type"] == "GovernmentService"
    assert [one["name"] for one in told["provider"]] == ["nord"]
    assert told["sponsor"] == [{"@type": "GovernmentOrganization", "name": "DINUM"}]
    assert told["subjectOf"]["codeRepository"] == "https://code.example"


def test_linked_data_cannot_leave_its_script_element() -> None:
    product = ProductFactory(key="p", name="</script><script>alert(1)</script>")
    text = linked_data.as_script_text(linked_data.product(product))
    assert "<" not in text
    assert json.loads(text)["name"] == product.name


# --- publiccode.yml ---------------------------------------------------------------------------------------------------
MANDATORY = {
    "publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal",
    "maintenance", "localisation",
}  # fmt: skip


def code(client: Client) -> Any:
    response = client.get("/portfolio/products/p/publiccode.yml")
    assert response.status_code == 200
    return yaml.safe_load(response.content)


def test_a_product_with_code_has_a_valid_publiccode(client: Client) -> None:
    product = ProductFactory(key="p", name="Pix", repository="https://code.example/p.git", phase="acceleration")
    user = UserFactory(given_name="Léa", family_name="Martin")
    PersonCardFactory(user=user)
    MissionFactory(user=user, product=product)
    SponsorshipFactory(product=product, organization=OrganizationFactory(name="DINUM"))
    told = code(client)
    assert set(told) >= MANDATORY
    assert told["developmentStatus"] == "beta"
    description = told["description"]["fr"]
    assert len(description["shortDescription"]) <= 150
    assert 150 <= len(description["longDescription"]) <= 10_000
    assert description["features"]
    assert told["legal"] == {"license": "LicenseRef-not-declared"}
    assert told["maintenance"] == {"type": "internal", "contacts": [{"name": "Léa Martin"}]}
    assert told["localisation"] == {"localisationReady": False, "availableLanguages": ["fr"]}
    assert told["organisation"]["name"] == "DINUM"


@pytest.mark.parametrize(("phase", "status"), publiccode._STATUS.items())
def test_each_phase_is_a_development_status(phase: str, status: str) -> None:
    assert yaml.safe_load(publiccode.document(Product(key="p", current_phase=phase)))["developmentStatus"] == status


def test_english_is_told_where_somebody_wrote_it(client: Client) -> None:
    ProductFactory(key="p", repository="https://code.example", solution_en="Measure skills. " * 20)
    told = code(client)["description"]
    assert set(told) == {"fr", "en"}
    assert told["en"]["shortDescription"].startswith("Measure skills.")


def test_hidden_people_maintain_nothing_publicly(client: Client) -> None:
    product = ProductFactory(key="p", name="Pix", repository="https://code.example")
    user = UserFactory()
    PersonCardFactory(user=user, hidden=True)
    MissionFactory(user=user, product=product)
    assert code(client)["maintenance"]["contacts"] == [{"name": "Pix"}]


def test_without_code_there_is_no_publiccode(client: Client) -> None:
    ProductFactory(key="p")
    assert client.get("/portfolio/products/p/publiccode.yml").status_code == 404


def test_the_page_of_a_product_holds_its_linked_data(client: Client) -> None:
    ProductFactory(key="p", name="</script><b>&amp;", repository="https://code.example")
    response = client.get("/portfolio/products/p/")
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    assert [json.loads(one)["name"] for one in found] == ["</script><b>&amp;"]
    assert "publiccode.yml" in response.content.decode()


# --- Beside the pages -------------------------------------------------------------------------------------------------
def test_pages_lead_to_their_documents(client: Client) -> None:
    product = ProductFactory(key="été")
    assert apps.is_installed("parvis.opendata")
    addresses = [one.url(product) for one in registry.product_alternates]
    assert "" in addresses  # Its publiccode.yml: it has no code.
    for address in filter(None, addresses):
        assert client.get(address).status_code == 200
    for one in registry.list_alternates:
        assert client.get(one.url("phase=construction")).status_code == 200
