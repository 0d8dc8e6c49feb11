"""The OpenID Foundation's Form Post OP plan: the modules of the Basic OP plan, each answer posted by a form.

Every test of `test_basic` runs here again, under its own name, for an application that always asks for
`response_mode=form_post`; what reads the answers insists on a form, whose origin alone the page may post to.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from parvis.directory.models import User
from parvis.oidc.models import Client
from tests.conformance.oidc import test_basic
from tests.factories.oidc import REDIRECT_URI, Application, posted_answer_of


class FormPostApplication(Application):
    """An application that reads its answers from a form."""

    def query(self, **changes: str | None) -> dict[str, str]:
        """Return the fields of an authorization request."""
        return super().query(**({"response_mode": "form_post"} | changes))

    def code(self, **changes: str | None) -> str:
        """Return a code."""
        return posted_answer_of(self.authorize(**changes))["code"]


@pytest.fixture
def app(signing_keys: None, client_row: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> Application:
    """The application, in a browser where the person is signed in."""
    monkeypatch.setattr(test_basic, "answer_of", posted_answer_of)
    return FormPostApplication(client_row).sign_in_as(person)


def _modules() -> Iterator[tuple[str, Any]]:
    return ((name, test) for name, test in vars(test_basic).items() if name.startswith("test_oidcc_"))


globals().update(_modules())


def test_form_post_is_offered(app: Application) -> None:
    told = app.server.get("/.well-known/openid-configuration").json()
    assert "form_post" in told["response_modes_supported"]


@pytest.mark.parametrize("changes", [{}, {"scope": "email"}])
def test_nothing_of_the_answer_is_in_an_address(app: Application, changes: dict[str, str]) -> None:
    """OAuth 2.0 Form Post Response Mode, section 2; errors travel as codes do."""
    response = app.authorize(**changes)
    assert response.status_code == 200
    assert "Location" not in response.headers
    assert f'action="{REDIRECT_URI}"' in response.content.decode()
