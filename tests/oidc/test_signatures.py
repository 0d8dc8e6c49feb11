"""Our own signatures, read by the library that applications' own resemble (RFC 7515; RFC 7518, section 3)."""

import json
from typing import Any

import pytest
from joserfc.jws import deserialize_compact

from parvis.oidc import algorithms
from parvis.oidc.algorithms import OURS, REGISTRY
from parvis.oidc.signatures import Signer

PAYLOAD: dict[str, Any] = {"sub": "é", "aud": ["a", "b"], "iat": 1, "cnf": {"jkt": "x"}, "nonce": 'quote " and \\'}


@pytest.mark.parametrize("alg", OURS)
def test_the_library_verifies_what_we_sign(alg: str) -> None:
    kid, pem = algorithms.generate(alg)
    pair = algorithms.load(alg, kid, pem)
    signer = Signer(alg, kid, pair.private_key)
    for typ in ("JWT", "at+jwt", "JWT"):
        found = deserialize_compact(signer.jwt(PAYLOAD, typ), pair, registry=REGISTRY)
        assert found.headers() == {"alg": alg, "kid": kid, "typ": typ}
        assert json.loads(found.payload) == PAYLOAD


def test_es256_has_two_halves_of_one_size_whatever_the_numbers() -> None:
    """RFC 7518, section 3.4: a number that begins with zeros keeps them (one signature in 128 has such a one)."""
    kid, pem = algorithms.generate("ES256")
    pair = algorithms.load("ES256", kid, pem)
    signer = Signer("ES256", kid, pair.private_key)
    for number in range(400):
        token = signer.jwt({"n": number}, "JWT")
        assert len(token.rpartition(".")[2]) == 86
        deserialize_compact(token, pair, registry=REGISTRY)
