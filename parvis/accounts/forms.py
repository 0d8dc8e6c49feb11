"""What people type to sign in and to look after their account."""

import re
import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from parvis.accounts.actions.codes import DIGITS
from parvis.lib import email_address
from parvis.lib.text import one_line
from parvis.web.forms import CodeInput

_SEPARATORS = re.compile(r"[\s\-.·_]+")


class AddressForm(forms.Form):
    """The one field of the sign-in page."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(
            attrs={
                "autocomplete": "username webauthn",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
        help_text=_("Your work address, such as name@example.gouv.fr."),
    )

    def clean_email(self) -> str:
        """Return the address as it is written to."""
        return email_address.clean(self.cleaned_data["email"])


class NewAddressForm(forms.Form):
    """Another address of somebody who is signed in."""

    email = forms.CharField(
        label=_("Another address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_email(self) -> str:
        """Return the address as it is written to."""
        return email_address.clean(self.cleaned_data["email"])


class CodeField(forms.CharField):
    """A code of digits, however it was pasted: with blanks, dashes, or in another script's digits."""

    def __init__(self, *, digits: int, **kwargs: object) -> None:
        self.digits = digits
        super().__init__(max_length=100, widget=CodeInput(attrs={"autofocus": True}), **kwargs)  # type: ignore[arg-type]  # Passed through.
        self.widget.attrs["maxlength"] = str(digits * 3)

    def clean(self, value: object) -> str:
        """Return the digits alone."""
        text = _SEPARATORS.sub("", unicodedata.normalize("NFKC", str(super().clean(value))))
        if not re.fullmatch(rf"[0-9]{{{self.digits}}}", text):
            message = ngettext_lazy("The code has %(digits)s digit.", "The code has %(digits)s digits.", self.digits)
            raise forms.ValidationError(message, code="invalid", params={"digits": self.digits})
        return text


class CodeForm(forms.Form):
    """The code that came by e-mail."""

    code = CodeField(label=_("Code"), digits=DIGITS)


class FactorForm(forms.Form):
    """A code of the person's app, or one of their recovery codes: told apart by what they look like."""

    code = forms.CharField(
        label=_("Code of your app, or recovery code"),
        max_length=100,
        widget=CodeInput(attrs={"inputmode": "text", "autocapitalize": "none", "maxlength": "60"}),
    )
    is_totp = False

    def __init__(self, *args: Any, has_totp: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_totp:
            self.fields["code"].label = _("Recovery code")

    def clean_code(self) -> str:
        """Return the code in its bare form."""
        text = _SEPARATORS.sub("", unicodedata.normalize("NFKC", self.cleaned_data["code"])).lower()
        self.is_totp = re.fullmatch(r"[0-9]{6}", text) is not None
        if not self.is_totp and not re.fullmatch(r"[a-z0-9]{12}", text):
            raise forms.ValidationError(
                _("The app shows 6 digits; a recovery code has 12 letters and digits."), code="invalid"
            )
        return text


class TotpForm(forms.Form):
    """The first code that a new app shows."""

    code = CodeField(label=_("Code shown by the app"), digits=6)


class PasskeyNameForm(forms.Form):
    """How a person tells their passkeys apart."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Such as “my phone” or “office computer”."), widget=forms.TextInput
    )

    def clean_name(self) -> str:
        """Return the name on one line."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter a name."), code="required")
        return name


class AccountForm(forms.Form):
    """What a new person tells of themselves."""

    given_name = forms.CharField(
        label=_("Given name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("fr", "Français"), ("en", "English")])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Passed through.
        self.initial.setdefault("language", settings.LANGUAGE_CODE)

    def clean_given_name(self) -> str:
        """Return the name on one line."""
        return self._name("given_name")

    def clean_family_name(self) -> str:
        """Return the name on one line."""
        return self._name("family_name")

    def _name(self, field: str) -> str:
        name = one_line(self.cleaned_data[field])
        if self.fields[field].required and not name:
            raise forms.ValidationError(self.fields[field].error_messages["required"], code="required")
        return name
