"""The same application, person and keys as in the tests of the provider."""

from tests.oidc.conftest import app, client_row, fapi, forget_memories, person, signing_keys

__all__ = ["app", "client_row", "fapi", "forget_memories", "person", "signing_keys"]
