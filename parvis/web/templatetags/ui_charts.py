"""The component of pictures of data."""

from django import template
from django.utils.safestring import SafeString

from parvis.web.charts.chart import Chart
from parvis.web.templatetags.drawing import draw

register = template.Library()


@register.simple_tag
def chart(picture: Chart) -> SafeString:
    """`{% chart picture %}`: a figure with its finding, its drawing, its source, its numbers as a table and as CSV."""
    return draw(
        "chart",
        frame=picture.frame,
        legend=picture.legend,
        drawing=picture.drawing,
        notes=picture.notes,
        is_table=picture.is_table,
        heads=picture.table.heads,
        body=picture.table.body(),
    )
