"""What people tell: a paragraph to look for, and a word on a pair."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.similar.models import Verdict

LONGEST = 10_000
SHORTEST = 12
"""Characters below which a text cannot tell a need."""


class ParagraphForm(forms.Form):
    """The need in the person's words, and what to narrow the answer to."""

    text = forms.CharField(
        label=_("The problem, or the service that you have in mind"),
        help_text=_("A few sentences in French or English: who has the problem, what they need. Nothing is kept."),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST}),
        min_length=SHORTEST,
        max_length=LONGEST,
        error_messages={
            "required": _("Describe the problem in a sentence or two."),
            "min_length": _("Write a little more: a sentence is enough."),
            "max_length": _("This is too long: keep the paragraph that says the problem (10,000 characters at most)."),
        },
    )
    country = forms.CharField(required=False, max_length=4, widget=forms.HiddenInput)
    phase = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    source = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class JudgementForm(forms.Form):
    """Confirm or refuse, and why."""

    verdict = forms.ChoiceField(choices=[*Verdict.choices, ("withdraw", "")])
    reason = forms.CharField(required=False, max_length=1000)

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = gettext("Why is %(name)s similar, or why not? (may stay empty)") % {"name": name}

    def clean_reason(self) -> str:
        """Return the reason on one line."""
        value: Any = self.cleaned_data["reason"]
        return " ".join(str(value).split())
