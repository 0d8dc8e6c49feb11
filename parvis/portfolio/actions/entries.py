"""What the data never held: rows that teams add to their product, one by one or from a file."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import User
from parvis.portfolio.actions.history import lock, remember
from parvis.portfolio.exceptions import PortfolioError
from parvis.portfolio.models import (
    BudgetLine,
    Deployment,
    HandOff,
    HandOffItem,
    HandOffSignal,
    Indicator,
    Measure,
    Operator,
    Product,
)

Entry: TypeAlias = Deployment | Indicator | Measure | BudgetLine | HandOffSignal | Operator
NAMES: dict[type[models.Model], str] = {
    Deployment: "deployments",
    Indicator: "indicators",
    Measure: "measures",
    BudgetLine: "budget",
    HandOffSignal: "signals",
    Operator: "operators",
}
_HIDDEN = {"id", "product", "hand_off", "indicator_id", "created_by", "created_at", "position"}


@transaction.atomic
def save_entry(*, by: User, product: Product, entry: Entry) -> Entry:
    """Add or change one row; the page's history tells it."""
    product = lock(product)
    is_new = entry._state.adding  # noqa: SLF001 - Django's own way to know
    before = None if is_new else _told(type(entry)._default_manager.get(pk=entry.pk))  # noqa: SLF001 - any of six models
    _save(by, [entry])
    after = _told(entry)
    if before != after:
        remember(by=by, product=product, changes={NAMES[type(entry)]: (before, after)})
    return entry


@transaction.atomic
def add_entries(*, by: User, product: Product, entries: Sequence[Entry]) -> int:
    """Add the rows of a file: all of them or none."""
    product = lock(product)
    _save(by, entries)
    if entries:
        told = [_told(entry) for entry in entries]
        remember(by=by, product=product, changes={NAMES[type(entries[0])]: (None, told)}, rows=len(entries))
    return len(entries)


@transaction.atomic
def remove_entry(*, by: User, product: Product, entry: Entry) -> None:
    """Remove one row; what it said stays in the history."""
    product = lock(product)
    told = _told(entry)
    entry.delete()
    remember(by=by, product=product, changes={NAMES[type(entry)]: (told, None)})


def _save(by: User, entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry._state.adding and hasattr(entry, "created_by_id"):  # noqa: SLF001 - Django's own way to know
            entry.created_by = by  # type: ignore[union-attr] # asked just before
        try:
            with transaction.atomic():
                entry.save()
        except IntegrityError as error:
            raise PortfolioError(_("Two rows say the same thing: “%(row)s”.") % {"row": _told(entry)}) from error


def _told(entry: models.Model) -> str:
    """Return a row in a line, for the history: its values in the order of its columns."""
    parts = []
    for field in entry._meta.concrete_fields:
        value = getattr(entry, field.name)
        if field.name in _HIDDEN or value is None or value == "" or isinstance(value, bool):
            continue
        parts.append(_spoken(value, getattr(entry, f"get_{field.name}_display", None)))
    return ", ".join(parts)


def _spoken(value: Any, display: Any) -> str:
    if display is not None:
        return str(display())
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


# --- Hand-off --------------------------------------------------------------------------------------------------------
NOT_NEEDED: dict[str, set[str]] = {
    HandOff.Path.INTEGRATED.value: set(),
    HandOff.Path.MAINTENANCE.value: {HandOffItem.Item.GOVERNANCE.value, HandOffItem.Item.PRODUCT_LEAD.value},
    HandOff.Path.LEGAL_BODY.value: {HandOffItem.Item.SPONSOR_LETTER.value},
}
"""What each path can do without; a team may still ask for it."""


@transaction.atomic
def save_hand_off(*, by: User, product: Product, fields: dict[str, Any]) -> HandOff:
    """Begin the hand-off of a product, or change its path, its operator, its dates."""
    product = lock(product)
    hand_off = HandOff.objects.filter(product=product).first() or HandOff(product=product)
    before = _told(hand_off) if not hand_off._state.adding else None  # noqa: SLF001 - Django's own way to know
    path = hand_off.path
    for name, value in fields.items():
        setattr(hand_off, name, value)
    hand_off.full_clean(exclude=["id"])
    hand_off.save()
    spared = NOT_NEEDED[hand_off.path]
    known = set(hand_off.items.values_list("item", flat=True))
    HandOffItem.objects.bulk_create(
        HandOffItem(hand_off=hand_off, item=item, is_needed=item not in spared)
        for item in HandOffItem.Item.values
        if item not in known
    )
    if path != hand_off.path:
        hand_off.items.filter(item__in=spared, done_on__isnull=True).update(is_needed=False)
        hand_off.items.exclude(item__in=spared).update(is_needed=True)
    if before != (after := _told(hand_off)):
        remember(by=by, product=product, changes={"hand-off": (before, after)})
    return hand_off


@transaction.atomic
def save_hand_off_item(*, by: User, product: Product, item: HandOffItem) -> HandOffItem:
    """Say that a thing is done, by what evidence, and who sees to it."""
    product = lock(product)
    before = _told(HandOffItem.objects.get(pk=item.pk))
    item.save()
    if before != (after := _told(item)):
        remember(by=by, product=product, changes={"hand-off": (before, after)})
    return item
