"""Small multiples: the same little picture for each of many, on one scale, so that they compare at a glance."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.web.charts import scales, svg, wording
from parvis.web.charts.areas import Layer
from parvis.web.charts.chart import Cell, Chart, Frame, Linked, Mark, Table, Text, swatch

WIDTH, HEIGHT = 200.0, 72.0


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the many: its layers over the same moments."""

    label: Text
    layers: Sequence[Layer]
    href: str = ""
    note: Text = ""

    def totals(self) -> list[int]:
        """Return the sum of the layers at each moment."""
        return [sum(values) for values in zip(*[layer.values for layer in self.layers], strict=True)]


def small_multiples(frame: Frame, moments: Sequence[dt.date], panels: Sequence[Panel], *, label: Text) -> Chart:
    """Draw one little stack of layers for each; all share the scale of the highest."""
    high = max((value for panel in panels for value in panel.totals()), default=1) or 1
    rows: list[list[Cell]] = [
        [Linked(panel.label, panel.href) if panel.href else panel.label, *panel.totals()] for panel in panels
    ]
    table = Table([label, *[wording.day(moment) for moment in moments]], rows)
    items = svg.join([svg.element("li", _panel(panel, moments, high), class_="chart-panel") for panel in panels])
    layers = panels[0].layers if panels else ()
    legend = [Mark(layer.label, swatch(layer.tone)) for layer in layers]
    return Chart(frame, table, svg.element("ul", items, class_="chart-panels"), legend)


def _panel(panel: Panel, moments: Sequence[dt.date], high: int) -> SafeString:
    totals = panel.totals()
    name = svg.element("a", panel.label, href=panel.href) if panel.href else svg.element("span", panel.label)
    last = svg.element("strong", wording.number(totals[-1]))
    head = svg.element("span", name, " ", last, class_="chart-panel-head")
    note = [svg.element("span", panel.note, class_="chart-panel-note")] if panel.note else []
    return svg.join([head, _stack(panel, moments, high, totals), *note])


def _stack(panel: Panel, moments: Sequence[dt.date], high: int, totals: Sequence[int]) -> SafeString:
    x = scales.Days(moments[0], moments[-1], 0, WIDTH)
    y = scales.Linear(0, high, HEIGHT - 1, 6)
    below, parts = [0] * len(moments), []
    for layer in panel.layers:
        above = [low + value for low, value in zip(below, layer.values, strict=True)]
        if any(layer.values):
            upper = [(x(day), y(value)) for day, value in zip(moments, above, strict=True)]
            lower = [(x(day), y(value)) for day, value in zip(moments, below, strict=True)]
            area = svg.polyline([*upper, *reversed(lower)]) + "Z"
            parts.append(svg.path(area, f"chart-fill tone-{layer.tone}"))
        below = above
    outline = svg.polyline([(x(day), y(total)) for day, total in zip(moments, totals, strict=True)])
    told = _("%(label)s: from %(first)s in %(start)s to %(last)s in %(end)s") % {
        "label": panel.label,
        "first": wording.number(totals[0]),
        "start": moments[0].year,
        "last": wording.number(totals[-1]),
        "end": moments[-1].year,
    }
    return svg.element(
        "svg",
        svg.title(told),
        *parts,
        svg.path(outline, "chart-outline"),
        svg.line(0, HEIGHT - 0.5, WIDTH, HEIGHT - 0.5, "chart-axis"),
        viewBox=f"0 0 {svg.number(WIDTH)} {svg.number(HEIGHT)}",
        class_="chart-small-svg",
        role="img",
        aria_label=told,
    )
