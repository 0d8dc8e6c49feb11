"""Deployments, indicators, measures, budgets, signs, operators: lists, forms, files."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from parvis.portfolio.actions import entries as acting
from parvis.portfolio.forms import entries as forms
from parvis.portfolio.models import (
    BudgetLine,
    Deployment,
    HandOffSignal,
    Indicator,
    Measure,
    Operator,
    Product,
)
from parvis.portfolio.views.fetching import done_or_told, edited_product, sent, signed_in

METHODS = ["GET", "HEAD", "POST"]
PREVIEW = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row: what it is called, its form, the anchor of its section on the page."""

    model: type[models.Model]
    form: type[forms.EntryForm]
    title: str | Promise
    add: str | Promise
    anchor: str
    related: tuple[str, ...] = ()

    def rows(self, product: Product) -> models.QuerySet[Any]:
        """Return the product's rows."""
        owner = "indicator__product" if self.model is Measure else "product"
        return self.model._default_manager.filter(**{owner: product}).select_related(*self.related)  # noqa: SLF001 - any of six models


KINDS = {
    "deployments": Kind(
        Deployment, forms.DeploymentForm, gettext_lazy("Territories"), gettext_lazy("Add a territory"), "where",
        ("territory",),
    ),
    "indicators": Kind(
        Indicator, forms.IndicatorForm, gettext_lazy("Indicators"), gettext_lazy("Add an indicator"), "impact"
    ),
    "measures": Kind(
        Measure, forms.MeasureForm, gettext_lazy("Values of the indicators"), gettext_lazy("Add a value"), "impact",
        ("indicator",),
    ),
    "budget": Kind(
        BudgetLine, forms.BudgetLineForm, gettext_lazy("Budget lines"), gettext_lazy("Add a budget line"), "money",
        ("funder",),
    ),
    "signals": Kind(
        HandOffSignal, forms.SignalForm, gettext_lazy("Signs after the hand-off"), gettext_lazy("Add a sign"),
        "hand-off",
    ),
    "operators": Kind(
        Operator, forms.OperatorForm, gettext_lazy("Operators"), gettext_lazy("Add an operator"), "hand-off",
        ("organization",),
    ),
}  # fmt: skip


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _back(product: Product, kind: str) -> str:
    return reverse("portfolio:entry-list", args=[product.key, kind])


@require_safe
def entry_list(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """List the rows of a kind, each with its form."""
    product, of = edited_product(request, key), _kind(kind)
    columns = [str(of.form.base_fields[name].label or name) for name in of.form.columns]
    rows = [(row, _cells(row, of.form.columns)) for row in of.rows(product)]
    context = {
        "product": product,
        "kind": kind,
        "of": of,
        "columns": columns,
        "rows": rows,
        "beside": "measures" if kind == "indicators" else "indicators" if kind == "measures" else "",
        "beside_title": KINDS["measures" if kind == "indicators" else "indicators"].title,
        "can_add": kind != "measures" or product.indicators.exists(),
    }
    return render(request, "portfolio/entry_list.html", context)


def _cells(row: models.Model, columns: tuple[str, ...]) -> list[object]:
    """Return a row's values in words."""
    cells: list[object] = []
    for name in columns:
        display = getattr(row, f"get_{name}_display", None)
        value = display() if display is not None else getattr(row, name)
        value = date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else value
        cells.append("" if value is None else value)
    return cells


@require_http_methods(METHODS)
def entry_form(request: HttpRequest, key: str, kind: str, pk: UUID | None = None) -> HttpResponseBase:
    """Add a row, or change one."""
    product, of = edited_product(request, key), _kind(kind)
    instance = get_object_or_404(of.rows(product), pk=pk) if pk else of.model()
    form = of.form(sent(request), instance=instance, product=product)
    if request.method == "POST" and form.is_valid():
        by = signed_in(request)
        if done_or_told(form, lambda: acting.save_entry(by=by, product=product, entry=form.instance)):
            messages.success(request, _("It has been saved."))
            return redirect(_back(product, kind))
    title = of.title if pk else of.add
    context = {"form": form, "product": product, "title": title, "back": _back(product, kind)}
    if pk:
        context["remove_url"] = reverse("portfolio:entry-remove", args=[product.key, kind, pk])
    return render(request, "portfolio/form.html", context)


@require_http_methods(METHODS)
def entry_remove(request: HttpRequest, key: str, kind: str, pk: UUID) -> HttpResponseBase:
    """Remove a row, once it was looked at again."""
    product, of = edited_product(request, key), _kind(kind)
    entry = get_object_or_404(of.rows(product), pk=pk)
    if request.method == "POST":
        acting.remove_entry(by=signed_in(request), product=product, entry=entry)
        messages.success(request, _("It has been removed; the history remembers it."))
        return redirect(_back(product, kind))
    columns = [str(of.form.base_fields[name].label or name) for name in of.form.columns]
    facts = list(zip(columns, _cells(entry, of.form.columns), strict=True))
    context = {"product": product, "of": of, "facts": facts, "back": _back(product, kind)}
    return render(request, "portfolio/entry_remove.html", context)


@require_http_methods(METHODS)
def entry_import(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    """Add rows from a file: look at it first, then all of it or nothing."""
    product, of = edited_product(request, key), _kind(kind)
    form = forms.CsvForm(sent(request), request.FILES or None)
    lines: list[forms.Line] = []
    if request.method == "POST" and form.is_valid():
        try:
            lines = forms.read_lines(of.form, product, form.cleaned_data["text"])
        except ValidationError as error:
            form.add_error("file", error)
    wrong = [line for line in lines if line.errors]
    if request.POST.get("confirm") and lines and not wrong and _imported(request, product, form, lines):
        return redirect(_back(product, kind))
    context = {
        "product": product,
        "of": of,
        "kind": kind,
        "form": form,
        "text": form.cleaned_data.get("text", "") if form.is_bound and form.is_valid() else "",
        "lines": lines[:PREVIEW],
        "count": len(lines),
        "wrong": wrong[:PREVIEW],
        "columns": of.form.columns,
        "back": _back(product, kind),
    }
    return render(request, "portfolio/entry_import.html", context)


def _imported(request: HttpRequest, product: Product, form: forms.CsvForm, lines: list[forms.Line]) -> bool:
    entries: list[Any] = [line.form.instance for line in lines if line.form is not None]
    by = signed_in(request)
    if not done_or_told(form, lambda: acting.add_entries(by=by, product=product, entries=entries)):
        return False
    words = ngettext("%(count)s row has been added.", "%(count)s rows have been added.", len(entries))
    messages.success(request, words % {"count": len(entries)})
    return True


@require_safe
def entry_template(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Return an empty file with the columns that an import reads."""
    _product, of = edited_product(request, key), _kind(kind)
    response = HttpResponse("\ufeff" + ",".join(of.form.columns) + "\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response
