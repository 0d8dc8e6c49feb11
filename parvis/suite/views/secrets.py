"""The secrets of an application: which work, until when, a new one beside the former, and an end at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from parvis.oidc import clients
from parvis.oidc.actions.clients import revoke_former_secrets
from parvis.suite.actions import sign_in
from parvis.suite.exceptions import SuiteError
from parvis.suite.forms import SecretCheckForm, SecretForm
from parvis.suite.views.desk import context, with_client
from parvis.suite.views.registry import show_secret


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def secret_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the secrets that work, make a new one after saying what happens to the former, or check one."""
    application, client = with_client(request, slug)
    check = SecretCheckForm(request.POST if "secret" in request.POST else None)
    if check.is_valid():
        _check(request, client.client_id, check.cleaned_data["secret"])
        return redirect("suite:secret-list", slug)
    form = SecretForm(None if check.is_bound else request.POST or None)
    if form.is_valid():
        by: Any = request.user
        try:
            secret = sign_in.rotate_application_secret(by=by, application=application, overlap=form.overlap)
        except SuiteError as error:
            messages.error(request, error.message)
            return redirect("suite:secret-list", slug)
        return show_secret(request, application, secret)
    more = {"client": client, "secrets": client.secrets.live(), "form": form, "check": check}
    return render(request, "suite/secret_list.html", context(application, "secret-list", **more))


def _check(request: HttpRequest, client_id: str, secret: str) -> None:
    """Say whether a secret is one of the application's; it is compared, and kept nowhere."""
    found = clients.find(client_id)
    if found is not None and found.has_secret(secret):
        messages.success(request, _("This secret works."))
    else:
        messages.error(
            request,
            _("This secret does not work: it is another application’s, it has ended, or a part of it is missing."),
        )


@require_POST
def former_secrets_end(request: HttpRequest, slug: str) -> HttpResponse:
    """End every secret but the newest at once."""
    _application, client = with_client(request, slug)
    by: Any = request.user
    number = revoke_former_secrets(by=by, client=client)
    if number:
        told = ngettext(
            "%(number)s former secret no longer works.", "%(number)s former secrets no longer work.", number
        )
        messages.success(request, told % {"number": number})
    else:
        messages.info(request, _("There was no former secret."))
    return redirect("suite:secret-list", slug)
