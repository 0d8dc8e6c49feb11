"""With which account, and for which organisation, a person goes on."""

import dataclasses
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts.actions.signing_in import NotAMemberError, act_for
from parvis.accounts.demands import url_for_sign_in
from parvis.accounts.requests import SignedInRequest
from parvis.oidc.authorization import interaction
from parvis.oidc.authorization.decision import Allow, Ask
from parvis.oidc.forms import OrganizationForm
from parvis.oidc.views import account_choice
from parvis.oidc.views.authorize import demand_for, remember
from parvis.oidc.views.interactions import begun_of, lead_on, outcome_of
from parvis.web.exceptions import BadRequestError
from parvis.web.responses import leave_to


@require_POST
def choose(request: SignedInRequest) -> HttpResponse:
    """Go on as the person who is signed in, for the organisation that they chose, or sign somebody else in."""
    begun, outcome = begun_of(request), outcome_of(request)
    # A sign-in of a moment ago may count as the choice of an account: what the person chose here still counts.
    if not (isinstance(outcome, Ask | Allow) and outcome.session):
        return lead_on(request, outcome)
    address = interaction.address(outcome.request.given, begun)
    if request.POST.get("answer") != "continue":
        # As of now: a sign-in of a moment ago was the person's who is not wanted.
        demand = demand_for(outcome.request, begun, reauthenticate=True, by_another=True)
        return HttpResponseRedirect(url_for_sign_in(demand))
    form = account_choice.form_of(outcome, request.POST)
    if form is not None and not form.is_valid():
        return account_choice.page(request, outcome, begun, form)
    if form is not None:
        _act_for(request, form.chosen)
    response = leave_to(request, address)
    remember(request, response, dataclasses.replace(begun, account=str(outcome.session.sid)))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def acting_for(request: SignedInRequest) -> HttpResponse:
    """Change for which organisation the person acts in this browser; applications that are open keep theirs."""
    found = account_choice.by_name(request.user.standing.organization_ids)
    row = request.session.row
    initial = {"organization": str(row.organization_id) if row and row.organization_id else None}
    form = OrganizationForm(request.POST or None, organizations=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        _act_for(request, form.chosen)
        messages.success(request, _("Applications that you open from now on in this browser are told so."))
        return redirect("oidc:consent-list")
    return render(request, "oidc/acting_for.html", {"form": form, "organizations": found})


def _act_for(request: SignedInRequest, organization_id: UUID) -> None:
    try:
        act_for(session=request.session, organization_id=organization_id)
    except NotAMemberError as error:
        raise BadRequestError(_("You no longer belong to this organisation.")) from error
