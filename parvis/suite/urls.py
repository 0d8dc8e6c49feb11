"""Addresses of the catalogue and of the launcher."""

from django.urls import path

from parvis.suite.views import (
    catalogue,
    launcher,
    pins,
    portal,
    protocol,
    registration_tokens,
    registry,
    scope_requests,
    secrets,
    trials,
)

app_name = "suite"
urlpatterns = [
    path("apps/", catalogue.application_list, name="application-list"),
    path("apps/menu/", catalogue.embedding, name="embedding"),
    path("apps/new/", registry.application_create, name="application-create"),
    path("apps/try/", trials.trial_result, name="trial-result"),
    path("apps/requests/", scope_requests.scope_request_list, name="scope-request-list"),
    path("apps/requests/<uuid:pk>/", scope_requests.scope_request_answer, name="scope-request-answer"),
    path("apps/registration-tokens/", registration_tokens.token_list, name="registration-token-list"),
    path(
        "apps/registration-tokens/<uuid:pk>/revoke/", registration_tokens.token_revoke, name="registration-token-revoke"
    ),
    path("apps/<slug:slug>/", catalogue.application_detail, name="application-detail"),
    path("apps/<slug:slug>/edit/", registry.application_edit, name="application-edit"),
    path("apps/<slug:slug>/access/", registry.application_access, name="application-access"),
    path("apps/<slug:slug>/access/add/", registry.entitlement_add, name="entitlement-add"),
    path("apps/<slug:slug>/access/remove/", registry.entitlement_remove, name="entitlement-remove"),
    path("apps/<slug:slug>/sign-in/", registry.application_sign_in, name="application-sign-in"),
    path("apps/<slug:slug>/sign-in/more/", protocol.application_protocol, name="application-protocol"),
    path("apps/<slug:slug>/connect/", portal.application_connect, name="application-connect"),
    path("apps/<slug:slug>/try/", trials.trial, name="trial"),
    path("apps/<slug:slug>/activity/", portal.activity, name="activity"),
    path("apps/<slug:slug>/secrets/", secrets.secret_list, name="secret-list"),
    path("apps/<slug:slug>/secrets/end/", secrets.former_secrets_end, name="former-secrets-end"),
    path("apps/<slug:slug>/scopes/", scope_requests.scope_request, name="scope-request"),
    path("apps/<slug:slug>/state/", registry.application_state, name="application-state"),
    path("apps/<slug:slug>/delete/", registry.application_delete, name="application-delete"),
    path("apps/<slug:slug>/logo/", launcher.application_logo, name="application-logo"),
    path("apps/<slug:slug>/pin/", pins.pin, name="pin"),
    path("apps/<slug:slug>/unpin/", pins.unpin, name="unpin"),
    path("apps/<slug:slug>/move/", pins.move, name="pin-move"),
    path("launcher.js", launcher.script, name="launcher-script"),
    path("api/launcher/services.json", launcher.services, name="launcher-services"),
    path("api/launcher/mine.json", launcher.mine, name="launcher-mine"),
]
