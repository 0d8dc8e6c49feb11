"""What somebody wants of a sign-in: where to go back, and how sure to be. It travels signed, so no page has to keep it.

The OpenID provider sends a browser to `url_for_sign_in(Demand(next="/oidc/authorize?...", acr="eidas1-mfa"))` and gets
it back at `next` once the demand is met, or at once if it is already. It checks again by itself, since `next` is only
an address: `issued_at` is when the demand was made, and a session whose `auth_time` comes after it has met
`reauthenticate`. A level that nobody can reach here (`assurance.best_possible`) must be refused before asking.
"""

import dataclasses
import time
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from parvis.accounts import assurance, destinations
from parvis.accounts.sessions import SessionStore

LIFETIME = timedelta(hours=1)
RECENT = 900
"""Seconds during which a proof is fresh enough for what is sensitive."""
_SALT = "parvis.accounts.demand"


@dataclass(frozen=True, slots=True)
class Demand:
    """A signed wish. `max_age` asks for a proof at most so many seconds old, `mfa` that it be a second factor."""

    next: str = ""
    login_hint: str = ""
    reauthenticate: bool = False
    by_another: bool = False
    """Somebody else is going to sign in, in the place of who is signed in."""
    acr: str = ""
    client_name: str = ""
    cancel: str = ""
    """Where people go who do not want to sign in: their application is told."""
    max_age: int | None = None
    mfa: bool = False
    language: str = ""
    """The one that the application proposes for pages."""
    issued_at: float = field(default_factory=time.time)

    @property
    def is_plain(self) -> bool:
        """Say whether only a destination is wanted."""
        return self == Demand(next=self.next, issued_at=self.issued_at)

    @property
    def wants_two_factors(self) -> bool:
        """Say whether one factor is not enough."""
        return self.mfa or assurance.needs_two_factors(self.acr)


def sign(demand: Demand) -> str:
    """Return the demand as a token for an address."""
    return signing.dumps(dataclasses.asdict(demand), salt=_SALT, compress=True)


def read(token: str) -> Demand | None:
    """Return the demand of a token; None when it was forged or is too old."""
    try:
        return Demand(**signing.loads(token, salt=_SALT, max_age=LIFETIME))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def of(request: HttpRequest) -> Demand:
    """Return the demand in a request's address: a signed one, else the plain `next`, else nothing in particular."""
    token = request.GET.get("demand", "")
    found = (read(token) if token else None) or Demand(next=request.GET.get("next", ""))
    return dataclasses.replace(found, next=destinations.safe(found.next))


def query(demand: Demand) -> str:
    """Return the query string, with its question mark, that carries a demand from page to page."""
    if demand.is_plain:
        return f"?{urlencode({'next': demand.next})}" if demand.next else ""
    return f"?{urlencode({'demand': sign(demand)})}"


def url_for_sign_in(demand: Demand) -> str:
    """Return the relative address of the sign-in page for a demand."""
    return reverse("accounts:sign-in") + query(demand)


def url_for_confirmation(demand: Demand) -> str:
    """Return the relative address of the page where a signed-in person confirms who they are."""
    return reverse("accounts:confirm") + query(demand)


def is_met(demand: Demand, session: SessionStore) -> bool:
    """Say whether a signed-in session answers a demand."""
    proofs = session.proofs
    latest = max(proofs.values(), default=0)
    if demand.reauthenticate and latest <= demand.issued_at:
        return False
    if demand.max_age is not None:
        counted = [at for method, at in proofs.items() if not demand.mfa or method in assurance.STRONG]
        if max(counted, default=0) < time.time() - demand.max_age:
            return False
    return not demand.wants_two_factors or assurance.is_two_factors(proofs)
