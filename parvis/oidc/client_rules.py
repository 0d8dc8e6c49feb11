"""What the settings of an application must keep to, whoever writes them: a page, a command, the protocol.

Each rule looks at the whole and raises ValidationError with the name of the field to mend.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.accounts import assurance
from parvis.oidc import assertions, client_keys, sectors
from parvis.oidc.models import Client
from parvis.oidc.redirect_uris import InvalidRedirectUriError, validate_redirect_uri, validate_web_uri
from parvis.oidc.scopes import KNOWN, OPENID

Rule = Callable[[Client], None]
_Grant = Client.GrantType
_WEB_URIS = (
    "backchannel_logout_uri",
    "frontchannel_logout_uri",
    "initiate_login_uri",
    "jwks_uri",
    "sector_identifier_uri",
)
_SIGNATURES = (
    "id_token_alg",
    "userinfo_alg",
    "access_token_alg",
    "introspection_alg",
    "authorization_response_alg",
    "request_object_alg",
    "token_endpoint_auth_signing_alg",
)


# --- Addresses --------------------------------------------------------------------------------------------------------
def people_can_come_back(client: Client) -> None:
    """Require an address for the answer where there is one to send."""
    if not client.redirect_uris and _Grant.AUTHORIZATION_CODE in client.grant_types:
        raise ValidationError({"redirect_uris": _("Give at least one address to come back to.")})


def addresses_are_exact(client: Client) -> None:
    """Hold every address to the rules of `redirect_uris`."""
    for name in ("redirect_uris", "post_logout_redirect_uris"):
        try:
            for uri in getattr(client, name):
                validate_redirect_uri(uri, is_public=client.is_public)
        except InvalidRedirectUriError as error:
            raise ValidationError({name: str(error)}) from error
    for name in _WEB_URIS:
        try:
            if uri := getattr(client, name):
                validate_web_uri(uri)
        except InvalidRedirectUriError as error:
            raise ValidationError({name: str(error)}) from error


def front_channel_is_the_applications_own(client: Client) -> None:
    """Show in a frame only what is at home where people come back to (Front-Channel Logout 1.0, section 2)."""
    uri = client.frontchannel_logout_uri
    if uri and _origin(uri) not in {_origin(one) for one in client.redirect_uris}:
        message = _("Give an address on the same site as one of the redirect URIs.")
        raise ValidationError({"frontchannel_logout_uri": message})


def _origin(uri: str) -> tuple[str, str]:
    parts = urlsplit(uri)
    return parts.scheme, parts.netloc


# --- Who it is --------------------------------------------------------------------------------------------------------
def proof_fits_the_type(client: Client) -> None:
    """Tie "no authentication" to "public": a confidential application always proves itself."""
    if client.is_public != (client.token_endpoint_auth_method == Client.AuthMethod.NONE):
        message = _("Only a public application, and every public application, comes without a secret.")
        raise ValidationError({"token_endpoint_auth_method": message})


def keys_are_public_and_there(client: Client) -> None:
    """Accept public keys, by value or by address, and require them where something depends on them."""
    client.jwks = client.jwks or {}
    if client.jwks and client.jwks_uri:
        raise ValidationError({"jwks_uri": _("Give the keys, or their address, not both.")})
    if client.jwks:
        try:
            client_keys.parse(client.jwks)
        except ValueError as error:
            raise ValidationError({"jwks": _("This is not a JSON Web Key Set of public keys.")}) from error
    signs = client.token_endpoint_auth_method == Client.AuthMethod.PRIVATE_KEY_JWT
    if (signs or client.requires_signed_requests or client.is_encrypted_for) and not (client.jwks or client.jwks_uri):
        raise ValidationError({"jwks": _("Give its public keys, or their address.")})


def algorithms_are_known(client: Client) -> None:
    """Know what verifies the signatures that it makes."""
    known = ", ".join(assertions.ALGORITHMS)
    for name in ("token_endpoint_auth_signing_alg", "request_object_alg"):
        if getattr(client, name) not in {"", *assertions.ALGORITHMS}:
            raise ValidationError({name: _("Choose among: %s.") % known})


# --- What it may do ---------------------------------------------------------------------------------------------------
def grant_types_make_sense(client: Client) -> None:
    """Hold to what makes sense together: only who can keep a secret acts for itself (RFC 6749, section 4.4)."""
    given = set(client.grant_types)
    if not given or given - set(_Grant.values):
        raise ValidationError({"grant_types": _("Choose among: %s.") % ", ".join(_Grant.values)})
    if _Grant.CLIENT_CREDENTIALS in given and client.is_public:
        raise ValidationError({"grant_types": _("A public application cannot act for itself: it keeps no secret.")})
    if _Grant.REFRESH_TOKEN in given and not given & {_Grant.AUTHORIZATION_CODE, _Grant.DEVICE_CODE}:
        raise ValidationError({"grant_types": _("refresh_token goes with authorization_code.")})


def resources_are_its_own(client: Client) -> None:
    """Accept absolute addresses without fragment (RFC 8707, section 2), each of one resource server only."""
    if client.resources and not client.is_resource_server:
        raise ValidationError({"resources": _("Only what serves data to other applications has such addresses.")})
    if client.reads_access_tokens and not client.resources:
        message = _("Give the addresses of its data: tokens that it reads by itself are for one of them.")
        raise ValidationError({"reads_access_tokens": message})
    try:
        for uri in client.resources:
            validate_web_uri(uri)
    except InvalidRedirectUriError as error:
        raise ValidationError({"resources": str(error)}) from error
    others = Client.objects.filter(is_resource_server=True).exclude(pk=client.pk).values_list("resources", flat=True)
    if taken := set(client.resources) & {uri for resources in others for uri in resources}:
        raise ValidationError({"resources": _("Already the address of another: %s.") % ", ".join(sorted(taken))})


def scopes_are_known(client: Client) -> None:
    """Refuse scopes that do not exist; `openid` goes without saying."""
    if strange := [scope for scope in client.scopes if scope not in KNOWN]:
        raise ValidationError({"scopes": _("Unknown scope: %s.") % ", ".join(strange)})
    client.scopes = list(dict.fromkeys([OPENID, *client.scopes]))


def levels_exist(client: Client) -> None:
    """Refuse levels of assurance that do not exist here."""
    if strange := [level for level in client.default_acr_values if level not in assurance.LEVELS]:
        raise ValidationError({"default_acr_values": _("Unknown level: %s.") % ", ".join(strange)})


def profile_is_kept(client: Client) -> None:
    """Hold to FAPI 2.0: proof by a key (section 5.3.2.1), and no RS256 (section 5.4)."""
    if not client.is_fapi:
        return
    if client.token_endpoint_auth_method != Client.AuthMethod.PRIVATE_KEY_JWT:
        raise ValidationError({"token_endpoint_auth_method": _("FAPI 2.0 asks for private_key_jwt.")})
    if client.accepts_endpoint_audience:
        raise ValidationError({"accepts_endpoint_audience": _("With FAPI 2.0, proofs are addressed to the issuer.")})
    for name in _SIGNATURES:
        if getattr(client, name) == Client.SigningAlg.RS256:
            raise ValidationError({name: _("FAPI 2.0 does without RS256: choose PS256, ES256 or EdDSA.")})


RULES: tuple[Rule, ...] = (
    people_can_come_back,
    addresses_are_exact,
    front_channel_is_the_applications_own,
    proof_fits_the_type,
    keys_are_public_and_there,
    algorithms_are_known,
    grant_types_make_sense,
    resources_are_its_own,
    scopes_are_known,
    levels_exist,
    profile_is_kept,
)


def settle_sector(client: Client) -> None:
    """Find the sector of pairwise identifiers, asking the document that lists its addresses. Raises ValidationError."""
    is_pairwise = client.subject_type == Client.SubjectType.PAIRWISE
    try:
        found = ""
        if is_pairwise or client.sector_identifier_uri:
            found = sectors.sector_of(client.redirect_uris, client.sector_identifier_uri)
    except sectors.NoSectorError as error:
        name = "sector_identifier_uri" if client.sector_identifier_uri else "subject_type"
        raise ValidationError({name: str(error.reason)}) from error
    client.sector_identifier = found if is_pairwise else ""
