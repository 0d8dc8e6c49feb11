"""What people choose on the pages of the provider."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.directory.models import Organization
from parvis.oidc import devices
from parvis.web.forms import Card, RadioCards


class DeviceCodeForm(forms.Form):
    """The code that a device shows; case, dashes and blanks do not matter."""

    user_code = forms.CharField(
        label=gettext_lazy("Code shown by the device"),
        max_length=50,
        help_text=gettext_lazy("Eight letters, such as WDJB-MJHT. Capitals and dashes do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "size": 12}
        ),
        error_messages={"required": gettext_lazy("Type the code that the device shows.")},
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


class OrganizationForm(forms.Form):
    """For which of their organisations a person acts."""

    organization = forms.ChoiceField(
        label=gettext_lazy("You act for"),
        widget=RadioCards,
        error_messages={"required": gettext_lazy("Choose one of your organisations.")},
    )

    def __init__(self, *args: Any, organizations: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: forms.ChoiceField = self.fields["organization"]  # type: ignore[assignment]  # declared above
        field.choices = [(str(one.pk), Card(one.name, _detail(one))) for one in organizations]

    @property
    def chosen(self) -> UUID:
        """Return the organisation that was chosen."""
        return UUID(self.cleaned_data["organization"])


def _detail(organization: Organization) -> str:
    """Return its number as applications are told it, or that it has none: some of them ask for it."""
    siret = organization.siret
    if not siret:
        return _("No SIRET number: an application that needs one may refuse it.")
    grouped = f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
    return _("SIRET %s") % grouped


class FactorsForm(forms.Form):
    """How a fictional person proves who they are."""

    factors = forms.ChoiceField(
        label=gettext_lazy("They prove who they are by"),
        choices=[("one", gettext_lazy("a code by e-mail")), ("two", gettext_lazy("two factors"))],
        initial="one",
        widget=forms.RadioSelect,
    )
