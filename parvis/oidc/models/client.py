"""Applications, as OpenID Connect sees them: who may ask, where answers go, how they prove themselves."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.lib.ids import uuid7
from parvis.oidc.models.revision import Remembered, Revision
from parvis.oidc.scopes import DEFAULT_SCOPES
from parvis.web.language import reads_french


def default_grant_types() -> list[str]:
    """Return how a new application gets tokens: people sign in to it."""
    return [Client.GrantType.AUTHORIZATION_CODE.value, Client.GrantType.REFRESH_TOKEN.value]


def default_scopes() -> list[str]:
    """Return the scopes of a new application."""
    return list(DEFAULT_SCOPES)


class ClientQuerySet(models.QuerySet["Client"]):
    """Sets of applications."""

    def active(self) -> Self:
        """Return the applications that people may sign in to."""
        return self.filter(state=Client.State.ACTIVE)


class Client(Remembered):
    """An application that signs people in with Parvis (OpenID Connect Dynamic Client Registration 1.0, section 2)."""

    class Type(models.TextChoices):
        """Whether the application can keep a secret (RFC 6749, section 2.1)."""

        CONFIDENTIAL = "confidential", _("Runs on a server and keeps a secret")
        PUBLIC = "public", _("Runs on people's devices: no secret, PKCE instead")

    class AuthMethod(models.TextChoices):
        """How the application proves itself at the token endpoint."""

        ANY_SECRET = "client_secret", _("Secret, in the body or in the header")
        SECRET_BASIC = "client_secret_basic", _("Secret in the Authorization header")
        SECRET_POST = "client_secret_post", _("Secret in the body")
        PRIVATE_KEY_JWT = "private_key_jwt", _("Signature by its private key: no secret is shared")
        NONE = "none", _("None: public application")

    class SigningAlg(models.TextChoices):
        """Signature algorithms (RFC 7518, section 3.1)."""

        RS256 = "RS256", "RS256"
        PS256 = "PS256", "PS256"
        ES256 = "ES256", "ES256"
        EDDSA = "EdDSA", "EdDSA"

    class UserinfoAlg(models.TextChoices):
        """The form of the userinfo answer: plain JSON, or a signed JWT."""

        NONE = "none", _("None: plain JSON")
        RS256 = "RS256", "RS256"
        PS256 = "PS256", "PS256"
        ES256 = "ES256", "ES256"
        EDDSA = "EdDSA", "EdDSA"

    class GrantType(models.TextChoices):
        """What the application may exchange for tokens (RFC 7591, section 2)."""

        AUTHORIZATION_CODE = "authorization_code", _("People sign in to it")
        REFRESH_TOKEN = "refresh_token", _("It renews its access without asking people again")
        CLIENT_CREDENTIALS = "client_credentials", _("It acts for itself, without a person")
        DEVICE_CODE = (
            "urn:ietf:params:oauth:grant-type:device_code",
            _("People sign in to it from another device, with a code"),
        )

    class EncryptionAlg(models.TextChoices):
        """How the key of an encrypted answer is wrapped (RFC 7518, section 4.1); empty: answers are only signed."""

        RSA_OAEP = "RSA-OAEP", "RSA-OAEP"
        RSA_OAEP_256 = "RSA-OAEP-256", "RSA-OAEP-256"
        ECDH_ES = "ECDH-ES", "ECDH-ES"

    class SubjectType(models.TextChoices):
        """Whether all applications know a person under the same `sub` (OpenID Connect Core 1.0, section 8)."""

        PUBLIC = "public", _("The same identifier in every application")
        PAIRWISE = "pairwise", _("Another identifier in each sector of applications")

    class Profile(models.TextChoices):
        """The set of rules that its requests must keep, beyond OpenID Connect."""

        NONE = "", _("OpenID Connect")
        FAPI2 = "fapi2", _("FAPI 2.0 Security Profile")
        FAPI2_MESSAGE_SIGNING = "fapi2-message-signing", _("FAPI 2.0 Message Signing")

    class State(models.TextChoices):
        """Whether people may sign in to it."""

        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")

    revision_name = Revision.CLIENTS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client_id = models.CharField(_("client_id"), max_length=200, unique=True, editable=False)
    name_fr = models.CharField(_("name in French"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    type = models.CharField(_("type"), max_length=12, choices=Type.choices, default=Type.CONFIDENTIAL)
    redirect_uris = models.JSONField(_("redirect URIs"), default=list, blank=True)
    post_logout_redirect_uris = models.JSONField(_("post-logout redirect URIs"), default=list, blank=True)
    backchannel_logout_uri = models.CharField(_("back-channel logout URI"), max_length=2000, blank=True)
    token_endpoint_auth_method = models.CharField(
        _("authentication"), max_length=30, choices=AuthMethod.choices, default=AuthMethod.ANY_SECRET
    )
    id_token_alg = models.CharField(
        _("signature of ID tokens"), max_length=8, choices=SigningAlg.choices, default=SigningAlg.RS256
    )
    userinfo_alg = models.CharField(
        _("signature of userinfo"), max_length=8, choices=UserinfoAlg.choices, default=UserinfoAlg.NONE
    )
    subject_type = models.CharField(max_length=8, choices=SubjectType.choices, default=SubjectType.PUBLIC)
    scopes = models.JSONField(_("scopes it may ask for"), default=default_scopes)
    is_trusted = models.BooleanField(
        _("trusted by the operator"), default=False, help_text=_("People are not asked before their data is shared.")
    )
    grant_types = models.JSONField(_("ways to get tokens"), default=default_grant_types)
    jwks = models.JSONField(_("public keys"), default=dict, blank=True, help_text=_("A JSON Web Key Set."))
    jwks_uri = models.CharField(_("address of its public keys"), max_length=2000, blank=True)
    token_endpoint_auth_signing_alg = models.CharField(
        _("signature that proves it"),
        max_length=8,
        blank=True,
        help_text=_("Empty: any algorithm that its keys allow."),
    )
    access_token_alg = models.CharField(
        _("signature of access tokens of its own"), max_length=8, choices=SigningAlg.choices, default=SigningAlg.ES256
    )
    is_resource_server = models.BooleanField(
        _("serves data to other applications"),
        default=False,
        help_text=_("It may ask whether the access tokens of others are good for its own scopes."),
    )
    resources = models.JSONField(
        _("addresses of its data"), default=list, blank=True, help_text=_("The audiences it answers to (RFC 8707).")
    )
    reads_access_tokens = models.BooleanField(
        _("reads access tokens by itself"),
        default=False,
        help_text=_("Those for one of its addresses are signed JWTs of ten minutes (RFC 9068). Otherwise it asks us."),
    )
    introspection_alg = models.CharField(
        _("signature of what it is told of tokens"),
        max_length=8,
        choices=SigningAlg.choices,
        default=SigningAlg.ES256,
    )
    introspection_encryption_alg = models.CharField(
        _("encryption of what it is told of tokens"), max_length=16, choices=EncryptionAlg.choices, blank=True
    )
    sector_identifier = models.CharField(
        _("sector"),
        max_length=253,
        blank=True,
        help_text=_("The host whose applications know a person under one identifier, when it is not the same for all."),
    )
    sector_identifier_uri = models.CharField(_("address of the list of its sector"), max_length=2000, blank=True)
    id_token_encryption_alg = models.CharField(
        _("encryption of ID tokens"), max_length=16, choices=EncryptionAlg.choices, blank=True
    )
    userinfo_encryption_alg = models.CharField(
        _("encryption of userinfo"), max_length=16, choices=EncryptionAlg.choices, blank=True
    )
    profile = models.CharField(_("rules"), max_length=24, choices=Profile.choices, blank=True, default=Profile.NONE)
    requires_pushed_requests = models.BooleanField(
        _("sends its requests beforehand"), default=False, help_text=_("Pushed authorization requests only (RFC 9126).")
    )
    requires_signed_requests = models.BooleanField(
        _("signs its requests"), default=False, help_text=_("Request objects only (RFC 9101).")
    )
    request_object_alg = models.CharField(
        _("signature of its requests"), max_length=8, blank=True, help_text=_("Empty: any that its keys allow.")
    )
    requires_dpop = models.BooleanField(
        _("proves that it holds its tokens"), default=False, help_text=_("DPoP-bound access tokens only (RFC 9449).")
    )
    authorization_response_alg = models.CharField(
        _("signature of answers to its requests"),
        max_length=8,
        choices=SigningAlg.choices,
        blank=True,
        help_text=_("For response_mode=jwt. Empty: RS256, or ES256 with FAPI 2.0."),
    )
    authorization_response_encryption_alg = models.CharField(
        _("encryption of answers to its requests"), max_length=16, choices=EncryptionAlg.choices, blank=True
    )
    accepts_endpoint_audience = models.BooleanField(
        _("may address its proofs to an endpoint"),
        default=False,
        help_text=_("Otherwise the issuer is the only audience accepted, as FAPI 2.0 asks."),
    )
    default_max_age = models.PositiveIntegerField(_("oldest sign-in accepted, in seconds"), null=True, blank=True)
    requires_auth_time = models.BooleanField(_("always told when people signed in"), default=False)
    default_acr_values = models.JSONField(_("levels it prefers"), default=list, blank=True)
    backchannel_logout_session_required = models.BooleanField(_("needs the session in its logout"), default=True)
    frontchannel_logout_uri = models.CharField(_("front-channel logout URI"), max_length=2000, blank=True)
    frontchannel_logout_session_required = models.BooleanField(
        _("needs the session in its front-channel logout"), default=True
    )
    initiate_login_uri = models.CharField(_("address that begins a sign-in"), max_length=2000, blank=True)
    metadata = models.JSONField(
        _("what it says of itself"),
        default=dict,
        blank=True,
        help_text=_("Registered values that only people read: contacts, logo, policy (RFC 7591, section 2)."),
    )
    is_sandbox = models.BooleanField(
        _("on trial"), default=False, help_text=_("Only fictional people sign in to it; it learns of nobody else.")
    )
    registration_digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("Of the token with which it manages its registration.")
    )
    organization = models.ForeignKey(
        "directory.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for people who act for"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name_en", "id"]
        verbose_name = _("application")
        verbose_name_plural = _("applications")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.name_fr if reads_french() else self.name_en

    @property
    def is_public(self) -> bool:
        """Say whether it has no secret, so that PKCE is all that binds a code to it."""
        return self.type == self.Type.PUBLIC

    @property
    def is_fapi(self) -> bool:
        """Say whether it keeps the rules of FAPI 2.0."""
        return self.profile in {self.Profile.FAPI2, self.Profile.FAPI2_MESSAGE_SIGNING}

    @property
    def signs_people_in(self) -> bool:
        """Say whether people come to it from a page of ours, rather than from a device or not at all."""
        return self.GrantType.AUTHORIZATION_CODE in self.grant_types

    @property
    def has_secrets(self) -> bool:
        """Say whether it proves itself by a secret that we made."""
        without = {self.AuthMethod.NONE, self.AuthMethod.PRIVATE_KEY_JWT}
        return self.token_endpoint_auth_method not in without

    @property
    def is_encrypted_for(self) -> bool:
        """Say whether something is encrypted with a key of its own."""
        named = {self.id_token_encryption_alg, self.userinfo_encryption_alg, self.introspection_encryption_alg}
        return (named | {self.authorization_response_encryption_alg}) != {""}

    @property
    def signed_with(self) -> set[str]:
        """Return the algorithms of all that is signed for it."""
        named = {self.id_token_alg, self.userinfo_alg, self.access_token_alg, self.introspection_alg}
        return (named | {self.authorization_response_alg}) - {"", self.UserinfoAlg.NONE.value}


class ClientSecretQuerySet(models.QuerySet["ClientSecret"]):
    """Sets of secrets."""

    def live(self, now: datetime | None = None) -> Self:
        """Return those that still open the door."""
        return self.filter(models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=now or timezone.now()))


class ClientSecret(Remembered):
    """A secret of an application: 256 random bits, of which only the SHA-256 digest is kept.

    A slow password hash would add nothing to 256 bits, and would cost 240 ms of CPU at each token request.
    """

    revision_name = Revision.CLIENTS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="secrets")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    objects = ClientSecretQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        verbose_name = _("application secret")
        verbose_name_plural = _("application secrets")

    def __str__(self) -> str:
        return f"{self.client_id} {self.created_at:%Y-%m-%d}"
