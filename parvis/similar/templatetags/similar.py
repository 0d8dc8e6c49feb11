"""How a similar service is drawn."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.similar.countries import country_name
from parvis.similar.forms import JudgementForm
from parvis.similar.queries.candidates import Candidate

register = template.Library()


@register.simple_tag
def candidate_url(candidate: Candidate) -> str:
    """`{% candidate_url candidate as href %}`: its page here, or its own website."""
    if candidate.product:
        return candidate.product.get_absolute_url()
    return candidate.service.address if candidate.service else ""


@register.simple_tag
def candidate_kind(candidate: Candidate) -> str:
    """`{% candidate_kind candidate as kind %}`: "product" or "service", as addresses say."""
    return candidate.pair[0]


@register.simple_tag
def candidate_place(candidate: Candidate) -> str:
    """`{% candidate_place candidate as place %}`: the country of a service of another directory."""
    return country_name(candidate.country)


@register.simple_tag
def judgement_field(candidate: Candidate) -> SafeString:
    """`{% judgement_field candidate %}`: where a person says why."""
    form = JudgementForm(name=candidate.item.name, auto_id=f"{candidate.item.pk}-%s")
    return form["reason"].as_field_group()


@register.filter
def filter_label(name: str) -> str:
    """Return how a filter is called."""
    return {"country": _("Country"), "phase": _("Phase"), "source": _("Directory")}.get(name, name)
