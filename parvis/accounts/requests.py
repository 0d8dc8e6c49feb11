"""What the middleware has made of a request, for the type checker and the reader."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from parvis.accounts.sessions import SessionStore
from parvis.directory.models import User


class VisitorRequest(HttpRequest):
    """A request of anybody, with our sessions."""

    session: SessionStore


class SignedInRequest(VisitorRequest):
    """A request that the sign-in requirement let through."""

    user: User


def person_of(request: HttpRequest) -> User:
    """Return who is signed in, where only signed-in people come."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
