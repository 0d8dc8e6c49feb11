"""`/oidc/par`: an application sends its authorization request itself, before its person's browser (RFC 9126)."""

from datetime import timedelta

from parvis.accounts import rates
from parvis.oidc import dpop, opaque
from parvis.oidc.authorization import interaction
from parvis.oidc.authorization.checks import CHECKS
from parvis.oidc.authorization.request import AuthorizationRequest
from parvis.oidc.authorization.sources import URN
from parvis.oidc.client_auth import authenticate
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.errors import ProtocolError, invalid_request
from parvis.oidc.http import Form, Request, Response, json_response
from parvis.oidc.models import PushedRequest
from parvis.oidc.posted import only_post, posted_fields, slow_down
from parvis.oidc.store import store
from parvis.web.clients import caller_in

LIFETIME = int(PushedRequest.LIFETIME.total_seconds())
MOST_CHARACTERS = 16_000
BY_CALLER = rates.Limit("pushed-client", 3_000, timedelta(minutes=10))
"""For public applications only: whoever knows the name of one could fill our table (RFC 9126, section 2.3)."""
_OF_CLIENT = {"client_secret", "client_assertion", "client_assertion_type"}
# Codes of our own pages, which this endpoint has other names for (section 2.3).
_CODES = {"invalid_redirect_uri": "invalid_request"}


def push(request: Request) -> Response:
    """Keep a request that passes every check, and answer with the `request_uri` that stands for it."""
    only_post(request)
    form = posted_fields(request)
    proof = dpop.read(request, "/oidc/par")
    client = authenticate(request, form)
    if client.is_public:
        slow_down("requests", BY_CALLER, caller_in(request.meta))
    asked = _checked(client, form, proof.jkt if proof else "")
    if asked.used_once and not store().use_assertion(*asked.used_once):
        raise ProtocolError("invalid_request_object", "request: this jti was already used.")
    if proof:
        dpop.use(proof)
    name = opaque.make(opaque.PUSHED)
    store().push(digest=opaque.digest(name), client_pk=client.pk, parameters=asked.form.values, dpop_jkt=asked.dpop_jkt)
    answer = json_response({"request_uri": f"{URN}{name}", "expires_in": LIFETIME}, 201)
    return dpop.told_the_nonce(answer) if proof else answer


def _checked(client: RegisteredClient, form: Form, dpop_jkt: str) -> AuthorizationRequest:
    """Return the request, refused here for all that would be refused when the browser comes. Raises ProtocolError."""
    if {"request_uri", interaction.PARAMETER} & set(form.values):
        raise invalid_request("request_uri cannot be pushed (section 2.1).")
    sent = {name: value for name, value in form.values.items() if name not in _OF_CLIENT}
    asked = AuthorizationRequest(Form({**sent, "client_id": client.client_id}), is_pushed=True, dpop_jkt=dpop_jkt)
    try:
        for check in CHECKS:
            check(asked)
    except ProtocolError as refused:
        raise ProtocolError(_CODES.get(refused.code, refused.code), refused.description) from refused
    if sum(map(len, asked.form.values.values())) > MOST_CHARACTERS:
        raise invalid_request("The request is too long.")
    return asked
