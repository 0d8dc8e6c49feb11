"""How teams hold: empty ones, lonely developers, whole teams that leave."""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from parvis.portfolio.models import PhaseName
from parvis.portfolio.statistics.counting import in_order, largest, median, tally
from parvis.portfolio.statistics.facts import Facts
from parvis.portfolio.statistics.registry import statistic

DEVELOPER = "Développement"
INTRAPRENEUR = "Intraprenariat"
LEAVING_WITHIN_DAYS = 90
_ENOUGH = 2


def people_of_trade(facts: Facts, product: UUID, trade: str) -> int:
    """Count the members of a team who are of a trade."""
    return sum(facts.domains.get(user) == trade for user in facts.teams[product])


def whole_team_leaves(facts: Facts, product: UUID, days: int = LEAVING_WITHIN_DAYS) -> bool:
    """Say whether every member of a team, there being some, has no day left on the product after so many days."""
    limit = facts.as_of + timedelta(days=days)
    last: dict[UUID, Any] = {}
    for stint in facts.stints.get(product, ()):
        last[stint.user] = max(stint.end, last.get(stint.user, stint.end))
    team = facts.teams[product]
    return bool(team) and all(last[user] <= limit for user in team)


@statistic("active_products_without_team")
def active_products_without_team(facts: Facts) -> dict[str, int]:
    """Count the ACTIVE products that nobody works on, by CURRENT."""
    empty = [product for product in facts.active if not facts.teams[product]]
    return in_order(tally(facts.current[product] for product in empty), PhaseName.values)


@statistic("active_products_without_team_total")
def active_products_without_team_total(facts: Facts) -> int:
    """Count the ACTIVE products that nobody works on."""
    return sum(not facts.teams[product] for product in facts.active)


@statistic("stopped_products_with_team")
def stopped_products_with_team(facts: Facts) -> int:
    """Count the STOPPED products that somebody still works on."""
    return sum(bool(facts.teams[product]) for product in facts.stopped)


@statistic("transferred_products_with_team")
def transferred_products_with_team(facts: Facts) -> int:
    """Count the transferred products that people of the network still work on."""
    return sum(bool(facts.teams[product]) for product, phase in facts.current.items() if phase == PhaseName.TRANSFERRED)


@statistic("median_team_size")
def median_team_size(facts: Facts) -> dict[str, Any]:
    """Return the size of the middle team of ACTIVE products, by CURRENT."""
    sizes: dict[str, list[int]] = defaultdict(list)
    for product in facts.active:
        if team := facts.teams[product]:
            sizes[facts.current[product]].append(len(team))
    return in_order({name: median(numbers) for name, numbers in sizes.items()}, PhaseName.values)


@statistic("largest_teams")
def largest_teams(facts: Facts) -> dict[str, int]:
    """Return the five products with most people."""
    return largest({facts.products[product].key: len(team) for product, team in facts.teams.items() if team}, 5)


@statistic("developers_per_active_product")
def developers_per_active_product(facts: Facts) -> dict[str, int]:
    """Count the ACTIVE products past investigation by their developers: one is a bus factor of one."""
    numbers = (
        people_of_trade(facts, product, DEVELOPER)
        for product in facts.active
        if facts.current[product] != PhaseName.INVESTIGATION and facts.teams[product]
    )
    return tally((f"{_ENOUGH}+" if number >= _ENOUGH else number for number in numbers), always=("0", "1", "2+"))


@statistic("active_products_without_intrapreneur")
def active_products_without_intrapreneur(facts: Facts) -> int:
    """Count the ACTIVE products whose team has nobody from the administration to carry them."""
    return sum(
        bool(facts.teams[product]) and not people_of_trade(facts, product, INTRAPRENEUR) for product in facts.active
    )


@statistic("active_products_whole_team_leaves_within_90_days")
def active_products_whole_team_leaves(facts: Facts) -> int:
    """Count the ACTIVE products whose whole team leaves within 90 days, on paper."""
    return sum(whole_team_leaves(facts, product) for product in facts.active)
