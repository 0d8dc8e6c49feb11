"""What applications send: each field once, with what it is for and what it may be."""

from typing import Any

from parvis.accounts import assurance
from parvis.oidc import assertions
from parvis.oidc.authorization import answers, checks
from parvis.oidc.models import Client

Schema = dict[str, Any]
_GRANT = Client.GrantType
_SHA256 = "^[A-Za-z0-9_-]{43}$"
_ADDRESS = "https://app.example.org/callback/"


def text(description: str, **more: Any) -> Schema:
    """Return the schema of a text."""
    return {"type": "string", "description": description, **more}


def choice(description: str, values: Any, **more: Any) -> Schema:
    """Return the schema of one text among some."""
    return text(description, enum=list(values), **more)


# --- Of several endpoints ---------------------------------------------------------------------------------------------
CLIENT: dict[str, Schema] = {
    "client_id": text("The application, as it was registered. Not needed beside an `Authorization` header."),
    "client_secret": text("The secret, for an application that sends it among the fields."),
    "client_assertion_type": choice("How `client_assertion` proves the application.", [assertions.TYPE]),
    "client_assertion": text(
        "A JWT signed by the application (RFC 7523): `iss` and `sub` are its client_id, `aud` is the issuer as one "
        f"text, `jti` is new each time, `exp` is near. Algorithms: {', '.join(assertions.ALGORITHMS)}."
    ),
}
RESOURCE: Schema = {
    "type": "array",
    "items": {"type": "string", "format": "uri"},
    "description": "Whom the access token is for (RFC 8707): addresses of registered resource servers.",
}
LANGUAGES = text("The languages that the person prefers, the first that we know counts.", examples=["fr en"])

# --- The authorization request ----------------------------------------------------------------------------------------
AUTHORIZATION: dict[str, Schema] = {
    "client_id": text("The application, as it was registered."),
    "redirect_uri": text(
        "Where the answer goes: one of the registered addresses, to the character.",
        format="uri",
        examples=[_ADDRESS],
    ),
    "response_type": choice("Only the authorization code flow is served.", ["code"]),
    "scope": text("What is asked for, separated by blanks; `openid` must be there."),
    "state": text("Comes back as it was sent: ties the answer to the browser.", maxLength=checks.LONGEST["state"]),
    "nonce": text("Comes back in the ID token: ties it to this request.", maxLength=checks.LONGEST["nonce"]),
    "code_challenge": text("PKCE (RFC 7636): obligatory for public and FAPI applications.", pattern=_SHA256),
    "code_challenge_method": choice("The only one.", ["S256"]),
    "response_mode": choice(
        "How the answer travels; those with `jwt` are signed (JARM).", answers.MODES, default=answers.QUERY
    ),
    "prompt": text(
        "What the person is to be asked, separated by blanks; `none` stands alone and shows no page: "
        f"{', '.join(f'`{name}`' for name in checks.PROMPT_VALUES)}."
    ),
    "max_age": text(
        "The oldest sign-in that will do, in seconds; `auth_time` tells the truth.", pattern="^[0-9]{1,11}$"
    ),
    "acr_values": text(f"Levels that would be welcome: {', '.join(f'`{name}`' for name in assurance.LEVELS)}."),
    "claims": text(
        "Claims by name, as JSON (OpenID Connect Core 1.0, section 5.5). An essential `acr` or `siret` is a demand.",
        contentMediaType="application/json",
        maxLength=checks.LONGEST["claims"],
        examples=['{"id_token":{"acr":{"essential":true,"value":"eidas1-mfa"}}}'],
    ),
    "login_hint": text("The address that the sign-in page proposes.", maxLength=checks.LONGEST["login_hint"]),
    "id_token_hint": text("Whom the application expects: an ID token of ours, even expired."),
    "siret_hint": text("The organisation that is proposed to a person who has several."),
    "ui_locales": LANGUAGES,
    "display": choice("Accepted, and of no effect: there is one page for all.", ["page", "popup", "touch", "wap"]),
    "resource": RESOURCE,
    "dpop_jkt": text("Binds the code to a key, by its thumbprint (RFC 9449, section 10).", pattern=_SHA256),
    "request": text("The whole request as a signed JWT (RFC 9101): what stands beside it counts for nothing."),
    "request_uri": text("A request that was pushed (RFC 9126). Addresses are never fetched."),
    "registration": text("Refused: an application does not describe itself with each request."),
}
PUSHED = {name: schema for name, schema in AUTHORIZATION.items() if name != "request_uri"}
PUSHED["client_id"] = CLIENT["client_id"]
SIGNED_OUT: dict[str, Schema] = {
    "id_token_hint": text(
        "Proves whose wish it is: an ID token of ours, even expired. Without it the person is asked."
    ),
    "client_id": text("The application, when there is no hint."),
    "post_logout_redirect_uri": text(
        "Where to go afterwards: one of the registered addresses, to the character.", format="uri"
    ),
    "state": text("Comes back with that address."),
    "logout_hint": text("The address of the person who is expected to be signed in."),
    "ui_locales": LANGUAGES,
}

# --- The token request: what each grant type takes --------------------------------------------------------------------
_SCOPE = text("Less than was granted, for this access token only.")
GRANTS: dict[str, tuple[dict[str, Schema], tuple[str, ...]]] = {
    _GRANT.AUTHORIZATION_CODE.value: (
        {
            "code": text("The code of the answer. It works once: a second use ends what the first one gave."),
            "redirect_uri": text("The same as in the authorization request.", format="uri"),
            "code_verifier": text("PKCE: what the challenge was made of.", pattern="^[A-Za-z0-9._~-]{43,128}$"),
        },
        ("code", "redirect_uri"),
    ),
    _GRANT.REFRESH_TOKEN.value: (
        {"refresh_token": text("It works once: the next one comes with the answer."), "scope": _SCOPE},
        ("refresh_token",),
    ),
    _GRANT.CLIENT_CREDENTIALS.value: (
        {"scope": text("What the application asks for itself; all that it may, by default.")},
        (),
    ),
    _GRANT.DEVICE_CODE.value: (
        {"device_code": text("The device's own code. Ask again after `interval` seconds while nobody has answered.")},
        ("device_code",),
    ),
}
DEVICE: dict[str, Schema] = {
    "scope": text("What the device asks for; `openid` is always part of it."),
    "resource": RESOURCE,
}
TOKEN = text("The token in question.")
TOKEN_TYPE_HINT = text("Not needed: our tokens say by their first letters what they are.")
