"""What people do on the sign-in pages, in a few words."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
from django.test import Client
from django.urls import reverse

from parvis.accounts import demands
from parvis.accounts.actions import factors
from parvis.accounts.demands import Demand
from parvis.accounts.models import Session, Totp
from parvis.directory.models import User
from parvis.mail.models import Message
from tests.factories.accounts import make_person


def last_code(address: str = "") -> str:
    """Return the code of the last mail (to an address)."""
    messages = Message.objects.filter(to=address) if address else Message.objects.all()
    found = re.search(r"\b(\d{4}) (\d{4})\b", messages.order_by("-id")[0].text)
    assert found
    return found[1] + found[2]


def wrong(code: str) -> str:
    """Return another code."""
    return f"{(int(code) + 1) % 10**8:08}"


def ask(client: Client, address: str, query: str = "") -> Any:
    return client.post(reverse("accounts:sign-in") + query, {"email": address})


def give(client: Client, code: str, query: str = "") -> Any:
    return client.post(reverse("accounts:code") + query, {"code": code})


def sign_in(client: Client, address: str = "ada@example.org", query: str = "") -> Any:
    """Sign in with a code; return the last answer."""
    ask(client, address, query)
    return give(client, last_code(), query)


def person_with_totp(address: str = "ada@example.org") -> tuple[User, pyotp.TOTP]:
    """Return a person who has an authenticator app, and the app."""
    user = make_person(address)
    secret = factors.new_totp_secret()
    Totp.objects.create(user=user, sealed_secret=Totp.seal(secret))
    return user, pyotp.TOTP(secret)


def session_of(user: User) -> Session:
    return Session.objects.get(user=user)


def proven_at(session: Session) -> datetime:
    """Return when the person of a session last proved who they are."""
    assert session.auth_time is not None
    return session.auth_time


def demand_in(url: str) -> Demand:
    """Return the demand that an address carries."""
    demand = demands.read(parse_qs(urlsplit(url).query)["demand"][0])
    assert demand is not None
    return demand


def age_proofs(client: Client, seconds: int) -> None:
    """Make every proof of the client's session older."""
    session = client.session
    session["proofs"] = {method: at - seconds for method, at in session["proofs"].items()}
    session.save()


def csrf_of(browser: Client) -> str:
    """Return a form's token, as the first page gives it."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(reverse("accounts:sign-in")).text)
    assert found
    return found[1]


def ask_with(browser: Client, token: str, query: str = "") -> Any:
    """Ask for a code as a browser does, with the form's token."""
    body = {"email": "ada@example.org", "csrfmiddlewaretoken": token}
    return browser.post(reverse("accounts:sign-in") + query, body)
