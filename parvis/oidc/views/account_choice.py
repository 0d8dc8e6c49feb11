"""The page where a person says with which account, and for which organisation, they go on to an application."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.directory.models import Organization
from parvis.oidc.authorization import interaction, organizations
from parvis.oidc.authorization.decision import Allow, Ask
from parvis.oidc.authorization.interaction import Interaction
from parvis.oidc.forms import OrganizationForm


def page(
    request: HttpRequest, ask: Ask | Allow, begun: Interaction, form: OrganizationForm | None = None
) -> HttpResponse:
    """Let the person go on as who they are and for one of their organisations, or as somebody else."""
    context = {
        "application": ask.request.client.name,
        "request_query": interaction.address(ask.request.given, begun).partition("?")[2],
        "name": str(request.user),
        "photo": photo.url if (photo := getattr(request.user, "photo", None)) else "",
        "form": form or form_of(ask),
        "is_about_account": "select_account" in ask.request.prompts,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "oidc/account_choice.html", context, status=status)


def form_of(ask: Ask | Allow, data: Mapping[str, Any] | None = None) -> OrganizationForm | None:
    """Return the choice among the person's organisations, when it would change what the application is told."""
    session = ask.session
    if session is None or not organizations.may_choose(ask.request, session):
        return None
    found = by_name(organizations.choices(ask.request, session))
    hinted = ask.request.form.get("siret_hint")
    proposed = next((one.pk for one in found if hinted and one.siret == hinted), session.organization_id)
    return OrganizationForm(data, organizations=found, initial={"organization": str(proposed) if proposed else None})


def by_name(ids: Iterable[UUID]) -> list[Organization]:
    """Return these organisations with their numbers."""
    return list(Organization.objects.filter(pk__in=list(ids)).prefetch_related("identifiers"))
