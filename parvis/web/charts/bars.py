"""Bars: lying ones to compare named things, standing ones for years."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.web.charts import scales, svg, wording
from parvis.web.charts.chart import Canvas, Cell, Chart, Frame, Linked, Mark, Share, Table, Text, sheets, swatch


@dataclass(frozen=True, slots=True)
class Bar:
    """A named value; `of` is the whole that it is a part of, drawn as a track behind it."""

    label: Text
    value: int
    tone: str = "accent"
    of: int | None = None
    href: str = ""


def lying_bars(frame: Frame, bars: Sequence[Bar], *, label: Text, value: Text) -> Chart:
    """Draw one bar a line, the longest reaching across; the label stands above it on a narrow screen."""
    has_whole = any(bar.of is not None for bar in bars)
    headers = [label, value, *([_("Out of"), _("Share")] if has_whole else [])]
    rows: list[list[Cell]] = [
        [
            Linked(bar.label, bar.href) if bar.href else bar.label,
            bar.value,
            *([bar.of, Share(bar.value / bar.of) if bar.of else None] if has_whole else []),
        ]
        for bar in bars
    ]

    def draw(canvas: Canvas) -> tuple[SafeString, float]:
        return _lying(canvas, bars)

    drawing = sheets(frame, draw, _told(bars), has_links=any(bar.href for bar in bars))
    return Chart(frame, Table(headers, rows), drawing)


def _told(bars: Sequence[Bar]) -> str:
    return ", ".join(f"{bar.label} {_amount(bar)}" for bar in bars[:12]) + "."


def _amount(bar: Bar) -> str:
    if bar.of:
        return f"{wording.number(bar.value)} ({wording.percent(bar.value / bar.of)})"
    return wording.number(bar.value)


def _lying(canvas: Canvas, bars: Sequence[Bar]) -> tuple[SafeString, float]:
    size, height = canvas.size, canvas.row
    longest = max((scales.width_of(str(bar.label), size) for bar in bars), default=0)
    left = 0.0 if canvas.is_narrow else min(longest + 14, 300.0)
    pitch = height * 2.2 if canvas.is_narrow else height * 1.55
    room = max((scales.width_of(_amount(bar), size) for bar in bars), default=0) + 12
    high = max((max(bar.value, bar.of or 0) for bar in bars), default=1) or 1
    x = scales.Linear(0, high, left, canvas.width - room)
    parts = []
    for index, bar in enumerate(bars):
        top = index * pitch + (height if canvas.is_narrow else height * 0.2)
        thick = height * 0.7 if canvas.is_narrow else height
        parts.append(_one_lying(canvas, bar, x, top, thick))
    return svg.join(parts), max(len(bars) * pitch + 4, 8)


def _one_lying(canvas: Canvas, bar: Bar, x: scales.Linear, top: float, thick: float) -> SafeString:
    base, room = top + thick / 2 + canvas.size * 0.35, (canvas.width if canvas.is_narrow else x.start - 14)
    name = scales.clip(str(bar.label), room, canvas.size)
    label = (
        svg.text(0, top - canvas.size * 0.35, name, "chart-text")
        if canvas.is_narrow
        else svg.text(x.start - 10, base, name, "chart-text", anchor="end")
    )
    track = [svg.rect(x.start, top, x(bar.of) - x.start, thick, "chart-track", rx=2)] if bar.of else []
    long = max(x(bar.value) - x.start, 1.5 if bar.value else 0)
    end = max(x(bar.of or 0), x(bar.value)) + 8
    mark = svg.group(
        *track,
        svg.rect(x.start, top, long, thick, f"chart-fill tone-{bar.tone}", rx=2),
        label,
        svg.text(end, base, _amount(bar), "chart-value"),
        told=f"{bar.label}: {_amount(bar)}",
    )
    return svg.anchored(mark, bar.href, f"{bar.label}: {_amount(bar)}")


@dataclass(frozen=True, slots=True)
class Column:
    """A kind of standing bar, with a value for each label; `hatched` tells it from its neighbour without colour."""

    label: Text
    tone: str
    values: Sequence[int]
    hatched: bool = False


def standing_bars(
    frame: Frame, labels: Sequence[str], columns: Sequence[Column], *, label: Text, unfinished: bool = False
) -> Chart:
    """Draw bars side by side for each label; `unfinished` says that the last label is not over (the current year)."""
    rows: list[list[Cell]] = [
        [name, *[column.values[index] for column in columns]] for index, name in enumerate(labels)
    ]
    table = Table([label, *[column.label for column in columns]], rows)
    legend = [Mark(column.label, swatch(column.tone, hatched=column.hatched)) for column in columns]

    def draw(canvas: Canvas) -> tuple[SafeString, float]:
        return _standing(canvas, frame.key, labels, columns, unfinished=unfinished)

    told = "; ".join(
        f"{column.label}: " + ", ".join(f"{name} {value}" for name, value in zip(labels, column.values, strict=True))
        for column in columns
    )
    return Chart(frame, table, sheets(frame, draw, told), legend if len(columns) > 1 else ())


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where standing bars stand: one slot for each label, shared by the columns."""

    canvas: Canvas
    key: str
    y: scales.Linear
    slot: float
    wide: float
    columns: Sequence[Column]

    def hatch(self, column: Column) -> str:
        return f"chart-{self.key}-{self.canvas.name}-{column.tone}"


def _standing(
    canvas: Canvas, key: str, labels: Sequence[str], columns: Sequence[Column], *, unfinished: bool
) -> tuple[SafeString, float]:
    high = max((value for column in columns for value in column.values), default=1) or 1
    bottom = 200.0 if canvas.is_narrow else 250.0
    slot = canvas.width / max(len(labels), 1)
    wide = min(slot * 0.8 / max(len(columns), 1), 46)
    stand = _Stand(canvas, key, scales.Linear(0, high, bottom, canvas.row), slot, wide, columns)
    parts = [svg.hatch(stand.hatch(column), column.tone) for column in columns if column.hatched]
    every = -(-int(scales.width_of("2000  ", canvas.size)) // max(int(slot), 1))
    for index, name in enumerate(labels):
        last = unfinished and index == len(labels) - 1
        parts += [_one_standing(stand, rank, index, name, is_open=last) for rank in range(len(columns))]
        if (len(labels) - 1 - index) % every == 0:
            shown = f"{name}*" if last else name
            parts.append(svg.text(slot * (index + 0.5), bottom + canvas.row, shown, "chart-soft", anchor="middle"))
    parts.append(svg.line(0, bottom, canvas.width, bottom, "chart-axis"))
    if unfinished:
        note = _("* not over yet")
        parts.append(svg.text(canvas.width, bottom + canvas.row * 2.1, note, "chart-soft", anchor="end"))
    return svg.join(parts), bottom + canvas.row * (2.5 if unfinished else 1.4)


def _one_standing(stand: _Stand, rank: int, index: int, name: str, *, is_open: bool) -> SafeString:
    column, y, wide = stand.columns[rank], stand.y, stand.wide
    left = stand.slot * (index + 0.5) + (rank - len(stand.columns) / 2) * wide
    value = column.values[index]
    fill = f"url(#{stand.hatch(column)})" if column.hatched else None
    look = f"{'' if column.hatched else 'chart-fill '}chart-bar tone-{column.tone}{' is-open' if is_open else ''}"
    bar = svg.rect(left + 1, y(value), wide - 2, y.start - y(value), look, rx=1.5, fill=fill)
    shown = wording.number(value)
    fits = value and scales.width_of(shown, stand.canvas.size * 0.92) <= wide + 2
    number = svg.text(left + wide / 2, y(value) - 5, shown, "chart-value chart-small", anchor="middle")
    return svg.group(bar, *([number] if fits else []), told=f"{name}, {column.label}: {shown}")
