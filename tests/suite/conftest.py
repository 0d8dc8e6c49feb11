"""Nothing remembered from one test to the next."""

from collections.abc import Iterator

import pytest

from parvis.oidc import clients
from parvis.suite.queries import restricted_clients
from tests.oidc.conftest import signing_keys  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def forget_memories() -> Iterator[None]:
    """Let no test see another's clients."""
    clients.forget()
    restricted_clients.forget()
    yield
    clients.forget()
    restricted_clients.forget()
