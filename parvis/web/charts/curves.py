"""Survival: the part still alive after some years, as steps, with how many are left to be lost under the axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.web.charts import scales, svg, wording
from parvis.web.charts.chart import Canvas, Cell, Chart, Frame, Share, Table, Text, sheets

YEAR = 365
HALF = 0.5
FINE = 0.6
"""Steps nearer than this are drawn as one: nobody sees them, and a large network has thousands."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Steps as (days, part alive after that day) from (0, 1) on, and the number at risk after each whole year."""

    label: Text
    tone: str
    steps: Sequence[tuple[int, float]]
    at_risk: Sequence[int]

    def at(self, days: int) -> float:
        """Return the part alive after so many days."""
        alive = 1.0
        for when, part in self.steps:
            if when > days:
                break
            alive = part
        return alive

    @property
    def median(self) -> int | None:
        """Return the first day on which half or fewer are alive, if that has been seen."""
        return next((when for when, part in self.steps if part <= HALF), None)


def survival(frame: Frame, curves: Sequence[Curve]) -> Chart:
    """Draw the curves, each with its own dash and its name at its end."""
    years = max((len(curve.at_risk) for curve in curves), default=1) - 1
    headers: list[Text] = [_("Years")]
    for curve in curves:
        headers += [curve.label, _("%(label)s: still followed") % {"label": curve.label}]
    rows: list[list[Cell]] = []
    for year in range(years + 1):
        row: list[Cell] = [year]
        for curve in curves:
            followed = curve.at_risk[year] if year < len(curve.at_risk) else 0
            row += [Share(curve.at(year * YEAR)) if followed else None, followed]
        rows.append(row)

    def draw(canvas: Canvas) -> tuple[SafeString, float]:
        return _draw(canvas, curves, years)

    told = " ".join(_sentence(curve) for curve in curves)
    return Chart(frame, Table(headers, rows), sheets(frame, draw, told))


def _sentence(curve: Curve) -> str:
    parts = {
        "label": curve.label,
        "one": wording.percent(curve.at(YEAR)),
        "three": wording.percent(curve.at(3 * YEAR)),
        "five": wording.percent(curve.at(5 * YEAR)),
    }
    return _("%(label)s: %(one)s alive after 1 year, %(three)s after 3, %(five)s after 5.") % parts


def _draw(canvas: Canvas, curves: Sequence[Curve], years: int) -> tuple[SafeString, float]:
    size, row = canvas.size, canvas.row
    room = min(max((scales.width_of(_tag(curve), size) for curve in curves), default=0) + 16, canvas.width * 0.3)
    left, right = size * 3.4, canvas.width - (12 if canvas.is_narrow else room)
    top, bottom = row * 0.8, (230.0 if canvas.is_narrow else 320.0)
    x, y = scales.Linear(0, years * YEAR, left, right), scales.Linear(0, 1, bottom, top)
    parts = []
    for part in (0, 0.25, 0.5, 0.75, 1):
        parts += [
            svg.line(left, y(part), right, y(part), "chart-grid" if part else "chart-axis"),
            svg.text(left - 6, y(part) + size * 0.35, wording.percent(part), "chart-soft", anchor="end"),
        ]
    every = scales.step_for(years, 5 if canvas.is_narrow else 12)
    shown = [year for year in range(years + 1) if year % max(int(every), 1) == 0]
    for year in shown:
        parts.append(svg.line(x(year * YEAR), bottom, x(year * YEAR), bottom + 4, "chart-axis"))
        told = str(year) if year else "0"
        parts.append(svg.text(x(year * YEAR), bottom + row, told, "chart-soft", anchor="middle"))
    parts.append(svg.text((left + right) / 2, bottom + row * 1.95, _("years"), "chart-soft", anchor="middle"))
    parts += [_line(curve, index, x, y) for index, curve in enumerate(curves)]
    parts.append(_names(canvas, curves, x, y, right))
    below, low = _risks(canvas, curves, x, shown, bottom + row * 3)
    return svg.join([*parts, below]), low


def _line(curve: Curve, index: int, x: scales.Linear, y: scales.Linear) -> SafeString:
    points, before = [(x(0), y(1))], 1.0
    end = min(curve.steps[-1][0], x.high) if curve.steps else 0
    for when, part in curve.steps:
        if when > x.high:
            break
        if x(when) - points[-1][0] < FINE and when != end:
            before = part
            continue
        points += [(x(when), y(before)), (x(when), y(part))]
        before = part
    points.append((x(end), y(before)))
    median = curve.median
    marks = []
    if median is not None and median <= x.high:
        told = _("Half are gone after %(years)s years") % {"years": wording.number(median / YEAR, 1)}
        marks.append(svg.element("circle", svg.title(told), cx=x(median), cy=y(curve.at(median)), r=4.5,
                                 class_=f"chart-dot tone-{curve.tone}"))  # fmt: skip
    line = svg.path(svg.polyline(points), f"chart-line tone-{curve.tone} dash-{index % 4}", told=_sentence(curve))
    return svg.join([line, *marks])


def _tag(curve: Curve) -> str:
    return f"{curve.label}"


def _names(canvas: Canvas, curves: Sequence[Curve], x: scales.Linear, y: scales.Linear, right: float) -> SafeString:
    """Name the curves at their end where there is room beside them; the rows below name them on a narrow screen."""
    if canvas.is_narrow:
        return SafeString()
    ends = [y(curve.at(int(min(curve.steps[-1][0] if curve.steps else 0, x.high)))) for curve in curves]
    places = scales.spread(ends, canvas.row, canvas.row, y.start)
    parts = []
    for curve, place in zip(curves, places, strict=True):
        name = scales.clip(_tag(curve), canvas.width - right - 10, canvas.size)
        parts.append(svg.text(right + 8, place + canvas.size * 0.35, name, f"chart-name tone-{curve.tone}"))
    return svg.join(parts)


def _risks(
    canvas: Canvas, curves: Sequence[Curve], x: scales.Linear, shown: Sequence[int], top: float
) -> tuple[SafeString, float]:
    """Write how many are still followed under each year: a curve says little where few are left."""
    parts = [svg.text(0, top, _("Still followed"), "chart-soft")]
    y = top
    for index, curve in enumerate(curves):
        y += canvas.row * 1.15
        parts.append(svg.path(f"M0,{svg.number(y - 4)}h{26}", f"chart-line tone-{curve.tone} dash-{index % 4}"))
        parts.append(svg.text(32, y, _tag(curve), "chart-text"))
        y += canvas.row
        for year in shown:
            left = curve.at_risk[year] if year < len(curve.at_risk) else 0
            number = svg.text(x(year * YEAR), y, wording.number(left), "chart-value", anchor="middle")
            parts.append(svg.group(number, told=ngettext("%(n)s still followed", "%(n)s still followed", left)
                                   % {"n": wording.number(left)}))  # fmt: skip
    return svg.join(parts), y + 6
