"""Incubators: what each has, and who owns it."""

from parvis.portfolio.statistics.counting import tally
from parvis.portfolio.statistics.facts import Facts
from parvis.portfolio.statistics.registry import statistic


@statistic("active_products_by_incubator", names_incubators=True)
def active_products_by_incubator(facts: Facts) -> dict[str, int]:
    """Count the ACTIVE products of each incubator; a co-incubated one counts once for each."""
    return tally(key for product in facts.active for key in facts.incubators_of[product])


@statistic("products_by_incubator", names_incubators=True)
def products_by_incubator(facts: Facts) -> dict[str, int]:
    """Count the products of each incubator, likewise."""
    return tally(key for keys in facts.incubators_of.values() for key in keys)


@statistic("incubators_without_active_product", names_incubators=True)
def incubators_without_active_product(facts: Facts) -> list[str]:
    """Return the incubators that have no ACTIVE product."""
    return sorted(set(facts.incubators) - set(active_products_by_incubator(facts)))


@statistic("incubators_hidden", names_incubators=True)
def incubators_hidden(facts: Facts) -> list[str]:
    """Return the hidden incubators."""
    return sorted(key for key, incubator in facts.incubators.items() if incubator.is_hidden)


@statistic("incubator_owner")
def incubator_owner(facts: Facts) -> dict[str, int]:
    """Count incubators by what is known of the organisation that owns them."""
    return tally(
        "known" if incubator.has_owner else "unknown" if incubator.owner_raw.strip() else "empty"
        for incubator in facts.incubators.values()
    )
