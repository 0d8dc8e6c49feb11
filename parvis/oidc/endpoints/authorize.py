"""`/oidc/authorize` where no page is needed: the silent answers, which are most of them."""

from parvis.oidc.authorization import interaction
from parvis.oidc.authorization.answers import GoBack
from parvis.oidc.authorization.decision import Allow, allow, decide
from parvis.oidc.http import NO_STORE, MalformedError, Request, Response, read_form


def authorize(request: Request) -> Response | None:
    """Answer a request that needs nobody; None leaves it to the pages (`parvis.oidc.views.authorize`)."""
    if request.method != "GET" or not request.query or f"{interaction.PARAMETER}=" in request.query:
        return None
    try:
        form = read_form(request.query)
    except MalformedError:
        return None
    outcome = decide(form, request)
    if isinstance(outcome, Allow) and not outcome.request.answers_by_form:
        outcome = allow(outcome)
    return redirect(outcome.url) if isinstance(outcome, GoBack) and not outcome.by_form else None


def redirect(url: str) -> Response:
    """Return the redirect that carries an answer: nobody keeps it, and the next page is not told where it came from."""
    return Response(303, b"", (("Location", url), ("Referrer-Policy", "no-referrer"), *NO_STORE))
