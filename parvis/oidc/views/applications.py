"""The page where a person sees which applications have access, and withdraws it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.requests import SignedInRequest
from parvis.directory.models import Organization
from parvis.oidc import queries
from parvis.oidc.actions import grants


@require_safe
def consent_list(request: SignedInRequest) -> HttpResponse:
    """List the applications with access."""
    person, row = request.user, request.session.row
    organizations = Organization.objects.filter(pk__in=person.standing.organization_ids)
    context = {
        "accesses": queries.accesses_of(person),
        "unconfirmed": queries.unconfirmed_of(person),
        "organizations": organizations,
        "acting_for": next((one for one in organizations if row and one.pk == row.organization_id), None),
    }
    return render(request, "oidc/consent_list.html", context)


@require_POST
def consent_withdraw(request: SignedInRequest, client_pk: UUID) -> HttpResponse:
    """End what one application may do."""
    user = request.user
    access = next((one for one in queries.accesses_of(user) if one.client.pk == client_pk), None)
    if access is None:
        raise Http404
    grants.withdraw(client=access.client, user=user, by=user)
    messages.success(request, _("%s no longer has access to your data.") % access.client.name)
    return redirect("oidc:consent-list")
