"""What the data never held: one form for each kind of row, which reads lines of a CSV file too."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import Organization, User
from parvis.lib.text import fold
from parvis.portfolio.forms.fields import use_day_pickers
from parvis.portfolio.models import (
    BudgetLine,
    Deployment,
    HandOff,
    HandOffItem,
    HandOffSignal,
    Indicator,
    Measure,
    Operator,
    Product,
    Territory,
)

MAX_CSV_BYTES = 300_000
MAX_ROWS = 1000


class EntryForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the checker only
    """A row of a product."""

    columns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product
        if hasattr(self.instance, "product_id"):
            self.instance.product = product
        use_day_pickers(self)
        self.prepare()

    def prepare(self) -> None:
        """Offer what depends on the product."""

    def _get_validation_exclusions(self) -> set[str]:
        """Let constraints that name the product be checked: the form does not show it, but knows it."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc] # Django's stubs do not know it
        return excluded - {"product"}

    @classmethod
    def cleaned_row(cls, row: Mapping[str, str]) -> dict[str, str]:
        """Return a line of a file as this form reads it."""
        return {name: (row.get(name) or "").strip() for name in cls.columns}


class DeploymentForm(EntryForm):
    """A territory where the product is used."""

    columns = ("territory", "from_on", "to_on", "source_url", "note")
    territory = forms.ModelChoiceField(
        Territory.objects.all(), label=_("Territory"), to_field_name="code", empty_label=_("Choose a territory")
    )

    class Meta:
        model = Deployment
        fields = ("territory", "from_on", "to_on", "source_url", "note")

    @classmethod
    def cleaned_row(cls, row: Mapping[str, str]) -> dict[str, str]:
        """Accept what French files write: `75` or `1` for a department."""
        data = super().cleaned_row(row)
        code = data["territory"].upper()
        if code and "-" not in code and code[0].isdigit():
            code = f"FR-{code.zfill(2)}"
        return data | {"territory": code}


class IndicatorForm(EntryForm):
    """Something that is measured."""

    columns = ("name", "unit", "direction", "target_value", "target_on")

    class Meta:
        model = Indicator
        fields = ("name", "unit", "direction", "target_value", "target_on")

    @classmethod
    def cleaned_row(cls, row: Mapping[str, str]) -> dict[str, str]:
        """More is better unless the line says otherwise."""
        data = super().cleaned_row(row)
        return data | {"direction": data["direction"] or Indicator.Direction.UP}


class MeasureForm(EntryForm):
    """The value of an indicator on a day."""

    columns = ("indicator", "on", "value", "source_url", "note")
    indicator = forms.ModelChoiceField(
        Indicator.objects.none(), label=_("Indicator"), to_field_name="name", empty_label=_("Choose an indicator")
    )

    class Meta:
        model = Measure
        fields = ("indicator", "on", "value", "source_url", "note")

    def prepare(self) -> None:
        """Offer the product's own indicators."""
        self.fields["indicator"].queryset = self.product.indicators.all()  # type: ignore[attr-defined] # a ModelChoiceField


class BudgetLineForm(EntryForm):
    """What a funder gave for a year."""

    columns = ("year", "funder", "funder_name", "amount", "source_url", "note")
    funder = forms.ModelChoiceField(
        Organization.objects.order_by("sort_key"), label=_("Funder"), to_field_name="slug", required=False,
        empty_label=_("Not in the list"),
    )  # fmt: skip

    class Meta:
        model = BudgetLine
        fields = ("year", "funder", "funder_name", "amount", "source_url", "note")

    def clean(self) -> dict[str, Any]:
        """Ask who gave."""
        data = super().clean() or {}
        if not data.get("funder") and not data.get("funder_name") and not self.errors:
            self.add_error("funder", _("Choose the funder, or write its name below."))
        return data

    @classmethod
    def cleaned_row(cls, row: Mapping[str, str]) -> dict[str, str]:
        """Accept amounts as people write them: with spaces, a comma or the sign of the euro."""
        data = super().cleaned_row(row)
        amount = "".join(data["amount"].replace("€", "").split()).replace(",", ".")
        return data | {"amount": amount}


class SignalForm(EntryForm):
    """A sign of life after a transfer."""

    columns = ("kind", "on", "value", "note")

    class Meta:
        model = HandOffSignal
        fields = ("kind", "on", "value", "note")


class OperatorForm(EntryForm):
    """Who runs the product."""

    columns = ("organization", "from_on", "to_on")
    organization = forms.ModelChoiceField(
        Organization.objects.order_by("sort_key"), label=_("Organisation"), to_field_name="slug",
        empty_label=_("Choose an organisation"),
    )  # fmt: skip

    class Meta:
        model = Operator
        fields = ("organization", "from_on", "to_on")


class HandOffForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the checker only
    """The way of a product to whoever takes over."""

    operator = forms.ModelChoiceField(
        Organization.objects.order_by("sort_key"), label=_("Organisation that will take over"), required=False,
        empty_label=_("Not known yet"),
    )  # fmt: skip

    class Meta:
        model = HandOff
        fields = ("path", "operator", "started_on", "planned_on", "transferred_on", "note")
        widgets = {"path": forms.RadioSelect(), "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_day_pickers(self)
        self.fields["path"].choices = HandOff.Path.choices  # type: ignore[attr-defined] # a ChoiceField

    def values(self) -> dict[str, Any]:
        """Return the fields, for the action."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class HandOffItemForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the checker only
    """A thing to be done before the product leaves."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Who sees to it"), required=False, empty_label=_("Nobody yet")
    )

    class Meta:
        model = HandOffItem
        fields = ("is_needed", "done_on", "evidence", "evidence_url", "owner")
        widgets = {"evidence": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_day_pickers(self)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined] # a ModelChoiceField


# --- Files -----------------------------------------------------------------------------------------------------------
class CsvForm(forms.Form):
    """A CSV file, or the text of one that was looked at already."""

    file = forms.FileField(label=_("CSV file"), required=False, help_text=_("UTF-8, at most 300 kB and 1,000 lines."))
    text = forms.CharField(widget=forms.HiddenInput, required=False, max_length=MAX_CSV_BYTES)

    def clean(self) -> dict[str, Any]:
        """Return the text of the file."""
        data = super().clean() or {}
        file: UploadedFile | None = data.get("file")
        if file is None:
            if not data.get("text"):
                self.add_error("file", _("Choose a file."))
            return data
        if (file.size or 0) > MAX_CSV_BYTES:
            self.add_error("file", _("Choose a file of at most 300 kB."))
            return data
        try:
            data["text"] = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("This file is not in UTF-8: save it as “CSV UTF-8” and choose it again."))
        return data


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file: its number, what it says, what is wrong with it, and the row that it makes."""

    number: int
    cells: list[str]
    errors: list[str]
    form: EntryForm | None = None


def read_lines(kind: type[EntryForm], product: Product, text: str) -> list[Line]:
    """Return the lines of a file, each checked by the form of its kind. Raises ValidationError for the whole file."""
    if "\x00" in text:
        raise ValidationError(_now("This file is not a text."))
    first = text.splitlines()[0] if text.strip() else ""
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ValidationError(_now("This file cannot be read as CSV: %(why)s.") % {"why": error}) from error
    header = ["_".join(fold(cell.replace("_", " ")).split()) for cell in rows[0]] if rows else []
    if not set(header) & set(kind.columns):
        raise ValidationError(
            _now("The first line must name the columns: %(columns)s.") % {"columns": ", ".join(kind.columns)}
        )
    if len(rows) > MAX_ROWS + 1:
        raise ValidationError(_now("At most 1,000 lines at once: cut the file in two."))
    return [_line(kind, product, header, number, cells) for number, cells in enumerate(rows[1:], start=2)]


def _line(kind: type[EntryForm], product: Product, header: list[str], number: int, cells: list[str]) -> Line:
    row = dict(zip(header, cells, strict=False))
    form = kind(kind.cleaned_row(row), product=product)
    errors = [
        message if name == "__all__" else f"{form.fields[name].label}: {message}"
        for name, messages in form.errors.items()
        for message in messages
    ]
    return Line(number, cells, [str(error) for error in errors], form)
