"""PostgreSQL: a statement that changes rows can also insert others and return what it found."""

from datetime import UTC, datetime
from uuid import UUID

from parvis.oidc.store import rows, sql
from parvis.oidc.store.base import Store, TokenPair

# Parameters: now, those of CODE_IS_GOOD, then access digest, created, expires, refresh digest, key, audience.
REDEEM = f"""
WITH redeemed AS (
    UPDATE oidc_grant SET code_used_at = %s WHERE {sql.CODE_IS_GOOD} RETURNING {sql.GRANT_COLUMNS}
), issued AS (
    INSERT INTO oidc_token (access_digest, grant_id, scope, created_at, expires_at, refresh_digest, dpop_jkt,
        audience)
    SELECT %s, id, scope, %s, %s, %s, %s, COALESCE(%s, resources) FROM redeemed
)
SELECT {sql.GRANT_COLUMNS} FROM redeemed
"""  # noqa: S608 - our own constants

# Parameters: refresh digest, now or nothing, refresh digest, those of KEY_IS_HELD, client, now, then access digest,
# scope, created, expires, refresh digest, key, audience. The token comes first, then its grant and person by their
# keys: planned on empty tables, a plain join read every grant of every active person before it came to the token, and
# that plan stayed.
ROTATE = f"""
WITH held AS MATERIALIZED (
    SELECT grant_id FROM oidc_token WHERE refresh_digest = %s
), rotated AS (
    UPDATE oidc_token t SET refreshed_at = %s FROM oidc_grant g
    WHERE t.refresh_digest = %s AND t.refreshed_at IS NULL AND {sql.KEY_IS_HELD.replace("dpop_jkt", "t.dpop_jkt")}
    AND g.id = (SELECT grant_id FROM held) AND g.id = t.grant_id AND g.client_id = %s
    AND g.revoked_at IS NULL AND g.expires_at > %s
    AND (SELECT u.state FROM directory_user u WHERE u.id = g.user_id) = 'active'
    RETURNING g.id, g.user_id, g.sid, g.organization_id, g.scope, g.claims, g.nonce, g.acr, g.amr, g.auth_time,
        g.resources, g.expires_at
), issued AS (
    INSERT INTO oidc_token (access_digest, grant_id, scope, created_at, expires_at, refresh_digest, dpop_jkt,
        audience)
    SELECT %s, id, COALESCE(%s, scope), %s, %s, %s, %s, COALESCE(%s, resources) FROM rotated
)
SELECT * FROM rotated
"""  # noqa: S608 - our own constants


class PostgreSQLStore(Store):
    """Redeems and rotates with one statement each: a second one of the same waits for the row, then finds it used."""

    def redeem(
        self, *, code_digest: bytes, client_pk: UUID, redirect_uri: str, code_challenge: str, pair: TokenPair
    ) -> rows.GrantFacts | None:
        """Use a code and keep the tokens it gives."""
        now, expires_at = self.token_lifetimes(datetime.now(UTC))
        good = [code_digest, client_pk, redirect_uri, code_challenge, pair.dpop_jkt, now]
        issued = [pair.access_digest, now, expires_at, pair.refresh_digest, pair.dpop_jkt]
        row = self.one(REDEEM, [now, *good, *issued, pair.audience or None])
        return rows.grant_facts(row) if row else None

    def rotate(
        self, *, refresh_digest: bytes, client_pk: UUID, scope: str, pair: TokenPair, may_change_key: bool = False
    ) -> rows.GrantFacts | None:
        """Use a refresh token and keep the next ones."""
        now, expires_at = self.token_lifetimes(datetime.now(UTC))
        used_at = now if pair.refresh_digest else None
        found = [refresh_digest, used_at, refresh_digest, pair.dpop_jkt, may_change_key, client_pk, now]
        issued = [pair.access_digest, scope or None, now, expires_at, pair.refresh_digest, pair.dpop_jkt]
        row = self.one(ROTATE, [*found, *issued, pair.audience or None])
        return rows.grant_facts(row) if row else None
