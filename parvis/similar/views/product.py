"""A product's similar services: all of them with reasons, and a person's word on each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.portfolio.models import Product
from parvis.similar import actions, policies
from parvis.similar.forms import JudgementForm
from parvis.similar.models import Listing, Verdict
from parvis.similar.queries.candidates import refused_of, similar_to

_IN_PANEL = 4
_ON_PAGE = 15


def panel(request: HttpRequest, product: Product) -> str:
    """Return the block of a product's page; nothing when nothing is near."""
    found = similar_to(product, request.user, _IN_PANEL)
    return render_to_string("similar/panel.html", {"found": found, "product": product}, request) if found else ""


@login_not_required
@require_safe
def product_similar(request: HttpRequest, key: str) -> HttpResponse:
    """Show the similar services of a product, why, and what people said."""
    product = get_object_or_404(Product.objects.visible_to(request.user), key=key)
    found = similar_to(product, request.user, _ON_PAGE)
    may_judge = policies.can_judge(request.user, product)
    refused = refused_of(product, request.user) if may_judge else []
    context = {"product": product, "found": found, "may_judge": may_judge, "refused": refused}
    return render(request, "similar/product_similar.html", context)


@require_POST
def product_judge(request: HttpRequest, key: str, kind: str, pk: UUID) -> HttpResponse:
    """Keep the person's word on a pair, or take it back."""
    product = get_object_or_404(Product.objects.visible_to(request.user), key=key)
    other = _other(request, kind, pk)
    if not policies.can_judge(request.user, product, other):
        raise PermissionDenied
    form = JudgementForm(request.POST)
    if form.is_valid():
        messages.success(request, _keep(request.user, product, other, **form.cleaned_data))
    else:
        messages.error(request, _("This was not understood: nothing was changed."))
    return redirect("similar:product-similar", key=product.key)


def _other(request: HttpRequest, kind: str, pk: UUID) -> Product | Listing:
    if kind == "service":
        return get_object_or_404(Listing.objects.listed(), pk=pk)
    if kind == "product":
        return get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    raise Http404


def _keep(by: Any, product: Product, other: Product | Listing, verdict: str, reason: str) -> str:
    """Do what was asked and return what to tell the person."""
    if verdict == "withdraw":
        actions.withdraw(by=by, product=product, other=other)
        return _("Your word on %(name)s is taken back.") % {"name": other.name}
    try:
        actions.judge(by=by, product=product, other=other, verdict=Verdict(verdict), reason=reason)
    except actions.CannotJudgeError as error:
        raise Http404 from error
    if verdict == Verdict.CONFIRM:
        return _("%(name)s is confirmed, and comes first from now on.") % {"name": other.name}
    return _("%(name)s is not shown here any more; the words that brought it weigh less.") % {"name": other.name}
