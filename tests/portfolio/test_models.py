"""Phases, timelines, keys and what the database refuses."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.portfolio.models import Committee, CommitteePaper, Indicator, Phase, Product
from parvis.portfolio.models.keys import free_key, is_key, validate_key
from tests.factories.directory import MembershipFactory
from tests.factories.portfolio import (
    DecisionFactory,
    DeploymentFactory,
    IndicatorFactory,
    MissionFactory,
    PhaseFactory,
    ProductFactory,
    ReviewFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 15)


def test_a_timeline_is_sorted_by_start_then_rank_and_cut_at_the_day() -> None:
    product = ProductFactory()
    for position, (name, start) in enumerate(
        [
            ("construction", date(2024, 1, 1)),
            ("investigation", date(2024, 1, 1)),
            ("abandon", date(2027, 1, 1)),
            ("acceleration", date(2025, 1, 1)),
        ]
    ):
        PhaseFactory(product=product, name=name, start_on=start, position=position, end_on=date(2024, 1, 2))
    PhaseFactory(product=product, name="", raw_name="limbo", start_on=date(2025, 6, 1))
    PhaseFactory(product=product, name="consolidation", start_on=None)
    assert [phase.name for phase in product.timeline(DAY)] == ["investigation", "construction", "acceleration"]
    assert [phase.name for phase in product.timeline(date(2023, 1, 1))] == []
    assert [phase.name for phase in product.phases.full()][-1] == "abandon"


def test_current_phases_follow_timelines() -> None:
    active, stopped, future, empty = (ProductFactory(key=key) for key in ("active", "stopped", "future", "empty"))
    today = timezone.localdate()
    PhaseFactory(product=active, name="acceleration", start_on=today - timedelta(days=10))
    PhaseFactory(product=stopped, name="investigation", start_on=today - timedelta(days=10))
    PhaseFactory(product=stopped, name="abandon-investigation", start_on=today)
    PhaseFactory(product=future, name="investigation", start_on=today + timedelta(days=1))
    assert Product.objects.refresh_phases() == 2
    assert Product.objects.refresh_phases() == 0
    assert list(Product.objects.active()) == [active]
    assert list(Product.objects.stopped()) == [stopped]
    assert Product.objects.stopped(today - timedelta(days=1)).count() == 0
    assert list(Product.objects.active(today + timedelta(days=1)).order_by("key")) == [active, future]
    Phase.objects.filter(product=active).delete()
    assert Product.objects.refresh_phases() == 1
    active.refresh_from_db()
    assert (active.current_phase, active.current_since) == ("", None)
    assert not empty.is_active


def test_a_team_is_missions_of_the_day_and_members_without_one() -> None:
    product = ProductFactory()
    mission = MissionFactory(product=product)
    MissionFactory(product=ProductFactory())
    MissionFactory(product=product, end_on=timezone.localdate() - timedelta(days=1))
    member = MembershipFactory(group=product.group)
    MembershipFactory(group=product.group, user=mission.user)
    assert set(product.team()) == {mission.user, member.user}
    assert product.team().count() == 2


@pytest.mark.parametrize("value", ["a", "mes.aides.a.lembauche", "Préfecture", "open-data_2", "x" * 100])
def test_a_sources_key_stays_as_it_is(value: str) -> None:
    assert is_key(value)
    validate_key(value)


@pytest.mark.parametrize(
    "value", ["", ".", "..", ".hidden", "a/b", "a\\b", "a b", "a\x00", "a?b", "a#b", "%2e", "x" * 101]
)
def test_a_key_is_never_a_path_or_a_trick(value: str) -> None:
    assert not is_key(value)
    with pytest.raises(ValidationError):
        validate_key(value)


def test_a_new_key_is_free() -> None:
    assert free_key("L’été à Paris", {"l-ete-a-paris"}) == "l-ete-a-paris-2"
    assert free_key("§", set()) == "x"


def test_words_are_found_whatever_their_accents() -> None:
    product = ProductFactory(name="Aides à l’Énergie", description="Pour les propriétaires")
    ProductFactory()
    assert list(Product.objects.search("energie proprietaires")) == [product]


def test_texts_are_shown_in_the_readers_language_when_they_exist() -> None:
    product = ProductFactory.build(problem_original="Un souci", problem_en="A worry", lessons="Trop tôt")
    from django.utils.translation import override

    with override("fr"):
        assert (product.problem(), product.lesson()) == ("Un souci", "Trop tôt")
    with override("en"):
        assert (product.problem(), product.lesson()) == ("A worry", "Trop tôt")


def test_the_database_refuses_what_cannot_be() -> None:
    product = ProductFactory()
    deployment = DeploymentFactory()
    refused: list[Callable[[], object]] = [
        lambda: Phase.objects.bulk_create([Phase(product=product, name="limbo", rank=1)]),
        lambda: Phase.objects.bulk_create([Phase(product=product, name="construction", rank=0)]),
        lambda: Product.objects.filter(pk=product.pk).update(current_phase="construction"),
        lambda: Product.objects.filter(pk=product.pk).update(key=""),
        lambda: DeploymentFactory(product=deployment.product, territory=deployment.territory),
        lambda: DeploymentFactory(to_on=deployment.from_on - timedelta(days=1)),
        lambda: Indicator.objects.create(product=product, name="x", target_value=3),
        lambda: [IndicatorFactory(product=product, name="y") for _ in range(2)],
        lambda: DecisionFactory(reasons=""),
        lambda: [ReviewFactory(product=product) for _ in range(2)],
        lambda: CommitteePaper.objects.create(title="About nothing"),
    ]
    for attempt in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    assert not Committee.objects.exists()


def test_a_phase_that_begins_by_itself_is_followed_by_the_job(time_machine: Any) -> None:
    from parvis.lib.periodic import jobs

    product = ProductFactory(phase="investigation")
    PhaseFactory(product=product, name="construction", start_on=timezone.localdate() + timedelta(days=1))
    run = jobs["portfolio: current phases"].run
    assert run() == 0
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert run() == 1
    product.refresh_from_db()
    assert product.current_phase == "construction"
