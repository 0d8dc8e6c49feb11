"""The OpenID Foundation's RP-Initiated Logout OP plan: a test for each of its modules, under its name."""

import base64
import json
from typing import Any

from joserfc.jwk import RSAKey
from joserfc.jwt import encode

from tests.conformance.oidc.logging_out import (
    STATE,
    SignedIn,
    assert_logged_out,
    assert_still_signed_in,
    metadata,
    returned,
)
from tests.factories.oidc import LOGGED_OUT_URI, Application


def assert_page_without_redirect(answer: Any) -> None:
    """Assert what the suite takes a picture of: a page of ours that leads nowhere by itself."""
    assert answer.status_code in {200, 400}
    text = answer.content.decode()
    assert "<h1" in text
    assert 'http-equiv="refresh"' not in text


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(app: Application) -> None:
    assert metadata(app)["end_session_endpoint"]


def test_oidcc_rp_initiated_logout(app: Application) -> None:
    answer = SignedIn(app).end_session()
    assert answer.status_code == 303
    assert returned(answer.headers["Location"]) == {"state": STATE}
    assert_logged_out(app)


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(app: Application) -> None:
    bad = LOGGED_OUT_URI.replace("logged-out", "bad")
    assert_page_without_redirect(SignedIn(app).end_session(post_logout_redirect_uri=bad))
    assert_still_signed_in(app)


def test_oidcc_rp_initiated_logout_modified_id_token_hint(app: Application) -> None:
    """The hint is written again with the algorithm `none`."""
    signed_in = SignedIn(app)
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    modified = f"{header}.{signed_in.id_token.split('.')[1]}."
    assert_page_without_redirect(signed_in.end_session(id_token_hint=modified))
    assert_still_signed_in(app)


def test_oidcc_rp_initiated_logout_no_id_token_hint(app: Application) -> None:
    assert_page_without_redirect(SignedIn(app).end_session(id_token_hint=None))
    assert_still_signed_in(app)


def test_oidcc_rp_initiated_logout_no_params(app: Application) -> None:
    signed_in = SignedIn(app)
    page = signed_in.end_session(id_token_hint=None, post_logout_redirect_uri=None, state=None)
    assert_page_without_redirect(page)
    data = {"request": page.context["request_query"], "answer": "sign-out"}
    last = app.browser.post("/oidc/logout/answer", data, follow=True)
    assert "You are signed out" in last.content.decode()
    assert_logged_out(app)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(app: Application) -> None:
    answer = SignedIn(app).end_session(post_logout_redirect_uri=None)
    assert answer.headers["Location"].startswith("/")
    assert "You are signed out" in app.browser.get(answer.headers["Location"]).content.decode()
    assert_logged_out(app)


def test_oidcc_rp_initiated_logout_no_state(app: Application) -> None:
    answer = SignedIn(app).end_session(state=None)
    assert answer.headers["Location"] == LOGGED_OUT_URI
    assert_logged_out(app)


def test_oidcc_rp_initiated_logout_only_state(app: Application) -> None:
    page = SignedIn(app).end_session(id_token_hint=None, post_logout_redirect_uri=None)
    assert_page_without_redirect(page)
    data = {"request": page.context["request_query"], "answer": "sign-out"}
    assert "You are signed out" in app.browser.post("/oidc/logout/answer", data, follow=True).content.decode()
    assert_logged_out(app)


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(app: Application) -> None:
    added = f"{LOGGED_OUT_URI}?foo=bar"
    assert_page_without_redirect(SignedIn(app).end_session(post_logout_redirect_uri=added))
    assert_still_signed_in(app)


def test_oidcc_rp_initiated_logout_bad_id_token_hint(app: Application) -> None:
    """The hint is signed by the suite's own key."""
    signed_in = SignedIn(app)
    forged = encode({"alg": "RS256"}, signed_in.claims, RSAKey.generate_key(2048, auto_kid=True))
    assert_page_without_redirect(signed_in.end_session(id_token_hint=forged))
    assert_still_signed_in(app)
