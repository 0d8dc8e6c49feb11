"""Components that lead somewhere: breadcrumbs, tabs, side menus, paging, search, facets."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.web.nav import Link, Option, Text, as_links
from parvis.web.templatetags.drawing import draw

register = template.Library()
Items = Iterable[Link | tuple[object, ...]]


@register.simple_tag
def breadcrumbs(items: Items) -> SafeString:
    """`{% breadcrumbs items %}`: Link or (label, url); the last one, without an address, is this page."""
    return draw("breadcrumbs", items=as_links(items))


@register.simple_tag
def tabs(items: Items, label: Text = "") -> SafeString:
    """`{% tabs items label= %}`: Link or (label, url, current); the views of one object, each at its own address."""
    return draw("tabs", items=as_links(items), label=label or _("Views"))


@register.simple_tag
def side_menu(items: Items, label: Text = "") -> SafeString:
    """`{% side_menu items label= %}`: Link or (label, url, current); sections of a page or of the settings."""
    return draw("side_menu", items=as_links(items), label=label or _("On this page"))


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Any, label: Text = "") -> SafeString:
    """`{% pagination page %}`: earlier and later, for a page of `parvis.lib.paging`; keeps the rest of the address."""
    query = context["request"].GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    rest = query.urlencode()
    start = f"?{rest}&" if rest else "?"
    return draw("pagination", page=page, start=start, first=f"?{rest}", label=label or _("Pages"))


@register.simple_tag
def search_field(name: str = "q", value: Text = "", label: Text = "", *, placeholder: Text = "") -> SafeString:
    """`{% search_field name= value= label= %}`: the field and its button; put it in a `<form role="search">`."""
    return draw("search_field", name=name, value=value, label=label or _("Search"), placeholder=placeholder)


@register.simple_tag
def facet(label: Text, options: Iterable[Option], *, open: bool = True) -> SafeString:  # noqa: A002 - the attribute's own name
    """`{% facet label options %}`: options of `parvis.web.nav.facet_options`, each with its count."""
    return draw("facet", label=label, options=list(options), open=open)


@register.simple_tag
def chip(label: Text, href: str) -> SafeString:
    """`{% chip label href %}`: a filter in force; following the link removes it."""
    return draw("chip", label=label, href=href)
