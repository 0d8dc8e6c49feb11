"""Error answers: one page in the person's language, or a problem document when a program asks.

The pages draw nothing from the database, so that they also work when it does not.
"""

import logging
import sys
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.web.exceptions import UnavailableError
from parvis.web.problem import headers_of, problem, wants_json

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
logger = logging.getLogger(__name__)


class Words(NamedTuple):
    """What happened, and what one can do now."""

    title: str | Promise
    advice: str | Promise


WORDS: dict[int, Words] = {
    400: Words(
        _("We cannot read this request"),
        _("Something in the address or the form is malformed. Go back, check what you entered and try again."),
    ),
    403: Words(
        _("You may not open this page"),
        _("Your account does not give access to it. If you think that it should, ask the person who manages the team."),
    ),
    404: Words(
        _("This page does not exist"),
        _("The address may be mistyped, or the page may have moved, been removed, or be visible to its members only."),
    ),
    405: Words(_("This is not how this page works"), _("Open it again from the start and use its form or its links.")),
    413: Words(_("What you sent is too large"), _("Choose a smaller file, or shorten the text, and send it again.")),
    429: Words(
        _("Too many attempts"),
        _("To protect accounts, we slow down repeated attempts. Wait a moment, then try again."),
    ),
    500: Words(
        _("Something broke on our side"),
        _("It is not your doing, and the team can find it in the logs with the number below. Try again in a moment."),
    ),
    503: Words(
        _("Parvis is resting for a moment"),
        _("A part that this page needs does not answer. Nothing you saved is lost. Try again in a few minutes."),
    ),
}
CSRF = Words(
    _("This form has expired"),
    _(
        "For your safety, a form works only in the browser that opened it, and with cookies. "
        "Go back, reload the page and send it again."
    ),
)


def answer(request: HttpRequest, status: int, *, error: object = None, words: Words | None = None) -> HttpResponse:
    """Return the error answer for a status; our exceptions bring their own detail and headers."""
    told = words or WORDS[status]
    detail = str(getattr(error, "detail", "") or told.advice)
    if wants_json(request):
        response: HttpResponse = problem(request, status, str(told.title), detail)
    else:
        context = {
            "status": status,
            "title": told.title,
            "detail": detail,
            "request_id": getattr(request, "id", ""),
            "language": getattr(request, "LANGUAGE_CODE", "en"),
            "shows_search": status == 404,  # noqa: PLR2004 - not found
        }
        response = HttpResponse(render_to_string("web/error.html", context), status=status)
        response["Cache-Control"] = "no-store"
    for name, value in headers_of(error).items():
        response[name] = value
    return response


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 400, or 413 when Django refused to read so much."""
    status = 413 if isinstance(exception, TOO_LARGE) else 400
    return answer(request, status, error=exception)


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 403; a policy may say why in the exception."""
    words = WORDS[403]
    if reason := str(exception):
        words = Words(words.title, reason)
    return answer(request, 403, words=words)


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 404, never telling whether the thing exists for someone else."""
    return answer(request, 404, error=exception)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer 500 without touching anything that may have broken; bare words if even the page does not draw.

    Django asks for this answer while it handles the exception: a database that is away is 503, and will come back.
    """
    is_away = isinstance(sys.exception(), OperationalError | InterfaceError)
    try:
        return answer(request, 503, error=UnavailableError()) if is_away else answer(request, 500)
    except Exception:
        logger.exception("The error page itself failed.")
        return HttpResponse(f"{WORDS[500].title}. {WORDS[500].advice}", status=500, content_type="text/plain")


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer a form whose token does not fit; the reason is for the logs only."""
    return answer(request, 403, error=reason, words=CSRF)
