"""Who asks: everybody. What the interface tells is what a visitor may read."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from parvis.portfolio.policies import Viewer


def viewer_of(_request: HttpRequest) -> Viewer:
    """Return who asks. Cookies are not looked at: a page of another site cannot ask in a person's name."""
    return AnonymousUser()
