"""Keyset paging: a page starts after the last row of the one before, found by an index, however far it is.

The cursor holds the sort values of that row. It is opaque and checked, and only ever used as bound parameters.
"""

import base64
import binascii
import datetime as dt
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Field, Model, Q, QuerySet

from parvis.lib import base64url

Row = TypeVar("Row", bound=Model)
MAX_CURSOR = 2000
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""What JSON can write and no database keeps: NUL, and halves of characters."""


class InvalidCursorError(ValueError):
    """The cursor was not made by us for this list."""


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """Some rows, with the cursors of the pages before and after (empty when there is none)."""

    items: list[Row]
    before: str = ""
    after: str = ""

    def __iter__(self) -> Iterator[Row]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def paginate(
    queryset: QuerySet[Row],
    *,
    order: Sequence[str] = ("sort_key", "id"),
    cursor: str | None = None,
    before: str | None = None,
    size: int = 50,
) -> KeysetPage[Row]:
    """Return one page of the queryset: after `cursor`, or before `before`, or the first.

    `order` names fields without nulls, `-field` for descending, and ends with a unique one. Raises InvalidCursorError.
    """
    backwards = bool(before) and not cursor
    given = (before if backwards else cursor) or ""
    ordered = [_flip(name) for name in order] if backwards else list(order)
    rows = queryset.order_by(*ordered)
    if given:
        rows = rows.filter(_beyond(ordered, _decode(given, queryset.model, order)))
    found = list(rows[: size + 1])
    has_more = len(found) > size
    items = found[:size]
    if backwards:
        items.reverse()
    if not items:
        return KeysetPage([])
    has_before, has_after = (has_more, True) if backwards else (bool(given), has_more)
    return KeysetPage(
        items,
        before=_encode(items[0], order) if has_before else "",
        after=_encode(items[-1], order) if has_after else "",
    )


def page_of(
    queryset: QuerySet[Row], query: Any, *, order: Sequence[str] = ("sort_key", "id"), size: int = 50
) -> KeysetPage[Row]:
    """Return the page that the address asks for with `after` or `before`; the first one when a cursor is not ours."""
    try:
        return paginate(queryset, order=order, cursor=query.get("after"), before=query.get("before"), size=size)
    except InvalidCursorError:
        return paginate(queryset, order=order, size=size)


def page_of_keys(
    keys: list[tuple[Any, ...]],
    query: Any,
    model: type[Row],
    fetch: Callable[[list[Any]], Iterable[Row]],
    *,
    order: Sequence[str] = ("sort_key", "id"),
    size: int = 50,
) -> KeysetPage[Row]:
    """Return the page that the address asks for among a few sort keys, all known; `fetch` gives the rows of some ids.

    For a search that found little: its keys were read without an order, which leaves the database every index.
    """
    ordered = sorted(keys)
    try:
        after = tuple(_decode(query["after"], model, order)) if query.get("after") else None
        before = tuple(_decode(query["before"], model, order)) if query.get("before") and not after else None
    except InvalidCursorError:
        after = before = None
    if before is not None:
        end = bisect_left(ordered, before)
        start = max(0, end - size)
    else:
        start = bisect_right(ordered, after) if after is not None else 0
        end = min(len(ordered), start + size)
    rows = {row.pk: row for row in fetch([key[-1] for key in ordered[start:end]])}
    items = [rows[key[-1]] for key in ordered[start:end] if key[-1] in rows]
    if not items:
        return KeysetPage([])
    return KeysetPage(
        items,
        before=_encode(items[0], order) if start > 0 else "",
        after=_encode(items[-1], order) if end < len(ordered) else "",
    )


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], values: Sequence[object]) -> Q:
    """Return the rows after these values: (a > x) or (a = x and b > y)..., led by a bound that an index can use."""
    condition = Q()
    for position, name in enumerate(order):
        step = Q(**{_comparison(name): values[position]})
        for earlier, value in zip(order[:position], values, strict=False):
            step &= Q(**{earlier.lstrip("-"): value})
        condition |= step
    return Q(**{f"{_comparison(order[0])}e": values[0]}) & condition


def _comparison(name: str) -> str:
    return f"{name[1:]}__lt" if name.startswith("-") else f"{name}__gt"


def _encode(row: Model, order: Sequence[str]) -> str:
    values = [_plain(getattr(row, name.lstrip("-"))) for name in order]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return base64url.encode(text.encode())


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _decode(cursor: str, model: type[Model], order: Sequence[str]) -> list[object]:
    """Return the sort values, each cleaned by the field it belongs to. Raises InvalidCursorError."""
    if len(cursor) > MAX_CURSOR:
        raise InvalidCursorError
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise InvalidCursorError from error
    if not isinstance(values, list) or len(values) != len(order):
        raise InvalidCursorError
    return [_clean(model._meta.get_field(name.lstrip("-")), value) for name, value in zip(order, values, strict=True)]


def _clean(field: Any, value: object) -> object:
    if not isinstance(field, Field) or not isinstance(value, str | int) or isinstance(value, bool):
        raise InvalidCursorError
    if isinstance(value, str) and _NO_TEXT.search(value):
        raise InvalidCursorError
    try:
        return field.to_python(value)
    except Exception as error:
        raise InvalidCursorError from error
