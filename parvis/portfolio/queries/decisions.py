"""What those in charge must look at: what is stale, fragile, overdue, or has nobody; each with why, in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.policies import is_member
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
BUILT: Final = PhaseName.CONSTRUCTION.value

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


class Concern(NamedTuple):
    """A product with all the reasons to look at it."""

    standing: Standing
    findings: Sequence[Finding]
    was_asked: bool = False

    def reasons(self, today: date) -> list[tuple[Finding, str]]:
        """Return the reasons with their words."""
        return [(one, why(self.standing, one.kind, today)) for one in self.findings]


@lru_cache(maxsize=8192)
def findings(one: Standing, today: date) -> tuple[Finding, ...]:
    """Return why a product needs a look: cheap, since it is asked for every active product."""
    is_asked = one.phase != PhaseName.INVESTIGATION
    days = one.days(today)
    unseen = one.looked_at is None or one.looked_at < one.since
    checks = (
        ("overdue", "undecided", one.undecided is not None),
        ("overdue", "investigation", not is_asked and days > LONG_INVESTIGATION_DAYS),
        ("overdue", "unseen", one.phase == BUILT and days > LONG_WITHOUT_COMMITTEE_DAYS and unseen),
        ("orphaned", "nobody", not one.team),
        ("orphaned", "sponsor", is_asked and not one.sponsors),
        ("orphaned", "incubator", not one.incubators),
        ("fragile", "leaving", one.all_leave),
        ("fragile", "developer", one.team > 0 and is_asked and not one.developers),
        ("fragile", "one-developer", is_asked and one.developers == 1),
        ("fragile", "intrapreneur", one.team > 0 and not one.intrapreneurs),
        ("stale", "phase", days > STALE_AFTER_DAYS),
        ("stale", "page", (today - one.touched_on).days > UNTOUCHED_DAYS),
    )
    return tuple([Finding(group, kind) for group, kind, holds in checks if holds])


PLAIN: Final[dict[str, str | Promise]] = {
    "nobody": gettext_lazy("Nobody has a mission on it today"),
    "sponsor": gettext_lazy("No organisation backs it"),
    "incubator": gettext_lazy("It is in no incubator"),
    "developer": gettext_lazy("Nobody in the team is a developer"),
    "one-developer": gettext_lazy("One developer only: everything rests on one person"),
    "intrapreneur": gettext_lazy("No intrapreneur: nobody from the administration carries it"),
    "undecided": gettext_lazy("The committee of %(undecided)s is over and no decision is recorded"),
    "investigation": gettext_lazy("Under investigation for %(time)s; most take less than six months"),
    "unseen": gettext_lazy("In construction for %(time)s and no committee is recorded since"),
    "phase": gettext_lazy("%(phase)s for %(time)s, since %(day)s"),
    "page": gettext_lazy("Its page was last edited %(untouched)s ago"),
}


def why(one: Standing, kind: str, today: date) -> str:
    """Return the words of a reason, in the reader's language."""
    if kind == "leaving":
        words = ngettext(
            "Its only person leaves by %(day)s, on paper",
            "All of its %(n)s people leave by %(day)s, on paper",
            one.team,
        )
        return words % {"n": one.team, "day": wording.day(one.last_end or today)}
    return str(PLAIN[kind]) % {
        "undecided": wording.day(one.undecided or today),
        "time": _duration(one.days(today)),
        "phase": PhaseName(one.phase).label,
        "day": wording.day(one.since),
        "untouched": _duration((today - one.touched_on).days),
    }


def _duration(days: int) -> str:
    months = round(days / MONTH)
    if months < MONTHS_IN_TWO_YEARS:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    years = int(days / 365.25)
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


def is_in_charge(viewer: Viewer) -> bool:
    """Say whether the viewer has something to decide: an incubator that they manage, or everything as an operator."""
    return is_member(viewer) and (viewer.is_staff or Incubator.objects.managed_by(viewer).exists())


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
