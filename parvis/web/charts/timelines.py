"""Many rows on one time axis: the phases of products, the missions of people.

Colour names a span, and so do its words or its row; an end that nobody recorded is drawn open, dots have shapes.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.web.charts import scales, svg, wording
from parvis.web.charts.chart import Canvas, Cell, Chart, Frame, Linked, Mark, Table, Text, sample, sheets, swatch

SHAPES = {
    "circle": "M{x},{t}a{r},{r} 0 1 1 0,{d}a{r},{r} 0 1 1 0,-{d}Z",
    "diamond": "M{x},{t}L{e},{y}L{x},{b}L{w},{y}Z",
    "triangle": "M{x},{t}L{e},{b}L{w},{b}Z",
    "square": "M{w},{t}H{e}V{b}H{w}Z",
    "drop": "M{w},{t}H{e}L{x},{b}Z",
    "cross": "M{w},{t}L{e},{b}M{e},{t}L{w},{b}",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a row. Without `end` it goes on; `is_assumed` says that nobody recorded its end."""

    start: dt.date
    end: dt.date | None
    tone: str
    label: Text
    is_assumed: bool = False
    is_hatched: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """Something that happened on a day; `shape` names its kind."""

    on: dt.date
    shape: str
    label: Text


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the picture: whose it is, its spans and dots, and a word at its end when something is near."""

    label: Text
    spans: Sequence[Span]
    dots: Sequence[Dot] = ()
    detail: Text = ""
    href: str = ""
    flag: Text = ""


@dataclass(frozen=True, slots=True)
class Period:
    """What the axis shows, and which day is today."""

    first: dt.date
    last: dt.date
    today: dt.date


@dataclass(frozen=True, slots=True)
class _Plot:
    canvas: Canvas
    days: scales.Days
    period: Period
    key: str
    pitch: float
    top: float
    thick: float
    left: float
    hatches: dict[str, str] = field(default_factory=dict)


def timeline(
    frame: Frame,
    rows: Sequence[Row],
    period: Period,
    *,
    label: Text,
    marks: Sequence[Mark] = (),
    names_spans: bool = True,
) -> Chart:
    """Draw the rows in the order given; `names_spans` writes the label of a span in it where it fits."""
    table = Table([label, _("What"), _("From"), _("To"), _("Remark")], [line for row in rows for line in _lines(row)])

    def draw(canvas: Canvas) -> tuple[SafeString, float]:
        return _draw(canvas, frame.key, rows, period, names_spans=names_spans)

    told = _("%(count)s rows from %(first)s to %(last)s; the table below says the same.") % {
        "count": wording.number(len(rows)),
        "first": wording.day(period.first),
        "last": wording.day(period.last),
    }
    drawing = sheets(frame, draw, told, has_links=any(row.href for row in rows))
    return Chart(frame, table, drawing, marks)


def _lines(row: Row) -> list[list[Cell]]:
    name: Cell = Linked(row.label, row.href) if row.href else row.label
    spans: list[list[Cell]] = [
        [name, span.label, span.start, span.end, _("end not recorded") if span.is_assumed else ""] for span in row.spans
    ]
    return [*spans, *[[name, dot.label, dot.on, dot.on, ""] for dot in row.dots]]


def _draw(
    canvas: Canvas, key: str, rows: Sequence[Row], period: Period, *, names_spans: bool
) -> tuple[SafeString, float]:
    size = canvas.size
    widest = max((scales.width_of(str(row.label), size) for row in rows), default=0)
    left = 0.0 if canvas.is_narrow else min(max(widest + 16, 90), 290.0)
    has_detail = any(row.detail for row in rows)
    flags = max((scales.width_of(str(row.flag), size) for row in rows), default=0)
    right = canvas.width - (0 if canvas.is_narrow or not flags else min(flags + 12, 130)) - 2
    days = scales.Days(period.first, period.last, left, right)
    pitch = size * (2.9 if canvas.is_narrow or has_detail else 1.9)
    plot = _Plot(canvas, days, period, key, pitch, canvas.row * 1.5, size * (1.0 if canvas.is_narrow else 1.15), left)
    body = [_one(plot, index, row, names_spans=names_spans) for index, row in enumerate(rows)]
    bottom = plot.top + len(rows) * pitch
    patterns = svg.join(svg.hatch(name, tone) for tone, name in plot.hatches.items())
    return svg.join([patterns, _axis(plot, bottom), *body, _today(plot, bottom)]), bottom + canvas.row


def _axis(plot: _Plot, bottom: float) -> SafeString:
    parts, last = [], -100.0
    for day, label in plot.days.ticks(5 if plot.canvas.is_narrow else 11):
        x = plot.days(day)
        parts.append(svg.line(x, plot.top - 4, x, bottom, "chart-grid"))
        wide = scales.width_of(label, plot.canvas.size)
        if x - last > wide + 8 and x + wide / 2 <= plot.canvas.width:
            anchor = "start" if x - wide / 2 < plot.left else "middle"
            parts.append(svg.text(x, plot.top - plot.canvas.size * 0.8, label, "chart-soft", anchor=anchor))
            last = x
    return svg.join(parts)


def _today(plot: _Plot, bottom: float) -> SafeString:
    if not plot.days.holds(plot.period.today):
        return SafeString()
    x, y = plot.days(plot.period.today), bottom + plot.canvas.size
    near_end = x > plot.canvas.width - 60
    label = svg.text(x, y, _("today"), "chart-now-label", anchor="end" if near_end else "middle")
    return svg.join([svg.line(x, plot.top - 4, x, bottom + 2, "chart-now"), label])


def _one(plot: _Plot, index: int, row: Row, *, names_spans: bool) -> SafeString:
    canvas, size = plot.canvas, plot.canvas.size
    top = plot.top + index * plot.pitch
    bar = top + (plot.pitch - plot.thick - 5 if canvas.is_narrow else (plot.pitch - plot.thick) / 2)
    parts = []
    if index:
        parts.append(svg.line(0, top, canvas.width, top, "chart-rule"))
    parts.append(_label(plot, row, top, bar))
    days = [plot.days(dot.on) for dot in row.dots]
    parts += [_span(plot, span, bar, days, names_spans=names_spans) for span in row.spans if _is_seen(plot, span)]
    parts += [_dot(plot, dot, bar + plot.thick / 2) for dot in row.dots if plot.days.holds(dot.on)]
    if row.flag:
        where = (canvas.width, top + size * 1.15) if canvas.is_narrow else (plot.days.end + 10, bar + size * 0.9)
        anchor = "end" if canvas.is_narrow else "start"
        parts.append(svg.text(*where, row.flag, "chart-flag", anchor=anchor))
    return svg.join(parts)


def _label(plot: _Plot, row: Row, top: float, bar: float) -> SafeString:
    size, canvas = plot.canvas.size, plot.canvas
    if canvas.is_narrow:
        flag = scales.width_of(str(row.flag), size) + 8 if row.flag else 0
        told = f"{row.label}, {row.detail}" if row.detail else str(row.label)
        label = svg.text(0, top + size * 1.15, scales.clip(told, canvas.width - flag, size), "chart-text")
        return svg.anchored(svg.group(label, told=told), row.href, row.label)
    name = scales.clip(str(row.label), plot.left - 10, size)
    if not row.detail:
        label = svg.text(0, bar + size * 0.95, name, "chart-text")
        return svg.anchored(svg.group(label, told=row.label), row.href, row.label)
    middle = top + plot.pitch / 2
    label = svg.text(0, middle - size * 0.15, name, "chart-text")
    detail = svg.text(0, middle + size * 0.95, scales.clip(str(row.detail), plot.left - 10, size * 0.9),
                      "chart-soft chart-small")  # fmt: skip
    return svg.join([svg.anchored(label, row.href, row.label), detail])


def _is_seen(plot: _Plot, span: Span) -> bool:
    return span.start <= plot.period.last and (span.end is None or span.end >= plot.period.first)


def _span(plot: _Plot, span: Span, y: float, dots: Sequence[float], *, names_spans: bool) -> SafeString:
    """Draw what is past full, and what is ahead of today lighter: it is planned, not done."""
    today, size = plot.period.today, plot.canvas.size
    end = span.end or max(today, span.start)
    x, stop = plot.days(span.start), plot.days(end)
    told = _told(span)
    fill = None
    if span.is_hatched:
        name = plot.hatches.setdefault(span.tone, f"chart-{plot.key}-{plot.canvas.name}-{span.tone}")
        fill = f"url(#{name})"
    look = f"{'' if fill else 'chart-fill '}tone-{span.tone}"
    split = min(max(plot.days(today), x), stop)
    parts = [svg.rect(x, y, max(split - x - 1, 1.5) if split > x else 0, plot.thick, look, rx=1.5, fill=fill)]
    if stop > split and span.end:
        parts.append(
            svg.rect(split, y + 0.75, stop - split - 1, plot.thick - 1.5, f"chart-ahead tone-{span.tone}", rx=1.5)
        )
    parts.append(_ending(plot, span, stop, y))
    wide = scales.width_of(str(span.label), size * 0.82) + 8
    is_clear = not any(x <= dot <= x + wide + 4 for dot in dots)
    if names_spans and is_clear and wide <= split - x and not span.is_hatched:
        parts.append(svg.text(x + 4, y + plot.thick / 2 + size * 0.3, span.label, "chart-inside"))
    return svg.group(*parts, told=told)


def _told(span: Span) -> str:
    start = wording.day(span.start)
    if span.end is None:
        return _("%(label)s, since %(start)s") % {"label": span.label, "start": start}
    words = {"label": span.label, "start": start, "end": wording.day(span.end)}
    if span.is_assumed:
        return _("%(label)s, from %(start)s to %(end)s (end not recorded)") % words
    return _("%(label)s, from %(start)s to %(end)s") % words


def _ending(plot: _Plot, span: Span, x: float, y: float) -> SafeString:
    """A recorded end has a firm edge, a missing one a torn edge, and what goes on an arrow."""
    low, middle = y + plot.thick, y + plot.thick / 2
    if span.end is None:
        return svg.path(svg.polyline([(x - 1, y), (x + 5, middle), (x - 1, low)]) + "Z", f"chart-fill tone-{span.tone}")
    if span.is_assumed:
        step = plot.thick / 4
        teeth = [(x - (1 if index % 2 else 4), y + index * step) for index in range(5)]
        return svg.path(svg.polyline([*teeth, (x, low), (x, y)]) + "Z", "chart-tear")
    return svg.line(x - 1, y - 2, x - 1, low + 2, f"chart-edge tone-{span.tone}")


def _dot(plot: _Plot, dot: Dot, y: float) -> SafeString:
    return shape(dot.shape, plot.days(dot.on), y, plot.thick * 0.34, f"{dot.label}, {wording.day(dot.on)}")


def shape(name: str, x: float, y: float, r: float, told: object = "") -> SafeString:
    """Return a small shape around a point."""
    places = {"x": x, "y": y, "r": r, "d": 2 * r, "t": y - r, "b": y + r, "w": x - r, "e": x + r}
    data = SHAPES[name].format(**{key: svg.number(value) for key, value in places.items()})
    return svg.path(data, "chart-event", told=told)


def shape_mark(name: str, label: Text) -> Mark:
    """Return the entry of the key for a shape."""
    return Mark(label, sample(shape(name, 8, 8, 5)))


def ending_marks() -> list[Mark]:
    """Return the entries of the key for the ways a span may end."""
    bar = "chart-fill tone-neutral"
    torn = svg.join([svg.rect(1, 4, 12, 8, bar), svg.path("M10,4L13,6L10,8L13,10L10,12L14,12L14,4Z", "chart-tear")])
    goes_on = svg.join([svg.rect(1, 4, 8, 8, bar), svg.path("M9,4L14,8L9,12Z", bar)])
    return [Mark(_("End not recorded"), sample(torn)), Mark(_("Goes on"), sample(goes_on))]


def tone_marks(tones: Sequence[tuple[str, Text, bool]]) -> list[Mark]:
    """Return the entries of the key for colours: (tone, label, hatched)."""
    return [Mark(label, swatch(tone, hatched=hatched)) for tone, label, hatched in tones]
