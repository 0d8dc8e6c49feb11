"""Each rule of an application's settings, by its name."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from joserfc.jwk import RSAKey

from parvis.oidc import client_rules
from parvis.oidc.actions import clients as actions

PUBLIC_KEY = RSAKey.generate_key(2048, {"kid": "one"})
JWKS = {"keys": [PUBLIC_KEY.as_dict(private=False)]}
URI = "https://app.example.org/back"
SIGNS: dict[str, Any] = {"token_endpoint_auth_method": "private_key_jwt", "jwks": JWKS}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "people_can_come_back": ({"redirect_uris": []}, "redirect_uris"),
    "addresses_are_exact": ({"redirect_uris": ["http://app.example.org/"]}, "redirect_uris"),
    "addresses_are_exact (first to say)": ({"initiate_login_uri": "http://app.example.org/"}, "initiate_login_uri"),
    "front_channel_is_the_applications_own": (
        {"frontchannel_logout_uri": "https://other.example.org/out"},
        "frontchannel_logout_uri",
    ),
    "proof_fits_the_type": ({"token_endpoint_auth_method": "none"}, "token_endpoint_auth_method"),
    "keys_are_public_and_there (none)": ({"id_token_encryption_alg": "ECDH-ES"}, "jwks"),
    "keys_are_public_and_there (signed requests)": ({"requires_signed_requests": True}, "jwks"),
    "keys_are_public_and_there (private)": ({"jwks": {"keys": [PUBLIC_KEY.as_dict(private=True)]}}, "jwks"),
    "algorithms_are_known": ({"request_object_alg": "none"}, "request_object_alg"),
    "grant_types_make_sense": ({"grant_types": ["implicit"]}, "grant_types"),
    "resources_are_its_own": ({"resources": ["https://api.example.org/"]}, "resources"),
    "scopes_are_known": ({"scopes": ["everything"]}, "scopes"),
    "levels_exist": ({"default_acr_values": ["loa9"]}, "default_acr_values"),
    "profile_is_kept (secret)": ({"profile": "fapi2"}, "token_endpoint_auth_method"),
    "profile_is_kept (RS256)": ({**SIGNS, "profile": "fapi2", "id_token_alg": "RS256"}, "id_token_alg"),
    "profile_is_kept (audience)": (
        {**SIGNS, "profile": "fapi2", "id_token_alg": "ES256", "accepts_endpoint_audience": True},
        "accepts_endpoint_audience",
    ),
    "fields (default_max_age)": ({"default_max_age": -1}, "default_max_age"),
    "fields (alg)": ({"id_token_encryption_alg": "dir", "jwks": JWKS}, "id_token_encryption_alg"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by(db: None, name: str) -> None:
    settings, field = REFUSED[name]
    with pytest.raises(ValidationError) as refused:
        actions.create_client(by=None, name_fr="A", name_en="A", **({"redirect_uris": [URI]} | settings))
    assert set(refused.value.message_dict) == {field}


def test_every_rule_is_tested_by_its_name() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert not [rule.__name__ for rule in client_rules.RULES if rule.__name__ not in source]


def test_everything_at_once_is_accepted(db: None) -> None:
    made, secret = actions.create_client(
        by=None,
        name_fr="A",
        name_en="A",
        redirect_uris=[URI],
        frontchannel_logout_uri="https://app.example.org/out",
        initiate_login_uri="https://app.example.org/go",
        default_max_age=3600,
        requires_auth_time=True,
        default_acr_values=["eidas1"],
        id_token_encryption_alg="RSA-OAEP-256",
        userinfo_encryption_alg="RSA-OAEP-256",
        subject_type="pairwise",
        profile="fapi2-message-signing",
        id_token_alg="PS256",
        **SIGNS,
    )
    assert secret == ""
    assert (made.sector_identifier, made.default_max_age) == ("app.example.org", 3600)
