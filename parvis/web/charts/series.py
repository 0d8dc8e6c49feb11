"""A measure over time with the target it aims at and the phases behind it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.web.charts import scales, svg, wording
from parvis.web.charts.chart import Canvas, Cell, Chart, Frame, Table, Text, sheets

Value = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Point:
    """A measure on a day."""

    on: dt.date
    value: Value


@dataclass(frozen=True, slots=True)
class Target:
    """What is aimed at, and by when if that was said."""

    value: Value
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time behind the line, such as a phase; without `end` it goes on."""

    start: dt.date
    end: dt.date | None
    tone: str
    label: Text


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that happened on a day and may explain the line."""

    on: dt.date
    label: Text


@dataclass(frozen=True, slots=True)
class _Plot:
    canvas: Canvas
    x: scales.Days
    y: scales.Linear
    marks: Sequence[float]


def line_series(
    frame: Frame,
    points: Sequence[Point],
    *,
    unit: Text,
    target: Target | None = None,
    bands: Sequence[Band] = (),
    remarks: Sequence[Remark] = (),
) -> Chart:
    """Draw the measures in the order of their days; the last one is written beside its dot."""
    points = sorted(points, key=lambda one: one.on)
    rows: list[list[Cell]] = [[point.on, point.value, None] for point in points]
    rows += [[target.on, target.value, _("target")]] if target else []
    rows += [[remark.on, None, remark.label] for remark in remarks]
    table = Table([_("Date"), unit, _("Remark")], rows)

    def draw(canvas: Canvas) -> tuple[SafeString, float]:
        plot = _plot(canvas, points, target)
        return svg.join([
            _bands(plot, bands), _axes(plot), _remarks(plot, remarks), _target(plot, target), _line(plot, points, unit),
        ]), plot.y.start + canvas.row * 1.6  # fmt: skip

    return Chart(frame, table, sheets(frame, draw, _sentence(points, unit, target)))


def _sentence(points: Sequence[Point], unit: Text, target: Target | None) -> str:
    first, last = points[0], points[-1]
    told = _("%(unit)s: from %(first)s on %(start)s to %(last)s on %(end)s.") % {
        "unit": unit,
        "first": wording.number(first.value),
        "start": wording.day(first.on),
        "last": wording.number(last.value),
        "end": wording.day(last.on),
    }
    return f"{told} {_target_words(target)}." if target else told


def _target_words(target: Target) -> str:
    if target.on is None:
        return _("target %(value)s") % {"value": wording.number(target.value)}
    return _("target %(value)s by %(day)s") % {"value": wording.number(target.value), "day": wording.month(target.on)}


def _plot(canvas: Canvas, points: Sequence[Point], target: Target | None) -> _Plot:
    highest = max([float(point.value) for point in points] + ([float(target.value)] if target else [])) or 1.0
    lowest = min([0.0, *[float(point.value) for point in points]])
    marks = scales.ticks(highest, 3 if canvas.is_narrow else 5, lowest)
    left = max(scales.width_of(wording.short(mark), canvas.size) for mark in marks) + 8
    last = max([points[-1].on] + ([target.on] if target and target.on else []))
    right = canvas.width - (14 if canvas.is_narrow else 110)
    first = points[0].on if last > points[0].on else points[0].on - dt.timedelta(days=30)
    top, bottom = canvas.row * 3.6, (230.0 if canvas.is_narrow else 310.0)
    return _Plot(
        canvas, scales.Days(first, last, left + 4, right), scales.Linear(marks[0], marks[-1], bottom, top), marks
    )


def _bands(plot: _Plot, bands: Sequence[Band]) -> SafeString:
    parts, size = [], plot.canvas.size
    for band in bands:
        end = band.end or plot.x.last
        if end <= plot.x.first or band.start >= plot.x.last:
            continue
        left, right = plot.x(band.start), plot.x(end)
        top, bottom = plot.y.end - plot.canvas.row * 2.8, plot.y.start
        parts += [
            svg.rect(left, top, right - left, bottom - top, f"chart-behind tone-{band.tone}"),
            svg.rect(left, top, max(right - left - 1, 1), 4, f"chart-fill tone-{band.tone}"),
        ]
        label = scales.clip(str(band.label), right - left - 6, size * 0.9)
        if len(label) > 3:  # noqa: PLR2004 - fewer letters say nothing
            words = svg.text(left + 4, top + 4 + size, label, "chart-soft chart-small")
            parts.append(svg.group(words, told=band.label))
    return svg.join(parts)


def _axes(plot: _Plot) -> SafeString:
    parts, size = [], plot.canvas.size
    for mark in plot.marks:
        y = plot.y(mark)
        parts.append(svg.line(plot.x.start - 4, y, plot.x.end, y, "chart-grid" if mark else "chart-axis"))
        parts.append(svg.text(plot.x.start - 10, y + size * 0.35, wording.short(mark), "chart-soft", anchor="end"))
    before = -100.0
    for day, label in plot.x.ticks(4 if plot.canvas.is_narrow else 9):
        x, wide = plot.x(day), scales.width_of(label, size)
        parts.append(svg.line(x, plot.y.start, x, plot.y.start + 4, "chart-axis"))
        if x - before > wide + 10:
            parts.append(svg.text(x, plot.y.start + plot.canvas.row, label, "chart-soft", anchor="middle"))
            before = x
    return svg.join(parts)


def _target(plot: _Plot, target: Target | None) -> SafeString:
    if target is None:
        return SafeString()
    y, words = plot.y(float(target.value)), _target_words(target)
    parts = [svg.line(plot.x.start, y, plot.x.end, y, "chart-target")]
    if target.on and plot.x.holds(target.on):
        parts.append(svg.element("circle", cx=plot.x(target.on), cy=y, r=5, class_="chart-target-dot"))
    parts.append(svg.text(plot.x.start + 4, y - 6, words, "chart-flag"))
    return svg.join(parts)


def _remarks(plot: _Plot, remarks: Sequence[Remark]) -> SafeString:
    parts = []
    for index, remark in enumerate(remarks):
        if not plot.x.holds(remark.on):
            continue
        x, low = plot.x(remark.on), plot.y.end + (1.2 + index % 2) * plot.canvas.row
        near_end = x > plot.x.end - 120
        parts.append(svg.line(x, plot.y.end, x, plot.y.start, "chart-remark"))
        words = scales.clip(str(remark.label), 260 if not plot.canvas.is_narrow else 130, plot.canvas.size * 0.9)
        label = svg.text(x + (-5 if near_end else 5), low, words, "chart-soft chart-small",
                         anchor="end" if near_end else "start")  # fmt: skip
        parts.append(svg.group(label, told=f"{remark.label}, {wording.day(remark.on)}"))
    return svg.join(parts)


def _line(plot: _Plot, points: Sequence[Point], unit: Text) -> SafeString:
    places = [(plot.x(point.on), plot.y(float(point.value))) for point in points]
    parts = [svg.path(svg.polyline(places), "chart-line tone-accent dash-0")]
    for point, (x, y) in zip(points, places, strict=True):
        told = f"{wording.day(point.on)}: {wording.number(point.value)} {unit}"
        parts.append(svg.element("circle", svg.title(told), cx=x, cy=y, r=3.5, class_="chart-dot tone-accent"))
    x, y = places[-1]
    shown = wording.number(points[-1].value)
    if plot.canvas.is_narrow or x < plot.x.end - 20:
        anchor = "end" if x > plot.canvas.width - 60 else "middle"
        parts.append(svg.text(x, y - 10, shown, "chart-number chart-halo", anchor=anchor))
    else:
        parts.append(svg.text(x + 10, y + plot.canvas.size * 0.4, shown, "chart-number"))
    return svg.join(parts)
