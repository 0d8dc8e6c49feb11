"""Where the parameters of a request are: in the address, in a signed object, or with us since they were sent.

Whatever came by a safer way than the address replaces all of it: what a browser carries beside is not even looked at
(RFC 9101, section 6.3; RFC 9126, section 4).
"""

from parvis.oidc import opaque, trials
from parvis.oidc.authorization import request_object
from parvis.oidc.authorization.addresses import is_registered
from parvis.oidc.authorization.answers import MODES, SIGNED_MODES
from parvis.oidc.authorization.request import AuthorizationRequest, Refused
from parvis.oidc.http import Form
from parvis.oidc.models import Client
from parvis.oidc.store import store

URN = "urn:ietf:params:oauth:request_uri:"


def request_object_is_signed(request: AuthorizationRequest) -> None:
    """Read the parameters from the `request` object, if there is one (RFC 9101, section 5)."""
    given = request.form.get("request")
    if not given:
        return
    if request.form.get("request_uri"):
        raise _refused(request, "invalid_request", "request and request_uri exclude each other.")
    try:
        found = request_object.read(request.client, given, request.judged_at)
    except request_object.NoRequestObjectError as error:
        raise _refused(request, "invalid_request_object", str(error)) from error
    request.form, request.used_once = found.form, found.used_once
    request.is_signed = True


def pushed_request_is_there(request: AuthorizationRequest) -> None:
    """Find the request that the application sent beforehand, if the address names one (RFC 9126, section 4)."""
    given = request.form.get("request_uri")
    if not given:
        return
    if not given.startswith(URN):
        raise _refused(request, "request_uri_not_supported", "Requests are not fetched: push them, or sign them.")
    name = given.removeprefix(URN)
    digest = opaque.digest(name)
    found = store().pushed(digest) if opaque.is_a(opaque.PUSHED, name) else None
    if found is None or found.client_pk != request.client.pk:
        raise _refused(request, "invalid_request_uri", "This application sent us no such request.")
    if found.is_used or found.expires_at <= request.judged_at:
        raise _refused(request, "invalid_request_uri", "This request was used already, or has expired.")
    request.form, request.dpop_jkt = Form(found.parameters), found.dpop_jkt
    request.is_pushed, request.pushed_digest = True, digest


def request_came_as_it_must(request: AuthorizationRequest) -> None:
    """Hold the application to what it, or its profile, said of its own requests and of the answers."""
    client = request.client
    if trials.is_one(request):  # The application has no part in it.
        return
    if client.requires_pushed_requests and not request.is_pushed:
        raise Refused("invalid_request", "This application must push its requests (RFC 9126).")
    # What was pushed has been through here when it was, signed or not.
    if client.requires_signed_requests and not (request.is_signed or request.pushed_digest):
        raise Refused("invalid_request", "This application must sign its requests (RFC 9101).")
    is_message_signing = client.profile == Client.Profile.FAPI2_MESSAGE_SIGNING
    if is_message_signing and client.authorization_response_alg and request.response_mode not in SIGNED_MODES:
        raise Refused("invalid_request", "This application asked for signed answers: use response_mode=jwt.")


def _refused(request: AuthorizationRequest, code: str, description: str) -> Refused:
    """Return a refusal, told to the application when the address beside is one of its own."""
    beside = request.form.get("redirect_uri")
    if beside and is_registered(request.client, beside):
        request.redirect_uri, request.redirect_is_safe = beside, True
        if (mode := request.form.get("response_mode")) in MODES:
            request.response_mode = mode
    return Refused(code, description)
