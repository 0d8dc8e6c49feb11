"""Finding products: one definition of what each filter means, for the page, its CSV, its feed and the API."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from uuid import UUID

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, NullIf, StrIndex

from parvis.lib.text import fold
from parvis.portfolio.models import (
    Deployment,
    Incubator,
    PhaseName,
    Product,
    ProductIncubator,
    ProductTerm,
    Sponsorship,
)
from parvis.portfolio.models.phase import NOT_STARTED
from parvis.portfolio.models.product import ProductQuerySet
from parvis.portfolio.policies import Viewer
from parvis.portfolio.queries import facet_index
from parvis.portfolio.queries.filters import FACETS, STATUS, Filters
from parvis.portfolio.queries.transparency import BY_KEY
from parvis.web.language import reads_french

MAX_WORDS = 8
TERM_KINDS = {facet: kind for kind, facet in facet_index.TERM_FACETS.items()}
FAR = 1_000_000
SHORTEST = 4
"""Words shorter than this are not corrected: too many others look like them."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value of a facet, its name, and how many products it leads to within everything else that is asked."""

    value: str
    label: str
    products: int


class Explorer:
    """The listed products, which everyone may see, found by filters."""

    def __init__(self, viewer: Viewer, filters: Filters) -> None:
        self.filters = filters
        # Its own people find a hidden incubator on its page; elsewhere it is named to operators only.
        self._sees_hidden = bool(getattr(viewer, "is_staff", False))
        self._words = fold(filters.text).split()[:MAX_WORDS]

    @cached_property
    def _index(self) -> facet_index.FacetIndex:
        return facet_index.facet_index()

    def products(self) -> ProductQuerySet:
        """Return the products asked for, in the order asked for."""
        return self._ordered(self.unordered())

    def unordered(self) -> ProductQuerySet:
        """Return the products asked for, as they come."""
        rows = self._found().order_by()
        for name, values in self.filters.facets.items():
            if name == "missing":
                for key in values:
                    rows = rows.exclude(BY_KEY[key].is_published)
            else:
                rows = rows.filter(self._condition(name, values))
        return rows

    # --- What the filters mean ---------------------------------------------------------------------------------------
    def _found(self) -> ProductQuerySet:
        """Return the products in which every word is found: in their texts, their themes, their incubators' names."""
        rows = Product.objects.listed()
        if self.filters.text and not self._words:
            return rows.none()
        for word in self._words:
            found = Q(search_text__words=word)
            if terms := [pk for name in TERM_KINDS for pk in self._named(name, word)]:
                found |= Q(pk__in=ProductTerm.objects.filter(term__in=terms).values("product"))
            if incubators := self._named("incubator", word):
                found |= Q(pk__in=ProductIncubator.objects.filter(incubator__in=incubators).values("product"))
            rows = rows.filter(found)
        return rows

    def _named(self, name: str, word: str) -> list[UUID]:
        """Return the terms or incubators in whose name a word is found."""
        return [one.pk for one in self._seen(name).values() if one.pk and word in one.words]

    def _seen(self, name: str) -> dict[str, facet_index.Value]:
        values = self._index.facets.get(name, {})
        return {key: one for key, one in values.items() if self._sees_hidden or not one.is_hidden}

    def _condition(self, name: str, values: tuple[str, ...]) -> Q:
        if name in TERM_KINDS:
            links = ProductTerm.objects.filter(term__kind=TERM_KINDS[name], term__key__in=values)
            return Q(pk__in=links.values("product"))
        if name == "status":
            return Q(current_phase__in=[phase for value in values for phase in STATUS[value]])
        if name == "phase":
            return Q(current_phase__in=["" if value == NOT_STARTED else value for value in values])
        if name == "incubator":
            incubators = Incubator.objects.filter(key__in=values)
            seen = incubators if self._sees_hidden else incubators.filter(is_hidden=False)
            return Q(pk__in=ProductIncubator.objects.filter(incubator__in=seen.values("pk")).values("product"))
        if name == "sponsor":
            return Q(pk__in=Sponsorship.objects.filter(organization__slug__in=values).values("product"))
        there = Q(territory__code__in=values) | Q(territory__parent__code__in=values)
        there |= Q(territory__parent__parent__code__in=values)
        return Q(pk__in=Deployment.objects.current().filter(there).values("product"))

    # --- Counting ----------------------------------------------------------------------------------------------------
    @cached_property
    def _row_found(self) -> int:
        if not self.filters.text:
            return self._index.everything
        return self._index.row_of(self._found().order_by().values_list("key", flat=True))

    def _row(self, but: str = "") -> int:
        """Return the row of the products found by the words and by every facet but one."""
        row = self._row_found
        for name, values in self.filters.facets.items():
            if name == "missing":
                for value in values:
                    row &= self._index.either(name, [value])
            elif name != but:
                row &= self._index.either(name, [value for value in values if value in self._seen(name)])
        return row

    @cached_property
    def total(self) -> int:
        """Return how many products are found."""
        return self._row().bit_count()

    def counts(self, name: str) -> list[FacetCount]:
        """Return the values of a facet that lead somewhere, and those chosen; the most frequent first."""
        row, chosen = self._row(but=name), getattr(self.filters, name)
        french = reads_french()
        counted = [
            FacetCount(value, one.french if french else one.english, (one.bits & row).bit_count())
            for value, one in self._seen(name).items()
        ]
        kept = [one for one in counted if one.products or one.value in chosen]
        return sorted(kept, key=lambda one: _place(name, one))

    def corrected(self) -> Filters | None:
        """Return the same filters with words that exist in place of those that do not, if that finds something.

        Only asked when nothing was found: reading the names of six thousand products for each search would cost more
        than it gives.
        """
        known = self._known_words()
        words = [word if word in known else _closest(word, known) for word in self._words]
        if not words or words == self._words:
            return None
        return Filters(" ".join(words), sort=self.filters.sort, **self.filters.facets)

    def _known_words(self) -> set[str]:
        names = Product.objects.listed().order_by().values_list("sort_key", flat=True)
        known = {word for name in names for word in name.split()}
        for facet in (*TERM_KINDS, "incubator"):
            known.update(word for one in self._seen(facet).values() for word in one.words.split())
        return known

    # --- Ordering ----------------------------------------------------------------------------------------------------
    def _ordered(self, rows: ProductQuerySet) -> ProductQuerySet:
        order = self.filters.order
        if order == "relevance" and self._words:
            return self._by_relevance(rows)
        if order == "updated":
            return rows.order_by("-updated_at", "pk")
        if order == "newest":
            return rows.order_by(F("current_since").desc(nulls_last=True), "sort_key", "pk")
        if order == "longest":
            return rows.order_by(F("current_since").asc(nulls_last=True), "sort_key", "pk")
        return rows.order_by("sort_key", "pk")

    def _by_relevance(self, rows: ProductQuerySet) -> ProductQuerySet:
        """Put first what bears the words as its name, then those whose name holds them, then by where they are met."""
        whole, in_name = " ".join(self._words), Q()
        for word in self._words:
            in_name &= Q(sort_key__contains=word)
        ranks = (When(sort_key=whole, then=0), When(sort_key__startswith=whole, then=1), When(in_name, then=2))
        longest = max(self._words, key=len, default="")
        # The text begins with the name and the mission: the earlier a word is met, the more the product is about it.
        place = Coalesce(NullIf(StrIndex("search_text", Value(longest)), 0), FAR)
        ranked = rows.annotate(rank=Case(*ranks, default=3), place=place)
        return ranked.order_by("rank", "place", "sort_key", "pk")


def _place(name: str, one: FacetCount) -> tuple[int, str]:
    """Return where a value stands: phases and states in the order of the method, the others by their frequency."""
    order = {"phase": [*PhaseName.values, NOT_STARTED], "status": list(STATUS), "missing": list(BY_KEY)}.get(name)
    return (order.index(one.value) if order else -one.products, one.label)


def _closest(word: str, known: set[str]) -> str:
    if len(word) < SHORTEST:
        return word
    near = [one for one in known if abs(len(one) - len(word)) <= 2 and (one[0] == word[0] or one[1:2] == word[1:2])]  # noqa: PLR2004 - two letters more or less
    return next(iter(get_close_matches(word, near, n=1, cutoff=0.75)), word)


__all__ = ["FACETS", "Explorer", "FacetCount", "Filters"]
