"""How applications are opened from our pages."""

from django import template

from parvis.suite.launcher import address_for
from parvis.suite.models import Application
from parvis.suite.policies import Viewer

register = template.Library()


@register.filter
def opened_by(application: Application, viewer: Viewer) -> str:
    """`{{ application|opened_by:site.user }}`: the address of its link for this person."""
    return address_for(application, viewer)
