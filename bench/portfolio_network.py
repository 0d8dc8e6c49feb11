"""A made-up network ten times as large as the real one, written straight into the installation's database.

    python bench/portfolio_network.py                      6,600 products, 35,000 people, 48,000 missions
    python bench/portfolio_network.py --scale 1            the real network's size
    PARVIS_DATABASE_URL=postgresql://… python bench/portfolio_network.py

The database must have its tables and no product. `fill` does the same for benches that import it. The same seed and day
give the same network: names, phases and dates follow the frequencies that were counted in the real one.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
    django.setup()

from django.db import transaction  # noqa: E402 - Django is made ready first when this is a command

from parvis.directory.models import Group, GroupMembership, Organization, User  # noqa: E402 - the same
from parvis.portfolio.models import (  # noqa: E402 - the same
    RANK,
    BudgetLine,
    Committee,
    Decision,
    Deployment,
    Event,
    Incubator,
    Indicator,
    Measure,
    Mission,
    MissionProduct,
    PersonCard,
    Phase,
    Product,
    ProductIncubator,
    ProductTerm,
    Revision,
    Sponsorship,
    Term,
    Territory,
)
from parvis.portfolio.territories import ensure_territories  # noqa: E402 - the same
from parvis.portfolio.vocabulary import ensure_standard_terms, make_term, term_key  # noqa: E402 - the same

PRODUCTS, PEOPLE, MISSIONS, INCUBATORS, ORGANIZATIONS = 660, 3_500, 4_800, 23, 145
"""The real network's size, which `--scale` multiplies (incubators by its square root: they grow, too)."""
CHUNK = 2_000
WORDS = [
    "aide", "annuaire", "citoyen", "collecte", "commune", "conseil", "contrôle", "demande", "démarche", "données",
    "droit", "école", "élève", "emploi", "énergie", "enfant", "enquête", "entreprise", "espace", "famille",
    "formation", "handicap", "impôt", "inspection", "jeune", "justice", "logement", "mairie", "marché", "médecin",
    "mer", "métier", "mobilité", "numérique", "outil", "parcours", "patient", "permis", "plateforme",
    "prévention", "projet", "public", "quartier", "rénovation", "retraite", "santé", "sécurité", "service",
    "simulateur", "social", "stage", "suivi", "territoire", "transport", "travail", "urbanisme", "usager",
    "valorisation", "village", "voisin", "biodiversité", "agriculture", "alimentation", "accueil",
    "accompagnement", "dossier", "guichet", "procédure", "délai", "papier",
]  # fmt: skip
FIRST = [
    "Aïcha", "Bruno", "Chloé", "Driss", "Élise", "Fanny", "Gaël", "Hugo", "Inès", "Jules", "Karim", "Léa",
    "Maëlle", "Noé", "Océane", "Paul", "Rania", "Sofia", "Théo", "Yann",
]  # fmt: skip
LAST = [
    "Martin", "Bernard", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Laurent", "Lefèvre", "Roux", "Fontaine",
    "Girard", "Bonnet", "Dupont", "Lambert", "Faure",
]  # fmt: skip
DOMAINS = {"Développement": 28, "Intraprenariat": 18, "Déploiement": 14, "Produit": 9, "Design": 7, "Coaching": 6}
DOMAINS |= {"Autre": 9, "Animation": 4, "Data": 3, "Support": 1, "Attributaire": 1}
TECHNOLOGIES = [
    "python", "react", "typescript", "django", "vue", "postgresql", "node", "ruby", "rails", "next.js", "nuxt",
    "java", "symfony", "kotlin", "go",
]  # fmt: skip
NEXT = {
    "investigation": (("construction", 0.61), ("abandon-investigation", 0.34)),
    "construction": (("acceleration", 0.42), ("abandon", 0.22), ("transfere", 0.06)),
    "acceleration": (("consolidation", 0.32), ("transfere", 0.18), ("abandon", 0.1)),
    "consolidation": (("transfere", 0.55), ("abandon", 0.12), ("opere", 0.1)),
}
DURATION = {"investigation": 150, "construction": 460, "acceleration": 650, "consolidation": 220}
SECTIONS = ("Le problème", "La solution", "Contexte", "Pour qui ?", "Comment mesurer l’impact ?")


@dataclass
class Network:
    """The rows to write, by table, in the order in which they refer to each other."""

    random: random.Random
    today: date
    rows: dict[type[Any], list[Any]] = field(default_factory=dict)

    def add(self, row: Any) -> Any:
        """Keep a row to write, and return it."""
        if hasattr(row, "refresh_search"):
            row.refresh_search()
        self.rows.setdefault(type(row), []).append(row)
        return row

    def day(self, earliest: date, latest: date) -> date:
        """Return a day between two."""
        return earliest + timedelta(days=self.random.randrange(max((latest - earliest).days, 1)))

    def likely(self, share: float) -> bool:
        """Return yes as often as that."""
        return self.random.random() < share

    def words(self, number: int) -> str:
        """Return some words."""
        return " ".join(self.random.choices(WORDS, k=number))

    def text(self, sentences: int) -> str:
        """Return some sentences of uneven length."""
        return " ".join(f"{self.words(self.random.randrange(6, 18)).capitalize()}." for _ in range(sentences))


def fill(
    *,
    products: int = 10 * PRODUCTS,
    people: int = 10 * PEOPLE,
    missions: int = 10 * MISSIONS,
    incubators: int = 73,
    organizations: int = 10 * ORGANIZATIONS,
    seed: int = 4,
) -> dict[str, int]:
    """Write a whole network and return how many rows of each table it has."""
    network = Network(random.Random(seed), date.today())  # noqa: DTZ011, S311 - a calendar day; nothing secret
    ensure_territories()
    ensure_standard_terms()
    offices = _organizations(network, organizations)
    places = _incubators(network, incubators, offices)
    made = _products(network, products, places, offices)
    _people(network, people, missions, made)
    _life(network, places, made)
    with transaction.atomic():
        for model, rows in network.rows.items():
            _write(model, rows)
    Product.objects.all().refresh_phases(network.today)
    return {model.__name__: len(rows) for model, rows in network.rows.items()}


def _write(model: type[Any], rows: Sequence[Any]) -> None:
    for start in range(0, len(rows), CHUNK):
        model.objects.bulk_create(rows[start : start + CHUNK])


def _organizations(network: Network, number: int) -> list[Organization]:
    return [
        network.add(
            Organization(name=f"Direction {network.words(3)} {index}", slug=f"bench-o{index}", acronym=f"D{index}")
        )
        for index in range(number)
    ]


def _incubators(network: Network, number: int, offices: Sequence[Organization]) -> list[Incubator]:
    made = []
    for index in range(number):
        name = f"Incubateur {network.words(2)} {index}"
        group = network.add(Group(name=name, slug=f"bench-i{index}", kind="incubator", visibility="public"))
        incubator = Incubator(key=f"incubateur-{index}", name=name, group=group, owner=offices[index % len(offices)])
        incubator.is_hidden = index == number - 1
        incubator.short_description = network.text(2)
        incubator.description = network.text(12)
        made.append(network.add(incubator))
    return made


def _products(
    network: Network, number: int, incubators: Sequence[Incubator], offices: Sequence[Organization]
) -> list[Product]:
    standard = {kind: list(Term.objects.filter(kind=kind, is_standard=True)) for kind in ("theme", "user-type")}
    terms = standard | {"technology": _technologies(network)}
    territories = list(Territory.objects.filter(scheme="fr-dep"))
    made = []
    for index in range(number):
        # A few incubators have most products, as in the real network.
        incubator = incubators[int(len(incubators) * network.random.random() ** 2)]
        product = _product(network, index, incubator)
        made.append(product)
        _lists(network, product, incubator, offices, terms)
        _phases(network, product)
        _results(network, product, territories, offices)
    return made


def _technologies(network: Network) -> list[Term]:
    there = {term.key: term for term in Term.objects.filter(kind="technology")}
    found = []
    for word in TECHNOLOGIES:
        key = term_key("technology", word)
        found.append(there.get(key) or network.add(make_term("technology", key, word)))
    return found


def _product(network: Network, index: int, incubator: Incubator) -> Product:
    name = f"{network.words(2).capitalize()} {index}"
    team = network.add(
        Group(name=name, slug=f"bench-p{index}", kind="team", visibility="public", parent=incubator.group)
    )
    body = "\n\n".join(f"## {title}\n\n{network.text(7)}" for title in SECTIONS)
    product = Product(key=f"produit.{index}", name=name, group=team, mission=network.text(1), description=body)
    site = f"https://produit-{index}.example"
    product.website = site if network.likely(0.5) else ""
    product.repository = f"https://git.example/produit-{index}" if network.likely(0.46) else ""
    product.has_stats = True if network.likely(0.5) else None
    for column, share in (("stats_url", 0.32), ("budget_url", 0.2), ("impact_url", 0.16), ("dashlord_url", 0.2)):
        setattr(product, column, f"{site}/{column}" if network.likely(share) else "")
    product.accessibility_status = network.random.choice(["non conforme", "partiellement conforme", "", ""])
    product.has_risk_analysis = True if network.likely(0.26) else None
    product.uses_mon_service_securise = True if network.likely(0.25) else None
    if network.likely(0.3):
        product.problem_original, product.solution_original = network.text(3), network.text(3)
    added: Product = network.add(product)
    return added


def _lists(
    network: Network,
    product: Product,
    incubator: Incubator,
    offices: Sequence[Organization],
    terms: dict[str, list[Term]],
) -> None:
    network.add(ProductIncubator(product=product, incubator=incubator, raw_key=incubator.key, is_main=True))
    for position, office in enumerate(network.random.sample(offices, network.random.choice([1, 1, 1, 2, 0]))):
        network.add(Sponsorship(product=product, organization=office, raw_key=office.slug, position=position))
    for kind, most in (("theme", 2), ("user-type", 3), ("technology", 3)):
        for position, term in enumerate(network.random.sample(terms[kind], network.random.randrange(most + 1))):
            network.add(ProductTerm(product=product, term=term, raw=term.key, position=position))


def _phases(network: Network, product: Product) -> None:
    start = network.day(date(2014, 1, 1), network.today)
    name = "investigation" if network.likely(0.85) else "construction"
    for position in range(6):
        phase = Phase(product=product, name=name, raw_name=name, rank=RANK[name], start_on=start, position=position)
        network.add(phase)
        if name in ("construction", "acceleration"):
            network.add(Event(product=product, kind="committee", on=start, position=position))
        if name in ("abandon", "abandon-investigation"):
            product.lessons = network.text(4)
        start += timedelta(days=int(DURATION.get(name, 400) * network.random.uniform(0.4, 2)))
        following = _next(network, name)
        if following is None or start > network.today:
            return
        name = following


def _next(network: Network, name: str) -> str | None:
    left = network.random.random()
    for following, share in NEXT.get(name, ()):
        if left < share:
            return following
        left -= share
    return None


def _results(
    network: Network, product: Product, territories: Sequence[Territory], offices: Sequence[Organization]
) -> None:
    choose = network.random
    if network.likely(0.25):
        for territory in choose.sample(territories, choose.randrange(1, 12)):
            network.add(
                Deployment(product=product, territory=territory, from_on=network.day(date(2019, 1, 1), network.today))
            )
    if network.likely(0.2):
        indicator = network.add(Indicator(product=product, name="Usagers aidés", unit="personnes", target_value=10_000))
        indicator.target_on = network.today + timedelta(days=365)
        for month in range(12):
            on = network.today - timedelta(days=30 * month)
            network.add(Measure(indicator=indicator, on=on, value=choose.randrange(10_000)))
    if network.likely(0.3):
        for year in range(3):
            amount = choose.randrange(50, 900) * 1_000
            network.add(
                BudgetLine(
                    product=product, year=network.today.year - year, funder=choose.choice(offices), amount=amount
                )
            )


def _people(network: Network, number: int, missions: int, products: Sequence[Product]) -> None:
    choose = network.random
    domains, weights = list(DOMAINS), list(DOMAINS.values())
    for index in range(number):
        user = network.add(User(given_name=choose.choice(FIRST), family_name=f"{choose.choice(LAST)}-{index}"))
        domain = choose.choices(domains, weights)[0]
        user.job_title = domain
        user.refresh_search()
        network.add(PersonCard(user=user, key=f"personne.{index}", domain=domain, role=domain, source="bench"))
    users = network.rows[User]
    held: set[tuple[Any, Any, date]] = set()
    for index in range(missions):
        user = users[index % number]
        start = network.day(date(2016, 1, 1), network.today)
        end = start + timedelta(days=choose.randrange(90, 900))
        mission = network.add(Mission(user=user, start_on=start, end_on=end, position=index // number, source="bench"))
        mission.status = choose.choices(["independent", "admin", "service"], [54, 33, 13])[0]
        mission.employer = choose.choice(["malt", "octo", "dinum", f"Employeur {choose.randrange(800)}"])
        for position in range(choose.choices([0, 1, 2], [19, 75, 6])[0]):
            product = choose.choice(products)
            network.add(MissionProduct(mission=mission, product=product, raw_key=product.key, position=position))
            if (product.group_id, user.pk, start) not in held:
                held.add((product.group_id, user.pk, start))
                _membership(network, product, user, start, end)


def _membership(network: Network, product: Product, user: User, start: date, end: date) -> None:
    place = GroupMembership(group=product.group, user=user, starts_on=start, ends_on=end)
    place.is_end_recorded = end < network.today
    place.warned_at_days = 7
    network.add(place)


def _life(network: Network, incubators: Sequence[Incubator], products: Sequence[Product]) -> None:
    choose = network.random
    for incubator in incubators:
        for number in range(6):
            on = network.today + timedelta(days=60 * number - 200)
            network.add(Committee(incubator=incubator, on=on, title=f"Comité {number + 1}"))
    for product in choose.sample(products, len(products) // 3):
        on = network.day(date(2022, 1, 1), network.today)
        network.add(Decision(product=product, kind="stay", from_phase="construction", on=on, reasons=network.text(2)))
        network.add(Revision(product=product, changes={"name": ["Avant", product.name]}))


def scaled(scale: float) -> dict[str, int]:
    """Return the numbers for `fill` at some multiple of the real network."""
    return {
        "products": int(PRODUCTS * scale),
        "people": int(PEOPLE * scale),
        "missions": int(MISSIONS * scale),
        "incubators": max(2, int(INCUBATORS * scale**0.5)),
        "organizations": max(3, int(ORGANIZATIONS * scale)),
    }


def lines(counts: dict[str, int]) -> Iterator[str]:
    """Yield a line a table."""
    for name, number in counts.items():
        yield f"{name:<20}{number:>10,}"


def main() -> None:
    """Fill the installation's database and say with what."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=10, help="times the real network (10)")
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    if Product.objects.exists():
        sys.exit("There are products already: choose an empty installation (PARVIS_DATA_DIR or PARVIS_DATABASE_URL).")
    started = time.perf_counter()
    for line in lines(fill(**scaled(options.scale), seed=options.seed)):
        print(line)
    print(f"Done in {time.perf_counter() - started:.1f} s.")


if __name__ == "__main__":
    main()
