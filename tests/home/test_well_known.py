"""Texts that programs look for at fixed addresses."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone


def fields(client: Client) -> dict[str, str]:
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in answer.content.decode().splitlines())


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("security@example.org", "mailto:security@example.org"),
        ("mailto:security@example.org", "mailto:security@example.org"),
        ("https://example.org/report", "https://example.org/report"),
        ("", "http://127.0.0.1:8000/legal/security/"),
    ],
)
def test_security_txt_has_what_rfc_9116_requires(client: Client, settings: Any, contact: str, expected: str) -> None:
    settings.SECURITY_CONTACT = contact
    found = fields(client)
    assert found["Contact"] == expected
    expires = dt.datetime.strptime(found["Expires"], "%Y-%m-%dT%H:%M:%S%z")
    assert timezone.now() < expires < timezone.now() + dt.timedelta(days=366)
    assert found["Canonical"] == "http://127.0.0.1:8000/.well-known/security.txt"


def test_robots_are_spared_endless_pages(client: Client) -> None:
    assert "Disallow: /search/" in client.get("/robots.txt").content.decode()


def test_a_phone_can_put_it_on_its_home_screen(client: Client) -> None:
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": "fr"})
    assert answer["Content-Type"] == "application/manifest+json"
    assert answer.json()["lang"] == "fr"
    assert client.get("/favicon.ico").status_code == 301
