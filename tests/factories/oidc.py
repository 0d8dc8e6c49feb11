"""Applications, and a browser that signs in to them as the protocol says."""

import base64
import hashlib
import html
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.test import Client as Browser
from joserfc.jwk import KeySet
from joserfc.jws import deserialize_compact

from parvis.accounts import assurance, sessions
from parvis.accounts.models import Session
from parvis.directory.models import User
from parvis.oidc import opaque
from parvis.oidc.algorithms import REGISTRY
from parvis.oidc.models import Client, ClientSecret

REDIRECT_URI = "https://app.example.org/callback/"
LOGGED_OUT_URI = "https://app.example.org/logged-out/"
VERIFIER = "v" * 64


_numbers = itertools.count(1)


def make_client(**changes: Any) -> Client:
    """Return a confidential application that the operator trusts; `type="public"` for one without a secret."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "client_id": f"client-{number}",
        "name_fr": f"Carnet {number}",
        "name_en": f"Notebook {number}",
        "redirect_uris": [REDIRECT_URI],
        "post_logout_redirect_uris": [LOGGED_OUT_URI],
        "is_trusted": True,
    }
    if changes.get("type") == Client.Type.PUBLIC:
        values["token_endpoint_auth_method"] = Client.AuthMethod.NONE
    client = Client.objects.create(**(values | changes))
    if not client.is_public:
        ClientSecret.objects.create(client=client, digest=opaque.hex_digest(secret_of(client)))
    return client


def secret_of(client: Client) -> str:
    """Return the secret that `make_client` gave."""
    return f"{opaque.SECRET}{client.client_id}-0123456789"


def challenge(verifier: str = VERIFIER) -> str:
    """Return the S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Answer:
    """A JSON answer of the token endpoint."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]


class Application:
    """The application's side of the protocol, over Django's test client."""

    def __init__(self, client: Client, browser: Browser | None = None) -> None:
        self.client = client
        self.browser = browser or Browser()
        self.server = Browser()

    @property
    def session(self) -> Session:
        """Return the row of the browser's session."""
        return Session.objects.get(pk=sessions.digest(self.browser.cookies["parvis_session"].value))

    def prove(self, at: datetime, *methods: str) -> None:
        """Let the browser's session have been proven at this moment, by these methods."""
        Session.objects.filter(pk=self.session.pk).update(auth_time=at, amr=assurance.amr(methods or ("mail",)))

    def sign_in_as(self, user: User) -> "Application":
        """Open a session in the browser."""
        self.browser.force_login(user)
        return self

    def query(self, **changes: str | None) -> dict[str, str]:
        """Return the fields of an authorization request; None removes one."""
        fields: dict[str, str | None] = {
            "client_id": self.client.client_id,
            "redirect_uri": REDIRECT_URI,
            "response_type": "code",
            "scope": "openid email",
            "state": "state-0123456789",
            "nonce": "nonce-0123456789",
        }
        if self.client.is_public:
            fields |= {"code_challenge": challenge(), "code_challenge_method": "S256"}
        return {name: value for name, value in (fields | changes).items() if value is not None}

    def authorize(self, **changes: str | None) -> Any:
        """Open the authorization endpoint in the browser."""
        return self.browser.get("/oidc/authorize", self.query(**changes))

    def code(self, **changes: str | None) -> str:
        """Return a code; the person must be signed in."""
        return answer_of(self.authorize(**changes))["code"]

    def post_token(self, fields: Mapping[str, str | None], **headers: str) -> Answer:
        """Post to the token endpoint, with the client's own authentication unless the fields name one."""
        body: dict[str, str | None] = {"client_id": self.client.client_id, **fields}
        if not self.client.is_public:
            body = {"client_secret": secret_of(self.client), **body}
        kept = {name: value for name, value in body.items() if value is not None}
        encoded = urlencode(kept)
        answer = self.server.post("/oidc/token", encoded, "application/x-www-form-urlencoded", headers=headers)
        return Answer(answer.status_code, json.loads(answer.content), answer.headers)

    def redeem(self, code: str, /, **changes: str | None) -> Answer:
        """Redeem a code."""
        fields: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
        }
        if self.client.is_public:
            fields["code_verifier"] = VERIFIER
        return self.post_token(fields | changes)

    def tokens(self, **changes: str | None) -> dict[str, Any]:
        """Sign in and return the tokens."""
        answer = self.redeem(self.code(**changes))
        assert answer.status == 200, answer.body
        return answer.body

    def refresh(self, token: str, /, **changes: str | None) -> Answer:
        """Use a refresh token."""
        fields: dict[str, str | None] = {"grant_type": "refresh_token", "refresh_token": token}
        return self.post_token(fields | changes)

    def userinfo(self, access_token: str, /) -> Any:
        """Ask who the person is."""
        return self.server.get("/oidc/userinfo", headers={"authorization": f"Bearer {access_token}"})


def answer_of(response: Any, redirect_uri: str = REDIRECT_URI) -> dict[str, str]:
    """Return the parameters of the redirect back to the application."""
    assert response.status_code in {302, 303}, (response.status_code, response.content[:2000])
    location = response.headers["Location"]
    assert location.startswith(redirect_uri), location
    query = location.removeprefix(redirect_uri)[1:] if "?" in redirect_uri else urlsplit(location).query
    return dict(parse_qsl(query))


_FORM = re.compile(r'<form method="post" action="([^"]*)" id="answer">(.*?)</form>', re.DOTALL)
_FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def posted_answer_of(response: Any, redirect_uri: str = REDIRECT_URI) -> dict[str, str]:
    """Return the fields of the form that the browser posts to the application."""
    assert response.status_code == 200, (response.status_code, response.headers.get("Location"))
    page = response.content.decode()
    found = _FORM.search(page)
    assert found, page
    assert html.unescape(found[1]) == redirect_uri
    parts = urlsplit(redirect_uri)
    assert f"form-action {parts.scheme}://{parts.netloc};" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert "<button" in found[2], "without scripts, somebody has to send it"
    return {html.unescape(name): html.unescape(value) for name, value in _FIELD.findall(found[2])}


def published_keys() -> KeySet:
    """Return the keys as an application fetches them."""
    return KeySet.import_key_set(Browser().get("/oidc/jwks").json())


def read_jwt(token: str, alg: str = "RS256") -> tuple[dict[str, Any], dict[str, Any]]:
    """Verify a JWT with the published keys; return its header and claims."""
    found = deserialize_compact(token, published_keys(), registry=REGISTRY)
    claims = json.loads(found.payload)
    assert claims["iss"] == settings.ISSUER
    assert found.headers()["alg"] == alg
    return found.headers(), claims


def way_back(page: Any) -> tuple[int, str]:
    """Return the seconds after which a page leads on, and where, for a browser without scripts."""
    found = re.search(r'<noscript><meta http-equiv="refresh" content="(\d+);url=([^"]*)">', page.content.decode())
    assert found, page.content.decode()
    return int(found[1]), html.unescape(found[2])
