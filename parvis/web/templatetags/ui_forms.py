"""Components of forms."""

from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from parvis.web.nav import Text
from parvis.web.templatetags.drawing import draw

register = template.Library()


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """`{% form_fields form %}`: the error summary, then the fields in one column."""
    return mark_safe(str(error_summary(form)) + form.render())  # noqa: S308 - both were escaped by their templates


@register.simple_tag
def error_summary(*forms: BaseForm) -> SafeString:
    """`{% error_summary form %}`: what to correct in a form, or in several of one page, with links to the fields."""
    wrong = [form for form in forms if form.is_bound and not form.is_valid()]
    if not wrong:
        return SafeString()
    fields = [(field, error) for form in wrong for field in form for error in field.errors]
    return draw("error_summary", general=[text for form in wrong for text in form.non_field_errors()], fields=fields)


@register.simple_tag
def form_field(field: BoundField) -> SafeString:
    """`{% form_field form.name %}`: one field with its label, help and errors."""
    return field.as_field_group()


@register.simple_tag
def submit_row(label: Text = "", cancel: str = "", *, variant: str = "primary", cancel_label: Text = "") -> SafeString:
    """`{% submit_row label= cancel= variant= %}`: the one main button, and a way back without saving."""
    values = {"label": label or _("Save"), "cancel": cancel, "variant": variant}
    return draw("submit_row", cancel_label=cancel_label or _("Cancel"), **values)


@register.simple_block_tag(takes_context=True)
def post_button(
    context: Context,
    content: str,
    label: Text,
    action: str,
    *,
    variant: str = "secondary",
    icon: str = "",
    size: str = "",
) -> SafeString:
    """`{% post_button label action variant= icon= %}…hidden inputs…{% endpost_button %}`: a form with one button."""
    token: Any = context.get("csrf_token", "")
    values = {"label": label, "action": action, "variant": variant, "icon": icon, "size": size}
    return draw("post_button", csrf_token=token, content=content, **values)
