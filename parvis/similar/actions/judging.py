"""A person's word on a pair: it is kept, it counts at once, and a refusal teaches."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.portfolio.models import Product
from parvis.similar.actions.indexing import learnt_trust, renew_neighbours
from parvis.similar.models import Judgement, LexiconRecord, Listing, Neighbour, Verdict
from parvis.similar.models.judgement import JudgementQuerySet
from parvis.similar.queries import lexicon

_TAGS = {Verdict.CONFIRM: Tag.SIMILAR_CONFIRMED, Verdict.REFUSE: Tag.SIMILAR_REFUSED}


class CannotJudgeError(ValueError):
    """The pair is no pair: a product beside itself."""


@transaction.atomic
def judge(*, by: User, product: Product, other: Product | Listing, verdict: Verdict, reason: str = "") -> Judgement:
    """Keep what a person says of a pair, in place of what they said before."""
    if other == product:
        raise CannotJudgeError("A product cannot be judged beside itself.")
    Product.objects.select_for_update().get(pk=product.pk)
    judgement = _said(by, product, other).first() or _pair(by, product, other)
    judgement.verdict, judgement.reason, judgement.at = verdict, reason, timezone.now()
    judgement.terms = judgement.terms or _terms(product, other)
    judgement.save()
    journal.record(tag=_TAGS[verdict], by=by, target=product, beside=str(other.pk), name=other.name, reason=reason)
    _learn(product)
    return judgement


@transaction.atomic
def withdraw(*, by: User, product: Product, other: Product | Listing) -> bool:
    """Take back what the person said of a pair; return whether they had said anything."""
    Product.objects.select_for_update().get(pk=product.pk)
    number, _ = _said(by, product, other).delete()
    if number:
        journal.record(tag=Tag.SIMILAR_WITHDRAWN, by=by, target=product, beside=str(other.pk), name=other.name)
        _learn(product)
    return bool(number)


def _said(by: User, product: Product, other: Product | Listing) -> JudgementQuerySet:
    mine = Judgement.objects.filter(by=by)
    if isinstance(other, Listing):
        return mine.filter(product=product, service=other)
    return mine.filter(Q(product=product, other=other) | Q(product=other, other=product))


def _pair(by: User, product: Product, other: Product | Listing) -> Judgement:
    if isinstance(other, Listing):
        return Judgement(by=by, product=product, service=other)
    return Judgement(by=by, product=product, other=other)


def _terms(product: Product, other: Product | Listing) -> list[str]:
    """Return what brought the two together, seen from either side."""
    field = "other__service" if isinstance(other, Listing) else "other__product"
    sides = Q(product=product, **{field: other})
    if isinstance(other, Product):
        sides |= Q(product=other, other__product=product)
    found = Neighbour.objects.filter(sides).values_list("reasons", flat=True).first()
    return list(found.get("terms", [])) if found else []


def _learn(product: Product) -> None:
    """Let the words said count for this product at once; the others follow at the next rebuild."""
    found = lexicon.current()
    if found is None:
        return
    taught = learnt_trust()
    LexiconRecord.objects.filter(pk=1).update(trust=taught)
    renew_neighbours(product, found[0], taught)
