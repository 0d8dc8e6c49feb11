"""An application that keeps the rules of FAPI 2.0: pushed requests, a key and no secret, tokens that it must hold."""

import base64
import hashlib
import json
import time
import warnings
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from parvis.oidc import assertions
from parvis.oidc.models import Client
from tests.factories.oidc import (
    REDIRECT_URI,
    VERIFIER,
    Answer,
    Application,
    answer_of,
    challenge,
    make_client,
    read_jwt,
)

FORM = "application/x-www-form-urlencoded"


@cache
def rsa(name: str = "rsa", bits: int = 2048) -> RSAKey:
    """Return an RSA key, made once for each name."""
    with warnings.catch_warnings(action="ignore"):
        return RSAKey.generate_key(bits, {"kid": name}, private=True)


def ec(name: str = "ec", curve: str = "P-256") -> ECKey:
    """Return a new EC key."""
    return ECKey.generate_key(curve, {"kid": name}, private=True)


def okp(name: str = "okp") -> OKPKey:
    """Return a new Ed25519 key."""
    return OKPKey.generate_key("Ed25519", {"kid": name}, private=True)


def b64(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class In(int):
    """A moment so many seconds after the claim is made, in the place of one that a slow run would miss."""


def sign(claims: Any, key: Any, alg: str, **header: Any) -> str:
    """Return a JWT, however odd; None removes a claim or a header member."""
    if isinstance(claims, dict):
        known = {name: value for name, value in claims.items() if value is not None}
        claims = {name: int(time.time()) + value if isinstance(value, In) else value for name, value in known.items()}
    told = {name: value for name, value in ({"alg": alg, "kid": key.kid} | header).items() if value is not None}
    signed = f"{b64(json.dumps(told).encode())}.{b64(json.dumps(claims).encode())}"
    return f"{signed}.{b64(JWSRegistry.algorithms[alg].sign(signed.encode(), key))}"


def public(*keys: Key) -> dict[str, Any]:
    """Return the set that the application registers."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


class Prover:
    """Whoever holds a key, and the nonce that the server gave last (RFC 9449)."""

    def __init__(self, key: Any = None, alg: str = "ES256") -> None:
        self.key: Any = key or ec("dpop")
        self.alg = alg
        self.nonce: str | None = None

    @property
    def jkt(self) -> str:
        """Return the thumbprint of the key."""
        return str(self.key.thumbprint())

    def proof(self, method: str, path: str, token: str = "", *, header: Any = None, **changes: Any) -> str:
        """Return a proof; None removes a member."""
        claims: dict[str, Any] = {
            "jti": uuid4().hex,
            "htm": method,
            "htu": f"{settings.ISSUER}{path}",
            "iat": int(time.time()),
            "nonce": self.nonce,
        }
        if token:
            claims["ath"] = b64(hashlib.sha256(token.encode()).digest())
        jwk = {name: value for name, value in self.key.as_dict(private=False).items() if name != "kid"}
        members = {"typ": "dpop+jwt", "jwk": jwk, "kid": None} | (header or {})
        return sign(claims | changes, self.key, members.pop("alg", self.alg), **members)


class FapiApplication(Application):
    """Its side of the protocol; `prover` holds the key of its tokens."""

    def __init__(self, client: Client, key: Any, alg: str = "ES256") -> None:
        super().__init__(client)
        self.key, self.alg = key, alg
        self.prover = Prover()
        self.redirect_uri = client.redirect_uris[0] if client.redirect_uris else REDIRECT_URI
        self.signs_requests = False
        self.reads_signed_answers = False

    @classmethod
    def made(cls, key: Any = None, alg: str = "ES256", **changes: Any) -> "FapiApplication":
        """Register one."""
        key = key or ec("app")
        values: dict[str, Any] = {
            "profile": "fapi2",
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": public(key),
            "id_token_alg": "ES256",
        }
        return cls(make_client(**(values | changes)), key, alg)

    # --- Signed values ------------------------------------------------------------------------------------------------
    def assertion(self, **changes: Any) -> str:
        """Return a proof of who the application is."""
        now = int(time.time())
        frame = {"iss": self.client.client_id, "sub": self.client.client_id, "aud": settings.ISSUER}
        claims = frame | {"jti": uuid4().hex, "iat": now, "nbf": now, "exp": now + 60}
        return sign(claims | changes, self.key, self.alg)

    def request_object(self, *, header: Any = None, key: Any = None, alg: str = "", **changes: Any) -> str:
        """Return a signed request."""
        now = int(time.time())
        frame = {"iss": self.client.client_id, "aud": settings.ISSUER, "nbf": now, "exp": now + 300, "jti": uuid4().hex}
        members = {"typ": "oauth-authz-req+jwt"} | (header or {})
        return sign(self.query() | frame | changes, key or self.key, alg or self.alg, **members)

    # --- Requests -----------------------------------------------------------------------------------------------------
    def query(self, **changes: str | None) -> dict[str, str]:
        """Return the fields of an authorization request."""
        usual: dict[str, str | None] = {"code_challenge": challenge(), "code_challenge_method": "S256"}
        usual["redirect_uri"] = self.redirect_uri
        if self.reads_signed_answers:
            usual["response_mode"] = "jwt"
        return super().query(**(usual | changes))

    def credentials(self, **changes: Any) -> dict[str, str]:
        """Return the fields that prove who the application is."""
        return {"client_assertion_type": assertions.TYPE, "client_assertion": self.assertion(**changes)}

    def post(self, path: str, fields: dict[str, Any], *, proof: str | None = "", **headers: str) -> Answer:
        """Post, with a proof for this request unless one, or None, is given; a nonce that is asked for is used once."""
        answer = self._send(path, fields, proof, headers)
        if not proof and answer.body.get("error") == "use_dpop_nonce":
            answer = self._send(path, fields, proof, headers)
        return answer

    def _send(self, path: str, fields: dict[str, Any], proof: str | None, headers: dict[str, str]) -> Answer:
        body = self.credentials() | fields if self.client.token_endpoint_auth_method == "private_key_jwt" else fields
        told = headers | ({} if proof is None else {"dpop": proof or self.prover.proof("POST", path)})
        kept = {name: value for name, value in body.items() if value is not None}
        response = self.server.post(path, urlencode(kept), FORM, headers=told)
        self.prover.nonce = response.headers.get("DPoP-Nonce", self.prover.nonce)
        return Answer(response.status_code, json.loads(response.content or b"{}"), response.headers)

    def push(self, *, proof: str | None = None, credentials: Any = None, **changes: str | None) -> Answer:
        """Push a request, signed or not as the application does."""
        if self.signs_requests and credentials is None:
            return self.push_object(proof=proof, **changes)
        return self.post("/oidc/par", self.query(**changes) | (credentials or {}), proof=proof)

    def push_object(self, request_object: str = "", /, *, proof: str | None = None, **changes: Any) -> Answer:
        """Push a signed request."""
        fields = {"client_id": self.client.client_id, "request": request_object or self.request_object(**changes)}
        return self.post("/oidc/par", fields, proof=proof)

    def visit(self, request_uri: str, **beside: str) -> Any:
        """Open the authorization endpoint with a pushed request."""
        fields = {"client_id": self.client.client_id, "request_uri": request_uri}
        return self.browser.get("/oidc/authorize", fields | beside)

    def answer(self, *, proof: str | None = None, **changes: str | None) -> dict[str, str]:
        """Push a request, open it, and return the answer."""
        pushed = self.push(proof=proof, **changes)
        assert pushed.status == 201, pushed.body
        return self.read(self.visit(pushed.body["request_uri"]))

    def read(self, response: Any) -> dict[str, Any]:
        """Return what the browser brings back, once the signature is verified where there must be one."""
        found: dict[str, Any] = answer_of(response, self.redirect_uri)
        if not self.reads_signed_answers:
            assert found["iss"] == settings.ISSUER
            return found
        assert list(found) == ["response"]
        header, claims = read_jwt(found["response"], "ES256")
        assert header["alg"] in {"PS256", "ES256", "EdDSA"}
        assert claims["aud"] == self.client.client_id
        assert 10 <= claims["exp"] - time.time() <= 600
        return {name: value for name, value in claims.items() if name not in {"aud", "exp"}}

    def code(self, **changes: str | None) -> str:
        """Return a code."""
        return self.answer(**changes)["code"]

    def redeem(self, code: str, /, *, proof: str | None = "", **changes: str | None) -> Answer:
        """Redeem a code."""
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        given = {"client_id": self.client.client_id} if self.client.is_public else {}
        return self.post("/oidc/token", fields | given | {"code_verifier": VERIFIER} | changes, proof=proof)

    def refresh(self, token: str, /, *, proof: str | None = "", **changes: str | None) -> Answer:
        """Use a refresh token."""
        fields: dict[str, Any] = {"grant_type": "refresh_token", "refresh_token": token}
        given = {"client_id": self.client.client_id} if self.client.is_public else {}
        return self.post("/oidc/token", fields | given | changes, proof=proof)

    def userinfo(self, access_token: str, /, *, proof: str | None = "", scheme: str = "DPoP", **headers: str) -> Any:
        """Ask who the person is, with a proof for this token."""
        answer = self._ask_userinfo(access_token, proof, scheme, headers)
        if not proof and "use_dpop_nonce" in answer.headers.get("WWW-Authenticate", ""):
            answer = self._ask_userinfo(access_token, proof, scheme, headers)
        return answer

    def _ask_userinfo(self, token: str, proof: str | None, scheme: str, headers: dict[str, str]) -> Any:
        made = proof or self.prover.proof("GET", "/oidc/userinfo", token)
        told = {"authorization": f"{scheme} {token}"} | ({} if proof is None else {"dpop": made})
        answer = self.server.get("/oidc/userinfo", headers=told | headers)
        self.prover.nonce = answer.headers.get("DPoP-Nonce", self.prover.nonce)
        return answer
