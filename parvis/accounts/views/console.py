"""The threshold of the operator console."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts import destinations, stepup
from parvis.accounts.actions import consoles
from parvis.accounts.console import threshold
from parvis.accounts.queries import factors_of
from parvis.accounts.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def open_console(request: SignedInRequest) -> HttpResponse:
    """Say what opening the console means, then open it; in production only with two factors."""
    if not request.user.is_staff:
        raise PermissionDenied
    if asked := stepup.ask(request, mfa=settings.IS_PRODUCTION, back="admin:open"):
        return asked
    way = destinations.safe(request.GET.get("next", "")) or reverse("admin:index")
    if request.method == "POST":
        consoles.open_console(by=request.user, session=request.session)
        return redirect(way)
    context = {"is_enrolled": factors_of(request.user).is_enrolled, "next": way}
    return render(request, "accounts/console_open.html", context)


@require_POST
def close_console(request: SignedInRequest) -> HttpResponse:
    """Close the console; the session goes on."""
    threshold.close_in(request.session)
    return redirect("accounts:overview")
