"""Applications as the endpoints use them: read once, kept per process, frozen."""

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from parvis.oidc import opaque
from parvis.oidc.memory import Memory
from parvis.oidc.models import Client, Revision
from parvis.web.language import reads_french

MOST_KEPT = 5_000
"""Clients kept by a process; beyond, the memory starts anew (dynamic registration must not fill it)."""


@dataclass(frozen=True, slots=True)
class Secret:
    """The digest of a secret, and until when it works."""

    digest: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """An application, without the model's weight."""

    pk: UUID
    client_id: str
    names: tuple[str, str]
    is_active: bool
    is_public: bool
    is_trusted: bool
    is_sandbox: bool
    auth_method: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    scopes: frozenset[str]
    id_token_alg: str
    userinfo_alg: str
    grant_types: frozenset[str]
    access_token_alg: str
    introspection_alg: str
    introspection_encryption_alg: str
    is_resource_server: bool
    resources: frozenset[str]
    reads_access_tokens: bool
    assertion_alg: str
    jwks: str
    jwks_uri: str
    profile: str
    is_fapi: bool
    sector: str
    id_token_encryption_alg: str
    userinfo_encryption_alg: str
    requires_pushed_requests: bool
    requires_signed_requests: bool
    request_object_alg: str
    requires_dpop: bool
    authorization_response_alg: str
    authorization_response_encryption_alg: str
    accepts_endpoint_audience: bool
    default_max_age: int | None
    backchannel_logout_uri: str
    frontchannel_logout_uri: str
    frontchannel_logout_session_required: bool
    organization_id: UUID | None
    secrets: tuple[Secret, ...]

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.names[0 if reads_french() else 1]

    def has_secret(self, given: str) -> bool:
        """Say whether this is one of its secrets that have not expired; every digest is compared, in constant time."""
        digest = opaque.hex_digest(given)
        now = datetime.now(UTC)
        matches = [
            hmac.compare_digest(secret.digest, digest) and (secret.expires_at is None or secret.expires_at > now)
            for secret in self.secrets
        ]
        return any(matches)


class _Kept:
    """The applications met so far, by either of their names."""

    def __init__(self) -> None:
        self.by_client_id: dict[str, RegisteredClient] = {}
        self.by_pk: dict[UUID, RegisteredClient] = {}
        self.servers: dict[str, UUID] | None = None

    def keep(self, client: RegisteredClient) -> RegisteredClient:
        """Remember an application."""
        if len(self.by_pk) >= MOST_KEPT:
            self.by_client_id, self.by_pk = {}, {}
        self.by_client_id[client.client_id] = self.by_pk[client.pk] = client
        return client


_memory = Memory(Revision.CLIENTS, _Kept)


def find(client_id: str) -> RegisteredClient | None:
    """Return the application with this identifier. An unknown one is looked for each time: it may just be there."""
    kept = _memory.current()
    if (client := kept.by_client_id.get(client_id)) is not None:
        return client
    if len(client_id) > 200 or "\x00" in client_id:  # noqa: PLR2004 - the column's length
        return None
    return _load(kept, client_id=client_id)


def find_by_pk(pk: UUID) -> RegisteredClient | None:
    """Return the application with this primary key."""
    kept = _memory.current()
    return kept.by_pk.get(pk) or _load(kept, pk=pk)


def has_resource_server(uri: str) -> bool:
    """Say whether a resource server in service answers to this address (RFC 8707)."""
    return uri in _servers()


def resource_server(uri: str) -> RegisteredClient | None:
    """Return the resource server in service that answers to this address."""
    pk = _servers().get(uri)
    return find_by_pk(pk) if pk else None


def _servers() -> dict[str, UUID]:
    kept = _memory.current()
    if kept.servers is None:
        rows = Client.objects.active().filter(is_resource_server=True).values_list("pk", "resources")
        kept.servers = {uri: pk for pk, resources in rows for uri in resources}
    return kept.servers


def forget() -> None:
    """Drop what this process remembers."""
    _memory.forget()


def _load(kept: _Kept, **named: object) -> RegisteredClient | None:
    row = Client.objects.filter(**named).prefetch_related("secrets").first()
    return kept.keep(registered(row)) if row else None


def registered(row: Client) -> RegisteredClient:
    """Return the frozen form of a row; what its profile demands is said here, once."""
    is_fapi = row.is_fapi
    return RegisteredClient(
        pk=row.pk,
        client_id=row.client_id,
        names=(row.name_fr, row.name_en),
        is_active=row.state == Client.State.ACTIVE,
        is_public=row.is_public,
        is_trusted=row.is_trusted,
        is_sandbox=row.is_sandbox,
        auth_method=row.token_endpoint_auth_method,
        redirect_uris=tuple(row.redirect_uris),
        post_logout_redirect_uris=tuple(row.post_logout_redirect_uris),
        scopes=frozenset(row.scopes),
        id_token_alg=row.id_token_alg,
        userinfo_alg=row.userinfo_alg,
        grant_types=frozenset(row.grant_types),
        access_token_alg=row.access_token_alg,
        introspection_alg=row.introspection_alg,
        introspection_encryption_alg=row.introspection_encryption_alg,
        is_resource_server=row.is_resource_server,
        resources=frozenset(row.resources if row.is_resource_server else ()),
        reads_access_tokens=row.is_resource_server and row.reads_access_tokens,
        assertion_alg=row.token_endpoint_auth_signing_alg,
        jwks=json.dumps(row.jwks) if row.jwks else "",
        jwks_uri=row.jwks_uri,
        profile=row.profile,
        is_fapi=is_fapi,
        sector=row.sector_identifier if row.subject_type == Client.SubjectType.PAIRWISE else "",
        id_token_encryption_alg=row.id_token_encryption_alg,
        userinfo_encryption_alg=row.userinfo_encryption_alg,
        requires_pushed_requests=row.requires_pushed_requests or is_fapi,
        requires_signed_requests=row.requires_signed_requests or row.profile == Client.Profile.FAPI2_MESSAGE_SIGNING,
        request_object_alg=row.request_object_alg,
        requires_dpop=row.requires_dpop or is_fapi,
        authorization_response_alg=row.authorization_response_alg,
        authorization_response_encryption_alg=row.authorization_response_encryption_alg,
        accepts_endpoint_audience=row.accepts_endpoint_audience and not is_fapi,
        default_max_age=row.default_max_age,
        backchannel_logout_uri=row.backchannel_logout_uri,
        frontchannel_logout_uri=row.frontchannel_logout_uri,
        frontchannel_logout_session_required=row.frontchannel_logout_session_required,
        organization_id=row.organization_id,
        secrets=tuple(Secret(secret.digest, secret.expires_at) for secret in row.secrets.all()),
    )
