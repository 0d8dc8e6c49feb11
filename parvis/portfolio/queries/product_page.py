"""What the page of a product reads: each thing once, whatever there is of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Prefetch

from parvis.directory.models import GroupMembership, User
from parvis.portfolio import policies
from parvis.portfolio.models import (
    HandOff,
    Incubator,
    Indicator,
    LinkCheck,
    Measure,
    Mission,
    MissionProduct,
    Phase,
    Product,
    Review,
)
from parvis.portfolio.policies import Viewer
from parvis.portfolio.queries.transparency import ITEMS, Item

NEXT_DAY: Final = timedelta(days=1)
SOON: Final = 90
"""Days before the end of a mission at which it is told."""


# --- Where it stands -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Period:
    """A phase with the day on which the next one began, if any: sources' own ends are not to be trusted."""

    phase: Phase
    start: date
    end: date | None


def periods(product: Product) -> list[Period]:
    """Return the phases one after the other, those that have not begun included."""
    found: list[Period] = []
    for phase in product.phases.full():
        if phase.start_on is None:
            continue
        if found:
            found[-1] = replace(found[-1], end=phase.start_on)
        found.append(Period(phase, phase.start_on, None))
    return found


def named_incubators(product: Product, viewer: Viewer) -> list[Incubator]:
    """Return the incubators that the viewer may read the name of, the main one first."""
    seen = Incubator.objects.visible_to(viewer).filter(product_links__product=product)
    return list(seen.order_by("-product_links__is_main", "product_links__position"))


# --- Who makes it ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Teammate:
    """A person of the team, of today or before, and when they were there: overlapping missions are one stay."""

    person: User
    domain: str
    stays: Sequence[tuple[date, date | None]]

    @property
    def last_day(self) -> date | None:
        """Return the last day announced; none when no end is."""
        ends = [end for _start, end in self.stays]
        return None if None in ends else max(end for end in ends if end)

    def is_there(self, on: date) -> bool:
        """Say whether the person is in the team on a day."""
        return any(start <= on and (end is None or end >= on) for start, end in self.stays)

    def leaves_soon(self, on: date) -> bool:
        """Say whether the last day announced is near."""
        end = self.last_day
        return end is not None and 0 <= (end - on).days <= SOON


@dataclass(frozen=True, slots=True)
class Team:
    """The people of a product as far as the viewer may name them; the others are counted."""

    today: list[Teammate] = field(default_factory=list)
    coming: list[Teammate] = field(default_factory=list)
    before: list[Teammate] = field(default_factory=list)
    unnamed_today: int = 0
    unnamed_before: int = 0

    @property
    def size(self) -> int:
        """Return how many people there are today."""
        return len(self.today) + self.unnamed_today


def team_of(product: Product, viewer: Viewer, on: date) -> Team:
    """Return the team: by missions that name the product, and by places in its group that no mission explains."""
    stays: dict[UUID, list[tuple[date, date | None]]] = {}
    missions = Mission.objects.filter(pk__in=MissionProduct.objects.filter(product=product).values("mission"))
    for user_id, start, end in missions.order_by().values_list("user_id", "start_on", "end_on"):
        if start is not None:
            stays.setdefault(user_id, []).append((start, end))
    places = GroupMembership.objects.filter(group=product.group_id).order_by()
    for user_id, start, end in places.values_list("user_id", "starts_on", "ends_on"):
        if not any(_covers(stay, start) for stay in stays.get(user_id, [])):
            stays.setdefault(user_id, []).append((start, end))
    spans = {user_id: merged(rows) for user_id, rows in stays.items()}
    people = policies.visible_team_people(User.objects.filter(pk__in=list(spans)), viewer).select_related("card")
    team, named = Team(), set()
    for person in people.order_by("sort_key", "pk"):
        named.add(person.pk)
        card = getattr(person, "card", None)
        one = Teammate(person, card.domain if card else "", spans[person.pk])
        {"today": team.today, "coming": team.coming, "before": team.before}[_when(one.stays, on)].append(one)
    team.before.sort(key=lambda one: one.last_day or on, reverse=True)
    unnamed = [_when(rows, on) for user_id, rows in spans.items() if user_id not in named]
    return Team(team.today, team.coming, team.before, unnamed.count("today"), unnamed.count("before"))


def _covers(stay: tuple[date, date | None], day: date) -> bool:
    return stay[0] <= day and (stay[1] is None or stay[1] >= day)


def merged(stays: list[tuple[date, date | None]]) -> list[tuple[date, date | None]]:
    """Join stays that overlap or follow one another: two part-times, or a contract renewed, are one presence."""
    found: list[tuple[date, date | None]] = []
    for start, end in sorted(stays, key=lambda stay: (stay[0], stay[1] or date.max)):
        if found and (found[-1][1] is None or start <= found[-1][1] + NEXT_DAY):
            first, last = found.pop()
            found.append((first, None if last is None or end is None else max(last, end)))
        else:
            found.append((start, end))
    return found


def _when(stays: Sequence[tuple[date, date | None]], on: date) -> str:
    if any(_covers(stay, on) for stay in stays):
        return "today"
    return "coming" if any(start > on for start, _end in stays) else "before"


# --- What it changes, and what it shows ------------------------------------------------------------------------------
def indicators_of(product: Product) -> list[Indicator]:
    """Return the indicators with their measures, with two queries."""
    return list(product.indicators.prefetch_related(Prefetch("measures", queryset=Measure.objects.order_by("on"))))


@dataclass(frozen=True, slots=True)
class Shown:
    """An item of transparency: whether it is there, where, and what the last look at its address found."""

    item: Item
    is_published: bool
    url: str
    check: LinkCheck | None

    @property
    def is_broken(self) -> bool:
        """Say whether the address did not answer, twice at least: one failure may be a bad day."""
        return self.check is not None and self.check.result == LinkCheck.Result.BROKEN and self.check.failures > 1


def transparency_of(product: Product) -> list[Shown]:
    """Return the nine items; what was found behind an address that has changed since says nothing."""
    checks = {check.field: check for check in product.link_checks.all()}
    shown = []
    for item in ITEMS:
        url = item.url(product)
        check = checks.get(item.url_field)
        shown.append(Shown(item, item.reads(product), url, check if check and check.url == url else None))
    return shown


def hand_off_of(product: Product) -> HandOff | None:
    """Return the hand-off with its items, if one was begun."""
    found = HandOff.objects.filter(product=product).select_related("operator").prefetch_related("items__owner")
    return found.first()


def open_reviews(product: Product) -> list[Review]:
    """Return what waits for an answer of the product's incubators."""
    return list(product.reviews.filter(state=Review.State.OPEN).select_related("asked_by"))
