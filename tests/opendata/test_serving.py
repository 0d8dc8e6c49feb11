"""How open data is served: origins, entity tags, methods, and spreadsheets."""

import gzip
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from parvis.opendata import sheets
from tests.factories.directory import UserFactory
from tests.factories.portfolio import CommitteeFactory, IncubatorFactory, ProductFactory

ADDRESSES = [
    "/api/v2.7/startups.json",
    "/api/v2.7/startups.csv",
    "/api/v3/startups/p.json",
    "/api/v1/products",
    "/api/v1/products/p",
    "/api/v1/products.csv",
    "/api/v1/portfolio/statistics",
    "/api/v1/openapi.json",
    "/portfolio/changes.atom",
    "/portfolio/committees.ics",
    "/portfolio/products/p/changes.atom",
    "/portfolio/products/p/data.jsonld",
    "/portfolio/products/p/publiccode.yml",
]


@pytest.fixture
def product(db: None) -> object:
    return ProductFactory(key="p", phase="construction", repository="https://code.example/p")


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_known_is_not_sent_again(client: Client, product: object, address: str) -> None:
    first = client.get(address)
    assert first.status_code == 200
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert "must-revalidate" in again["Cache-Control"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_scripts_of_every_origin_may_read_it(client: Client, product: object, address: str) -> None:
    response = client.get(address, headers={"origin": "https://other.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Cross-Origin-Resource-Policy" not in response.headers
    preflight = client.options(address, headers={"origin": "https://other.example"})
    assert preflight.status_code == 204
    assert "If-None-Match" in preflight["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_only_read(product: object, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.head(address).status_code == 200
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)(address)
        assert response.status_code == 405
        assert "GET" in response["Allow"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_is_looked_at(client: Client, product: object, address: str) -> None:
    anonymous = client.get(address)
    client.force_login(UserFactory(operator=True))
    signed_in = client.get(address)
    assert signed_in.content == anonymous.content
    assert "public" in signed_in["Cache-Control"]


def test_the_tag_moves_with_the_data(client: Client, product: object) -> None:
    before = client.get("/api/v1/products")["ETag"]
    ProductFactory()
    assert client.get("/api/v1/products", headers={"if-none-match": before}).status_code == 200
    calendar = client.get("/portfolio/committees.ics")["ETag"]
    CommitteeFactory(incubator=IncubatorFactory())
    assert client.get("/portfolio/committees.ics")["ETag"] != calendar


def test_addresses_and_languages_have_tags_of_their_own(client: Client, product: object) -> None:
    plain = client.get("/portfolio/changes.atom")["ETag"]
    assert client.get("/portfolio/changes.atom?phase=construction")["ETag"] != plain
    assert client.get("/portfolio/changes.atom", headers={"accept-language": "fr"})["ETag"] != plain


def test_a_large_file_is_packed_for_who_takes_it_so(client: Client, product: object) -> None:
    for _number in range(12):
        ProductFactory(mission="x" * 100)
    plain = client.get("/api/v2.7/startups.json")
    packed = client.get("/api/v2.7/startups.json", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed["Vary"]


def test_an_unknown_product_has_no_document(client: Client, product: object) -> None:
    for name in ("changes.atom", "data.jsonld", "publiccode.yml"):
        assert client.get(f"/portfolio/products/nothing/{name}").status_code == 404


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "true"),
        (-3, "-3"),
        (Decimal("-1.50"), "-1.50"),
        (date(2026, 1, 2), "2026-01-02"),
        (["a", "b"], "a | b"),
        (["=1", "b"], "'=1 | b"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        (" =1", "' =1"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("plain", "plain"),
    ],
)
def test_cells_are_what_they_say(value: object, shown: str) -> None:
    assert sheets.cell(value) == shown


def test_a_table_opens_in_a_spreadsheet() -> None:
    text = sheets.table(["a", "b"], [["é", 'say "x", y'], ["line\nbreak", 1]])
    assert text == '\ufeffa,b\r\né,"say ""x"", y"\r\n"line\nbreak",1\r\n'
