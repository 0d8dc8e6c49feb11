"""`/oidc/device_authorization`: a device asks to wait; and how it learns what became of it (RFC 8628)."""

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from parvis.accounts import rates
from parvis.oidc import devices, opaque, resources, scopes, tokens
from parvis.oidc.actions import devices as actions
from parvis.oidc.client_auth import authenticate
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.errors import ProtocolError, invalid_grant, invalid_request
from parvis.oidc.http import Form, Request, Response, json_response
from parvis.oidc.models import Client, DeviceRequest
from parvis.oidc.posted import only_post, posted_fields, slow_down
from parvis.oidc.scopes import OPENID
from parvis.oidc.store import store
from parvis.web.clients import caller_in

GRANT_TYPE = Client.GrantType.DEVICE_CODE.value
VERIFICATION_PATH = "/device"
BY_CALLER = rates.Limit("devices-client", 300, timedelta(minutes=10))
SLOWER_BY = 5
"""Seconds that are added each time a device asks too soon (section 3.5)."""
_SLOWEST = 60
_State = DeviceRequest.State


def device_authorization(request: Request) -> Response:
    """Answer with the device's own code, and with the one that it shows (section 3.2)."""
    only_post(request)
    form = posted_fields(request)
    client = authenticate(request, form)
    if GRANT_TYPE not in client.grant_types:
        raise ProtocolError("unauthorized_client", "This application is not registered for devices.")
    slow_down("devices", BY_CALLER, caller_in(request.meta))
    scope = scopes.granted([OPENID, *form.get("scope").split()], client.scopes)
    device_code, user_code = actions.begin(client_pk=client.pk, scope=scope, resources=resources.asked(form))
    shown, page = devices.shown(user_code), f"{settings.ISSUER}{VERIFICATION_PATH}"
    body = {
        "device_code": device_code,
        "user_code": shown,
        "verification_uri": page,
        "verification_uri_complete": f"{page}?{urlencode({'user_code': shown})}",
        "expires_in": int(DeviceRequest.LIFETIME.total_seconds()),
        "interval": DeviceRequest.INTERVAL,
    }
    return json_response(body)


# --- At the token endpoint --------------------------------------------------------------------------------------------
def redeem_device_code(client: RegisteredClient, form: Form, dpop_jkt: str) -> Response:
    """Tell a device that asks again and again what its person did (section 3.5)."""
    code = form.get("device_code")
    if not code:
        raise invalid_request("device_code is missing.")
    digest = opaque.digest(code)
    waiting = DeviceRequest.objects.filter(device_digest=digest).first() if opaque.is_a(opaque.DEVICE, code) else None
    if waiting is None or waiting.client_id != client.pk:
        raise invalid_grant("Unknown device code.")
    if waiting.state == _State.REFUSED:
        raise ProtocolError("access_denied", "The person refused.")
    if waiting.state == _State.WAITING:
        raise _not_yet(waiting)
    audience = resources.narrowed(form, waiting.resources)
    pair = tokens.new_pair(client, dpop_jkt, audience=audience)
    grant = store().redeem(code_digest=digest, client_pk=client.pk, redirect_uri="", code_challenge="", pair=pair)
    if grant is None:
        raise invalid_grant("This device code was already used, or the access that it stands for was ended.")
    return tokens.answer(client, grant, pair)


def _not_yet(waiting: DeviceRequest) -> ProtocolError:
    """Return what to tell a device whose person has not answered; one that asks too often is slowed down."""
    now = timezone.now()
    if waiting.expires_at <= now:
        return ProtocolError("expired_token", "Nobody answered in time: begin again.")
    too_soon = waiting.polled_at is not None and now < waiting.polled_at + timedelta(seconds=waiting.interval)
    waiting.polled_at = now
    waiting.interval = min(waiting.interval + (SLOWER_BY if too_soon else 0), _SLOWEST)
    waiting.save(update_fields=["polled_at", "interval"])
    if too_soon:
        return ProtocolError("slow_down", f"Wait {waiting.interval} seconds between two questions.")
    return ProtocolError("authorization_pending", "The person has not answered yet.")
