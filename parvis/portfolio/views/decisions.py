"""The pages of those in charge: what needs a look, why, and one click to ask the owner."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from parvis.portfolio.actions.owners import ask_owner as ask
from parvis.portfolio.exceptions import PortfolioError
from parvis.portfolio.models import Incubator, PhaseName
from parvis.portfolio.queries import decisions as reading
from parvis.portfolio.queries.census import census
from parvis.portfolio.queries.decisions import Concern
from parvis.portfolio.views.fetching import refuse_unless, reviewed_product, signed_in
from parvis.portfolio.views.network import portfolio_tabs
from parvis.portfolio.views.numbering import numbered
from parvis.web.charts import Table, csv_response
from parvis.web.nav import Link, facet_options, with_query

SIZE = 30


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Show what is overdue, orphaned, fragile or stale among what the person looks after."""
    person = signed_in(request)
    refuse_unless(reading.is_in_charge(person), _("This page is for those who look after an incubator."))
    seen, chosen = census(), request.GET.get("incubator", "")
    managed = {one.key: one.name for one in Incubator.objects.managed_by(person).only("key", "name")}
    found = reading.concerns(seen, person, incubator=chosen if chosen in managed else "")
    group = request.GET.get("group", "")
    group = group if group in reading.GROUPS else ""
    shown = reading.of_group(found, group)
    named = {one.key: one.name for one in Incubator.objects.visible_to(person).only("key", "name")}
    if request.GET.get("format") == "csv":
        return csv_response(_table(shown, named, seen.as_of), f"decisions-{group or 'all'}")
    page = numbered(request.GET, len(shown), SIZE)
    part = reading.with_asked(shown[page.start : page.stop])
    context = {
        "tabs": portfolio_tabs(request, "portfolio:decisions"),
        "groups": _groups(request, found, group),
        "explained": reading.EXPLAINED.get(group, ""),
        "rows": [(one, one.reasons(seen.as_of), reading.named(one.standing.incubators, named)) for one in part],
        "page": page,
        "count": ngettext("%(n)s product", "%(n)s products", len(shown)) % {"n": len(shown)},
        "incubators": facet_options(request, "incubator", managed) if len(managed) > 1 else [],
        "chosen": managed.get(chosen, ""),
        "clear": with_query(request, ("page",), incubator=None),
        "csv_url": with_query(request, ("page",), format="csv"),
    }
    return render(request, "portfolio/decisions.html", context)


def _groups(request: HttpRequest, found: list[Concern], group: str) -> list[Link]:
    numbers = reading.counts(found)
    every = Link(_("Everything"), with_query(request, ("page",), group=None), current=not group, count=len(found))
    return [
        every,
        *[
            Link(label, with_query(request, ("page",), group=name), current=name == group, count=numbers[name])
            for name, label in reading.GROUPS.items()
        ],
    ]


def _table(found: list[Concern], names: dict[str, str], today: date) -> Table:
    headers = [_("Product"), _("Incubator"), _("Phase"), _("Since"), _("Kind"), _("Why")]
    rows = [
        [
            one.standing.name,
            reading.named(one.standing.incubators, names),
            PhaseName(one.standing.phase).label,
            one.standing.since,
            reading.GROUPS[reason.group],
            words,
        ]
        for one in found
        for reason, words in one.reasons(today)
    ]
    return Table(headers, rows)


@require_POST
def ask_owner(request: HttpRequest, key: str) -> HttpResponse:
    """Write to the owner of a product, and come back to the list."""
    person = signed_in(request)
    product = reviewed_product(request, key)
    try:
        number = ask(product=product, census=census(), by=person)
    except PortfolioError as refusal:
        messages.warning(request, refusal.message)
    else:
        words = ngettext(
            "Your message about %(product)s is sent to %(n)s person.",
            "Your message about %(product)s is sent to %(n)s people.",
            number,
        )
        messages.success(request, words % {"product": product.name, "n": number})
    back = request.POST.get("back", "")[:1000]
    return redirect(f"{reverse('portfolio:decisions')}{'?' if back else ''}{back}")
