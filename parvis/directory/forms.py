"""Forms of the directory. They parse and check; actions change."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.directory import policies
from parvis.directory.models import Group, Organization, RegistryIdentifier, User
from parvis.directory.models.dated import DatedMembership
from parvis.lib import email_address, free_mail, registry_numbers
from parvis.lib.ids import uuid7
from parvis.lib.text import one_line
from parvis.web.forms import DateField

MAX_PICTURE_BYTES = 5 * 1024 * 1024


class LineField(forms.CharField):
    """A text of one line: what was pasted with line breaks, tabs or invisible characters is put in order."""

    def to_python(self, value: Any) -> str:
        """Return the text on one line."""
        return one_line(str(super().to_python(value) or ""))


class PictureField(forms.FileField):
    """A picture to be decoded and encoded again by an action; only its size is checked here."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"})

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        """Refuse files that are too large."""
        file: UploadedFile | None = super().clean(data, initial)
        if file and (file.size or 0) > MAX_PICTURE_BYTES:
            raise ValidationError(_("Choose a picture of at most 5 MB."))
        return file


class PeopleFilters(forms.Form):
    """The choices beside the people list; the view reads the address itself, so that anything in it is answered."""

    use_required_attribute = False

    organization = forms.ChoiceField(label=_("Organisation"))
    group = forms.ChoiceField(label=_("Incubator or community"))

    def __init__(self, *, organizations: Iterable[Organization], groups: Iterable[Group], **kwargs: Any) -> None:
        super().__init__(auto_id="filter_%s", **kwargs)
        beside: dict[str, tuple[str | Promise, Iterable[Organization | Group]]] = {
            "organization": (_("Every organisation"), organizations),
            "group": (_("Every group"), groups),
        }
        for name, (every, rows) in beside.items():
            choices = [("", every), *((row.slug, truncate(row.name)) for row in rows)]
            self.fields[name].widget = forms.Select(choices=choices, attrs={"form": "people-search"})


def truncate(name: str, length: int = 70) -> str:
    """Return a name that fits in a list of choices."""
    return name if len(name) <= length else f"{name[: length - 1]}…"


class NewIdMixin(forms.Form):
    """A form that is drawn with the identifier of what it creates, so that sending it twice creates one."""

    new_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_id"].initial = uuid7

    @property
    def identifier(self) -> UUID:
        """Return the identifier to create with."""
        return self.cleaned_data.get("new_id") or uuid7()


class GroupForm(forms.Form):
    """What a group is."""

    name = LineField(label=_("Name"), max_length=250)
    kind = forms.ChoiceField(label=_("Kind"), choices=Group.Kind.choices)
    description = forms.CharField(
        label=_("What it does, in a sentence or two"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organisation"), required=False, empty_label=_("None")
    )
    visibility = forms.ChoiceField(
        label=_("Who sees it"), choices=Group.Visibility.choices, widget=forms.RadioSelect, initial="network"
    )

    def __init__(
        self, *args: Any, by: User, group: Group | None = None, parent: Group | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.parent = by, parent if group is None else group.parent
        kept = [one.organization_id for one in (group, self.parent) if one is not None and one.organization_id]
        allowed = Organization.objects.managed_by(by) | Organization.objects.filter(pk__in=kept)
        self.fields["organization"].queryset = allowed.distinct()  # type: ignore[attr-defined] # a ModelChoiceField


class GroupCreateForm(NewIdMixin, GroupForm):
    """A new group, under the group whose page one comes from."""

    def clean(self) -> dict[str, Any]:
        """Ask for a place that the person may fill."""
        data = super().clean() or {}
        organization = data.get("organization")
        if not self.errors and not policies.can_create_group(self.by, parent=self.parent, organization=organization):
            self.add_error("organization", _("Choose the organisation that the group belongs to."))
        return data


class DatesMixin(forms.Form):
    """From a day to a day, both included."""

    starts_on = DateField(label=_("First day"), initial=timezone.localdate)
    ends_on = DateField(label=_("Last day"), required=False, help_text=_("Leave empty if no end is planned."))

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start."""
        data = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The last day cannot come before the first."))
        return data


class MembershipForm(DatesMixin):
    """A person's place in a group."""

    role = forms.ChoiceField(
        label=_("Role"), choices=DatedMembership.Role.choices, widget=forms.RadioSelect, initial="member"
    )
    note = LineField(label=_("What for"), max_length=200, required=False, help_text=_("For example: designer."))
    field_order = ("role", "starts_on", "ends_on", "note")


class OrganizationMembershipForm(DatesMixin):
    """A person's place in an organisation."""

    job_title = LineField(label=_("Job title"), max_length=200, required=False)
    role = forms.ChoiceField(
        label=_("Role"), choices=DatedMembership.Role.choices, widget=forms.RadioSelect, initial="member"
    )
    field_order = ("job_title", "role", "starts_on", "ends_on")


class InvitationForm(forms.Form):
    """An address to invite into a group."""

    address = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("The invitation works only for the person who can read this mailbox, and for seven days."),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=DatedMembership.Role.choices, widget=forms.RadioSelect, initial="member"
    )
    membership_ends_on = DateField(
        label=_("Last day in the group"), required=False, help_text=_("Leave empty if no end is planned.")
    )

    def clean_address(self) -> str:
        """Return the address as it is written to."""
        return email_address.clean(self.cleaned_data["address"])

    def clean_membership_ends_on(self) -> Any:
        """Refuse an end that is past."""
        end = self.cleaned_data["membership_ends_on"]
        if end and end < timezone.localdate():
            raise ValidationError(_("Choose a day that is not past."))
        return end


class OrganizationForm(forms.Form):
    """What an organisation is."""

    name = LineField(label=_("Name"), max_length=250)
    acronym = LineField(label=_("Acronym"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Organization.Kind.choices)
    country = LineField(
        label=_("Country"),
        max_length=2,
        initial="FR",
        help_text=_("Code of two letters, such as FR."),
        validators=[RegexValidator(r"^[A-Za-z]{2}$", _("Enter a country code of two letters, such as FR."))],
    )
    siret = LineField(label=_("SIRET number"), max_length=30, required=False)
    website = forms.URLField(label=_("Website"), max_length=500, required=False, assume_scheme="https")
    logo = PictureField(label=_("Logo"), required=False, help_text=_("JPEG, PNG, WebP or GIF, at most 5 MB."))
    without_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    def clean_country(self) -> str:
        """Return the code in capitals."""
        return str(self.cleaned_data["country"]).upper()

    def clean_siret(self) -> str:
        """Check the control key."""
        number = registry_numbers.normalise(self.cleaned_data["siret"])
        if number and not registry_numbers.is_siret(number):
            raise ValidationError(_("This is not a SIRET number: it has 14 digits and a control key."))
        return number

    @property
    def identifiers(self) -> dict[str, str]:
        """Return the official numbers by register."""
        return {RegistryIdentifier.Scheme.SIRET: self.cleaned_data["siret"]}


class OrganizationCreateForm(NewIdMixin, OrganizationForm):
    """A new organisation; operators place it under another."""

    parent = forms.ModelChoiceField(
        Organization.objects.order_by("sort_key", "id"), label=_("Part of"), required=False, empty_label=_("None")
    )


class DomainForm(forms.Form):
    """A domain that an organisation says is its own."""

    domain = LineField(label=_("Domain"), max_length=253, help_text=_("What follows the @ in your addresses."))

    def clean_domain(self) -> str:
        """Return the canonical domain; what was typed may be a whole address."""
        domain = email_address.canonical_domain(self.cleaned_data["domain"].rpartition("@")[2])
        if free_mail.is_free_mail(domain):
            raise ValidationError(
                _("Anyone can have an address at this provider: it cannot belong to an organisation.")
            )
        return domain


def time_zones() -> list[tuple[str, str]]:
    """Return the time zones that people live in."""
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if name.startswith(areas)]


class ProfileForm(forms.Form):
    """What a person says of themselves, and who may see it."""

    given_name = LineField(label=_("Given name"), max_length=150)
    family_name = LineField(label=_("Family name"), max_length=150, required=False)
    display_name = LineField(
        label=_("Name shown"),
        max_length=300,
        required=False,
        help_text=_("Leave empty to show your given name and family name."),
    )
    photo = PictureField(label=_("Photo"), required=False, help_text=_("JPEG, PNG, WebP or GIF, at most 5 MB."))
    without_photo = forms.BooleanField(label=_("Remove my photo"), required=False)
    job_title = LineField(label=_("Job title"), max_length=200, required=False)
    phone_number = LineField(
        label=_("Phone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        validators=[
            RegexValidator(r"^\+?[0-9][0-9 .()/-]{3,}$", _("Enter a phone number, such as +33 1 23 45 67 89."))
        ],
    )
    card_audience = forms.ChoiceField(
        label=_("Who sees my card"), choices=User.Audience.choices[:2], widget=forms.RadioSelect
    )
    email_audience = forms.ChoiceField(
        label=_("Who sees my e-mail address"), choices=User.Audience.choices, widget=forms.RadioSelect
    )
    phone_audience = forms.ChoiceField(
        label=_("Who sees my phone number"), choices=User.Audience.choices, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("fr", "Français"), ("en", "English")])
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)


class EraseForm(forms.Form):
    """The last word before an erasure."""

    agrees = forms.BooleanField(label=_("I understand that my account cannot be brought back."))
