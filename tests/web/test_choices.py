"""Language and appearance, chosen with plain forms."""

import pytest
from django.test import Client

from parvis.web import registry

pytestmark = pytest.mark.django_db  # The header of every page asks what the visitor may open.
PAGE = "/components/"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("fr-CA,fr;q=0.9", "fr"),
        ("de, en-GB;q=0.5", "en"),
        ("de", "en"),
        ("", "en"),
        ("x" * 5000, "en"),
        ("fr;q=0,en", "en"),
    ],
)
def test_the_browser_chooses_the_language_at_first(client: Client, accept: str, expected: str) -> None:
    assert f'<html lang="{expected}">' in client.get(PAGE, headers={"Accept-Language": accept}).content.decode()


def test_a_choice_is_kept_and_wins_over_the_browser(client: Client) -> None:
    answer = client.post("/language/", {"language": "fr", "next": PAGE})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert '<html lang="fr">' in client.get(PAGE, headers={"Accept-Language": "en"}).content.decode()


def test_the_choice_is_told_to_who_keeps_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(registry, "language_chosen", [lambda _request, code: told.append(code)])
    client.post("/language/", {"language": "en"})
    assert told == ["en"]


def test_an_unknown_language_is_a_400(client: Client) -> None:
    assert client.post("/language/", {"language": "tlh"}).status_code == 400


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x()", ""])
def test_one_never_comes_back_to_another_site(client: Client, url: str) -> None:
    assert client.post("/language/", {"language": "fr", "next": url})["Location"] == "/"


def test_dark_is_kept_without_a_script(client: Client) -> None:
    assert 'content="light dark"' in client.get(PAGE).content.decode()
    client.post("/appearance/", {"appearance": "dark", "next": PAGE})
    page = client.get(PAGE).content.decode()
    assert '<meta name="color-scheme" content="dark">' in page
    client.post("/appearance/", {"appearance": "light"})
    assert "dark.css" not in client.get(PAGE).content.decode()
    client.post("/appearance/", {"appearance": "nonsense"})
    assert 'content="light dark"' in client.get(PAGE).content.decode()
