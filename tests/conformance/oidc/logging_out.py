"""What the three logout plans of the OpenID Foundation have in common."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

from tests.factories.oidc import LOGGED_OUT_URI, Application, answer_of, read_jwt

STATE = "aA0-._~" * 18 + "zz"
"""128 characters of every kind that the plans put into a state."""


@dataclass
class SignedIn:
    """A sign-in done, and its ID token."""

    app: Application
    tokens: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = self.app.tokens()

    @property
    def id_token(self) -> str:
        """Return the ID token as it came."""
        token: str = self.tokens["id_token"]
        return token

    @property
    def claims(self) -> dict[str, Any]:
        """Return what it says."""
        return read_jwt(self.id_token)[1]

    def end_session(self, **changes: str | None) -> Any:
        """Open the end-session endpoint with the fields that the modules send unless they say otherwise."""
        fields = {"id_token_hint": self.id_token, "post_logout_redirect_uri": LOGGED_OUT_URI, "state": STATE} | changes
        return self.app.browser.get(
            "/oidc/logout", {name: value for name, value in fields.items() if value is not None}
        )


def assert_logged_out(app: Application) -> None:
    """Assert that the provider no longer knows the person: `prompt=none` fails."""
    error = answer_of(app.authorize(prompt="none"))["error"]
    assert error in {"login_required", "interaction_required"}


def assert_still_signed_in(app: Application) -> None:
    """Assert that nothing has ended."""
    assert "code" in answer_of(app.authorize(prompt="none"))


def returned(location: str) -> dict[str, str]:
    """Return the query with which the browser arrives at the registered address."""
    assert location.startswith(LOGGED_OUT_URI)
    return dict(parse_qsl(urlsplit(location).query, strict_parsing=True)) if "?" in location else {}


def metadata(app: Application) -> dict[str, Any]:
    """Return the provider's metadata, its endpoints held to what every plan checks."""
    answer = app.server.get("/.well-known/openid-configuration")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    found: dict[str, Any] = answer.json()
    for name, value in found.items():
        if name.endswith("_endpoint"):
            assert value.startswith(f"{settings.ISSUER}/")
    assert found["end_session_endpoint"] == f"{settings.ISSUER}/oidc/logout"
    return found
