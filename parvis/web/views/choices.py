"""What a visitor chooses for this browser: language and appearance. Plain forms, without a script."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.web import language, registry, theme
from parvis.web.exceptions import BadRequestError


def _back(request: HttpRequest) -> str:
    """Return where the form was, if it is a page of ours."""
    url = request.POST.get("next", "")
    safe = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if safe else "/"


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie, and with the account of who is signed in."""
    code = language.known(request.POST.get("language", ""))
    if not code:
        raise BadRequestError(_("There is no such language."))
    translation.activate(code)
    for remember in registry.language_chosen:
        remember(request, code)
    response = HttpResponseRedirect(_back(request))
    language.remember(response, code)
    return response


@login_not_required
@require_POST
def set_appearance(request: HttpRequest) -> HttpResponse:
    """Keep light or dark in a cookie."""
    response = HttpResponseRedirect(_back(request))
    theme.remember(response, theme.known(request.POST.get("appearance", "")))
    return response
