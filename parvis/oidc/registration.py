"""What an application says of itself (RFC 7591, section 2), and the settings that this makes: one table, both ways.

What we do not know is ignored, what we cannot do is refused, and the answer says what was kept (section 3.2.1).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils import translation

from parvis.lib import plain_json
from parvis.oidc.client_keys import ENCRYPTION
from parvis.oidc.errors import ProtocolError
from parvis.oidc.models import Client
from parvis.oidc.redirect_uris import InvalidRedirectUriError, validate_web_uri

Document = dict[str, Any]
_Grant = Client.GrantType
_LONGEST = 2_000
_MOST = 50


class MetadataError(ProtocolError):
    """A value that cannot be registered (RFC 7591, section 3.2.2)."""

    def __init__(self, name: str, reason: str) -> None:
        code = "invalid_redirect_uri" if name == "redirect_uris" else "invalid_client_metadata"
        super().__init__(code, f"{name}: {reason}"[:400])

    @classmethod
    def of(cls, error: ValidationError) -> "MetadataError":
        """Say in the protocol's names, and in English, which setting was refused."""
        with translation.override("en"):
            name, reasons = next(iter(error.message_dict.items()))
            return cls(_MEMBER_OF.get(name, name), " ".join(reasons))


# --- Kinds of values --------------------------------------------------------------------------------------------------
def text(value: object) -> str:
    """Read a text."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError("a text is expected.")
    return value


def texts(value: object) -> list[str]:
    """Read a list of texts."""
    if not isinstance(value, list) or len(value) > _MOST:
        raise ValueError(f"a list of at most {_MOST} texts is expected.")
    return [text(one) for one in value]


def flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false is expected.")  # noqa: TRY004 - what the caller reads
    return value


def seconds(value: object) -> int:
    """Read a number of seconds."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 31:
        raise ValueError("a number of seconds is expected.")
    return value


def key_set(value: object) -> Document:
    """Read an object; which keys it holds is looked at with the other settings."""
    if not isinstance(value, dict):
        raise ValueError("a JSON Web Key Set is expected.")  # noqa: TRY004 - what the caller reads
    return value


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the document, the setting that it is here, and what it is when it is left out."""

    name: str
    field: str
    kind: Callable[[object], Any] = text
    default: Any = ""

    def read(self, document: Document) -> Any:
        """Return the value of a document. Null is the same as nothing (RFC 7591, section 2.1)."""
        value = document.get(self.name)
        if value is None:
            return self.default
        try:
            return self.kind(value)
        except ValueError as error:
            raise MetadataError(self.name, str(error)) from error


MEMBERS: tuple[Member, ...] = (
    Member("redirect_uris", "redirect_uris", texts, []),
    Member("post_logout_redirect_uris", "post_logout_redirect_uris", texts, []),
    Member("grant_types", "grant_types", texts, [_Grant.AUTHORIZATION_CODE.value]),
    Member("token_endpoint_auth_method", "token_endpoint_auth_method", text, Client.AuthMethod.SECRET_BASIC.value),
    Member("token_endpoint_auth_signing_alg", "token_endpoint_auth_signing_alg"),
    Member("jwks", "jwks", key_set, {}),
    Member("jwks_uri", "jwks_uri"),
    Member("id_token_signed_response_alg", "id_token_alg", text, Client.SigningAlg.RS256.value),
    Member("id_token_encrypted_response_alg", "id_token_encryption_alg"),
    Member("userinfo_signed_response_alg", "userinfo_alg", text, Client.UserinfoAlg.NONE.value),
    Member("userinfo_encrypted_response_alg", "userinfo_encryption_alg"),
    Member("introspection_signed_response_alg", "introspection_alg", text, Client.SigningAlg.RS256.value),
    Member("introspection_encrypted_response_alg", "introspection_encryption_alg"),
    Member("authorization_signed_response_alg", "authorization_response_alg"),
    Member("authorization_encrypted_response_alg", "authorization_response_encryption_alg"),
    Member("subject_type", "subject_type", text, Client.SubjectType.PUBLIC.value),
    Member("sector_identifier_uri", "sector_identifier_uri"),
    Member("default_max_age", "default_max_age", seconds, None),
    Member("require_auth_time", "requires_auth_time", flag, default=False),
    Member("default_acr_values", "default_acr_values", texts, []),
    Member("initiate_login_uri", "initiate_login_uri"),
    Member("backchannel_logout_uri", "backchannel_logout_uri"),
    Member("backchannel_logout_session_required", "backchannel_logout_session_required", flag, default=False),
    Member("frontchannel_logout_uri", "frontchannel_logout_uri"),
    Member("frontchannel_logout_session_required", "frontchannel_logout_session_required", flag, default=False),
    Member("request_object_signing_alg", "request_object_alg"),
    Member("require_signed_request_object", "requires_signed_requests", flag, default=False),
    Member("require_pushed_authorization_requests", "requires_pushed_requests", flag, default=False),
    Member("dpop_bound_access_tokens", "requires_dpop", flag, default=False),
)
_MEMBER_OF = {member.field: member.name for member in MEMBERS} | {"scopes": "scope", "name_fr": "client_name"}
# Each algorithm that wraps a key goes with one that encrypts, and here there is one.
_ENCRYPTED = (
    "id_token_encrypted_response",
    "userinfo_encrypted_response",
    "introspection_encrypted_response",
    "authorization_encrypted_response",
)
# What only people read; the texts may be repeated with a language (RFC 7591, section 2.2): `client_uri#fr`.
TOLD: dict[str, Callable[[object], Any]] = {
    "client_uri": text,
    "logo_uri": text,
    "policy_uri": text,
    "tos_uri": text,
    "software_id": text,
    "software_version": text,
    "application_type": text,
    "contacts": texts,
}
_LINKS = frozenset({"client_uri", "logo_uri", "policy_uri", "tos_uri"})


# --- From a document to settings --------------------------------------------------------------------------------------
def settings_of(document: Document, *, scopes: Iterable[str]) -> dict[str, Any]:
    """Return the settings that a document makes; scopes beyond these are left out. Raises MetadataError."""
    try:
        plain_json.check(document)
    except plain_json.NotPlainError as error:
        raise ProtocolError("invalid_client_metadata", f"It cannot be kept: {error}") from error
    found = {member.field: member.read(document) for member in MEMBERS}
    found["grant_types"] = _grant_types(found["grant_types"], document)
    for name in _ENCRYPTED:
        _check_encryption(document, name)
    found["scopes"] = _scopes(document, list(scopes))
    found["metadata"] = _told(document)
    return found | _names(document, found["redirect_uris"])


def _grant_types(given: list[str], document: Document) -> list[str]:
    """Keep the ways that exist here; there must be one, and the response types must go with it (RFC 7591, 2.1)."""
    kept = [name for name in given if name in _Grant.values]
    if not kept:
        raise MetadataError("grant_types", f"choose among {', '.join(_Grant.values)}.")
    types = Member("response_types", "", texts, ["code"]).read(document)
    if _Grant.AUTHORIZATION_CODE in kept and "code" not in types:
        raise MetadataError("response_types", "use code.")
    return kept


def _check_encryption(document: Document, name: str) -> None:
    enc = Member(f"{name}_enc", "").read(document)
    if enc and not document.get(f"{name}_alg"):
        raise MetadataError(f"{name}_enc", f"without {name}_alg.")
    if enc not in {"", ENCRYPTION}:
        raise MetadataError(f"{name}_enc", f"use {ENCRYPTION}.")


def _scopes(document: Document, allowed: list[str]) -> list[str]:
    asked = Member("scope", "").read(document).split()
    return [name for name in allowed if name in asked] if asked else allowed


def _told(document: Document) -> Document:
    """Keep what people may read of it. Links lead to the web only."""
    kept: Document = {}
    for name, value in document.items():
        plain, _sharp, _language = name.partition("#")
        if plain in TOLD and value is not None:
            kept[name] = Member(name, "", TOLD[plain]).read(document)
            if plain in _LINKS:
                _check_link(name, kept[name])
    if kept.get("application_type", "web") not in {"web", "native"}:
        raise MetadataError("application_type", "use web or native.")
    return kept


def _check_link(name: str, uri: str) -> None:
    try:
        validate_web_uri(uri)
    except InvalidRedirectUriError as error:
        with translation.override("en"):
            raise MetadataError(name, str(error)) from error


def _names(document: Document, redirect_uris: list[str]) -> dict[str, str]:
    """Return what it is called in both languages: by its host when it does not say."""
    plain = Member("client_name", "").read(document) or _host(redirect_uris) or "Application"
    found = {lang: Member(f"client_name#{lang}", "").read(document) or plain for lang in ("fr", "en")}
    return {f"name_{lang}": " ".join(name.split()) for lang, name in found.items()}


def _host(redirect_uris: list[str]) -> str | None:
    """Return the host of the first address that has one; whether it is an address at all is looked at later."""
    try:
        return next((urlsplit(uri).hostname for uri in redirect_uris if "//" in uri), None)
    except ValueError:
        return None


# --- From settings to a document --------------------------------------------------------------------------------------
def document_of(client: Client) -> Document:
    """Return what is registered (RFC 7591, section 3.2.1): what has no value is left out."""
    found = {member.name: getattr(client, member.field) for member in MEMBERS}
    document = {name: value for name, value in found.items() if value not in ("", None, [], {})}
    if client.userinfo_alg == Client.UserinfoAlg.NONE:
        del document["userinfo_signed_response_alg"]
    if client.token_endpoint_auth_method == Client.AuthMethod.ANY_SECRET:
        document["token_endpoint_auth_method"] = Client.AuthMethod.SECRET_BASIC.value
    document |= {f"{name}_enc": ENCRYPTION for name in _ENCRYPTED if f"{name}_alg" in document}
    document["response_types"] = ["code"] if _Grant.AUTHORIZATION_CODE in client.grant_types else []
    document["scope"] = " ".join(client.scopes)
    document["client_name"] = client.name_en
    if client.name_fr != client.name_en:
        document["client_name#fr"] = client.name_fr
    document |= client.metadata
    return document
