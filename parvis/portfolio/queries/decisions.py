"""What those in charge must look at: what is stale, fragile, overdue, or has nobody; each with why, in words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.portfolio.models import Incubator, PhaseName, Product
from parvis.portfolio.policies import Viewer
from parvis.portfolio.queries.census import Census, Standing
from parvis.portfolio.statistics.phases import STALE_AFTER_DAYS
from parvis.web.charts import wording

UNTOUCHED_DAYS: Final = 365
LONG_INVESTIGATION_DAYS: Final = 270
LONG_WITHOUT_COMMITTEE_DAYS: Final = 365
MONTH: Final = 30.44
MONTHS_IN_TWO_YEARS: Final = 24

GROUPS: Final[dict[str, str | Promise]] = {
    "overdue": gettext_lazy("Overdue"),
    "orphaned": gettext_lazy("Orphaned"),
    "fragile": gettext_lazy("Fragile"),
    "stale": gettext_lazy("Stale"),
}
EXPLAINED: Final[dict[str, str | Promise]] = {
    "overdue": gettext_lazy(
        "A committee is over and nothing was recorded, or a product has gone on for long without one looking at it."
    ),
    "orphaned": gettext_lazy("Active products that nobody works on, that no organisation backs, or without incubator."),
    "fragile": gettext_lazy(
        "Teams that rest on one person, lack a trade, or whose people all leave within 90 days. The ends are those of "
        "contracts, which are usually renewed."
    ),
    "stale": gettext_lazy(
        "Products that have been in one phase for more than three years, or whose page nobody has edited for a year."
    ),
}


class Finding(NamedTuple):
    """One reason to look at a product."""

    group: str
    kind: str
    why: str


class Concern(NamedTuple):
    """A product with all the reasons to look at it."""

    standing: Standing
    findings: list[Finding]
    was_asked: bool = False


def findings(standing: Standing, today: date) -> list[Finding]:
    """Return why a product needs a look, in the reader's language."""
    found = [*_overdue(standing, today), *_orphaned(standing), *_fragile(standing), *_stale(standing, today)]
    return [Finding(*one) for one in found]


def _duration(days: int) -> str:
    months = round(days / MONTH)
    if months < MONTHS_IN_TWO_YEARS:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    years = int(days / 365.25)
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


def _overdue(one: Standing, today: date) -> Iterable[tuple[str, str, str]]:
    days = one.days(today)
    if one.undecided:
        day = wording.day(one.undecided)
        yield "overdue", "undecided", _("The committee of %(day)s is over and no decision is recorded") % {"day": day}
    if one.phase == PhaseName.INVESTIGATION and days > LONG_INVESTIGATION_DAYS:
        words = _("Under investigation for %(time)s; most take less than six months")
        yield "overdue", "investigation", words % {"time": _duration(days)}
    unseen = one.looked_at is None or one.looked_at < one.since
    if one.phase == PhaseName.CONSTRUCTION and days > LONG_WITHOUT_COMMITTEE_DAYS and unseen:
        words = _("In construction for %(time)s and no committee is recorded since")
        yield "overdue", "unseen", words % {"time": _duration(days)}


def _orphaned(one: Standing) -> Iterable[tuple[str, str, str]]:
    if not one.team:
        yield "orphaned", "nobody", _("Nobody has a mission on it today")
    if not one.sponsors and one.phase != PhaseName.INVESTIGATION:
        yield "orphaned", "sponsor", _("No organisation backs it")
    if not one.incubators:
        yield "orphaned", "incubator", _("It is in no incubator")


def _fragile(one: Standing) -> Iterable[tuple[str, str, str]]:
    if not one.team:
        return
    if one.all_leave and one.last_end:
        words = ngettext(
            "Its only person leaves by %(day)s, on paper",
            "All of its %(n)s people leave by %(day)s, on paper",
            one.team,
        )
        yield "fragile", "leaving", words % {"n": one.team, "day": wording.day(one.last_end)}
    if one.phase != PhaseName.INVESTIGATION and not one.developers:
        yield "fragile", "developer", _("Nobody in the team is a developer")
    if one.phase != PhaseName.INVESTIGATION and one.developers == 1:
        yield "fragile", "one-developer", _("One developer only: everything rests on one person")
    if not one.intrapreneurs:
        yield "fragile", "intrapreneur", _("No intrapreneur: nobody from the administration carries it")


def _stale(one: Standing, today: date) -> Iterable[tuple[str, str, str]]:
    days, untouched = one.days(today), (today - one.touched_on).days
    if days > STALE_AFTER_DAYS:
        words = {"phase": PhaseName(one.phase).label, "time": _duration(days), "day": wording.day(one.since)}
        yield "stale", "phase", _("%(phase)s for %(time)s, since %(day)s") % words
    if untouched > UNTOUCHED_DAYS:
        yield "stale", "page", _("Its page was last edited %(time)s ago") % {"time": _duration(untouched)}


def concerns(census: Census, viewer: Viewer, *, incubator: str = "") -> list[Concern]:
    """Return what the person is in charge of and must look at: most reasons first, then the longest in its phase."""
    mine = set(Incubator.objects.managed_by(viewer).values_list("key", flat=True))
    if incubator:
        mine &= {incubator}
    sees_all = bool(getattr(viewer, "is_staff", False)) and not incubator
    rows = [one for one in census.standings if sees_all or mine & set(one.incubators)]
    found = [Concern(one, reasons) for one in rows if (reasons := findings(one, census.as_of))]
    return sorted(found, key=lambda concern: (-len(concern.findings), concern.standing.since, concern.standing.key))


def of_group(found: Sequence[Concern], group: str) -> list[Concern]:
    """Keep the reasons of one group, and the products that have any."""
    if not group:
        return list(found)
    kept = [(one.standing, [reason for reason in one.findings if reason.group == group]) for one in found]
    return [Concern(standing, reasons) for standing, reasons in kept if reasons]


def counts(found: Sequence[Concern]) -> dict[str, int]:
    """Return how many products each group concerns."""
    return {group: sum(any(one.group == group for one in concern.findings) for concern in found) for group in GROUPS}


def with_asked(found: Sequence[Concern]) -> list[Concern]:
    """Say for which products the owner was already asked today."""
    asked = asked_today([one.standing.id for one in found])
    return [one._replace(was_asked=one.standing.id in asked) for one in found]


def asked_today(products: Sequence[UUID]) -> set[UUID]:
    """Return the products whose owner has had a message today."""
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    kind = Product._meta.label_lower
    events = Event.objects.filter(tag=Tag.PRODUCT_OWNER_ASKED, at__gte=start, target_kind=kind)
    ids = events.filter(target_id__in=products).order_by().values_list("target_id", flat=True)
    return {pk for pk in ids if pk}


def named(keys: Sequence[str], names: Mapping[str, str]) -> str:
    """Return the names of the incubators that may be read."""
    return ", ".join(names[key] for key in keys if key in names)
