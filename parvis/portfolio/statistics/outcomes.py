"""What becomes of products: how long they live, how far they reach, and who stays after a transfer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from parvis.portfolio.models import STOPPED, PhaseName
from parvis.portfolio.statistics.counting import in_order, median, percent, spread, tally
from parvis.portfolio.statistics.facts import Facts
from parvis.portfolio.statistics.registry import statistic

HORIZONS = (365, 730, 1095, 1825, 2920)
AFTER_TRANSFER = (0, 180, 365, 730)
_BEFORE_TRANSFER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Step:
    """One day on which some died: the share alive after it, and how many were at risk."""

    day: int
    share: float
    at_risk: int
    events: int


def lifetimes(facts: Facts, *, since: str = "") -> list[tuple[int, bool]]:
    """Return days lived and whether the product stopped, from the first start, or from the first of a phase.

    A transferred product leaves the observation that day, one that lives is observed until today; no days, no life.
    """
    found = []
    for product in facts.started:
        life = facts.timeline[product]
        start = facts.firsts[product].get(since) if since else life[0].start
        if start is None:
            continue
        current = facts.current[product]
        is_over = current in STOPPED or current == PhaseName.TRANSFERRED
        days = ((life[-1].start if is_over else facts.as_of) - start).days
        if days > 0:
            found.append((days, current in STOPPED))
    return found


def survival_curve(observed: Iterable[tuple[int, bool]]) -> list[Step]:
    """Return the Kaplan-Meier estimate as steps. On one day, those who stop are counted before those who leave."""
    ordered = sorted(observed)
    steps: list[Step] = []
    share, at_risk, index = 1.0, len(ordered), 0
    while index < len(ordered):
        day = ordered[index][0]
        same = index
        while same < len(ordered) and ordered[same][0] == day:
            same += 1
        events = sum(stopped for _day, stopped in ordered[index:same])
        if events:
            share *= 1 - events / at_risk
            steps.append(Step(day, share, at_risk, events))
        at_risk -= same - index
        index = same
    return steps


def _survival(observed: list[tuple[int, bool]]) -> dict[str, Any]:
    curve = survival_curve(observed)
    shares = {
        str(day): round(next((step.share for step in reversed(curve) if step.day <= day), 1.0), 4) for day in HORIZONS
    }
    return {"n": len(observed), "events": sum(stopped for _days, stopped in observed), **shares}


@statistic("survival")
def survival(facts: Facts) -> dict[str, Any]:
    """Estimate the share of products alive some years after their first phase."""
    return _survival(lifetimes(facts))


@statistic("survival_after_launch")
def survival_after_launch(facts: Facts) -> dict[str, Any]:
    """Estimate the same from the first construction."""
    return _survival(lifetimes(facts, since=PhaseName.CONSTRUCTION))


@statistic("national_impact_events_by_year")
def national_impact_events_by_year(facts: Facts) -> dict[str, int]:
    """Count the announcements of national impact by year."""
    return tally(on.year for days in facts.national_impacts.values() for on in days)


@statistic("national_impact_products")
def national_impact_products(facts: Facts) -> int:
    """Count the products announced so at least once."""
    return len(facts.national_impacts)


@statistic("national_impact_by_current_phase")
def national_impact_by_current_phase(facts: Facts) -> dict[str, int]:
    """Count the same by CURRENT."""
    return in_order(tally(facts.current[product] for product in facts.national_impacts), PhaseName.values)


@statistic("days_construction_to_national_impact")
def days_construction_to_national_impact(facts: Facts) -> dict[str, Any]:
    """Return how long it takes from the first line of code to national impact."""
    lengths = [
        (min(days) - built).days
        for product, days in facts.national_impacts.items()
        if (built := facts.firsts[product].get(PhaseName.CONSTRUCTION))
    ]
    return spread(lengths)


@statistic("team_after_transfer")
def team_after_transfer(facts: Facts) -> dict[str, dict[str, Any]]:
    """Return who is still there after a transfer: does a service keep going once it has left?"""
    moved = {
        product: facts.firsts[product][PhaseName.TRANSFERRED]
        for product, phase in facts.current.items()
        if phase == PhaseName.TRANSFERRED
    }
    before = {product: facts.people_on(product, day - _BEFORE_TRANSFER) for product, day in moved.items()}
    staffed = [product for product in moved if before[product]]
    result = {}
    for days in AFTER_TRANSFER:
        later = {product: moved[product] + timedelta(days=days) for product in staffed}
        teams = {product: facts.people_on(product, day) for product, day in later.items() if day <= facts.as_of}
        result[str(days)] = _kept(teams, before)
    return result


def _kept(teams: dict[UUID, set[UUID]], before: dict[UUID, set[UUID]]) -> dict[str, Any]:
    stayed = sum(len(team & before[product]) for product, team in teams.items())
    return {
        "products": len(teams),
        "products_with_team": sum(bool(team) for team in teams.values()),
        "median_people": median([len(team) for team in teams.values()]),
        "percent_of_people_still_there": percent(stayed, sum(len(before[product]) for product in teams)),
    }
