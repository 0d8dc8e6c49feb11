"""Recording decisions, asking for them, answering requests."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.directory.models import Organization
from parvis.portfolio import policies
from parvis.portfolio.actions import decisions, pages
from parvis.portfolio.forms.life import AnswerForm, CorrectionForm, DecisionForm, PhaseRequestForm
from parvis.portfolio.models import Decision, Incubator, PhaseName, Product, Review
from parvis.portfolio.views.fetching import (
    done_or_told,
    edited_product,
    refuse_unless,
    reviewed_product,
    sent,
    signed_in,
)

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def decision_create(request: HttpRequest, key: str) -> HttpResponseBase:
    """Record what was decided about a product, with the reasons."""
    product, by = reviewed_product(request, key), signed_in(request)
    form = DecisionForm(sent(request), product=product)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        if done_or_told(form, lambda: decisions.decide(by=by, product=product, **data)):
            messages.success(request, _("The decision has been recorded. The team and the incubator have been told."))
            return redirect(product)
    context = {
        "form": form,
        "product": product,
        "title": _("Record a decision"),
        "lead": _("Everyone can read the decision and its reasons on the page of the product."),
        "submit": _("Record the decision"),
    }
    return render(request, "portfolio/form.html", context)


@require_http_methods(METHODS)
def decision_correct(request: HttpRequest, key: str, pk: UUID) -> HttpResponseBase:
    """Put a decision right by another one."""
    product, by = reviewed_product(request, key), signed_in(request)
    decision = get_object_or_404(Decision.objects.select_related("product"), pk=pk, product=product)
    initial = {"to_phase": decision.to_phase, "on": decision.on}
    form = CorrectionForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        if done_or_told(form, lambda: decisions.correct_decision(by=by, decision=decision, **data)):
            messages.success(request, _("The correction has been recorded; both decisions stay visible."))
            return redirect(product)
    context = {
        "form": form,
        "product": product,
        "title": _("Correct a decision"),
        "lead": _("Nothing is erased: the first decision stays visible beside its correction."),
        "submit": _("Record the correction"),
    }
    return render(request, "portfolio/form.html", context)


@require_http_methods(METHODS)
def review_phase(request: HttpRequest, key: str) -> HttpResponseBase:
    """Ask the incubator for another phase."""
    product, by = edited_product(request, key), signed_in(request)
    form = PhaseRequestForm(sent(request), product=product)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        asked = {"field": "phase", "proposed": data["to_phase"], "reason": data["reason"]}
        if done_or_told(form, lambda: pages.ask_review(by=by, product=product, **asked)):
            messages.success(request, _("Your request has been sent to the incubator."))
            return redirect(product)
    context = {
        "form": form,
        "product": product,
        "title": _("Ask for another phase"),
        "lead": _("Phases move by decisions of the incubator: say why the time has come."),
        "submit": _("Send the request"),
    }
    return render(request, "portfolio/form.html", context)


def _review_of(request: HttpRequest, pk: UUID) -> Review:
    """Return a request about a product whose page the viewer may change; for others it does not exist."""
    editable = Product.objects.editable_by(signed_in(request)).values("pk")
    found = Review.objects.select_related("product", "asked_by", "answered_by")
    return get_object_or_404(found.filter(product__in=editable), pk=pk)


@require_safe
def review_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a request with what it would change."""
    review = _review_of(request, pk)
    return _review_page(request, review, AnswerForm())


def _review_page(request: HttpRequest, review: Review, form: AnswerForm) -> HttpResponse:
    is_open = review.state == Review.State.OPEN
    context = {
        "review": review,
        "product": review.product,
        "current": _names(review.field, review.current),
        "proposed": _names(review.field, review.proposed),
        "form": form,
        "may_answer": is_open and policies.can_review_product(request.user, review.product),
        "is_open": is_open,
    }
    return render(request, "portfolio/review_detail.html", context)


def _names(field: str, value: object) -> list[str]:
    """Return what the keys of a request are called."""
    if field == "phase":
        return [str(PhaseName(str(value)).label)] if value in PhaseName.values else []
    keys = [str(key) for key in value] if isinstance(value, list) else []
    if field == "incubators":
        known = dict(Incubator.objects.filter(key__in=keys).values_list("key", "name"))
    else:
        known = dict(Organization.objects.filter(slug__in=keys).values_list("slug", "name"))
    return [known.get(key, key) for key in keys]


@require_POST
def review_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept or refuse a request."""
    review, by = _review_of(request, pk), signed_in(request)
    allowed = policies.can_review_product(by, review.product)
    refuse_unless(allowed, _("Only those who look after its incubators may do this."))
    form = AnswerForm(request.POST)
    accepts = request.POST.get("accepts") == "yes"
    if form.is_valid():
        answer = form.cleaned_data["answer"]
        if done_or_told(form, lambda: pages.answer_review(by=by, review=review, accepts=accepts, answer=answer)):
            messages.success(request, _("Your answer has been sent to the team."))
            return redirect(review.product)
    return _review_page(request, review, form)


@require_POST
def review_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a request back."""
    review = _review_of(request, pk)
    form = AnswerForm({})
    if done_or_told(form, lambda: pages.withdraw_review(by=signed_in(request), review=review)):
        messages.success(request, _("The request has been taken back."))
        return redirect(review.product)
    return _review_page(request, review, form)
