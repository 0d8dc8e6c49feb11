"""The pictures of an incubator: the lives of its products on one axis, and what each of them shows."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.portfolio.models import ACTIVE, STOPPED, Event, Incubator, Phase, PhaseName, Product
from parvis.portfolio.queries.census import Standing
from parvis.portfolio.queries.incubator_page import Health, Life
from parvis.portfolio.queries.transparency import ITEMS
from parvis.portfolio.statistics.phases import STALE_AFTER_DAYS
from parvis.portfolio.views.network_pictures import layers
from parvis.web import charts
from parvis.web.charts import Chart, Frame

SHAPES: Final[dict[str, str]] = {
    Event.Kind.COMMITTEE: "diamond",
    Event.Kind.LAUNCH: "triangle",
    Event.Kind.NATIONAL_IMPACT: "drop",
    Event.Kind.FAST: "square",
    Event.Kind.END: "cross",
}
OTHER: Final = "circle"
STUB: Final = timedelta(days=60)
"""How long the mark of an end is: what has stopped does not go on."""
YEARS: Final = 365.25


def frame(incubator: Incubator, what: str, title: str, subtitle: str, today: date) -> Frame:
    """Return what surrounds a picture of the incubator."""
    csv_url = reverse("portfolio:incubator-numbers", args=[incubator.key, what])
    return Frame(what, title, subtitle, _("the portfolio of this network"), today, csv_url)


def strips(incubator: Incubator, lives: Sequence[Life], stale: int, today: date) -> Chart | None:
    """Draw the phases of products one below the other, on one time axis; `stale` counts those of all pages."""
    begun = [life for life in lives if life.phases and life.phases[0].start_on]
    starts = [life.phases[0].start_on for life in begun if life.phases[0].start_on]
    if not starts:
        return None
    rows = [_row(life, today) for life in begun]
    period = charts.Period(date(min(starts).year, 1, 1), today + timedelta(days=60), today)
    title = ngettext(
        "%(n)s product has been in one phase for more than three years",
        "%(n)s products have been in one phase for more than three years",
        stale,
    ) % {"n": stale}
    subtitle = _("Phases of each product; a phase lasts until the next one begins")
    shown = frame(incubator, "phases", title if stale else _("Phases of each product"), subtitle, today)
    return charts.timeline(shown, rows, period, label=_("Product"), marks=_marks(begun))


def _row(life: Life, today: date) -> charts.Row:
    spans = [_span(phase, after) for phase, after in pairwise([*life.phases, None]) if phase is not None]
    dots = [
        charts.Dot(event.on, SHAPES.get(event.kind, OTHER), event.label)
        for event in life.events
        if event.on is not None
    ]
    last = life.phases[-1]
    days = (today - last.start_on).days if last.start_on else 0
    flag = ""
    if last.name in ACTIVE and days > STALE_AFTER_DAYS:
        years = int(days / YEARS)
        flag = ngettext("%(n)s year there", "%(n)s years there", years) % {"n": years}
    return charts.Row(life.product.name, spans, dots, href=life.product.get_absolute_url(), flag=flag)


def _span(phase: Phase, after: Phase | None) -> charts.Span:
    start = phase.start_on or date.min
    if after is None:
        is_over = phase.name in STOPPED
        end = start + STUB if is_over else None
        return charts.Span(start, end, phase.name, PhaseName(phase.name).label, is_hatched=is_over)
    return charts.Span(start, after.start_on, phase.name, PhaseName(phase.name).label, is_assumed=phase.end_on is None)


def _marks(lives: Sequence[Life]) -> list[charts.Mark]:
    used = {phase.name for life in lives for phase in life.phases}
    kinds = {event.kind for life in lives for event in life.events}
    shapes = [charts.shape_mark(SHAPES[kind], Event.Kind(kind).label) for kind in SHAPES if kind in kinds]
    others = [charts.shape_mark(OTHER, _("Other event"))] if kinds - set(SHAPES) else []
    tones = [(name, PhaseName(name).label, name in STOPPED) for name in PhaseName.values if name in used]
    return [*charts.tone_marks(tones), *shapes, *others, *charts.ending_marks()]


def openness(incubator: Incubator, products: Sequence[Product], today: date) -> Chart | None:
    """Draw what each active product shows, from construction on."""
    asked = [one for one in products if one.current_phase in ACTIVE - {PhaseName.INVESTIGATION.value}]
    if not asked:
        return None
    lines = [charts.Line(one.name, [item.reads(one) for item in ITEMS], one.get_absolute_url()) for one in asked]
    shown = sum(bool(cell) for line in lines for cell in line.cells)
    words = {"shown": shown, "all": len(lines) * len(ITEMS)}
    title = _("%(shown)s of %(all)s things are shown") % words
    caption = _("What each active product shows, from construction on")
    return charts.matrix(
        frame(incubator, "openness", title, caption, today),
        [item.label for item in ITEMS],
        lines,
        label=_("Product"),
        caption=caption,
    )


def teams(incubator: Incubator, health: Health, today: date) -> Chart | None:
    """Draw how many teams are fragile, and in what way."""
    if not health.products:
        return None
    kinds = [
        (_("Nobody works on it"), health.nobody),
        (_("No developer"), health.no_developer),
        (_("One developer only"), health.one_developer),
        (_("No intrapreneur"), health.no_intrapreneur),
        (_("Everybody leaves within 90 days, on paper"), health.all_leave),
    ]
    bars = [charts.Bar(label, count, "ochre", of=health.products) for label, count in kinds]
    rests = health.no_developer + health.one_developer
    title = ngettext(
        "%(n)s product rests on one developer or none", "%(n)s products rest on one developer or none", rests
    ) % {"n": rests}
    subtitle = _("Active products by what their team lacks; ends are those of contracts, which are usually renewed")
    shown = frame(incubator, "teams", title, subtitle, today)
    return charts.lying_bars(shown, bars, label=_("What is fragile"), value=_("Products"))


def growth(
    incubator: Incubator, by_year: Mapping[str, Mapping[str, int]], years: Sequence[str], today: date
) -> Chart | None:
    """Draw the incubator's active products by phase on each 1 January."""
    found = [by_year.get(year, {}) for year in years]
    if len(years) < 2 or not any(found):  # noqa: PLR2004 - one year is no growth
        return None
    shown = frame(incubator, "growth", _("Active products by phase on 1 January"), "", today)
    moments = [date(int(year), 1, 1) for year in years]
    return charts.stacked_areas(shown, moments, layers(found), moment_label=_("Date"))


def stale_among(standings: Sequence[Standing], today: date) -> int:
    """Count the products that have been in one phase for too long."""
    return sum(one.days(today) > STALE_AFTER_DAYS for one in standings)


def standings_of(incubator: Incubator, standings: Sequence[Standing]) -> list[Standing]:
    """Return the incubator's part of the active products."""
    return [one for one in standings if incubator.key in one.incubators]
