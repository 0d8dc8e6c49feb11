"""The token that tells an application that a session has ended (OpenID Connect Back-Channel Logout, section 2.4)."""

import time
from uuid import UUID, uuid4

from django.conf import settings

from parvis.oidc import keys
from parvis.oidc.client_keys import encrypted
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.subjects import sid_of, subject_of

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LIFETIME = 120
"""Seconds: two minutes at most, as section 2.4 recommends; each attempt signs a new one."""


def logout_token(client: RegisteredClient, *, user_id: UUID, sid: UUID) -> str:
    """Return a signed logout token, encrypted when the application's ID tokens are.

    `sub` is always there, because django-lasuite ends nothing without it; so is `sid`, asked for or not: a token
    without it would mean all the sessions of the person (section 2.4), and one browser's has ended. There is no nonce:
    it must not pass for an ID token.
    """
    now = int(time.time())
    payload: dict[str, object] = {
        "iss": settings.ISSUER,
        "aud": client.client_id,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": uuid4().hex,
        "sub": subject_of(client, user_id),
        "sid": sid_of(client, sid),
        "events": {EVENT: {}},
    }
    signed = keys.sign(client.id_token_alg, payload, typ="logout+jwt")
    return encrypted(client, client.id_token_encryption_alg, signed)
