"""Changing the page of a product, part by part."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from parvis.portfolio import policies
from parvis.portfolio.actions import pages
from parvis.portfolio.forms.pages import BackersForm, LessonsForm, LinksForm, PresentationForm, WordsForm
from parvis.portfolio.models import Product, Review
from parvis.portfolio.views.fetching import done_or_told, edited_product, sent, signed_in
from parvis.web.nav import Link

PARTS: dict[str, str | Promise] = {
    "presentation": gettext_lazy("Presentation"),
    "links": gettext_lazy("Links and openness"),
    "words": gettext_lazy("Themes and users"),
    "lessons": gettext_lazy("Lessons"),
    "sponsors": gettext_lazy("Sponsors"),
    "incubators": gettext_lazy("Incubators"),
}
_FORMS = {"presentation": PresentationForm, "links": LinksForm, "lessons": LessonsForm}


def part_tabs(product: Product, here: str) -> list[Link]:
    """Return the parts of the page that may be changed, as tabs."""
    return [Link(label, _address(product, part), current=part == here) for part, label in PARTS.items()]


def _address(product: Product, part: str) -> str:
    if part == "presentation":
        return reverse("portfolio:product-edit", args=[product.key])
    return reverse("portfolio:product-edit-part", args=[product.key, part])


@require_http_methods(["GET", "HEAD", "POST"])
def product_edit(request: HttpRequest, key: str, part: str = "presentation") -> HttpResponseBase:
    """Change a part of the page."""
    product = edited_product(request, key)
    if part not in PARTS:
        raise Http404
    if part in {"sponsors", "incubators"}:
        return _backers(request, product, part)
    form, save = _form(request, product, part)
    if request.method == "POST" and form.is_valid() and done_or_told(form, save):
        messages.success(request, _("Your changes have been saved. Everyone can see what changed in the history."))
        return redirect(product)
    return _page(request, product, part, form)


def _form(request: HttpRequest, product: Product, part: str) -> tuple[Any, Callable[[], object]]:
    by, data = signed_in(request), sent(request)
    if part == "words":
        words = WordsForm(data, product=product)

        def save_words() -> object:
            technologies = pages.technology_terms(words.cleaned_data["technologies"])
            terms = {"themes": words.terms("themes"), "users": words.terms("users"), "technologies": technologies}
            return pages.edit_product(by=by, product=product, fields={}, terms=terms)

        return words, save_words
    # The form writes what it reads into its own copy of the product: the action compares with what is stored.
    form = _FORMS[part](data, instance=Product.objects.get(pk=product.pk))
    return form, lambda: pages.edit_product(by=by, product=product, fields=form.values())


def _backers(request: HttpRequest, product: Product, part: str) -> HttpResponseBase:
    """Change sponsors or incubators: at once for those who answer for them, else by asking."""
    by, decides = signed_in(request), policies.can_review_product(request.user, product)
    form = BackersForm(sent(request), product=product, field=part, with_reason=not decides)
    if request.method == "POST" and form.is_valid():
        if decides:
            done = done_or_told(form, lambda: pages.set_links(by=by, product=product, field=part, keys=form.keys))
            told = _("Your changes have been saved. Everyone can see what changed in the history.")
        else:
            reason = form.cleaned_data["reason"]
            done = done_or_told(
                form,
                lambda: pages.ask_review(by=by, product=product, field=part, proposed=form.keys, reason=reason),
            )
            told = _("Your request has been sent to the incubator. The page changes when it is accepted.")
        if done:
            messages.success(request, told)
            return redirect(product)
    lead = "" if decides else _("Your incubator answers for this: the change waits until it is accepted.")
    return _page(request, product, part, form, lead=lead)


def _page(request: HttpRequest, product: Product, part: str, form: Any, *, lead: str = "") -> HttpResponse:
    context = {"product": product, "part": part, "form": form, "lead": lead, "tabs": part_tabs(product, part)}
    waiting = product.reviews.filter(state=Review.State.OPEN, field=part).first()
    return render(request, "portfolio/product_edit.html", context | {"waiting": waiting})


@require_POST
def product_confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Say that the page is still true."""
    product = edited_product(request, key)
    pages.confirm_page(by=signed_in(request), product=product)
    messages.success(request, _("Thank you: the page counts as true today."))
    return redirect(product)
