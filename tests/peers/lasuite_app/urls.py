"""The package's own addresses, a page that says who is there, and a way to let the tokens grow old."""

import hashlib
import json

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import include, path
from django.utils.html import format_html
from django.views.decorators.http import require_POST


def home(request: HttpRequest) -> HttpResponse:
    """Say who is signed in, and a digest of the access token so that a test sees it change."""
    if not request.user.is_authenticated:
        return HttpResponse('<!doctype html><title>Peer</title><h1>Signed out</h1><a href="/authenticate/">Sign in</a>')
    access = request.session.get("oidc_access_token") or ""
    told = {
        "sub": request.user.sub,
        "email": request.user.email,
        "name": request.user.name,
        "access": hashlib.sha256(access.encode()).hexdigest(),
        "sid": request.session.get("oidc_sid"),
    }
    page = (
        '<!doctype html><title>Peer</title><h1>Signed in</h1><pre id="told">{}</pre>'
        '<form method="post" action="/logout/"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        "<button>Sign out</button></form>"
        '<form method="post" action="/grow-old/"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        "<button>Grow old</button></form>"
    )
    token = get_token(request)
    return HttpResponse(format_html(page, json.dumps(told), token, token))


def failed(_request: HttpRequest) -> HttpResponse:
    """Say that the package refused the sign-in."""
    return HttpResponse("<!doctype html><title>Peer</title><h1>Sign-in refused</h1>")


@require_POST
def grow_old(request: HttpRequest) -> HttpResponseRedirect:
    """Let the tokens of this session be past their time: the package's middleware has to renew them."""
    request.session["oidc_id_token_expiration"] = 0
    return redirect("/")


urlpatterns = [
    path("", home),
    path("failed/", failed),
    path("grow-old/", grow_old),
    path("", include("lasuite.oidc_login.urls")),
]
