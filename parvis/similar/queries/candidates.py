"""What a page shows of similar services: whom the viewer may see, in what order, and what people said."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from parvis.portfolio.models import PhaseName, Product
from parvis.portfolio.models.phase import STOPPED
from parvis.similar.engine.records import Record
from parvis.similar.labels import AREAS, USERS, named
from parvis.similar.models import Judgement, Listing, ListingPhase, Neighbour, ProfileRecord, Verdict
from parvis.similar.policies import Viewer
from parvis.similar.queries import records
from parvis.similar.queries.lessons import lesson_of
from parvis.similar.queries.nearest import nearest

Pair = tuple[str, UUID]
_NEAR = 0.4
"""Services below this part of the nearest one's score are further than what a person would call similar."""
_ABROAD = 0.2
"""The same for services of other directories, mostly in another language: scores across languages are lower."""
HERE = "here"
"""The country and source of the network's own products."""
_PHASES: dict[str, str] = {
    **dict.fromkeys((PhaseName.CONSOLIDATION, PhaseName.OPERATED, PhaseName.TRANSFERRED), ListingPhase.OPERATION),
    **dict.fromkeys(STOPPED, ListingPhase.STOPPED),
}


@dataclass(slots=True)
class Said:
    """What people said of one pair."""

    confirmed: int = 0
    refused: int = 0
    mine: str = ""
    reasons: list[str] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Say whether it should not be shown any more."""
        return self.refused > self.confirmed

    @property
    def is_confirmed(self) -> bool:
        """Say whether people agree that the two are similar."""
        return self.confirmed > self.refused


@dataclass(slots=True)
class Candidate:
    """A service that is near, as a page shows it. Exactly one of `product` and `service` is there."""

    score: float
    reasons: dict[str, Any]
    product: Product | None = None
    service: Listing | None = None
    said: Said = field(default_factory=Said)

    @property
    def pair(self) -> Pair:
        """Return the kind and id that judgements use."""
        if self.product is not None:
            return ("product", self.product.pk)
        return ("service", self.service.pk if self.service else UUID(int=0))

    @property
    def item(self) -> Product | Listing:
        """Return the service itself."""
        item = self.product or self.service
        if item is None:
            raise ValueError("A candidate without a service.")
        return item

    @property
    def pitch(self) -> str:
        """Return its sentence."""
        return self.product.mission if self.product else self.service.pitch if self.service else ""

    @property
    def country(self) -> str:
        """Return its country's code, or `HERE`."""
        return self.service.country if self.service else HERE

    @property
    def source(self) -> str:
        """Return the name of its directory, or `HERE`."""
        return self.service.source if self.service else HERE

    @property
    def phase(self) -> str:
        """Return where it stands, by the phases that all directories share."""
        if self.service:
            return str(self.service.phase)
        phase = self.product.current_phase if self.product else ""
        return _PHASES.get(phase, phase)

    @property
    def is_stopped(self) -> bool:
        """Say whether it ended."""
        return self.phase == ListingPhase.STOPPED

    @property
    def lesson(self) -> str:
        """Return what was learnt when it ended, as far as its page tells."""
        return lesson_of(self.product) if self.product and self.is_stopped else ""

    @property
    def words(self) -> list[str]:
        """Return the words it shares, in the reader's language."""
        code = "fr" if (get_language() or "").startswith("fr") else "en"
        return list(self.reasons.get(code, []))

    @property
    def areas(self) -> list[str]:
        """Return the policy areas it shares."""
        return named(self.reasons.get("areas", []), AREAS)

    @property
    def users(self) -> list[str]:
        """Return the kinds of users it shares."""
        return named(self.reasons.get("users", []), USERS)

    @property
    def sentence(self) -> str:
        """Return the sentence to read, unless it is the one already shown."""
        found = str(self.reasons.get("sentence", ""))
        return "" if found.strip(" .") in self.pitch else found


def similar_to(product: Product, viewer: Viewer, most: int = 10) -> list[Candidate]:
    """Return what the viewer may see of a product's neighbours: what people confirmed first, what they refused not."""
    found = _kept(product, viewer) or _found_now(product, viewer)
    said = said_of(product, viewer)
    for candidate in found:
        candidate.said = said.get(candidate.pair, candidate.said)
    known = {candidate.pair for candidate in found}
    found += _fetched({pair: one for pair, one in said.items() if pair not in known and one.is_confirmed}, viewer)
    shown = [one for one in _near_enough(found) if not one.said.is_refused]
    shown += [one for one in found if one.said.is_confirmed and one not in shown]
    shown.sort(key=lambda one: (-one.said.confirmed if one.said.is_confirmed else 0, -one.score, one.item.name))
    return shown[:most]


def refused_of(product: Product, viewer: Viewer) -> list[Candidate]:
    """Return what people refused beside a product, for those who may take their word back."""
    said = said_of(product, viewer)
    return _fetched({pair: one for pair, one in said.items() if one.is_refused}, viewer)


def search(text: str, viewer: Viewer, most: int = 60) -> list[Candidate]:
    """Return the services nearest to a paragraph, nearest first. The text is kept nowhere."""
    return _near_enough(_of_numbers(nearest(Record("", "", "", text), most), viewer))


def said_of(product: Product, viewer: Viewer) -> dict[Pair, Said]:
    """Return what people said of a product beside others."""
    result = defaultdict[Pair, Said](Said)
    for judgement in Judgement.objects.about(product):
        said = result[judgement.seen_from(product)]
        if judgement.verdict == Verdict.CONFIRM:
            said.confirmed += 1
        else:
            said.refused += 1
        if judgement.by_id == getattr(viewer, "pk", None):
            said.mine = judgement.verdict
        if judgement.reason and judgement.verdict == Verdict.CONFIRM:
            said.reasons.append(judgement.reason)
    return dict(result)


def counts(found: Iterable[Candidate], facet: str) -> list[tuple[str, int]]:
    """Return how many candidates have each value of a facet, most first."""
    return Counter(getattr(candidate, facet) for candidate in found if getattr(candidate, facet)).most_common()


def _near_enough(found: list[Candidate]) -> list[Candidate]:
    best = max((one.score for one in found), default=0.0)
    abroad = max((one.score for one in found if one.service), default=0.0)
    least = max(_ABROAD * best, _NEAR * abroad)
    return [one for one in found if one.score >= (least if one.service else _NEAR * best)]


def _visible(viewer: Viewer) -> Q:
    """Return the condition "the viewer may see the other side" on rows that have `other`."""
    products = Product.objects.visible_to(viewer).filter(state=Product.State.LISTED)
    return Q(other__service__is_gone=False) | Q(other__product__in=products)


def _kept(product: Product, viewer: Viewer) -> list[Candidate]:
    rows = Neighbour.objects.filter(_visible(viewer), product=product)
    rows = rows.select_related("other__product", "other__service").defer("other__content", "other__sentences")
    return [Candidate(row.score, row.reasons, row.other.product, row.other.service) for row in rows]


def _found_now(product: Product, viewer: Viewer) -> list[Candidate]:
    """Return the neighbours of a product that the index does not hold: one that is only proposed, or new."""
    if ProfileRecord.objects.filter(product=product).exists():
        return []
    fetched = records.with_terms(Product.objects.filter(pk=product.pk)).get()
    found = _of_numbers(nearest(records.of_product(fetched), 20), viewer)
    return [candidate for candidate in found if candidate.product != product]


def _of_numbers(found: Any, viewer: Viewer) -> list[Candidate]:
    near = {item.number: item for item in found}
    products = Product.objects.visible_to(viewer).filter(state=Product.State.LISTED)
    rows = ProfileRecord.objects.filter(Q(service__is_gone=False) | Q(product__in=products), pk__in=near)
    rows = rows.select_related("product", "service").defer("content", "sentences")
    result = [
        Candidate(item.score, {**item.reasons, "sentence": item.sentence}, row.product, row.service)
        for row, item in ((row, near[row.pk]) for row in rows)
    ]
    return sorted(result, key=lambda one: (-one.score, one.item.name))


def _fetched(wanted: dict[Pair, Said], viewer: Viewer) -> list[Candidate]:
    """Return pairs that people spoke of, whether or not the engine finds them."""
    if not wanted:
        return []
    ids = {kind: [pk for found, pk in wanted if found == kind] for kind in ("product", "service")}
    products = Product.objects.visible_to(viewer).filter(pk__in=ids["product"])
    services = Listing.objects.listed().filter(pk__in=ids["service"])
    found = [Candidate(0.0, {}, product) for product in products]
    found += [Candidate(0.0, {}, None, service) for service in services]
    for candidate in found:
        candidate.said = wanted[candidate.pair]
    return found
