"""Deciding, asking for a decision, answering; committees and their papers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.portfolio.actions.decisions import possible_phases
from parvis.portfolio.forms.fields import LineField, TextAreaField, use_day_pickers
from parvis.portfolio.models import ACTIVE, STOPPED, Committee, Decision, Incubator, Mute, PhaseName, Product
from parvis.portfolio.models.product import ProductQuerySet
from parvis.portfolio.policies import Viewer
from parvis.web.forms import DateField

MAX_PAPER_BYTES = 5 * 1_048_576
PAPER_TYPES = {
    "pdf": ("application/pdf", b"%PDF-"),
    "odt": ("application/vnd.oasis.opendocument.text", b"PK"),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", b"PK"),
    "odp": ("application/vnd.oasis.opendocument.presentation", b"PK"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", b"PK"),
}
"""What may be kept: its type, and the bytes with which such a file begins."""


class DecisionForm(forms.Form):
    """What was decided about a product, since when, and why."""

    kind = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    to_phase = forms.ChoiceField(label=_("Phase from now on"), required=False)
    on = DateField(label=_("Takes effect on"), initial=timezone.localdate)
    reasons = TextAreaField(label=_("Reasons"), max_length=10_000, help_text=_("Everyone reads them, the team first."))
    committee = forms.ModelChoiceField(
        Committee.objects.none(), label=_("Committee"), required=False, empty_label=_("None, or not in the list")
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = Decision.Kind
        kinds = [kind.ACCEPT, kind.DECLINE]
        if product.state != Product.State.PROPOSED:
            kinds = [kind.MOVE, kind.STAY, kind.STOP]
        phases = [name for name in possible_phases(product) if name not in STOPPED]
        if kind.MOVE in kinds and phases:
            self.fields["to_phase"].choices = [("", _("Choose a phase")), *((one.value, one.label) for one in phases)]  # type: ignore[attr-defined] # a ChoiceField
        else:
            del self.fields["to_phase"]
            kinds = [one for one in kinds if one != kind.MOVE]
        self.fields["kind"].choices = [(one.value, one.label) for one in kinds]  # type: ignore[attr-defined] # a ChoiceField
        committees = Committee.objects.filter(incubator__in=product.incubators.values("pk"))
        self.fields["committee"].queryset = committees  # type: ignore[attr-defined] # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """Ask for the phase of a move."""
        data = super().clean() or {}
        if data.get("kind") == Decision.Kind.MOVE and not data.get("to_phase") and "to_phase" in self.fields:
            self.add_error("to_phase", _("Choose the phase that the product enters."))
        if data.get("kind") != Decision.Kind.MOVE:
            data["to_phase"] = ""
        return data


class CorrectionForm(forms.Form):
    """What a decision should have said."""

    to_phase = forms.ChoiceField(
        label=_("Phase"), required=False, help_text=_("Choose “Nothing” to undo what the decision began.")
    )
    on = DateField(label=_("Took effect on"))
    reasons = TextAreaField(label=_("What was wrong"), max_length=10_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_phase"].choices = [("", _("Nothing")), *PhaseName.choices]  # type: ignore[attr-defined] # a ChoiceField


class PhaseRequestForm(forms.Form):
    """A phase that a team asks for."""

    to_phase = forms.ChoiceField(label=_("Phase that you ask for"))
    reason = TextAreaField(label=_("Why"), max_length=2000, help_text=_("The incubator and the committee read it."))

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phases = [(one.value, one.label) for one in possible_phases(product)]
        self.fields["to_phase"].choices = [("", _("Choose a phase")), *phases]  # type: ignore[attr-defined] # a ChoiceField


class AnswerForm(forms.Form):
    """The incubator's answer."""

    answer = TextAreaField(
        label=_("Your answer"), max_length=2000, required=False, rows=3, help_text=_("Needed when you refuse.")
    )


class CommitteeForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the checker only
    """A committee and its agenda."""

    title = LineField(label=_("Title"), max_length=200)

    class Meta:
        model = Committee
        fields = ("title", "incubator", "on", "starts_at", "place", "note", "is_public", "products")
        widgets = {
            "starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "note": forms.Textarea(attrs={"rows": 3}),
            "products": forms.CheckboxSelectMultiple(),
        }

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_day_pickers(self)
        if self.instance._state.adding:  # noqa: SLF001 - Django's own way to know
            # The agenda is filled once the incubator is known: whose products could be on it.
            del self.fields["products"]
            self.fields["incubator"].queryset = Incubator.objects.managed_by(viewer)  # type: ignore[attr-defined] # a ModelChoiceField
            return
        del self.fields["incubator"]
        self.fields["products"].queryset = self._possible()  # type: ignore[attr-defined] # a ModelMultipleChoiceField

    def _possible(self) -> ProductQuerySet:
        """Return the proposals and active products of the incubator, and what is on the agenda already."""
        of_incubator = Product.objects.filter(incubator_links__incubator=self.instance.incubator_id)
        alive = Q(state=Product.State.PROPOSED) | Q(state=Product.State.LISTED, current_phase__in=ACTIVE)
        chosen = Q(pk__in=self.instance.products.values("pk"))
        found = Product.objects.filter(Q(pk__in=of_incubator.filter(alive).values("pk")) | chosen)
        return found.defer("search_text", "description")


class PaperForm(forms.Form):
    """A paper for a committee, or about a product."""

    title = LineField(label=_("Title"), max_length=200)
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, OpenDocument or Office, at most 5 MB. Only those concerned can read it.")
    )

    content_type = ""

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large, or is not what its name says."""
        file: UploadedFile = self.cleaned_data["file"]
        ending = (file.name or "").rpartition(".")[2].lower()
        if (file.size or 0) > MAX_PAPER_BYTES:
            raise ValidationError(_("Choose a file of at most 5 MB."))
        if ending not in PAPER_TYPES:
            raise ValidationError(_("Choose a PDF, OpenDocument or Office file."))
        self.content_type, start = PAPER_TYPES[ending]
        head = file.read(8)
        file.seek(0)
        if not head.startswith(start):
            raise ValidationError(_("This file is not what its name says: save it anew and choose it again."))
        return file


class NoticesForm(forms.Form):
    """Which mails one wishes, and whether one is named on public pages."""

    wanted = forms.MultipleChoiceField(
        label=_("Mails that I wish to receive"),
        choices=Mute.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class PublicNameForm(forms.Form):
    """Whether a person is named on public pages."""

    hide_from_public = forms.BooleanField(
        label=_("Do not name me on public pages"),
        required=False,
        help_text=_("Effective at once. People who are signed in still see you in the teams you belong to."),
    )
