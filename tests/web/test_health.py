"""What a machine that watches this one is told."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from parvis.web.views import health


def test_healthz_answers_without_the_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert not response.cookies


@pytest.mark.django_db
def test_readyz_is_ready_when_the_tables_are_there(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_costs_one_query_once_ready(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/readyz")
    with django_assert_num_queries(1):
        client.get("/readyz")


@pytest.mark.django_db
def test_readyz_waits_for_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "pending_migrations", lambda: ["directory.0002_more"])
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable", "reason": "migrations"})


@pytest.mark.django_db
def test_readyz_says_that_the_database_is_away_and_nothing_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> list[str]:
        raise OperationalError("connection to server at 10.1.2.3 failed: password of parvis")

    monkeypatch.setattr(health, "pending_migrations", away)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable", "reason": "database"})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
