"""The pages of an authorization request: an explanation, a question about sharing, a choice of account."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.oidc import claims, registry, told
from parvis.oidc.authorization import interaction
from parvis.oidc.authorization.answers import GoBack
from parvis.oidc.authorization.decision import Ask, Refuse
from parvis.oidc.authorization.interaction import Interaction
from parvis.oidc.differences import nearest
from parvis.oidc.scopes import OPENID, SCOPES
from parvis.oidc.store import store
from parvis.web import security

# What a person can do about it; the technical reason stands below, for the application's team.
_ADVICE: dict[str, str | Promise] = {
    "interaction_lost": gettext_lazy(
        "This page was opened in another browser, or too long ago. Go back to the application and sign in again."
    ),
    "unauthorized_client": gettext_lazy("This application is suspended for now. Ask the team that runs it."),
}
_DEFAULT_ADVICE = gettext_lazy(
    "The application sent us something that we cannot answer. It is not your doing: tell the team that runs it."
)


def refusal(request: HttpRequest, refuse: Refuse) -> HttpResponse:
    """Explain a request that no registered address can be told about; never a redirect.

    Registered addresses are for those who look after the application, for operators, and for developers on their own
    machine.
    """
    asked, refused = refuse.request, refuse.refused
    client = asked.registered
    desk = registry.desk_of(client.pk, request.user) if client else ""
    context: dict[str, Any] = {
        "application": client.name if client else "",
        "owner": registry.faces_of([client.pk]).get(client.pk, registry.Face()).owner if client else "",
        "advice": _ADVICE.get(refused.code, _DEFAULT_ADVICE),
        "error_code": refused.code,  # `code` is the language in every page of ours
        "description": refused.description,
        "differences": [],
        "client_id": asked.form.get("client_id")[:200],
        "desk": desk,
    }
    may_see = bool(desk) or settings.IS_DEVELOPMENT or bool(getattr(request.user, "is_staff", False))
    if refused.code == "invalid_redirect_uri" and client and may_see:
        context["differences"] = nearest(asked.form.get("redirect_uri"), list(client.redirect_uris))
    response = render(request, "oidc/refusal.html", context, status=400)
    response["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing that an application would be told: what it is, and the person's own values."""

    label: str
    values: list[str]


def consent(request: HttpRequest, ask: Ask, begun: Interaction) -> HttpResponse:
    """Ask the person whether the application may be told what it asks for, showing the very values."""
    client = ask.request.client
    face = registry.faces_of([client.pk]).get(client.pk, registry.Face())
    context = {
        "application": client.name,
        "face": face,
        "shared": what_is_shared(ask),
        "links": told.links_of(client.pk),
        "request_query": interaction.address(ask.request.given, begun).partition("?")[2],
        "host": ask.request.redirect_uri.partition("//")[2].partition("/")[0],
    }
    return render(request, "oidc/consent.html", context)


def what_is_shared(ask: Ask) -> list[Shared]:
    """Return each scope with its values for this person; a scope that gives nothing now is not shown."""
    if ask.session is None:
        return []
    person = store().person(ask.session.user_id, ask.session.organization_id)
    about = claims.About(person, "", "")
    scopes = [SCOPES[name] for name in SCOPES if name in ask.request.shared and name != OPENID]
    return [shared for scope in scopes if (shared := _shared(str(scope.label), claims.values(about, scope.claims)))]


def _shared(label: str, values: dict[str, Any]) -> Shared | None:
    """Return the values as people read them; markers such as `email_verified` say nothing to them."""
    shown = [words for name, value in values.items() if (words := _words(name, value))]
    return Shared(label, list(dict.fromkeys(shown))) if shown else None


def _words(name: str, value: Any) -> str:
    if name in {"email_verified", "phone_number_verified", "updated_at", "idp_id", "idp_acr", "uid", "siret_source"}:
        return ""
    if name == "picture":
        return _("your photo")
    return ", ".join(value) if isinstance(value, list) else str(value)


def answer_form(request: HttpRequest, answer: GoBack) -> HttpResponse:
    """Return the form that the browser posts to the application (OAuth 2.0 Form Post Response Mode, section 2).

    A small script of ours sends it at once; without scripts, a button does. This page alone may post to that origin.
    """
    parts = urlsplit(answer.redirect_uri)
    response = render(request, "oidc/answer_form.html", {"answer": answer, "host": parts.hostname})
    response["Content-Security-Policy"] = security.policy(form_action=f"{parts.scheme}://{parts.netloc}")
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
