"""Changes of the portfolio as an Atom feed (RFC 4287): what was decided, and what changed on which page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.opendata import addresses
from parvis.portfolio.models import Decision, PhaseName, Product, Revision
from parvis.portfolio.queries.changes import changes_of

SIZE = 60
CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot hold (XML 1.0, section 2.2)."""
_UNREAD = ("product__search_text", "product__description", "product__lessons", "product__lessons_en")
_PRIVATE = frozenset({"contact", "contact_dinum", "contact_incubator", "created_by", "group"})
"""Fields whose values are addresses or people: their changes are nobody's news."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece of news."""

    id: str
    product: Product
    at: datetime
    title: str
    text: str


def entries(products: QuerySet[Product]) -> list[Entry]:
    """Return the latest news of some products, the newest first."""
    ids = products.order_by().values("pk")
    decisions = (
        Decision.objects.filter(product__in=ids)
        .select_related("product")
        .defer(*_UNREAD)
        .order_by("-decided_at", "-id")
    )
    revisions = (
        Revision.objects.filter(product__in=ids).select_related("product").defer(*_UNREAD).order_by("-at", "-id")
    )
    news = [*map(_decided, decisions[:SIZE]), *filter(None, map(_changed, revisions[:SIZE]))]
    return sorted(news, key=lambda entry: entry.at, reverse=True)[:SIZE]


def _decided(decision: Decision) -> Entry:
    kind = Decision.Kind(decision.kind).label
    phase = PhaseName(decision.to_phase).label if decision.to_phase else ""
    told = _("%(decision)s: %(phase)s") % {"decision": kind, "phase": phase} if phase else str(kind)
    title = _("%(product)s – %(news)s") % {"product": decision.product.name, "news": told}
    return Entry(f"urn:uuid:{decision.pk}", decision.product, decision.decided_at, title, decision.reasons)


def _changed(revision: Revision) -> Entry | None:
    public = {name: pair for name, pair in _pairs(revision.changes) if name not in _PRIVATE}
    told = changes_of(public)
    if not told:
        return None
    labels = ", ".join(change.label for change in told)
    news = _("changed: %(fields)s") % {"fields": labels}
    title = _("%(product)s – %(news)s") % {"product": revision.product.name, "news": news}
    text = "\n".join(
        _("%(field)s: %(before)s → %(after)s")
        % {"field": change.label, "before": change.before or "–", "after": change.after or "–"}
        for change in told
        if not change.is_long
    )
    return Entry(f"urn:uuid:{revision.pk}", revision.product, revision.at, title, text)


def _pairs(changes: Any) -> Iterable[tuple[str, Any]]:
    return changes.items() if isinstance(changes, dict) else ()


class _Feed(Atom1Feed):
    """A feed that without news is as old as the products, and not as young as each request."""

    def __init__(self, *args: Any, since: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._since = since

    def latest_post_date(self) -> datetime:
        """Return the day of the latest news."""
        return super().latest_post_date() if self.items else self._since


def feed(products: QuerySet[Product], *, title: str, page: str, address: str) -> str:
    """Return the feed of some products; `page` is where people read the same, `address` the feed's own."""
    news = entries(products)
    since = products.aggregate(newest=Max("updated_at"))["newest"] or timezone.now()
    language = get_language() or "fr"
    document = _Feed(
        title=_CONTROL.sub("", title), link=page, description="", feed_url=address, language=language, since=since
    )
    for entry in news:
        link = addresses.product_page(entry.product)
        document.add_item(
            title=_CONTROL.sub("", entry.title),
            link=link,
            description=_CONTROL.sub("", entry.text),
            unique_id=entry.id,
            pubdate=entry.at,
            updateddate=entry.at,
        )
    stream = StringIO()
    document.write(stream, "utf-8")
    return stream.getvalue()
