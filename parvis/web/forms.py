"""How every form is drawn: one column, label above, help under the label, errors at the field and in a summary."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Widgets that are drawn by their own template and do not take the class of a text field.
_PLAIN = (forms.HiddenInput, forms.MultipleHiddenInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


class ParvisBoundField(forms.BoundField):
    """A field that knows its description's identifiers (WCAG 2.2, techniques ARIA1 and ARIA21)."""

    @property
    def is_single_checkbox(self) -> bool:
        """Say whether the box stands before its label."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def describedby(self) -> str:
        """Return the identifiers of the help and of each error."""
        parts = [f"{self.auto_id}_helptext"] if self.help_text else []
        parts += [f"{self.auto_id}_error_{number}" for number in range(1, len(self.errors) + 1)]
        return " ".join(parts)

    @property
    def link_target(self) -> str:
        """Return the identifier of the first input, for the error summary's link."""
        if self.use_fieldset:
            return f"{self.auto_id}_0"
        return str(self.id_for_label or self.auto_id)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add the look, and what assistive technology reads with the field."""
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        if isinstance(widget, _PLAIN):
            return built
        own = [str(attrs.get("class", "")) for attrs in (widget.attrs, built)]
        built["class"] = " ".join(dict.fromkeys(filter(None, ["ds-input", *own])))
        if self.describedby and not self.use_fieldset:
            built["aria-describedby"] = self.describedby
        if self.errors:
            built["aria-invalid"] = "true"
        return built


class ParvisFormRenderer(TemplatesSetting):
    """Draws forms with the templates of `web/forms/`."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
    bound_field_class = ParvisBoundField


class DateInput(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateField(forms.DateField):
    """A day; `widget` is the browser's own calendar, which always sends ISO 8601."""

    widget = DateInput


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a choice that is drawn as a card."""

    title: str | Promise
    detail: str | Promise = ""

    def __str__(self) -> str:
        return str(self.title)


class RadioCards(forms.RadioSelect):
    """One choice among a few that need a line of explanation each; the labels of the choices are `Card`s."""

    template_name = "web/forms/radio_cards.html"


class CodeInput(forms.TextInput):
    """A one-time code: digits, which the browser or the phone may fill in."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        code = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-input", "spellcheck": "false"}
        super().__init__({**code, **(attrs or {})})


class SearchForm(forms.Form):
    """The words of a search. Too long a text is cut rather than refused: nothing a person searches for is an error."""

    q = forms.CharField(label=_("Search"), required=False)

    def clean_q(self) -> str:
        """Return at most 200 characters."""
        return str(self.cleaned_data["q"])[:200]

    @property
    def text(self) -> str:
        """Return the words, or nothing when they cannot be read."""
        return self.cleaned_data.get("q", "") if self.is_valid() else ""
