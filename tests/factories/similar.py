"""Services of other directories for tests."""

import factory

from parvis.similar.models import Judgement, Listing, Verdict
from tests.factories.directory import UserFactory
from tests.factories.portfolio import ProductFactory


class ServiceFactory(factory.django.DjangoModelFactory[Listing]):
    class Meta:
        model = Listing

    source = "govuk-services"
    key = factory.Sequence(lambda number: f"service-{number}")
    name = factory.Sequence(lambda number: f"Service {number}")
    country = "GB"
    organization = "Ministry of Tests"
    phase = "operation"
    pitches = factory.LazyFunction(lambda: {"en": "Do one thing online"})
    url = factory.LazyAttribute(lambda service: f"https://{service.key}.example.org/")
    digest = "0"


class JudgementFactory(factory.django.DjangoModelFactory[Judgement]):
    """`JudgementFactory(product=…, other=…)`, or `service=…`."""

    class Meta:
        model = Judgement

    product = factory.SubFactory(ProductFactory)
    by = factory.SubFactory(UserFactory)
    verdict = Verdict.CONFIRM
