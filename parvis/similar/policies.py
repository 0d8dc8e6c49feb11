"""Who may say that two services meet the same need."""

from typing import TYPE_CHECKING, Any

from parvis.portfolio.policies import can_edit_product, can_see_product

if TYPE_CHECKING:
    from parvis.portfolio.models import Product
    from parvis.similar.models import Listing

# A user of the directory, or Django's anonymous user, or nobody.
Viewer = Any


def can_judge(by: Viewer, product: "Product", other: "Product | Listing | None" = None) -> bool:
    """Say whether `by` may confirm or refuse the pair: either team, their incubators' managers, operators."""
    from parvis.portfolio.models import Product

    if not can_see_product(by, product):
        return False
    if isinstance(other, Product):
        return can_see_product(by, other) and (can_edit_product(by, product) or can_edit_product(by, other))
    return can_edit_product(by, product)
