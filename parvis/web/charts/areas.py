"""Stacked areas: how a whole grows and of what it is made, with each layer named at its end."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.web.charts import scales, svg, wording
from parvis.web.charts.chart import Canvas, Cell, Chart, Frame, Table, Text, sheets


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer, lowest first, with a value for each moment."""

    label: Text
    tone: str
    values: Sequence[int]
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Plot:
    """The scales of one drawing."""

    canvas: Canvas
    x: scales.Days
    y: scales.Linear
    marks: Sequence[float]
    right: float
    bottom: float


def stacked_areas(frame: Frame, moments: Sequence[dt.date], layers: Sequence[Layer], *, moment_label: Text) -> Chart:
    """Draw the layers one upon the other; the table has a row for each moment and the total."""
    totals = [sum(layer.values[index] for layer in layers) for index in range(len(moments))]
    rows: list[list[Cell]] = [
        [moment, *[layer.values[index] for layer in layers], totals[index]] for index, moment in enumerate(moments)
    ]
    table = Table([moment_label, *[layer.label for layer in layers], _("Total")], rows)

    def draw(canvas: Canvas) -> tuple[SafeString, float]:
        plot = _plot(canvas, moments, max(totals, default=1))
        return svg.join([
            _grid(plot), _bands(plot, moments, layers), _totals(plot, moments, totals), _names(plot, layers),
            _pointers(plot, moments, layers, totals),
        ]), plot.bottom + canvas.row * 1.6  # fmt: skip

    told = _("From %(first)s on %(start)s to %(last)s on %(end)s.") % {
        "first": wording.number(totals[0]),
        "start": wording.day(moments[0]),
        "last": wording.number(totals[-1]),
        "end": wording.day(moments[-1]),
    }
    return Chart(frame, table, sheets(frame, draw, told, has_links=any(layer.href for layer in layers)))


def _plot(canvas: Canvas, moments: Sequence[dt.date], high: int) -> _Plot:
    marks = scales.ticks(high, 3 if canvas.is_narrow else 4, whole=True)
    height = 300.0 if canvas.is_narrow else 380.0
    right = canvas.width - (132 if canvas.is_narrow else 200)
    left = scales.width_of(wording.short(marks[-1]), canvas.size) + 12
    top, bottom = canvas.row * 1.5, height - canvas.row * 1.6
    return _Plot(
        canvas,
        scales.Days(moments[0], moments[-1], left, right),
        scales.Linear(0, max(marks[-1], high), bottom, top),
        marks,
        right,
        bottom,
    )


def _grid(plot: _Plot) -> SafeString:
    parts, low = [], plot.bottom + plot.canvas.row
    for mark in plot.marks:
        y = plot.y(mark)
        parts += [
            svg.line(plot.x.start, y, plot.right, y, "chart-axis" if not mark else "chart-grid"),
            svg.text(plot.x.start - 6, y + plot.canvas.size * 0.35, wording.short(mark), "chart-soft", anchor="end"),
        ]
    for day, label in plot.x.ticks(4 if plot.canvas.is_narrow else 10):
        parts.append(svg.text(plot.x(day), low, label, "chart-soft", anchor="middle"))
        parts.append(svg.line(plot.x(day), plot.bottom, plot.x(day), plot.bottom + 4, "chart-axis"))
    return svg.join(parts)


def _bands(plot: _Plot, moments: Sequence[dt.date], layers: Sequence[Layer]) -> SafeString:
    below, parts = [0] * len(moments), []
    for layer in layers:
        above = [low + value for low, value in zip(below, layer.values, strict=True)]
        upper = [(plot.x(day), plot.y(high)) for day, high in zip(moments, above, strict=True)]
        lower = [(plot.x(day), plot.y(low)) for day, low in zip(moments, below, strict=True)]
        area = svg.polyline([*upper, *reversed(lower)]) + "Z"
        parts.append(svg.path(area, f"chart-fill chart-band tone-{layer.tone}", told=layer.label))
        below = above
    return svg.join(parts)


def _totals(plot: _Plot, moments: Sequence[dt.date], totals: Sequence[int]) -> SafeString:
    line = svg.path(svg.polyline([(plot.x(day), plot.y(total)) for day, total in zip(moments, totals, strict=True)]),
                    "chart-outline")  # fmt: skip
    peak = max(range(len(totals)), key=lambda index: totals[index])
    parts = [line]
    for index in sorted({0, peak, len(totals) - 1}):
        if index == len(totals) - 1 and peak == index - 1:
            continue  # The two numbers would stand on each other; the last one is at the end of the layers.
        x, y = plot.x(moments[index]), plot.y(totals[index]) - 8
        anchor = "start" if not index else "end" if index == len(totals) - 1 else "middle"
        parts.append(svg.text(x, y, wording.number(totals[index]), "chart-strong", anchor=anchor))
    return svg.join(parts)


def _names(plot: _Plot, layers: Sequence[Layer]) -> SafeString:
    alive = [layer for layer in layers if layer.values[-1]]
    middles, low = [], 0
    for layer in alive:
        middles.append(plot.y(low + layer.values[-1] / 2))
        low += layer.values[-1]
    size, room = plot.canvas.size, plot.canvas.width - plot.right - 12
    places = scales.spread(middles, plot.canvas.row, plot.y(plot.y.high) + size, plot.bottom)
    parts = []
    for layer, middle, place in zip(alive, middles, places, strict=True):
        count = wording.number(layer.values[-1])
        name = scales.clip(str(layer.label), room - scales.width_of(f"{count} ", size), size)
        parts.append(svg.path(svg.polyline([(plot.right + 1, middle), (plot.right + 8, place)]), "chart-leader"))
        label = svg.text(plot.right + 12, place + size * 0.35, f"{count} {name}", f"chart-name tone-{layer.tone}")
        parts.append(svg.anchored(label, layer.href, f"{layer.label}: {count}"))
    return svg.join(parts)


def _pointers(plot: _Plot, moments: Sequence[dt.date], layers: Sequence[Layer], totals: Sequence[int]) -> SafeString:
    """Return invisible columns that tell a pointer the numbers of their moment."""
    places = [plot.x(day) for day in moments]
    parts = []
    for index, moment in enumerate(moments):
        left = (places[index - 1] + places[index]) / 2 if index else places[index]
        right = (places[index] + places[index + 1]) / 2 if index + 1 < len(places) else places[index]
        each = ", ".join(f"{layer.label} {wording.number(layer.values[index])}" for layer in reversed(layers))
        told = f"{wording.day(moment)}: {wording.number(totals[index])} ({each})"
        top = plot.y(plot.y.high)
        column = svg.rect(left, top, right - left, plot.bottom - top, "chart-pointer")
        parts.append(svg.group(column, told=told))
    return svg.join(parts)
