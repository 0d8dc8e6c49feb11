"""What the pages of those who look after an application have in common."""

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


def menu(application: Application, current: str) -> list[Link]:
    """Return the pages of an application, for its side menu; those about sign-in once it has one."""
    pages = [
        ("application-edit", _("Card")),
        ("application-access", _("Who may use it")),
        ("application-sign-in", _("Sign-in")),
    ]
    if application.client:
        pages += [("application-connect", _("Connect it"))]
        pages += [("trial", _("Try the sign-in"))] if application.client.signs_people_in else []
        pages += [
            ("activity", _("Sign-ins and errors")),
            ("secret-list", _("Secrets")),
            ("scope-request", _("More data")),
        ]
    return [
        Link(label, reverse(f"suite:{name}", args=[application.slug]), current=name == current) for name, label in pages
    ]
