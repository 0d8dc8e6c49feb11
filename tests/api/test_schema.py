"""The OpenAPI document: everything that it allows is asked, and every answer is what it says."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks as openapi_checks

from parvis.api.lists import LISTS
from parvis.portfolio.models import ProductIncubator
from parvis.portfolio.queries.filters import FACETS
from tests.factories.portfolio import (
    BudgetLineFactory,
    CommitteeFactory,
    DecisionFactory,
    DeploymentFactory,
    EventFactory,
    HandOffFactory,
    HandOffItemFactory,
    IncubatorFactory,
    IndicatorFactory,
    MeasureFactory,
    MissionFactory,
    PersonCardFactory,
    ProductFactory,
    ProductTermFactory,
    SponsorshipFactory,
)

DOCUMENT = "/api/v1/openapi.json"


def one_of_each() -> Any:
    """Make a product of which there is something to tell in every list."""
    product = ProductFactory(key="p", phase="construction", repository="https://code.example")
    incubator = IncubatorFactory(key="nord")
    ProductIncubator.objects.create(product=product, incubator=incubator, raw_key="nord", is_main=True)
    card = PersonCardFactory(skills=["sql"])
    MissionFactory(user=card.user, product=product)
    MeasureFactory(indicator=IndicatorFactory(product=product, target_value=10, target_on=date(2030, 1, 1)))
    HandOffItemFactory(hand_off=HandOffFactory(product=product))
    CommitteeFactory(incubator=incubator)
    for factory in (
        BudgetLineFactory, DecisionFactory, DeploymentFactory, EventFactory, ProductTermFactory, SponsorshipFactory
    ):  # fmt: skip
        factory(product=product)
    return product


CHECKS = [
    not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Let requests share the connection of the test, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
def test_every_answer_is_as_the_document_says(one_connection: None) -> None:
    one_of_each()
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, get_wsgi_application())
    schema.config.update(base_url="http://127.0.0.1")
    asked = set()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        asked.add(operation.path)

        @given(case=operation.as_strategy())
        @settings(max_examples=4, suppress_health_check=list(HealthCheck), derandomize=True)
        def ask(case: Any) -> None:
            case.call_and_validate(checks=CHECKS)

        ask()
    assert asked >= {f"/api/v1/{name}" for name in LISTS}


@pytest.mark.django_db
def test_the_document_describes_every_list_and_its_filters(client: Client) -> None:
    document = client.get(DOCUMENT).json()
    assert document["openapi"].startswith("3.")
    for name, one in LISTS.items():
        parameters = {item["name"] for item in document["paths"][f"/api/v1/{name}"]["get"]["parameters"]}
        assert {"cursor", "limit"} <= parameters
        assert (set(FACETS) <= parameters) == (one.path is not None)
        assert f"/api/v1/{name}.csv" in document["paths"]
