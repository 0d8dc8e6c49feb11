"""The document as a whole: what to know first, the operations, the schemas, and how each caller proves itself."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation

from parvis import __version__
from parvis.oidc.description.answers import schemas
from parvis.oidc.description.operations import paths
from parvis.oidc.scopes import SCOPES

PATH = "/oidc/openapi.json"
INTRODUCTION = """\
Parvis signs people in to applications with OpenID Connect. Most applications need no more than a library, the issuer
`{issuer}`, a `client_id` and a secret: the library reads everything else in the metadata. This document is for who
writes or reads such a library.

**Usual order.** Lead the browser to `/oidc/authorize`; receive `code` at your `redirect_uri`, and compare `state` and
`iss`; redeem it at `/oidc/token`; verify the ID token with the keys of `/oidc/jwks`; ask `/oidc/userinfo` what the
scopes give; lead the browser to `/oidc/logout` when the person leaves.

**Who you are.** An application proves itself by its secret in the `Authorization` header, by `client_id` and
`client_secret` among the fields, or by a signed `client_assertion`; one way in each request. Public applications send
`client_id` alone, and PKCE.

**Errors** are `error`, one of the protocol's words, and `error_description`, which says what to change. Send no field
twice but `resource`. An error says 503 and `Retry-After` while the database is away: try the same again.

**Bound tokens.** With a DPoP proof (RFC 9449), tokens open nothing without the key. Each proof holds the nonce of the
last answer (`DPoP-Nonce`); a first one without it is answered by `use_dpop_nonce`.

**Scopes**

{scopes}
"""


def _schemes() -> dict[str, Any]:
    bearer = {"type": "http", "scheme": "bearer"}
    return {
        "clientSecretBasic": {
            "type": "http",
            "scheme": "basic",
            "description": "client_id and client_secret, each form-encoded first (RFC 6749, section 2.3.1).",
        },
        "accessToken": bearer | {"description": "An access token of a person."},
        "boundAccessToken": {"type": "http", "scheme": "dpop", "description": "The same, with the proof in `DPoP`."},
        "initialAccessToken": bearer | {"description": "A token with which an operator lets applications register."},
        "registrationAccessToken": bearer | {"description": "The token that came with the registration."},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The person's browser: nothing that an application has.",
        },
    }


def description() -> dict[str, Any]:
    """Return the document."""
    with translation.override("en"):
        scopes = "\n".join(f"- `{name}`: {scope.label}" for name, scope in SCOPES.items())
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "Parvis: signing people in",
                "version": __version__,
                "summary": "OpenID Connect 1.0 and OAuth 2.0",
                "description": INTRODUCTION.format(issuer=settings.ISSUER, scopes=scopes),
            },
            "servers": [{"url": settings.ISSUER}],
            "paths": paths(),
            "components": {"schemas": schemas(), "securitySchemes": _schemes()},
        }


@cache
def as_bytes() -> bytes:
    """Return the document as it is served, made once."""
    return json.dumps(description(), ensure_ascii=False, separators=(",", ":")).encode()
