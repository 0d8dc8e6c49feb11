"""Who works in the network: people and their missions."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from parvis.portfolio.statistics.counting import collapsed, commonest, median, tally
from parvis.portfolio.statistics.facts import Facts
from parvis.portfolio.statistics.registry import statistic

_MANY_MISSIONS = 5
_LAST_DAY = date.max


@statistic("people_active")
def people_active(facts: Facts) -> int:
    """Count the people with a mission on the day."""
    return len(facts.active_people)


@statistic("people_not_ended")
def people_not_ended(facts: Facts) -> int:
    """Count the people with a mission that has not ended, begun or not."""
    return len({mission.user for mission in facts.missions if mission.end >= facts.as_of})


@statistic("people_active_by_domain")
def people_active_by_domain(facts: Facts) -> dict[str, int]:
    """Count the active people by trade."""
    return tally(facts.domains.get(user, "") for user in facts.active_people)


@statistic("people_by_domain")
def people_by_domain(facts: Facts) -> dict[str, int]:
    """Count all people by trade."""
    return tally(facts.domains.values())


@statistic("missions_active_by_status")
def missions_active_by_status(facts: Facts) -> dict[str, int]:
    """Count the missions of the day by status."""
    return tally(mission.status for mission in facts.active_missions)


@statistic("missions_by_status")
def missions_by_status(facts: Facts) -> dict[str, int]:
    """Count all missions by status."""
    return tally(mission.status for mission in facts.missions)


@statistic("people_active_on_1_january")
def people_active_on_1_january(facts: Facts) -> dict[str, int]:
    """Count the people whom each new year found at work, from the year of the first mission."""
    first = min((mission.start.year for mission in facts.missions), default=facts.as_of.year + 1)
    found: dict[int, set[Any]] = {year: set() for year in range(first, facts.as_of.year + 1)}
    for mission in facts.missions:
        start = mission.start.year + (mission.start > mission.start.replace(month=1, day=1))
        for year in range(start, min(mission.end.year, facts.as_of.year) + 1):
            found[year].add(mission.user)
    return {str(year): len(people) for year, people in found.items()}


@statistic("people_joined_by_year")
def people_joined_by_year(facts: Facts) -> dict[str, int]:
    """Count people by the year of their earliest mission."""
    starts = [min(mission.start for mission in missions) for missions in facts.missions_of.values()]
    return tally(start.year for start in starts if start != _LAST_DAY)


@statistic("people_by_number_of_missions")
def people_by_number_of_missions(facts: Facts) -> dict[str, int]:
    """Count people by how many missions they had."""
    counts = Counter(mission.user for mission in facts.missions)
    numbers = [counts[user] for user in {*counts, *facts.domains}]
    return tally(f"{_MANY_MISSIONS}+" if number >= _MANY_MISSIONS else number for number in numbers)


def _leaving_within(facts: Facts, days: int) -> int:
    """Count the active people whose latest end is near. Ends are those of contracts, which are usually renewed."""
    limit = facts.as_of + timedelta(days=days)
    return sum(max(mission.end for mission in facts.missions_of[user]) <= limit for user in facts.active_people)


@statistic("people_leaving_within_30_days")
def people_leaving_within_30_days(facts: Facts) -> int:
    """Count the active people whose last mission ends within 30 days."""
    return _leaving_within(facts, 30)


@statistic("people_leaving_within_90_days")
def people_leaving_within_90_days(facts: Facts) -> int:
    """Count the active people whose last mission ends within 90 days."""
    return _leaving_within(facts, 90)


@statistic("median_mission_days")
def median_mission_days(facts: Facts) -> Any:
    """Return the length of the middle mission."""
    return median([(mission.end - mission.start).days for mission in facts.missions if mission.end != _LAST_DAY])


@statistic("people_on_two_or_more_products")
def people_on_two_or_more_products(facts: Facts) -> int:
    """Count the people whose missions name several products."""
    named = facts.products_of_mission
    return sum(
        len({product for mission in missions for product in named.get(mission.id, ())}) > 1
        for missions in facts.missions_of.values()
    )


@statistic("active_people_without_product")
def active_people_without_product(facts: Facts) -> int:
    """Count the active people whose missions of the day name no product."""
    busy = {mission.user for mission in facts.active_missions if facts.products_of_mission.get(mission.id)}
    return len(facts.active_people - busy)


def _employers(facts: Facts) -> list[str]:
    return [name for mission in facts.missions if (name := collapsed(mission.employer))]


@statistic("employers_distinct_normalised")
def employers_distinct_normalised(facts: Facts) -> int:
    """Count the employers, case and blanks aside."""
    return len(set(_employers(facts)))


@statistic("top_employers_normalised")
def top_employers_normalised(facts: Facts) -> dict[str, int]:
    """Return the five commonest employers, by missions."""
    return commonest(_employers(facts), 5)
