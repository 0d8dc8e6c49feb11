"""What every picture of data comes with: its finding as a title, its table, its source, its CSV address."""

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from typing import NamedTuple

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from parvis.web.charts import svg, wording

Text = str | Promise
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Linked(NamedTuple):
    """A cell of the table that leads somewhere."""

    text: Text
    href: str


class Share(NamedTuple):
    """A cell that is a part of one, shown as a percentage."""

    part: float


Cell = Text | int | float | Decimal | dt.date | Linked | Share | None


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a picture; the first column heads each row."""

    headers: Sequence[Text]
    rows: Sequence[Sequence[Cell]]

    def body(self) -> SafeString:
        """Return the rows in the reader's language; as text, since a template takes ten times longer for each cell."""
        return svg.join(
            [f"<tr>{_cell(row[0], 'th')}{''.join([_cell(cell) for cell in row[1:]])}</tr>" for row in self.rows]
        )

    @property
    def heads(self) -> list[tuple[Text, bool]]:
        """Return the headers, each with whether its column holds numbers."""
        columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.headers)
        return [
            (header, bool(column) and all(cell is None or _is_number(cell) for cell in column))
            for header, column in zip(self.headers, columns, strict=True)
        ]


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float | Decimal | Share)


def _cell(cell: Cell, tag: str = "td") -> str:
    shown = escape(_words(cell))
    if isinstance(cell, Linked):
        shown = f'<a href="{escape(cell.href)}">{shown}</a>'
    if tag == "th":
        return f'<th scope="row">{shown}</th>'
    return f'<td class="number">{shown}</td>' if _is_number(cell) else f"<td>{shown}</td>"


def _words(cell: Cell) -> str:
    if isinstance(cell, Linked):
        return str(cell.text)
    if isinstance(cell, Share):
        return wording.percent(cell.part, 1)
    if isinstance(cell, int | float | Decimal):
        return wording.number(cell)
    if isinstance(cell, dt.date):
        return wording.day(cell)
    return "—" if cell is None else str(cell)


def _plain(cell: Cell) -> str | int | float:
    """Return a cell for machines; a text that a spreadsheet would run as a formula is made harmless."""
    if cell is None:
        return ""
    if isinstance(cell, Share):
        return round(cell.part, 4)
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, Decimal):
        return str(cell)
    if isinstance(cell, dt.date):
        return cell.isoformat()
    told = str(cell.text if isinstance(cell, Linked) else cell)
    return f"'{told}" if told.startswith(FORMULA) else told


def csv_response(table: Table, name: str) -> HttpResponse:
    """Return the numbers of a picture as a file that spreadsheets open in the right encoding."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(response)
    writer.writerow([str(header) for header in table.headers])
    writer.writerows([[_plain(cell) for cell in row] for row in table.rows])
    return response


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a drawing. `title` says the finding, `subtitle` what is measured; `key` makes identifiers."""

    key: str
    title: Text
    subtitle: Text = ""
    source: Text = ""
    as_of: dt.date | None = None
    csv_url: str = ""
    level: int = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry of the key under the title: a swatch or a shape, and its words."""

    label: Text
    sample: SafeString


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of data, whole: what `{% chart %}` draws."""

    frame: Frame
    table: Table
    drawing: SafeString
    legend: Sequence[Mark] = field(default=())
    notes: Sequence[Text] = field(default=())
    is_table: bool = False  # The drawing is the table itself.

    def csv(self) -> HttpResponse:
        """Return the same numbers as a file."""
        return csv_response(self.table, self.frame.key)


@dataclass(frozen=True, slots=True)
class Canvas:
    """The room for a drawing. Letters keep their size on paper, so a narrow screen gets a drawing of its own."""

    name: str
    width: float
    size: float

    @property
    def is_narrow(self) -> bool:
        """Say whether this is the drawing for telephones."""
        return self.name == "narrow"

    @property
    def row(self) -> float:
        """Return the height of a line of text."""
        return self.size * 1.4


WIDE = Canvas("wide", 880, 14)
NARROW = Canvas("narrow", 360, 12.5)
Drawer = Callable[[Canvas], tuple[SafeString, float]]


def sheets(frame: Frame, draw: Drawer, told: str, *, has_links: bool = False) -> SafeString:
    """Draw both widths; the style sheet shows the one that fits.

    A drawing whose marks are links is a group and not an image, or nobody could reach them by keyboard.
    """
    drawn = []
    for canvas in (WIDE, NARROW):
        body, height = draw(canvas)
        identifier = f"chart-{frame.key}-{canvas.name}"
        head = svg.element("title", frame.title, id=f"{identifier}-title")
        words = svg.element("desc", told, id=f"{identifier}-desc")
        drawn.append(
            svg.element(
                "svg",
                head,
                words,
                body,
                viewBox=f"0 0 {svg.number(canvas.width)} {svg.number(height)}",
                class_=f"chart-svg chart-{canvas.name}",
                role="group" if has_links else "img",
                aria_labelledby=f"{identifier}-title",
                aria_describedby=f"{identifier}-desc",
            )
        )
    return svg.join(drawn)


def swatch(tone: str, *, hatched: bool = False) -> SafeString:
    """Return a small square of a colour for the key."""
    parts = [svg.rect(1, 1, 14, 14, f"chart-fill tone-{tone}", rx=2)]
    if hatched:
        parts.append(svg.path("M1,10L10,1M1,15L15,1M6,15L15,6", "chart-stripe"))
    return sample(*parts)


def sample(*parts: SafeString) -> SafeString:
    """Return a small drawing for the key; the words beside it say what it means."""
    return svg.element("svg", *parts, viewBox="0 0 16 16", class_="chart-sample", aria_hidden="true", focusable="false")
