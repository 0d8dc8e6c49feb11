"""What to paste into an application so that it signs people in here: exact values, for the libraries that teams use."""

from dataclasses import dataclass

from django.conf import settings

from parvis.oidc.models import Client
from parvis.suite.models import Application

_SECRET_PLACE = "…"  # noqa: S105 - what stands in the place of the secret once it cannot be shown again
# django-lasuite and mozilla-django-oidc send each of these names as it is.
_LASUITE_SCOPES = ("openid", "email", "given_name", "usual_name", "uid", "siret", "organization_label", "idp_id")


@dataclass(frozen=True, slots=True)
class Integration:
    """The values, then settings made of them."""

    client_id: str
    values: list[tuple[str, str]]
    lasuite: str
    environment: str


def endpoints() -> dict[str, str]:
    """Return the addresses that libraries without discovery ask for."""
    issuer = settings.ISSUER
    return {
        "issuer": issuer,
        "discovery": f"{issuer}/.well-known/openid-configuration",
        "authorization_endpoint": f"{issuer}/oidc/authorize",
        "token_endpoint": f"{issuer}/oidc/token",
        "userinfo_endpoint": f"{issuer}/oidc/userinfo",
        "jwks_uri": f"{issuer}/oidc/jwks",
        "introspection_endpoint": f"{issuer}/oidc/introspect",
        "revocation_endpoint": f"{issuer}/oidc/revoke",
        "end_session_endpoint": f"{issuer}/oidc/logout",
    }


def snippets(application: Application, secret: str = "") -> Integration:
    """Return everything to paste for an application with a client; the secret only when it was just made."""
    client: Client = application.client  # type: ignore[assignment]  # the caller looked
    shown = secret or _SECRET_PLACE
    return Integration(
        client_id=client.client_id,
        values=list(endpoints().items()),
        lasuite=_lasuite(client, shown),
        environment=_environment(client, shown),
    )


def _lasuite(client: Client, secret: str) -> str:
    """Return the settings of django-lasuite; those of mozilla-django-oidc are the same names, without the first two."""
    at = endpoints()
    scopes = " ".join(scope for scope in _LASUITE_SCOPES if scope in client.scopes)
    lines = {
        "OIDC_OP_URL": at["issuer"],
        "OIDC_STORE_REFRESH_TOKEN": True,
        "OIDC_OP_AUTHORIZATION_ENDPOINT": at["authorization_endpoint"],
        "OIDC_OP_TOKEN_ENDPOINT": at["token_endpoint"],
        "OIDC_OP_USER_ENDPOINT": at["userinfo_endpoint"],
        "OIDC_OP_JWKS_ENDPOINT": at["jwks_uri"],
        "OIDC_OP_LOGOUT_ENDPOINT": at["end_session_endpoint"],
        "OIDC_RP_CLIENT_ID": client.client_id,
        "OIDC_RP_CLIENT_SECRET": secret,
        "OIDC_RP_SIGN_ALGO": client.id_token_alg,
        "OIDC_RP_SCOPES": scopes,
        "OIDC_USE_PKCE": True,
        "OIDC_STORE_ID_TOKEN": True,
    }
    return "\n".join(f"{name} = {_literal(value)}" for name, value in lines.items())


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _environment(client: Client, secret: str) -> str:
    """Return variables for libraries that read the discovery document."""
    lines = {"OIDC_ISSUER": endpoints()["issuer"], "OIDC_CLIENT_ID": client.client_id}
    if not client.is_public:
        lines["OIDC_CLIENT_SECRET"] = secret
    return "\n".join(f"{name}={value}" for name, value in lines.items())
