"""What the pages of those who look after an application have in common."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.oidc.models import Client
from parvis.suite import policies
from parvis.suite.models import Application
from parvis.web.nav import Link


def mine(request: HttpRequest, slug: str) -> Application:
    """Return an application that the person may change: 404 when they do not see it, 403 when they only see it."""
    seen = Application.objects.visible_to(request.user).select_related("owner", "client")
    application = get_object_or_404(seen, slug=slug)
    if not policies.can_edit(request.user, application):
        raise PermissionDenied
    return application


def with_client(request: HttpRequest, slug: str) -> tuple[Application, Client]:
    """Return an application of theirs that signs people in with us, and how; 404 when it does not."""
    application = mine(request, slug)
    if application.client is None:
        raise Http404
    return application, application.client


def trail_to(*, application: Application | None = None, last: str) -> list[tuple[str, ...]]:
    """Return the way from the catalogue to a page."""
    way: list[tuple[str, ...]] = [(_("Applications"), reverse("suite:application-list"))]
    if application:
        way.append((application.name, reverse("suite:application-detail", args=[application.slug])))
    return [*way, (last,)]


def context(application: Application, current: str, **more: Any) -> dict[str, Any]:
    """Return what every page of an application shows: where one is, and its other pages, as far as it has them."""
    client = application.client
    pages = [
        ("application-edit", _("Card"), True),
        ("application-access", _("Who may use it"), True),
        ("application-sign-in", _("Sign-in"), True),
        ("application-connect", _("Connect it"), client is not None),
        ("trial", _("Try the sign-in"), client is not None and client.signs_people_in),
        ("activity", _("Sign-ins and errors"), client is not None),
        ("secret-list", _("Secrets"), client is not None and client.has_secrets),
        ("scope-request", _("More data"), client is not None),
    ]
    menu = [
        Link(label, reverse(f"suite:{name}", args=[application.slug]), current=name == current)
        for name, label, is_there in pages
        if is_there
    ]
    heading = more.pop("heading", "") or next(label for name, label, _is_there in pages if name == current)
    trail = trail_to(application=application, last=str(heading))
    return {"application": application, "menu": menu, "trail": trail, "heading": heading} | more
