"""Components that hold content: page headers, cards, alerts, facts, tables, details."""

from django import template
from django.utils.safestring import SafeString

from parvis.web.nav import Text
from parvis.web.templatetags.drawing import draw
from parvis.web.templatetags.ui_inline import one_of

register = template.Library()
HEADINGS = {2, 3, 4}


@register.simple_block_tag
def page_header(
    content: str,
    title: Text,
    kind: Text = "",
    lead: Text = "",
    *,
    image: str = "",
    avatar_name: Text = "",
    square: bool = False,
) -> SafeString:
    """`{% page_header title= kind= lead= image= avatar_name= square= %}…actions…{% endpage_header %}`: the only h1."""
    return draw(
        "page_header",
        actions=content.strip() and content,
        title=title,
        kind=kind,
        lead=lead,
        image=image,
        avatar_name=avatar_name,
        square=square,
    )


@register.simple_block_tag
def card(
    content: str,
    href: str = "",
    title: Text = "",
    *,
    kind: Text = "",
    icon: str = "",
    level: int = 3,
    tone: str = "",
) -> SafeString:
    """`{% card href= title= kind= icon= level=3 tone="accent|ochre" %}…{% endcard %}`: an object one can open."""
    one_of(tone, {"", "accent", "ochre"})
    return draw("card", content=content, href=href, title=title, kind=kind, icon=icon, level=level, tone=tone)


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: Text = "", *, level: int = 2) -> SafeString:
    """`{% alert tone="info|success|warning|danger" title= %}…{% endalert %}`: something to know before going on."""
    one_of(tone, {"info", "success", "warning", "danger"})
    return draw("alert", content=content, tone=tone, title=title, level=level)


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """`{% facts %}{% fact label %}…{% endfact %}{% endfacts %}`: the key facts of an object, as a description list."""
    return draw("facts", content=content)


@register.simple_block_tag
def fact(content: str, label: Text) -> SafeString:
    """`{% fact label %}…{% endfact %}`: one fact; nothing is drawn when the content is blank."""
    return draw("fact", content=content, label=label) if content.strip() else SafeString()


@register.simple_block_tag
def empty_state(content: str, title: Text, icon: str = "search", *, level: int = 2) -> SafeString:
    """`{% empty_state title= icon= %}…{% endempty_state %}`: says why there is nothing and what to try."""
    return draw("empty_state", content=content, title=title, icon=icon, level=level)


@register.simple_block_tag
def data_table(content: str, caption: Text, *, hide_caption: bool = False) -> SafeString:
    """`{% data_table caption= %}<thead>…<tbody>…{% enddata_table %}`: scrolls sideways by itself on small screens."""
    return draw("data_table", content=content, caption=caption, hide_caption=hide_caption)


@register.simple_block_tag
def details(content: str, summary: Text, *, open: bool = False) -> SafeString:  # noqa: A002 - the attribute's own name
    """`{% details summary= %}…{% enddetails %}`: more, for who asks."""
    return draw("details", content=content, summary=summary, open=open)


@register.simple_block_tag
def section(
    content: str, title: Text, *, anchor: str = "", lead: Text = "", href: str = "", more: Text = ""
) -> SafeString:
    """`{% section title anchor= lead= href= more= %}…{% endsection %}`: an h2 with its content and a link to all."""
    return draw("section", content=content, title=title, anchor=anchor, lead=lead, href=href, more=more)


@register.simple_block_tag
def header_menu(content: str, label: Text, icon: str, *, align: str = "end") -> SafeString:
    """`{% header_menu label icon %}…{% endheader_menu %}`: a menu of the header that opens without JavaScript."""
    return draw("header_menu", content=content, label=label, icon=icon, align=one_of(align, {"start", "end"}))
