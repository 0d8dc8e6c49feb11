"""Applications on trial: fictional people sign in to them, and nobody else does.

Who was chosen is in a signed cookie of the browser that chose, apart from the sessions of real people: neither can be
taken for the other. From there on nothing is special: the same checks, grants, tokens, claims and sign-outs.
"""

import dataclasses
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

from parvis.accounts import assurance
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.store import BrowserSession
from parvis.web import cookies

COOKIE = "sandbox"
LIFETIME = 12 * 3600
_SALT = "parvis.oidc.sandbox"
_MOST = 5
"""Applications on trial that a browser remembers at once."""


def _known_as(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"{settings.ISSUER}/sandbox/{name}")


@dataclass(frozen=True, slots=True)
class Place:
    """A fictional organisation."""

    slug: str
    name: str
    kind: str
    siret: str = ""
    country: str = "FR"

    @property
    def pk(self) -> UUID:
        """Return its primary key, the same for the life of the installation."""
        return _known_as(f"organizations/{self.slug}")


@dataclass(frozen=True, slots=True)
class Persona:
    """A fictional person, and what an application can learn to bear by meeting them."""

    slug: str
    given_name: str
    family_name: str
    places: tuple[Place, ...] = ()
    phone_number: str = ""
    language: str = "fr"

    @property
    def pk(self) -> UUID:
        """Return their primary key, the same for the life of the installation."""
        return _known_as(f"people/{self.slug}")

    @property
    def address(self) -> str:
        """Return an address that nobody can have (RFC 2606)."""
        return f"{self.slug}@sandbox.example"

    @property
    def name(self) -> str:
        """Return the whole name."""
        return f"{self.given_name} {self.family_name}".strip()


_PREFECTURE = Place("prefecture-estuaire", "Préfecture de l’Estuaire", "deconcentrated", "00000000100008")
_COMMUNE = Place("commune-saint-abri", "Commune de Saint-Abri-sur-Mer", "local-authority", "00000000200006")
_UNION = Place("union-des-marais", "Communauté de communes des Marais", "local-authority", "00000000300004")
_COMPANY = Place("atelier-du-code", "Atelier du code", "company", "00000000400002")
_ABROAD = Place("digital-agency", "Digitaliseringsbyrån", "other", country="SE")
PERSONAS = (
    Persona("camille.roux", "Camille", "Roux", (_PREFECTURE,), "+33199000001"),
    Persona("noel.le-goff", "Noël", "Le Goff-Dufrêne", (_COMMUNE, _UNION)),
    Persona("zoe.marchand", "Zoé", "Marchand", (_COMPANY,)),
    Persona("astrid.oedegaard", "Astrid", "Ødegård", (_ABROAD,), language="en"),
    Persona("sam", "Sam", ""),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom a browser goes on as, in one application on trial."""

    client_id: str
    user: str
    organization: str
    sid: str
    at: int
    is_strong: bool


def choose(client_id: str, persona: Persona, place: Place | None, *, is_strong: bool) -> Chosen:
    """Return the choice of a person."""
    organization = str(place.pk) if place else ""
    return Chosen(client_id, str(persona.pk), organization, str(uuid4()), int(time.time()), is_strong)


def read(cookie: str) -> list[Chosen]:
    """Return the choices of a browser; a cookie that we did not sign holds none."""
    try:
        rows = signing.loads(cookie, salt=_SALT, max_age=LIFETIME) if cookie else []
        return [Chosen(*row) for row in rows]
    except (signing.BadSignature, TypeError, ValueError):
        return []


def remember(response: HttpResponse, choices: list[Chosen]) -> None:
    """Keep choices in this browser."""
    rows: list[Any] = [dataclasses.astuple(one) for one in choices[-_MOST:]]
    cookies.keep(response, COOKIE, signing.dumps(rows, salt=_SALT), max_age=LIFETIME)


def chosen_for(cookie: str, client_id: str) -> Chosen | None:
    """Return whom the browser goes on as in an application."""
    return next((one for one in read(cookie) if one.client_id == client_id), None)


def session_of(cookie: str, client: RegisteredClient) -> BrowserSession | None:
    """Return the choice as the session of a person would be; choosing was the agreement to share everything."""
    chosen = chosen_for(cookie, client.client_id)
    persona = next((one for one in PERSONAS if chosen and str(one.pk) == chosen.user), None)
    if chosen is None or persona is None:
        return None
    at = datetime.fromtimestamp(chosen.at, UTC)
    return BrowserSession(
        sid=UUID(chosen.sid),
        user_id=persona.pk,
        auth_time=at,
        amr=assurance.amr([assurance.MAIL, assurance.OTP] if chosen.is_strong else [assurance.MAIL]),
        organization_id=UUID(chosen.organization) if chosen.organization else None,
        organizations=frozenset(place.pk for place in persona.places),
        consented_scope=" ".join(sorted(client.scopes)),
        consented_at=at,
    )
