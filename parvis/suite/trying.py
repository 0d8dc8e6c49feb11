"""A trial of an application's sign-in: the same requests as the application would send, each step shown.

The application has no part in it: nobody but its server knows its secret or its private key, so the code is redeemed
here without them, and its secret is checked by itself when somebody gives it.
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from parvis.lib import base64url
from parvis.oidc import claims as known_claims
from parvis.oidc import clients, keys, opaque, trials
from parvis.oidc.actions import grants
from parvis.oidc.claims import CLAIMS
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.endpoints.token import redeem_code
from parvis.oidc.endpoints.userinfo import userinfo
from parvis.oidc.errors import ProtocolError
from parvis.oidc.http import Form, Request, read_form
from parvis.oidc.models import Grant
from parvis.oidc.scopes import SCOPES_OF_CLAIM
from parvis.suite.mishap_cases import case_of

_ID_TOKEN = "ID token"  # noqa: S105 - where a claim stands


@dataclass(frozen=True, slots=True)
class Step:
    """One exchange of the sign-in: what went, what came, whether it was right."""

    title: str
    is_good: bool
    told: str = ""
    """Why it failed, or what it means that it went well."""
    sent: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ToldClaim:
    """A claim that the application received, or that it asked for in vain."""

    name: str
    value: str
    where: str
    by: str
    """The scopes that give it."""

    @property
    def words(self) -> list[str]:
        """Return the words of the name, each with the line that joins it to the next: a narrow screen breaks there."""
        return re.findall(r"[^_]*_|[^_]+$", self.name)


def begin(client_id: str, asked: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return where the browser goes, and what to keep until it comes back."""
    verifier = secrets.token_urlsafe(48)
    kept = {"state": trials.new_state(client_id), "nonce": secrets.token_urlsafe(16), "verifier": verifier}
    fields = {
        "client_id": client_id,
        "redirect_uri": trials.redirect_uri(),
        "response_type": "code",
        "scope": " ".join(["openid", *asked.get("scope", ())]),
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": base64url.digest(verifier),
        "code_challenge_method": "S256",
        "prompt": asked.get("prompt") or "",
        "max_age": "" if asked.get("max_age") is None else str(asked["max_age"]),
    }
    if asked.get("acr"):
        fields["claims"] = json.dumps({"id_token": {"acr": {"essential": True, "value": asked["acr"]}}})
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"/oidc/authorize?{query}", kept | {"request": query, "scope": fields["scope"], "client_id": client_id}


@dataclass
class Trial:
    """What came back, read step by step until one fails."""

    client: RegisteredClient
    kept: dict[str, str]
    steps: list[Step] = field(default_factory=list)
    claims: list[ToldClaim] = field(default_factory=list)

    def finish(self, answer: Mapping[str, str]) -> None:
        """Take the answer of the browser through every step."""
        self.steps.append(Step(_("The application asks"), is_good=True, lines=_pairs(self.kept["request"])))
        if not self._answered(answer):
            return
        tokens = self._tokens(answer["code"])
        if tokens is None:
            return
        try:
            inside = self._id_token(tokens)
            if inside is not None:
                self._profile(tokens, inside)
        finally:
            grants.end(ids=list(_grants_of(answer["code"])), by=None)

    @property
    def is_good(self) -> bool:
        """Say whether people sign in to the application."""
        return all(step.is_good for step in self.steps)

    @property
    def learned(self) -> list[ToldClaim]:
        """Return the claims, what is about the person first."""
        return sorted(self.claims, key=lambda claim: claim.where == _ID_TOKEN)

    def _answered(self, answer: Mapping[str, str]) -> bool:
        lines = [(name, value if name != "code" else f"{value[:8]}…") for name, value in answer.items()]
        title = _("The browser brings the answer back")
        if "error" in answer:
            told = _explained(answer["error"], answer.get("error_description", ""))
            self.steps.append(Step(title, is_good=False, told=told, lines=lines))
            return False
        if answer.get("iss") != settings.ISSUER or not answer.get("code"):
            self.steps.append(Step(title, is_good=False, told=_("iss or code is not what it should be."), lines=lines))
            return False
        told = _("state is the one that was sent, and iss is this site: both are for the application to check.")
        self.steps.append(Step(title, is_good=True, told=told, lines=lines))
        return True

    def _tokens(self, code: str) -> dict[str, Any] | None:
        title = _("The application exchanges the code for tokens")
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": trials.redirect_uri(),
            "code_verifier": self.kept["verifier"],
        }
        sent = urlencode(fields | {"code": f"{code[:8]}…", "code_verifier": f"{self.kept['verifier'][:8]}…"})
        try:
            response = redeem_code(self.client, Form(fields), "")
        except ProtocolError as error:
            lines = [("error", error.code), ("error_description", error.description)]
            told = _explained(error.code, error.description)
            self.steps.append(Step(title, is_good=False, told=told, sent=sent, lines=lines))
            return None
        body: dict[str, Any] = json.loads(response.body)
        hidden = {"access_token", "refresh_token", "id_token"}
        lines = [(name, f"{str(value)[:12]}…" if name in hidden else str(value)) for name, value in body.items()]
        told = _("The application proves itself here, with its secret or its key; the trial does without.")
        self.steps.append(Step(title, is_good=True, told=told, sent=sent, lines=lines))
        return body

    def _id_token(self, tokens: dict[str, Any]) -> dict[str, Any] | None:
        title = _("The application reads the ID token")
        if self.client.id_token_encryption_alg:
            told = _("It is encrypted for a key that only the application has: it alone can read it.")
            self.steps.append(Step(title, is_good=True, told=told))
            return {}
        found = keys.verify_live(tokens["id_token"])
        if found is None or found[1].get("nonce") != self.kept["nonce"]:
            self.steps.append(Step(title, is_good=False, told=_("Its signature or its nonce is not right.")))
            return None
        header, inside = found
        told = _("Signed with %(alg)s by the key %(kid)s of our key set; nonce, iss and aud are right.") % header
        self.steps.append(Step(title, is_good=True, told=told, lines=_lines(header)))
        self.claims += [_told(name, value, _ID_TOKEN) for name, value in inside.items()]
        return inside

    def _profile(self, tokens: dict[str, Any], inside: dict[str, Any]) -> None:
        title = _("The application asks for the profile (userinfo)")
        request = Request("GET", meta={"HTTP_AUTHORIZATION": f"Bearer {tokens['access_token']}"})
        try:
            response = userinfo(request)
        except ProtocolError as error:
            lines = [("error", error.code), ("error_description", error.description)]
            self.steps.append(Step(title, is_good=False, told=_explained(error.code, error.description), lines=lines))
            return
        told = self._read(response.body, dict(response.headers)["Content-Type"])
        if told is None:
            words = _("It is encrypted for a key that only the application has: it alone can read it.")
            self.steps.append(Step(title, is_good=True, told=words))
            return
        is_same = not inside or told.get("sub") == inside.get("sub")
        words = _("sub is the same as in the ID token.") if is_same else _("sub differs from the ID token.")
        self.steps.append(Step(title, is_good=is_same, told=words))
        self.claims += [_told(name, value, "userinfo") for name, value in sorted(told.items())]
        wanted = known_claims.wanted_from_userinfo(self.kept["scope"], "") & set(CLAIMS)
        self.claims += [_told(name, None, "userinfo") for name in sorted(wanted - set(told))]

    def _read(self, body: bytes, kind: str) -> dict[str, Any] | None:
        if kind.startswith("application/json"):
            found: dict[str, Any] = json.loads(body)
            return found
        signed = keys.verify_live(body.decode())
        return None if signed is None else signed[1]


def finished(kept: dict[str, str], answer: Mapping[str, str]) -> Trial | None:
    """Return the trial with every step, or None when the application is gone."""
    client = clients.find(kept["client_id"])
    if client is None:
        return None
    trial = Trial(client, kept)
    trial.finish(answer)
    return trial


def _explained(code: str, description: str) -> str:
    case = case_of(code, description)
    return f"{case.title}. {case.advice}"


def _grants_of(code: str) -> Any:
    return Grant.objects.filter(code_digest=opaque.digest(code)).values_list("pk", flat=True)


def _pairs(query: str) -> list[tuple[str, str]]:
    return list(read_form(query).values.items())


def _lines(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in values.items()]


def _told(name: str, value: Any, where: str) -> ToldClaim:
    shown = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return ToldClaim(name, shown, where, " ".join(sorted(SCOPES_OF_CLAIM.get(name, ()))))
