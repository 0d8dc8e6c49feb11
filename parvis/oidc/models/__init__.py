"""Which applications may ask who a person is, what each was allowed, and the keys that sign the answers."""

from parvis.oidc.models.assertion import UsedAssertion
from parvis.oidc.models.client import Client, ClientSecret
from parvis.oidc.models.grant import Consent, Grant, Token
from parvis.oidc.models.key import SigningKey
from parvis.oidc.models.revision import Revision

__all__ = ["Client", "ClientSecret", "Consent", "Grant", "Revision", "SigningKey", "Token", "UsedAssertion"]
