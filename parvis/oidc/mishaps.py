"""Keeping what was refused to an application, so that its developers can read why.

Anybody can send a request in an application's name, so what is kept is little: a few rows a minute for each process,
the last hundred for each application, and never a code, a token, a secret or anything of a person.
"""

import logging
import time
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from parvis.oidc import client_auth, client_signatures, clients
from parvis.oidc.authorization.request import AuthorizationRequest
from parvis.oidc.errors import ProtocolError
from parvis.oidc.http import Request
from parvis.oidc.models import ClientDay, Mishap

logger = logging.getLogger("parvis.oidc")

A_MINUTE = 20
"""Refusals kept for an application in a minute, by each process."""
_LONGEST = 300
_ASKED = (
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "code_challenge_method",
    "prompt",
    "max_age",
    "acr_values",
    "resource",
)
_SHOWN = ("grant_type", "redirect_uri", "scope", "resource", "client_assertion_type")
# What a person answered, or what an application must be ready for: nothing that its developers did wrong.
_USUAL = frozenset(
    {
        "login_required",
        "consent_required",
        "interaction_required",
        "account_selection_required",
        "access_denied",
        "interaction_lost",
        "authorization_pending",
        "slow_down",
        "use_dpop_nonce",
        "temporarily_unavailable",
        "server_error",
    }
)
_TWICE = 2.0
_noted: dict[UUID, tuple[int, int]] = {}
_last: dict[UUID, tuple[float, str]] = {}


def of_authorization(request: AuthorizationRequest, refused: ProtocolError) -> None:
    """Keep why an authorization request was refused."""
    if request.registered is not None:
        received = {name: request.form.get(name)[:2000] for name in _ASKED if request.form.get(name)}
        _keep(request.registered.pk, "authorize", refused.code, refused.description, received)


def of_endpoint(path: str, request: Request, error: ProtocolError) -> None:
    """Keep why a request of an application to an endpoint was refused."""
    if request.method != "POST" or error.code in _USUAL:
        return
    named = client_auth.presented(request)
    client = clients.find(named.client_id) if named else None
    if named is None or client is None:
        return
    form = request.form()
    received = {name: form.get(name)[:2000] for name in _SHOWN if form.get(name)}
    received["authentication"] = named.method
    received |= _signed("client_assertion", form.get("client_assertion"), ("iss", "sub", "aud", "exp"))
    received |= _signed("DPoP", request.header("DPOP"), ("htm", "htu", "iat"))
    _keep(client.pk, path, error.code, error.description, received)


def of_sign_out(client_pk: UUID, description: str, post_logout_redirect_uri: str) -> None:
    """Keep why a sign-out that an application asked for was refused: its person saw a page, and it was told nothing."""
    received = {"post_logout_redirect_uri": post_logout_redirect_uri[:2000]} if post_logout_redirect_uri else {}
    _keep(client_pk, "logout", "invalid_logout", description, received)


def _signed(name: str, token: str, claims: tuple[str, ...]) -> dict[str, str]:
    """Return what a JWT of the application says of itself, its signature and its unique name left out."""
    said = client_signatures.unverified(token) if token else {}
    return {f"{name}: {claim}": str(said[claim])[:_LONGEST] for claim in claims if claim in said}


def _keep(client_pk: UUID, endpoint: str, code: str, description: str, received: dict[str, str]) -> None:
    if code in _USUAL or _was_just_noted(client_pk, f"{endpoint} {code} {description} {received}"):
        return
    if not _has_room(client_pk):
        return
    try:
        with transaction.atomic():
            Mishap.objects.create(
                client_id=client_pk,
                endpoint=endpoint,
                code=code[:60],
                description=description[:_LONGEST],
                received=received,
            )
            day, _made = ClientDay.objects.get_or_create(client_id=client_pk, day=timezone.localdate())
            ClientDay.objects.filter(pk=day.pk).update(refusals=F("refusals") + 1)
    except DatabaseError:
        logger.warning("a refused request could not be kept", exc_info=True)


def _was_just_noted(client_pk: UUID, what: str) -> bool:
    """Say whether this is the same request: one that needs a page is decided twice."""
    now = time.monotonic()
    at, before = _last.get(client_pk, (-_TWICE, ""))
    if len(_last) > clients.MOST_KEPT:
        _last.clear()
    _last[client_pk] = (now, what)
    return before == what and now - at < _TWICE


def _has_room(client_pk: UUID) -> bool:
    """Count what is kept in this minute."""
    minute = int(time.time() // 60)
    since, number = _noted.get(client_pk, (minute, 0))
    if since != minute:
        number = 0
    if len(_noted) > clients.MOST_KEPT:
        _noted.clear()
    _noted[client_pk] = (minute, number + 1)
    return number < A_MINUTE
