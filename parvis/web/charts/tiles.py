"""A map of equal squares: where something is, how much of it, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.web.charts import layouts, scales, svg, wording
from parvis.web.charts.chart import Canvas, Cell, Chart, Frame, Linked, Mark, Table, Text, sample, sheets

LEVELS = 4
Layout = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Tile:
    """What is known of a territory: `value` decides how dark it is, `detail` is told beside its name."""

    code: str
    name: Text
    value: int
    detail: Text = ""
    href: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """A layout with the names of all its territories, and the name of a part of it if it is drawn beside others."""

    layout: Layout
    names: Mapping[str, Text]


def level_of(value: int, high: int) -> int:
    """Return 0 for nothing, else 1 to 4: each level holds about a quarter of what the highest has."""
    if value <= 0:
        return 0
    return min(LEVELS, 1 + int((value - 1) * LEVELS / max(high, 1)))


def tile_map(
    frame: Frame, tiles: Sequence[Tile], drawn: Map, *, label: Text, value: Text, is_count: bool = True
) -> Chart:
    """Draw every territory of the layout; without `is_count` a territory is only covered or not."""
    known = {tile.code: tile for tile in tiles}
    rows: list[list[Cell]] = [
        [tile.code, Linked(tile.name, tile.href) if tile.href else tile.name, tile.value, tile.detail or None]
        for tile in sorted(tiles, key=lambda tile: (-tile.value, tile.code))
        if tile.value
    ]
    table = Table([_("Code"), label, value, _("Detail")], rows)
    high = max((tile.value for tile in tiles), default=0)

    def draw(canvas: Canvas) -> tuple[SafeString, float]:
        return _draw(canvas, known, drawn, high if is_count else LEVELS)

    covered = sum(1 for tile in tiles if tile.value)
    told = _("%(covered)s territories out of %(all)s.") % {
        "covered": wording.number(covered),
        "all": wording.number(len(set(drawn.layout) | set(known))),
    }
    drawing = sheets(frame, draw, told, has_links=any(tile.href for tile in tiles))
    return Chart(frame, table, drawing, _key(high, value) if is_count else ())


def _key(high: int, value: Text) -> list[Mark]:
    """Say which numbers each level stands for."""
    bounds: dict[int, list[int]] = {}
    for number in range(high + 1):
        bounds.setdefault(level_of(number, high), []).append(number)
    marks = []
    for level, numbers in sorted(bounds.items()):
        low, top = numbers[0], numbers[-1]
        told = wording.number(low) if low == top else f"{wording.number(low)}–{wording.number(top)}"
        square = sample(svg.rect(1, 1, 14, 14, f"chart-tile level-{level}", rx=2))
        marks.append(Mark(f"{told} {value}" if level == max(bounds) else told, square))
    return marks


def _draw(canvas: Canvas, known: Mapping[str, Tile], drawn: Map, high: int) -> tuple[SafeString, float]:
    columns = max(column for column, _row in drawn.layout.values()) + 1
    side = min(canvas.width / columns, 46.0)
    left = 0.0 if canvas.is_narrow else (canvas.width - side * columns) / 2
    parts = [
        _tile(canvas, (left + column * side, row * side), side, known.get(code) or _absent(code, drawn), high)
        for code, (column, row) in drawn.layout.items()
    ]
    rows = max(row for _column, row in drawn.layout.values()) + 1
    y = rows * side
    others = [tile for code, tile in sorted(known.items()) if code not in drawn.layout]
    if others:
        per_line = max(int(canvas.width // (side * 1.3)), 1)
        y += canvas.row * 1.4
        parts.append(svg.text(left, y - canvas.size * 0.5, _("Elsewhere"), "chart-soft"))
        for index, tile in enumerate(others):
            place = (left + (index % per_line) * side * 1.3, y + index // per_line * side)
            parts.append(_tile(canvas, place, side, tile, high, wide=side * 1.3))
        y += -(-len(others) // per_line) * side
    return svg.join(parts), y + 2


def _absent(code: str, drawn: Map) -> Tile:
    return Tile(code, drawn.names.get(code, code), 0)


def _tile(
    canvas: Canvas, place: tuple[float, float], side: float, tile: Tile, high: int, *, wide: float = 0
) -> SafeString:
    """Draw a square with its code: covered ones are filled, a new one has a bold edge, the others are outlines."""
    x, y = place
    level, room = level_of(tile.value, high), (wide or side) - 3
    size = min(canvas.size, side * 0.4)
    code = scales.clip(tile.code, room, size)
    words = [str(tile.name), wording.number(tile.value) if tile.value else "", str(tile.detail)]
    told = ", ".join(word for word in words if word)
    new = " is-new" if tile.is_new else ""
    look = f"chart-tile-code level-{level}{' chart-small' if side < canvas.row * 2 else ''}"
    mark = svg.group(
        svg.rect(x + 1.5, y + 1.5, room, side - 3, f"chart-tile level-{level}{new}", rx=3),
        svg.text(x + (wide or side) / 2, y + side / 2 + size * 0.36, code, look, anchor="middle"),
        told=told,
    )
    return svg.anchored(mark, tile.href, told)


def france(names: Mapping[str, Text]) -> Map:
    """Return the map of the departments of France."""
    return Map(layouts.FRANCE_PLACES, names)


def french_regions(names: Mapping[str, Text]) -> Map:
    """Return the map of the regions of France."""
    return Map(layouts.FRENCH_REGION_PLACES, names)


def countries(names: Mapping[str, Text]) -> Map:
    """Return the map of the countries of Europe; others that are covered stand below it."""
    return Map(layouts.COUNTRY_PLACES, names)
