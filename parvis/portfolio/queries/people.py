"""What a person works on and worked on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from parvis.directory.models import User
from parvis.portfolio.models import MissionProduct, Product
from parvis.portfolio.policies import Viewer
from parvis.portfolio.queries.product_page import merged


@dataclass(frozen=True, slots=True)
class Work:
    """A product and when the person was in its team."""

    product: Product
    stays: Sequence[tuple[date, date | None]]

    @property
    def last_day(self) -> date | None:
        """Return the last day announced; none when no end is."""
        ends = [end for _start, end in self.stays]
        return None if None in ends else max(end for end in ends if end)

    @property
    def is_current(self) -> bool:
        """Say whether the person is in the team today."""
        today = timezone.localdate()
        return any(start <= today and (end is None or end >= today) for start, end in self.stays)


def work_of(person: User, viewer: Viewer) -> list[Work]:
    """Return the products of a person that the viewer may see: by missions, and by places in their teams."""
    stays: dict[UUID, list[tuple[date, date | None]]] = {}
    links = MissionProduct.objects.filter(mission__user=person, product__isnull=False)
    for product_id, start, end in links.values_list("product_id", "mission__start_on", "mission__end_on"):
        if start is not None:
            stays.setdefault(product_id, []).append((start, end))
    places = person.memberships.filter(group__product__isnull=False).order_by()
    for product_id, start, end in places.values_list("group__product__pk", "starts_on", "ends_on"):
        known = stays.setdefault(product_id, [])
        if not any(first <= start and (last is None or last >= start) for first, last in known):
            known.append((start, end))
    products = Product.objects.visible_to(viewer).filter(pk__in=list(stays)).defer("search_text", "description")
    works = [Work(product, merged(stays[product.pk])) for product in products]
    return sorted(works, key=lambda work: (not work.is_current, -(work.last_day or date.max).toordinal()))
