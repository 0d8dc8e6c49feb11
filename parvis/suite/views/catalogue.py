"""Looking at the catalogue: my applications, all of them, and one."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.lib.paging import page_of
from parvis.lib.urls import absolute
from parvis.suite import policies
from parvis.suite.models import Application, Pin, ScopeRequest
from parvis.suite.queries import menu_of, with_pins
from parvis.suite.views.launcher import script_source
from parvis.web.forms import SearchForm

PAGE = 60


@login_not_required
@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    """Show what the person keeps at hand, then all they may see; a search looks in all of it."""
    text = SearchForm(request.GET).text
    pinned = [] if text else [one for one in menu_of(request.user)[: Pin.MAX] if one.pinned_at is not None]  # type: ignore[attr-defined]  # annotated
    seen = Application.objects.visible_to(request.user)
    page = page_of(with_pins(seen.search(text), request.user).select_related("owner", "client"), request.GET, size=PAGE)
    usable = set(
        Application.objects.usable_by(request.user).filter(pk__in=[one.pk for one in page]).values_list("pk", flat=True)
    )
    context = {
        "text": text,
        "pinned": pinned,
        "page": page,
        "count": seen.search(text).count(),
        "usable": usable,
        "may_register": policies.can_register(request.user),
    }
    if policies.can_trust(request.user):
        context |= {"for_operators": True, "waiting": ScopeRequest.objects.waiting().count()}
    return render(request, "suite/application_list.html", context)


@login_not_required
@require_safe
def application_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one application; those who look after it also see how it signs people in."""
    seen = Application.objects.visible_to(request.user).select_related("owner", "client")
    application = get_object_or_404(with_pins(seen, request.user), slug=slug)
    may_edit = policies.can_edit(request.user, application)
    context = {
        "application": application,
        "trail": [(_("Applications"), reverse("suite:application-list")), (application.name,)],
        "may_use": policies.can_use(request.user, application),
        "may_open": policies.can_open(request.user, application),
        "may_edit": may_edit,
        "entitlements": application.entitlements.select_related("organization", "group") if may_edit else [],
    }
    return render(request, "suite/application_detail.html", context)


@login_not_required
@require_safe
def embedding(request: HttpRequest) -> HttpResponse:
    """Say how another site shows the same menu."""
    _source, digest = script_source()
    context = {
        "services_url": absolute("suite:launcher-services"),
        "script_url": absolute("suite:launcher-script"),
        "versioned_url": absolute("suite:launcher-script", query=f"v={digest}"),
    }
    return render(request, "suite/embedding.html", context)
