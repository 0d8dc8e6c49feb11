"""A network small enough to count by hand, with one of each oddity that the statistics look for."""

from datetime import date

from parvis.portfolio.models import (
    Event,
    Funding,
    Incubator,
    Mission,
    MissionProduct,
    PersonCard,
    Phase,
    Product,
    ProductIncubator,
    ProductTerm,
    SourceFile,
    Sponsorship,
    Term,
)
from parvis.portfolio.models.phase import RANK
from tests.factories.directory import OrganizationFactory, UserFactory
from tests.factories.portfolio import IncubatorFactory, ProductFactory

AS_OF = date(2026, 1, 1)

# Product: (phases as listed: name, start, end), incubators, sponsors.
LIVES: dict[str, tuple[list[tuple[str, str, str]], list[str], list[str]]] = {
    "alpha": (
        [
            ("investigation", "2020-01-01", ""),
            ("construction", "2020-07-01", "2022-01-01"),
            ("acceleration", "2022-01-01", ""),
        ],
        ["nord"],
        ["dinum", "anct"],
    ),
    "beta": (
        [
            ("construction", "2021-01-01", "2021-06-01"),
            ("investigation", "2021-01-01", ""),
            ("abandon", "2022-01-01", ""),
        ],
        ["nord", "sud"],
        ["anct"],
    ),
    "gamma.été": (
        [("investigation", "2023-03-01", "2023-07-01"), ("abandon-investigation", "2023-06-01", "")],
        ["nord"],
        ["nowhere"],
    ),
    "Delta": (
        [
            ("investigation", "2019-01-01", "2019-02-01"),
            ("transfere", "2021-06-01", ""),
            ("construction", "2019-04-01", ""),
        ],
        ["sud"],
        [],
    ),
    "epsilon": ([("construction", "2030-01-01", "")], ["ghost"], []),
    "zeta": ([("investigation", "2025-10-01", "2025-12-01")], ["secret"], []),
    "eta": ([("consolidation", "2024-06-01", "")], ["sud"], []),
    "ze-ta": ([("acceleration", "2018-05-05", ""), ("construction", "2019-01-01", "")], ["nord"], []),
}
EVENTS = [
    ("alpha", "national_impact", "2023-01-01"),
    ("alpha", "national_impact", "2024-01-01"),
    ("alpha", "committee", "2020-06-15"),
    ("beta", "end", "2022-06-01"),
    ("zeta", "committee", "2026-02-01"),
]
# Person: trade, missions (start, end, status, employer, products).
PEOPLE: dict[str, tuple[str, list[tuple[str, str, str, str, list[str]]]]] = {
    "ana": (
        "Développement",
        [
            ("2020-01-01", "2026-06-30", "independent", "Malt ", ["alpha"]),
            ("2021-01-01", "2021-12-31", "service", "malt", ["beta"]),
        ],
    ),
    "bob": (
        "Intraprenariat",
        [
            ("2019-01-01", "2021-07-01", "admin", "", ["Delta"]),
            ("2022-01-01", "2030-12-31", "admin", "DINUM", ["alpha"]),
        ],
    ),
    "cyd": ("Design", [("2025-01-01", "2026-01-20", "independent", "", ["zeta", "ze-ta"])]),
    "dan": ("Produit", [("2024-01-01", "2027-12-31", "independent", "", ["gamma.été"])]),
    "eve": ("Développement", [("2026-03-01", "2026-09-01", "independent", "", ["zeta", "unheard-of"])]),
    "flo": ("Animation", [("2025-06-01", "2026-03-15", "service", "", [])]),
    "gil": ("Autre", []),
    "hal": (
        "Support",
        [("2021-07-01", "2026-12-31", "service", "", ["Delta"]), ("2019-01-01", "2019-12-31", "admin", "", [])],
    ),
}
TERMS = {
    "alpha": [("theme", "Social"), ("theme", "Emploi"), ("user-type", "particulier"), ("technology", "Python  3")],
    "beta": [("theme", "Social"), ("user-type", "Les gens"), ("technology", "python 3")],
    "ze-ta": [("technology", "React"), ("user-type", "particulier"), ("user-type", "etat")],
}


def make_network() -> dict[str, Product]:
    """Write the network; return its products by key."""
    organizations = {name: OrganizationFactory(slug=name) for name in ("dinum", "anct")}
    for name, hidden, owner in [
        ("nord", False, "dinum"),
        ("sud", False, ""),
        ("vide", False, ""),
        ("secret", True, "/organisations/lost"),
    ]:
        IncubatorFactory(key=name, is_hidden=hidden, owner=organizations.get(owner), owner_raw=owner)
    products = {key: _product(key) for key in LIVES}
    for key, kind, on in EVENTS:
        Event.objects.create(product=products[key], kind=kind, on=on)
    for key, words in TERMS.items():
        for position, (kind, raw) in enumerate(words):
            key_of_term = " ".join(raw.lower().split())
            term, _made = Term.objects.get_or_create(kind=kind, key=key_of_term, defaults={"label_fr": raw})
            ProductTerm.objects.create(product=products[key], term=term, raw=raw, position=position)
    Funding.objects.create(product=products["alpha"], promotion="12", amount=100_000)
    Funding.objects.create(product=products["beta"], promotion="13", amount=50_000)
    for name in PEOPLE:
        _person(name, products)
    _files()
    return products


def _product(key: str) -> Product:
    phases, incubators, sponsors = LIVES[key]
    product: Product = ProductFactory(key=key, **PAGES.get(key, {}))
    for position, (name, start, end) in enumerate(phases):
        Phase.objects.create(
            product=product,
            name=name,
            raw_name=name,
            rank=RANK[name],
            start_on=start,
            end_on=end or None,
            position=position,
        )
    known = {incubator.key: incubator for incubator in Incubator.objects.all()}
    for position, name in enumerate(incubators):
        ProductIncubator.objects.create(product=product, incubator=known.get(name), raw_key=name, position=position)
    organizations = {"dinum": None, "anct": None} | {
        row.slug: row for row in OrganizationFactory._meta.model.objects.filter(slug__in=sponsors)
    }
    for position, name in enumerate(sponsors):
        raw = f"/organisations/{name}"
        Sponsorship.objects.create(
            product=product, organization=organizations.get(name), raw_key=raw, position=position
        )
    return product


PAGES: dict[str, dict[str, object]] = {
    "alpha": {
        "website": "https://alpha.example",
        "repository": "https://code.example/alpha",
        "has_stats": True,
        "budget_url": "https://alpha.example/budget",
        "accessibility_status": "non conforme",
        "has_risk_analysis": True,
    },
    "beta": {"repository": "https://code.example/beta", "accessibility_status": "totalement conforme"},
    "ze-ta": {"stats_url": "https://ze-ta.example/stats", "has_stats": False, "uses_mon_service_securise": True},
    "zeta": {"repository": "https://code.example/zeta"},
}


def _person(name: str, products: dict[str, Product]) -> None:
    trade, missions = PEOPLE[name]
    user = UserFactory(given_name=name)
    PersonCard.objects.create(user=user, key=name, domain=trade)
    for position, (start, end, status, employer, named) in enumerate(missions):
        mission = Mission.objects.create(
            user=user, start_on=start, end_on=end, status=status, employer=employer, position=position
        )
        for place, key in enumerate(named):
            MissionProduct.objects.create(mission=mission, product=products.get(key), raw_key=key, position=place)


def _files() -> None:
    """Write what an import remembers of its files: an organisation without a suffix, products with odd texts."""
    rows = [("organisations", "dinum.md", []), ("organisations", "anct", []), ("startups", "alpha.md", ["untrimmed"])]
    rows += [("startups", "beta.md", ["untrimmed", "html-entity"]), ("startups", "zeta.md", ["body-not-nfc"])]
    for collection, name, defects in rows:
        SourceFile.objects.create(
            source="betagouv",
            collection=collection,
            key=name.removesuffix(".md"),
            name=name,
            has_suffix=name.endswith(".md"),
            defects=defects,
        )
