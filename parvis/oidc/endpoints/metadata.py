"""Discovery and the public keys: bytes that are made once."""

import json
from collections.abc import Callable
from functools import cache

from django.conf import settings

from parvis.accounts import assurance
from parvis.oidc import assertions, client_keys, keys
from parvis.oidc.algorithms import DPOP, OURS
from parvis.oidc.authorization import answers, checks
from parvis.oidc.claims import CLAIMS
from parvis.oidc.errors import ProtocolError
from parvis.oidc.http import JSON, Headers, Request, Response
from parvis.oidc.models import Client
from parvis.oidc.scopes import SCOPES
from parvis.oidc.tokens import PROTOCOL_CLAIMS

# Public documents, read by scripts of other origins too; short enough that a rotation is seen before it matters.
PUBLIC: Headers = (*JSON, ("Cache-Control", "public, max-age=300"), ("Access-Control-Allow-Origin", "*"))


def discovery(request: Request) -> Response:
    """Answer with the provider's metadata (OpenID Connect Discovery 1.0, section 3)."""
    _only_read(request)
    return Response(200, provider(), PUBLIC)


def jwks(request: Request) -> Response:
    """Answer with the keys that sign, will sign, or have just signed."""
    _only_read(request)
    return Response(200, key_set(), PUBLIC)


def _only_read(request: Request) -> None:
    if request.method not in {"GET", "HEAD"}:
        raise ProtocolError("invalid_request", "Use GET.", status=405, headers=(("Allow", "GET, HEAD"),))


def key_set() -> bytes:
    """Return the public keys, as bytes."""
    return keys.ring().jwks()


@cache
def provider() -> bytes:
    """Return the provider's metadata, as bytes."""
    issuer = settings.ISSUER
    methods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]
    document = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oidc/authorize",
        "token_endpoint": f"{issuer}/oidc/token",
        "pushed_authorization_request_endpoint": f"{issuer}/oidc/par",
        "userinfo_endpoint": f"{issuer}/oidc/userinfo",
        "jwks_uri": f"{issuer}/oidc/jwks",
        "end_session_endpoint": f"{issuer}/oidc/logout",
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        "device_authorization_endpoint": f"{issuer}/oidc/device_authorization",
        "registration_endpoint": f"{issuer}/oidc/register",
        "introspection_endpoint": f"{issuer}/oidc/introspect",
        "revocation_endpoint": f"{issuer}/oidc/revoke",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": list(answers.MODES),
        "grant_types_supported": list(Client.GrantType.values),
        "acr_values_supported": list(assurance.LEVELS),
        "subject_types_supported": list(Client.SubjectType.values),
        "id_token_signing_alg_values_supported": list(OURS),
        "id_token_encryption_alg_values_supported": list(Client.EncryptionAlg.values),
        "id_token_encryption_enc_values_supported": [client_keys.ENCRYPTION],
        "userinfo_signing_alg_values_supported": ["none", *OURS],
        "userinfo_encryption_alg_values_supported": list(Client.EncryptionAlg.values),
        "userinfo_encryption_enc_values_supported": [client_keys.ENCRYPTION],
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": list(assertions.ALGORITHMS),
        "introspection_endpoint_auth_methods_supported": methods[:-1],
        "introspection_endpoint_auth_signing_alg_values_supported": list(assertions.ALGORITHMS),
        "introspection_signing_alg_values_supported": list(OURS),
        "introspection_encryption_alg_values_supported": list(Client.EncryptionAlg.values),
        "introspection_encryption_enc_values_supported": [client_keys.ENCRYPTION],
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": list(assertions.ALGORITHMS),
        "code_challenge_methods_supported": ["S256"],
        "display_values_supported": ["page"],
        "prompt_values_supported": list(checks.PROMPT_VALUES),
        "claim_types_supported": ["normal"],
        "claims_supported": sorted({*CLAIMS, *PROTOCOL_CLAIMS}),
        "claims_parameter_supported": True,
        "request_parameter_supported": True,
        "request_uri_parameter_supported": False,
        "ui_locales_supported": [code for code, _name in settings.LANGUAGES],
        "authorization_response_iss_parameter_supported": True,
        "require_pushed_authorization_requests": False,
        "request_object_signing_alg_values_supported": list(assertions.ALGORITHMS),
        "authorization_signing_alg_values_supported": list(OURS),
        "authorization_encryption_alg_values_supported": list(Client.EncryptionAlg.values),
        "authorization_encryption_enc_values_supported": [client_keys.ENCRYPTION],
        "dpop_signing_alg_values_supported": list(DPOP),
    }
    return json.dumps(document, separators=(",", ":")).encode()


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "/.well-known/openid-configuration": provider,
    "/.well-known/oauth-authorization-server": provider,  # RFC 8414, section 3
    "/oidc/jwks": key_set,
}
"""What anybody may read and keep for some minutes, by its path: there is nothing to check."""
