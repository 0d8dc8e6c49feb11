"""Writing SVG as text: small, escaped, and without any style of its own.

Only classes name colours, so that the style sheet decides them for light, dark and paper; the strict policy allows no
`style` attribute in any case.
"""

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString

Value = str | float | None


def number(value: float) -> str:
    """Return a coordinate with at most one decimal: a tenth of a unit is less than anybody sees."""
    short = f"{value:.1f}"
    return short.removesuffix(".0")


def _attribute(name: str, value: str | float) -> str:
    text = number(value) if isinstance(value, int | float) else escape(value)
    return f' {name.rstrip("_").replace("_", "-")}="{text}"'


def element(name: str, *children: object, **attributes: Value) -> SafeString:
    """Return one element; text children are escaped, what is already safe is kept, and None leaves an attribute out."""
    opened = name + "".join([_attribute(key, value) for key, value in attributes.items() if value is not None])
    inner = "".join([child if isinstance(child, SafeString) else escape(str(child)) for child in children])
    return SafeString(f"<{opened}>{inner}</{name}>" if inner else f"<{opened}/>")


def join(parts: Iterable[str]) -> SafeString:
    """Put safe pieces one after the other."""
    return SafeString("".join(parts))


def text(x: float, y: float, content: object, class_: str = "", *, anchor: str = "start") -> SafeString:
    """Return one line of text; `anchor` is start, middle or end."""
    where = None if anchor == "start" else anchor
    return element("text", content, x=x, y=y, class_=class_ or None, text_anchor=where)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> SafeString:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def rect(x: float, y: float, width: float, height: float, class_: str, **more: Value) -> SafeString:
    """Return a rectangle; a negative width never reaches a browser."""
    return element("rect", x=x, y=y, width=max(width, 0), height=max(height, 0), class_=class_, **more)


def path(points: str, class_: str, *, told: object = "", **more: Value) -> SafeString:
    """Return a path, with what a pointer that rests on it is told."""
    return element("path", *([title(told)] if told else []), d=points, class_=class_, **more)


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """Return path data that joins the points by straight lines."""
    return "M" + "L".join([f"{number(x)},{number(y)}" for x, y in points])


def title(told: object) -> SafeString:
    """Return what a pointer that rests on the parent is told."""
    return element("title", told)


def group(*children: object, told: object = "", **attributes: Value) -> SafeString:
    """Return a group, with what a pointer that rests on it is told."""
    return element("g", *([title(told)] if told else []), *children, **attributes)


def anchored(content: SafeString, href: str, label: object = "") -> SafeString:
    """Make a mark a link when it leads somewhere; `label` is its name for who cannot see the mark."""
    if not href:
        return content
    return element("a", content, href=href, aria_label=str(label) or None, class_="chart-link")


def hatch(identifier: str, tone: str) -> SafeString:
    """Return a pattern of slanted lines of a colour; marks take it with `fill=url(#identifier)`."""
    lines = element("path", d="M-1,1L1,-1M0,6L6,0M5,7L7,5", class_=f"chart-hatch-line tone-{tone}")
    ground = element("rect", width=6, height=6, class_=f"chart-hatch-ground tone-{tone}")
    pattern = element("pattern", ground, lines, id=identifier, width=6, height=6, patternUnits="userSpaceOnUse")
    return element("defs", pattern)
