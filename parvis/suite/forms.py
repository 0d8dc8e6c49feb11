"""What teams fill in about their application."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.accounts.assurance import LEVELS
from parvis.directory.models import Group, Organization
from parvis.directory.policies import visible_groups
from parvis.lib.images import UnreadableImageError, fitted_logo
from parvis.lib.text import one_line
from parvis.oidc.models import Client
from parvis.oidc.scopes import OPENID, RESTRICTED, SCOPES
from parvis.suite import policies
from parvis.suite.models import Application

MAX_LOGO_BYTES = 2 * 1_048_576


class LogoField(forms.FileField):
    """A picture, given back as the bytes of a new one; empty bytes take the logo away."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        """Return the encoded logo, or None when nothing was sent."""
        sent = super().clean(data, initial)
        if not data or not sent:
            return None
        if sent.size > MAX_LOGO_BYTES:
            raise ValidationError(_("This file is too large: send a picture of at most 2 MB."))
        try:
            return fitted_logo(sent)
        except UnreadableImageError as error:
            raise ValidationError(
                _("This file is not a picture that we can read: send a PNG, JPEG or WebP.")
            ) from error


class CardForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """What people read of an application."""

    name_en = forms.CharField(
        label=_("Name in English"), max_length=100, required=False, help_text=_("Only if it differs.")
    )
    logo_file = LogoField(label=_("Logo"), required=False, help_text=_("A square PNG, JPEG or WebP of at most 2 MB."))

    class Meta:
        model = Application
        fields = ("name_fr", "name_en", "description_fr", "description_en", "url", "logo_file", "maturity", "owner")
        labels = {"name_fr": _("Name"), "url": _("Address of the application")}
        help_texts = {
            "description_fr": _("One sentence: who does what with it?"),
            "url": _("Where the launcher leads, such as https://docs.example.gouv.fr/."),
            "owner": _("Its managers may change this card, the sign-in settings and the secret."),
        }

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        owner: forms.ModelChoiceField[Group] = self.fields["owner"]  # type: ignore[assignment]  # made from the model
        owner.queryset = policies.managed_groups(by) | Group.objects.filter(pk=self.instance.owner_id)
        owner.required = not policies.can_trust(by)
        owner.empty_label = _("No team") if not owner.required else _("Choose a team")
        self.fields["description_fr"].widget.attrs["lang"] = "fr"
        self.fields["description_en"].widget.attrs["lang"] = "en"

    def clean(self) -> dict[str, Any]:
        """Use the name in both languages when only one was given; ask for one description at least."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["name_en"] = one_line(data.get("name_en") or data.get("name_fr", ""))
        if not self.errors and not (data.get("description_fr") or data.get("description_en")):
            self.add_error("description_fr", _("Say in one sentence what it is for, in French or in English."))
        return data


class AudienceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """Who may use an application, and whether everyone sees its card."""

    class Meta:
        model = Application
        fields = ("audience", "is_public")
        labels = {"audience": _("It is open to")}
        widgets = {"audience": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        """Refuse to show everyone what is in nobody's menu."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("is_public") and data.get("audience") == Application.Audience.UNLISTED:
            self.add_error("is_public", _("What is in the menus of its team only is not on the public list either."))
        return data


class HolderForm(forms.Form):
    """An organisation or a group, named by its address on the site."""

    organization = forms.ModelChoiceField(Organization.objects.all(), to_field_name="slug", required=False)
    group = forms.ModelChoiceField(Group.objects.none(), to_field_name="slug", required=False)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = visible_groups(Group.objects.open(), by)  # type: ignore[attr-defined]  # as declared

    def clean(self) -> dict[str, Any]:
        """Accept exactly one of the two."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(data.get("organization")) == bool(data.get("group")):
            raise ValidationError(_("Choose an organisation or a group."))
        return data

    @property
    def holder(self) -> Group | Organization:
        """Return which was named."""
        found: Group | Organization = self.cleaned_data["organization"] or self.cleaned_data["group"]
        return found


class SecretForm(forms.Form):
    """How long the secret in use goes on working beside the new one."""

    OVERLAPS: ClassVar = {
        "7": (timedelta(days=7), _("A week: change it when you like")),
        "30": (timedelta(days=30), _("Thirty days: several teams have to change it")),
        "1": (timedelta(days=1), _("A day")),
        "0": (timedelta(0), _("Not at all: it got out, and must end now")),
    }
    keep = forms.ChoiceField(
        label=_("The secret in use goes on working for"),
        choices=[(name, label) for name, (_time, label) in OVERLAPS.items()],
        widget=forms.RadioSelect,
        initial="7",
    )

    @property
    def overlap(self) -> timedelta:
        """Return for how long."""
        time: timedelta = self.OVERLAPS[self.cleaned_data["keep"]][0]
        return time


class SecretCheckForm(forms.Form):
    """A secret to compare with those that work; it is kept nowhere."""

    secret = forms.CharField(
        label="client_secret",
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ScopeRequestForm(forms.Form):
    """What more a team asks to learn of people, and what for."""

    scopes = forms.MultipleChoiceField(label=_("What it asks for"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label=_("What it is for"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What people get from it, and why less would not do. The operators of this site read it."),
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes: forms.MultipleChoiceField = self.fields["scopes"]  # type: ignore[assignment]  # declared above
        missing = [name for name in SCOPES if name in RESTRICTED and name not in client.scopes]
        scopes.choices = [(name, f"{name} · {SCOPES[name].label}") for name in missing]


class AnswerForm(forms.Form):
    """What an operator answers to a request for more data."""

    answer = forms.CharField(
        label=_("Your answer"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    verdict = forms.ChoiceField(choices=[("accept", _("Accept")), ("refuse", _("Refuse"))], widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Ask for a reason when the answer is no."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("verdict") == "refuse" and not data.get("answer"):
            self.add_error("answer", _("Say why, so that the team knows what to change."))
        return data


class TrialForm(forms.Form):
    """What to ask for in a trial of an application's sign-in."""

    scope = forms.MultipleChoiceField(label=_("Scopes"), widget=forms.CheckboxSelectMultiple, required=False)
    prompt = forms.ChoiceField(
        label=_("Ask the person"),
        required=False,
        choices=[
            ("", _("Only what is needed")),
            ("login", _("To sign in again (prompt=login)")),
            ("consent", _("To agree again (prompt=consent)")),
            ("select_account", _("To choose an account (prompt=select_account)")),
            ("none", _("Nothing at all (prompt=none)")),
        ],
    )
    acr = forms.ChoiceField(
        label=_("Demand a level of assurance (essential acr)"),
        required=False,
        choices=[("", _("Any")), *((level, level) for level in LEVELS)],
    )
    max_age = forms.IntegerField(
        label=_("Oldest sign-in accepted, in seconds (max_age)"), required=False, min_value=0, max_value=31_536_000
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope: forms.MultipleChoiceField = self.fields["scope"]  # type: ignore[assignment]  # declared above
        names = [name for name in SCOPES if name in client.scopes and name != OPENID]
        scope.choices = [(name, f"{name} · {SCOPES[name].label}") for name in names]
        scope.initial = names
