"""Signing out at an application's wish, decided apart from its pages (OpenID Connect RP-Initiated Logout 1.0)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from parvis.lib.urls import with_query
from parvis.oidc import clients, keys
from parvis.oidc.clients import RegisteredClient
from parvis.oidc.http import Form
from parvis.oidc.subjects import subject_of

FIELDS = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state", "logout_hint", "ui_locales")


class RefusedLogout(Exception):  # noqa: N818 - the protocol's word for an answer that is not an accident
    """The request cannot be believed; it is explained on a page and never answered by a redirect."""

    def __init__(self, reason: str, client: RegisteredClient | None = None) -> None:
        super().__init__(reason)
        self.client = client
        """The application that asked, when it is known."""


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """A request that holds together: who asks, for whom, and where to go afterwards (empty: a page of ours)."""

    client: RegisteredClient | None
    subject: str
    back_to: str

    @property
    def is_proven(self) -> bool:
        """Say whether an ID token of ours came with it: then it is the application's own wish."""
        return bool(self.subject)

    def is_about(self, user_id: UUID) -> bool:
        """Say whether the ID token speaks of this person, under the name that its application knows them by."""
        return self.client is not None and self.is_proven and self.subject == subject_of(self.client, user_id)


def read(form: Form) -> LogoutRequest:
    """Check a logout request (section 2). An expired ID token is as good as a fresh one. Raises RefusedLogout."""
    if form.repeated & set(FIELDS):
        raise RefusedLogout("A parameter is repeated.")
    told = _hinted(form)
    client = _client(form.get("client_id"), told)
    return LogoutRequest(client, str(told.get("sub", "")), _back_to(form, client))


def _hinted(form: Form) -> dict[str, Any]:
    hint = form.get("id_token_hint")
    if not hint:
        return {}
    told = keys.read_id_token(hint)
    if told is None:
        client_id = form.get("client_id")
        raise RefusedLogout("id_token_hint is not an ID token of ours.", clients.find(client_id) if client_id else None)
    return told


def _client(client_id: str, told: dict[str, Any]) -> RegisteredClient | None:
    audience = str(told.get("aud", ""))
    if client_id and audience and client_id != audience:
        raise RefusedLogout("client_id is not the application of id_token_hint.", clients.find(client_id))
    name = client_id or audience
    client = clients.find(name) if name else None
    if name and client is None:
        raise RefusedLogout("No application has this client_id.")
    return client


def _back_to(form: Form, client: RegisteredClient | None) -> str:
    """Return the registered address, with the application's state."""
    given = form.get("post_logout_redirect_uri")
    if not given:
        return ""
    if client is None:
        raise RefusedLogout("post_logout_redirect_uri without id_token_hint or client_id.")
    if given not in client.post_logout_redirect_uris:
        reason = "post_logout_redirect_uri is not one of those registered for this application."
        raise RefusedLogout(reason, client)
    state = form.get("state")
    return with_query(given, {"state": state}) if state else given
