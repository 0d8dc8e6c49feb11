"""Which applications may ask who a person is, what each was allowed, and the keys that sign the answers."""

from parvis.oidc.models.assertion import UsedAssertion
from parvis.oidc.models.client import Client, ClientSecret
from parvis.oidc.models.experience import ClientDay, Mishap
from parvis.oidc.models.grant import Consent, Grant, Token
from parvis.oidc.models.key import SigningKey
from parvis.oidc.models.logout import LogoutDelivery
from parvis.oidc.models.pushed import DeviceRequest, PushedRequest
from parvis.oidc.models.registration import InitialAccessToken
from parvis.oidc.models.revision import Revision

__all__ = [
    "Client",
    "ClientDay",
    "ClientSecret",
    "Consent",
    "DeviceRequest",
    "Grant",
    "InitialAccessToken",
    "LogoutDelivery",
    "Mishap",
    "PushedRequest",
    "Revision",
    "SigningKey",
    "Token",
    "UsedAssertion",
]
