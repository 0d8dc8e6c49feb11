"""Organisations, their official identifiers, their e-mail domains and the people who belong to them."""

from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.directory import policies
from parvis.directory.models.dated import ENDING, DatedMembership, DatedQuerySet
from parvis.directory.models.search import Searchable, SearchableQuerySet
from parvis.directory.models.user import User
from parvis.lib import email_address, free_mail, registry_numbers
from parvis.lib.ids import uuid7
from parvis.lib.text import fold, one_line


class OrganizationQuerySet(SearchableQuerySet["Organization"]):
    """Sets of organisations."""

    def visible_to(self, viewer: User | AnonymousUser | None) -> Self:
        """Return the organisations the viewer may open: all are public."""
        return policies.visible_organizations(self, viewer)

    def managed_by(self, user: User) -> Self:
        """Return the organisations that the person looks after (see `policies.can_manage_organization`)."""
        return self if user.is_staff else self.filter(pk__in=user.standing.managed_organization_ids)


class OrganizationManager(models.Manager["Organization"].from_queryset(OrganizationQuerySet)):  # type: ignore[misc] # django-stubs cannot see from_queryset bases
    """Fetching organisations; those that only exist to try applications with are left out."""

    def get_queryset(self) -> OrganizationQuerySet:
        """Return the real organisations."""
        organizations: OrganizationQuerySet = super().get_queryset()
        return organizations.filter(is_fictional=False)


class Organization(Searchable):
    """An administration, operator, local authority, company or association that people belong to."""

    class Kind(models.TextChoices):
        """What sort of organisation."""

        CENTRAL = "central", _("Central administration")
        DECENTRALISED = "deconcentrated", _("Local office of the State")
        OPERATOR = "operator", _("Public operator or agency")
        SOCIAL_SECURITY = "social-security", _("Social security")
        LOCAL_AUTHORITY = "local-authority", _("Local authority")
        INTERNATIONAL = "international", _("International organisation")
        COMPANY = "company", _("Company")
        ASSOCIATION = "association", _("Association")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(_("address on the site"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=250)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        default="FR",
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Enter a country code of two letters, such as FR."))],
    )
    website = models.URLField(_("website"), blank=True, max_length=500)
    logo = models.ImageField(_("logo"), upload_to="logos/", blank=True)
    is_fictional = models.BooleanField(
        default=False, editable=False, help_text=_("Exists for applications on trial only.")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OrganizationManager()
    everything = OrganizationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]
        indexes: ClassVar = [models.Index(fields=["sort_key", "id"], name="directory_organization_sort")]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """Return the acronym, else the name."""
        return self.acronym or self.name

    def clean(self) -> None:
        """Put names on one line; refuse a parent that is the organisation or below it."""
        self.name, self.acronym = one_line(self.name), one_line(self.acronym)
        above = self.parent
        for _level in range(50):
            if above is None:
                return
            if above.pk == self.pk:
                break
            above = above.parent
        raise ValidationError({"parent": _("An organisation cannot be a part of itself.")})

    def searchable_text(self) -> str:
        """Return name and acronym."""
        return f"{self.name} {self.acronym}"

    def sorting_text(self) -> str:
        """Return the folded name."""
        return fold(self.name)

    @property
    def logo_url(self) -> str:
        """Return the address of the logo, or an empty string."""
        return self.logo.url if self.logo else ""

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("directory:organization-detail", args=[self.slug])

    @property
    def siret(self) -> str:
        """Return the establishment's SIRET number, or an empty string."""
        return next(
            (item.value for item in self.identifiers.all() if item.scheme == RegistryIdentifier.Scheme.SIRET), ""
        )


class RegistryIdentifier(models.Model):
    """An official number of an organisation."""

    class Scheme(models.TextChoices):
        """The register that gave the number."""

        SIRET = "siret", _("SIRET")
        SIREN = "siren", _("SIREN")
        RNA = "rna", _("RNA")
        VAT = "vat", _("VAT number")
        LEI = "lei", _("LEI")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("register"), max_length=8, choices=Scheme.choices)
    value = models.CharField(_("number"), max_length=40)

    class Meta:
        ordering: ClassVar = ["scheme", "value"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "value"], name="directory_identifier_unique"),
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(scheme="siret"), name="directory_identifier_one_siret"
            ),
        ]
        verbose_name = _("official number")
        verbose_name_plural = _("official numbers")

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    def clean(self) -> None:
        """Normalise the number and check its key. Raises ValidationError."""
        self.value = registry_numbers.normalise(self.value)
        if self.scheme == self.Scheme.SIRET and not registry_numbers.is_siret(self.value):
            raise ValidationError({"value": _("This is not a SIRET number: it has 14 digits and a control key.")})
        if self.scheme == self.Scheme.SIREN and not registry_numbers.is_siren(self.value):
            raise ValidationError({"value": _("This is not a SIREN number: it has 9 digits and a control key.")})


class EmailDomainQuerySet(models.QuerySet["EmailDomain"]):
    """Sets of e-mail domains."""

    def organization_for(self, address: str) -> Organization | None:
        """Return the organisation that has proven exactly this address's domain, never one above or below it.

        Nobody's domain is a free-mail provider's, even if a row ever said so.
        """
        domain = email_address.domain_of(address).lower()
        if free_mail.is_free_mail(domain):
            return None
        found = self.filter(domain=domain, verified_at__isnull=False).select_related("organization").first()
        return found.organization if found else None


class EmailDomain(models.Model):
    """A domain whose addresses belong to an organisation: matched exactly, proven by DNS or set by an operator."""

    class Proof(models.TextChoices):
        """How the organisation showed that the domain is its own."""

        NONE = "none", _("Not proven yet")
        DNS = "dns", _("DNS record")
        OPERATOR = "operator", _("Set by an operator")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="email_domains")
    domain = models.CharField(_("domain"), max_length=253)
    proof = models.CharField(_("proof"), max_length=8, choices=Proof.choices, default=Proof.NONE)
    token = models.CharField(max_length=64, editable=False)
    verified_at = models.DateTimeField(_("proven"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EmailDomainQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["domain"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["domain"], condition=models.Q(verified_at__isnull=False), name="directory_domain_one_owner"
            ),
            models.UniqueConstraint(fields=["organization", "domain"], name="directory_domain_once_an_organization"),
        ]
        verbose_name = _("e-mail domain")
        verbose_name_plural = _("e-mail domains")

    def __str__(self) -> str:
        return self.domain

    def clean(self) -> None:
        """Normalise the domain; refuse free-mail providers. Raises ValidationError."""
        self.domain = email_address.canonical_domain(self.domain)
        if free_mail.is_free_mail(self.domain):
            raise ValidationError(
                {"domain": _("Anyone can have an address at this provider: it cannot belong to an organisation.")}
            )

    @property
    def dns_record(self) -> str:
        """Return the TXT value that proves the domain."""
        return f"parvis-domain-verification={self.token}"


class OrganizationMembershipQuerySet(DatedQuerySet["OrganizationMembership"]):
    """Sets of people's places in organisations."""


class OrganizationMembership(DatedMembership):
    """A person's place in an organisation: job, role and dates."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="organization_memberships", verbose_name=_("person")
    )
    job_title = models.CharField(_("job title"), max_length=200, blank=True)

    objects = OrganizationMembershipQuerySet.as_manager()

    class Meta(DatedMembership.Meta):
        abstract = False
        ordering: ClassVar = ["-starts_on", "id"]
        constraints: ClassVar = [
            *DatedMembership.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "user", "starts_on"], name="directory_organizationmembership_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_on"], condition=ENDING, name="directory_orgmember_ending"),
            models.Index(fields=["user", "ends_on"], name="directory_orgmember_user"),
            models.Index(fields=["organization", "ends_on"], name="directory_orgmember_org"),
        ]
        verbose_name = _("place in an organisation")
        verbose_name_plural = _("places in organisations")

    def __str__(self) -> str:
        return f"{self.user} · {self.organization}"
