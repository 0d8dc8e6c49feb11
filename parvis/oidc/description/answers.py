"""What applications get: the schemas of answers, made from the tables that make the answers."""

import json
from collections.abc import Callable
from typing import Any

from parvis.oidc import client_keys, registration
from parvis.oidc.algorithms import OURS
from parvis.oidc.claims import CLAIMS
from parvis.oidc.description.fields import Schema, choice, text
from parvis.oidc.endpoints.metadata import provider
from parvis.oidc.models import Client

TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_KINDS: dict[Callable[[object], Any], Schema] = {
    registration.text: {"type": "string"},
    registration.texts: TEXTS,
    registration.flag: {"type": "boolean"},
    registration.seconds: {"type": "integer", "minimum": 0},
    registration.key_set: {"type": "object"},
}
_OF_CLAIMS: dict[str, Schema] = {
    "sub": text("The person: the same for ever, or the same within a sector (pairwise)."),
    "name": text("The name that is shown."),
    "given_name": text("The given name."),
    "family_name": text("The family name."),
    "usual_name": text("The family name, under ProConnect's word for it."),
    "picture": text("The address of the photo.", format="uri"),
    "locale": text("The language that the person reads."),
    "zoneinfo": text("The time zone that the person lives in."),
    "updated_at": {"type": "integer", "description": "When the profile last changed, in seconds since 1970."},
    "email": text("The main address, which the person has proven to read."),
    "email_verified": {"type": "boolean", "description": "Always true: no other address is ever told."},
    "phone_number": text("The phone number that the person gave."),
    "phone_number_verified": {"type": "boolean", "description": "False: nobody has proven it."},
    "uid": text("The same as `sub`, under ProConnect's word for it."),
    "siret": text("The SIRET of the organisation that the person acts for; never another one."),
    "siret_source": choice(
        "Where `siret` comes from, or why it is missing.", ["organization", "missing", "no_organization"]
    ),
    "siren": text("The SIREN of that organisation."),
    "organization_label": text("The name of that organisation."),
    "idp_id": text("This provider.", format="uuid"),
    "idp_acr": text("How strongly the person proved who they are: the same as `acr`."),
    "roles": TEXTS | {"description": "Whether the organisation is a public service."},
    "groups": TEXTS | {"description": "The groups that the person is in today."},
}
_TOLD = text("What people read of the application; `#fr` or `#en` behind the name says in which language.")


def _object(properties: dict[str, Schema], required: Any = (), **more: Any) -> Schema:
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {}), **more}


def _userinfo() -> Schema:
    return _object(
        {claim: _OF_CLAIMS[claim] for claim in CLAIMS}, ["sub"], description="What the scopes give of a person."
    )


def _metadata() -> Schema:
    """Return the schema of discovery: every member that is told, of the kind that it has."""
    kinds: dict[type, Schema] = {str: {"type": "string"}, bool: {"type": "boolean"}, list: TEXTS}
    told = json.loads(provider())
    return _object({name: kinds[type(value)] for name, value in told.items()}, told)


def _of_member(member: registration.Member) -> Schema:
    """Return the schema of a member that an application registers; what may be chosen is said where it is known."""
    choices = {
        "token_endpoint_auth_method": Client.AuthMethod.values[1:],
        "subject_type": Client.SubjectType.values,
        "id_token_signed_response_alg": OURS,
        "userinfo_signed_response_alg": OURS,
        "introspection_signed_response_alg": OURS,
    }
    if member.name in choices:
        return {"type": "string", "enum": list(choices[member.name])}
    if member.name.endswith("_encrypted_response_alg"):
        return {"type": "string", "enum": list(Client.EncryptionAlg.values)}
    if member.name == "grant_types":
        return {"type": "array", "items": {"type": "string", "enum": list(Client.GrantType.values)}}
    return _KINDS[member.kind]


def _client_metadata() -> dict[str, Schema]:
    made: dict[str, Schema] = {member.name: _of_member(member) for member in registration.MEMBERS}
    sealed = [name.removesuffix("alg") for name in made if name.endswith("_encrypted_response_alg")]
    made |= {f"{name}enc": {"type": "string", "enum": [client_keys.ENCRYPTION]} for name in sealed}
    made |= {name: _KINDS[kind] for name, kind in registration.TOLD.items()}
    made["response_types"] = {"type": "array", "items": {"type": "string", "enum": ["code"]}}
    made["scope"] = text("Scopes, separated by blanks: a part of those that the initial access token allows.")
    made["client_name"] = _TOLD
    return made


_INFORMATION: dict[str, Schema] = {
    "client_id": text("The application's name in the protocol."),
    "client_id_issued_at": {"type": "integer", "description": "When, in seconds since 1970."},
    "client_secret": text("Shown in this answer only."),
    "client_secret_expires_at": {"type": "integer", "description": "0: it does not expire by itself."},
    "registration_client_uri": text("The address of this registration.", format="uri"),
    "registration_access_token": text("The token that manages it (RFC 7592)."),
}
_OF_KEY: dict[str, Schema] = {name: {"type": "string"} for name in ("kty", "kid", "alg", "use")}
_TOKEN_TYPE = choice("`DPoP` when the token is bound to the key of a proof.", ["Bearer", "DPoP"])
_SECONDS: Schema = {"type": "integer", "description": "For how many seconds."}


_TOKENS = _object(
    {
        "access_token": text("Opens userinfo and the resource servers that it is for."),
        "token_type": _TOKEN_TYPE,
        "expires_in": _SECONDS,
        "scope": text("What was granted."),
        "id_token": text("Who signed in, when and how: a signed JWT. Not for client_credentials."),
        "refresh_token": text("Renews the others, once."),
        "sid": text("The session, as logout tokens name it."),
    },
    ["access_token", "token_type", "expires_in"],
)
_INTROSPECTION = _object(
    {
        "active": {
            "type": "boolean",
            "description": "Whether the token is good, and any business of the caller's.",
        },
        "scope": text("What it opens, as far as the caller may know."),
        "client_id": text("The application that it was issued to."),
        "sub": text("The person, or the application itself, in the caller's sector."),
        "iss": text("The issuer.", format="uri"),
        "aud": {"type": ["string", "array"], "items": {"type": "string"}, "description": "Whom it is for."},
        "token_type": _TOKEN_TYPE,
        "cnf": {"type": "object", "description": "The key that its bearer must prove to hold."},
        "acr": text("How strongly the person proved who they are."),
        "jti": text("The name of a token that speaks for itself."),
        **{name: {"type": "integer"} for name in ("iat", "exp", "auth_time")},
    },
    ["active"],
)
_DEVICE = _object(
    {
        "device_code": text("The device's own code, which it shows to nobody."),
        "user_code": text("The code that the person types.", pattern="^[A-Z]{4}-[A-Z]{4}$"),
        "verification_uri": text("Where they type it.", format="uri"),
        "verification_uri_complete": text("The same with the code in it: for a QR code.", format="uri"),
        "expires_in": _SECONDS,
        "interval": {"type": "integer", "description": "Seconds between two questions."},
    },
    ["device_code", "user_code", "verification_uri", "verification_uri_complete", "expires_in", "interval"],
)


def schemas() -> dict[str, Schema]:
    """Return every schema that operations refer to."""
    metadata_of_client = _client_metadata()
    return {
        "Error": _object(
            {"error": text("The protocol's word for it."), "error_description": text("What to change, in English.")},
            ["error", "error_description"],
            description="Why the request was refused (RFC 6749, section 5.2).",
        ),
        "Problem": _object(
            {"title": text("What is wrong."), "status": {"type": "integer"}, "detail": text("More of it.")},
            ["title", "status"],
            description="Why a page was refused, for programs (RFC 9457).",
        ),
        "Tokens": _TOKENS,
        "Userinfo": _userinfo(),
        "Introspection": _INTROSPECTION,
        "Pushed": _object(
            {"request_uri": text("Stands for the request, once and shortly."), "expires_in": _SECONDS},
            ["request_uri", "expires_in"],
        ),
        "Device": _DEVICE,
        "Keys": _object({"keys": {"type": "array", "items": _object(_OF_KEY, _OF_KEY)}}, ["keys"]),
        "Metadata": _metadata(),
        "ClientMetadata": _object(metadata_of_client, description="What an application says of itself (RFC 7591)."),
        "ClientInformation": _object(
            _INFORMATION | metadata_of_client,
            ["client_id", "registration_client_uri", "registration_access_token"],
            description="What was kept of it.",
        ),
    }
