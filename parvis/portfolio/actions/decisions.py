"""Deciding: the only way in which a product enters the portfolio or moves from phase to phase."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.portfolio.actions.history import lock, remember
from parvis.portfolio.actions.notices import tell_decided
from parvis.portfolio.exceptions import PortfolioError, TransitionError
from parvis.portfolio.models import STOPPED, Committee, Decision, Incubator, Phase, PhaseName, Product
from parvis.portfolio.models.phase import ALLOWED

Kind = Decision.Kind
AHEAD = timedelta(days=730)
"""How far ahead a decision may take effect."""


def last_phase(product: Product) -> Phase | None:
    """Return the last phase of the timeline, even when it has not begun: decisions follow one another."""
    return product.phases.full().last()


def possible_phases(product: Product) -> list[PhaseName]:
    """Return where a decision may lead from where the product stands, in the order of the method."""
    last = last_phase(product)
    return [name for name in PhaseName if name in ALLOWED[last.name if last else ""]]


@transaction.atomic
def decide(
    *,
    by: User | None,
    product: Product,
    kind: str,
    on: date,
    reasons: str,
    to_phase: str = "",
    committee: Committee | None = None,
    incubator: Incubator | None = None,
) -> Decision:
    """Record a decision and what follows from it: the state of a proposal, a phase that begins.

    Raises TransitionError for a step that the method does not know, PortfolioError for a day that cannot be.
    """
    product = lock(product)
    last = last_phase(product)
    before = last.name if last else ""
    after = _target(product, kind, before, to_phase)
    _refuse_day(on, last if after != before else None)
    decision = Decision(
        product=product,
        kind=kind,
        on=on,
        reasons=reasons.strip(),
        from_phase=before,
        to_phase=after,
        committee=committee,
        incubator=incubator or (committee.incubator if committee else None),
        by=by,
    )
    decision.full_clean(exclude=["id"])
    decision.save(force_insert=True)
    changes: dict[str, tuple[object, object]] = _answered(product, kind)
    if after != before:
        _begin(decision)
        changes["phase"] = (before, after)
    remember(by=by, product=product, changes=changes or {"decision": ("", kind)}, tag=Tag.DECISION_RECORDED, kind=kind)
    tell_decided(decision=decision, by=by)
    return decision


def _target(product: Product, kind: str, before: str, to_phase: str) -> str:
    """Return the phase that the decision leads to; the same one when it leads nowhere else."""
    is_proposal = product.state == Product.State.PROPOSED
    if is_proposal != (kind in {Kind.ACCEPT, Kind.DECLINE}):
        raise PortfolioError(
            _("A proposal is accepted or declined.") if is_proposal else _("Only a proposal is accepted or declined.")
        )
    if kind == Kind.ACCEPT:
        return PhaseName.INVESTIGATION
    if kind in {Kind.DECLINE, Kind.STAY}:
        return before
    if kind == Kind.STOP:
        to_phase = PhaseName.INVESTIGATION_STOPPED if before == PhaseName.INVESTIGATION else PhaseName.STOPPED
    elif kind != Kind.MOVE or to_phase in STOPPED:
        raise TransitionError(_("To end a product, choose “Stop”."))
    if to_phase not in ALLOWED[before]:
        raise TransitionError(_("There is no such step from the phase in which the product is."))
    return to_phase


def _refuse_day(on: date, last: Phase | None) -> None:
    if on > timezone.localdate() + AHEAD:
        raise PortfolioError(_("Choose a day within the next two years."))
    if last is not None and last.start_on is not None and on < last.start_on:
        raise PortfolioError(
            _("This day comes before the start of the phase in which the product is. Correct that decision instead.")
        )


def _answered(product: Product, kind: str) -> dict[str, tuple[object, object]]:
    """Move a proposal to its next state."""
    states = {Kind.ACCEPT: Product.State.LISTED, Kind.DECLINE: Product.State.DECLINED}
    if kind not in states:
        return {}
    before, product.state = product.state, states[Kind(kind)]
    product.save(update_fields=["state"])
    return {"state": (before, product.state)}


def _begin(decision: Decision) -> None:
    """Begin the phase that the decision leads to, and let the product follow if its day has come."""
    product = decision.product
    position = 1 + max(product.phases.values_list("position", flat=True), default=-1)
    Phase.objects.create(
        product=product,
        name=decision.to_phase,
        raw_name=decision.to_phase,
        start_on=decision.on,
        position=position,
        decision=decision,
    )
    Product.objects.filter(pk=product.pk).refresh_phases()


@transaction.atomic
def correct_decision(*, by: User, decision: Decision, on: date, reasons: str, to_phase: str = "") -> Decision:
    """Put a decision right by another one that says why; the phase that it began is changed, and both stay visible.

    Without `to_phase` the decision is undone: what it began never was. A correction may be corrected in its turn.
    """
    product = lock(decision.product)
    wrong = Decision.objects.select_related("product").get(pk=decision.pk)
    if Decision.objects.filter(correction_of=wrong).exists():
        raise PortfolioError(_("This decision has been corrected already: correct the correction."))
    phase = Phase.objects.filter(decision=wrong).first()
    if phase is None:
        raise PortfolioError(_("This decision began no phase: record another decision."))
    before = {"phase": phase.name, "start": str(phase.start_on)}
    _refuse_day(on, None)
    _refuse_order(product, phase, on, to_phase)
    correction = Decision(
        product=product,
        kind=Kind.CORRECTION,
        on=on,
        reasons=reasons.strip(),
        from_phase=wrong.from_phase,
        to_phase=to_phase,
        committee=wrong.committee,
        incubator=wrong.incubator,
        by=by,
        correction_of=wrong,
    )
    correction.full_clean(exclude=["id"])
    correction.save(force_insert=True)
    if to_phase:
        phase.name, phase.raw_name, phase.start_on, phase.decision = to_phase, to_phase, on, correction
        phase.save()
    else:
        phase.delete()
    Product.objects.filter(pk=product.pk).refresh_phases()
    after = {"phase": to_phase, "start": str(on)} if to_phase else ""
    remember(by=by, product=product, changes={"phase": (before, after)}, tag=Tag.DECISION_CORRECTED)
    tell_decided(decision=correction, by=by)
    return correction


def _refuse_order(product: Product, phase: Phase, on: date, to_phase: str) -> None:
    """Refuse a correction that would put the phase on the other side of a neighbour, or make an impossible step."""
    phases = [one for one in product.phases.full() if one.start_on is not None]
    place = next(index for index, one in enumerate(phases) if one.pk == phase.pk)
    earlier = phases[place - 1] if place else None
    later = phases[place + 1] if place + 1 < len(phases) else None
    if to_phase and to_phase not in ALLOWED[earlier.name if earlier else ""]:
        raise TransitionError(_("There is no such step from the phase before."))
    if to_phase and ((earlier and on < earlier.start_on) or (later and on > later.start_on)):  # type: ignore[operator] # both have a start
        raise PortfolioError(_("This day does not lie between the phase before and the phase after."))
    if not to_phase and later is not None:
        raise PortfolioError(_("A later decision builds on this one: correct that one first."))
