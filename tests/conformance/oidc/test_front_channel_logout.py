"""The OpenID Foundation's Front-Channel Logout OP plan: a test for each of its modules, under its name."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

from parvis.oidc import clients
from parvis.oidc.models import Client
from tests.conformance.oidc.logging_out import STATE, SignedIn, assert_logged_out, metadata, returned
from tests.factories.oidc import Application, way_back

FRONT = "https://app.example.org/frontchannel_logout"


def test_oidcc_frontchannel_logout_discovery_endpoint_verification(app: Application) -> None:
    told = metadata(app)
    assert told["frontchannel_logout_supported"] is True
    assert told["frontchannel_logout_session_supported"] is True


def test_oidcc_frontchannel_rp_initiated_logout(app: Application) -> None:
    Client.objects.filter(pk=app.client.pk).update(frontchannel_logout_uri=FRONT)
    clients.forget()
    signed_in = SignedIn(app)
    page = app.browser.get(signed_in.end_session().headers["Location"])
    text = page.content.decode()
    (frame,) = re.findall(r'<iframe src="([^"]+)"', text)
    address, _mark, query = unescape(frame).partition("?")
    assert address == FRONT
    assert dict(parse_qsl(query)) == {"iss": settings.ISSUER, "sid": signed_in.claims["sid"]}
    assert f"frame-src {urlsplit(FRONT).scheme}://{urlsplit(FRONT).netloc}" in page.headers["Content-Security-Policy"]
    assert returned(way_back(page)[1]) == {"state": STATE}
    assert_logged_out(app)
