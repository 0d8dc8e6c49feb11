"""The outbox: written with what it tells, delivered once, kept for reading in development."""

import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.lib import outbox
from parvis.mail.cli import mail as mail_command
from parvis.mail.models import Message
from parvis.mail.outbox import blocks, enqueue
from parvis.mail.tasks import LEASE, deliver_due, purge_old, retry_failed
from tests.factories.directory import GroupFactory, InvitationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sends(settings: Any) -> None:
    settings.MAIL_IS_KEPT = False


def write(to: str = "lea@example.org", language: str = "en") -> Message:
    invitation = InvitationFactory.build(group=GroupFactory.build(name="A <b>team</b>"))
    context = {
        "by": invitation.invited_by,
        "group": invitation.group,
        "invitation": invitation,
        "url": "https://parvis.example/i/abc?x=1&y=2",
    }
    return enqueue(template="directory/mail/invitation", to=to, language=language, context=context)


def test_the_first_line_is_the_subject_and_the_html_is_escaped() -> None:
    message = write()
    assert "invites you to join A <b>team</b>" in message.subject
    assert "A <b>team</b>" in message.text
    assert "<b>team</b>" not in message.html
    assert 'href="https://parvis.example/i/abc?x=1&amp;y=2"' in message.html
    assert "Accept the invitation: https://parvis.example/i/abc?x=1&y=2" in message.text


def test_a_header_cannot_be_injected_by_a_name() -> None:
    invitation = InvitationFactory.build(group__name="Team\r\nBcc: all@example.org")
    context = {
        "by": invitation.invited_by,
        "group": invitation.group,
        "invitation": invitation,
        "url": "https://x.example/",
    }
    message = enqueue(template="directory/mail/invitation", to="a@example.org", language="en", context=context)
    assert "\n" not in message.subject
    assert "\r" not in message.subject


def test_paragraphs_links_and_codes_are_told_apart() -> None:
    found = list(blocks("Hello,\nLéa.\n\nOpen it: https://a.example/b?c\n\nhttps://a.example/\n\n1234 5678\n\nABC\n"))
    assert [(one.kind, one.text) for one in found] == [
        ("text", "Hello,\nLéa."),
        ("link", "Open it"),
        ("link", "Open the page"),
        ("code", "1234 5678"),
        ("text", "ABC"),
    ]


def test_a_mail_of_a_transaction_that_fails_does_not_exist() -> None:
    def write_then_fail() -> None:
        with transaction.atomic():
            write()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_then_fail()
    assert not Message.objects.exists()


def test_a_mail_is_delivered_once_then_forgotten(sends: None) -> None:
    write()
    assert deliver_due() == 1
    assert deliver_due() == 0
    sent = django_mail.outbox[0]
    assert sent.to == ["lea@example.org"]
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert isinstance(sent, EmailMultiAlternatives)
    assert sent.alternatives[0][1] == "text/html"
    message = Message.objects.get()
    assert (message.state, message.text, message.html) == (Message.State.SENT, "", "")


def test_development_keeps_mails(settings: Any) -> None:
    settings.MAIL_IS_KEPT = True
    assert write().state == Message.State.KEPT
    assert deliver_due() == 0


class Failing:
    """A mail server that refuses one address, or every connection."""

    def __init__(self, refused: str = "", *, is_away: bool = False) -> None:
        self.refused, self.is_away = refused, is_away
        self.sent: list[EmailMultiAlternatives] = []

    def open(self) -> None:
        if self.is_away:
            raise ConnectionRefusedError

    def close(self) -> None:
        """Do nothing."""

    def send_messages(self, messages: list[EmailMultiAlternatives]) -> int:
        if messages[0].to == [self.refused]:
            raise OSError("450 try later")
        self.sent += messages
        return 1


def test_a_refused_mail_is_tried_again_later_and_does_not_hold_the_others(
    sends: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Failing(refused="bad@example.org")
    monkeypatch.setattr("parvis.mail.tasks.get_connection", lambda: server)
    bad, good = write("bad@example.org"), write("good@example.org")
    assert deliver_due() == 1
    good.refresh_from_db()
    assert good.state == Message.State.SENT
    delays = []
    for _attempt in range(Message.MAX_ATTEMPTS):
        bad.refresh_from_db()
        delays.append((bad.next_attempt_at - timezone.now()).total_seconds())
        Message.objects.filter(pk=bad.pk).update(next_attempt_at=timezone.now())
        deliver_due()
    assert all(later > sooner for sooner, later in pairwise(delays))
    bad.refresh_from_db()
    assert (bad.state, bad.text) == (Message.State.FAILED, "")
    assert "450" in bad.last_error


def test_an_absent_server_counts_as_an_attempt(sends: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parvis.mail.tasks.get_connection", lambda: Failing(is_away=True))
    message = write()
    assert deliver_due() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (Message.State.PENDING, 1)
    assert retry_failed() == 1


def test_a_worker_that_dies_leaves_its_mails_to_the_next(sends: None) -> None:
    message = write()
    assert [one.pk for one in outbox.take(Message.objects.due(), 10, lease=LEASE)] == [message.pk]
    assert outbox.take(Message.objects.due(), 10, lease=LEASE) == []
    Message.objects.update(next_attempt_at=timezone.now() + LEASE - timedelta(minutes=6))
    assert deliver_due() == 1


def test_old_mails_are_forgotten() -> None:
    old = write()
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31), state=Message.State.SENT)
    waiting = write()
    Message.objects.filter(pk=waiting.pk).update(
        created_at=timezone.now() - timedelta(days=31), state=Message.State.PENDING
    )
    assert purge_old() == 1
    assert Message.objects.get() == waiting


# --- Reading ---------------------------------------------------------------------------------------------------------
def test_the_development_pages_show_mails(client: Client) -> None:
    message = write()
    page = client.get(reverse("mail:mail-list")).content.decode()
    assert "lea@example.org" in page
    page = client.get(reverse("mail:mail-detail", args=[message.pk])).content.decode()
    assert "Accept the invitation" in page
    assert "A &lt;b&gt;team&lt;/b&gt;" in page
    assert "<b>team</b>" not in page


def test_production_has_no_such_pages(client: Client, settings: Any) -> None:
    settings.IS_DEVELOPMENT = False
    message = write()
    assert client.get(reverse("mail:mail-list")).status_code == 404
    assert client.get(reverse("mail:mail-detail", args=[message.pk])).status_code == 404


def test_the_command_lists_mails_as_json() -> None:
    write("a@example.org")
    write("B@example.org")
    result = CliRunner().invoke(mail_command, ["list", "--json", "--to", "b@EXAMPLE.org", "--limit", "5"])
    [row] = json.loads(result.output)
    assert row.keys() == {"id", "to", "subject", "text", "created_at", "state"}
    assert row["to"] == "B@example.org"
    assert "B@example.org" in CliRunner().invoke(mail_command, ["list"]).output


def test_the_command_retries(sends: None) -> None:
    write()
    result = CliRunner().invoke(mail_command, ["retry"])
    assert result.output.strip() == "1 waiting, 1 delivered"


def test_every_text_template_begins_with_its_subject() -> None:
    for file in Path("parvis").glob("*/templates/*/mail/*.txt"):
        lines = file.read_text(encoding="utf-8").splitlines()
        first = next(line for line in lines if line.strip() and not line.startswith("{% load"))
        assert "translate" in first, file
