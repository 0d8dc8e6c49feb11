"""What the page of an incubator reads: its products with their lives, its team's health, its committees."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When

from parvis.portfolio.models import RANK, Committee, Event, Incubator, Phase, PhaseName, Product, ProductIncubator
from parvis.portfolio.models.product import ProductQuerySet
from parvis.portfolio.policies import Viewer
from parvis.portfolio.queries.census import Standing

COMMITTEES: Final = 5
HIGHLIGHTED: Final = 6


@dataclass(frozen=True, slots=True)
class Life:
    """A product with its phases begun, in order, and what happened on the way."""

    product: Product
    phases: list[Phase]
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Health:
    """How the teams of some active products hold. Products may be in several lines, but for the first three."""

    products: int
    nobody: int
    no_developer: int
    one_developer: int
    no_intrapreneur: int
    all_leave: int


def products_of(incubator: Incubator, viewer: Viewer, *, only_active: bool = True) -> ProductQuerySet:
    """Return the incubator's products: the active ones in the order of the method, then by how long they are there."""
    rows = Product.objects.visible_to(viewer).listed().filter(incubator_links__incubator=incubator)
    if only_active:
        rows = rows.active()
    order = [When(current_phase=name, then=Value(rank)) for name, rank in RANK.items()]
    ranked = rows.annotate(place=Case(*order, default=Value(0), output_field=IntegerField()))
    return ranked.defer("description", "search_text").order_by("place", "current_since", "sort_key", "pk")


def lives(products: Sequence[Product], today: date) -> list[Life]:
    """Return the products with their phases and events, with two statements."""
    ids = [product.pk for product in products]
    phases: dict[UUID, list[Phase]] = defaultdict(list)
    for phase in Phase.objects.filter(product__in=ids).timeline(today):
        phases[phase.product_id].append(phase)
    events: dict[UUID, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(product__in=ids, on__isnull=False).order_by("on"):
        events[event.product_id].append(event)
    return [Life(product, phases[product.pk], events[product.pk]) for product in products]


def health(standings: Sequence[Standing]) -> Health:
    """Count what is fragile, by the definitions of the statistics."""
    staffed = [one for one in standings if one.team]
    built = [one for one in staffed if one.phase != PhaseName.INVESTIGATION]
    return Health(
        len(standings),
        len(standings) - len(staffed),
        sum(not one.developers for one in built),
        sum(one.developers == 1 for one in built),
        sum(not one.intrapreneurs for one in staffed),
        sum(one.all_leave for one in staffed),
    )


def highlighted(incubator: Incubator, viewer: Viewer) -> list[Product]:
    """Return the products that the incubator puts forward, in its order."""
    keys = [str(key) for key in incubator.highlighted if isinstance(key, str)][:HIGHLIGHTED]
    found = {one.key: one for one in Product.objects.visible_to(viewer).filter(key__in=keys).defer("description")}
    return [found[key] for key in keys if key in found]


def co_incubated(incubator: Incubator, viewer: Viewer) -> list[tuple[Product, list[Incubator]]]:
    """Return the products shared with other incubators that the viewer may read, with these."""
    shared = Product.objects.visible_to(viewer).listed().filter(incubator_links__incubator=incubator)
    links = ProductIncubator.objects.filter(product__in=shared.values("pk")).exclude(incubator=incubator)
    seen = links.filter(incubator__in=Incubator.objects.visible_to(viewer).values("pk"))
    pairs: dict[Product, list[Incubator]] = defaultdict(list)
    for link in seen.select_related("product", "incubator").order_by("product__sort_key", "position"):
        if link.incubator:
            pairs[link.product].append(link.incubator)
    return list(pairs.items())


def coming_committees(incubator: Incubator, viewer: Viewer, today: date) -> list[Committee]:
    """Return the next committees that the viewer may read about."""
    rows = Committee.objects.visible_to(viewer).filter(incubator=incubator, on__gte=today)
    return list(rows.order_by("on", "starts_at", "pk")[:COMMITTEES])
