"""Addresses of the OpenID provider."""

from django.urls import path

from parvis.oidc.views import (
    applications,
    authorize,
    choices,
    description,
    device,
    endpoints,
    farewell,
    interactions,
    logout,
    sandbox,
)

app_name = "oidc"
ONE_USE = "RFC 9449, section 11.1: a proof works once, so that it was shown is kept"
urlpatterns = [
    path(".well-known/openid-configuration", endpoints.view_of("/.well-known/openid-configuration"), name="discovery"),
    path(
        ".well-known/oauth-authorization-server",
        endpoints.view_of("/.well-known/oauth-authorization-server"),
        name="authorization-server",
    ),
    path("oidc/jwks", endpoints.view_of("/oidc/jwks"), name="jwks"),
    path("oidc/openapi.json", description.openapi, name="openapi"),
    path("oidc/authorize", authorize.authorize, name="authorize"),
    path("oidc/cancel", authorize.cancel, name="cancel"),
    path("oidc/consent", interactions.give_consent, name="consent"),
    path("oidc/sandbox", sandbox.choose, name="sandbox"),
    path("oidc/account", choices.choose, name="account-choice"),
    path("oidc/logout", logout.logout, name="logout"),
    path("oidc/logout/answer", logout.answer, name="logout-answer"),
    path("oidc/signed-out/<str:reference>/", farewell.signed_out, name="signed-out"),
    path("account/acting-for/", choices.acting_for, name="acting-for"),
    path("account/applications/", applications.consent_list, name="consent-list"),
    path("account/applications/<uuid:client_pk>/withdraw/", applications.consent_withdraw, name="consent-withdraw"),
    path("oidc/par", endpoints.view_of("/oidc/par"), name="par"),
    path("oidc/token", endpoints.view_of("/oidc/token"), name="token"),
    path("oidc/userinfo", endpoints.view_of("/oidc/userinfo", writes=ONE_USE), name="userinfo"),
    path("oidc/introspect", endpoints.view_of("/oidc/introspect"), name="introspect"),
    path("oidc/revoke", endpoints.view_of("/oidc/revoke"), name="revoke"),
    path("oidc/register", endpoints.view_of("/oidc/register"), name="register"),
    path("oidc/device_authorization", endpoints.view_of("/oidc/device_authorization"), name="device-authorization"),
    path("device", device.device_code, name="device"),
    path("device/answer", device.device_answer, name="device-answer"),
    path("device/done", device.device_done, name="device-done"),
]
