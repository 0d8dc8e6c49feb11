"""Reading and writing what the protocol needs, through Django's connection and without its ORM."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.utils import timezone

from parvis.lib.columns import as_moment, as_uuid
from parvis.oidc.models import Grant, PushedRequest, Token
from parvis.oidc.store import rows, sql


class TokenPair(Protocol):
    """What the store keeps of an answer of the token endpoint."""

    @property
    def access_digest(self) -> bytes: ...  # noqa: D102 - a protocol's attribute
    @property
    def refresh_digest(self) -> bytes | None: ...  # noqa: D102 - a protocol's attribute
    @property
    def dpop_jkt(self) -> str: ...  # noqa: D102 - a protocol's attribute
    @property
    def audience(self) -> str: ...  # noqa: D102 - a protocol's attribute


class Store:
    """What both databases do the same way."""

    uuid_type = "uuid"
    session_statement = sql.SESSION.format(together="STRING_AGG(DISTINCT CAST(m.organization_id AS text), ',')")
    json_type = "jsonb"

    def one(self, statement: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
        """Return the only row of a statement."""
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row

    def run(self, statement: str, parameters: Sequence[Any]) -> int:
        """Run a statement; return how many rows it changed."""
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return int(cursor.rowcount)

    def moment(self, value: datetime) -> Any:
        """Return a moment as the driver wants it."""
        return value

    def identifier(self, value: UUID | None) -> Any:
        """Return an identifier as the driver wants it."""
        return value

    def day(self, value: date) -> Any:
        """Return a day as the driver wants it."""
        return value

    def today(self) -> Any:
        """Return the day that it is here, by which memberships begin and end."""
        return self.day(datetime.now(timezone.get_default_timezone()).date())

    # --- Authorization ------------------------------------------------------------------------------------------------
    def browser_session(self, key_digest: str, client_pk: UUID) -> rows.BrowserSession | None:
        """Return who is signed in, and what they agreed to with this application, with one statement."""
        now, today = self.moment(datetime.now(UTC)), self.today()
        row = self.one(self.session_statement, [key_digest, now, today, today, self.identifier(client_pk)])
        return rows.browser_session(row) if row else None

    def save_grant(self, grant: rows.NewGrant) -> None:
        """Insert a grant and its code, with one statement."""
        now = datetime.now(UTC)
        parameters = [
            self.identifier(grant.id),
            self.identifier(grant.client_pk),
            self.identifier(grant.user_id),
            self.identifier(grant.sid),
            self.identifier(grant.organization_id),
            grant.scope,
            grant.claims,
            grant.nonce,
            grant.acr,
            grant.amr,
            self.moment(grant.auth_time),
            self.moment(now),
            self.moment(now + Grant.LIFETIME),
            grant.redirect_uri,
            grant.code_challenge,
            grant.code_digest,
            self.moment(now + grant.code_lifetime),
            grant.dpop_jkt,
            grant.resources,
        ]
        self.run(sql.NEW_GRANT, parameters)

    def push(self, *, digest: bytes, client_pk: UUID, parameters: dict[str, str], dpop_jkt: str) -> None:
        """Keep a request that an application sends beforehand."""
        now = datetime.now(UTC)
        kept = [digest, self.identifier(client_pk), json.dumps(parameters), dpop_jkt]
        moments = [self.moment(now), self.moment(now + PushedRequest.LIFETIME)]
        self.run(sql.PUSH.format(json=self.json_type), [*kept, *moments])

    def pushed(self, digest: bytes) -> rows.Pushed | None:
        """Return a request that was sent beforehand, used or not."""
        row = self.one(sql.PUSHED, [digest])
        return rows.pushed(row) if row else None

    def use_pushed(self, digest: bytes) -> bool:
        """Use a request that was sent beforehand; False when it was used before."""
        return bool(self.run(sql.USE_PUSHED, [self.moment(datetime.now(UTC)), digest]))

    # --- Tokens -------------------------------------------------------------------------------------------------------
    def redeem(
        self, *, code_digest: bytes, client_pk: UUID, redirect_uri: str, code_challenge: str, pair: TokenPair
    ) -> rows.GrantFacts | None:
        """Use a code and keep the tokens it gives, atomically; None when these values redeem nothing."""
        raise NotImplementedError

    def rotate(
        self, *, refresh_digest: bytes, client_pk: UUID, scope: str, pair: TokenPair, may_change_key: bool = False
    ) -> rows.GrantFacts | None:
        """Use a refresh token and keep the next ones, atomically; None when it is worth nothing.

        `scope` narrows the new access token; empty keeps the scope of the grant. A pair without a refresh token of its
        own leaves this one in force. `may_change_key` lets another key than the former one hold the new token.
        """
        raise NotImplementedError

    def code_state(self, code_digest: bytes) -> rows.CodeState | None:
        """Return what has become of a code."""
        row = self.one(sql.CODE_STATE, [code_digest])
        if row is None:
            return None
        grant_id, client_pk, redirect_uri, challenge, dpop_jkt, resources, used_at, expires_at, revoked_at = row
        return rows.CodeState(
            grant_id=as_uuid(grant_id),
            client_pk=as_uuid(client_pk),
            redirect_uri=redirect_uri,
            code_challenge=challenge,
            dpop_jkt=dpop_jkt,
            resources=resources,
            is_used=used_at is not None,
            is_expired=as_moment(expires_at) <= datetime.now(UTC),
            is_revoked=revoked_at is not None,
        )

    def refresh_state(self, refresh_digest: bytes) -> rows.RefreshState | None:
        """Return what has become of a refresh token."""
        row = self.one(sql.REFRESH_STATE, [refresh_digest])
        if row is None:
            return None
        grant_id, client_pk, scope, dpop_jkt, resources, refreshed_at, revoked_at, expires_at, user_state = row
        is_over = revoked_at is not None or as_moment(expires_at) <= datetime.now(UTC) or user_state != "active"
        return rows.RefreshState(
            grant_id=as_uuid(grant_id),
            client_pk=as_uuid(client_pk),
            scope=scope,
            dpop_jkt=dpop_jkt,
            resources=resources,
            refreshed_at=as_moment(refreshed_at) if refreshed_at else None,
            is_over=is_over,
        )

    def token_facts(self, access_digest: bytes) -> rows.TokenFacts | None:
        """Return what a live access token is, with one statement."""
        now, today = self.moment(datetime.now(UTC)), self.today()
        row = self.one(sql.TOKEN_FACTS, [access_digest, now, now, today, today])
        return rows.token_facts(row) if row else None

    def holder_of(self, access_digest: bytes) -> UUID | None:
        """Return the application that an access token was given to, expired or not."""
        row = self.one(sql.HOLDER, [access_digest])
        return as_uuid(row[0]) if row else None

    def end_access_token(self, access_digest: bytes, client_pk: UUID) -> bool:
        """End a live access token of an application; False when there is none."""
        now = self.moment(datetime.now(UTC))
        return bool(self.run(sql.END_ACCESS_TOKEN, [now, access_digest, now, self.identifier(client_pk)]))

    def use_assertion(self, digest: bytes, expires_at: datetime) -> bool:
        """Keep that a signed proof was shown; False when it was shown before."""
        return bool(self.run(sql.USE_ASSERTION, [digest, self.moment(expires_at)]))

    # --- People -------------------------------------------------------------------------------------------------------
    def token_owner(self, access_digest: bytes) -> rows.TokenOwner | None:
        """Return whom a live access token speaks for, with all that claims need but groups, with one statement."""
        now, today = self.moment(datetime.now(UTC)), self.today()
        row = self.one(sql.TOKEN_OWNER, [access_digest, now, now, today, today])
        return rows.token_owner(row) if row else None

    def person(self, user_id: UUID, organization_id: UUID | None) -> rows.Person:
        """Return a person, and this organisation if they belong to it today."""
        today = self.today()
        asked = [self.identifier(user_id), self.identifier(organization_id)]
        row = self.one(sql.PERSON.format(uuid=self.uuid_type), [*asked, today, today])
        if row is None:
            raise LookupError(user_id)
        return rows.person(row)

    def groups(self, user_id: UUID) -> list[str]:
        """Return the slugs of the open groups that the person is in today, those above included."""
        today = self.today()
        with connection.cursor() as cursor:
            cursor.execute(sql.GROUPS, [self.identifier(user_id), today, today])
            return [slug for (slug,) in cursor.fetchall()]

    @staticmethod
    def token_lifetimes(now: datetime) -> tuple[datetime, datetime]:
        """Return when a token made now was created and when its access token expires."""
        return now, now + Token.ACCESS_LIFETIME
