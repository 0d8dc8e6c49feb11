"""Tokens with which applications register themselves: an operator hands one to a developer, and may take it back."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.lib.paging import page_of
from parvis.oidc.actions import registrations
from parvis.oidc.models import InitialAccessToken
from parvis.suite import policies
from parvis.suite.protocol_forms import RegistrationTokenForm
from parvis.suite.queries import self_registered
from parvis.suite.views.desk import trail_to

_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """Show the tokens, and make one, which is shown this once."""
    _operators_only(request)
    form = RegistrationTokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        try:
            token, given = registrations.create_token(by=by, **_settings(form.cleaned_data))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            shown = {"trail": trail_to(last=_("Registration token")), "token": token, "given": given}
            response = render(request, "suite/registration_token.html", shown)
            response["Cache-Control"] = "no-store"
            return response
    page = page_of(
        InitialAccessToken.objects.select_related("by"), request.GET, order=("-created_at", "-id"), size=_PAGE
    )
    trail = trail_to(last=_("Registration tokens"))
    context = {"trail": trail, "form": form, "page": page, "registered": self_registered()[:_PAGE]}
    return render(request, "suite/registration_token_list.html", context)


@require_POST
def token_revoke(request: HttpRequest, pk: str) -> HttpResponse:
    """End a token; what it registered stays."""
    _operators_only(request)
    by: Any = request.user
    if registrations.revoke_token(by=by, token=get_object_or_404(InitialAccessToken, pk=pk)):
        messages.success(request, _("The token no longer registers anything."))
    return redirect("suite:registration-token-list")


def _settings(given: dict[str, Any]) -> dict[str, Any]:
    settings = dict(given)
    return settings | {"lifetime": timedelta(days=settings.pop("days"))}


def _operators_only(request: HttpRequest) -> None:
    if not policies.can_trust(request.user):
        raise PermissionDenied
