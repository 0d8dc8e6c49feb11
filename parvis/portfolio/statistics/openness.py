"""What products show of themselves, and the words that describe them."""

from uuid import UUID

from parvis.portfolio.models import PhaseName, Term
from parvis.portfolio.statistics.counting import collapsed, commonest, tally
from parvis.portfolio.statistics.facts import Facts
from parvis.portfolio.statistics.registry import statistic

USER_TYPES = (
    "particulier",
    "etat",
    "collectivite-territoriale",
    "parlement",
    "entreprise",
    "association",
    "etablissement-scolaire",
)
"""The seven values of the network's schema; everything else was typed freely."""
PAGES = ("repository", "stats", "budget_url", "impact_url", "dashlord_url", "accessibility_status", "link")
RECORDS = ("analyse_risques", "mon_service_securise")


def expected_to_be_open(facts: Facts) -> list[UUID]:
    """Return the products of which the network asks transparency: the ACTIVE ones past investigation."""
    return [product for product in facts.active if facts.current[product] != PhaseName.INVESTIGATION]


def shown_by(facts: Facts, product: UUID) -> set[str]:
    """Return what a product publishes, under the names of the statistic."""
    row = facts.products[product]
    items = {
        "repository": bool(row.repository.strip()),
        "stats": bool(row.stats_url.strip()) or row.has_stats is True,
        "budget_url": bool(row.budget_url.strip()),
        "impact_url": bool(row.impact_url.strip()),
        "dashlord_url": bool(row.dashlord_url.strip()),
        "accessibility_status": bool(row.accessibility_status.strip()),
        "link": bool(row.website.strip()),
        "analyse_risques": row.has_risk_analysis is True,
        "mon_service_securise": row.uses_mon_service_securise is True,
    }
    return {name for name, is_shown in items.items() if is_shown}


@statistic("transparency_base")
def transparency_base(facts: Facts) -> int:
    """Count the products of which transparency is asked."""
    return len(expected_to_be_open(facts))


@statistic("transparency")
def transparency(facts: Facts) -> dict[str, int]:
    """Count, among them, those that show each thing."""
    shown = [shown_by(facts, product) for product in expected_to_be_open(facts)]
    return {name: sum(name in items for items in shown) for name in (*PAGES, *RECORDS)}


@statistic("accessibility_status")
def accessibility_status(facts: Facts) -> dict[str, int]:
    """Count all products by what they declare about accessibility."""
    return tally(row.accessibility_status or "none" for row in facts.products.values())


@statistic("usertypes_known")
def usertypes_known(facts: Facts) -> dict[str, int]:
    """Count products by kind of users, for the seven kinds of the schema."""
    pairs = {(term.product, term.written) for term in facts.terms_of(Term.Kind.USER_TYPE)}
    counts = tally(written for _product, written in pairs)
    return {name: counts.get(name, 0) for name in USER_TYPES}


@statistic("usertypes_free_text")
def usertypes_free_text(facts: Facts) -> int:
    """Count the other values: free text that slipped in."""
    return len({term.written for term in facts.terms_of(Term.Kind.USER_TYPE)} - set(USER_TYPES))


@statistic("themes_distinct")
def themes_distinct(facts: Facts) -> int:
    """Count the themes as written."""
    return len({term.written for term in facts.terms_of(Term.Kind.THEME)})


@statistic("themes_top")
def themes_top(facts: Facts) -> dict[str, int]:
    """Return the ten commonest themes, as written."""
    return commonest([term.written for term in facts.terms_of(Term.Kind.THEME)], 10)


@statistic("products_without_theme")
def products_without_theme(facts: Facts) -> int:
    """Count the products without a theme."""
    return len(set(facts.products) - {term.product for term in facts.terms_of(Term.Kind.THEME)})


@statistic("technologies_top_normalised")
def technologies_top_normalised(facts: Facts) -> dict[str, int]:
    """Return the eight commonest technologies, case and blanks aside."""
    return commonest([name for term in facts.terms_of(Term.Kind.TECHNOLOGY) if (name := collapsed(term.written))], 8)
