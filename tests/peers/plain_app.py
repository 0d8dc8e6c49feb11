"""A small application that keeps sessions of its own and ends them when it is told, by either channel.

It knows nothing of Parvis but what OpenID Connect says. Its sessions live in memory: a killed one has forgotten them,
and still notes what it is told afterwards.
"""

import json
import os
import secrets
import sys
import time
import urllib.request
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet

ISSUER, CLIENT_ID, CLIENT_SECRET = (os.environ[f"PEER_{name}"] for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"))
PORT = int(sys.argv[1])
HERE = f"http://127.0.0.1:{PORT}"
COOKIE = f"plain_{PORT}"
sessions: dict[str, dict[str, Any]] = {}
received: list[str] = []
states: set[str] = set()


def claims_of(token: str) -> dict[str, Any]:
    """Verify a JWT with the provider's published keys."""
    with urllib.request.urlopen(f"{ISSUER}/oidc/jwks", timeout=60) as answer:
        found = jwt.decode(token, KeySet.import_key_set(json.load(answer)))
    assert found.claims["iss"] == ISSUER
    assert found.claims["aud"] == CLIENT_ID
    assert found.claims["exp"] > time.time()
    return dict(found.claims)


def redeem(code: str) -> dict[str, Any]:
    """Exchange a code."""
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{HERE}/callback"}
    fields |= {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    with urllib.request.urlopen(f"{ISSUER}/oidc/token", urlencode(fields).encode(), timeout=60) as answer:
        return dict(json.load(answer))


class Handler(BaseHTTPRequestHandler):
    """The application's pages."""

    def do_GET(self) -> None:
        """Serve a page."""
        address = urlsplit(self.path)
        asked = dict(parse_qsl(address.query))
        if address.path == "/login":
            states.add(state := secrets.token_hex(8))
            query = {"client_id": CLIENT_ID, "redirect_uri": f"{HERE}/callback", "response_type": "code"}
            self.leave(f"{ISSUER}/oidc/authorize?{urlencode(query | {'scope': 'openid', 'state': state})}")
        elif address.path == "/callback":
            states.remove(asked["state"])
            tokens = redeem(asked["code"])
            key = secrets.token_hex(16)
            sessions[key] = {"hint": tokens["id_token"], **claims_of(tokens["id_token"])}
            self.leave("/", f"{COOKIE}={key}; Path=/; HttpOnly; SameSite=Lax")
        elif address.path == "/logout":
            found = sessions[self.key]
            query = {"id_token_hint": found["hint"], "post_logout_redirect_uri": f"{HERE}/bye", "state": "s-1"}
            self.leave(f"{ISSUER}/oidc/logout?{urlencode(query)}")
        elif address.path == "/front":
            assert asked["iss"] == ISSUER
            received.append("front")
            self.end(asked["sid"])
            self.say("ended")
        elif address.path == "/bye":
            self.say(f"back with {asked.get('state', 'nothing')}")
        elif address.path == "/received":
            self.say(json.dumps(received))
        else:
            self.say("Signed in" if self.key in sessions else "Signed out")

    def do_POST(self) -> None:
        """Read a logout token (Back-Channel Logout 1.0, section 2.6)."""
        body = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        told = claims_of(body["logout_token"])
        assert "nonce" not in told
        assert told["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
        received.append("back")
        self.end(told["sid"])
        self.say("ended")

    def end(self, sid: str) -> None:
        """End the sessions of ours that were made in a session of the provider's."""
        for key in [key for key, session in sessions.items() if session["sid"] == sid]:
            del sessions[key]

    @property
    def key(self) -> str:
        """Return the session's key."""
        found = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        return found.value if found else ""

    def leave(self, address: str, cookie: str = "") -> None:
        """Redirect."""
        self.send_response(302)
        self.send_header("Location", address)
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()

    def say(self, words: str) -> None:
        """Answer a page of one heading."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>Plain</title><h1>{words}</h1>".encode())


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
