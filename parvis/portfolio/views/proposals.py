"""Proposing an investigation, and taking the proposal back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.portfolio import policies
from parvis.portfolio.actions.proposals import propose_product, withdraw_proposal
from parvis.portfolio.exceptions import PortfolioError
from parvis.portfolio.forms.pages import ProposalForm
from parvis.portfolio.models import Product
from parvis.portfolio.views.fetching import done_or_told, edited_product, refuse_unless, sent, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def product_propose(request: HttpRequest) -> HttpResponseBase:
    """Propose an investigation to an incubator."""
    by = signed_in(request)
    refuse_unless(policies.can_propose_product(by), _("You may not propose an investigation."))
    initial = {"language": get_language() or "fr", "incubator": request.GET.get("incubator", "")[:100]}
    form = ProposalForm(sent(request), viewer=by, initial=initial)
    made: list[Product] = []
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        identifier = data.pop("new_id")
        if done_or_told(form, lambda: made.append(propose_product(by=by, id=identifier, **data))):
            messages.success(request, _("Your proposal has been sent to the incubator."))
            return redirect(made[0])
    return render(request, "portfolio/form.html", _proposal_page(form))


def _proposal_page(form: ProposalForm) -> dict[str, object]:
    return {
        "form": form,
        "title": _("Propose an investigation"),
        "lead": _("A problem worth looking into. A committee of the incubator answers, and says why."),
        "submit": _("Send the proposal"),
    }


@require_POST
def product_withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take a proposal back."""
    product = edited_product(request, key)
    try:
        withdraw_proposal(by=signed_in(request), product=product)
    except PortfolioError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("The proposal has been taken back."))
    return redirect(product)
