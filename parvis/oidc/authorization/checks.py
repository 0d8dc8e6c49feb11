"""Everything that is verified of an authorization request, in order; a check is named after what holds when it passes.

Until `redirect_uri_is_registered` has passed, a refusal is a page: nothing is ever sent to an address that was not
registered (RFC 9700, section 4.1). From there on it goes back to the application (RFC 6749, section 4.1.2.1).
"""

import json
import re
from collections.abc import Callable

from parvis.accounts import assurance
from parvis.oidc import claims, clients, dpop, scopes
from parvis.oidc.authorization import organizations
from parvis.oidc.authorization.addresses import redirect_uri_is_registered
from parvis.oidc.authorization.answers import FORM_POST, MODES, QUERY, answer_can_be_encrypted
from parvis.oidc.authorization.expectations import (
    id_token_hint_is_ours,
    max_age_is_a_number,
    resource_servers_are_known,
    subject_asked_for_is_one_person,
)
from parvis.oidc.authorization.request import AuthorizationRequest, Refused
from parvis.oidc.authorization.sources import (
    pushed_request_is_there,
    request_came_as_it_must,
    request_object_is_signed,
)
from parvis.oidc.models import Client
from parvis.oidc.scopes import OPENID, SCOPES_OF_CLAIM
from parvis.oidc.tokens import PROTOCOL_CLAIMS

Check = Callable[[AuthorizationRequest], None]
PROMPT_VALUES = ("none", "login", "consent", "select_account", "create")
LONGEST = {"state": 2048, "nonce": 600, "scope": 1000, "claims": 2000, "login_hint": 320}
_CHALLENGE = re.compile(r"[A-Za-z0-9\-_]{43}")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")


# --- Where the answer goes --------------------------------------------------------------------------------------------
def client_and_redirect_uri_are_single(request: AuthorizationRequest) -> None:
    """Refuse to choose between two clients or two addresses."""
    if request.form.repeated & {"client_id", "redirect_uri"}:
        raise Refused("invalid_request", "client_id or redirect_uri is repeated.")


def client_is_known(request: AuthorizationRequest) -> None:
    """Find the application."""
    client_id = request.form.get("client_id")
    if not client_id:
        raise Refused("invalid_request", "client_id is missing.")
    request.registered = clients.find(client_id)
    if request.registered is None:
        raise Refused("invalid_client", "No application has this client_id.")


def client_is_active(request: AuthorizationRequest) -> None:
    """Refuse a suspended application."""
    if not request.client.is_active:
        raise Refused("unauthorized_client", "This application is suspended.")


def client_signs_people_in(request: AuthorizationRequest) -> None:
    """Refuse an application that only acts for itself (RFC 6749, section 4.1.2.1)."""
    if Client.GrantType.AUTHORIZATION_CODE not in request.client.grant_types:
        raise Refused("unauthorized_client", "This application is not registered to sign people in.")


# --- What is asked ----------------------------------------------------------------------------------------------------
def parameters_are_single(request: AuthorizationRequest) -> None:
    """Refuse repeated parameters (RFC 6749, section 3.1)."""
    if request.form.repeated:
        raise Refused("invalid_request", "A parameter is repeated.")


def parameters_have_sane_lengths(request: AuthorizationRequest) -> None:
    """Refuse what no application sends."""
    for name, most in LONGEST.items():
        if len(request.form.get(name)) > most:
            raise Refused("invalid_request", f"{name} is longer than {most} characters.")


def registration_is_absent(request: AuthorizationRequest) -> None:
    """Say that an application cannot describe itself with each request (Core, section 7.2.1)."""
    if request.form.get("registration"):
        raise Refused("registration_not_supported", "The registration parameter is not supported.")


def dpop_jkt_is_a_thumbprint(request: AuthorizationRequest) -> None:
    """Read the key that the code will be bound to (RFC 9449, section 10); a proof at the push has named it already."""
    given = request.form.get("dpop_jkt")
    if not given:
        return
    if not dpop.is_thumbprint(given):
        raise Refused("invalid_request", "dpop_jkt is not the thumbprint of a key.")
    if request.dpop_jkt not in {"", given}:
        raise Refused("invalid_request", "dpop_jkt names another key than the proof.")
    request.dpop_jkt = given


def response_type_is_code(request: AuthorizationRequest) -> None:
    """Know only the authorization code flow."""
    given = request.form.get("response_type")
    if not given:
        raise Refused("invalid_request", "response_type is missing.")
    if given != "code":
        raise Refused("unsupported_response_type", "Use response_type=code.")


def response_mode_is_known(request: AuthorizationRequest) -> None:
    """Read how the answer is to travel. A fragment is for what a browser keeps to itself, and a code is not."""
    mode = request.form.get("response_mode") or QUERY
    if mode not in MODES:
        raise Refused("invalid_request", f"Use one of the response modes {', '.join(MODES)}.")
    if mode.startswith(FORM_POST) and not request.redirect_uri.startswith(("https://", "http://")):
        raise Refused("invalid_request", "A form cannot be posted to the private scheme of a native application.")
    request.response_mode = mode


def scope_is_allowed(request: AuthorizationRequest) -> None:
    """Read what is asked for, which the application must be allowed."""
    asked = request.form.get("scope").split()
    if OPENID not in asked:
        raise Refused("invalid_scope", "The scope must contain openid.")
    request.scope = scopes.granted(asked, request.client.scopes)


def pkce_is_s256(request: AuthorizationRequest) -> None:
    """Require a challenge of public and FAPI applications, and S256 of all (RFC 7636; RFC 9700, section 2.1.1)."""
    challenge, method = request.form.get("code_challenge"), request.form.get("code_challenge_method")
    if not challenge:
        if request.client.is_public or request.client.is_fapi:
            raise Refused("invalid_request", "This application must use PKCE: code_challenge is missing.")
        if method:
            raise Refused("invalid_request", "code_challenge_method without code_challenge.")
        return
    if method != "S256":
        raise Refused("invalid_request", "Use code_challenge_method=S256.")
    if not _CHALLENGE.fullmatch(challenge):
        raise Refused("invalid_request", "code_challenge is not an S256 challenge.")
    request.code_challenge = challenge


def state_and_nonce_are_printable(request: AuthorizationRequest) -> None:
    """Accept printable ASCII only (RFC 6749, appendix A.5): both come back as they were sent."""
    for name in ("state", "nonce"):
        if not _PRINTABLE.fullmatch(request.form.get(name)):
            raise Refused("invalid_request", f"{name} must be printable ASCII.")
    request.nonce = request.form.get("nonce")


def prompt_is_coherent(request: AuthorizationRequest) -> None:
    """Read the prompts; `none` stands alone (Core, section 3.1.2.1)."""
    request.prompts = frozenset(request.form.get("prompt").split())
    if unknown := request.prompts.difference(PROMPT_VALUES):
        raise Refused("invalid_request", f"Unknown prompt: {' '.join(sorted(unknown))}."[:100])
    if request.is_silent and len(request.prompts) > 1:
        raise Refused("invalid_request", "prompt=none cannot be combined.")


def claims_can_be_read(request: AuthorizationRequest) -> None:
    """Read the `claims` parameter (Core, section 5.5): keep the names that the application may ask for."""
    given = request.form.get("claims")
    if not given:
        return
    try:
        asked = json.loads(given)
        members = {member: _object(asked.get(member)) for member in ("userinfo", "id_token")}
        wanted = {member: {name: _object(spec) for name, spec in part.items()} for member, part in members.items()}
        request.acr_demanded = _essential_values(wanted["id_token"].get("acr", {}))
        sirets = [_essential_values(part.get("siret", {})) for part in wanted.values()]
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise Refused("invalid_request", "claims is not an object of OpenID Connect Core, section 5.5.") from error
    allowed = request.client.scopes
    if claims.allowed("siret", allowed):
        request.sirets_demanded = tuple(dict.fromkeys(value for values in sirets for value in values))
    kept = {member: sorted(name for name in part if claims.allowed(name, allowed)) for member, part in wanted.items()}
    request.claims_by_name = frozenset(name for part in kept.values() for name in part) - PROTOCOL_CLAIMS
    if request.claims_by_name:
        request.claims = json.dumps(kept, separators=(",", ":"))


def _object(value: object) -> dict[str, object]:
    """Return what is asked of a claim, or of several: an object, or null for nothing in particular."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError
    return value


def _essential_values(spec: dict[str, object]) -> tuple[str, ...]:
    """Return the values of which one is demanded, when a claim is asked for as essential (Core, section 5.5.1)."""
    if spec.get("essential") is not True:
        return ()
    values = spec.get("values") or ([spec["value"]] if "value" in spec else [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError
    return tuple(values)


def demanded_acr_is_known(request: AuthorizationRequest) -> None:
    """Refuse a demand for levels that do not exist here: an unknown level never counts as reached."""
    if request.acr_demanded and not any(value in assurance.LEVELS for value in request.acr_demanded):
        raise Refused("unmet_authentication_requirements", "None of the essential acr values exists here.")


def demanded_organization_is_named(request: AuthorizationRequest) -> None:
    """Find for which organisations the person may sign in: the application's own, and those of an essential `siret`."""
    registered = request.client.organization_id
    demanded = None if registered is None else frozenset({registered})
    if request.sirets_demanded:
        asked = organizations.with_siret(request.sirets_demanded)
        demanded = asked if demanded is None else demanded & asked
    request.organizations_demanded = demanded


def login_hint_is_kept(request: AuthorizationRequest) -> None:
    """Keep the address that the sign-in page will propose."""
    request.login_hint = request.form.get("login_hint")


def shared_scopes_are_named(request: AuthorizationRequest) -> None:
    """Name everything that is shared, claims asked for one by one included: it is what consent is about."""
    by_name = frozenset(min(SCOPES_OF_CLAIM[name] & request.client.scopes) for name in request.claims_by_name)
    request.shared = frozenset(request.scope.split()) | by_name


# `acr_values`, `display` and `ui_locales` are preferences: whatever they hold is accepted (Core, section 3.1.2.1).
CHECKS: tuple[Check, ...] = (
    client_and_redirect_uri_are_single,
    client_is_known,
    client_is_active,
    request_object_is_signed,
    pushed_request_is_there,
    redirect_uri_is_registered,
    response_mode_is_known,
    answer_can_be_encrypted,
    parameters_are_single,
    client_signs_people_in,
    request_came_as_it_must,
    parameters_have_sane_lengths,
    registration_is_absent,
    response_type_is_code,
    scope_is_allowed,
    resource_servers_are_known,
    pkce_is_s256,
    dpop_jkt_is_a_thumbprint,
    state_and_nonce_are_printable,
    prompt_is_coherent,
    max_age_is_a_number,
    claims_can_be_read,
    demanded_acr_is_known,
    demanded_organization_is_named,
    id_token_hint_is_ours,
    subject_asked_for_is_one_person,
    login_hint_is_kept,
    shared_scopes_are_named,
)
