"""Pieces that the portfolio's forms share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.lib.ids import uuid7
from parvis.lib.text import one_line
from parvis.web.forms import DateInput


class LineField(forms.CharField):
    """A text of one line: what was pasted with line breaks, tabs or invisible characters is put in order."""

    def to_python(self, value: Any) -> str:
        """Return the text on one line."""
        return one_line(str(super().to_python(value) or ""))


class WordsField(forms.CharField):
    """Words separated by commas or lines, without repeats."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(max_length=2000, **kwargs)

    def prepare_value(self, value: object) -> object:
        """Show a list as words."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: object) -> list[str]:
        """Return the words."""
        text = str(super().clean(value)).replace("\n", ",").replace(";", ",")
        words = [one_line(word) for word in text.split(",")]
        return list(dict.fromkeys(word for word in words if word))


class TextAreaField(forms.CharField):
    """A text of several lines."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class NewIdMixin(forms.Form):
    """A form that is drawn with the identifier of what it creates, so that sending it twice creates one."""

    new_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_id"].initial = uuid7


class KeptAndAddedMixin:
    """A short list of long choices: what is chosen is ticked, and what is added comes from a menu."""

    ADDED = 3

    def put_list(
        self: Any, name: str, *, kept: list[tuple[str, str]], others: list[tuple[str, str]], label: Any
    ) -> None:
        """Add the fields of a list: one box for each thing kept, and menus for those added."""
        if kept:
            self.fields[f"{name}_kept"] = forms.MultipleChoiceField(
                label=label,
                choices=kept,
                required=False,
                initial=[key for key, _name in kept],
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Untick what has to go."),
            )
        for number in range(1, self.ADDED + 1):
            self.fields[f"{name}_added_{number}"] = forms.ChoiceField(
                label=_("Add (%(number)s)") % {"number": number} if number > 1 or kept else label,
                choices=[("", _("Nothing")), *others],
                required=False,
            )

    def chosen(self: Any, name: str) -> list[str]:
        """Return the keys kept and added, in that order, without repeats."""
        data = self.cleaned_data
        added = [data.get(f"{name}_added_{number}") for number in range(1, self.ADDED + 1)]
        return list(dict.fromkeys(key for key in [*data.get(f"{name}_kept", []), *added] if key))


def use_day_pickers(form: forms.BaseForm) -> None:
    """Give each day of a form the browser's own calendar."""
    for field in form.fields.values():
        if isinstance(field, forms.DateField):
            field.widget = DateInput()
