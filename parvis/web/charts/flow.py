"""A flow from stage to stage: who goes on, who ends where, and how many stand in each stage now.

Stages stand side by side on a wide screen and one below the other on a narrow one; the same layout is computed once,
along the way (`along`) and across it, and turned when it is drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.web.charts import scales, svg, wording
from parvis.web.charts.chart import Canvas, Cell, Chart, Frame, Linked, Table, Text, sheets

THICK = 16.0  # Of a stage's bar, along the way.


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage at a column; `is_exit` puts it on the far side, where what has ended goes."""

    key: str
    label: Text
    tone: str
    column: int
    total: int
    now: int | None = None
    is_exit: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """How many went from one stage to another."""

    source: str
    target: str
    count: int


@dataclass(slots=True)
class _Placed:
    """A stage with its place: where it begins across the way, and how much of each side is taken by ribbons."""

    stage: Stage
    along: float
    start: float
    size: float
    out: float = 0.0
    into: float = 0.0


@dataclass(frozen=True, slots=True)
class _Way:
    """Turns (along, across) into x and y."""

    canvas: Canvas

    def point(self, along: float, across: float) -> tuple[float, float]:
        return (across, along) if self.canvas.is_narrow else (along, across)

    def box(self, along: float, across: float, long: float, size: float, look: str) -> SafeString:
        x, y = self.point(along, across)
        wide, high = self.point(long, size)
        return svg.rect(x, y, wide, high, look, rx=2)


def flow(frame: Frame, stages: Sequence[Stage], passages: Sequence[Passage], *, others: str = "") -> Chart:
    """Draw the stages and the ribbons between them; the table lists every passage, drawn or not."""
    known = {stage.key: stage for stage in stages}
    rows: list[list[Cell]] = []
    for stage in stages:
        name: Cell = Linked(stage.label, stage.href) if stage.href else stage.label
        rows.append([name, "", stage.total])
        if stage.now is not None:
            rows.append([stage.label, _("there now"), stage.now])
        rows += [[stage.label, known[one.target].label, one.count] for one in passages if one.source == stage.key]
    table = Table([_("From"), _("To"), _("Number")], rows)

    def draw(canvas: Canvas) -> tuple[SafeString, float]:
        return _draw(_Way(canvas), stages, passages)

    told = ". ".join(f"{stage.label}: {wording.number(stage.total)}" for stage in stages) + "."
    drawing = sheets(frame, draw, told, has_links=any(stage.href for stage in stages))
    return Chart(frame, table, drawing, notes=[others] if others else ())


def _draw(way: _Way, stages: Sequence[Stage], passages: Sequence[Passage]) -> tuple[SafeString, float]:
    canvas = way.canvas
    placed, length, depth = _place(canvas, stages)
    ribbons = [_ribbon(way, placed, one) for one in _in_order(passages, placed)]
    marks = [_mark(way, one) for one in placed.values()]
    return svg.join([*ribbons, *marks]), length if canvas.is_narrow else depth


def _place(canvas: Canvas, stages: Sequence[Stage]) -> tuple[dict[str, _Placed], float, float]:
    columns = max(stage.column for stage in stages)
    high = max(stage.total for stage in stages) or 1
    if canvas.is_narrow:
        unit, pitch, first, exits = 195 / high, 116.0, canvas.row * 2.4, 240.0
    else:
        end_room = 150.0
        unit, pitch, first, exits = 230 / high, (canvas.width - end_room - THICK) / max(columns, 1), 0.0, 0.0
    lane = 0.0 if canvas.is_narrow else canvas.row * 2.4
    placed: dict[str, _Placed] = {}
    ends = dict.fromkeys(range(columns + 1), lane)
    for stage in (one for one in stages if not one.is_exit):
        size = max(stage.total * unit, 2.0)
        placed[stage.key] = _Placed(stage, first + stage.column * pitch, ends[stage.column], size)
        words = scales.width_of(_narrow_words(stage), canvas.size) + 14
        ends[stage.column] += max(size + 16.0, words) if canvas.is_narrow else size + canvas.row * 2.6
    # What ends leaves the main way: below it on a wide screen, to the right on a narrow one.
    exits = exits or lane + 230 + canvas.row * 3.4
    deepest = exits
    for stage in (one for one in stages if one.is_exit):
        size = max(stage.total * unit, 2.0)
        along = first + stage.column * pitch - (pitch * 0.42 if canvas.is_narrow else 0)
        placed[stage.key] = _Placed(stage, along, exits, size)
        deepest = max(deepest, exits + size)
    return placed, first + columns * pitch + THICK + canvas.row * 2.4, deepest + canvas.row * 0.6


def _narrow_words(stage: Stage) -> str:
    now = "" if stage.now is None else ", " + _("now %(n)s") % {"n": wording.number(stage.now)}
    return f"{wording.number(stage.total)}  {stage.label}{now}"


def _in_order(passages: Sequence[Passage], placed: Mapping[str, _Placed]) -> list[Passage]:
    """Put the ribbons of each stage in the order of their targets, so that they do not cross at their root."""
    known = [one for one in passages if one.source in placed and one.target in placed]
    return sorted(known, key=lambda one: (placed[one.source].along, placed[one.target].start,
                                          placed[one.target].along))  # fmt: skip


def _ribbon(way: _Way, placed: Mapping[str, _Placed], passage: Passage) -> SafeString:
    source, target = placed[passage.source], placed[passage.target]
    size = passage.count * source.size / max(source.stage.total, 1)
    a, b = source.start + source.out, target.start + target.into
    source.out += size
    target.into += size
    start, end = source.along + THICK, target.along
    bend = start + (end - start) * 0.5
    corners = [way.point(*one) for one in (
        (start, a), (bend, a), (bend, b), (end, b), (end, b + size), (bend, b + size), (bend, a + size),
        (start, a + size),
    )]  # fmt: skip
    p = [f"{svg.number(x)},{svg.number(y)}" for x, y in corners]
    told = f"{source.stage.label} → {target.stage.label}: {wording.number(passage.count)}"
    data = f"M{p[0]}C{p[1]} {p[2]} {p[3]}L{p[4]}C{p[5]} {p[6]} {p[7]}Z"
    look = f"chart-fill chart-ribbon tone-{target.stage.tone if target.stage.is_exit else source.stage.tone}"
    return svg.path(data, look, told=told)


def _mark(way: _Way, one: _Placed) -> SafeString:
    stage, canvas = one.stage, way.canvas
    box = way.box(one.along, one.start, THICK, one.size, f"chart-fill tone-{stage.tone}")
    number = wording.number(stage.total)
    lines = [(number, "chart-number"), (str(stage.label), "chart-text")]
    if stage.now is not None:
        lines.append((_("now %(n)s") % {"n": wording.number(stage.now)}, "chart-soft"))
    words = _beside(way, one, lines) if canvas.is_narrow else svg.join(_above(canvas, one, lines))
    return svg.anchored(svg.group(box, words, told=f"{stage.label}: {number}"), stage.href,
                        f"{stage.label}: {number}")  # fmt: skip


def _above(canvas: Canvas, one: _Placed, lines: list[tuple[str, str]]) -> list[SafeString]:
    """Write over the bar: the number with its name, and under them what is there now."""
    (number, bold), (name, plain), *rest = lines
    x, y = one.along, one.start - canvas.size * 0.45
    words = [svg.text(x, y, told, look) for told, look in rest]
    above = y - canvas.row * len(rest)
    label = svg.element("text", svg.element("tspan", number, class_=bold), f" {name}", x=x, y=above, class_=plain)
    return [label, *words]


def _beside(way: _Way, one: _Placed, lines: list[tuple[str, str]]) -> SafeString:
    """Write above a lying bar on a narrow screen, in one line."""
    canvas = way.canvas
    (number, bold), (name, plain), *rest = lines
    told = name + "".join(f", {more}" for more, _look in rest)
    room = canvas.width - one.start - scales.width_of(f"{number}  ", canvas.size * 1.15)
    words = f" {scales.clip(told, room, canvas.size)}"
    above = one.along - canvas.size * 0.45
    return svg.element("text", svg.element("tspan", number, class_=bold), words, x=one.start, y=above, class_=plain)
