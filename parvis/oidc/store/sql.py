"""The statements of the protocol's hot paths: few, bound, prepared by the server, the same on both databases.

Joins are spelled so that there is one way to run them: the row that everything hangs on comes first, by its key, and
the others by keys that sub-selects give. A planner left to choose while the tables were small started from the wrong
end (measured: 750 microseconds for userinfo in the place of 45), and a prepared plan stays.

Only redeeming a code and rotating a refresh token differ (`postgresql.py`, `sqlite.py`): the one has statements that
change and read in one go, the other a transaction that nobody shares.
"""

# A membership holds from its first day to its last, both included.
_HOLDS = "m.starts_on <= %s AND (m.ends_on IS NULL OR m.ends_on >= %s)"

# Parameters: key digest, now, today, today, client. `{together}` joins the organisations that answer for the person
# today with commas: NULL when none does.
SESSION = f"""
WITH s AS MATERIALIZED (
    SELECT sid, user_id, auth_time, amr, organization_id FROM accounts_session
    WHERE session_key = %s AND expire_date > %s
)
SELECT s.sid, s.user_id, s.auth_time, s.amr, s.organization_id,
    (SELECT {{together}}
     FROM directory_organizationmembership m WHERE m.user_id = (SELECT user_id FROM s) AND {_HOLDS}),
    c.scope, c.given_at
FROM s
JOIN directory_user u ON u.id = (SELECT user_id FROM s) AND u.state = 'active'
LEFT JOIN oidc_consent c ON c.user_id = (SELECT user_id FROM s) AND c.client_id = %s
"""  # noqa: S608 - our own constants

NEW_GRANT = """
INSERT INTO oidc_grant (id, client_id, user_id, sid, organization_id, scope, claims, nonce, acr, amr, auth_time,
    created_at, expires_at, redirect_uri, code_challenge, code_digest, code_expires_at, dpop_jkt, resources)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

GRANT_COLUMNS = "id, user_id, sid, organization_id, scope, claims, nonce, acr, amr, auth_time, resources, expires_at"

# The grants whose code these parameters redeem: digest, client, redirect URI, challenge, key of the proof, now.
CODE_IS_GOOD = """
code_digest = %s AND client_id = %s AND redirect_uri = %s AND code_challenge = %s AND dpop_jkt IN ('', %s)
AND code_used_at IS NULL AND code_expires_at > %s AND revoked_at IS NULL
AND EXISTS (SELECT 1 FROM directory_user u WHERE u.id = oidc_grant.user_id AND u.state = 'active')
"""

CODE_STATE = """
SELECT id, client_id, redirect_uri, code_challenge, dpop_jkt, resources, code_used_at, code_expires_at,
    revoked_at
FROM oidc_grant WHERE code_digest = %s
"""

# The refresh tokens that this proof may use: those bound to its key; and, when the application has proven itself too,
# those of another key, since they are bound to the application (RFC 9449, section 5). Parameters: key, whether it has.
KEY_IS_HELD = "(dpop_jkt = '' OR dpop_jkt = %s OR %s)"

REFRESH_STATE = """
SELECT g.id, g.client_id, g.scope, t.dpop_jkt, g.resources, t.refreshed_at, g.revoked_at, g.expires_at, u.state
FROM oidc_token t JOIN oidc_grant g ON g.id = t.grant_id JOIN directory_user u ON u.id = g.user_id
WHERE t.refresh_digest = %s
"""

PERSON_COLUMNS = """u.id, u.given_name, u.family_name, u.display_name, u.phone_number, u.photo, u.language, u.time_zone,
    u.updated_at, e.address, o.name, o.kind, siret.value, siren.value"""

# The organisation counts only while the person belongs to it. Parameters: today, today.
_ABOUT_PERSON = f"""
LEFT JOIN directory_email e ON e.user_id = {{user}} AND e.is_primary AND e.verified_at IS NOT NULL
LEFT JOIN directory_organization o ON o.id = {{organization}} AND EXISTS (
    SELECT 1 FROM directory_organizationmembership m
    WHERE m.user_id = {{user}} AND m.organization_id = {{organization}} AND {_HOLDS})
LEFT JOIN directory_registryidentifier siret ON siret.organization_id = o.id AND siret.scheme = 'siret'
LEFT JOIN directory_registryidentifier siren ON siren.organization_id = o.id AND siren.scheme = 'siren'
"""  # noqa: S608 - our own constants
_OF_GRANT = _ABOUT_PERSON.format(user="(SELECT user_id FROM g)", organization="(SELECT organization_id FROM g)")
_OF_ASKED = _ABOUT_PERSON.format(user="(SELECT id FROM asked)", organization="(SELECT organization_id FROM asked)")

# Parameters: access digest, now, now, today, today.
TOKEN_OWNER = f"""
WITH t AS MATERIALIZED (
    SELECT grant_id, scope, dpop_jkt, audience FROM oidc_token WHERE access_digest = %s AND expires_at > %s
), g AS MATERIALIZED (
    SELECT client_id, user_id, organization_id, claims, acr FROM oidc_grant
    WHERE id = (SELECT grant_id FROM t) AND revoked_at IS NULL AND expires_at > %s
)
SELECT g.client_id, t.scope, t.dpop_jkt, t.audience, g.claims, g.acr, {PERSON_COLUMNS}
FROM t CROSS JOIN g
JOIN directory_user u ON u.id = (SELECT user_id FROM g) AND u.state = 'active'
{_OF_GRANT}
"""  # noqa: S608 - our own constants

# A token ends with the grant, with the account, and with the membership of the organisation that the person acted for.
# Parameters: access digest, now, now, today, today.
TOKEN_FACTS = f"""
WITH t AS MATERIALIZED (
    SELECT grant_id, scope, dpop_jkt, audience, created_at, expires_at FROM oidc_token
    WHERE access_digest = %s AND expires_at > %s
), g AS MATERIALIZED (
    SELECT client_id, user_id, organization_id, acr, auth_time, expires_at FROM oidc_grant
    WHERE id = (SELECT grant_id FROM t) AND revoked_at IS NULL AND expires_at > %s
)
SELECT g.client_id, g.user_id, t.scope, t.dpop_jkt, t.audience, g.acr, g.auth_time, t.created_at,
    CASE WHEN g.expires_at < t.expires_at THEN g.expires_at ELSE t.expires_at END
FROM t CROSS JOIN g
JOIN directory_user u ON u.id = (SELECT user_id FROM g) AND u.state = 'active'
WHERE g.organization_id IS NULL OR EXISTS (
    SELECT 1 FROM directory_organizationmembership m
    WHERE m.user_id = (SELECT user_id FROM g) AND m.organization_id = (SELECT organization_id FROM g) AND {_HOLDS})
"""  # noqa: S608 - our own constants

# Whose a token is or was. Parameter: access digest.
HOLDER = "SELECT client_id FROM oidc_grant WHERE id = (SELECT grant_id FROM oidc_token WHERE access_digest = %s)"

# Parameters: now, access digest, now, client.
END_ACCESS_TOKEN = """
UPDATE oidc_token SET expires_at = %s WHERE access_digest = %s AND expires_at > %s
AND EXISTS (SELECT 1 FROM oidc_grant g WHERE g.id = oidc_token.grant_id AND g.client_id = %s)
"""  # noqa: S105 - a statement

# The insertion is the check: it changes one row the first time, and none afterwards. Parameters: digest, expiry.
USE_ASSERTION = "INSERT INTO oidc_usedassertion (digest, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"

# Requests sent beforehand (RFC 9126). Parameters: digest, client, parameters as JSON, key, now, expiry.
PUSH = """
INSERT INTO oidc_pushedrequest (digest, client_id, parameters, dpop_jkt, created_at, expires_at)
VALUES (%s, %s, CAST(%s AS {json}), %s, %s, %s)
"""
PUSHED = "SELECT client_id, parameters, dpop_jkt, expires_at, used_at FROM oidc_pushedrequest WHERE digest = %s"
# It is used when its code is made. Parameters: now, digest.
USE_PUSHED = "UPDATE oidc_pushedrequest SET used_at = %s WHERE digest = %s AND used_at IS NULL"

# Parameters: person, organisation, today, today.
PERSON = f"""
WITH asked AS MATERIALIZED (SELECT CAST(%s AS {{uuid}}) AS id, CAST(%s AS {{uuid}}) AS organization_id)
SELECT {PERSON_COLUMNS} FROM directory_user u {_OF_ASKED} WHERE u.id = (SELECT id FROM asked)
"""  # noqa: S608 - our own constants

# A member of a group is a member of the groups above it. Parameters: person, today, today.
GROUPS = f"""
WITH RECURSIVE walk(id, slug, parent_id, depth) AS (
    SELECT g.id, g.slug, g.parent_id, 0 FROM directory_group g
    JOIN directory_groupmembership m ON m.group_id = g.id
    WHERE m.user_id = %s AND {_HOLDS} AND g.closed_on IS NULL
    UNION
    SELECT g.id, g.slug, g.parent_id, w.depth + 1 FROM directory_group g JOIN walk w ON w.parent_id = g.id
    WHERE w.depth < 20 AND g.closed_on IS NULL
)
SELECT DISTINCT slug FROM walk ORDER BY slug
"""  # noqa: S608 - our own constants
