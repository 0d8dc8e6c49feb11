"""Incubators, products and their lives for tests."""

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone

from parvis.portfolio.models import (
    RANK,
    BudgetLine,
    Committee,
    CommitteePaper,
    Decision,
    Deployment,
    Event,
    HandOff,
    HandOffItem,
    HandOffSignal,
    Incubator,
    Indicator,
    Measure,
    Mission,
    MissionProduct,
    Operator,
    PersonCard,
    Phase,
    PhaseName,
    Product,
    ProductIncubator,
    ProductTerm,
    Review,
    Revision,
    Sponsorship,
    Term,
    Territory,
)
from tests.factories.directory import ALWAYS, GroupFactory, OrganizationFactory, UserFactory


def days_ago(number: int) -> date:
    """Return a day relative to today."""
    return timezone.localdate() - timedelta(days=number)


class IncubatorFactory(factory.django.DjangoModelFactory[Incubator]):
    class Meta:
        model = Incubator

    name = factory.Sequence(lambda number: f"Incubator {number}")
    key = factory.Sequence(lambda number: f"incubator-{number}")
    group = factory.SubFactory(GroupFactory, kind="incubator")

    class Params:
        hidden = factory.Trait(is_hidden=True)


class ProductFactory(factory.django.DjangoModelFactory[Product]):
    """`ProductFactory(phase="construction")` began it a hundred days ago; `incubator=` puts it and its team there."""

    class Meta:
        model = Product
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Product {number}")
    key = factory.Sequence(lambda number: f"product-{number}")
    mission = "Make one thing simpler"
    group = factory.SubFactory(GroupFactory, kind="team")

    class Params:
        proposed = factory.Trait(state=Product.State.PROPOSED)

    @factory.post_generation
    def phase(self: Any, create: bool, extracted: str | None, **_kwargs: Any) -> None:
        if create and extracted:
            PhaseFactory(product=self, name=extracted)
            Product.objects.filter(pk=self.pk).refresh_phases()
            self.refresh_from_db(fields=["current_phase", "current_since"])

    @factory.post_generation
    def incubator(self: Any, create: bool, extracted: Incubator | None, **_kwargs: Any) -> None:
        if create and extracted:
            position = self.incubator_links.count()
            ProductIncubator.objects.create(
                product=self,
                incubator=extracted,
                raw_key=extracted.key,
                position=position,
                is_main=position == 0,
            )
            if self.group and extracted.group and position == 0:
                self.group.parent = extracted.group
                self.group.save()


class PhaseFactory(factory.django.DjangoModelFactory[Phase]):
    class Meta:
        model = Phase

    product = factory.SubFactory(ProductFactory)
    name = PhaseName.CONSTRUCTION
    start_on = factory.LazyFunction(lambda: days_ago(100))
    rank = factory.LazyAttribute(lambda phase: RANK.get(phase.name, 0))
    raw_name = factory.LazyAttribute(lambda phase: str(phase.name))


class EventFactory(factory.django.DjangoModelFactory[Event]):
    class Meta:
        model = Event

    product = factory.SubFactory(ProductFactory)
    kind = Event.Kind.COMMITTEE
    on = factory.LazyFunction(lambda: days_ago(50))


class PersonCardFactory(factory.django.DjangoModelFactory[PersonCard]):
    class Meta:
        model = PersonCard

    user = factory.SubFactory(UserFactory)
    domain = "Développement"

    class Params:
        hidden = factory.Trait(hide_from_public=True)


class MissionFactory(factory.django.DjangoModelFactory[Mission]):
    """`MissionFactory(user=…, product=…)` names the product."""

    class Meta:
        model = Mission
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    start_on = factory.LazyFunction(lambda: days_ago(200))
    end_on = factory.LazyFunction(lambda: days_ago(-200))
    status = "independent"

    @factory.post_generation
    def product(self: Any, create: bool, extracted: Product | None, **_kwargs: Any) -> None:
        if create and extracted:
            MissionProduct.objects.create(mission=self, product=extracted, raw_key=extracted.key)


class TermFactory(factory.django.DjangoModelFactory[Term]):
    class Meta:
        model = Term
        django_get_or_create = ("kind", "key")

    kind = Term.Kind.THEME
    key = factory.Sequence(lambda number: f"theme-{number}")
    label_fr = factory.LazyAttribute(lambda term: term.key)
    is_standard = True


class ProductTermFactory(factory.django.DjangoModelFactory[ProductTerm]):
    class Meta:
        model = ProductTerm

    product = factory.SubFactory(ProductFactory)
    term = factory.SubFactory(TermFactory)


class SponsorshipFactory(factory.django.DjangoModelFactory[Sponsorship]):
    class Meta:
        model = Sponsorship

    product = factory.SubFactory(ProductFactory)
    organization = factory.SubFactory(OrganizationFactory)
    raw_key = factory.LazyAttribute(lambda link: link.organization.slug if link.organization else "")


class TerritoryFactory(factory.django.DjangoModelFactory[Territory]):
    class Meta:
        model = Territory
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"FR-{number % 90 + 1:02}")
    scheme = Territory.Scheme.DEPARTMENT
    geocode = factory.LazyAttribute(lambda territory: territory.code.rpartition("-")[2])
    name_fr = factory.LazyAttribute(lambda territory: f"Territoire {territory.code}")


class DeploymentFactory(factory.django.DjangoModelFactory[Deployment]):
    class Meta:
        model = Deployment

    product = factory.SubFactory(ProductFactory)
    territory = factory.SubFactory(TerritoryFactory)
    from_on = factory.LazyFunction(lambda: days_ago(80))


class IndicatorFactory(factory.django.DjangoModelFactory[Indicator]):
    class Meta:
        model = Indicator

    product = factory.SubFactory(ProductFactory)
    name = factory.Sequence(lambda number: f"People helped {number}")
    unit = "people"


class MeasureFactory(factory.django.DjangoModelFactory[Measure]):
    class Meta:
        model = Measure

    indicator = factory.SubFactory(IndicatorFactory)
    on = factory.LazyFunction(lambda: days_ago(10))
    value = 100


class BudgetLineFactory(factory.django.DjangoModelFactory[BudgetLine]):
    class Meta:
        model = BudgetLine

    product = factory.SubFactory(ProductFactory)
    year = 2026
    funder = factory.SubFactory(OrganizationFactory)
    amount = 100_000


class HandOffFactory(factory.django.DjangoModelFactory[HandOff]):
    class Meta:
        model = HandOff

    product = factory.SubFactory(ProductFactory)
    path = HandOff.Path.INTEGRATED
    started_on = ALWAYS


class HandOffItemFactory(factory.django.DjangoModelFactory[HandOffItem]):
    class Meta:
        model = HandOffItem

    hand_off = factory.SubFactory(HandOffFactory)
    item = HandOffItem.Item.OPEN_CODE


class HandOffSignalFactory(factory.django.DjangoModelFactory[HandOffSignal]):
    class Meta:
        model = HandOffSignal

    product = factory.SubFactory(ProductFactory)
    kind = HandOffSignal.Kind.RELEASES
    on = factory.LazyFunction(lambda: days_ago(5))
    value = HandOffSignal.Value.YES


class OperatorFactory(factory.django.DjangoModelFactory[Operator]):
    class Meta:
        model = Operator

    product = factory.SubFactory(ProductFactory)
    organization = factory.SubFactory(OrganizationFactory)
    from_on = factory.LazyFunction(lambda: days_ago(30))


class CommitteeFactory(factory.django.DjangoModelFactory[Committee]):
    class Meta:
        model = Committee

    incubator = factory.SubFactory(IncubatorFactory)
    on = factory.LazyFunction(lambda: days_ago(-20))
    title = factory.Sequence(lambda number: f"Committee {number}")


class CommitteePaperFactory(factory.django.DjangoModelFactory[CommitteePaper]):
    class Meta:
        model = CommitteePaper

    committee = factory.SubFactory(CommitteeFactory)
    title = factory.Sequence(lambda number: f"Paper {number}")
    file = factory.django.FileField(data=b"%PDF-1.4 a paper", filename="paper.pdf")
    file_name = "paper.pdf"
    content_type = "application/pdf"


class DecisionFactory(factory.django.DjangoModelFactory[Decision]):
    class Meta:
        model = Decision

    product = factory.SubFactory(ProductFactory)
    kind = Decision.Kind.MOVE
    from_phase = PhaseName.INVESTIGATION
    to_phase = PhaseName.CONSTRUCTION
    on = factory.LazyFunction(lambda: days_ago(0))
    reasons = "Users asked for it."


class RevisionFactory(factory.django.DjangoModelFactory[Revision]):
    class Meta:
        model = Revision

    product = factory.SubFactory(ProductFactory)
    by = factory.SubFactory(UserFactory)
    changes = {"name": ["Old", "New"]}


class ReviewFactory(factory.django.DjangoModelFactory[Review]):
    class Meta:
        model = Review

    product = factory.SubFactory(ProductFactory)
    field = "sponsors"
    asked_by = factory.SubFactory(UserFactory)
