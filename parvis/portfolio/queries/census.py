"""The state of the network on a day, worked out once for the pages that look at all of it.

Every figure comes from `parvis.portfolio.statistics`. To read all phases and missions takes two seconds for a network
of 6,600 products, so each process keeps the result until something that it counts changes, which one statement tells.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from parvis.directory.models import GroupMembership
from parvis.portfolio.models import (
    Committee,
    Decision,
    Deployment,
    Event,
    Incubator,
    Mission,
    MissionProduct,
    PersonCard,
    Phase,
    Product,
    ProductIncubator,
    Revision,
    Sponsorship,
)
from parvis.portfolio.statistics import Facts, compute
from parvis.portfolio.statistics.openness import PAGES, RECORDS, expected_to_be_open, shown_by
from parvis.portfolio.statistics.outcomes import lifetimes, survival_curve
from parvis.portfolio.statistics.phases import products_by_phase_on_1_january
from parvis.portfolio.statistics.teams import DEVELOPER, INTRAPRENEUR, people_of_trade, whole_team_leaves

KEPT_FOR: Final = 900
"""Seconds after which it is worked out anew in any case: a row may change in place without a trace."""
CHEAP: Final = 0.5
SHARE_OF_TIME: Final = 30
"""What costs more than half a second of processor is not taken again sooner than thirty times its cost: a large network
whose pages change all the time would otherwise be counted all the time. Two seconds of work are late by a minute."""
YEAR = 365
ITEMS: Final = (*PAGES, *RECORDS)

FIGURES: Final = (
    "products_total",
    "products_active",
    "products_by_current_phase",
    "products_stopped",
    "products_transferred",
    "entered_phase",
    "phase_transitions",
    "stopped_after_phase",
    "products_by_phase_on_1_january",
    "active_products_on_1_january",
    "launched_by_year",
    "stopped_by_year",
    "national_impact_products",
    "survival",
    "survival_after_launch",
    "people_active",
    "people_leaving_within_90_days",
    "sponsor_organisations_distinct",
    "transparency_base",
    "transparency",
    "stale_active_products",
    "active_products_without_team_total",
    "active_products_whole_team_leaves_within_90_days",
)


class Standing(NamedTuple):
    """Where an active product stands: what those in charge look at."""

    id: UUID
    key: str
    name: str
    phase: str
    since: date
    incubators: tuple[str, ...]
    team: int
    developers: int
    intrapreneurs: int
    all_leave: bool
    last_end: date | None
    sponsors: int
    touched_on: date
    looked_at: date | None
    undecided: date | None

    def days(self, today: date) -> int:
        """Return since how many days it has been in its phase."""
        return (today - self.since).days


class Life(NamedTuple):
    """A survival curve: its steps as (days, part alive), and how many are still followed after each year."""

    steps: list[tuple[int, float]]
    at_risk: list[int]


class Share(NamedTuple):
    """What an incubator holds of the network."""

    total: int
    active: int
    by_phase: dict[str, int]
    by_year: dict[str, dict[str, int]]
    expected: int
    shown: dict[str, int]


@dataclass(frozen=True, slots=True)
class Census:
    """The figures of the network, its survival, its active products, what each incubator and territory has of them.

    Hidden incubators are counted; whoever shows names asks `Incubator.objects.visible_to`.
    """

    as_of: date
    figures: Mapping[str, Any]
    lives: Mapping[str, Life]
    standings: tuple[Standing, ...]
    shares: Mapping[str, Share]
    places: Mapping[str, int]


COUNTED: Final = (
    Phase,
    Event,
    Mission,
    MissionProduct,
    ProductIncubator,
    Sponsorship,
    Decision,
    Committee,
    Deployment,
    Revision,
    GroupMembership,
)
EDITED: Final = (Product, Incubator, PersonCard, Committee)


def census(as_of: date | None = None) -> Census:
    """Return the state of the network today, or on a day."""
    day = as_of or timezone.localdate()
    mark = _fingerprint()
    kept = _kept.get(day)
    if kept is not None and _is_good(kept, mark):
        return kept.census
    start = time.thread_time()
    made = _Kept(take(day), mark, time.thread_time() - start, time.monotonic())
    _kept.clear()
    _kept[day] = made
    return made.census


class _Kept(NamedTuple):
    """A census of this process: what it saw, what it cost in seconds, when it was taken."""

    census: "Census"
    mark: str
    cost: float
    at: float


_kept: dict[date, _Kept] = {}


def _is_good(kept: _Kept, mark: str) -> bool:
    age = time.monotonic() - kept.at
    if kept.mark == mark:
        return age < KEPT_FOR
    return kept.cost > CHEAP and age < kept.cost * SHARE_OF_TIME


def _fingerprint() -> str:
    """Return what changes when a row that the census counts is added, removed, or edited by an action."""
    parts = [
        part
        for model in COUNTED
        for part in (f"(SELECT count(*) FROM {model._meta.db_table})",  # noqa: S608 - the names of our own tables
                     f"(SELECT id FROM {model._meta.db_table} ORDER BY id DESC LIMIT 1)")  # noqa: S608 - the same
    ]  # fmt: skip
    parts += [
        part
        for model in EDITED
        for part in (f"(SELECT count(*) FROM {model._meta.db_table})",  # noqa: S608 - the names of our own tables
                     f"(SELECT max(updated_at) FROM {model._meta.db_table})")  # noqa: S608 - the same
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}")
        return "|".join([str(connection.settings_dict["NAME"]), *(str(value) for value in cursor.fetchone())])


def take(day: date) -> Census:
    """Work the census out from the database."""
    facts = Facts(day)
    return Census(
        day,
        compute(FIGURES, facts=facts),
        {"all": _life(facts), "launched": _life(facts, since="construction")},
        tuple(_standings(facts)),
        _shares(facts),
        _places(facts),
    )


def _places(facts: Facts) -> dict[str, int]:
    """Count the active products in use in each territory that a team named, by its code."""
    here = Deployment.objects.current(facts.as_of).order_by().values_list("product_id", "territory__code").distinct()
    active = set(facts.active)
    counts: dict[str, int] = {}
    for product, code in here:
        if product in active:
            counts[code] = counts.get(code, 0) + 1
    return counts


def _life(facts: Facts, since: str = "") -> Life:
    observed = lifetimes(facts, since=since)
    longest = max((days for days, _stopped in observed), default=0)
    at_risk = [sum(days >= year * YEAR for days, _stopped in observed) for year in range(longest // YEAR + 1)]
    steps = [(step.day, step.share) for step in survival_curve(observed)]
    # The last one followed ends the curve, whatever became of it.
    end = [(longest, steps[-1][1])] if steps and steps[-1][0] < longest else []
    return Life([(0, 1.0), *steps, *end], at_risk)


def _standings(facts: Facts) -> Iterable[Standing]:
    rows = Product.objects.listed().order_by("sort_key", "id")
    columns = rows.values_list("pk", "name", "updated_at", "confirmed_at")
    active, sponsors = set(facts.active), _counted(product for product, _name, _known in facts.sponsors)
    looked_at, undecided = _last_looks(facts), _undecided(facts.as_of)
    for pk, name, updated_at, confirmed_at in columns:
        if pk not in active:
            continue
        last = facts.timeline[pk][-1]
        ends = [stint.end for stint in facts.stints.get(pk, ()) if stint.holds(facts.as_of)]
        yield Standing(
            pk,
            facts.products[pk].key,
            name,
            last.name,
            last.start,
            tuple(facts.incubators_of[pk]),
            len(facts.teams[pk]),
            people_of_trade(facts, pk, DEVELOPER),
            people_of_trade(facts, pk, INTRAPRENEUR),
            whole_team_leaves(facts, pk),
            max(ends, default=None),
            sponsors.get(pk, 0),
            timezone.localtime(max(updated_at, confirmed_at or updated_at)).date(),
            looked_at.get(pk),
            undecided.get(pk),
        )


def _counted(products: Iterable[UUID]) -> dict[UUID, int]:
    counts: dict[UUID, int] = {}
    for product in products:
        counts[product] = counts.get(product, 0) + 1
    return counts


def _last_looks(facts: Facts) -> dict[UUID, date]:
    """Return when a committee last looked at each product, or a decision was last recorded."""
    looks = [(pk, on) for pk, kind, on in facts.events if kind == Event.Kind.COMMITTEE and on]
    agenda = Committee.products.through.objects.values_list("product_id", "committee__on")
    looks += [*agenda.order_by(), *Decision.objects.order_by().values_list("product_id", "on")]
    last: dict[UUID, date] = {}
    for pk, on in looks:
        if on <= facts.as_of:
            last[pk] = max(on, last.get(pk, on))
    return last


def _undecided(day: date) -> dict[UUID, date]:
    """Return the last committee that looked at a product without any decision since."""
    agenda = Committee.products.through.objects.filter(committee__on__lt=day)
    pending = dict(agenda.order_by("committee__on").values_list("product_id", "committee__on"))
    decided = Decision.objects.filter(product__in=list(pending)) if pending else Decision.objects.none()
    for pk, on in decided.order_by("on").values_list("product_id", "on"):
        if pk in pending and on >= pending[pk]:
            del pending[pk]
    return pending


def _shares(facts: Facts) -> dict[str, Share]:
    products: dict[str, list[UUID]] = {key: [] for key in facts.incubators}
    for pk, keys in facts.incubators_of.items():
        for key in keys:
            if key in products:
                products[key].append(pk)
    expected, active = set(expected_to_be_open(facts)), set(facts.active)
    return {key: _share(facts, pks, active, expected) for key, pks in products.items()}


def _share(facts: Facts, products: list[UUID], active: set[UUID], expected: set[UUID]) -> Share:
    part = Facts(facts.as_of)
    part.timeline = {pk: facts.timeline[pk] for pk in products}
    asked = [shown_by(facts, pk) for pk in products if pk in expected]
    by_phase: dict[str, int] = {}
    for pk in products:
        by_phase[facts.current[pk]] = by_phase.get(facts.current[pk], 0) + 1
    return Share(
        len(products),
        sum(pk in active for pk in products),
        by_phase,
        products_by_phase_on_1_january(part),
        len(asked),
        {item: sum(item in shown for shown in asked) for item in ITEMS},
    )
