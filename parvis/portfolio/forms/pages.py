"""What a team says of its product."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.directory.models import Organization
from parvis.portfolio.forms.fields import KeptAndAddedMixin, LineField, NewIdMixin, TextAreaField, WordsField
from parvis.portfolio.models import Incubator, Product, Term
from parvis.portfolio.policies import Viewer

LANGUAGES = [("fr", "Français"), ("en", "English")]
YES_OR_NO = [("", _("Not said")), ("true", _("Yes")), ("false", _("No"))]


class ProposalForm(NewIdMixin):
    """An investigation that somebody proposes."""

    name = LineField(label=_("Name"), max_length=250, help_text=_("A working title is fine; it can change later."))
    mission = LineField(
        label=_("What it would make simpler, in one sentence"),
        max_length=500,
        help_text=_("For example: help families find a place in a nursery."),
    )
    problem = TextAreaField(
        label=_("The problem"),
        max_length=5000,
        help_text=_("Who meets it, how often, and how you know. Leave the solution out."),
    )
    solution = TextAreaField(label=_("A first idea of the solution"), max_length=5000, required=False)
    language = forms.ChoiceField(label=_("Language of these texts"), choices=LANGUAGES)
    incubator = forms.ModelChoiceField(
        Incubator.objects.none(), label=_("Incubator"), to_field_name="key", empty_label=_("Choose an incubator")
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incubator"].queryset = Incubator.objects.visible_to(viewer)  # type: ignore[attr-defined] # a ModelChoiceField
        self.order_fields(["name", "mission", "problem", "solution", "language", "incubator", "new_id"])


class _PageForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the checker only
    """A part of a product's page."""

    def values(self) -> dict[str, Any]:
        """Return the fields of the page, for the action."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class PresentationForm(_PageForm):
    """What the product is, in words."""

    name = LineField(label=_("Name"), max_length=250)
    mission = LineField(label=_("Mission in one sentence"), max_length=1000)
    original_language = forms.ChoiceField(label=_("Language of these texts"), choices=LANGUAGES)

    class Meta:
        model = Product
        fields = (
            "name", "mission", "original_language", "problem_original", "solution_original", "problem_en",
            "solution_en", "description",
        )  # fmt: skip
        widgets = {
            name: forms.Textarea(attrs={"rows": 4})
            for name in ("problem_original", "solution_original", "problem_en", "solution_en")
        } | {"description": forms.Textarea(attrs={"rows": 14})}
        help_texts = {
            "problem_original": _("Who meets it, how often, and how you know."),
            "problem_en": _("Other countries search in English: one paragraph is enough."),
            "description": _("Markdown: headings, lists and links. Pictures and HTML are left out."),
        }


class LinksForm(_PageForm):
    """Where the product shows what it does."""

    class Meta:
        model = Product
        fields = (
            "website", "repository", "contact", "has_stats", "stats_url", "impact_url", "budget_url", "dashlord_url",
            "accessibility_status", "has_risk_analysis", "risk_analysis_url", "uses_mon_service_securise",
        )  # fmt: skip
        widgets = {
            name: forms.NullBooleanSelect() for name in ("has_stats", "has_risk_analysis", "uses_mon_service_securise")
        }
        help_texts = {
            "contact": _("A shared mailbox, never somebody’s own: it is for the network, not for the public.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: list[tuple[str, Any]] = [("", _("Not said")), *Product.Accessibility.choices]
        now = self.instance.accessibility_status
        if now and now not in Product.Accessibility.values:
            known.append((now, now))
        self.fields["accessibility_status"] = forms.ChoiceField(label=_("Accessibility"), choices=known, required=False)


class WordsForm(forms.Form):
    """The words by which a product is found."""

    themes = forms.MultipleChoiceField(label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple)
    users = forms.MultipleChoiceField(label=_("For whom"), required=False, widget=forms.CheckboxSelectMultiple)
    technologies = WordsField(
        label=_("Technologies"), required=False, help_text=_("Separated by commas: Python, Django, PostgreSQL.")
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        links = list(product.term_links.select_related("term"))
        own = {kind: [link.term for link in links if link.term.kind == kind] for kind in Term.Kind.values}
        standard = list(Term.objects.filter(is_standard=True, kind__in=[Term.Kind.THEME, Term.Kind.USER_TYPE]))
        self._terms: dict[str, dict[str, Term]] = {}
        initial = {
            "themes": [term.key for term in own[Term.Kind.THEME]],
            "users": [term.key for term in own[Term.Kind.USER_TYPE]],
            "technologies": [term.label_fr for term in own[Term.Kind.TECHNOLOGY]],
        }
        super().__init__(*args, **({"initial": initial} | kwargs))
        for name, kind in (("themes", Term.Kind.THEME), ("users", Term.Kind.USER_TYPE)):
            offered = {term.key: term for term in [*(one for one in standard if one.kind == kind), *own[kind]]}
            self._terms[name] = offered
            choices = sorted(((key, term.label) for key, term in offered.items()), key=lambda pair: pair[1].casefold())
            self.fields[name].choices = choices  # type: ignore[attr-defined] # a MultipleChoiceField

    def terms(self, name: str) -> list[Term]:
        """Return the terms ticked, in the order of the list."""
        return [self._terms[name][key] for key in self.cleaned_data[name]]


class LessonsForm(_PageForm):
    """What was learnt, above all when a product stops."""

    class Meta:
        model = Product
        fields = ("lessons", "lessons_en")
        widgets = {name: forms.Textarea(attrs={"rows": 10}) for name in ("lessons", "lessons_en")}
        help_texts = {
            "lessons": _(
                "What you believed, what you found, why it stopped, and what the next team should know. "
                "Those who meet the same problem read this first."
            ),
        }


class BackersForm(KeptAndAddedMixin, forms.Form):
    """The incubators and sponsors of a product: what its incubators answer for."""

    def __init__(self, *args: Any, product: Product, field: str, with_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = field
        now, offered = self._rows(product, field)
        label = _("Incubators, the main one first") if field == "incubators" else _("Sponsors")
        self.put_list(field, kept=now, others=[pair for pair in offered if pair not in now], label=label)
        if with_reason:
            self.fields["reason"] = TextAreaField(label=_("Why"), max_length=2000, required=False, rows=3)

    @staticmethod
    def _rows(product: Product, field: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        if field == "incubators":
            links = product.incubator_links.filter(incubator__isnull=False).order_by("-is_main", "position")
            offered = Incubator.objects.filter(is_hidden=False).values_list("key", "name")
            return list(links.values_list("incubator__key", "incubator__name")), list(offered)
        links_ = product.sponsorships.filter(organization__isnull=False)
        now = dict(links_.values_list("organization__slug", "organization__name"))
        return list(now.items()), list(Organization.objects.order_by("sort_key").values_list("slug", "name"))

    @property
    def keys(self) -> list[str]:
        """Return the keys chosen."""
        return self.chosen(self.name)
