"""Pictures of data, drawn on the server: an SVG for wide and one for narrow screens, a table, a CSV file.

Each kind is a function from plain values to a `Chart`, which the tag `{% chart %}` draws. The gallery at /components/
shows them all.
"""

from parvis.web.charts.areas import Layer, stacked_areas
from parvis.web.charts.bars import Bar, Column, lying_bars, standing_bars
from parvis.web.charts.chart import Chart, Frame, Linked, Mark, Share, Table, csv_response
from parvis.web.charts.curves import Curve, survival
from parvis.web.charts.flow import Passage, Stage, flow
from parvis.web.charts.matrices import Line, matrix
from parvis.web.charts.multiples import Panel, small_multiples
from parvis.web.charts.series import Band, Point, Remark, Target, line_series
from parvis.web.charts.tiles import Map, Tile, countries, france, french_regions, tile_map
from parvis.web.charts.timelines import (
    Dot,
    Period,
    Row,
    Span,
    ending_marks,
    shape_mark,
    timeline,
    tone_marks,
)

__all__ = [
    "Band", "Bar", "Chart", "Column", "Curve", "Dot", "Frame", "Layer", "Line", "Linked", "Map", "Mark", "Panel",
    "Passage", "Period", "Point", "Remark", "Row", "Share", "Span", "Stage", "Table", "Target", "Tile", "countries",
    "csv_response", "ending_marks", "flow", "france", "french_regions", "line_series", "lying_bars", "matrix",
    "shape_mark", "small_multiples", "stacked_areas", "standing_bars", "survival", "tile_map", "timeline",
    "tone_marks",
]  # fmt: skip
