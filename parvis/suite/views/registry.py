"""Registering and looking after an application: its card, who may use it, how it signs people in."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.directory.forms import NewIdMixin
from parvis.directory.models import Group, Organization
from parvis.directory.policies import visible_groups
from parvis.suite import policies
from parvis.suite.actions import cards, sign_in
from parvis.suite.exceptions import AlreadyRegisteredError, SuiteError
from parvis.suite.forms import AudienceForm, CardForm, HolderForm
from parvis.suite.models import Application
from parvis.suite.recipes import integration
from parvis.suite.sign_in_forms import SignInForm
from parvis.suite.views.desk import context, mine, trail_to

_FOUND = 8


def show_secret(request: HttpRequest, application: Application, secret: str) -> HttpResponse:
    """Show a new secret, this once: it is kept as a digest and nobody can read it again."""
    client: Any = application.client
    shown = {"application": application, "secret": secret, "client": client, "integration": integration(client, secret)}
    response = render(request, "suite/credentials.html", shown)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def application_create(request: HttpRequest) -> HttpResponse:
    """Register an application; when it signs people in here, show its identifier and its secret."""
    by: Any = request.user
    if not policies.can_register(by):
        raise PermissionDenied
    card = CardForm(request.POST or None, request.FILES or None, by=by, instance=Application())
    audience = AudienceForm(request.POST or None, instance=card.instance)
    protocol = SignInForm(request.POST or None, by=by, may_link=True, prefix="sign-in")
    drawn = NewIdMixin(request.POST or None)
    valid = [one.is_valid() for one in (card, audience, protocol, drawn)]  # Every form says what it lacks.
    if all(valid):
        card.instance.pk = drawn.identifier
        return _register(request, card, protocol)
    trail = trail_to(last=_("Register an application"))
    shown = {"trail": trail, "card": card, "audience": audience, "protocol": protocol, "drawn": drawn}
    return render(request, "suite/application_create.html", shown)


def _register(request: HttpRequest, card: CardForm, protocol: SignInForm) -> HttpResponse:
    """Register what the forms say, once: the answer to a form that is sent again leads to what the first one made."""
    by: Any = request.user
    application, logo = card.instance, card.cleaned_data["logo_file"]
    try:
        made = sign_in.register_application(by=by, application=application, logo=logo, settings=protocol.cleaned_data)
    except AlreadyRegisteredError as error:
        messages.info(request, error.message)
        made_before = get_object_or_404(Application.objects.visible_to(by), pk=application.pk)
        return redirect("suite:application-detail", made_before.slug)
    if made.application.client:
        return show_secret(request, made.application, made.secret)
    messages.success(request, _("%(name)s is in the catalogue.") % {"name": made.application.name})
    return redirect("suite:application-detail", made.application.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def application_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the card."""
    application = mine(request, slug)
    form = CardForm(request.POST or None, request.FILES or None, by=request.user, instance=application)
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        cards.edit_application(
            by=by, application=form.instance, changed=form.changed_data, logo=form.cleaned_data["logo_file"]
        )
        messages.success(request, _("The card is saved."))
        return redirect("suite:application-detail", slug)
    return render(request, "suite/application_edit.html", context(application, "application-edit", form=form))


@require_http_methods(["GET", "HEAD", "POST"])
def application_access(request: HttpRequest, slug: str) -> HttpResponse:
    """Say who may use the application; organisations and groups are looked for and added one by one."""
    application = mine(request, slug)
    form = AudienceForm(request.POST or None, instance=application)
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        cards.set_audience(by=by, application=application, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("suite:application-access", slug)
    text = request.GET.get("q", "")[:200]
    entitlements = list(application.entitlements.select_related("organization", "group"))
    named = {one.organization_id or one.group_id for one in entitlements}
    shown = {
        "form": form,
        "text": text,
        "entitlements": entitlements,
        "organizations": Organization.objects.search(text).exclude(pk__in=named)[:_FOUND] if text else [],
        "groups": visible_groups(Group.objects.open(), request.user).search(text).exclude(pk__in=named)[:_FOUND]
        if text
        else [],
    }
    return render(request, "suite/application_access.html", context(application, "application-access", **shown))


@require_POST
def entitlement_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Let an organisation or a group use the application."""
    return _change_access(request, slug, cards.entitle)


@require_POST
def entitlement_remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Take that right back."""
    return _change_access(request, slug, cards.withdraw)


def _change_access(request: HttpRequest, slug: str, action: Any) -> HttpResponse:
    application = mine(request, slug)
    form = HolderForm(request.POST, by=request.user)
    if form.is_valid():
        action(by=request.user, application=application, holder=form.holder)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose an organisation or a group of the list."))
    return redirect("suite:application-access", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def application_sign_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Change how the application signs people in, or let a link-only application do so from now on."""
    application = mine(request, slug)
    form = SignInForm(request.POST or None, by=request.user, client=application.client)
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        if application.client is None:
            secret = sign_in.add_sign_in(by=by, application=application, settings=form.cleaned_data)
            return show_secret(request, application, secret)
        sign_in.edit_sign_in(by=by, application=application, settings=form.cleaned_data)
        messages.success(request, _("The sign-in settings are saved."))
        return redirect("suite:application-detail", slug)
    return render(request, "suite/application_sign_in.html", context(application, "application-sign-in", form=form))


@require_http_methods(["GET", "HEAD", "POST"])
def application_state(request: HttpRequest, slug: str) -> HttpResponse:
    """Close the application, or open it again, after a page that says what happens."""
    application = mine(request, slug)
    if request.method != "POST":
        title = _("Close the application") if application.is_open else _("Open the application again")
        shown = {"application": application, "trail": trail_to(application=application, last=title)}
        return render(request, "suite/application_state.html", shown)
    by: Any = request.user
    state = Application.State.CLOSED if application.is_open else Application.State.OPEN
    wanted = request.POST.get("state", state)
    try:
        cards.set_state(by=by, application=application, state=wanted)
    except (SuiteError, KeyError) as error:
        messages.error(request, getattr(error, "message", "") or _("This was already done."))
    else:
        messages.success(request, _("Done."))
    return redirect("suite:application-detail", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def application_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a closed application out of the catalogue, after a page that says what is lost."""
    application = mine(request, slug)
    by: Any = request.user
    try:
        cards.must_be_closed(application)
        if request.method == "POST":
            cards.delete_application(by=by, application=application)
            messages.success(request, _("%(name)s is deleted.") % {"name": application.name})
            return redirect("suite:application-list")
    except SuiteError as error:
        messages.info(request, error.message)
        return redirect("suite:application-state", slug)
    trail = trail_to(application=application, last=_("Delete the application"))
    return render(request, "suite/application_delete.html", {"application": application, "trail": trail})
