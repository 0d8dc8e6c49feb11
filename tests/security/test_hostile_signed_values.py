"""Whatever an application signs, it is believed or refused in the protocol's words: never an accident of ours."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.oidc import assertions, clients, dpop
from parvis.oidc.authorization import request_object
from parvis.oidc.errors import InvalidClientError
from parvis.oidc.http import Request
from tests.factories.fapi import FapiApplication, Prover, sign

CHARACTERS = st.characters(codec=None)  # Halves of characters too: JSON can write them.
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(CHARACTERS, max_size=20)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
MANY = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
PROVER = Prover()


def some(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return odd values for some of these members."""
    return st.dictionaries(st.sampled_from(names), JSON, max_size=4)


def said_of(header: str) -> str:
    """Return the error that a DPoP header gets; nothing when it is believed."""
    try:
        found = dpop.read(Request("GET", meta={"HTTP_DPOP": header}), "/oidc/userinfo", token="pa_x")
    except dpop.ProofError as error:
        return error.code
    return "" if found else "no proof"


@MANY
@given(changes=some("jti", "htm", "htu", "iat", "nonce", "ath"), header=some("typ", "jwk", "crit", "kid", "odd"))
def test_proofs(changes: dict[str, Any], header: dict[str, Any]) -> None:
    PROVER.nonce = dict(dpop.next_nonce())["DPoP-Nonce"]
    proof = PROVER.proof("GET", "/oidc/userinfo", "pa_x", header=header, **changes)
    assert said_of(proof) in {"", "invalid_dpop_proof", "use_dpop_nonce"}


@MANY
@given(text=st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_headers_that_are_no_proof(text: str) -> None:
    assert said_of(text) == ("invalid_dpop_proof" if text else "no proof")


@pytest.fixture
def app(signing_keys: None) -> FapiApplication:
    """An application with a key."""
    return FapiApplication.made()


@MANY
@given(
    changes=some("iss", "aud", "exp", "nbf", "iat", "jti", "sub", "client_id", "scope", "claims", "odd", "request"),
    header=some("typ", "kid", "crit", "odd"),
)
def test_requests(app: FapiApplication, changes: dict[str, Any], header: dict[str, Any]) -> None:
    client = clients.registered(app.client)
    with suppress(request_object.NoRequestObjectError):
        found = request_object.read(client, app.request_object(header=header, **changes), datetime.now(UTC))
        assert all(value.encode() for value in found.form.values.values())


@MANY
@given(changes=some("iss", "aud", "exp", "nbf", "iat", "jti", "sub", "odd"), header=some("typ", "kid", "crit", "odd"))
def test_proofs_of_applications(app: FapiApplication, changes: dict[str, Any], header: dict[str, Any]) -> None:
    client = clients.registered(app.client)
    named = {"iss": client.client_id, "sub": client.client_id, "aud": "x", "jti": "j", "exp": 1}
    given_assertion = sign(named | changes, app.key, "ES256", **header)
    assertions.named_client(given_assertion)
    with pytest.raises(InvalidClientError):
        assertions.prove(client, given_assertion)
