"""Traps of requests: headers that anybody writes, pictures that run, links that change something."""

import io
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from parvis.directory.models import User
from parvis.mail.models import Message
from parvis.oidc.models import PushedRequest
from tests.accounts.steps import ask, sign_in
from tests.directory.test_mine import PROFILE
from tests.factories.accounts import make_person
from tests.factories.fapi import FapiApplication
from tests.factories.oidc import Application
from tests.oidc.test_device import Device, device

__all__ = ["device"]
pytestmark = pytest.mark.django_db


# --- 22: headers that anybody writes ----------------------------------------------------------------------------------
def test_trap_22_a_made_up_forwarded_address_does_not_reset_the_counters() -> None:
    """Without a proxy in front, what a client says of its own address counts for nothing."""
    statuses = [
        ask(Client(headers={"x-forwarded-for": f"198.51.100.{number}, nonsense"}), "ada@example.org").status_code
        for number in range(7)
    ]
    assert statuses == [302] * 6 + [429]


def test_trap_22_the_addresses_of_one_network_share_their_counters(settings: Any) -> None:
    """Whoever has one address of IPv6 has 2^64 of them, and would never be slowed down."""
    settings.TRUSTED_PROXIES = 1
    asking = [Client(headers={"x-forwarded-for": f"2001:db8:0:1:{number:x}::1"}) for number in range(7)]
    assert [ask(browser, "ada@example.org").status_code for browser in asking] == [302] * 6 + [429]
    assert ask(Client(headers={"x-forwarded-for": "2001:db8:0:2::1"}), "ada@example.org").status_code == 302


def test_trap_22_the_host_header_never_enters_a_mail(client: Client) -> None:
    """Zitadel: a link in a mail leads to whom the Host header named. Ours are made from the issuer."""
    make_person()
    browser = Client(headers={"host": "localhost"})
    sign_in(browser)
    message = Message.objects.get(template="accounts/mail/new-device")
    assert django_settings.ISSUER in message.text
    assert "localhost" not in message.text
    assert Client(headers={"host": "evil.example"}).get(reverse("accounts:sign-in")).status_code == 400


@pytest.mark.parametrize("forwarded", ["nonsense", "", "{n}", "unknown, {n}", "198.51.100.{n}, nonsense", ", ,", "["])
def test_trap_22_an_address_that_cannot_be_read_skips_no_limit(settings: Any, forwarded: str) -> None:
    """authentik CVE-2024-47070: behind a proxy, a forwarded address that is no address switches a policy off."""
    settings.TRUSTED_PROXIES = 1
    statuses = [
        ask(Client(headers={"x-forwarded-for": forwarded.format(n=number)}), "ada@example.org").status_code
        for number in range(7)
    ]
    assert statuses == [302] * 6 + [429]


def test_trap_22_the_host_header_does_not_say_where_a_proof_is_for(fapi: FapiApplication) -> None:
    """A proof made for another host is not for us because the request names that host."""
    fapi.push(proof="")
    proof = fapi.prover.proof("POST", "/oidc/token", htu="http://localhost:8000/oidc/token")
    answer = fapi.post("/oidc/token", {"grant_type": "authorization_code"}, proof=proof, host="localhost:8000")
    assert answer.body["error"] == "invalid_dpop_proof"


# --- 33: pictures that run, links that change something ---------------------------------------------------------------
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def gif_with_a_script() -> bytes:
    """Return a picture that is a page, too, for who believes what it says of itself."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 40)).save(stream, "GIF", comment=b"<script>alert(1)</script>")
    return stream.getvalue()


@pytest.mark.parametrize("content", [SVG, b"<html><script>alert(1)</script>", b"GIF89a<script>"])
def test_trap_33_what_could_run_is_no_photo(client: Client, person: User, content: bytes) -> None:
    """Canaille keeps SVG as it comes: a picture that runs in the page of whoever looks at it."""
    client.force_login(person)
    sent = SimpleUploadedFile("me.png", content, "image/png")
    page = client.post(reverse("directory:profile-edit"), PROFILE | {"photo": sent})
    assert page.context["form"].has_error("photo")
    assert "not a picture that we can read" in page.text
    person.refresh_from_db()
    assert not person.photo


def test_trap_33_a_photo_is_drawn_anew(client: Client, person: User) -> None:
    """Of what was sent, only the picture is kept: no comment, no place where it was taken, no second format."""
    client.force_login(person)
    sent = SimpleUploadedFile("me.gif", gif_with_a_script(), "image/gif")
    assert client.post(reverse("directory:profile-edit"), PROFILE | {"photo": sent}).status_code == 302
    person.refresh_from_db()
    served = client.get(person.photo_url)
    assert served.headers["Content-Type"] == "image/webp"
    assert b"script" not in b"".join(served)


# What a sign-in, a person or an application changes: none of it by following a link or loading an image.
CHANGING = [
    "/sign-out/", "/oidc/consent", "/oidc/account", "/oidc/sandbox", "/oidc/logout/answer", "/device/answer",
    "/oidc/par", "/oidc/token", "/oidc/revoke", "/oidc/introspect", "/oidc/device_authorization",
]  # fmt: skip


@pytest.mark.parametrize("path", CHANGING)
def test_trap_33_nothing_changes_by_a_link(app: Application, path: str) -> None:
    """Canaille: a person is impersonated, signed out or made to agree by an image in somebody’s page."""
    page = app.browser.get(path, {"answer": "allow", "client_id": app.client.client_id})
    assert page.status_code == 405
    assert "code" in app.authorize(prompt="none").headers["Location"]


def test_trap_33_a_device_is_not_let_in_by_a_link(device: Device) -> None:
    """The address with the code in it fills the form in, and asks all the same."""
    codes = device.waiting()
    device.browser.get("/device", {"user_code": codes["user_code"], "answer": "allow"})
    assert device.poll(codes).body["error"] == "authorization_pending"


def test_trap_33_nothing_is_pushed_by_a_link(fapi: FapiApplication) -> None:
    """A request that anybody can send from a page is not one that an application pushed."""
    fields = fapi.query() | fapi.credentials()
    assert fapi.server.get("/oidc/par", fields).status_code == 405
    assert not PushedRequest.objects.exists()
