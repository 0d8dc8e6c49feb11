"""Preparing the hand-off of a product: its path, and what has to be done."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.directory.models import GroupMembership, User
from parvis.portfolio.actions import entries as acting
from parvis.portfolio.forms.entries import HandOffForm, HandOffItemForm
from parvis.portfolio.models import HandOff, HandOffItem, Product
from parvis.portfolio.queries.product_page import hand_off_of
from parvis.portfolio.views.fetching import done_or_told, edited_product, sent, signed_in

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def hand_off(request: HttpRequest, key: str) -> HttpResponseBase:
    """Choose the path, the organisation and the days, and see what is left to do."""
    product, by = edited_product(request, key), signed_in(request)
    current = hand_off_of(product)
    form = HandOffForm(sent(request), instance=HandOff.objects.filter(product=product).first())
    if request.method == "POST" and form.is_valid():
        fields = form.values()
        if done_or_told(form, lambda: acting.save_hand_off(by=by, product=product, fields=fields)):
            messages.success(request, _("It has been saved."))
            return redirect("portfolio:hand-off", product.key)
    context = {"form": form, "product": product, "hand_off": current}
    context["items"] = list(current.items.all()) if current else []
    return render(request, "portfolio/hand_off.html", context)


@require_http_methods(METHODS)
def hand_off_item(request: HttpRequest, key: str, pk: UUID) -> HttpResponseBase:
    """Say that a thing is done, by what evidence, and who sees to it."""
    product, by = edited_product(request, key), signed_in(request)
    item = get_object_or_404(HandOffItem, pk=pk, hand_off__product=product)
    form = HandOffItemForm(sent(request), instance=item, people=_team(product, item))
    if request.method == "POST" and form.is_valid():
        done = done_or_told(form, lambda: acting.save_hand_off_item(by=by, product=product, item=form.instance))
        if done:
            messages.success(request, _("It has been saved."))
            return redirect("portfolio:hand-off", product.key)
    back = reverse("portfolio:hand-off", args=[product.key])
    context = {"form": form, "product": product, "title": item.get_item_display(), "back": back}
    return render(request, "portfolio/form.html", context)


def _team(product: Product, item: HandOffItem) -> object:
    """Return who may be named: the team of today, and who is named already."""
    members = GroupMembership.objects.current().filter(group=product.group_id).values("user")
    return User.objects.filter(pk__in=members) | User.objects.filter(pk=item.owner_id)
