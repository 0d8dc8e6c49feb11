"""The account's first page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.accounts import registry
from parvis.accounts.models import RecoveryCode, Session
from parvis.accounts.queries import factors_of
from parvis.accounts.requests import SignedInRequest


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """Show how the person signs in, where they are signed in, and where the rest of their account is."""
    context = {
        "factors": factors_of(request.user),
        "passkeys": request.user.passkeys.count(),
        "recovery_codes": RecoveryCode.objects.filter(user=request.user, used_at__isnull=True).count(),
        "emails": request.user.emails.all(),
        "sessions": Session.objects.of(request.user.pk).count(),
        "links": registry.account_pages.for_user(request.user),
    }
    return render(request, "accounts/overview.html", context)
