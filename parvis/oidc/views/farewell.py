"""The page after signing out: where each application stands, and the frames of those that are told in the browser."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.oidc import farewell
from parvis.oidc.farewell import Farewell, Standing
from parvis.web import language, security

PATIENCE = 5
"""Seconds until the way back is taken, whatever the frames do; our script takes it as soon as they have loaded.

Without a script the page's own refresh takes it, which is there for nobody else: a browser that has left by the script
would come a second time by the refresh (HtmlUnit does), and the application sees two returns.
"""


@login_not_required
@require_safe
def signed_out(request: HttpRequest, reference: str) -> HttpResponse:
    """Show where things stand now; the page asks again by itself while something is awaited, or has a link for it."""
    found = farewell.read(reference)
    if found is None:
        raise Http404
    if not request.user.is_authenticated:
        language.activate(request, found.language)
    told = farewell.partings(found)
    is_first_look = "again" not in request.GET
    frames = farewell.frames(found, told) if is_first_look else {}
    context = _context(found, told) | {"frames": frames, "patience": PATIENCE}
    if getattr(request, "htmx", False):
        return _unkept(render(request, "oidc/parts/partings.html", context))
    leaves = found.back_to and is_first_look
    response = render(request, "oidc/leaving.html" if leaves else "oidc/signed_out.html", context)
    if frames:
        response["Content-Security-Policy"] = security.policy(frame_src=farewell.origins(frames.values()))
    return _unkept(response)


def _context(found: Farewell, told: list[farewell.Parting]) -> dict[str, object]:
    """Return what the page says: the most important first."""
    counts = {standing: sum(parting.standing is standing for parting in told) for standing in Standing}
    return {
        "farewell": found,
        "partings": told,
        "waiting": counts[Standing.WAITING],
        "silent": counts[Standing.GIVEN_UP],
        "untold": counts[Standing.NOT_TOLD],
        "again": f"{found.address}?again=1",
    }


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
