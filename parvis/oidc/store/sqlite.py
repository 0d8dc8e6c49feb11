"""SQLite: one writer at a time, so a transaction that begins with the write lock is as good as one statement."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from parvis.oidc.store import rows, sql
from parvis.oidc.store.base import Store, TokenPair

REDEEM = f"UPDATE oidc_grant SET code_used_at = %s WHERE {sql.CODE_IS_GOOD} RETURNING {sql.GRANT_COLUMNS}"  # noqa: S608 - our own constants
ISSUE = """
INSERT INTO oidc_token (access_digest, grant_id, scope, created_at, expires_at, refresh_digest, dpop_jkt, audience)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
ROTATE = f"""
UPDATE oidc_token SET refreshed_at = %s
WHERE refresh_digest = %s AND refreshed_at IS NULL AND {sql.KEY_IS_HELD} AND EXISTS (
    SELECT 1 FROM oidc_grant g JOIN directory_user u ON u.id = g.user_id AND u.state = 'active'
    WHERE g.id = oidc_token.grant_id AND g.client_id = %s AND g.revoked_at IS NULL AND g.expires_at > %s)
RETURNING grant_id
"""  # noqa: S608 - our own constants
GRANT = f"SELECT {sql.GRANT_COLUMNS} FROM oidc_grant WHERE id = %s"  # noqa: S608 - our own constants


class SQLiteStore(Store):
    """Redeems and rotates in a short IMMEDIATE transaction."""

    uuid_type = "text"
    session_statement = sql.SESSION.format(together="GROUP_CONCAT(DISTINCT m.organization_id)")
    json_type = "text"

    def moment(self, value: datetime) -> Any:
        """Return the text that Django's own columns hold for a moment in UTC: the same, without saying so."""
        return str(value.replace(tzinfo=None))

    def identifier(self, value: UUID | None) -> Any:
        """Return the hexadecimal digits."""
        return value.hex if value else None

    def day(self, value: date) -> Any:
        """Return the ISO form."""
        return value.isoformat()

    def redeem(
        self, *, code_digest: bytes, client_pk: UUID, redirect_uri: str, code_challenge: str, pair: TokenPair
    ) -> rows.GrantFacts | None:
        """Use a code and keep the tokens it gives."""
        now, expires_at = map(self.moment, self.token_lifetimes(datetime.now(UTC)))
        good = [code_digest, self.identifier(client_pk), redirect_uri, code_challenge, pair.dpop_jkt, now]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(REDEEM, [now, *good])
            row = cursor.fetchone()
            if row is None:
                return None
            facts = rows.grant_facts(row)
            issued = [pair.access_digest, row[0], facts.scope, now, expires_at, pair.refresh_digest, pair.dpop_jkt]
            cursor.execute(ISSUE, [*issued, pair.audience or facts.resources])
        return facts

    def rotate(
        self, *, refresh_digest: bytes, client_pk: UUID, scope: str, pair: TokenPair, may_change_key: bool = False
    ) -> rows.GrantFacts | None:
        """Use a refresh token and keep the next ones."""
        now, expires_at = map(self.moment, self.token_lifetimes(datetime.now(UTC)))
        with transaction.atomic(), connection.cursor() as cursor:
            used_at = now if pair.refresh_digest else None
            held: list[Any] = [pair.dpop_jkt, may_change_key]
            cursor.execute(ROTATE, [used_at, refresh_digest, *held, self.identifier(client_pk), now])
            found = cursor.fetchone()
            if found is None:
                return None
            cursor.execute(GRANT, [found[0]])
            facts = rows.grant_facts(cursor.fetchone())
            issued = [pair.access_digest, found[0], scope or facts.scope, now, expires_at, pair.refresh_digest]
            cursor.execute(ISSUE, [*issued, pair.dpop_jkt, pair.audience or facts.resources])
        return facts
