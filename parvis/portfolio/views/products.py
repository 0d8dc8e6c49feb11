"""The page of a product, its history, and the numbers behind its pictures."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.directory.policies import is_member
from parvis.lib.paging import page_of
from parvis.portfolio import policies, registry
from parvis.portfolio.actions.reminders import STALE_AFTER
from parvis.portfolio.models import Product
from parvis.portfolio.queries import product_page as reading
from parvis.portfolio.queries.changes import told
from parvis.portfolio.queries.product_page import Period
from parvis.portfolio.views import product_pictures as pictures
from parvis.portfolio.views.fetching import MovedError, product_of
from parvis.web.charts import Chart
from parvis.web.nav import Link

LATEST = 5


@login_not_required
@require_safe
def product_detail(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show everything about a product that the viewer may know."""
    try:
        product = product_of(request, key)
    except MovedError as moved:
        return redirect(moved.product, permanent=True)
    context = {"product": product, "today": timezone.localdate(), "is_member": is_member(request.user)}
    periods = reading.periods(product)
    context |= _life(request, product, periods) | _people(request, product)
    context |= _results(product, periods) | _standing(request, product)
    panels = sorted(registry.product_panels.values(), key=lambda one: one.order)
    context["panels"] = [(one.anchor, one.title, html) for one in panels if (html := one.draw(request, product))]
    addresses = [(one.label, one.content_type, one.url(product)) for one in registry.product_alternates]
    context["alternates"] = [one for one in addresses if one[2]]
    context["data"] = [SafeString(tell(product, request.user)) for tell in registry.product_data]
    context["menu"] = _menu(context)
    return render(request, "portfolio/product_detail.html", context)


def _life(request: HttpRequest, product: Product, periods: list[Period]) -> dict[str, object]:
    """Read the phases, what happened, what was decided, and the last changes of the page."""
    today = timezone.localdate()
    events = [event for event in product.events.all() if event.on is not None]
    return {
        "events": events,
        "strip": pictures.phase_strip(product, periods, events, today),
        "decisions": list(product.decisions.select_related("committee", "by", "corrected_by")),
        "revisions": told(product.revisions.select_related("by")[:LATEST], request.user),
        "incubators": reading.named_incubators(product, request.user),
    }


def _people(request: HttpRequest, product: Product) -> dict[str, object]:
    team = reading.team_of(product, request.user, timezone.localdate())
    may_open = is_member(request.user)
    chart = pictures.team_timeline(product, team, timezone.localdate(), may_open=may_open)
    return {"team": team, "team_chart": chart, "may_open_people": may_open}


def _results(product: Product, periods: list[Period]) -> dict[str, object]:
    """Read what the product changes, where it is used, what it costs."""
    today = timezone.localdate()
    deployments = list(product.deployments.select_related("territory"))
    return {
        "impact": [(one, pictures.impact_series(product, one, periods)) for one in reading.indicators_of(product)],
        "deployments": deployments,
        "maps": pictures.where_used(product, deployments, today),
        "budget_lines": list(product.budget_lines.select_related("funder")),
        "fundings": list(product.fundings.all()),
        "sponsors": [
            one.organization for one in product.sponsorships.select_related("organization") if one.organization
        ],
        "terms": [link.term for link in product.term_links.select_related("term")],
    }


def _standing(request: HttpRequest, product: Product) -> dict[str, object]:
    """Read how open and how ready the product is, and what the viewer may do about it."""
    may_edit = policies.can_edit_product(request.user, product)
    hand_off = reading.hand_off_of(product)
    needed = [item for item in hand_off.items.all() if item.is_needed] if hand_off else []
    shown = reading.transparency_of(product)
    return {
        "transparency": shown,
        "published": sum(one.is_published for one in shown),
        "broken": [one for one in shown if one.is_broken] if may_edit else [],
        "hand_off": hand_off,
        "hand_off_items": needed,
        "hand_off_done": sum(item.done_on is not None for item in needed),
        "signals": list(product.hand_off_signals.all()),
        "operators": list(product.operators.select_related("organization")),
        "may_edit": may_edit,
        "is_stale": product.is_active and (product.confirmed_at or product.updated_at) < timezone.now() - STALE_AFTER,
        "may_review": policies.can_review_product(request.user, product),
        "reviews": reading.open_reviews(product) if may_edit else [],
        "papers": list(product.papers.visible_to(request.user)) if is_member(request.user) else [],
    }


def _menu(context: dict[str, object]) -> list[Link]:
    """Return the sections that the page has, for its side menu."""
    may_edit = context["may_edit"]
    sections = [
        ("about", _("What and for whom"), True),
        ("life", _("Phases"), True),
        ("team", _("Team"), True),
        ("impact", _("Impact"), context["impact"] or may_edit),
        ("where", _("Where it is used"), context["deployments"] or may_edit),
        ("openness", _("Transparency"), True),
        ("money", _("Money"), context["budget_lines"] or context["fundings"] or may_edit),
        ("hand-off", _("Hand-off"), context["hand_off"] or context["operators"] or context["signals"] or may_edit),
        *((anchor, title, True) for anchor, title, _html in context["panels"]),  # type: ignore[attr-defined] # a list
        ("changes", _("Changes"), True),
    ]
    return [Link(label, f"#{anchor}") for anchor, label, is_there in sections if is_there]


@login_not_required
@require_safe
def product_history(request: HttpRequest, key: str) -> HttpResponseBase:
    """List every change of the page, field by field."""
    try:
        product = product_of(request, key)
    except MovedError as moved:
        return redirect("portfolio:product-history", moved.product.key, permanent=True)
    page = page_of(product.revisions.select_related("by"), request.GET, order=("-at", "-id"), size=30)
    context = {"product": product, "page": page, "revisions": told(page.items, request.user)}
    return render(request, "portfolio/product_history.html", context)


@login_not_required
@require_safe
def product_numbers(request: HttpRequest, key: str, what: str) -> HttpResponseBase:
    """Return the numbers of one of the page's pictures as a file."""
    try:
        product = product_of(request, key)
    except MovedError as moved:
        return redirect(reverse("portfolio:product-numbers", args=[moved.product.key, what]), permanent=True)
    chart = _picture(request, product, what)
    if chart is None:
        raise Http404
    return chart.csv()


def _picture(request: HttpRequest, product: Product, what: str) -> Chart | None:
    today = timezone.localdate()
    if what == "phases":
        return pictures.phase_strip(product, reading.periods(product), list(product.events.all()), today)
    if what == "team":
        team = reading.team_of(product, request.user, today)
        return pictures.team_timeline(product, team, today, may_open=False)
    deployments = list(product.deployments.select_related("territory"))
    periods = reading.periods(product)
    drawn = [*pictures.where_used(product, deployments, today)]
    drawn += [
        chart for one in reading.indicators_of(product) if (chart := pictures.impact_series(product, one, periods))
    ]
    return next((chart for chart in drawn if chart.frame.key == what), None)
