"""Components that stand alone: buttons, tags, icons, avatars, dates, figures."""

import datetime as dt
import zlib

from django import template
from django.utils import formats
from django.utils.safestring import SafeString

from parvis.web import dates, icons
from parvis.web.markdown import to_html
from parvis.web.nav import Text
from parvis.web.templatetags.drawing import draw

register = template.Library()
TONES = {"neutral", "accent", "ochre", "info", "success", "warning", "danger"}
VARIANTS = {"primary", "secondary", "tertiary", "danger"}


class UnknownLookError(ValueError):
    """A template asks for a variant, tone or size that does not exist."""


def one_of(value: str, allowed: set[str]) -> str:
    """Return the value, or fail in development and tests rather than show something odd."""
    if value not in allowed:
        message = f"{value!r} is not one of {', '.join(sorted(allowed))}"
        raise UnknownLookError(message)
    return value


@register.filter
def markdown(text: str, top_level: int = 2) -> SafeString:
    """`{{ product.description|markdown:3 }}`: a text that people wrote, as clean HTML; its headings start at h3."""
    return to_html(text, top_level=top_level)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "search" %}`: an icon that says nothing by itself; put words beside it."""
    return icons.icon(name, size)


@register.simple_tag
def button(
    label: Text,
    href: str = "",
    *,
    variant: str = "primary",
    icon: str = "",
    type: str = "submit",  # noqa: A002 - the attribute's own name
    name: str = "",
    value: str = "",
    size: str = "",
    form: str = "",
    disabled: bool = False,
    full: bool = False,
    icon_only: bool = False,
    external: bool = False,
) -> SafeString:
    """`{% button label href= variant= icon= type= name= value= size="sm|lg" %}`: a link when it has an address."""
    look = one_of(variant, VARIANTS)
    return draw(
        "button",
        label=label,
        href=href,
        variant="primary" if look == "danger" else look,
        color="danger" if look == "danger" else "",
        icon=icon,
        type=one_of(type, {"submit", "button", "reset"}),
        name=name,
        value=value,
        size=one_of(size, {"", "sm", "lg"}),
        form=form,
        disabled=disabled,
        full=full,
        icon_only=icon_only,
        external=external,
    )


@register.simple_tag
def tag(label: Text, tone: str = "neutral", icon: str = "") -> SafeString:
    """`{% tag label tone="neutral|accent|ochre|info|success|warning|danger" %}`: a short status or kind."""
    return draw("tag", label=label, tone=one_of(tone, TONES), icon=icon)


def initials(name: str) -> str:
    """Return the first letters of the first and last word."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.simple_tag
def avatar(name: Text, src: str = "", *, size: str = "md", square: bool = False) -> SafeString:
    """`{% avatar name src= size="sm|md|lg|xl" square= %}`: a photo or initials; decorative, the name is beside it."""
    text = str(name)
    tint = zlib.crc32(text.encode()) % 6 + 1
    size = one_of(size, {"sm", "md", "lg", "xl"})
    return draw("avatar", initials=initials(text), src=src, size=size, tint=tint, square=square)


@register.simple_tag
def when(value: dt.date | None, mode: str = "spoken", empty: Text = "") -> SafeString | Text:
    """`{% when date mode="spoken|full" empty="…" %}`: a `<time>`; spoken near now, with the exact date in its title."""
    if value is None or value == "":
        return empty
    told = dates.spoken(value) if one_of(mode, {"spoken", "full"}) == "spoken" else dates.full(value)
    return draw("when", told=told, exact=dates.exact(value), full=dates.full(value))


@register.simple_tag
def person_line(
    name: Text,
    href: str = "",
    *,
    photo: str = "",
    detail: Text = "",
    badge: Text = "",
    badge_tone: str = "neutral",
    size: str = "md",
    square: bool = False,
) -> SafeString:
    """`{% person_line name href= photo= detail= badge= %}`: avatar, name, what they do. Also serves organisations."""
    face = avatar(name, photo, size=size, square=square)
    tone = one_of(badge_tone, TONES)
    return draw("person_line", face=face, name=name, href=href, detail=detail, badge=badge, tone=tone)


@register.simple_tag
def figure(value: object, label: Text, *, detail: Text = "", href: str = "") -> SafeString:
    """`{% figure 3484 label detail= href= %}`: one number that matters, in the reader's locale."""
    shown = formats.number_format(value, force_grouping=True) if isinstance(value, int) else value
    return draw("figure", value=shown, label=label, detail=detail, href=href)


@register.simple_tag
def steps(current: int, total: int, label: Text) -> SafeString:
    """`{% steps 2 3 label %}`: where one is in a short journey."""
    return draw("steps", current=current, total=total, label=label, marks=range(1, total + 1))


@register.simple_tag
def copy_value(value: object, label: Text) -> SafeString:
    """`{% copy_value value label %}`: a value to copy; the button appears with JavaScript, the text is selectable."""
    return draw("copy_value", value=value, label=label)


@register.simple_tag
def copy_block(text: object, label: Text) -> SafeString:
    """`{% copy_block text label %}`: lines to paste into a file; like `copy_value`, and what is too wide scrolls."""
    return draw("copy_block", text=text, label=label)


@register.simple_tag
def mark(size: str = "") -> SafeString:
    """`{% mark %}`: the mark of Parvis, decorative."""
    return draw("mark", size=one_of(size, {"", "lg"}))
