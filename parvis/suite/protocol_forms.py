"""The finer settings of an application's sign-in: what most teams never need, and security people ask for."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.lib import plain_json
from parvis.oidc.actions import clients, registrations
from parvis.oidc.models import Client
from parvis.oidc.scopes import SCOPES
from parvis.suite import policies
from parvis.suite.sign_in_forms import UriListField

_NOT_ENCRYPTED = ("", _("Not encrypted"))
_PRIVATE = {"d", "k"}
_HAS_PRIVATE = _(
    "There is a private key in it. Make another pair, since this one has left its server, and paste its public part."
)
_A_YEAR = 31_536_000
_OF_RESOURCE_SERVERS = ("is_resource_server", "resources", "reads_access_tokens", "introspection_encryption_alg")


class KeySetField(forms.JSONField):
    """Public keys, pasted as they are."""

    def __init__(self, **kwargs: Any) -> None:
        rows = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"})
        super().__init__(widget=rows, required=False, decoder=plain_json.Decoder, **kwargs)

    def prepare_value(self, value: object) -> Any:
        """Show nothing for no key."""
        return json.dumps(value, indent=1) if isinstance(value, dict) and value else value or ""

    def clean(self, value: Any) -> Any:
        """Return an object; what is in it is looked at with the other settings."""
        given = super().clean(value) or {}
        if isinstance(given, dict) and "kty" in given:
            given = {"keys": [given]}  # One key alone: what it meant is plain.
        keys = given.get("keys") if isinstance(given, dict) else None
        if isinstance(keys, list) and any(isinstance(key, dict) and _PRIVATE & set(key) for key in keys):
            raise ValidationError(_HAS_PRIVATE)
        return given


class ProtocolForm(forms.Form):
    """How an application proves itself, who reads what it is told, and how it knows people."""

    token_endpoint_auth_method = forms.ChoiceField(
        label=_("How it proves itself"),
        choices=[choice for choice in Client.AuthMethod.choices if choice[0] != Client.AuthMethod.NONE],
        help_text=_("With private_key_jwt no secret is shared: the application signs with a key that it alone has."),
    )
    jwks = KeySetField(
        label=_("Its public keys"),
        help_text=_("A JSON Web Key Set. They verify what it signs, and encrypt what only it may read."),
    )
    jwks_uri = forms.CharField(
        label=_("Or the address of its public keys"),
        required=False,
        max_length=2000,
        help_text=_("Better than a copy: the application changes its keys without asking anybody."),
    )
    id_token_encryption_alg = forms.ChoiceField(
        label=_("Encryption of ID tokens"), choices=[_NOT_ENCRYPTED, *Client.EncryptionAlg.choices], required=False
    )
    userinfo_encryption_alg = forms.ChoiceField(
        label=_("Encryption of userinfo"), choices=[_NOT_ENCRYPTED, *Client.EncryptionAlg.choices], required=False
    )
    subject_type = forms.ChoiceField(
        label=_("Under which identifier it knows people"),
        choices=Client.SubjectType.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "With another identifier in each sector, applications of different sites cannot compare what they know. "
            "Choose before people come: a change makes everybody a stranger to the application."
        ),
    )
    sector_identifier_uri = forms.CharField(
        label=_("Address of the list of its sector"),
        required=False,
        max_length=2000,
        help_text=_("Only when its redirect addresses are on several hosts: a JSON document that lists them all."),
    )
    default_max_age = forms.IntegerField(
        label=_("Oldest sign-in accepted, in seconds"),
        required=False,
        min_value=0,
        max_value=_A_YEAR,
        help_text=_("People who signed in longer ago are asked to do it again. Empty: the session counts."),
    )
    initiate_login_uri = forms.CharField(
        label=_("Address that begins a sign-in"),
        required=False,
        max_length=2000,
        help_text=_("The menus here lead there, so that one click signs people in."),
    )
    frontchannel_logout_session_required = forms.BooleanField(
        label=_("Its front-channel sign-out names the session"), required=False
    )
    profile = forms.ChoiceField(
        label=_("Rules"),
        choices=Client.Profile.choices,
        required=False,
        help_text=_("FAPI 2.0 asks for private_key_jwt, requests sent beforehand and tokens bound to a key."),
    )
    requires_pushed_requests = forms.BooleanField(label=_("It sends its requests beforehand (PAR)"), required=False)
    requires_signed_requests = forms.BooleanField(label=_("It signs its requests (JAR)"), required=False)
    request_object_alg = forms.ChoiceField(
        label=_("Signature of its requests"),
        choices=[("", _("Any that its keys allow")), *Client.SigningAlg.choices],
        required=False,
    )
    authorization_response_alg = forms.ChoiceField(
        label=_("Signature of our answers to them"),
        choices=[("", _("RS256, or ES256 with FAPI 2.0, when it asks for signed answers")), *Client.SigningAlg.choices],
        required=False,
        help_text=_("With FAPI 2.0 Message Signing, a choice here means that every answer is signed."),
    )
    authorization_response_encryption_alg = forms.ChoiceField(
        label=_("Encryption of signed answers"), choices=[_NOT_ENCRYPTED, *Client.EncryptionAlg.choices], required=False
    )
    requires_dpop = forms.BooleanField(label=_("It proves that it holds its tokens (DPoP)"), required=False)

    is_resource_server = forms.BooleanField(
        label=_("It serves data to other applications"),
        required=False,
        help_text=_("It may ask whether their access tokens are good for its own scopes and addresses."),
    )
    resources = UriListField(
        label=_("Addresses of its data (resource)"), required=False, help_text=_("One a line (RFC 8707).")
    )
    reads_access_tokens = forms.BooleanField(
        label=_("It reads access tokens by itself"),
        required=False,
        help_text=_("Those for one of its addresses are signed JWTs of ten minutes (RFC 9068). Otherwise it asks."),
    )
    introspection_encryption_alg = forms.ChoiceField(
        label=_("Encryption of what it is told of tokens"),
        choices=[_NOT_ENCRYPTED, *Client.EncryptionAlg.choices],
        required=False,
    )

    def __init__(self, *args: Any, by: Any, client: Client, **kwargs: Any) -> None:
        self.client = client
        kwargs.setdefault("initial", {name: getattr(client, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        if client.is_public:
            del self.fields["token_endpoint_auth_method"]
        # What a resource server may ask is about everybody's tokens: operators say which application is one.
        if client.is_public or not policies.can_trust(by):
            for name in _OF_RESOURCE_SERVERS:
                del self.fields[name]

    def holds(self) -> bool:
        """Say whether the provider takes these settings with the others; its reasons stand at their fields."""
        try:
            clients.check(self.client, self.cleaned_data)
        except ValidationError as error:
            for name, reasons in error.message_dict.items():
                self.add_error(name if name in self.fields else None, reasons)
        return not self.errors


class RegistrationTokenForm(forms.Form):
    """For whom a token is, and how far it goes."""

    name = forms.CharField(
        label=_("For whom"), max_length=120, help_text=_("The team or the program that registers its applications.")
    )
    uses = forms.IntegerField(
        label=_("How many applications it may register"), min_value=1, max_value=registrations.MOST_USES, initial=1
    )
    days = forms.IntegerField(
        label=_("For how many days it works"),
        min_value=1,
        max_value=registrations.LONGEST.days,
        initial=registrations.LIFETIME.days,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What its applications may ask for"),
        choices=[(name, f"{name} · {scope.label}") for name, scope in SCOPES.items()],
        initial=list(registrations.USUAL_SCOPES),
        widget=forms.CheckboxSelectMultiple,
    )
    is_sandbox = forms.BooleanField(label=_("On trial: fictional people only"), required=False)
    accepts_endpoint_audience = forms.BooleanField(
        label=_("Their proofs may be addressed to an endpoint"),
        required=False,
        help_text=_("For older libraries, whose signed proofs name the token endpoint in the place of this provider."),
    )
