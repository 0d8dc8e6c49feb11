"""What the statistics read: whole tables in a few queries, folded once into the shapes that the definitions name.

TIMELINE, CURRENT, ACTIVE, STOPPED, FULL, MISSION and TEAM have the meaning of the network's rules: a phase's end is
never used, ties of one day go by rank, and both ends of a mission are included. Everything is read when first asked
for, so that a page that shows three figures costs what those three read.
"""

from collections import defaultdict
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from parvis.directory.models import GroupMembership
from parvis.portfolio.models import (
    ACTIVE,
    STOPPED,
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
from parvis.portfolio.models.phase import NOT_STARTED
from parvis.portfolio.statistics.rows import (
    FileRow,
    IncubatorRow,
    MissionRow,
    PhaseRow,
    ProductRow,
    Stage,
    Stint,
    TermRow,
)


class Facts:
    """The portfolio as of a day, or the part of it that some products make."""

    def __init__(self, as_of: date, products: Any = None) -> None:
        self.as_of = as_of
        self._listed = Product.objects.listed()
        self._wanted = None if products is None else products.values("pk")
        if self._wanted is not None:
            self._listed = self._listed.filter(pk__in=self._wanted)

    def _about_products(self, rows: Any, path: str = "product") -> Any:
        rows = rows.filter(**{f"{path}__state": Product.State.LISTED})
        return rows if self._wanted is None else rows.filter(**{f"{path}__in": self._wanted})

    # --- Products and their lives ---------------------------------------------------------------------------------
    @cached_property
    def products(self) -> dict[UUID, ProductRow]:
        """The products of the portfolio, by identifier, in the order of keys."""
        rows = self._listed.order_by("key").values_list(*ProductRow._fields)
        return {row[0]: ProductRow(*row) for row in rows}

    @cached_property
    def phases(self) -> dict[UUID, list[PhaseRow]]:
        """The phases of each product as listed."""
        found: dict[UUID, list[PhaseRow]] = {pk: [] for pk in self.products}
        rows = self._about_products(Phase.objects.all()).order_by("position", "id")
        for product, *columns in rows.values_list("product_id", *PhaseRow._fields):
            found[product].append(PhaseRow(*columns))
        return found

    @cached_property
    def full(self) -> dict[UUID, list[Stage]]:
        """FULL: all phases of each product, future ones too, in order of start then rank."""
        return {
            product: sorted(
                Stage(phase.start_on, phase.rank, position, phase.name)
                for position, phase in enumerate(phases)
                if phase.start_on and phase.rank
            )
            for product, phases in self.phases.items()
        }

    @cached_property
    def timeline(self) -> dict[UUID, list[Stage]]:
        """TIMELINE: the phases of each product that have begun."""
        return {
            product: [stage for stage in stages if stage.start <= self.as_of] for product, stages in self.full.items()
        }

    @cached_property
    def started(self) -> list[UUID]:
        """The products whose timeline is not empty."""
        return [product for product, stages in self.timeline.items() if stages]

    @cached_property
    def current(self) -> dict[UUID, str]:
        """CURRENT: the last phase of each timeline, else `not-started`."""
        return {product: stages[-1].name if stages else NOT_STARTED for product, stages in self.timeline.items()}

    @cached_property
    def active(self) -> list[UUID]:
        """ACTIVE: the products in one of the first five phases."""
        return [product for product, phase in self.current.items() if phase in ACTIVE]

    @cached_property
    def stopped(self) -> list[UUID]:
        """STOPPED: the products that ended."""
        return [product for product, phase in self.current.items() if phase in STOPPED]

    @cached_property
    def firsts(self) -> dict[UUID, dict[str, date]]:
        """The first start of each phase of each timeline."""
        return {
            product: {stage.name: stage.start for stage in reversed(stages)}
            for product, stages in self.timeline.items()
        }

    @cached_property
    def steps(self) -> list[tuple[Stage, Stage]]:
        """The consecutive pairs of all timelines."""
        return [pair for stages in self.timeline.values() for pair in pairwise(stages)]

    @cached_property
    def neighbours(self) -> list[tuple[PhaseRow, PhaseRow]]:
        """The consecutive pairs of all phases as listed."""
        return [pair for phases in self.phases.values() for pair in pairwise(phases)]

    @cached_property
    def events(self) -> list[tuple[UUID, str, date | None]]:
        """Every event: product, kind, day."""
        rows = self._about_products(Event.objects.order_by())
        return list(rows.values_list("product_id", "kind", "on"))

    @cached_property
    def national_impacts(self) -> dict[UUID, list[date]]:
        """The days on which a product was said to have national impact, future ones left out."""
        found: dict[UUID, list[date]] = defaultdict(list)
        for product, kind, on in self.events:
            if kind == Event.Kind.NATIONAL_IMPACT and on and on <= self.as_of:
                found[product].append(on)
        return found

    @cached_property
    def fundings(self) -> list[tuple[UUID, str, Any]]:
        """Money of the acceleration fund: product, promotion, amount."""
        rows = self._about_products(Funding.objects.filter(programme="fast").order_by())
        return list(rows.values_list("product_id", "promotion", "amount"))

    @cached_property
    def terms(self) -> list[TermRow]:
        """Every word that describes a product."""
        rows = self._about_products(ProductTerm.objects.order_by("position", "id"))
        columns = rows.values_list("product_id", "term__kind", "raw", "term__key", "term__is_standard")
        return [TermRow(product, kind, raw or key, key, std) for product, kind, raw, key, std in columns]

    def terms_of(self, kind: Term.Kind) -> list[TermRow]:
        """Return the words of one vocabulary."""
        return [term for term in self.terms if term.kind == kind]

    # --- Who backs and grows them ---------------------------------------------------------------------------------
    @cached_property
    def incubators(self) -> dict[str, IncubatorRow]:
        """Every incubator by key, in order."""
        rows = Incubator.objects.order_by("key").values_list("id", "key", "is_hidden", "owner_id", "owner_raw")
        return {key: IncubatorRow(pk, key, hidden, owner is not None, raw) for pk, key, hidden, owner, raw in rows}

    @cached_property
    def incubators_of(self) -> dict[UUID, list[str]]:
        """The keys of each product's incubators; one that does not exist bears the name that the source gave."""
        found: dict[UUID, list[str]] = {pk: [] for pk in self.products}
        rows = self._about_products(ProductIncubator.objects.order_by("position", "id"))
        for product, key, raw in rows.values_list("product_id", "incubator__key", "raw_key"):
            found[product].append(key or raw)
        return found

    @cached_property
    def sponsors(self) -> list[tuple[UUID, str, bool]]:
        """Every sponsorship: product, organisation as the source names it, whether it exists."""
        rows = self._about_products(Sponsorship.objects.order_by("position", "id"))
        columns = rows.values_list("product_id", "raw_key", "organization__slug")
        return [
            (product, raw.removeprefix("/organisations/") or slug or "", slug is not None)
            for product, raw, slug in columns
        ]

    # --- People ---------------------------------------------------------------------------------------------------
    @cached_property
    def domains(self) -> dict[UUID, str]:
        """The trade of everyone who has a card in the network."""
        return dict(PersonCard.objects.order_by().values_list("user_id", "domain"))

    @cached_property
    def missions(self) -> list[MissionRow]:
        """Every mission, in the order of each person's list; one without a start never begins."""
        rows = Mission.objects.order_by("position", "id")
        columns = rows.values_list("id", "user_id", "start_on", "end_on", "status", "employer")
        return [
            MissionRow(pk, user, start or date.max, end or date.max, *rest) for pk, user, start, end, *rest in columns
        ]

    @cached_property
    def missions_of(self) -> dict[UUID, list[MissionRow]]:
        """The missions of each person who has any."""
        found: dict[UUID, list[MissionRow]] = defaultdict(list)
        for mission in self.missions:
            found[mission.user].append(mission)
        return found

    @cached_property
    def mission_links(self) -> list[tuple[UUID, UUID | None, str]]:
        """Every product that a mission names: mission, product if it exists, name in the source."""
        rows = MissionProduct.objects.order_by().values_list("mission_id", "product_id", "raw_key")
        return list(rows)

    @cached_property
    def products_of_mission(self) -> dict[UUID, list[object]]:
        """What each mission names: products, and the names of those that do not exist."""
        found: dict[UUID, list[object]] = defaultdict(list)
        for mission, product, raw in self.mission_links:
            found[mission].append(product or raw)
        return found

    @cached_property
    def active_missions(self) -> list[MissionRow]:
        """The missions that hold on the day."""
        return [mission for mission in self.missions if mission.start <= self.as_of <= mission.end]

    @cached_property
    def active_people(self) -> set[UUID]:
        """The people who have such a mission."""
        return {mission.user for mission in self.active_missions}

    @cached_property
    def stints(self) -> dict[UUID, list[Stint]]:
        """Who was when on each product: by missions, and by places in its group that no mission explains."""
        missions = {mission.id: Stint(mission.user, mission.start, mission.end) for mission in self.missions}
        found: dict[UUID, list[Stint]] = defaultdict(list)
        for mission, product, _raw in self.mission_links:
            if product is not None and mission in missions:
                found[product].append(missions[mission])
        for product, user, start, end in self._places_without_mission():
            found[product].append(Stint(user, start, end or date.max))
        return found

    def _places_without_mission(self) -> Any:
        """Return the places that teams made here gave, an import having none of them: it places people by missions."""
        explained = MissionProduct.objects.filter(product__group=OuterRef("group"), mission__user=OuterRef("user"))
        rows = GroupMembership.objects.filter(~Exists(explained), Q(group__product__state=Product.State.LISTED))
        return rows.order_by().values_list("group__product", "user_id", "starts_on", "ends_on")

    def people_on(self, product: UUID, day: date) -> set[UUID]:
        """Return the people of a product's team on a day."""
        return {stint.user for stint in self.stints.get(product, ()) if stint.holds(day)}

    @cached_property
    def teams(self) -> dict[UUID, set[UUID]]:
        """TEAM: the people of each product on the day."""
        return {product: self.people_on(product, self.as_of) for product in self.products}

    # --- The source ------------------------------------------------------------------------------------------------
    @cached_property
    def files(self) -> list[FileRow]:
        """The files of the last import."""
        return [FileRow(*row) for row in SourceFile.objects.order_by().values_list(*FileRow._fields)]

    def files_of(self, collection: str) -> list[FileRow]:
        """Return the files of one folder."""
        return [file for file in self.files if file.collection == collection]
