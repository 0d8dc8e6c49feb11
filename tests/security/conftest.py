"""The same application, person and keys as in the tests of the provider."""

from tests.accounts.conftest import in_parallel
from tests.oidc.conftest import app, client_row, fapi, forget_memories, person, signing_keys
from tests.oidc.test_assertions import jwks_uri, signer
from tests.oidc.test_organizations import bridges, roads
from tests.oidc.test_registration import registrar

__all__ = [
    "app",
    "bridges",
    "client_row",
    "fapi",
    "forget_memories",
    "in_parallel",
    "jwks_uri",
    "person",
    "registrar",
    "roads",
    "signer",
    "signing_keys",
]
