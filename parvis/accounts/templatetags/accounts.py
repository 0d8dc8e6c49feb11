"""Tags of the account pages; apps above use them for the pages that they add to the account."""

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.accounts import registry
from parvis.web.nav import Link
from parvis.web.templatetags.ui_navigation import side_menu

register = template.Library()


@register.simple_tag(takes_context=True)
def account_side_menu(context: Context) -> SafeString:
    """`{% account_side_menu %}`: the pages of one's account, with the present one marked."""
    request = context["request"]
    entries = registry.account_pages.for_user(request.user)
    links = [Link(entry.label, entry.url, request.path == entry.url, None, entry.icon) for entry in entries]
    return side_menu(links, _("My account"))
