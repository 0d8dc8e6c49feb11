"""What a browser has begun: a request that a page interrupted, and when.

Nothing is stored here. The address carries the request itself and the name of the interaction; a signed cookie, which
only this browser has, says when the interaction began and for which request. So an address that is opened in another
browser is refused, `prompt=login` is answered by a sign-in that came after the request and never by an older one, two
tabs go on side by side, and a stranger cannot fill a table.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.core import signing

from parvis.oidc.http import Form

PARAMETER = COOKIE = "interaction"
LIFETIME = 3600
MOST = 8
"""Interactions that a browser keeps open; beyond, the oldest is forgotten."""
_SALT = "parvis.oidc.interaction"


@dataclass(frozen=True, slots=True)
class Interaction:
    """A request that a page interrupted; `account` is the session that the person chose to go on with."""

    name: str
    request_digest: str
    started: int
    account: str = ""

    @property
    def started_at(self) -> datetime:
        """Return when it began, to the second, as `auth_time` is."""
        return datetime.fromtimestamp(self.started, UTC)


def fields(form: Form) -> dict[str, str]:
    """Return the request's own fields."""
    return {name: value for name, value in form.values.items() if name != PARAMETER}


def address(form: Form, interaction: Interaction, path: str = "/oidc/authorize") -> str:
    """Return where the browser comes back to, to go on with the request."""
    return f"{path}?" + urlencode(fields(form) | {PARAMETER: interaction.name})


def _digest(form: Form) -> str:
    return hashlib.sha256(urlencode(sorted(fields(form).items())).encode()).hexdigest()[:32]


def read(cookie: str) -> list[Interaction]:
    """Return the interactions of a browser, the newest last; none when the cookie is absent, forged or too old."""
    if not cookie:
        return []
    try:
        found = signing.loads(cookie, salt=_SALT, max_age=LIFETIME)
        return [Interaction(*item) for item in found]
    except (signing.BadSignature, TypeError, ValueError):
        return []


def write(interactions: list[Interaction]) -> str:
    """Return the cookie's value."""
    items = [(one.name, one.request_digest, one.started, one.account) for one in interactions[-MOST:]]
    return signing.dumps(items, salt=_SALT, compress=True)


def find(interactions: list[Interaction], form: Form) -> Interaction | None:
    """Return the interaction that the request names, if this browser began it for exactly this request."""
    name, digest = form.get(PARAMETER), _digest(form)
    return next((one for one in interactions if one.name == name and one.request_digest == digest), None)


def begin(form: Form) -> Interaction:
    """Return a new interaction for a request."""
    return Interaction(secrets.token_urlsafe(9), _digest(form), int(time.time()))
