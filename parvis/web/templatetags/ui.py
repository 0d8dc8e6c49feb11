"""The component tags: a builtin library, so templates need no `{% load %}`.

Every tag draws one template of `templates/components/`, and only those name classes of the style package. So a theme
can be swapped without touching any app. The gallery at /components/ shows each of them in use.
"""

from django import template

from parvis.web.templatetags import ui_blocks, ui_charts, ui_forms, ui_inline, ui_navigation

register = template.Library()
for library in (ui_inline.register, ui_blocks.register, ui_navigation.register, ui_forms.register, ui_charts.register):
    register.tags.update(library.tags)
    register.filters.update(library.filters)
