"""The pictures of a product's page: its phases, its team, its impact, where it is used."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.portfolio.models import STOPPED, Deployment, Event, Indicator, PhaseName, Product, Territory
from parvis.portfolio.queries.product_page import Period, Team, Teammate
from parvis.portfolio.views.maps import DRAWN, map_of, tile_code
from parvis.web import charts
from parvis.web.charts import wording

SHAPES = {
    Event.Kind.COMMITTEE: "circle",
    Event.Kind.LAUNCH: "triangle",
    Event.Kind.NATIONAL_IMPACT: "diamond",
    Event.Kind.FAST: "square",
    Event.Kind.END: "cross",
}
MAX_BEFORE = 10
"""People who left shown in the picture; all of them are in the list below it."""
MARGIN = timedelta(days=45)
FAR = timedelta(days=500)
"""How far ahead a team's picture goes at most: some contracts end in a placeholder year."""


def _frame(product: Product, what: str, title: str, subtitle: str = "") -> charts.Frame:
    csv_url = reverse("portfolio:product-numbers", args=[product.key, what])
    return charts.Frame(what, title, subtitle, csv_url=csv_url)


def phase_strip(
    product: Product, periods: Sequence[Period], events: Sequence[Event], today: date
) -> charts.Chart | None:
    """Draw the phases of the product on one line, with what happened on the way."""
    dots = [
        charts.Dot(
            event.on, SHAPES.get(Event.Kind(event.kind), "drop") if event.kind in SHAPES else "drop", event.label
        )
        for event in events
        if event.on is not None
    ]
    days = [*(period.start for period in periods), *(dot.on for dot in dots), today]
    if not periods:
        return None
    spans = [
        charts.Span(
            period.start,
            period.end,
            period.phase.name,
            str(PhaseName(period.phase.name).label),
            is_hatched=period.phase.name in STOPPED,
        )
        for period in periods
    ]
    first, last = min(days), max(days)
    period = charts.Period(first - timedelta(days=15), last + MARGIN, today)
    rows = [charts.Row(product.name, spans, dots)]
    used = list(dict.fromkeys(period.phase.name for period in periods))
    legend = charts.tone_marks([(name, str(PhaseName(name).label), name in STOPPED) for name in used])
    kinds = {event.label: SHAPES.get(event.kind, "drop") for event in events if event.on is not None}  # type: ignore[call-overload] # a text of the same value
    legend += [charts.shape_mark(shape, label) for label, shape in kinds.items()]
    frame = _frame(product, "phases", _("Its phases and what happened on the way"))
    return charts.timeline(frame, rows, period, label=_("Product"), marks=legend)


def team_timeline(product: Product, team: Team, today: date, *, may_open: bool) -> charts.Chart | None:
    """Draw who was there when, today's people first; ends ahead are ends of contracts."""
    people = [*team.today, *team.coming, *team.before[:MAX_BEFORE]]
    if not people:
        return None
    tones = _tones(people)
    order = list(tones)
    # Those of one trade stand together, so that a missing trade is seen.
    today_first = sorted(team.today, key=lambda one: (order.index(one.domain), one.stays[0][0], one.person.sort_key))
    people = [*today_first, *team.coming, *team.before[:MAX_BEFORE]]
    limit = today + FAR
    rows = [_person_row(one, tones[one.domain], today, limit, may_open=may_open) for one in people]
    starts = [start for one in people for start, _end in one.stays]
    ends = [min(end, limit) for one in people for _start, end in one.stays if end]
    shown = charts.Period(min(starts), max([*ends, today]) + MARGIN, today)
    title = ngettext("%(count)s person in the team today", "%(count)s people in the team today", team.size)
    legend = charts.tone_marks([(tone, domain or _("Trade not said"), False) for domain, tone in tones.items()])
    subtitle = _("Ends ahead are those of contracts, which are usually renewed.")
    frame = _frame(product, "team", title % {"count": team.size}, subtitle)
    return charts.timeline(frame, rows, shown, label=_("Person"), marks=legend, names_spans=False)


def _tones(people: Sequence[Teammate]) -> dict[str, str]:
    """Give each trade a colour: the most frequent first, so that the common ones are those one learns."""
    counted: dict[str, int] = {}
    for one in people:
        counted[one.domain] = counted.get(one.domain, 0) + 1
    order = sorted(counted, key=lambda domain: (domain == "", -counted[domain], domain))
    return {domain: "neutral" if not domain else f"{min(index, 7) + 1}" for index, domain in enumerate(order)}


def _person_row(one: Teammate, tone: str, today: date, limit: date, *, may_open: bool) -> charts.Row:
    label = one.domain or _("Trade not said")
    spans = [charts.Span(start, min(end, limit) if end else None, tone, label) for start, end in one.stays]
    flag = ""
    if one.leaves_soon(today) and one.last_day:
        left = (one.last_day - today).days
        flag = ngettext("in %(days)s day", "in %(days)s days", left) % {"days": left} if left else _("today")
    href = one.person.get_absolute_url() if may_open else ""
    return charts.Row(one.person.name, spans, detail=one.domain, href=href, flag=flag)


def impact_series(product: Product, indicator: Indicator, periods: Sequence[Period]) -> charts.Chart | None:
    """Draw an indicator with its target, and the phases behind it."""
    measures = list(indicator.measures.all())
    if not measures:
        return None
    target = None
    if indicator.target_value is not None:
        target = charts.Target(indicator.target_value, indicator.target_on)
    bands = [
        charts.Band(one.start, one.end, one.phase.name, str(PhaseName(one.phase.name).label))
        for one in periods
        if one.end is None or one.end > measures[0].on
    ]
    points = [charts.Point(measure.on, measure.value) for measure in measures]
    frame = _frame(product, f"impact-{indicator.pk}", _finding(indicator), indicator.name)
    return charts.line_series(frame, points, unit=indicator.unit or indicator.name, target=target, bands=bands)


def _finding(indicator: Indicator) -> str:
    """Say where the indicator stands: how far from its target when it has one."""
    last = list(indicator.measures.all())[-1]
    value = wording.number(last.value)
    unit = f" {indicator.unit}" if indicator.unit else ""
    if indicator.target_value is None:
        return _("%(value)s on %(day)s") % {"value": f"{value}{unit}", "day": wording.day(last.on)}
    reached = (
        last.value >= indicator.target_value
        if indicator.direction == Indicator.Direction.UP
        else last.value <= indicator.target_value
    )
    words = _("%(value)s: the target is reached") if reached else _("%(value)s: the target is not reached yet")
    return words % {"value": f"{value}{unit}"}


def where_used(product: Product, deployments: Sequence[Deployment], today: date) -> list[charts.Chart]:
    """Draw a map for each register in which the product is in use, with since when."""
    current = [one for one in deployments if one.from_on <= today and (one.to_on is None or one.to_on >= today)]
    schemes = [scheme for scheme in DRAWN if any(one.territory.scheme == scheme for one in current)]
    if not schemes:
        return []
    known = list(Territory.objects.filter(scheme__in=schemes))
    return [
        _map(product, [one for one in current if one.territory.scheme == scheme], scheme, known) for scheme in schemes
    ]


def _map(product: Product, current: Sequence[Deployment], scheme: str, known: Sequence[Territory]) -> charts.Chart:
    tiles = [
        charts.Tile(tile_code(one.territory), one.territory.name, 1, _("since %(day)s") % {"day": _day(one.from_on)})
        for one in current
    ]
    title = ngettext("In use in %(count)s territory", "In use in %(count)s territories", len(current))
    frame = _frame(
        product, f"territories-{scheme}", title % {"count": len(current)}, str(Territory.Scheme(scheme).label)
    )
    drawn = map_of(known, scheme)
    return charts.tile_map(frame, tiles, drawn, label=_("Territory"), value=_("In use"), is_count=False)


def _day(day: date) -> str:
    return wording.day(day)
