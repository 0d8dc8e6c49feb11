"""How an application signs people in with us: where it runs, where they come back, what it may ask for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import Organization
from parvis.oidc.client_rules import front_channel_is_the_applications_own
from parvis.oidc.models import Client
from parvis.oidc.redirect_uris import InvalidRedirectUriError, validate_redirect_uri, validate_web_uri
from parvis.oidc.scopes import SCOPES
from parvis.suite import policies
from parvis.web.forms import Card, RadioCards

_MAX_URIS = 30
PROPOSED_SCOPES = ("openid", "email", "given_name", "usual_name", "uid", "siret", "organization_label", "idp_id")
"""Ticked in a new form: who the person is and where they work. A team that needs more ticks it knowingly."""


class UriListField(forms.CharField):
    """Redirect addresses, one a line, each held to the rules of the provider."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}))
        super().__init__(max_length=20_000, **kwargs)
        self.is_public = False
        """An application on people's devices may have a scheme of its own (RFC 8252, section 7.1)."""

    def prepare_value(self, value: object) -> object:
        """Show a stored list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: object) -> list[str]:
        """Return the addresses without repeats."""
        lines = [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]
        if len(lines) > _MAX_URIS:
            raise ValidationError(_("That is too many addresses: at most 30."))
        problems = []
        for line in lines:
            try:
                validate_redirect_uri(line, is_public=self.is_public)
            except InvalidRedirectUriError as error:
                problems.append(f"{line[:120]}: {error}")
        if problems:
            raise ValidationError(problems)
        return list(dict.fromkeys(lines))


class Kind(models.TextChoices):
    """Where an application runs, which says how it gets its tokens."""

    SERVER = "server", _("On a server")
    PUBLIC = "public", _("In the browser, or on people’s phones and computers")
    DEVICE = "device", _("On a device without a keyboard, or in a terminal")
    MACHINE = "machine", _("A program that acts for itself")
    LINK = "link", _("It does not sign people in here")

    @property
    def detail(self) -> Promise:
        """Return what this means for its developers."""
        return _KINDS[self][0]

    @property
    def settings(self) -> dict[str, Any]:
        """Return what is registered for it."""
        return dict(_KINDS[self][1])

    @property
    def comes_back(self) -> bool:
        """Say whether people come back to an address of its own."""
        return self in {Kind.SERVER, Kind.PUBLIC}


_Grant = Client.GrantType
_KINDS: dict[Kind, tuple[Promise, dict[str, Any]]] = {
    Kind.SERVER: (_("People sign in to it; it keeps a secret."), {}),
    Kind.PUBLIC: (_("People sign in to it; no secret, PKCE instead."), {"type": Client.Type.PUBLIC.value}),
    Kind.DEVICE: (
        _("People type its code on another screen; no secret and no redirect address."),
        {
            "type": Client.Type.PUBLIC.value,
            "grant_types": [_Grant.DEVICE_CODE.value, _Grant.REFRESH_TOKEN.value],
        },
    ),
    Kind.MACHINE: (
        _("Nobody signs in to it; it keeps a secret, and no redirect address."),
        {"grant_types": [_Grant.CLIENT_CREDENTIALS.value]},
    ),
    Kind.LINK: (_("It only gets its card and its place in the menus."), {}),
}
_CHOICES = [(kind.value, Card(kind.label, kind.detail)) for kind in Kind]
_FINER = ("backchannel_logout_uri", "frontchannel_logout_uri", "organization", "id_token_alg", "userinfo_alg")
_ADDRESSES = ("redirect_uris", "post_logout_redirect_uris")
_USUAL = {"id_token_alg": Client.SigningAlg.RS256, "userinfo_alg": Client.UserinfoAlg.NONE}


class SignInForm(forms.Form):
    """How an application signs people in with us. Trust and unusual scopes are for operators to give."""

    kind = forms.ChoiceField(
        label=_("Where it runs"),
        choices=_CHOICES,
        initial=Kind.SERVER,
        widget=RadioCards,
    )
    redirect_uris = UriListField(
        label=_("Redirect addresses (redirect_uri)"), help_text=_("One a line, exactly as the application sends them.")
    )
    post_logout_redirect_uris = UriListField(
        label=_("Addresses after signing out (post_logout_redirect_uri)"), required=False, help_text=_("One a line.")
    )
    backchannel_logout_uri = forms.CharField(
        label=_("Back-channel sign-out address"),
        required=False,
        max_length=2000,
        help_text=_("Where we tell the application, from server to server, that a person's session has ended."),
    )
    frontchannel_logout_uri = forms.CharField(
        label=_("Front-channel sign-out address"),
        required=False,
        max_length=2000,
        help_text=_(
            "Opened unseen in the person's browser when they sign out. Browsers that block cookies of other "
            "sites make it fail: prefer the address above."
        ),
    )
    organization = forms.ModelChoiceField(
        Organization.objects.all(),
        to_field_name="slug",
        required=False,
        widget=forms.TextInput,
        label=_("Only for people who act for"),
        help_text=_(
            "The organisation's address on the site, such as ministry-of-culture. Empty: people choose for "
            "which of their organisations they sign in."
        ),
    )
    id_token_alg = forms.ChoiceField(label=_("Signature of ID tokens"), choices=Client.SigningAlg.choices)
    userinfo_alg = forms.ChoiceField(label=_("Signature of userinfo"), choices=Client.UserinfoAlg.choices)
    scopes = forms.MultipleChoiceField(label=_("What it may ask for"), widget=forms.CheckboxSelectMultiple)
    is_sandbox = forms.BooleanField(
        label=_("On trial: fictional people only"),
        required=False,
        help_text=_("Nobody real signs in, and it learns of nobody real. Changing this ends every access it has."),
    )
    is_trusted = forms.BooleanField(
        label=_("Trusted by the operator"),
        required=False,
        help_text=_("People are not asked before their data is shared."),
    )

    def __init__(
        self, *args: Any, by: Any, client: Client | None = None, may_link: bool = False, **kwargs: Any
    ) -> None:
        if client is not None:
            kwargs.setdefault("initial", {name: getattr(client, name) for name in self.base_fields if name != "kind"})
        super().__init__(*args, **kwargs)
        allowed = policies.grantable_scopes(by) | set(client.scopes if client else ())
        scopes: forms.MultipleChoiceField = self.fields["scopes"]  # type: ignore[assignment]  # declared above
        scopes.choices = [(name, f"{name} · {scope.label}") for name, scope in SCOPES.items() if name in allowed]
        if client is None:
            scopes.initial = list(PROPOSED_SCOPES)
        if not policies.can_trust(by):
            del self.fields["is_trusted"]
        if not may_link:
            kinds: forms.ChoiceField = self.fields["kind"]  # type: ignore[assignment]  # declared above
            kinds.choices = _CHOICES[:-1]
        self._settle_kind(client)

    def _settle_kind(self, client: Client | None) -> None:
        """Ask where a new application runs; it stays what it is afterwards. Some have no address to come back to."""
        asked = self.data.get(self.add_prefix("kind"), "") if client is None else ""
        self._kind = Kind(asked) if asked in Kind.values else Kind.SERVER
        comes_back = self._kind.comes_back
        is_public = self._kind.settings.get("type") == Client.Type.PUBLIC
        if client is not None:
            del self.fields["kind"]
            comes_back = client.signs_people_in
            is_public = client.is_public
            self._leave_out(client)
        for name in _ADDRESSES:
            if name in self.fields:
                self.fields[name].is_public = is_public  # type: ignore[attr-defined]  # fields of ours
        if "redirect_uris" in self.fields:
            self.fields["redirect_uris"].required = comes_back

    def _leave_out(self, client: Client) -> None:
        """Ask nothing that means nothing: a device has no address, and nobody signs in to a program."""
        if client.grant_types == [_Grant.CLIENT_CREDENTIALS]:
            unused: tuple[str, ...] = (*_ADDRESSES, *_FINER)
        else:
            unused = () if client.signs_people_in else (*_ADDRESSES, "frontchannel_logout_uri")
        for name in unused:
            if name in _USUAL or not getattr(client, name):
                del self.fields[name]

    @property
    def finer(self) -> list[forms.BoundField]:
        """Return the fields that most teams leave as they are."""
        return [self[name] for name in _FINER if name in self.fields]

    @property
    def finer_is_open(self) -> bool:
        """Say whether one of them holds something, or an error."""
        return any(field.errors or (field.value() or "") not in {"", _USUAL.get(field.name)} for field in self.finer)

    def clean_backchannel_logout_uri(self) -> str:
        """Hold it to the rules of addresses."""
        return self._web_uri("backchannel_logout_uri")

    def clean_frontchannel_logout_uri(self) -> str:
        """Hold it to the rules of addresses; `clean` compares it with the others."""
        return self._web_uri("frontchannel_logout_uri")

    def _web_uri(self, name: str) -> str:
        value = self.cleaned_data[name].strip()
        try:
            return validate_web_uri(value) if value else ""
        except InvalidRedirectUriError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Compare the addresses with one another, as the provider will."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.pop("kind", None) is not None:
            data |= self._kind.settings
            if not self._kind.comes_back:
                data |= {name: [] for name in _ADDRESSES}
        if data.get("frontchannel_logout_uri") and "redirect_uris" in data:
            addresses = {name: data[name] for name in ("frontchannel_logout_uri", "redirect_uris")}
            try:
                front_channel_is_the_applications_own(Client(**addresses))
            except ValidationError as error:
                self.add_error(None, error)
        return data

    def clean_scopes(self) -> list[str]:
        """Keep `openid`, without which nothing is OpenID Connect (OpenID Connect Core 1.0, section 3.1.2.1)."""
        return [name for name in SCOPES if name == "openid" or name in self.cleaned_data["scopes"]]
