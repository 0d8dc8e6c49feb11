"""Where a page of the directory stands, and when somebody belongs."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.directory.models import Group, Organization, User
from parvis.directory.models.dated import DatedMembership
from parvis.web.nav import Link, Text
from parvis.web.templatetags.ui_inline import when
from parvis.web.templatetags.ui_navigation import breadcrumbs

register = template.Library()


@register.simple_tag
def person_trail(person: User) -> SafeString:
    """`{% person_trail person %}`: People, then the person."""
    return breadcrumbs([Link(_("People"), reverse("directory:person-list")), Link(person.name)])


@register.simple_tag
def organization_trail(organization: Organization | None, here: Text = "") -> SafeString:
    """`{% organization_trail organization here %}`: Organisations, the organisation, then the page under it."""
    return _trail(Link(_("Organisations"), reverse("directory:organization-list")), organization, here)


@register.simple_tag
def group_trail(group: Group | None, here: Text = "") -> SafeString:
    """`{% group_trail group here %}`: Groups, the group, then the page under it."""
    return _trail(Link(_("Groups"), reverse("directory:group-list")), group, here)


def _trail(start: Link, thing: Organization | Group | None, here: Text) -> SafeString:
    links = [start]
    if thing is not None:
        links.append(Link(str(thing), thing.get_absolute_url() if here else ""))
    if here:
        links.append(Link(here))
    return breadcrumbs(links)


@register.simple_tag
def membership_dates(membership: DatedMembership) -> SafeString:
    """`{% membership_dates membership %}`: since when, or until when, or between which days."""
    start, end = membership.starts_on, membership.ends_on
    if end is None:
        words = _("from {start}") if membership.is_upcoming else _("since {start}")
    elif membership.is_past or membership.is_upcoming:
        words = _("{start} – {end}")
    else:
        words = _("until {end}")
    return format_html(words, start=when(start, "full"), end=when(end, "full") if end else "")
