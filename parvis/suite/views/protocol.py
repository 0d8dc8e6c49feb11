"""The finer settings of an application's sign-in, on a page of their own: most teams never open it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.suite.actions import sign_in
from parvis.suite.protocol_forms import ProtocolForm
from parvis.suite.views.desk import context, mine


@require_http_methods(["GET", "HEAD", "POST"])
def application_protocol(request: HttpRequest, slug: str) -> HttpResponse:
    """Change how the application proves itself, what is encrypted for it, and how it knows people."""
    application = mine(request, slug)
    if application.client is None:
        raise Http404
    form = ProtocolForm(request.POST or None, by=request.user, client=application.client)
    if request.method == "POST" and form.is_valid() and form.holds():
        by: Any = request.user
        sign_in.edit_sign_in(by=by, application=application, settings=form.cleaned_data)
        messages.success(request, _("The sign-in settings are saved."))
        return redirect("suite:application-sign-in", slug)
    shown = context(application, "application-sign-in", heading=_("More settings"), form=form)
    return render(request, "suite/application_protocol.html", shown)
