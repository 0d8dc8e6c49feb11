"""What is kept under keys of the installation opens again, also what former versions had kept."""

from typing import Any
from uuid import UUID

import pytest

from parvis.accounts.models import Totp
from parvis.lib import derived_keys
from parvis.oidc import clients, subjects
from parvis.oidc.models import SigningKey
from parvis.oidc.models.key import WrongSecretError
from tests.factories.oidc import make_client

SECRET, KEY_SECRET = "the secret of an installation", "the secret of its keys"
# Kept by a former version, whose signing keys and accounts each had a module of their own for it.
SEALED_UNDER_KEY_SECRET = (
    "gAAAAABrAvZO_opxdApvhhEfLKgoZ2FNrHdLW8CnUEP2pWV7L7XsYfj41iuv066tvLgU5uHnDAgiJrfmxWqWieKwl0_ZuSyauA=="
)
SEALED_UNDER_SECRET = (
    "gAAAAABrAvZOEIOS2-QuFLOCSbJg_Ek2rHn5DRQdXOJURYor1aSMLEdM7wV4_VyikiDPldvgwjTT76hByE_smCVMUzi26WQyrQ=="
)
SEALED_TOTP = (
    "gAAAAABrAvZOs9VIbQvmdi6uaIoZqaHKiIeeK29jJGZ8zJLKGnuZ1HhGOuMmCgxChRieXixwQcpdrRoB4ztwkWCTkNjHRSp_u7_JWvCiA8qdMFv8"
    "hn8XG6g="
)


@pytest.fixture(autouse=True)
def _installation(settings: Any) -> None:
    settings.SECRET_KEY, settings.KEY_SECRET, settings.SUBJECT_SECRET = SECRET, KEY_SECRET, ""


def test_signing_keys_of_former_versions_open(settings: Any) -> None:
    assert SigningKey(sealed_pem=SEALED_UNDER_KEY_SECRET).pem == b"a private key"
    settings.KEY_SECRET = ""
    assert SigningKey(sealed_pem=SEALED_UNDER_SECRET).pem == b"a private key"
    with pytest.raises(WrongSecretError):
        _ = SigningKey(sealed_pem=SEALED_UNDER_KEY_SECRET).pem


def test_authenticator_apps_of_former_versions_open() -> None:
    assert Totp(sealed_secret=SEALED_TOTP).secret == "JBSWY3DPEHPK3PXP"


def test_digests_of_former_versions_are_met_again() -> None:
    recovery = "4da61cbf3a107a44f829be6bd78564320ed59763088cde66748811276486b095"
    assert derived_keys.keyed_digest("accounts.recovery", "a", 1) == recovery


def test_people_keep_their_pairwise_identifiers(db: None, settings: Any) -> None:
    settings.KEY_SECRET = ""
    client = clients.registered(make_client(subject_type="pairwise", sector_identifier="app.example.org"))
    assert subjects.subject_of(client, UUID(int=7)) == "841340e5-103c-2f7c-5d44-6a96764e3654"


def test_what_is_sealed_for_one_use_opens_for_no_other() -> None:
    sealed = derived_keys.seal("one", "a text")
    assert derived_keys.unseal("one", sealed) == "a text"
    for use, secret in (("other", ""), ("one", "another secret")):
        with pytest.raises(derived_keys.UnreadableError):
            derived_keys.unseal(use, sealed, secret=secret)


@pytest.mark.parametrize("given", ["", "gAAAA", "é", "\0", SEALED_TOTP.replace("hn8X", "hn8Y")])
def test_what_was_never_sealed_does_not_open(given: str) -> None:
    with pytest.raises(derived_keys.UnreadableError):
        derived_keys.unseal("accounts.totp", given)
