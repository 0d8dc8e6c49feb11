"""What the store reads: rows as Python has them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from parvis.lib.columns import as_list, as_moment, as_uuid


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """Who is signed in in a browser, how, and what they have agreed to share with the application that asks."""

    sid: UUID
    user_id: UUID
    auth_time: datetime
    amr: list[str]
    organization_id: UUID | None
    """The organisation chosen in this session, or the person's only one."""
    organizations: frozenset[UUID]
    """Those that the person belongs to today."""
    consented_scope: str | None
    consented_at: datetime | None

    @property
    def belongs(self) -> bool:
        """Say whether an organisation answers for the person."""
        return bool(self.organizations)


def browser_session(row: Sequence[Any]) -> BrowserSession:
    """Read the columns of `sql.SESSION`."""
    sid, user_id, auth_time, amr, chosen, together, scope, given_at = row
    organizations = frozenset(map(as_uuid, together.split(","))) if together else frozenset()
    organization_id = as_uuid(chosen) if chosen else next(iter(organizations), None)
    is_settled = organization_id in organizations and (chosen or len(organizations) == 1)
    return BrowserSession(
        sid=as_uuid(sid),
        user_id=as_uuid(user_id),
        auth_time=as_moment(auth_time),
        amr=as_list(amr),
        organization_id=organization_id if is_settled else None,
        organizations=organizations,
        consented_scope=scope,
        consented_at=as_moment(given_at) if given_at else None,
    )


@dataclass(frozen=True, slots=True)
class NewGrant:
    """Everything that a sign-in to an application fixes, at the moment when its code is made."""

    id: UUID
    client_pk: UUID
    user_id: UUID
    sid: UUID
    organization_id: UUID | None
    scope: str
    claims: str
    nonce: str
    acr: str
    amr: str
    auth_time: datetime
    redirect_uri: str
    code_challenge: str
    code_digest: bytes
    code_lifetime: timedelta
    dpop_jkt: str = ""
    resources: str = ""


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """What the token endpoint says of a grant (columns of `sql.GRANT_COLUMNS`)."""

    id: UUID
    user_id: UUID
    sid: UUID
    organization_id: UUID | None
    scope: str
    claims: str
    nonce: str
    acr: str
    amr: str
    auth_time: datetime
    resources: str
    expires_at: datetime


def grant_facts(row: Sequence[Any]) -> GrantFacts:
    """Read the columns of `sql.GRANT_COLUMNS`."""
    grant_id, user_id, sid, organization_id, scope, claims, nonce, acr, amr, auth_time, resources, expires_at = row
    return GrantFacts(
        id=as_uuid(grant_id),
        user_id=as_uuid(user_id),
        sid=as_uuid(sid),
        organization_id=as_uuid(organization_id) if organization_id else None,
        scope=scope,
        claims=claims,
        nonce=nonce,
        acr=acr,
        amr=amr,
        auth_time=as_moment(auth_time),
        resources=resources,
        expires_at=as_moment(expires_at),
    )


@dataclass(frozen=True, slots=True)
class CodeState:
    """Why a code was not redeemed: what it is bound to, and what has become of it."""

    grant_id: UUID
    client_pk: UUID
    redirect_uri: str
    code_challenge: str
    dpop_jkt: str
    resources: str
    is_used: bool
    is_expired: bool
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class RefreshState:
    """Why a refresh token was not honoured."""

    grant_id: UUID
    client_pk: UUID
    scope: str
    dpop_jkt: str
    resources: str
    refreshed_at: datetime | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Person:
    """What claims are made of: the person, and their organisation while they belong to it."""

    id: UUID
    given_name: str
    family_name: str
    display_name: str
    phone_number: str
    photo: str
    language: str
    time_zone: str
    updated_at: datetime
    email: str | None
    organization_name: str | None
    organization_kind: str | None
    siret: str | None
    siren: str | None


def person(row: Sequence[Any]) -> Person:
    """Read the columns of `sql.PERSON_COLUMNS`."""
    user_id, given, family, shown, phone, photo, language, zone, updated_at, *rest = row
    return Person(as_uuid(user_id), given, family, shown, phone, photo, language, zone, as_moment(updated_at), *rest)


@dataclass(frozen=True, slots=True)
class TokenOwner:
    """Whom an access token speaks for, and what it may be told."""

    client_pk: UUID
    scope: str
    dpop_jkt: str
    audience: str
    claims: str
    acr: str
    person: Person


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What introspection says of an access token."""

    client_pk: UUID
    user_id: UUID
    scope: str
    dpop_jkt: str
    audience: str
    acr: str
    auth_time: datetime
    created_at: datetime
    expires_at: datetime


def token_facts(row: Sequence[Any]) -> TokenFacts:
    """Read the columns of `sql.TOKEN_FACTS`."""
    client_pk, user_id, scope, dpop_jkt, audience, acr, *moments = row
    return TokenFacts(as_uuid(client_pk), as_uuid(user_id), scope, dpop_jkt, audience, acr, *map(as_moment, moments))


def token_owner(row: Sequence[Any]) -> TokenOwner:
    """Read the columns of `sql.TOKEN_OWNER`."""
    client_pk, scope, dpop_jkt, audience, asked, acr = row[:6]
    return TokenOwner(as_uuid(client_pk), scope, dpop_jkt, audience, asked, acr, person(row[6:]))


@dataclass(frozen=True, slots=True)
class Pushed:
    """A request that an application sent beforehand (RFC 9126)."""

    client_pk: UUID
    parameters: dict[str, str]
    dpop_jkt: str
    expires_at: datetime
    is_used: bool


def pushed(row: Sequence[Any]) -> Pushed:
    """Read the columns of `sql.PUSHED`."""
    client_pk, parameters, dpop_jkt, expires_at, used_at = row
    given = json.loads(parameters) if isinstance(parameters, str) else parameters
    return Pushed(as_uuid(client_pk), given, dpop_jkt, as_moment(expires_at), used_at is not None)
