"""Committees: those announced, one with its agenda, and the papers of those concerned."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.directory.policies import is_member
from parvis.portfolio import policies
from parvis.portfolio.actions import committees as acting
from parvis.portfolio.forms.life import CommitteeForm, PaperForm
from parvis.portfolio.models import Committee, CommitteePaper, Incubator, Product
from parvis.portfolio.views.fetching import done_or_told, edited_product, refuse_unless, sent, signed_in

METHODS = ["GET", "HEAD", "POST"]
SHOWN = 60


@login_not_required
@require_safe
def committee_list(request: HttpRequest) -> HttpResponse:
    """List the committees that the viewer may know of: those to come, then those of before."""
    seen = Committee.objects.visible_to(request.user).select_related("incubator")
    today = timezone.localdate()
    context = {
        "coming": list(seen.filter(on__gte=today).order_by("on", "id")[:SHOWN]),
        "past": list(seen.filter(on__lt=today).order_by("-on", "id")[:SHOWN]),
        "may_add": is_member(request.user) and Incubator.objects.managed_by(request.user).exists(),
    }
    return render(request, "portfolio/committee_list.html", context)


def committee_of(request: HttpRequest, pk: UUID) -> Committee:
    """Return a committee that the viewer may know of, or raise Http404."""
    return get_object_or_404(Committee.objects.visible_to(request.user).select_related("incubator"), pk=pk)


def managed_committee(request: HttpRequest, pk: UUID) -> Committee:
    """Return a committee of an incubator that the viewer looks after."""
    committee = committee_of(request, pk)
    allowed = policies.can_manage_incubator(request.user, committee.incubator)
    refuse_unless(allowed, _("Only those who look after the incubator may do this."))
    return committee


@login_not_required
@require_safe
def committee_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a committee, its agenda, what it decided, and its papers to those concerned."""
    committee = committee_of(request, pk)
    visible = Product.objects.visible_to(request.user).order_by().values("pk")
    may_manage = policies.can_manage_incubator(request.user, committee.incubator)
    papers = committee.papers.visible_to(request.user).select_related("product")
    context = {
        "committee": committee,
        "products": list(committee.products.filter(pk__in=visible).defer("search_text", "description")),
        "decisions": list(committee.decisions.filter(product__in=visible).select_related("product")),
        "papers": list(papers) if is_member(request.user) else [],
        "may_manage": may_manage,
    }
    return render(request, "portfolio/committee_detail.html", context)


@require_http_methods(METHODS)
def committee_form(request: HttpRequest, pk: UUID | None = None) -> HttpResponseBase:
    """Announce a committee, or change one."""
    by = signed_in(request)
    committee = managed_committee(request, pk) if pk else Committee()
    managed = Incubator.objects.managed_by(by)
    refuse_unless(managed.exists(), _("Only those who look after the incubator may do this."))
    initial = {} if pk else {"incubator": managed.first()}
    form = CommitteeForm(sent(request), instance=committee, viewer=by, initial=initial)
    if request.method == "POST" and form.is_valid():
        products = form.cleaned_data.get("products")
        if done_or_told(form, lambda: acting.save_committee(by=by, committee=form.instance, products=products)):
            messages.success(
                request, _("The committee has been saved.") if pk else _("Now choose what is on its agenda.")
            )
            return redirect("portfolio:committee-detail" if pk else "portfolio:committee-edit", form.instance.pk)
    context: dict[str, object] = {"form": form, "title": _("Change the committee") if pk else _("Announce a committee")}
    context["back"] = reverse("portfolio:committee-detail", args=[pk]) if pk else reverse("portfolio:committee-list")
    return render(request, "portfolio/form.html", context)


@require_http_methods(METHODS)
def committee_remove(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Cancel a committee, once it was looked at again."""
    committee = managed_committee(request, pk)
    if request.method == "POST":
        acting.remove_committee(by=signed_in(request), committee=committee)
        messages.success(request, _("The committee has been cancelled."))
        return redirect("portfolio:committee-list")
    return render(request, "portfolio/committee_remove.html", {"committee": committee})


# --- Papers ----------------------------------------------------------------------------------------------------------
@require_http_methods(METHODS)
def paper_add(request: HttpRequest, key: str) -> HttpResponseBase:
    """Add a paper about a product, for its next committee if there is one."""
    product = edited_product(request, key)
    coming = product.committees.filter(on__gte=timezone.localdate()).order_by("on").first()
    return _add(request, product, coming, product.get_absolute_url())


@require_http_methods(METHODS)
def committee_paper_add(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Add a paper for a whole committee."""
    committee = managed_committee(request, pk)
    return _add(request, None, committee, reverse("portfolio:committee-detail", args=[committee.pk]))


def _add(request: HttpRequest, product: Product | None, committee: Committee | None, back: str) -> HttpResponseBase:
    form, by = PaperForm(sent(request), request.FILES or None), signed_in(request)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data) | {"content_type": form.content_type}
        if done_or_told(form, lambda: acting.add_paper(by=by, product=product, committee=committee, **data)):
            messages.success(request, _("The paper has been added. Only those concerned can read it."))
            return redirect(back)
    lead = _("Read by the team, by its incubators and by operators; never public.")
    context = {
        "form": form,
        "product": product,
        "title": _("Add a paper"),
        "lead": lead,
        "back": back,
        "has_file": True,
    }
    return render(request, "portfolio/form.html", context)


def _paper_of(request: HttpRequest, pk: UUID) -> CommitteePaper:
    seen = CommitteePaper.objects.visible_to(signed_in(request)).select_related("product", "committee__incubator")
    return get_object_or_404(seen, pk=pk)


@require_safe
def paper_file(request: HttpRequest, pk: UUID) -> FileResponse:
    """Return a paper as a file to save: never shown by the browser within our own site."""
    paper = _paper_of(request, pk)
    try:
        stream = paper.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(stream, as_attachment=True, filename=paper.file_name, content_type=paper.content_type)
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
def paper_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a paper: whoever added it, or those who may edit what it is about."""
    paper, by = _paper_of(request, pk), signed_in(request)
    edits = paper.product is not None and policies.can_edit_product(by, paper.product)
    manages = paper.committee is not None and policies.can_manage_incubator(by, paper.committee.incubator)
    refuse_unless(edits or manages or paper.added_by_id == by.pk, _("Only those who added it may remove it."))
    back = paper.product.get_absolute_url() if paper.product else reverse("portfolio:committee-list")
    acting.remove_paper(by=by, paper=paper)
    messages.success(request, _("The paper has been removed."))
    return redirect(back)
