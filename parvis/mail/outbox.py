"""Writing mails into the outbox: one text template each, its first line the subject."""

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils import translation

from parvis.lib.text import one_line
from parvis.mail.models import Message


def enqueue(*, template: str, to: str, language: str, context: Mapping[str, object]) -> Message:
    """Render `<template>.txt` in the reader's language and add it to the outbox; call it inside a transaction.

    In the text, blank lines separate paragraphs and a line that is only an URL becomes a button in the HTML version.
    """
    with translation.override(language):
        rendered = render_to_string(f"{template}.txt", dict(context), using="text").strip()
        subject, _newline, text = rendered.partition("\n")
        paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
        subject = one_line(subject)[:250]
        html = render_to_string("mail/message.html", {"subject": subject, "paragraphs": paragraphs}, using="django")
    return Message.objects.create(
        to=to,
        template=template,
        language=language,
        subject=subject,
        text="\n\n".join(paragraphs) + "\n",
        html=html,
        state=Message.initial_state(),
    )
