"""What applications are told about a person: each claim is one small function, and says nothing rather than guess.

A claim without a value is left out of the answer (OpenID Connect Core 1.0, section 5.3.2). `organizational_unit`,
`belonging_population` and `custom` belong to the ProConnect contract; the directory does not know them yet, so their
scopes are accepted and give nothing.
"""

import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from parvis.lib import registry_numbers
from parvis.oidc.scopes import SCOPES_OF_CLAIM, claims_of
from parvis.oidc.store import Person, store

IDP_ID = str(uuid.uuid5(uuid.NAMESPACE_URL, settings.ISSUER))
"""Identifies this installation as an identity provider: the same for as long as its address is."""

# A role says what the organisation is, and only where its kind leaves no doubt: an operator may be under private law,
# and a company or an association is not an administration (code des relations entre le public et l'administration,
# article L100-3).
_ROLES_OF_KIND: dict[str, list[str]] = {
    "central": ["agent_public", "agent_public_etat"],
    "deconcentrated": ["agent_public", "agent_public_etat"],
    "local-authority": ["agent_public", "agent_public_territorial"],
}


@dataclass(frozen=True, slots=True)
class About:
    """What a claim may look at."""

    person: Person
    acr: str
    subject: str
    """What the application calls the person; `uid` may not say more than `sub`."""


def name(about: About) -> str:
    """Return the name shown."""
    person = about.person
    return person.display_name or f"{person.given_name} {person.family_name}".strip()


def picture(about: About) -> str | None:
    """Return the address of the photo."""
    photo = about.person.photo
    return f"{settings.ISSUER}{settings.MEDIA_URL}{photo}" if photo else None


def email_verified(about: About) -> bool | None:
    """Return true beside an address: only a confirmed one is ever given, because applications find people by it."""
    return True if about.person.email else None


def phone_number_verified(about: About) -> bool | None:
    """Return false beside a number: nobody here proves theirs, and clause 5.4 of Core wants that said."""
    return False if about.person.phone_number else None


def siret_source(about: About) -> str:
    """Say where `siret` comes from, or why it is not there: no other number ever takes its place.

    `organization`: the register's number of the organisation that the person acts for. `missing`: that organisation
    has none here. `no_organization`: the person acts for none.
    """
    if about.person.organization_name is None:
        return "no_organization"
    return "organization" if about.person.siret else "missing"


def siren(about: About) -> str | None:
    """Return the organisation's SIREN: its own number, or the first nine digits of its SIRET."""
    person = about.person
    if person.siren:
        return person.siren
    return person.siret[:9] if person.siret and registry_numbers.is_siret(person.siret) else None


def roles(about: About) -> list[str] | None:
    """Return what the person's organisation makes them, as far as its kind says it without doubt."""
    return _ROLES_OF_KIND.get(about.person.organization_kind or "")


def groups(about: About) -> list[str]:
    """Return the slugs of the groups the person is in today, those above included."""
    return store().groups(about.person.id)


CLAIMS: dict[str, Callable[[About], Any]] = {
    "sub": lambda about: about.subject,
    "name": name,
    "given_name": lambda about: about.person.given_name,
    "family_name": lambda about: about.person.family_name,
    "usual_name": lambda about: about.person.family_name,
    "picture": picture,
    "locale": lambda about: about.person.language,
    "zoneinfo": lambda about: about.person.time_zone,
    "updated_at": lambda about: int(about.person.updated_at.timestamp()),
    "email": lambda about: about.person.email,
    "email_verified": email_verified,
    "phone_number": lambda about: about.person.phone_number,
    "phone_number_verified": phone_number_verified,
    "uid": lambda about: about.subject,
    "siret": lambda about: about.person.siret,
    "siret_source": siret_source,
    "siren": siren,
    "organization_label": lambda about: about.person.organization_name,
    "idp_id": lambda _about: IDP_ID,
    "idp_acr": lambda about: about.acr,
    "roles": roles,
    "groups": groups,
}


def values(about: About, wanted: Iterable[str]) -> dict[str, Any]:
    """Return the claims that have a value, among those wanted."""
    found = {claim: CLAIMS[claim](about) for claim in wanted if claim in CLAIMS}
    return {claim: value for claim, value in found.items() if value not in (None, "")}


def wanted_from_userinfo(scope: str, asked: str) -> frozenset[str]:
    """Return the names that the granted scopes and the `claims` parameter ask of userinfo."""
    wanted = claims_of(scope)
    return wanted | asked_in(asked, "userinfo") if asked else wanted


def asked_in(asked: str, member: str) -> frozenset[str]:
    """Return the claims that a stored `claims` parameter asks for in `userinfo` or `id_token`."""
    return frozenset(json.loads(asked).get(member) or ()) if asked else frozenset()


def allowed(claim: str, scopes: frozenset[str]) -> bool:
    """Say whether an application that may ask for these scopes may ask for this claim by name."""
    return bool(SCOPES_OF_CLAIM.get(claim, frozenset()) & scopes)
