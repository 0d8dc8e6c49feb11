"""A matrix of parts: which page is missing where. It is its own table: each cell holds its number and its words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.web import icons
from parvis.web.charts import svg, wording
from parvis.web.charts.chart import Cell, Chart, Frame, Linked, Share, Table, Text

LEVELS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A row: for each item a part of one, True or False, or None when the question does not arise."""

    label: Text
    cells: Sequence[float | bool | None]
    href: str = ""
    detail: Text = ""
    is_total: bool = False


def matrix(frame: Frame, items: Sequence[Text], lines: Sequence[Line], *, label: Text, caption: Text) -> Chart:
    """Draw the rows as a table whose cells are tinted by their part, or hold a tick or a cross."""
    head = svg.element(
        "tr",
        svg.element("th", label, scope="col"),
        *[svg.element("th", item, scope="col", class_="chart-cell-head") for item in items],
    )
    body = svg.join([_row(line) for line in lines])
    drawn = svg.element(
        "table",
        svg.element("caption", caption, class_="visually-hidden"),
        svg.element("thead", head),
        svg.element("tbody", body),
        class_="chart-matrix",
    )
    region = svg.element("div", drawn, class_="table-scroll", tabindex="0", role="region", aria_label=str(caption))
    rows: list[list[Cell]] = [
        [Linked(line.label, line.href) if line.href else line.label, *[_plain(cell) for cell in line.cells]]
        for line in lines
    ]
    return Chart(frame, Table([label, *items], rows), region, is_table=True)


def _plain(cell: float | bool | None) -> Cell:  # noqa: FBT001 - a cell, not a switch
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    return None if cell is None else Share(cell)


def _row(line: Line) -> SafeString:
    name = svg.element("a", line.label, href=line.href) if line.href else svg.element("span", line.label)
    detail = [svg.element("span", line.detail, class_="chart-cell-detail")] if line.detail else []
    cells = svg.join([_cell(cell) for cell in line.cells])
    return svg.element(
        "tr", svg.element("th", name, *detail, scope="row"), cells, class_="is-total" if line.is_total else None
    )


def _cell(cell: float | bool | None) -> SafeString:  # noqa: FBT001 - a cell, not a switch
    if cell is None:
        return svg.element("td", "·", class_="chart-cell")
    if isinstance(cell, bool):
        words = svg.element("span", _("yes") if cell else _("no"), class_="visually-hidden")
        look = "chart-cell is-there" if cell else "chart-cell is-missing"
        return svg.element("td", icons.icon("check" if cell else "close", "sm"), words, class_=look)
    level = min(int(cell * LEVELS), LEVELS - 1)
    return svg.element("td", wording.percent(cell), class_=f"chart-cell level-{level}")
