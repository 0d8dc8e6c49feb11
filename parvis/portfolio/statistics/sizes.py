"""How much there is: records of each kind, and the links between them."""

from collections import Counter
from typing import Any

from parvis.directory.models import Organization
from parvis.portfolio.models import PersonCard
from parvis.portfolio.statistics.counting import largest, tally
from parvis.portfolio.statistics.facts import Facts
from parvis.portfolio.statistics.registry import statistic


@statistic("products_total")
def products_total(facts: Facts) -> int:
    """Count the products of the portfolio."""
    return len(facts.products)


@statistic("people_total")
def people_total(_facts: Facts) -> int:
    """Count the people whom the network publishes or has published."""
    return PersonCard.objects.count()


@statistic("incubators_total")
def incubators_total(facts: Facts) -> int:
    """Count the incubators, hidden ones too."""
    return len(facts.incubators)


@statistic("organisations_total")
def organisations_total(facts: Facts) -> int:
    """Count the files of organisations that end in `.md`; all organisations where nothing was imported."""
    files = facts.files_of("organisations")
    return sum(file.has_suffix for file in files) if files else Organization.objects.count()


@statistic("organisations_front_matter")
def organisations_front_matter(facts: Facts) -> int:
    """Count the files of organisations that begin with front matter, whatever their suffix."""
    files = facts.files_of("organisations")
    return sum(file.has_front_matter for file in files) if files else Organization.objects.count()


@statistic("phase_records_total")
def phase_records_total(facts: Facts) -> int:
    """Count the phases of all products."""
    return sum(map(len, facts.phases.values()))


@statistic("phase_records_by_name")
def phase_records_by_name(facts: Facts) -> dict[str, int]:
    """Count the same by name."""
    return tally(phase.label for phases in facts.phases.values() for phase in phases)


@statistic("products_by_number_of_phases")
def products_by_number_of_phases(facts: Facts) -> dict[str, int]:
    """Count products by how many phases they have."""
    return tally(len(phases) for phases in facts.phases.values())


@statistic("mission_records_total")
def mission_records_total(facts: Facts) -> int:
    """Count the missions of all people."""
    return len(facts.missions)


@statistic("mission_product_links_total")
def mission_product_links_total(facts: Facts) -> int:
    """Count the pairs of a mission and a product that it names."""
    return len(facts.mission_links)


@statistic("product_incubator_links_total")
def product_incubator_links_total(facts: Facts) -> int:
    """Count the pairs of a product and its incubator."""
    return sum(map(len, facts.incubators_of.values()))


@statistic("co_incubated_products")
def co_incubated_products(facts: Facts) -> list[str]:
    """Return the keys of products with several incubators."""
    return sorted(facts.products[product].key for product, keys in facts.incubators_of.items() if len(keys) > 1)


@statistic("product_sponsor_links_total")
def product_sponsor_links_total(facts: Facts) -> int:
    """Count the sponsorships."""
    return len(facts.sponsors)


@statistic("sponsor_organisations_distinct")
def sponsor_organisations_distinct(facts: Facts) -> int:
    """Count the organisations that sponsor something."""
    return len({key for _product, key, _known in facts.sponsors})


@statistic("top_sponsors")
def top_sponsors(facts: Facts) -> dict[str, int]:
    """Return the five organisations that sponsor most products."""
    return largest(Counter(key for _product, key in {(product, key) for product, key, _known in facts.sponsors}), 5)


@statistic("events_by_name")
def events_by_name(facts: Facts) -> dict[str, int]:
    """Count the events by kind."""
    return tally(kind for _product, kind, _on in facts.events)


@statistic("fast_laureates_by_promotion")
def fast_laureates_by_promotion(facts: Facts) -> dict[str, int]:
    """Count the products that won money of the acceleration fund, by promotion."""
    return tally(promotion for _product, promotion in {(product, name) for product, name, _amount in facts.fundings})


@statistic("fast_amount_total_eur")
def fast_amount_total_eur(facts: Facts) -> Any:
    """Add up that money, in euros."""
    total = sum(amount or 0 for _product, _promotion, amount in facts.fundings)
    return int(total) if total == int(total) else float(total)
