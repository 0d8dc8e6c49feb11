"""Incubators, products and their lives, people's cards and missions."""

from datetime import timedelta
from typing import Any

from parvis.demo.actions.telling import Telling
from parvis.demo.story import ids
from parvis.demo.story.people import PEOPLE, PersonStory
from parvis.demo.story.places import GROUPS
from parvis.demo.story.products import PRODUCTS, PROPOSAL, ProductStory
from parvis.demo.story.texts import LESSONS, TEXTS, TextStory
from parvis.portfolio.models import (
    RANK,
    Decision,
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
    Sponsorship,
    Term,
)
from parvis.portfolio.territories import ensure_territories
from parvis.portfolio.vocabulary import ensure_standard_terms, make_term, term_key

# What a word of a job title says of the trade, in the words of the network.
_TRADES = {
    "dével": "Développement", "engineer": "Développement", "administrat": "Développement", "design": "Design",
    "intrapren": "Intraprenariat", "coach": "Coaching", "déploiement": "Déploiement", "data": "Data", "données": "Data",
    "géomat": "Data", "produit": "Produit", "product": "Produit", "recherche": "Design",
}  # fmt: skip
_LINKS = {"stats": "stats_url", "budget": "budget_url", "impact": "impact_url", "dashlord": "dashlord_url"}


def tell_portfolio(telling: Telling) -> None:
    """Make the incubators and the products, then what happened to them and who worked on them."""
    ensure_territories()
    ensure_standard_terms()
    incubators = _incubators(telling)
    products = {story.key: _product(telling, story) for story in PRODUCTS}
    products[PROPOSAL[0]] = _proposal(telling)
    for product in products.values():
        product.refresh_search()
    Product.objects.bulk_create(products.values())
    _links(telling, products, incubators)
    _lives(telling, products, incubators)
    _people(telling, products)
    Product.objects.all().refresh_phases(telling.calendar.today)


def _incubators(telling: Telling) -> dict[str, Incubator]:
    made = {}
    for story in GROUPS:
        if story.kind == "incubator":
            organization = telling.organizations[story.organization]
            incubator = Incubator(
                id=ids.named("incubator", story.key),
                key=story.key,
                name=story.name,
                group=telling.groups[story.key],
                owner=organization,
                contact=f"{story.key}@{_domain(telling, story.organization)}",
                website=f"https://{story.key}.example/",
                short_description=story.description,
                description=story.description,
                created_at=telling.calendar.moment(story.created, story.key),
                updated_at=telling.calendar.moment(-90, story.key),
            )
            incubator.refresh_search()
            made[story.key] = incubator
    Incubator.objects.bulk_create(made.values())
    return made


def _domain(telling: Telling, organization: str) -> str:
    return telling.organizations[organization].website.removeprefix("https://").rstrip("/")


def _product(telling: Telling, story: ProductStory) -> Product:
    words = TEXTS.get(story.key) or TextStory("", "", "", "")
    lessons, lessons_en = LESSONS.get(story.key, ("", ""))
    site = f"https://{story.key}.example"
    first = min(offset for _name, offset in story.phases)
    told = telling.calendar.moment(story.told, story.key)
    product = Product(
        id=ids.named("product", story.key),
        key=story.key,
        name=story.name,
        mission=story.mission,
        description=_description(words),
        group=telling.groups.get(story.key),
        contact=f"contact@{story.key}.example",
        website=site if "site" in story.links else "",
        repository=f"https://git.example/{story.key}" if "code" in story.links else "",
        accessibility_status=story.accessibility,
        has_risk_analysis=True if story.fast else None,
        problem_original=words.problem,
        problem_en=words.problem_en,
        solution_original=words.solution,
        solution_en=words.solution_en,
        original_language="en" if story.key == "open-forms" else "fr",
        lessons=lessons,
        lessons_en=lessons_en,
        created_at=telling.calendar.moment(first, story.key),
        updated_at=told,
        confirmed_at=told,
    )
    for name, column in _LINKS.items():
        setattr(product, column, f"{site}/{name}" if name in story.links else "")
    product.has_stats = True if product.stats_url else None
    return product


def _description(words: TextStory) -> str:
    if not words.problem:
        return ""
    english = words.problem == words.problem_en
    titles = ("The problem", "The solution") if english else ("Le problème", "La solution")
    return f"## {titles[0]}\n\n{words.problem}\n\n## {titles[1]}\n\n{words.solution}"


def _proposal(telling: Telling) -> Product:
    key, name, _incubator, by, mission = PROPOSAL
    at = telling.calendar.moment(-3, key)
    return Product(
        id=ids.named("product", key), key=key, name=name, mission=mission, state=Product.State.PROPOSED,
        created_by=telling.people[by], created_at=at, updated_at=at,
        problem_original="Douze communes du pays n’ont plus de bibliothèque, et leurs enfants plus de livres neufs.",
        problem_en="Twelve municipalities have lost their library, and their children their new books.",
    )  # fmt: skip


def _links(telling: Telling, products: dict[str, Product], incubators: dict[str, Incubator]) -> None:
    places, sponsors, words = [], [], []
    terms = {(term.kind, term.key): term for term in Term.objects.all()}
    for story in PRODUCTS:
        product = products[story.key]
        for position, key in enumerate(filter(None, (story.incubator, story.second_incubator))):
            name = f"{story.key}:{key}"
            link = ProductIncubator(id=ids.named("product-incubator", name), product=product, incubator=incubators[key])
            link.raw_key, link.position, link.is_main = key, position, position == 0
            places.append(link)
        for position, key in enumerate(filter(None, story.sponsors.split("|"))):
            sponsor = Sponsorship(id=ids.named("sponsor", f"{story.key}:{key}"), product=product, position=position)
            sponsor.organization = telling.organizations[key]
            sponsors.append(sponsor)
        words += _words(story, product, terms)
    proposed = ProductIncubator(id=ids.named("product-incubator", PROPOSAL[0]), product=products[PROPOSAL[0]])
    proposed.incubator, proposed.raw_key, proposed.is_main = incubators[PROPOSAL[2]], PROPOSAL[2], True
    ProductIncubator.objects.bulk_create([*places, proposed])
    Sponsorship.objects.bulk_create(sponsors)
    ProductTerm.objects.bulk_create(words)


def _words(story: ProductStory, product: Product, terms: dict[tuple[str, str], Term]) -> list[ProductTerm]:
    named = [(Term.Kind.THEME, word) for word in filter(None, story.themes.split("|"))]
    named += [(Term.Kind.USER_TYPE, word) for word in story.users.split()]
    named += [(Term.Kind.TECHNOLOGY, word) for word in story.technologies.split()]
    made = []
    for position, (kind, word) in enumerate(named):
        key = kind.value, term_key(kind, word)
        if key not in terms:
            terms[key] = make_term(*key, word)
            terms[key].save()
        link = ProductTerm(id=ids.named("product-term", f"{story.key}:{kind}:{word}"), product=product, raw=word)
        link.term, link.position = terms[key], position
        made.append(link)
    return made


def _lives(telling: Telling, products: dict[str, Product], incubators: dict[str, Incubator]) -> None:
    phases, events, fundings, decisions = [], [], [], []
    for story in PRODUCTS:
        product = products[story.key]
        for position, (name, offset) in enumerate(story.phases):
            on = telling.calendar.day(offset)
            phase = Phase(id=ids.named("phase", f"{story.key}:{name}"), product=product, name=name, start_on=on)
            phase.rank, phase.raw_name, phase.position = RANK[name], name, position
            if position and offset <= 0:
                decision = _decision(telling, story, position, incubators[story.incubator], product)
                phase.decision = decision
                decisions.append(decision)
                events.append(_event(telling, story.key, product, "committee", offset))
            phases.append(phase)
        happened = (("product_launch", story.launched), ("national_impact", story.national), ("fast", story.fast))
        for kind, day in happened:
            if day is not None:
                events.append(_event(telling, story.key, product, kind, day))
        if story.fast:
            fund = Funding(id=ids.named("fund", story.key), product=product, promotion="14", amount=200_000)
            fundings.append(fund)
    Decision.objects.bulk_create(decisions)
    Phase.objects.bulk_create(phases)
    Event.objects.bulk_create(events)
    Funding.objects.bulk_create(fundings)


def _event(telling: Telling, key: str, product: Product, kind: str, offset: int) -> Event:
    on = telling.calendar.day(offset)
    return Event(id=ids.named("product-event", f"{key}:{kind}:{offset}"), product=product, kind=kind, on=on)


_REASONS = {
    "construction": "Le problème est avéré et l’équipe sait à qui elle s’adresse.",
    "acceleration": "Les premiers usagers reviennent, et l’effet se mesure.",
    "consolidation": "Le service est partout où il doit être ; il reste à préparer sa reprise.",
    "transfere": "L’administration qui reprend a une équipe, un budget et une responsable.",
    "opere": "Personne d’autre ne peut le porter aujourd’hui : le réseau continue de l’opérer.",
    "abandon-investigation": "Le problème n’est pas celui que l’on croyait ; l’équipe a écrit ce qu’elle a appris.",
    "abandon": "L’effet n’est pas là après deux ans ; l’équipe a écrit ce qu’elle a appris.",
}


def _decision(telling: Telling, story: ProductStory, position: int, incubator: Incubator, product: Product) -> Decision:
    name, offset = story.phases[position]
    kind = Decision.Kind.STOP if name.startswith("abandon") else Decision.Kind.MOVE
    decision = Decision(
        id=ids.named("decision", f"{story.key}:{name}"), product=product, incubator=incubator, kind=kind
    )
    decision.from_phase, decision.to_phase = story.phases[position - 1][0], name
    decision.on, decision.reasons = telling.calendar.day(offset), _REASONS[name]
    decision.decided_at = telling.calendar.moment(offset, story.key)
    return decision


def _people(telling: Telling, products: dict[str, Product]) -> None:
    cards: list[PersonCard] = []
    missions: list[Mission] = []
    links: list[MissionProduct] = []
    for story in PEOPLE:
        if story.state == "anonymised":
            continue
        user = telling.people[story.key]
        card = PersonCard(id=ids.named("card", story.key), user=user, domain=_trade(story), role=story.job_title)
        card.updated_at = user.created_at
        cards.append(card)
        for position, place in enumerate(one for one in story.places if one.group in products):
            mission = Mission(id=ids.named("mission", f"{story.key}:{place.group}"), user=user, position=position)
            mission.start_on = telling.calendar.day(place.start)
            mission.end_on = telling.calendar.day_or_none(place.end)
            if mission.end_on is None:  # A place may last; a contract has an end, and it is usually renewed.
                mission.end_on = telling.calendar.day(150) + timedelta(days=len(story.key) * 7)
            mission.status = "independent" if story.organization in {"artisans", ""} else "admin"
            mission.employer = story.organization and telling.organizations[story.organization].short_name
            missions.append(mission)
            links.append(_link(story, place.group, mission, products[place.group]))
    PersonCard.objects.bulk_create(cards)
    Mission.objects.bulk_create(missions)
    MissionProduct.objects.bulk_create(links)


def _link(story: PersonStory, key: str, mission: Mission, product: Product) -> MissionProduct:
    named: dict[str, Any] = {"mission": mission, "product": product, "raw_key": key}
    return MissionProduct(id=ids.named("mission-product", f"{story.key}:{key}"), **named)


def _trade(story: PersonStory) -> str:
    title = story.job_title.lower()
    return next((trade for word, trade in _TRADES.items() if word in title), "Autre")
