"""Changing the page of a product: what its team says at once, and what its incubators answer for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory.models import Organization, User
from parvis.lib.text import fold, one_line
from parvis.portfolio.actions import decisions
from parvis.portfolio.actions.history import lock, remember
from parvis.portfolio.actions.notices import tell_review_answered, tell_review_asked
from parvis.portfolio.exceptions import AlreadyAnsweredError, PortfolioError
from parvis.portfolio.models import (
    STOPPED,
    Decision,
    Incubator,
    PhaseName,
    Product,
    ProductIncubator,
    ProductTerm,
    Review,
    Sponsorship,
    Term,
)

EDITABLE = frozenset({
    "name", "mission", "description", "contact", "website", "repository", "has_stats", "stats_url", "budget_url",
    "impact_url", "dashlord_url", "accessibility_status", "has_risk_analysis", "risk_analysis_url",
    "uses_mon_service_securise", "problem_original", "problem_en", "solution_original", "solution_en", "lessons",
    "lessons_en", "original_language",
})  # fmt: skip
TERMS = {"themes": Term.Kind.THEME, "users": Term.Kind.USER_TYPE, "technologies": Term.Kind.TECHNOLOGY}
REVIEWED = ("incubators", "sponsors", "phase")
"""What waits for an incubator's answer when a team asks for it."""


@transaction.atomic
def edit_product(
    *, by: User, product: Product, fields: Mapping[str, Any], terms: Mapping[str, Iterable[Term]] | None = None
) -> Product:
    """Change fields of the page and the words that describe it; the history tells each of them."""
    if unknown := fields.keys() - EDITABLE:
        raise TypeError(f"not editable here: {unknown}")
    product = lock(product)
    changes: dict[str, tuple[object, object]] = {}
    for name, value in fields.items():
        if (before := getattr(product, name)) != value:
            setattr(product, name, value)
            changes[name] = (before, value)
    for name, chosen in (terms or {}).items():
        if change := _set_terms(product, TERMS[name], list(chosen)):
            changes[name] = change
    if changes:
        product.full_clean(exclude=["key"])
        product.save()
        remember(by=by, product=product, changes=changes)
    return product


@transaction.atomic
def confirm_page(*, by: User, product: Product) -> None:
    """Say that the page is still true, without changing it."""
    now = timezone.now()
    Product.objects.filter(pk=product.pk).update(confirmed_at=now)
    record(tag=Tag.PRODUCT_EDITED, by=by, target=product, fields=[], confirmed=True)


def _set_terms(product: Product, kind: str, chosen: Sequence[Term]) -> tuple[object, object] | None:
    links = list(product.term_links.filter(term__kind=kind).select_related("term"))
    before = [link.term for link in links]
    if [term.pk for term in before] == [term.pk for term in chosen]:
        return None
    kept = {link.term_id: link for link in links}
    product.term_links.filter(term__kind=kind).exclude(term__in=chosen).delete()
    for position, term in enumerate(chosen):
        if (link := kept.get(term.pk)) is None:
            ProductTerm.objects.create(product=product, term=term, position=position, raw=term.key)
        elif link.position != position:
            ProductTerm.objects.filter(pk=link.pk).update(position=position)
    return [term.label_fr for term in before], [term.label_fr for term in chosen]


def technology_terms(names: Iterable[str]) -> list[Term]:
    """Return the terms of technologies that people typed; what nobody named before becomes a term."""
    known = {fold(term.key): term for term in Term.objects.filter(kind=Term.Kind.TECHNOLOGY)}
    found: dict[str, Term] = {}
    for name in map(one_line, names):
        word = fold(name) or name
        if name and word not in found:
            found[word] = (
                known.get(word)
                or Term.objects.get_or_create(
                    kind=Term.Kind.TECHNOLOGY, key=name[:200], defaults={"label_fr": name[:200]}
                )[0]
            )
    return list(found.values())


# --- What matters ----------------------------------------------------------------------------------------------------
def current_value(product: Product, field: str) -> list[str] | str:
    """Return the keys of what a reviewed field holds today."""
    if field == "phase":
        last = decisions.last_phase(product)
        return last.name if last else ""
    if field == "incubators":
        links = product.incubator_links.filter(incubator__isnull=False).order_by("-is_main", "position")
        return list(links.values_list("incubator__key", flat=True))
    return list(
        product.sponsorships.filter(organization__isnull=False).values_list("organization__slug", flat=True).distinct()
    )


@transaction.atomic
def ask_review(*, by: User, product: Product, field: str, proposed: list[str] | str, reason: str) -> Review:
    """Ask the incubators for a change of what matters. One request a field waits at a time."""
    product = lock(product)
    if field not in REVIEWED:
        raise TypeError(f"not reviewed: {field}")
    current = current_value(product, field)
    if current == proposed:
        raise PortfolioError(_("Nothing changes: choose something else, or go back."))
    if product.reviews.filter(field=field, state=Review.State.OPEN).exists():
        raise PortfolioError(_("A change of this waits already: withdraw it first."))
    review = Review.objects.create(
        product=product, field=field, current=current, proposed=proposed, reason=reason.strip(), asked_by=by
    )
    record(tag=Tag.REVIEW_ASKED, by=by, target=product, field=field)
    tell_review_asked(review=review)
    return review


@transaction.atomic
def answer_review(*, by: User, review: Review, accepts: bool, answer: str) -> Review:
    """Accept or refuse what a team asked for; a refusal says why. What is accepted happens at once."""
    review = _open(review)
    if not accepts and not answer.strip():
        raise PortfolioError(_("Say why you refuse: the team reads it."))
    review.state = Review.State.ACCEPTED if accepts else Review.State.REFUSED
    review.answered_by, review.answered_at, review.answer = by, timezone.now(), answer.strip()
    review.save()
    if accepts:
        if review.field == "phase":
            _move(by, review)
        else:
            set_links(by=by, product=review.product, field=review.field, keys=list(review.proposed or []))
    record(tag=Tag.REVIEW_ANSWERED, by=by, target=review.product, field=review.field, state=review.state)
    tell_review_answered(review=review)
    return review


@transaction.atomic
def withdraw_review(*, by: User, review: Review) -> Review:
    """Take a request back."""
    review = _open(review)
    review.state, review.answered_at = Review.State.WITHDRAWN, timezone.now()
    review.save()
    record(tag=Tag.REVIEW_ANSWERED, by=by, target=review.product, field=review.field, state=review.state)
    return review


def _open(review: Review) -> Review:
    """Return the request, locked, while it waits. Raises AlreadyAnsweredError."""
    locked = Review.objects.select_for_update().select_related("product").get(pk=review.pk)
    if locked.state != Review.State.OPEN:
        raise AlreadyAnsweredError(_("This request has been answered already."))
    return locked


def _move(by: User, review: Review) -> None:
    """Turn an accepted change of phase into the decision that it is."""
    phase = str(review.proposed)
    kind = Decision.Kind.STOP if phase in STOPPED else Decision.Kind.MOVE
    reasons = "\n\n".join(filter(None, [review.reason, review.answer])) or str(PhaseName(phase).label)
    decisions.decide(by=by, product=review.product, kind=kind, to_phase=phase, on=timezone.localdate(), reasons=reasons)


@transaction.atomic
def set_links(*, by: User, product: Product, field: str, keys: Sequence[str]) -> None:
    """Set the incubators (the first is the main one) or the sponsors of a product, by their keys."""
    product = lock(product)
    before = current_value(product, field)
    if before == list(keys):
        return
    if field == "incubators":
        _set_incubators(product, keys)
    else:
        _set_sponsors(product, keys)
    remember(by=by, product=product, changes={field: (before, list(keys))})


def _set_incubators(product: Product, keys: Sequence[str]) -> None:
    if not keys:
        raise PortfolioError(_("A product belongs to one incubator at least."))
    found = Incubator.objects.in_bulk(keys, field_name="key")
    product.incubator_links.all().delete()
    for position, key in enumerate(key for key in keys if key in found):
        ProductIncubator.objects.create(
            product=product, incubator=found[key], raw_key=key, position=position, is_main=not position
        )
    main = found.get(keys[0])
    if main is not None and main.group_id and product.group_id and product.group:
        # The incubator that looks after the product looks after its team.
        product.group.parent_id = main.group_id
        product.group.save(update_fields=["parent"])


def _set_sponsors(product: Product, keys: Sequence[str]) -> None:
    found = Organization.objects.in_bulk(keys, field_name="slug")
    product.sponsorships.all().delete()
    for position, key in enumerate(key for key in keys if key in found):
        Sponsorship.objects.create(product=product, organization=found[key], raw_key=key, position=position)
