"""One search for everything, as far as its reader may see."""

import pytest
from django.test import Client

from parvis.directory.models import Group, Organization
from parvis.suite.models import Application
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db


def found(client: Client, text: str) -> str:
    answer = client.get("/search/", {"q": text})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture(autouse=True)
def things() -> None:
    make_person("zoe@example.org", given_name="Zoé", family_name="Éclair", job_title="Designer")
    Organization.objects.create(name="Agence de l’éclair", slug="eclair-agency")
    Group.objects.create(name="Éclair public", slug="eclair-public", visibility="public")
    Group.objects.create(name="Éclair secret", slug="eclair-secret", visibility="members")
    Application.objects.create(
        name_fr="Éclair Docs", name_en="Eclair Docs", slug="docs", url="https://docs.example.org/", is_public=True
    )


def test_signed_out_it_finds_public_things_and_no_person(client: Client) -> None:
    html = found(client, "eclair")
    for name in ("Agence de l’éclair", "Éclair public", "Eclair Docs"):
        assert name in html
    for name in ("Zoé", "Éclair secret"):
        assert name not in html


def test_signed_in_it_finds_people_whatever_the_accents_and_order(client: Client) -> None:
    client.force_login(make_person())
    html = found(client, "ECLAIR zoe")
    assert "Zoé Éclair" in html
    assert "Designer" in html
    assert "zoe@example.org" not in html


def test_nothing_found_says_what_to_try(client: Client) -> None:
    html = found(client, "<b>xyzzy")
    assert "Nothing answers to “&lt;b&gt;xyzzy”" in html
    assert "Check the spelling" in html


@pytest.mark.parametrize("text", ["", " ", "%", "_", "'", '"', "\\", "a" * 10_000, "🦉", "* OR 1", "-", "\u202e"])
def test_no_text_breaks_it(client: Client, text: str) -> None:
    found(client, text)
    client.force_login(make_person())
    found(client, text)


def test_more_results_lead_to_their_list(client: Client) -> None:
    for number in range(8):
        Organization.objects.create(name=f"Éclair {number}", slug=f"e{number}")
    assert 'href="/organizations/?q=eclair"' in found(client, "eclair")
