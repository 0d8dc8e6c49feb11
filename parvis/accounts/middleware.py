"""Who is calling, and what they prefer, applied to each request."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from parvis.accounts.models import Session
from parvis.accounts.sessions import SessionStore
from parvis.directory.models import User
from parvis.web import language
from parvis.web.clients import client_ip

SEEN_EVERY = timedelta(minutes=5)
"""How precise the session list's "last used" is: reading pages changes the row at most this often."""


def person(request: HttpRequest) -> User | AnonymousUser:
    """Return the person of the request's session, which was read together with it."""
    session = request.session
    found = session.person if isinstance(session, SessionStore) else None
    return found or AnonymousUser()


class PersonMiddleware(AuthenticationMiddleware):
    """Django's middleware, with the person taken from the session's own statement instead of a second one."""

    def process_request(self, request: HttpRequest) -> None:
        """Set `request.user`, read when it is first used."""
        request.user = SimpleLazyObject(lambda: person(request))  # type: ignore[assignment]  # Django does the same.


class PreferencesMiddleware:
    """Speak the person's language and show times in their zone; note that their session was used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate both for this request only."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        touch(request)
        language.activate(request, request.user.language)
        with timezone.override(ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


def touch(request: HttpRequest) -> None:
    """Note that the session was used, at most every five minutes: the one write that reading a page may cause."""
    row = getattr(request.session, "row", None)
    now = timezone.now()
    if row is None or now - row.last_seen_at < SEEN_EVERY:
        return
    row.last_seen_at, row.ip_address = now, client_ip(request) or None
    row.user_agent = request.headers.get("User-Agent", "")[:300]
    seen = {"last_seen_at": now, "ip_address": row.ip_address, "user_agent": row.user_agent}
    Session.objects.filter(pk=row.pk).update(**seen)
