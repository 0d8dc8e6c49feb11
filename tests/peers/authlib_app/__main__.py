"""An application made with Authlib in Flask as its guide shows, around the recipe of Parvis as it was printed."""

import hashlib
import json
import os
from pathlib import Path

from flask import Flask, redirect, session
from markupsafe import Markup

PORT = int(os.environ["PEER_PORT"])
HOME = f"http://127.0.0.1:{PORT}"
recipe: dict[str, object] = {}
exec(Path(os.environ["PEER_RECIPE"]).read_text(encoding="utf-8"), recipe)
oauth = recipe["oauth"]

app = Flask(__name__)
app.secret_key = "a-peer-of-the-acceptance-tests"
# Cookies do not know ports: on one loopback address the names must differ from the other applications'.
app.config["SESSION_COOKIE_NAME"] = f"peer_{PORT}"
oauth.init_app(app)


@app.get("/")
def home() -> str:
    """Say who is signed in."""
    if "told" not in session:
        return '<!doctype html><title>Peer</title><h1>Signed out</h1><a href="/login">Sign in</a>'
    told = Markup.escape(json.dumps(session["told"]))
    return (
        f'<!doctype html><title>Peer</title><h1>Signed in</h1><pre id="told">{told}</pre><a href="/refresh">Refresh</a>'
    )


@app.get("/login")
def login() -> object:
    """Begin."""
    return oauth.parvis.authorize_redirect(f"{HOME}/callback")


def remember(token: dict[str, object], claims: dict[str, object]) -> object:
    """Keep what a page shows: the cookie is signed, not sealed, so tokens stay out of it but for the test's refresh."""
    profile = oauth.parvis.userinfo(token=token)
    access = hashlib.sha256(str(token["access_token"]).encode()).hexdigest()
    session["told"] = {"claims": claims, "userinfo": dict(profile), "access": access}
    session["refresh_token"] = token["refresh_token"]
    return redirect("/")


@app.get("/callback")
def callback() -> object:
    """Finish: the library checks state, nonce, signature, issuer and audience."""
    token = oauth.parvis.authorize_access_token()
    claims = {name: token["userinfo"][name] for name in ("iss", "aud", "sub", "acr")}
    return remember(token, claims)


@app.get("/refresh")
def refresh() -> object:
    """Use the refresh token."""
    token = oauth.parvis.fetch_access_token(grant_type="refresh_token", refresh_token=session["refresh_token"])
    return remember(token, session["told"]["claims"])


app.run("127.0.0.1", PORT)
