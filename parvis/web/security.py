"""The headers that tell browsers what a page of ours may do."""

from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Nothing is allowed that is not named; no inline style, script or handler exists in any page.
CONTENT_SECURITY_POLICY: dict[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
# Passkeys and the copy button are the only powerful features that our own pages use.
PERMISSIONS_POLICY = ", ".join(
    [
        "publickey-credentials-get=(self)",
        "publickey-credentials-create=(self)",
        "clipboard-write=(self)",
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "autoplay",
                "browsing-topics",
                "camera",
                "display-capture",
                "encrypted-media",
                "fullscreen",
                "geolocation",
                "gyroscope",
                "hid",
                "identity-credentials-get",
                "idle-detection",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "picture-in-picture",
                "screen-wake-lock",
                "serial",
                "usb",
                "xr-spatial-tracking",
            )
        ),
    ]
)
DEFAULTS = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


def policy(**changes: str) -> str:
    """Return the policy as a header value; `policy(frame_ancestors="'self'")` changes one directive."""
    directives = CONTENT_SECURITY_POLICY | {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{name} {value}" for name, value in directives.items())


_DEFAULT_POLICY = policy()


def protect(request: HttpRequest, response: HttpResponseBase) -> None:
    """Add the headers that the view has not set itself.

    A view opts out of one by setting that header, or of all those named in `response.without_headers` (a set of names):
    a public JSON document that scripts of other origins read drops Cross-Origin-Resource-Policy, for instance.
    """
    without: set[str] = getattr(response, "without_headers", set())
    for name, value in DEFAULTS.items():
        if name not in without:
            response.headers.setdefault(name, value)
    if "Content-Security-Policy" not in without:
        response.headers.setdefault("Content-Security-Policy", _DEFAULT_POLICY)
    # A page made for one person must not stay in a shared cache, nor come back from disk after signing out.
    # An error says so itself, and to ask who is calling could fail as the page did.
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return
    user = getattr(request, "user", None)
    if user is not None and getattr(user, "is_authenticated", False):
        response.headers.setdefault("Cache-Control", "private, no-store")
