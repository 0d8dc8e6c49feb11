"""One page of a list, and the cursors that lead to the others.

Lists page by keyset. Products in an order that no index gives (by words found, by days in a phase) page by place, under
the same opaque cursors.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from parvis.api.lists import LONG_TEXTS, List
from parvis.lib import base64url
from parvis.lib.paging import InvalidCursorError, paginate
from parvis.opendata import sheets
from parvis.portfolio.policies import Viewer
from parvis.portfolio.queries.explore import Explorer
from parvis.portfolio.queries.filters import Filters

MAX_SIZE = 200
MAX_PLACE = 1_000_000
_PLACE = "p:"
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as told, and the cursor of the next page, empty when this is the last."""

    items: list[dict[str, Any]]
    after: str


def read(one: List, viewer: Viewer, filters: Filters, cursor: str, size: int) -> Page:
    """Return a page of a list. Raises InvalidCursorError."""
    if one.name == "products" and filters.order not in {"name", "updated"}:
        return _by_place(one, viewer, filters, cursor, size)
    order = ("-updated_at", "id") if one.name == "products" and filters.order == "updated" else one.order
    page = paginate(one.read(viewer, filters), order=order, cursor=cursor or None, size=size)
    return Page(one.tell(page.items, viewer), page.after)


def table(one: List, viewer: Viewer, filters: Filters) -> str:
    """Return the whole list as CSV, told some rows at a time: databases bound how many values a statement may name."""
    rows = list(one.read(viewer, filters).order_by(*one.order))
    header = list(one.row.model_fields)
    told = (row for start in range(0, len(rows), _CHUNK) for row in one.tell(rows[start : start + _CHUNK], viewer))
    return sheets.table(header, ([row[name] for name in header] for row in told))


def _by_place(one: List, viewer: Viewer, filters: Filters, cursor: str, size: int) -> Page:
    start = _place(cursor) if cursor else 0
    found = Explorer(viewer, filters).products().defer(*LONG_TEXTS)
    rows = list(found[start : start + size + 1])
    after = _cursor(start + size) if len(rows) > size else ""
    return Page(one.tell(rows[:size], viewer), after)


def _cursor(place: int) -> str:
    return base64url.encode(f"{_PLACE}{place}".encode())


def _place(cursor: str) -> int:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error) as error:
        raise InvalidCursorError from error
    digits = text.removeprefix(_PLACE)
    if not text.startswith(_PLACE) or not (digits.isascii() and digits.isdigit()) or int(digits[:8]) > MAX_PLACE:
        raise InvalidCursorError
    return int(digits[:8])
