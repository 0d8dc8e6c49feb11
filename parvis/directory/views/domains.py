"""E-mail domains of an organisation, for its managers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.directory import actions, policies
from parvis.directory.actions.domains import record_name
from parvis.directory.exceptions import DirectoryError
from parvis.directory.forms import DomainForm
from parvis.directory.models import EmailDomain, Organization
from parvis.directory.views.fetching import done_or_told, managed_organization, signed_in
from parvis.directory.views.menus import organization_tabs


@require_http_methods(["GET", "HEAD", "POST"])
def domain_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List domains with what to put in the DNS, and claim one. Operators may set one without a proof."""
    organization, by = managed_organization(request, slug), signed_in(request)
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sets = "set" in request.POST and policies.can_set_domain(by)
        change = actions.set_domain if sets else actions.claim_domain
        domain = form.cleaned_data["domain"]
        if done_or_told(form, lambda: change(by=by, organization=organization, domain=domain)):
            return redirect("directory:domain-list", organization.slug)
    domains = organization.email_domains.order_by("verified_at", "domain")
    context = {
        "organization": organization,
        "tabs": organization_tabs(request, organization, "domains"),
        "domains": [(domain, record_name(domain)) for domain in domains],
        "form": form,
        "can_set": policies.can_set_domain(by),
    }
    return render(request, "directory/domain_list.html", context)


def _managed_domain(request: HttpRequest, pk: UUID) -> EmailDomain:
    managed = Organization.objects.managed_by(signed_in(request)).values("pk")
    return get_object_or_404(EmailDomain.objects.select_related("organization").filter(organization__in=managed), pk=pk)


@require_POST
def domain_prove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look for the record in the DNS now."""
    domain = _managed_domain(request, pk)
    try:
        actions.prove_domain(by=signed_in(request), domain=domain)
    except DirectoryError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The domain %(domain)s is proven.") % {"domain": domain})
    return redirect("directory:domain-list", domain.organization.slug)


@require_POST
def domain_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a domain from the organisation."""
    domain = _managed_domain(request, pk)
    actions.remove_domain(by=signed_in(request), domain=domain)
    messages.success(request, _("The domain %(domain)s has been removed.") % {"domain": domain})
    return redirect("directory:domain-list", domain.organization.slug)
