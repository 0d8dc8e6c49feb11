"""Whom an application expects to meet, how fresh their sign-in must be, and where their tokens go: the checks of it."""

import json

from parvis.oidc import keys, resources
from parvis.oidc.authorization.request import AuthorizationRequest, Refused
from parvis.oidc.subjects import person_of

_OLDEST_MAX_AGE = 10 * 365 * 24 * 3600


def max_age_is_a_number(request: AuthorizationRequest) -> None:
    """Read the oldest sign-in that the application accepts, in seconds; what it registered is its usual wish."""
    given = request.form.get("max_age")
    if not given:
        request.max_age = request.client.default_max_age
        return
    if not (given.isascii() and given.isdigit() and len(given) < 12 and int(given) <= _OLDEST_MAX_AGE):  # noqa: PLR2004 - digits
        raise Refused("invalid_request", "max_age must be a number of seconds.")
    request.max_age = int(given)


def id_token_hint_is_ours(request: AuthorizationRequest) -> None:
    """Read whom the application expects, from an ID token that we signed for it, expired or not."""
    given = request.form.get("id_token_hint")
    if not given:
        return
    told = keys.read_id_token(given)
    if told is None or told.get("aud") != request.client.client_id:
        raise Refused("invalid_request", "id_token_hint is not an ID token of ours for this application.")
    request.hinted_user = person_of(request.client, str(told["sub"]))


def subject_asked_for_is_one_person(request: AuthorizationRequest) -> None:
    """Read whom the application names: `sub` by value in `claims` means nobody else (Core, section 5.5.1)."""
    for subject in _subjects_named(request.form.get("claims")):
        person = person_of(request.client, subject)
        if person is None or request.hinted_user not in {None, person}:
            raise Refused("login_required", "Nobody here is the person that the request names.")
        request.hinted_user = person


def resource_servers_are_known(request: AuthorizationRequest) -> None:
    """Read for whom the access tokens are to be (RFC 8707, section 2.1)."""
    request.resources = resources.asked(request.form)


def _subjects_named(claims: str) -> set[str]:
    """Return the values of `sub`; the parameter is known to be an object by now."""
    asked = json.loads(claims) if claims else {}
    specs = [(asked.get(member) or {}).get("sub") or {} for member in ("id_token", "userinfo")]
    return {str(value) for spec in specs for value in _values(spec)}


def _values(spec: dict[str, object]) -> list[object]:
    several = spec.get("values")
    return several if isinstance(several, list) else [spec["value"]] if "value" in spec else []
