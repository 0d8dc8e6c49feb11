"""Proposing an investigation: a product that is not of the portfolio yet."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from parvis.audit.tags import Tag
from parvis.directory.actions.groups import create_group
from parvis.directory.models import Group, User
from parvis.lib.ids import uuid7
from parvis.portfolio.actions.history import remember
from parvis.portfolio.actions.notices import tell_proposed
from parvis.portfolio.exceptions import PortfolioError
from parvis.portfolio.models import Incubator, Product, ProductIncubator
from parvis.portfolio.models.keys import free_key

RESERVED = {"new"}


@transaction.atomic
def propose_product(
    *,
    by: User,
    name: str,
    mission: str,
    problem: str,
    solution: str,
    language: str,
    incubator: Incubator,
    id: UUID | None = None,  # noqa: A002 - the column's own name
) -> Product:
    """Propose an investigation to an incubator; whoever proposes looks after its team.

    A form gives the `id` that it was drawn with, so that sending it twice proposes once.
    """
    if id is not None and (existing := Product.objects.filter(pk=id).first()):
        return existing
    taken = RESERVED | set(Product.objects.filter(key__startswith=free_key(name, ())).values_list("key", flat=True))
    product = Product(
        pk=id or uuid7(),
        key=free_key(name, taken),
        name=name,
        mission=mission,
        problem_original=problem,
        solution_original=solution,
        original_language=language,
        state=Product.State.PROPOSED,
        created_by=by,
    )
    product.full_clean()
    try:
        with transaction.atomic():
            product.save(force_insert=True)
    except IntegrityError as error:
        raise PortfolioError(_("Somebody has just proposed a product of that name: send the form again.")) from error
    product.group = create_group(
        by=by,
        name=product.name,
        kind=Group.Kind.TEAM,
        parent=incubator.group,
        with_me=True,
        description=product.mission,
    )
    product.save(update_fields=["group"])
    ProductIncubator.objects.create(product=product, incubator=incubator, raw_key=incubator.key, is_main=True)
    remember(by=by, product=product, changes={"state": ("", product.state)}, tag=Tag.PRODUCT_PROPOSED)
    tell_proposed(product=product, by=by)
    return product


@transaction.atomic
def withdraw_proposal(*, by: User, product: Product) -> Product:
    """Take a proposal back; it stays readable for those who knew it."""
    locked = Product.objects.select_for_update().get(pk=product.pk)
    if locked.state != Product.State.PROPOSED:
        raise PortfolioError(_("This proposal has been answered already."))
    locked.state = Product.State.WITHDRAWN
    locked.save(update_fields=["state"])
    remember(by=by, product=locked, changes={"state": (Product.State.PROPOSED, Product.State.WITHDRAWN)})
    return locked
