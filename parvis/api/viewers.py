"""Who asks: everybody, unless an access token says who."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from parvis.portfolio.policies import Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who asks. Cookies are not looked at: a page of another site cannot ask in a person's name."""
    return getattr(request, "viewer", None) or AnonymousUser()
