"""The same application, person and keys as in the tests of the provider."""

from tests.oidc.conftest import app, client_row, fapi, forget_memories, person, signing_keys
from tests.oidc.test_assertions import signer

__all__ = ["app", "client_row", "fapi", "forget_memories", "person", "signer", "signing_keys"]
