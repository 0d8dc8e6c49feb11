"""What people type to let a device in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.oidc import devices


class DeviceCodeForm(forms.Form):
    """The code that a device shows; case, dashes and blanks do not matter."""

    user_code = forms.CharField(
        label=_("Code shown by the device"),
        max_length=50,
        help_text=_("Eight letters, such as WDJB-MJHT. Capitals and dashes do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "size": 12}
        ),
        error_messages={"required": _("Type the code that the device shows.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["user_code"].widget.attrs["autofocus"] = True

    def clean_user_code(self) -> str:
        """Return the eight letters."""
        code = devices.read(self.cleaned_data["user_code"])
        if not code:
            raise ValidationError(_("A code has eight letters, without vowels. Look at the device again."))
        return code
