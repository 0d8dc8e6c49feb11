"""The interface of beta.gouv.fr: what its templates gave, from the database (`api/v2.7/`, `_plugins/` of its site)."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.portfolio.models import PersonCard, Product, ProductIncubator
from tests.factories.directory import EmailFactory, OrganizationFactory, UserFactory
from tests.factories.portfolio import (
    EventFactory,
    IncubatorFactory,
    MissionFactory,
    PersonCardFactory,
    PhaseFactory,
    ProductFactory,
    SponsorshipFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[3] / "shared" / "betagouv"


def read(client: Client, name: str) -> Any:
    response = client.get(f"/api/v2.7/{name}")
    assert response.status_code == 200
    return response.json()


def person(key: str, **card: Any) -> Any:
    user = UserFactory(given_name=key, family_name="Martin")
    PersonCardFactory(user=user, key=key, **card)
    return user


def a_product(**values: Any) -> Product:
    product: Product = ProductFactory(
        **{"key": "été.fr", "name": 'A "quoted" name', "mission": "Help", "website": "https://e.example", **values}
    )
    PhaseFactory(product=product, name="construction", start_on="2021-01-01", end_on="2021-06-01", position=0)
    PhaseFactory(product=product, name="investigation", start_on="2020-01-01", position=1, comment="first")
    EventFactory(product=product, kind="other", on=None, comment="one\ntwo")
    return product


def test_startups_have_the_attributes_of_the_template(client: Client) -> None:
    product = a_product(
        has_stats=True, description="## É & ~", repository="https://code.example", contact="a@b.example"
    )
    nord = IncubatorFactory(key="nord", name="Nord", owner=OrganizationFactory(slug="dinum"))
    ProductIncubator.objects.create(product=product, incubator=nord, raw_key="nord", is_main=True)
    SponsorshipFactory(product=product, raw_key="/organisations/anct")
    document = read(client, "startups.json")
    assert document["links"] == {"self": "https://beta.gouv.fr/startups"}
    assert document["data"] == [
        {
            "id": "été.fr",
            "type": "startup",
            "attributes": {
                "name": 'A "quoted" name',
                "pitch": "Help",
                "stats_url": "https://e.example/stats",
                "impact_url": "",
                "link": "https://e.example",
                "repository": "https://code.example",
                "contact": "a@b.example",
                "content_url_encoded_markdown": "%23%23%20%C3%89%20%26%20~",
                "events": [{"name": "other", "date": "", "comment": "onetwo"}],
                "phases": [
                    {"name": "construction", "start": "2021-01-01", "end": "2021-06-01"},
                    {"name": "investigation", "start": "2020-01-01", "end": ""},
                ],
                "sponsors": ["anct"],
                "thematiques": [],
                "technos": [],
            },
            "relationships": {
                "incubator": {"data": {"type": "incubator", "id": "nord"}},
                "incubators": {"data": [{"type": "incubator", "id": "nord"}]},
            },
        }
    ]
    assert document["included"][0]["attributes"] == {
        "title": "Nord",
        "owner": "/organisations/dinum",
        "website": "",
        "github": "",
        "contact": "",
    }


def test_products_come_in_the_order_of_their_source_files(client: Client) -> None:
    for key in ("a", "a-b", "a.b", "B", "é"):
        ProductFactory(key=key)
    # "a-b.md" < "a.b.md" < "a.md" < "é.md", and capitals first: bytes, not words.
    assert [one["id"] for one in read(client, "startups.json")["data"]] == ["B", "a-b", "a.b", "a", "é"]


def test_the_main_incubator_of_a_co_incubated_product_is_named_alone_first(client: Client) -> None:
    product = ProductFactory(key="p")
    for position, (key, is_main) in enumerate([("sud", False), ("nord", True)]):
        incubator = IncubatorFactory(key=key)
        ProductIncubator.objects.create(
            product=product, incubator=incubator, raw_key=key, position=position, is_main=is_main
        )
    told = read(client, "startups.json")["data"][0]["relationships"]
    assert told["incubator"]["data"]["id"] == "nord"
    assert [one["id"] for one in told["incubators"]["data"]] == ["sud", "nord"]


def test_the_table_gives_the_last_listed_phase_and_says_null(client: Client) -> None:
    a_product(contact="a@b.example")
    response = client.get("/api/v2.7/startups.csv")
    text = response.content.decode()
    header = "id;name;mission;start;status;incubator;stats;link;repository;accessibility;contact;incubators"
    assert text == (
        f'{header}\n\nété.fr;"A ""quoted"" name";"Help";2021-01-01;investigation;;null;https://e.example;null;"";'
        'a@b.example;""\n\n'
    )
    rows = [row for row in csv.reader(text.splitlines(), delimiter=";") if row]
    assert rows[1][1] == 'A "quoted" name'
    assert response["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_of_the_table_is_a_formula(client: Client, text: str) -> None:
    ProductFactory(key="p", name=text, mission=text)
    rows = list(csv.reader(client.get("/api/v2.7/startups.csv").content.decode().splitlines(), delimiter=";"))
    assert rows[2][1:3] == [f"'{text}"] * 2


def test_details_tell_active_previous_and_expired_members(client: Client) -> None:
    product = ProductFactory(key="p")
    MissionFactory(user=person("now"), product=product)
    MissionFactory(user=person("gone"), product=product, start_on=days_ago(400), end_on=days_ago(30))
    MissionFactory(user=person("later"), product=product, start_on=days_ago(-5), end_on=days_ago(-50))
    person("old", previously=["p", "unheard-of"])
    both = person("both")
    MissionFactory(user=both, product=product, end_on=None)
    MissionFactory(user=both, product=product, start_on=days_ago(400), end_on=days_ago(300))
    document = read(client, "startups_details.json")
    assert list(document) == ["p"]
    assert document["p"]["active_members"] == ["both", "now"]
    assert document["p"]["expired_members"] == ["both", "gone"]
    assert document["p"]["previous_members"] == ["old"]
    assert document["p"]["id"] == "p"
    assert document["p"]["repository"] is None


def test_authors_are_escaped_as_liquid_does(client: Client) -> None:
    user = person("lea", role="R&D <'dev'>", domain="Produit", github="lea", skills=["sql"], bio="Hello **you**")
    MissionFactory(
        user=user, product=ProductFactory(key="p"), start_on="2020-01-01", end_on="2021-01-01", employer="Malt"
    )
    assert read(client, "authors.json") == [
        {
            "id": "lea",
            "fullname": "lea Martin",
            "role": "R&amp;D &lt;&#39;dev&#39;&gt;",
            "domaine": "Produit",
            "link": "",
            "bio": "Hello you",
            "github": "lea",
            "missions": [
                {
                    "start": "2020-01-01",
                    "end": "2021-01-01",
                    "status": "independent",
                    "employer": "Malt",
                    "startups": ["p"],
                }
            ],
            "competences": ["sql"],
        }
    ]


def test_incubators_hold_their_products(client: Client) -> None:
    product = a_product(repository="https://code.example")
    nord = IncubatorFactory(key="nord", name="Nord", contact="nord@example.org")
    ProductIncubator.objects.create(product=product, incubator=nord, raw_key="nord")
    assert read(client, "incubators.json") == {
        "nord": {
            "startups": [
                {
                    "id": "été.fr",
                    "name": 'A "quoted" name',
                    "pitch": "Help",
                    "repository": "https://code.example",
                    "contact": "",
                    "phases": [
                        {"name": "construction", "start": "2021-01-01", "end": "2021-06-01"},
                        {"name": "investigation", "comment": "first", "start": "2020-01-01"},
                    ],
                }
            ],
            "title": "Nord",
            "owner": None,
            "contact": "nord@example.org",
            "address": None,
            "website": None,
            "github": None,
        }
    }


def test_organisations_and_sponsors_are_the_same_in_two_shapes(client: Client) -> None:
    OrganizationFactory(slug="dinum", name="L’un & l'autre", acronym="DINUM", kind="central")
    assert read(client, "organisations.json") == [
        {
            "id": "dinum",
            "name": "L’un &amp; l&#39;autre",
            "acronym": "DINUM",
            "domaine_ministeriel": "",
            "type": "administration-centrale",
        }
    ]
    assert read(client, "sponsors.json") == {
        "dinum": {
            "name": "L’un & l'autre",
            "acronym": "DINUM",
            "domaine_ministeriel": None,
            "type": "administration-centrale",
        }
    }


def test_one_product_as_version_3_gives_it(client: Client) -> None:
    product = a_product(repository="https://code.example", uses_mon_service_securise=True, description="# Body")
    MissionFactory(user=person("now"), product=product)
    MissionFactory(user=person("later"), product=product, start_on=days_ago(-5), end_on=days_ago(-50))
    MissionFactory(user=person("gone"), product=product, start_on=days_ago(400), end_on=days_ago(30))
    person("old", previously=["été.fr"])
    document = client.get("/api/v3/startups/été.fr.json").json()
    assert document == {
        "name": 'A "quoted" name',
        "repository": "https://code.example",
        "contact": "",
        "phases": [
            {"name": "construction", "start": "2021-01-01", "end": "2021-06-01"},
            {"name": "investigation", "comment": "first", "start": "2020-01-01"},
        ],
        "mission": "Help",
        "link": "https://e.example",
        "mon_service_securise": True,
        "incubators": [],
        "active_members": ["later", "now"],
        "previous_members": ["gone", "old"],
        "content": "# Body",
    } | ({"contact": ""} if "contact" in document else {})


@pytest.mark.parametrize("address", ["/api/v2.7/nothing.json", "/api/v3/startups/nothing.json", "/api/v2.7/"])
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_who_asks_to_disappear_is_in_no_file(client: Client) -> None:
    product = ProductFactory(key="p")
    user = person("ghost", hide_from_public=True)
    MissionFactory(user=user, product=product)
    discreet = UserFactory(discreet=True)
    PersonCardFactory(user=discreet, key="discreet")
    suspended = UserFactory(suspended=True)
    PersonCardFactory(user=suspended, key="suspended")
    assert read(client, "authors.json") == []
    assert read(client, "startups_details.json")["p"]["active_members"] == []
    assert client.get("/api/v3/startups/p.json").json()["active_members"] == []


def test_who_disappears_does_so_at_once(client: Client) -> None:
    person("lea")
    assert len(read(client, "authors.json")) == 1
    card = PersonCard.objects.get()
    card.hide_from_public = True
    card.save()
    assert read(client, "authors.json") == []


def test_a_hidden_incubator_is_a_bare_key_where_a_product_names_it(client: Client) -> None:
    secret = IncubatorFactory(key="secret", name="Hush", hidden=True)
    IncubatorFactory(key="empty-secret", name="Hush", hidden=True)
    ProductIncubator.objects.create(product=ProductFactory(key="p"), incubator=secret, raw_key="secret")
    incubators = read(client, "incubators.json")
    assert list(incubators) == ["secret"]
    assert list(incubators["secret"]) == ["startups"]
    startups = read(client, "startups.json")
    assert startups["included"] == []
    assert "Hush" not in json.dumps([incubators, startups])


def test_a_person_s_own_address_is_never_the_contact(client: Client) -> None:
    EmailFactory(address="lea@example.org")
    ProductFactory(key="p", contact="Lea@example.org")
    ProductFactory(key="q", contact="team@example.org")
    told = {one["id"]: one["attributes"]["contact"] for one in read(client, "startups.json")["data"]}
    assert told == {"p": "", "q": "team@example.org"}
    assert "lea@" not in client.get("/api/v2.7/startups.csv").content.decode().lower()


def test_proposed_products_are_not_published(client: Client) -> None:
    ProductFactory(key="idea", proposed=True)
    assert read(client, "startups.json")["data"] == []
    assert client.get("/api/v3/startups/idea.json").status_code == 404


@pytest.mark.parametrize(
    "name", ["startups.json", "startups.csv", "startups_details.json", "authors.json", "incubators.json"]
)
def test_files_cost_the_same_queries_whatever_they_hold(client: Client, name: str) -> None:
    def grow() -> None:
        MissionFactory(
            user=person(f"p{PersonCard.objects.count()}"), product=a_product(key=f"k{Product.objects.count()}")
        )

    grow()
    with CaptureQueriesContext(connection) as one:
        client.get(f"/api/v2.7/{name}")
    grow()
    grow()
    with CaptureQueriesContext(connection) as three:
        client.get(f"/api/v2.7/{name}")
    assert len(three) == len(one)


def test_a_day_is_a_day(client: Client) -> None:
    PhaseFactory(product=ProductFactory(key="p"), start_on=date(2020, 2, 29))
    assert read(client, "startups.json")["data"][0]["attributes"]["phases"][0]["start"] == "2020-02-29"


def test_the_description_names_every_file(client: Client) -> None:
    document = client.get("/api/swagger.json").json()
    for path in document["paths"]:
        if "{" not in path:
            assert client.get(f"/api{path}").status_code == 200
    assert len(document["paths"]) == 8
