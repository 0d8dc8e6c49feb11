"""Whether anything public has changed: one statement over row counts, newest rows and latest changes."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import Count, Value
from django.utils import timezone

from parvis import __version__
from parvis.directory.models import Organization, User
from parvis.portfolio.models import (
    BudgetLine,
    Committee,
    Deployment,
    Event,
    Funding,
    HandOff,
    HandOffItem,
    Incubator,
    Indicator,
    Measure,
    Mission,
    MissionProduct,
    PersonCard,
    Phase,
    Product,
    ProductIncubator,
    ProductTerm,
    Revision,
    SourceFile,
    Sponsorship,
)

_CHANGED: dict[type[models.Model], str] = {
    Product: "updated_at",
    Incubator: "updated_at",
    PersonCard: "updated_at",
    Committee: "updated_at",
    Organization: "updated_at",
    User: "updated_at",
    SourceFile: "imported_at",
}
"""Tables whose rows say when they changed."""
_REPLACED: list[type[models.Model]] = [
    Phase, Event, Funding, Mission, MissionProduct, ProductIncubator, ProductTerm, Sponsorship, Revision, Deployment,
    Indicator, Measure, BudgetLine, HandOff, HandOffItem,
]  # fmt: skip
"""Tables whose rows come and go; a change inside one of them moves its product's `updated_at`."""


_SHOWN: dict[type[models.Model], models.Q] = {
    PersonCard: models.Q(hide_from_public=False),
    Incubator: models.Q(is_hidden=False),
    User: models.Q(state=User.State.ACTIVE, card_audience=User.Audience.NETWORK),
    Product: models.Q(state=Product.State.LISTED),
}
"""What makes a row public: who hides must be gone from every copy, even if a writer forgot to say that it changed."""


_of_request: ContextVar[str] = ContextVar("opendata_stamp", default="")


@contextmanager
def one_stamp() -> Iterator[str]:
    """Ask once for a whole request, and let all that it reads be of that moment."""
    token = _of_request.set(_stamp())
    try:
        yield _of_request.get()
    finally:
        _of_request.reset(token)


def stamp() -> str:
    """Return what changes when anything that we publish may have changed: the data, the day, or the software."""
    return _of_request.get() or _stamp()


def _stamp() -> str:
    seen = [__version__, timezone.localdate().isoformat(), *(str(value) for value in _state())]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:24]


def _state() -> tuple[Any, ...]:
    """Return how many rows each table has and its newest one or its last change, with one statement."""
    sql, values = _statement(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return tuple(cursor.fetchone() or ())


@lru_cache(maxsize=4)
def _statement(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Return the statement as the database wants it; writing it costs more than running it."""
    columns: dict[str, Any] = {}
    for model in (*_CHANGED, *_REPLACED):
        name = model._meta.model_name or ""
        rows: Any = model.objects.order_by()  # type: ignore[attr-defined] # every model of ours has `objects`
        columns[f"{name}_count"] = _number(rows)
        if model in _SHOWN:
            columns[f"{name}_shown"] = _number(rows.filter(_SHOWN[model]))
        moved = _CHANGED.get(model, "pk")
        columns[f"{name}_newest"] = models.Subquery(rows.order_by(f"-{moved}").values(moved)[:1])
    # Any table that always has a row would do: the columns depend on none.
    anchor = ContentType.objects.order_by("pk").annotate(**columns).values_list(*columns)[:1]
    sql, values = anchor.query.sql_with_params()
    return sql, tuple(values)


def _number(rows: Any) -> models.Subquery:
    """Return how many rows there are, by `COUNT(*)`, which reads the smallest index."""
    return models.Subquery(rows.annotate(all=Value(1)).values("all").annotate(n=Count("*")).values("n"))
