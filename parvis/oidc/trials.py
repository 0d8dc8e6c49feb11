"""Trials: a person who looks after an application sees its sign-in done, step by step, on a page of ours.

The answer of a trial comes to our own address, which no application registers. It is accepted there only with a state
that we signed for this application a moment ago, and so leads to nobody else.
"""

import secrets

from django.conf import settings
from django.core import signing

from parvis.oidc.authorization.request import AuthorizationRequest

PATH = "/apps/try/"
LIFETIME = 900
"""Seconds that a trial may take, the person's sign-in included."""
_SALT = "parvis.oidc.trial"


def redirect_uri() -> str:
    """Return where the answers of trials come."""
    return f"{settings.ISSUER}{PATH}"


def new_state(client_id: str) -> str:
    """Return the state of a new trial."""
    return signing.dumps([client_id, secrets.token_urlsafe(9)], salt=_SALT)


def is_one(request: AuthorizationRequest) -> bool:
    """Say whether a request is a trial that we began for this very application."""
    if request.form.get("redirect_uri") != redirect_uri():
        return False
    try:
        client_id, _name = signing.loads(request.form.get("state"), salt=_SALT, max_age=LIFETIME)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    return bool(client_id == request.client.client_id)
