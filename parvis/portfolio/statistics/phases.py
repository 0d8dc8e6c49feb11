"""Where products stand, and how they got there."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from parvis.portfolio.models import ACTIVE, STOPPED, PhaseName
from parvis.portfolio.statistics.counting import in_order, median, percent, spread, tally
from parvis.portfolio.statistics.facts import Facts
from parvis.portfolio.statistics.registry import statistic
from parvis.portfolio.statistics.rows import PhaseRow

STALE_AFTER_DAYS = 1095
"""An active product that has been in one phase for longer than three years is stale."""


@statistic("products_by_current_phase")
def products_by_current_phase(facts: Facts) -> dict[str, int]:
    """Count products by CURRENT."""
    return in_order(tally(facts.current.values()), PhaseName.values)


@statistic("products_active")
def products_active(facts: Facts) -> int:
    """Count the ACTIVE products."""
    return len(facts.active)


@statistic("products_stopped")
def products_stopped(facts: Facts) -> int:
    """Count the STOPPED products."""
    return len(facts.stopped)


@statistic("products_transferred")
def products_transferred(facts: Facts) -> int:
    """Count the products that another body runs now."""
    return sum(phase == PhaseName.TRANSFERRED for phase in facts.current.values())


def shown_by_site(phases: list[PhaseRow]) -> str:
    """Return the phase that the network's old site shows: the first-listed of those with the greatest start."""
    latest = max((phase.start_on for phase in phases if phase.start_on), default=None)
    return next((phase.label for phase in phases if phase.start_on == latest), "") if latest else ""


@statistic("products_by_site_rule")
def products_by_site_rule(facts: Facts) -> dict[str, int]:
    """Count products by the phase that the network's old site shows."""
    return in_order(tally(shown_by_site(phases) for phases in facts.phases.values() if phases), PhaseName.values)


@statistic("products_by_csv_rule")
def products_by_csv_rule(facts: Facts) -> dict[str, int]:
    """Count products by their last-listed phase, which is what the old CSV file gives."""
    return in_order(tally(phases[-1].label for phases in facts.phases.values() if phases), PhaseName.values)


@statistic("entered_phase")
def entered_phase(facts: Facts) -> dict[str, int]:
    """Count the products that entered each phase: the funnel."""
    entered = Counter(name for starts in facts.firsts.values() for name in starts)
    return {name: entered[name] for name in PhaseName.values}


@statistic("phase_transitions")
def phase_transitions(facts: Facts) -> dict[str, int]:
    """Count the steps from each phase to each."""
    return tally(f"{before.name}>{after.name}" for before, after in facts.steps)


@statistic("phase_transitions_total")
def phase_transitions_total(facts: Facts) -> int:
    """Count all steps."""
    return len(facts.steps)


@statistic("phase_duration_days")
def phase_duration_days(facts: Facts) -> dict[str, Any]:
    """Return how long each phase lasts, placeholders of no length left out."""
    lengths: dict[str, list[int]] = defaultdict(list)
    for before, after in facts.steps:
        if after.start > before.start:
            lengths[before.name].append((after.start - before.start).days)
    return in_order({name: spread(days) for name, days in lengths.items()}, PhaseName.values)


@statistic("phase_zero_length")
def phase_zero_length(facts: Facts) -> dict[str, int]:
    """Count the placeholders: phases followed by another on the same day."""
    return in_order(
        tally(before.name for before, after in facts.steps if before.start == after.start), PhaseName.values
    )


@statistic("first_phase")
def first_phase(facts: Facts) -> dict[str, int]:
    """Count products by their first phase."""
    return in_order(tally(stages[0].name for stages in facts.full.values() if stages), PhaseName.values)


@statistic("stopped_after_phase")
def stopped_after_phase(facts: Facts) -> dict[str, int]:
    """Count the STOPPED products by the phase before the last: where services are lost."""
    lives = [facts.timeline[product] for product in facts.stopped]
    return in_order(tally(life[-2].name if len(life) > 1 else "none" for life in lives), PhaseName.values)


@statistic("stop_rate_percent")
def stop_rate_percent(facts: Facts) -> float | None:
    """Return the share of the products begun that stopped."""
    return percent(len(facts.stopped), len(facts.started))


@statistic("construction_outcome")
def construction_outcome(facts: Facts) -> dict[str, int]:
    """Count the products that were ever built, by where they stand."""
    built = [product for product, starts in facts.firsts.items() if PhaseName.CONSTRUCTION in starts]
    return in_order(tally(facts.current[product] for product in built), PhaseName.values)


@statistic("investigation_outcome")
def investigation_outcome(facts: Facts) -> dict[str, int]:
    """Count the products that began with an investigation, by what it led to."""
    lives = [life for life in facts.timeline.values() if life and life[0].name == PhaseName.INVESTIGATION]
    outcomes = ("open" if len(life) == 1 else "stopped" if life[1].name in STOPPED else "continued" for life in lives)
    return tally(outcomes, always=("continued", "open", "stopped"))


@statistic("cohort_by_year")
def cohort_by_year(facts: Facts) -> dict[str, int]:
    """Count products by the year of their first start."""
    return tally(stages[0].start.year for stages in facts.full.values() if stages)


@statistic("launched_by_year")
def launched_by_year(facts: Facts) -> dict[str, int]:
    """Count products by the year in which their construction first began."""
    starts = (starts.get(PhaseName.CONSTRUCTION) for starts in facts.firsts.values())
    return tally(start.year for start in starts if start)


@statistic("stopped_by_year")
def stopped_by_year(facts: Facts) -> dict[str, int]:
    """Count the STOPPED products by the year in which they ended."""
    return tally(facts.timeline[product][-1].start.year for product in facts.stopped)


@statistic("products_by_phase_on_1_january")
def products_by_phase_on_1_january(facts: Facts) -> dict[str, dict[str, int]]:
    """Count products by the phase in which each new year found them, from the year of the first start."""
    lives = [stages for stages in facts.timeline.values() if stages]
    years = range(min((life[0].start.year for life in lives), default=facts.as_of.year + 1), facts.as_of.year + 1)
    found: dict[int, Counter[str]] = {year: Counter() for year in years}
    for life in lives:
        for stage, year_after in zip(life, [*(_new_year(after.start) for after in life[1:]), None], strict=True):
            end = facts.as_of.year + 1 if year_after is None else year_after
            for year in range(_new_year(stage.start), end):
                found[year][stage.name] += 1
    return {str(year): in_order(counts, PhaseName.values) for year, counts in found.items()}


def _new_year(day: date) -> int:
    """Return the year of the first 1 January that is not before a day."""
    return day.year + (day > date(day.year, 1, 1))


@statistic("active_products_on_1_january")
def active_products_on_1_january(facts: Facts) -> dict[str, int]:
    """Count the products alive on each 1 January."""
    counts = products_by_phase_on_1_january(facts)
    return {year: sum(number for name, number in names.items() if name in ACTIVE) for year, names in counts.items()}


@statistic("phase_starts_by_year")
def phase_starts_by_year(facts: Facts) -> dict[str, dict[str, int]]:
    """Count the starts of each phase by year."""
    years: dict[str, list[int]] = defaultdict(list)
    for stages in facts.timeline.values():
        for stage in stages:
            years[stage.name].append(stage.start.year)
    return in_order({name: tally(starts) for name, starts in years.items()}, PhaseName.values)


@statistic("days_investigation_to_acceleration")
def days_investigation_to_acceleration(facts: Facts) -> dict[str, Any]:
    """Return how long it takes from the first question to growth."""
    pairs = [
        (starts[PhaseName.INVESTIGATION], starts[PhaseName.ACCELERATION])
        for starts in facts.firsts.values()
        if PhaseName.INVESTIGATION in starts and PhaseName.ACCELERATION in starts
    ]
    return spread([(after - before).days for before, after in pairs if after > before])


@statistic("median_days_in_current_phase")
def median_days_in_current_phase(facts: Facts) -> dict[str, Any]:
    """Return how long ACTIVE products have been where they are."""
    lengths: dict[str, list[int]] = defaultdict(list)
    for product in facts.active:
        lengths[facts.current[product]].append(days_in_current_phase(facts, product))
    return in_order({name: median(days) for name, days in lengths.items()}, PhaseName.values)


def days_in_current_phase(facts: Facts, product: Any) -> int:
    """Return since how many days a started product has been in its phase."""
    return (facts.as_of - facts.timeline[product][-1].start).days


@statistic("stale_active_products")
def stale_active_products(facts: Facts) -> dict[str, int]:
    """Count the ACTIVE products that have not moved for over three years."""
    stale = [product for product in facts.active if days_in_current_phase(facts, product) > STALE_AFTER_DAYS]
    return in_order(tally(facts.current[product] for product in stale), PhaseName.values)
