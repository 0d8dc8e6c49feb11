"""The endpoints: what is sent to each, and each answer that it may give."""

from parvis.oidc.description.fields import (
    AUTHORIZATION,
    CLIENT,
    DEVICE,
    GRANTS,
    PUSHED,
    RESOURCE,
    SIGNED_OUT,
    TOKEN,
    TOKEN_TYPE_HINT,
    Schema,
    text,
)
from parvis.oidc.description.parts import (
    AGAIN,
    CHALLENGE,
    JSON,
    LEADS,
    LOCATION,
    NONCE,
    WAIT,
    Operation,
    answer,
    away,
    error,
    form,
    operation,
    page,
    query,
    refused,
)
from parvis.oidc.endpoints.introspection import MEDIA_TYPE
from parvis.oidc.http import FORM
from parvis.oidc.models import Client

# Who the application is: in the header, or among the fields, where OpenAPI has no word for it.
_PROVEN: list[dict[str, list[str]]] = [{"clientSecretBasic": []}, {}]
_OPENS: list[dict[str, list[str]]] = [{"accessToken": []}, {"boundAccessToken": []}]
_INITIAL: list[dict[str, list[str]]] = [{"initialAccessToken": []}]
_OWN: list[dict[str, list[str]]] = [{"registrationAccessToken": []}]
_PROOF: Schema = {
    "name": "DPoP",
    "in": "header",
    "description": "The proof of a key (RFC 9449), with the nonce of the last answer.",
    "schema": {"type": "string"},
}
_OF_PROOF = ("invalid_dpop_proof", "use_dpop_nonce")
# What the checks of an authorization request say; at its own endpoint they travel back in the address.
_OF_REQUEST = (
    "access_denied",
    "invalid_request",
    "invalid_request_object",
    "invalid_request_uri",
    "invalid_scope",
    "invalid_target",
    "login_required",
    "registration_not_supported",
    "request_uri_not_supported",
    "unauthorized_client",
    "unmet_authentication_requirements",
    "unsupported_response_type",
)


def _grants() -> Schema:
    """Return the body of a token request: one kind for each grant type."""
    labels = {value: str(label) for value, label in Client.GrantType.choices}
    kinds = []
    for grant_type, (fields, required) in GRANTS.items():
        named = {"grant_type": text(labels[grant_type] + ".", const=grant_type), **fields}
        properties = named | CLIENT | {"resource": RESOURCE}
        kinds.append(
            {"type": "object", "title": grant_type, "properties": properties, "required": ["grant_type", *required]}
        )
    encoding = {"resource": {"style": "form", "explode": True}}
    return {"required": True, "content": {FORM: {"schema": {"oneOf": kinds}, "encoding": encoding}}}


# --- The table --------------------------------------------------------------------------------------------------------
def paths() -> dict[str, dict[str, Operation]]:
    """Return each address with its operations."""
    return {
        "/.well-known/openid-configuration": {"get": _discovery("discovery", "OpenID Connect Discovery 1.0")},
        "/.well-known/oauth-authorization-server": {"get": _discovery("authorization_server", "RFC 8414")},
        "/oidc/jwks": {"get": _keys()},
        "/oidc/authorize": _authorize(),
        "/oidc/par": {"post": _push()},
        "/oidc/token": {"post": _token()},
        "/oidc/userinfo": _userinfo(),
        "/oidc/introspect": {"post": _introspect()},
        "/oidc/revoke": {"post": _revoke()},
        "/oidc/device_authorization": {"post": _device()},
        "/oidc/register": _register(),
        "/oidc/logout": _logout(),
    }


def _discovery(name: str, specification: str) -> Operation:
    return operation(
        "Metadata", name, "What this provider can do", f"{specification}. May be kept for five minutes.",
        security=[], responses={"200": answer("The metadata.", "Metadata"), **away()},
    )  # fmt: skip


def _keys() -> Operation:
    return operation(
        "Metadata", "keys", "The public keys",
        "Choose the key by `kid`, and ask again when you meet one that you do not know: keys change, and a new one is "
        "shown here long before it signs.",
        security=[], responses={"200": answer("A JSON Web Key Set (RFC 7517).", "Keys"), **away()},
    )  # fmt: skip


def _authorize() -> dict[str, Operation]:
    why = (
        "Lead the person's browser here. The answer is a redirect to `redirect_uri` with `code`, `state` and `iss`, or "
        "with `error` and `error_description`; or a page that asks something first. Errors before the address is known "
        "to be registered are pages, and never redirects.\n\nErrors that travel back: "
        f"{', '.join(f'`{code}`' for code in (*_OF_REQUEST, 'consent_required', 'account_selection_required'))}."
    )
    back = {"description": "Back to the application, with the answer.", "headers": {"Location": LOCATION}}
    shown = page("A question for the person, or the form that carries the answer (`form_post`).")
    return {
        "get": operation(
            "Signing people in", "authorize", "Begin a sign-in", why,
            parameters=query(AUTHORIZATION, "client_id"), security=[{"session": []}, {}],
            responses={"200": shown, "303": back, **LEADS},
        ),
        "post": operation(
            "Signing people in", "authorizeByForm", "Begin a sign-in by a form",
            "For requests that are too long for an address.",
            requestBody=form(AUTHORIZATION, "client_id"), security=[], responses={"303": AGAIN, **LEADS},
        ),
    }  # fmt: skip


def _push() -> Operation:
    return operation(
        "Signing people in", "push", "Send a request beforehand",
        "RFC 9126: everything is checked now, and only a reference travels through the browser. With a DPoP proof, the "
        "code is bound to its key.",
        parameters=[_PROOF], requestBody=form(PUSHED | CLIENT, "response_type", "scope", "redirect_uri"),
        security=_PROVEN,
        responses={
            "201": answer("Kept for a minute.", "Pushed"),
            **refused(*_OF_REQUEST, *_OF_PROOF),
            "429": error("Too many from one address.", "slow_down", **{"Retry-After": WAIT}),
        },
    )  # fmt: skip


def _token() -> Operation:
    codes = (
        "invalid_grant", "invalid_scope", "invalid_target", "unauthorized_client", "unsupported_grant_type",
        "access_denied", "authorization_pending", "slow_down", "expired_token", "invalid_client", *_OF_PROOF,
    )  # fmt: skip
    return operation(
        "Tokens", "token", "Get tokens",
        "One request for each grant type. With a DPoP proof the tokens are bound to its key (RFC 9449).",
        parameters=[_PROOF], requestBody=_grants(), security=_PROVEN,
        responses={"200": answer("The tokens.", "Tokens", headers={"DPoP-Nonce": NONCE}), **refused(*codes)},
    )  # fmt: skip


def _userinfo() -> dict[str, Operation]:
    told = answer("What the granted scopes give.", "Userinfo")
    told["content"]["application/jwt"] = {"schema": {"type": "string"}}
    answers = {
        "200": told,
        "400": error("The request cannot be read.", "invalid_request"),
        "401": error(
            "The token does not open this.",
            "invalid_request", "invalid_token", *_OF_PROOF,
            **{"WWW-Authenticate": CHALLENGE, "DPoP-Nonce": NONCE},
        ),
        "413": error("The body is too large.", "invalid_request"),
        **away(),
    }  # fmt: skip
    why = "Signed or encrypted (`application/jwt`) when the application registered for that."
    body = form({"access_token": text("The access token, when it is not in the header.")})
    ask = {"parameters": [_PROOF], "security": _OPENS, "responses": answers}
    return {
        "get": operation("Tokens", "userinfo", "Who signed in", why, **ask),
        "post": operation(
            "Tokens", "userinfoByForm", "Who signed in", why, **ask | {"requestBody": body | {"required": False}}
        ),
    }


def _introspect() -> Operation:
    told = answer("What the caller may know of it.", "Introspection")
    told["content"][MEDIA_TYPE] = {"schema": {"type": "string"}}
    return operation(
        "Tokens", "introspect", "Ask about a token",
        f"For resource servers (RFC 7662). With `Accept: {MEDIA_TYPE}` the answer is signed for the caller, and "
        "encrypted when it registered for that (RFC 9701). Of what is none of its business it learns `active: false`.",
        requestBody=form({"token": TOKEN, "token_type_hint": TOKEN_TYPE_HINT} | CLIENT, "token"), security=_PROVEN,
        responses={"200": told, **refused("invalid_client")},
    )  # fmt: skip


def _revoke() -> Operation:
    return operation(
        "Tokens", "revoke", "Give a token back",
        "RFC 7009. A refresh token takes every token of its sign-in with it. What is unknown is as good as ended.",
        requestBody=form({"token": TOKEN, "token_type_hint": TOKEN_TYPE_HINT} | CLIENT, "token"), security=_PROVEN,
        responses={"200": {"description": "It opens nothing any more."}, **refused("unsupported_token_type")},
    )  # fmt: skip


def _device() -> Operation:
    return operation(
        "Devices", "deviceAuthorization", "Begin a sign-in on a device",
        "For what has no keyboard (RFC 8628): show `user_code` and `verification_uri`, then ask the token endpoint.",
        requestBody=form(DEVICE | CLIENT), security=_PROVEN,
        responses={
            "200": answer("The codes.", "Device"),
            "429": error("Too many devices from one address.", "slow_down", **{"Retry-After": WAIT}),
            **refused("invalid_scope", "invalid_target", "unauthorized_client"),
        },
    )  # fmt: skip


def _register() -> dict[str, Operation]:
    body = {"required": True, "content": {JSON: {"schema": {"$ref": "#/components/schemas/ClientMetadata"}}}}
    own = query({"client_id": text("The application; `registration_client_uri` has it already.")}, "client_id")
    token = {
        "401": error(
            "The token does not manage this.", "invalid_request", "invalid_token", **{"WWW-Authenticate": CHALLENGE}
        )
    }
    wrong = {
        "400": error(
            "A value cannot be registered.", "invalid_request", "invalid_redirect_uri", "invalid_client_metadata"
        ),
        "413": error("The body is too large.", "invalid_request"),
    }
    slow = {"429": error("Too many registrations.", "slow_down", **{"Retry-After": WAIT})}
    kept = answer("What is registered.", "ClientInformation")
    read = {"parameters": own, "security": _OWN}
    return {
        "post": operation(
            "Registration", "register", "Register an application",
            "RFC 7591, with a token from an operator. What is unknown is ignored; the answer says what was kept.",
            requestBody=body, security=_INITIAL,
            responses={"201": answer("It is registered.", "ClientInformation"), **wrong, **token, **slow, **away()},
        ),
        "get": operation(
            "Registration", "readRegistration", "Read a registration", "RFC 7592, section 2.1.",
            **read, responses={"200": kept, **token, **away()},
        ),
        "put": operation(
            "Registration", "replaceRegistration", "Replace a registration",
            "RFC 7592, section 2.2: as a whole, with `client_id` in the body and without what is ours to choose.",
            **read, requestBody=body, responses={"200": kept, **wrong, **token, **away()},
        ),
        "delete": operation(
            "Registration", "endRegistration", "End a registration", "RFC 7592, section 2.3: for good.",
            **read, responses={"204": {"description": "It has ended."}, **token, **away()},
        ),
    }  # fmt: skip


def _logout() -> dict[str, Operation]:
    back = {
        "description": "Back to the application with its `state`, though our session may have been gone already.",
        "headers": {"Location": LOCATION},
    }
    return {
        "get": operation(
            "Signing out", "logout", "Sign the person out",
            "RP-Initiated Logout 1.0. Without an ID token of this person's, they are asked first. Other applications "
            "are told by themselves (Back-Channel Logout 1.0, Front-Channel Logout 1.0).",
            parameters=query(SIGNED_OUT), security=[{"session": []}, {}],
            responses={"200": page("A question, or how far it is done."), "303": back, **LEADS},
        ),
        "post": operation(
            "Signing out", "logoutByForm", "Sign the person out by a form", "The same.",
            requestBody=form(SIGNED_OUT) | {"required": False}, security=[], responses={"303": AGAIN, **LEADS},
        ),
    }  # fmt: skip
