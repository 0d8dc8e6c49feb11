"""Looking behind the addresses that products publish: a few at a time, politely, each once a week."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from parvis.lib import safe_fetch
from parvis.portfolio.models import LinkCheck, Product
from parvis.portfolio.queries.transparency import ITEMS

FIELDS = tuple(item.url_field for item in ITEMS if item.url_field)
BATCH = 10
AGAIN_AFTER = timedelta(days=7)
AFTER_FAILURE = timedelta(days=1)
"""A link that did not answer is looked at again the next day: only then is it called broken."""
MOVED, WRONG, SLOW_DOWN = 300, 400, 429
BARRED = frozenset({401, 403, 405, 406, SLOW_DOWN})
"""Answers to a machine that say nothing about what people see."""

Result = LinkCheck.Result


class Link(NamedTuple):
    """An address to look at."""

    product_id: UUID
    field: str
    url: str


def look_at_links(limit: int = BATCH) -> int:
    """Look at the links whose turn has come; return how many. No transaction is held while another site answers."""
    links = due_links(limit)
    for link in links:
        keep_result(link, *look_at(link.url))
    return len(links)


def due_links(limit: int) -> list[Link]:
    """Return links never looked at or changed since, then those looked at long ago; one a site at a time."""
    found: dict[str, Link] = {}
    for link in _candidates(limit):
        host = link.url.split("/")[2] if link.url.count("/") > 1 else link.url
        found.setdefault(host, link)
        if len(found) == limit:
            break
    return list(found.values())


def _candidates(limit: int) -> Iterable[Link]:
    listed = Product.objects.listed().order_by()
    for field in FIELDS:
        checks = LinkCheck.objects.filter(field=field)
        new = listed.exclude(**{field: ""}).exclude(pk__in=checks.values("product"))
        yield from (Link(pk, field, url) for pk, url in new.values_list("pk", field)[:limit])
        changed = checks.exclude(url=F(f"product__{field}")).exclude(**{f"product__{field}": ""})
        rows = changed.values_list("product_id", f"product__{field}")
        yield from (Link(pk, field, url) for pk, url in rows[:limit])
    now = timezone.now()
    old = LinkCheck.objects.filter(checked_at__lt=now - AGAIN_AFTER) | LinkCheck.objects.filter(
        failures__gt=0, checked_at__lt=now - AFTER_FAILURE
    )
    for check in old.order_by("checked_at").select_related("product")[: limit * 2]:
        if url := getattr(check.product, check.field, ""):
            yield Link(check.product_id, check.field, url)
        else:
            check.delete()


def look_at(url: str) -> tuple[str, int | None]:
    """Return what is found behind an address, and the status that it answered with."""
    if not safe_fetch.is_askable(url):
        return Result.REFUSED, None
    try:
        status = safe_fetch.look(url)
    except safe_fetch.FetchError:
        return Result.BROKEN, None
    if status in BARRED:
        return Result.FINE, status
    if status >= WRONG:
        return Result.BROKEN, status
    return (Result.MOVED if status >= MOVED else Result.FINE), status


def keep_result(link: Link, result: str, status: int | None) -> LinkCheck:
    """Keep what was found, with its day; failures in a row are counted."""
    known = LinkCheck.objects.filter(product=link.product_id, field=link.field).first()
    before = known.failures if known is not None and known.url == link.url else 0
    failures = before + 1 if result == Result.BROKEN else 0
    check, _is_new = LinkCheck.objects.update_or_create(
        product_id=link.product_id,
        field=link.field,
        defaults={
            "url": link.url,
            "result": result,
            "status": status,
            "checked_at": timezone.now(),
            "failures": failures,
        },
    )
    return check
