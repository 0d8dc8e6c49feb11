"""The secrets of an application: which work, until when, a new one beside the former, and an end at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from parvis.oidc.actions.clients import revoke_former_secrets
from parvis.suite.actions import sign_in
from parvis.suite.exceptions import SuiteError
from parvis.suite.forms import SecretForm
from parvis.suite.views.desk import context, with_client
from parvis.suite.views.registry import show_secret


@require_http_methods(["GET", "HEAD", "POST"])
def secret_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the secrets that work, and make a new one after saying what happens to the former."""
    application, client = with_client(request, slug)
    form = SecretForm(request.POST or None)
    by: Any = request.user
    if request.method == "POST" and form.is_valid():
        try:
            secret = sign_in.rotate_application_secret(by=by, application=application, overlap=form.overlap)
        except SuiteError as error:
            messages.error(request, error.message)
            return redirect("suite:secret-list", slug)
        return show_secret(request, application, secret)
    shown = context(application, "secret-list", client=client, secrets=client.secrets.live(), form=form)
    return render(request, "suite/secret_list.html", shown)


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
