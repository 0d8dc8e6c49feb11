"""Requests of programs to the protocol's endpoints: posted forms, each field once (RFC 6749, section 3.2)."""

from parvis.oidc.errors import ProtocolError, invalid_request
from parvis.oidc.http import Form, MalformedError, Request


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
