"""Fictional data for the gallery's pictures: believable shapes, nobody's figures."""

import datetime as dt
import math
from typing import Any

from django.utils.translation import gettext as _

from parvis.web import charts
from parvis.web.charts import Chart, Frame, layouts

TODAY = dt.date(2026, 8, 20)
HERE = "#charts"


def phases() -> list[tuple[str, str]]:
    """Return the phases in their order, each with its name."""
    return [
        ("investigation", _("Investigation")),
        ("construction", _("Construction")),
        ("acceleration", _("Acceleration")),
        ("consolidation", _("Consolidation")),
        ("opere", _("Operated")),
    ]


def _frame(key: str, title: str, subtitle: str = "", *, csv: bool = True) -> Frame:
    return Frame(key, title, subtitle, _("fictional data"), TODAY, HERE if csv else "", level=3)


def all_kinds() -> dict[str, Chart]:
    """Return one picture of each kind."""
    return {
        "areas": _areas(),
        "flow": _flow(),
        "curve": _curve(),
        "strips": _strips(),
        "team": _team(),
        "series": _series(),
        "tiles": _tiles(),
        "countries": _countries(),
        "bars": _bars(),
        "columns": _columns(),
        "panels": _panels(),
        "matrix": _matrix(),
    }


def _areas() -> Chart:
    years = [dt.date(year, 1, 1) for year in range(2014, 2027)]
    shapes = [(30, 2.0), (62, 3.2), (58, 6.0), (24, 8.0), (14, 10.5)]
    layers = [
        charts.Layer(label, tone, [round(top / (1 + math.exp(late - step * 0.9))) for step in range(len(years))])
        for (tone, label), (top, late) in zip(phases(), shapes, strict=True)
    ]
    title = _("Thirty times more services in twelve years, most of them being built or growing")
    frame = _frame("sample-areas", title, _("Active services by phase on 1 January"))
    return charts.stacked_areas(frame, years, layers, moment_label=_("Date"))


def _flow() -> Chart:
    names = phases()
    totals, now = [410, 300, 128, 55], [17, 78, 52, 18]
    stages = [
        charts.Stage(tone, label, tone, index, totals[index], now[index], href=HERE)
        for index, (tone, label) in enumerate(names[:4])
    ]
    stages += [
        charts.Stage("opere", names[4][1], "opere", 4, 10, 10, href=HERE),
        charts.Stage("transfere", _("Transferred"), "transfere", 4, 69, href=HERE),
        *[
            charts.Stage(f"stop-{index}", _("stopped"), "stopped", index + 1, count, is_exit=True, href=HERE)
            for index, count in enumerate((140, 64, 12, 7))
        ],
    ]
    flows = [(0, 1, 253), (1, 2, 118), (1, 3, 15), (2, 3, 38)]
    passages = [charts.Passage(names[a][0], names[b][0], count) for a, b, count in flows]
    passages += [
        charts.Passage(names[index][0], f"stop-{index}", count) for index, count in enumerate((140, 64, 12, 7))
    ]
    passages += [
        charts.Passage("construction", "transfere", 18),
        charts.Passage("acceleration", "transfere", 21),
        charts.Passage("acceleration", "opere", 5),
        charts.Passage("consolidation", "transfere", 30),
    ]
    title = _("Six stops in ten come right after the investigation")
    frame = _frame("sample-flow", title, _("Services that have entered each phase, and where they went from there"))
    return charts.flow(frame, stages, passages, others=_("Not drawn: 6 services that went back to an earlier phase."))


def _curve() -> Chart:
    def curve(label: str, tone: str, yearly: float, followed: int, years: int) -> charts.Curve:
        steps = [(0, 1.0), *[(day, yearly ** (day / 365)) for day in range(40, years * 365, 40)]]
        at_risk = [round(followed * (yearly * 0.87) ** year) for year in range(years + 1)]
        return charts.Curve(label, tone, steps, at_risk)

    title = _("Seven services in ten are alive three years after their launch")
    frame = _frame("sample-curve", title, _("Part of services still alive, by years since they began"))
    return charts.survival(
        frame,
        [
            curve(_("Since the launch"), "1", 0.895, 300, 9),
            curve(_("Since the investigation"), "2", 0.81, 410, 10),
        ],
    )


SERVICES = ("Aides Jeunes", "Fil d’eau", "Carnet de route", "Bonne école", "Toits sobres", "Le bon guichet", "Semences")


def _strips() -> Chart:
    names, rows = phases(), []
    for index, service in enumerate(SERVICES):
        start = dt.date(2019 + index % 5, 1 + index * 2 % 12, 1)
        count = 2 + index % 4
        edges = [start + dt.timedelta(days=round(210 + 330 * step * (1 + index % 3 / 3))) for step in range(count)]
        spans = [charts.Span(start, edges[0], "investigation", names[0][1], is_assumed=bool(index % 2))]
        for step in range(1, count):
            tone, label = names[min(step, 4)]
            spans.append(charts.Span(edges[step - 1], edges[step], tone, label, is_assumed=step % 2 == 0))
        tone, label = names[min(count, 4)]
        if edges[-1] < TODAY:
            stopped = index == 5  # noqa: PLR2004 - one of them, to show it
            last = charts.Span(edges[-1], None, "stopped" if stopped else tone, _("stopped") if stopped else label,
                               is_hatched=stopped)  # fmt: skip
            spans.append(last)
        dots = [charts.Dot(edges[0], "diamond", _("Committee")), charts.Dot(edges[0] + dt.timedelta(200), "triangle",
                _("Launch"))]  # fmt: skip
        flag = _("3 years here") if index in {0, 3} else ""
        rows.append(charts.Row(service, spans, dots, href=HERE, flag=flag))
    marks = [
        charts.shape_mark("diamond", _("Committee")),
        charts.shape_mark("triangle", _("Launch")),
        *charts.ending_marks(),
    ]
    title = _("Two services have been in one phase for three years")
    period = charts.Period(dt.date(2019, 1, 1), dt.date(2026, 12, 31), TODAY)
    return charts.timeline(_frame("sample-strips", title), rows, period, label=_("Service"), marks=marks)


def _team() -> Chart:
    people = [
        ("Léa Martin", _("Product"), "3", 2024, 130, ""),
        ("Karim Ben Youssef", _("Development"), "1", 2023, 41, _("leaves 30 Sep")),
        ("Zoé Lefèvre", _("Design"), "4", 2025, 133, ""),
        ("Tom Okafor", _("Development"), "1", 2022, -400, ""),
        ("Inès Durand", _("Public official"), "2", 2022, 500, ""),
    ]
    rows = [
        charts.Row(
            name,
            [charts.Span(dt.date(year, 3, 1), TODAY + dt.timedelta(days=ahead), tone, trade)],
            detail=trade,
            flag=flag,
            href=HERE,
        )
        for name, trade, tone, year, ahead, flag in people
    ]
    period = charts.Period(dt.date(2022, 1, 1), dt.date(2027, 12, 31), TODAY)
    title = _("Nobody is left to develop after September")
    subtitle = _("Missions by person; ends ahead are ends of contracts, which are usually renewed")
    return charts.timeline(_frame("sample-team", title, subtitle), rows, period, label=_("Person"))


def _series() -> Chart:
    points = [
        charts.Point(dt.date(2022 + index // 4, 1 + index % 4 * 3, 1), round(900 * 1.34**index)) for index in range(18)
    ]
    names = dict(phases())
    bands = [
        charts.Band(dt.date(2022, 1, 1), dt.date(2023, 4, 1), "construction", names["construction"]),
        charts.Band(dt.date(2023, 4, 1), dt.date(2025, 9, 1), "acceleration", names["acceleration"]),
        charts.Band(dt.date(2025, 9, 1), None, "consolidation", names["consolidation"]),
    ]
    return charts.line_series(
        _frame("sample-series", _("Two thirds of the way to the target"), _("Households helped since the beginning")),
        points,
        unit=_("households"),
        target=charts.Target(200_000, dt.date(2027, 6, 1)),
        bands=bands,
        remarks=[charts.Remark(dt.date(2024, 5, 1), _("Open in all regions"))],
    )


def _tiles() -> Chart:
    codes = list(layouts.FRANCE_PLACES)
    tiles = [
        charts.Tile(code, _("Department %(code)s") % {"code": code}, max(0, (int(code, 16) * 37) % 11 - 4), href=HERE)
        for code in codes
    ]
    frame = _frame("sample-tiles", _("Departments do not try things at one pace"), _("Services by department"))
    return charts.tile_map(frame, tiles, charts.france({}), label=_("Department"), value=_("services"))


def _countries() -> Chart:
    tiles = [
        charts.Tile(code, code, count, is_new=code == "PT")
        for code, count in {"FR": 1, "ES": 1, "BE": 1, "PT": 1, "CA": 1, "MG": 1}.items()
    ]
    frame = _frame("sample-countries", _("In use in six countries, Portugal since this year"))
    drawn = charts.countries({})
    return charts.tile_map(frame, tiles, drawn, label=_("Country"), value=_("In use"), is_count=False)


def _bars() -> Chart:
    items = [(_("Source code"), 118), (_("Statistics page"), 104), (_("Accessibility"), 91), (_("Budget"), 63)]
    bars = [charts.Bar(label, value, of=150, href=HERE) for label, value in items]
    frame = _frame("sample-bars", _("Six services in ten do not publish their budget"), _("Services that publish…"))
    return charts.lying_bars(frame, bars, label=_("Page"), value=_("Services"))


def _columns() -> Chart:
    years = [str(year) for year in range(2018, 2027)]
    columns = [
        charts.Column(_("Launched"), "1", [24, 21, 30, 32, 35, 28, 34, 44, 18]),
        charts.Column(_("Stopped"), "stopped", [6, 9, 14, 19, 25, 22, 30, 33, 15], hatched=True),
    ]
    frame = _frame("sample-columns", _("More is launched than stopped, each year"))
    return charts.standing_bars(frame, years, columns, label=_("Year"), unfinished=True)


def _panels() -> Chart:
    years = [dt.date(year, 1, 1) for year in range(2018, 2027)]
    panels = [
        charts.Panel(
            name,
            [
                charts.Layer(label, tone, [max(0, round(high * step / 8 / (2 + rank))) for step in range(9)])
                for rank, (tone, label) in enumerate(phases()[:4])
            ],
            href=HERE,
        )
        for name, high in [("Fabrique des mobilités", 38), ("Atelier agricole", 16), ("Ville ouverte", 9), ("Sceau", 4)]
    ]
    frame = _frame("sample-panels", _("One incubator in four holds half of the services"), _("Active services by year"))
    return charts.small_multiples(frame, years, panels, label=_("Incubator"))


def _matrix() -> Chart:
    items = [_("Source code"), _("Statistics page"), _("Budget")]
    lines: list[Any] = [
        charts.Line("Fabrique des mobilités", [0.82, 0.64, 0.31], HERE),
        charts.Line("Atelier agricole", [0.71, 0.93, 0.5], HERE),
        charts.Line("Aides Jeunes", [True, False, None], HERE),
    ]
    frame = _frame("sample-matrix", _("Budgets are published least"))
    return charts.matrix(frame, items, lines, label=_("Incubator"), caption=_("Published pages by incubator"))
