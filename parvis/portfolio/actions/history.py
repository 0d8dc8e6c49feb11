"""What every change of a product leaves: a revision that all may read, a line of the journal, a fresh date."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.portfolio.models import Product, Revision

Changes = Mapping[str, tuple[object, object]]


def lock(product: Product) -> Product:
    """Return the product read anew, for one change at a time."""
    return Product.objects.select_for_update().get(pk=product.pk)


def remember(
    *, by: User | None, product: Product, changes: Changes, tag: Tag = Tag.PRODUCT_EDITED, **data: Any
) -> None:
    """Write the revision and the journal; the page counts as confirmed by who changes it."""
    if not changes:
        return
    now = timezone.now()
    told = {name: [plain(before), plain(after)] for name, (before, after) in changes.items()}
    Revision.objects.create(product=product, by=by, changes=told, at=now)
    Product.objects.filter(pk=product.pk).update(updated_at=now, confirmed_at=now)
    product.updated_at = product.confirmed_at = now
    record(tag=tag, by=by, target=product, fields=sorted(changes), **data)


def plain(value: object) -> object:
    """Return a value as JSON keeps it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return str(value)
