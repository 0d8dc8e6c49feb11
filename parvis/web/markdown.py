"""Markdown that people write, or that an import brings, as safe HTML.

Nothing in it runs, and nothing calls another site by itself: images and frames are links that a person may follow.
Headings go below those of the page, one level at a time, so that a page keeps its single first heading.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape, unescape
from typing import Any

import nh3
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "a", "strong", "em", "code", "pre", "blockquote", "hr", "br"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td", "b", "i", "s", "sub", "sup", "abbr"}
ATTRIBUTES = {"a": {"href"}, "abbr": {"title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
LONGEST = 200_000
"""Characters that are read: rendering must not take seconds, whatever somebody pastes."""
_DEEPEST = 4
_RAW_HEADING = re.compile(r"<(/?)h([1-6])\b[^<>]*>", re.IGNORECASE)
_RAW_EMBED = re.compile(r"<(?:img|iframe|video|audio|embed|source)\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(src|alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


def to_html(text: str, *, top_level: int = 2) -> SafeString:
    """Return the text as HTML without any script, style or image; its first heading level is `top_level`."""
    tokens = _parser().parse(text[:LONGEST])
    _place_headings(tokens, top_level)
    html = _parser().renderer.render(tokens, _parser().options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener")
    return SafeString(clean)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Raw HTML is let through on purpose: what may stay of it is decided once, by the cleaner, for all that is rendered.
    parser = MarkdownIt("commonmark", {"html": True, "typographer": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("image", _image)
    return parser


def _image(_renderer: Any, tokens: list[Token], index: int, _options: Any, _env: Any) -> str:
    """Draw an image as a link to it."""
    token = tokens[index]
    return _link_to(str(token.attrs.get("src", "")), token.content or str(token.attrs.get("title", "")))


def _link_to(source: str, words: str) -> str:
    """Return a link to something of another site; what is not at an absolute address is told by its words only."""
    label = escape(words.strip() or _("Image"))
    is_far = source.lower().startswith(("https://", "http://"))
    return f'<a href="{escape(source)}">{label}</a>' if is_far else label


def _place_headings(tokens: list[Token], top_level: int) -> None:
    """Give each heading its level on the page: those that the text uses, without a gap, from `top_level` down."""
    used = sorted({level for token in tokens for level in _levels(token)})
    last = top_level - 1
    places = {level: top_level + number for number, level in enumerate(used)}

    def place(level: int, *, opens: bool) -> int:
        nonlocal last
        if opens:
            last = min(places[level], last + 1, max(_DEEPEST, top_level))
        return last

    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{place(int(token.tag[1]), opens=token.type == 'heading_open')}"
        else:
            for raw in _raw(token):
                raw.content = _without_embeds(_with_headings(raw.content, place))


def _levels(token: Token) -> Iterator[int]:
    if token.type == "heading_open":
        yield int(token.tag[1])
    for raw in _raw(token):
        for slash, level in _RAW_HEADING.findall(raw.content):
            if not slash:
                yield int(level)


def _raw(token: Token) -> Iterator[Token]:
    """Yield the raw HTML in a token."""
    for one in (token, *(token.children or ())):
        if one.type in {"html_block", "html_inline"}:
            yield one


def _with_headings(html: str, place: Callable[..., int]) -> str:
    def moved(found: re.Match[str]) -> str:
        if found[1]:
            return f"</h{place(0, opens=False)}>"
        return f"<h{place(int(found[2]), opens=True)}>"

    return _RAW_HEADING.sub(moved, html)


def _without_embeds(html: str) -> str:
    def linked(found: re.Match[str]) -> str:
        given = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(found[1])}
        return _link_to(given.get("src", ""), given.get("alt") or given.get("title") or "")

    return _RAW_EMBED.sub(linked, html)
