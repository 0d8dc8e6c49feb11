"""What people choose on the pages of the provider."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.directory.models import Organization
from parvis.web.forms import Card, RadioCards


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
