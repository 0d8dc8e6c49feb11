"""The list of incubators, and the page of each."""

from collections.abc import Mapping
from html import unescape
from typing import Any

import nh3
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from parvis.directory.policies import is_member
from parvis.portfolio import policies
from parvis.portfolio.models import Incubator
from parvis.portfolio.queries import incubator_page as reading
from parvis.portfolio.queries.census import Census, Share, census
from parvis.portfolio.queries.decisions import Concern, Finding, concerns
from parvis.portfolio.views import incubator_pictures as pictures
from parvis.portfolio.views.network import portfolio_tabs, visible_incubators
from parvis.portfolio.views.network_pictures import drawn_years
from parvis.portfolio.views.numbering import numbered
from parvis.web.charts import Chart
from parvis.web.markdown import to_html
from parvis.web.nav import Link

SIZE = 30
FIRST_CONCERNS = 6
NOTHING = Share(0, 0, {}, {}, 0, {})


@login_not_required
@require_safe
def incubator_list(request: HttpRequest) -> HttpResponse:
    """List the incubators, the largest first."""
    shares = census().shares
    rows = [(one, shares.get(one.key, NOTHING), plain(one.short_description)) for one in visible_incubators(request)]
    rows.sort(key=lambda row: (-row[1].active, row[0].sort_key))
    count = ngettext("%(n)s incubator", "%(n)s incubators", len(rows)) % {"n": len(rows)}
    context = {"rows": rows, "count": count, "tabs": portfolio_tabs(request, "portfolio:incubator-list")}
    return render(request, "portfolio/incubator_list.html", context)


@login_not_required
@require_safe
def incubator_detail(request: HttpRequest, key: str) -> HttpResponse:
    """Show an incubator: its portfolio on one time axis, its teams, what it shows."""
    found = incubator_of(request, key)
    if found.key != key:
        return redirect(found, permanent=True)
    seen, may_decide = census(), policies.can_manage_incubator(request.user, found)
    context: dict[str, Any] = {
        "incubator": found,
        "trail": _trail(found),
        "lead": plain(found.short_description),
        "description": to_html(found.description),
        "share": seen.shares.get(found.key, NOTHING),
        "contact": found.contact if is_member(request.user) else "",
        "may_decide": may_decide,
        "concerns": _concerns(request, found, seen) if may_decide else [],
        "highlighted": reading.highlighted(found, request.user),
        "shared": reading.co_incubated(found, request.user),
        "committees": reading.coming_committees(found, request.user, timezone.localdate()),
    }
    context |= _portfolio(request, found, seen)
    return render(request, "portfolio/incubator_detail.html", context)


@login_not_required
@require_safe
def incubator_numbers(request: HttpRequest, key: str, what: str) -> HttpResponse:
    """Give the numbers of one of its pictures as a file, for all of its products and not one page of them."""
    found = incubator_of(request, key)
    drawn = _pictures(request, found, census(), only_active=request.GET.get("show") != "all")
    picture = drawn.get(what)
    if picture is None:
        raise Http404
    return picture.csv()


def incubator_of(request: HttpRequest, key: str) -> Incubator:
    """Return an incubator that the viewer may read, by its key or an old address of it; else Http404."""
    visible = Incubator.objects.visible_to(request.user).select_related("owner", "group")
    if (found := visible.filter(key=key).first()) is not None:
        return found
    old = {f"/incubators/{key}", f"/incubateurs/{key}", key}
    for one in visible.exclude(redirect_from=[]):
        if old & {str(path).rstrip("/") for path in one.redirect_from}:
            return one
    raise Http404


def plain(short_description: str) -> str:
    """Return a sentence without the inline HTML that sources put in it."""
    return unescape(strip_tags(nh3.clean(short_description, tags=set()))).strip()


def _trail(incubator: Incubator) -> list[Link]:
    return [
        Link(_("Network"), reverse("portfolio:network")),
        Link(_("Incubators"), reverse("portfolio:incubator-list")),
        Link(incubator.name),
    ]


def _concerns(
    request: HttpRequest, incubator: Incubator, seen: Census
) -> list[tuple[Concern, list[tuple[Finding, str]]]]:
    first = concerns(seen, request.user, incubator=incubator.key)[:FIRST_CONCERNS]
    return [(one, one.reasons(seen.as_of)) for one in first]


def _portfolio(request: HttpRequest, incubator: Incubator, seen: Census) -> Mapping[str, object]:
    """Read one page of its products, and draw them."""
    only_active = request.GET.get("show") != "all"
    rows = reading.products_of(incubator, request.user, only_active=only_active)
    page = numbered(request.GET, rows.count(), SIZE)
    drawn = _pictures(request, incubator, seen, only_active=only_active, part=slice(page.start, page.stop))
    return {"page": page, "pictures": drawn, "shows": _shows(request, seen, incubator, only_active=only_active)}


def _shows(request: HttpRequest, seen: Census, incubator: Incubator, *, only_active: bool) -> list[Link]:
    share = seen.shares.get(incubator.key, NOTHING)
    return [
        Link(_("Active products"), request.path, current=only_active, count=share.active),
        Link(_("All products"), f"{request.path}?show=all", current=not only_active, count=share.total),
    ]


def _pictures(
    request: HttpRequest, incubator: Incubator, seen: Census, *, only_active: bool, part: slice | None = None
) -> dict[str, Chart | None]:
    rows = reading.products_of(incubator, request.user, only_active=only_active)
    products = list(rows if part is None else rows[part])
    mine = pictures.standings_of(incubator, seen.standings)
    stale = pictures.stale_among(mine, seen.as_of)
    years = list(drawn_years(seen.figures["products_by_phase_on_1_january"]))
    by_year = seen.shares.get(incubator.key, NOTHING).by_year
    begun = [year for year in years if any(by_year.get(earlier) for earlier in years if earlier <= year)]
    return {
        "phases": pictures.strips(incubator, reading.lives(products, seen.as_of), stale, seen.as_of),
        "openness": pictures.openness(incubator, products, seen.as_of),
        "teams": pictures.teams(incubator, reading.health(mine), seen.as_of),
        "growth": pictures.growth(incubator, by_year, begun, seen.as_of),
    }
