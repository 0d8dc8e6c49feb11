"""Requests of programs to the protocol's endpoints: posted forms, each field once (RFC 6749, section 3.2)."""

from parvis.accounts import rates
from parvis.oidc.errors import ProtocolError, invalid_request
from parvis.oidc.http import Form, MalformedError, Request
from parvis.web.exceptions import TooManyRequestsError


def only_post(request: Request) -> None:
    """Refuse what a link or an image could send."""
    if request.method != "POST":
        raise ProtocolError("invalid_request", "Use POST.", status=405, headers=(("Allow", "POST"),))


def posted_fields(request: Request) -> Form:
    """Return the fields of a program's request."""
    if not request.has_form:
        raise invalid_request("Send the fields as application/x-www-form-urlencoded.")
    try:
        form = request.form()
    except MalformedError as error:
        raise invalid_request("The body cannot be read.") from error
    if form.repeated:
        raise invalid_request(f"Repeated: {', '.join(sorted(form.repeated))}."[:200])
    return form


def slow_down(what: str, limit: rates.Limit, of: str) -> None:
    """Count a request of somebody, and refuse it when there were too many (RFC 6585, section 4)."""
    try:
        rates.spend([(limit, (of,))])
    except TooManyRequestsError as error:
        wait = (("Retry-After", str(error.retry_after)),)
        raise ProtocolError("slow_down", f"Too many {what}.", status=429, headers=wait) from error
