"""Reminders, each given once: a committee is near, people leave soon, a page has not been confirmed for a year."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.directory.models import User
from parvis.lib.urls import absolute
from parvis.portfolio.actions.notices import incubator_managers, send, team_members, tell_committee
from parvis.portfolio.models import ACTIVE, Committee, MissionProduct, Mute, Notice, Product

BEFORE_COMMITTEE = timedelta(days=7)
BEFORE_END = timedelta(days=30)
STALE_AFTER = timedelta(days=365)
KEPT = timedelta(days=800)
BATCH = 200


def remind(today: date | None = None) -> dict[str, int]:
    """Give every reminder that is due; return how many occasions there were of each kind."""
    day = today or timezone.localdate()
    Notice.objects.filter(given_at__lt=timezone.now() - KEPT).delete()
    return {
        "committees": remind_of_committees(day),
        "departures": remind_of_departures(day),
        "stale": remind_of_stale_pages(day),
    }


@transaction.atomic
def remind_of_committees(day: date) -> int:
    """Tell those concerned, a week before."""
    near = Committee.objects.filter(reminded_at__isnull=True, on__gte=day, on__lte=day + BEFORE_COMMITTEE)
    due = list(near.select_for_update(skip_locked=True, of=("self",)).select_related("incubator")[:BATCH])
    for committee in due:
        people = {person.pk: person for product in committee.products.all() for person in team_members(product)}
        people |= {person.pk: person for person in _managers_of(committee)}
        tell_committee(committee=committee, people=people.values())
        Committee.objects.filter(pk=committee.pk).update(reminded_at=timezone.now())
    return len(due)


def _managers_of(committee: Committee) -> list[User]:
    memberships = committee.incubator.group.memberships.current() if committee.incubator.group else None
    if memberships is None:
        return []
    ids = memberships.filter(role="manager", user__state=User.State.ACTIVE).values("user")
    return list(User.objects.filter(pk__in=ids))


def remind_of_departures(day: date) -> int:
    """Tell teams and their incubators who leaves within a month on paper, unless a later mission follows."""
    limit = day + BEFORE_END
    active = Product.objects.listed().filter(current_phase__in=ACTIVE)
    links = MissionProduct.objects.filter(product__in=active.values("pk"), mission__user__state=User.State.ACTIVE)
    last: dict[tuple[UUID, UUID], date] = {}
    ending = links.filter(mission__end_on__gte=day, mission__end_on__lte=limit).values("product", "mission__user")
    users = {row["mission__user"] for row in ending}
    products = {row["product"] for row in ending}
    rows = links.filter(product__in=products, mission__user__in=users, mission__start_on__lte=limit)
    for product_id, user_id, end in rows.values_list("product_id", "mission__user_id", "mission__end_on"):
        key = (product_id, user_id)
        last[key] = max(last.get(key, date.min), end or date.max)
    leaving: dict[UUID, list[tuple[UUID, date]]] = {}
    for (product_id, user_id), end in last.items():
        if day <= end <= limit:
            leaving.setdefault(product_id, []).append((user_id, end))
    return sum(_tell_departures(product_id, leavers) for product_id, leavers in sorted(leaving.items()))


@transaction.atomic
def _tell_departures(product_id: UUID, leavers: list[tuple[UUID, date]]) -> int:
    new = [(user, end) for user, end in leavers if _is_first(f"departure:{product_id}:{user}:{end}")]
    if not new:
        return 0
    product = Product.objects.select_related("group").get(pk=product_id)
    people = User.objects.in_bulk([user for user, _end in new])
    named = sorted(((people[user], end) for user, end in new), key=lambda pair: (pair[1], pair[0].sort_key))
    readers = {person.pk: person for person in [*team_members(product), *incubator_managers(product)]}
    url = absolute("portfolio:product-detail", product.key)
    context: dict[str, object] = {"product": product, "leavers": named, "url": f"{url}#team"}
    send(readers.values(), "departures", context, kind=Mute.Kind.DEPARTURES)
    return 1


def remind_of_stale_pages(day: date) -> int:
    """Ask the teams of active products whether a page that nobody confirmed for a year is still true, once a year."""
    limit = timezone.now() - STALE_AFTER
    listed = Product.objects.listed().filter(current_phase__in=ACTIVE, group__isnull=False)
    stale = listed.annotate(seen_at=Coalesce("confirmed_at", "updated_at")).filter(Q(seen_at__lt=limit)).order_by("pk")
    return sum(_ask_for_truth(product, day) for product in stale.select_related("group").defer("search_text"))


@transaction.atomic
def _ask_for_truth(product: Product, day: date) -> int:
    if not _is_first(f"stale:{product.pk}:{day.year}"):
        return 0
    context: dict[str, object] = {"product": product, "url": absolute("portfolio:product-detail", product.key)}
    readers: Iterable[User] = team_members(product) or incubator_managers(product)
    send(readers, "stale_page", context, kind=Mute.Kind.STALE_PAGES)
    return 1


def _is_first(key: str) -> bool:
    """Remember an occasion; say whether it was not known yet. Two workers at once: the constraint decides."""
    if Notice.objects.filter(key=key).exists():
        return False
    try:
        with transaction.atomic():
            Notice.objects.create(key=key)
    except IntegrityError:
        return False
    return True
