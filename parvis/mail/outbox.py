"""Writing mails into the outbox: one text template each, its first line the subject."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.lib.text import one_line
from parvis.mail.models import Message

_LINK = re.compile(r"(?:(?P<label>[^\n]{1,80}?)\s?: )?(?P<url>https?://\S+)")
_CODE = re.compile(r"[0-9A-Z]{3,8}(?:[ -][0-9A-Z]{3,8})?")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a mail: text, an address to open, or a code to copy."""

    kind: Literal["text", "link", "code"]
    text: str
    url: str = ""


def blocks(text: str) -> Iterator[Block]:
    """Yield the paragraphs of a mail's text, by which its HTML version and the development page are drawn."""
    for paragraph in filter(None, (part.strip() for part in re.split(r"\n\s*\n", text))):
        if found := _LINK.fullmatch(paragraph):
            yield Block("link", found["label"] or _("Open the page"), found["url"])
        elif _CODE.fullmatch(paragraph) and any(char.isdigit() for char in paragraph):
            yield Block("code", paragraph)
        else:
            yield Block("text", paragraph)


def enqueue(*, template: str, to: str, language: str, context: Mapping[str, object]) -> Message:
    """Render `<template>.txt` in the reader's language and add it to the outbox; call it inside a transaction.

    Blank lines separate paragraphs. A paragraph `Accept the invitation: https://…`, or an URL alone, becomes a button
    in the HTML version, and a code alone is written large.
    """
    with translation.override(language):
        rendered = render_to_string(f"{template}.txt", dict(context), using="text").strip()
        subject, _newline, text = rendered.partition("\n")
        parts = list(blocks(text))
        subject = one_line(subject)[:250]
        values = {"subject": subject, "blocks": parts, "language": language}
        html = render_to_string("mail/message.html", values, using="django")
    return Message.objects.create(
        to=to,
        template=template,
        language=language,
        subject=subject,
        text=re.sub(r"\n\s*\n", "\n\n", text.strip()) + "\n",
        html=html,
        state=Message.initial_state(),
    )
