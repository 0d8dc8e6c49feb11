"""What surrounds the product goes away: it says so clearly, loses nothing, and goes on when it is back."""

import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from parvis.directory.models import User
from parvis.mail.models import Message
from parvis.mail.tasks import deliver_due
from tests.factories.directory import UserFactory
from tests.test_cli import environment, parvis

pytestmark = pytest.mark.django_db


def test_mails_wait_for_their_server(client: Client, settings: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = closed.getsockname()[1]  # Bound, but nobody listens.
        settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.MAIL_IS_KEPT = "127.0.0.1", False, False
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        assert client.post(reverse("accounts:sign-in"), {"email": "lea@example.org"}).status_code == 302
        assert deliver_due() == 0
    message = Message.objects.get(to="lea@example.org")
    assert (message.state, message.attempts) == (Message.State.PENDING, 1)
    assert deliver_due() == 0  # Not again at once.
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert deliver_due() == 1
        assert deliver_due() == 0
    assert [one.to for one in mail.outbox] == [["lea@example.org"]]


@pytest.mark.parametrize("error", [OperationalError("the connection is closed"), InterfaceError("closed")])
def test_a_database_that_is_away_is_a_503(client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def away(*_arguments: object) -> None:
        raise error

    client.raise_request_exception = False
    client.force_login(UserFactory())
    monkeypatch.setattr("parvis.accounts.sessions.SessionStore.load", away)
    answer = client.get("/account/", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert "Parvis is resting" in answer.text
    assert answer.headers["Retry-After"]
    assert answer.headers["Content-Security-Policy"]
    told = client.get("/account/", headers={"accept": "application/json"})
    assert (told.status_code, told.headers["Content-Type"]) == (503, "application/problem+json")


@pytest.mark.parametrize(("command", "folder"), [("setup", "a-file/data"), ("run", "/proc/parvis")])
def test_a_data_directory_that_cannot_be_made_is_said_so(tmp_path: Path, command: str, folder: str) -> None:
    (tmp_path / "a-file").write_text("", encoding="ascii")
    done = parvis(command, env=environment(tmp_path / folder))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "PARVIS_DATA_DIR" in done.stderr


def test_a_photo_that_cannot_be_kept_changes_nothing(client: Client, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("", encoding="ascii")
    settings.MEDIA_ROOT = tmp_path / "a-file" / "media"
    user: User = UserFactory(address="lea@example.org", given_name="Léa")
    client.force_login(user)
    client.raise_request_exception = False
    form = client.get(reverse("directory:profile-edit")).context["form"]
    fields = {name: value for name, value in form.initial.items() if value}
    path = tmp_path / "face.png"
    Image.new("RGB", (300, 300)).save(path)
    sent = fields | {"given_name": "Changed", "photo": SimpleUploadedFile("face.png", path.read_bytes())}
    answer = client.post(reverse("directory:profile-edit"), sent)
    assert answer.status_code in {422, 500, 503}
    assert "Traceback" not in answer.text
    user.refresh_from_db()
    assert user.given_name == "Léa"
