"""How the portfolio's things are drawn wherever they appear: a phase, a trail, a change."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.portfolio.models import Committee, Decision, PhaseName, Product, Review, Term
from parvis.portfolio.models.phase import STOPPED
from parvis.portfolio.queries.changes import field_label
from parvis.web.nav import Link, Text
from parvis.web.templatetags.ui_navigation import breadcrumbs

register = template.Library()


@register.filter
def phase_label(name: str) -> str:
    """Return a phase as people read it."""
    return str(PhaseName(name).label) if name in PhaseName.values else _("Not started")


@register.simple_tag
def phase_tag(name: str) -> SafeString:
    """`{% phase_tag product.current_phase %}`: the phase with its colour, hatched when it is an end."""
    context = {"name": name or "none", "label": phase_label(name), "is_stop": name in STOPPED}
    return SafeString(render_to_string("portfolio/parts/phase_tag.html", context))


@register.simple_tag
def product_trail(product: Product | None, here: Text = "") -> SafeString:
    """`{% product_trail product here %}`: Products, the product, then the page under it."""
    links = [Link(_("Products"), reverse("portfolio:explore"))]
    if product is not None:
        links.append(Link(product.name, product.get_absolute_url() if here else ""))
    if here:
        links.append(Link(here))
    return breadcrumbs(links)


@register.simple_tag
def committee_trail(committee: Committee) -> SafeString:
    """`{% committee_trail committee %}`: Committees, then this one."""
    return breadcrumbs([Link(_("Committees"), reverse("portfolio:committee-list")), Link(committee.title)])


@register.simple_tag
def product_terms(terms: Iterable[Term], kind: str, facet: str) -> SafeString:
    """`{% product_terms terms "theme" "theme" %}`: terms of a kind, each with a link to the products that share it."""
    start = reverse("portfolio:explore")
    links = [(f"{start}?{urlencode({facet: term.key})}", term.label) for term in terms if term.kind == kind]
    return format_html_join(", ", '<a href="{}">{}</a>', links)


@register.simple_tag
def decision_title(decision: Decision) -> str:
    """`{% decision_title decision %}`: what was decided, with the phases when they say more."""
    if decision.kind in {Decision.Kind.MOVE, Decision.Kind.STOP, Decision.Kind.CORRECTION} and decision.to_phase:
        phases = {"before": phase_label(decision.from_phase), "after": phase_label(decision.to_phase)}
        return _("%(before)s → %(after)s") % phases if decision.from_phase else str(phases["after"])
    return str(Decision.Kind(decision.kind).label)


@register.simple_tag
def review_title(review: Review) -> str:
    """`{% review_title review %}`: what a team asks its incubator to change."""
    return _("Change of %(what)s") % {"what": field_label(review.field)}
