"""E-mail domains of organisations: claimed, then proven by a DNS record or set by an operator. Matched exactly."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory.exceptions import DirectoryError, ProofMissingError
from parvis.directory.models import EmailDomain, Organization, User
from parvis.lib import dns

RECORD_LABEL = "_parvis"
"""The record lives under a label of its own, beside the many TXT records that a domain's root collects."""


def record_name(domain: EmailDomain) -> str:
    """Return the DNS name that must hold the record."""
    return f"{RECORD_LABEL}.{domain.domain}"


@transaction.atomic
def claim_domain(*, by: User, organization: Organization, domain: str) -> EmailDomain:
    """Say that a domain is the organisation's own; it counts for nothing until proven. Raises ValidationError."""
    return _claim(by, organization, domain)


@transaction.atomic
def set_domain(*, by: User | None, organization: Organization, domain: str) -> EmailDomain:
    """Give a domain to an organisation on an operator's word. Raises ValidationError for a free-mail provider."""
    claimed = _claim(by, organization, domain)
    if claimed.verified_at is None:
        _mark_proven(by, claimed, EmailDomain.Proof.OPERATOR)
    return claimed


def _claim(by: User | None, organization: Organization, domain: str) -> EmailDomain:
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    claim = EmailDomain(organization=organization, domain=domain, token=secrets.token_urlsafe(24))
    claim.clean()
    if existing := organization.email_domains.filter(domain=claim.domain).first():
        return existing
    claim.full_clean()
    claim.save(force_insert=True)
    record(tag=Tag.DOMAIN_ADDED, by=by, target=organization, organization=organization, domain=claim.domain)
    return claim


def prove_domain(*, by: User | None, domain: EmailDomain) -> EmailDomain:
    """Look for our record in the DNS, outside any transaction, then note the proof. Raises ProofMissingError."""
    try:
        records = dns.txt_records(record_name(domain))
    except dns.DnsError as error:
        raise ProofMissingError(error.message) from error
    if domain.dns_record not in (text.strip() for text in records):
        if records:
            raise ProofMissingError(_("The record exists but holds another value. Copy the value shown here into it."))
        raise ProofMissingError(_("The DNS does not show the record yet. A new record can take an hour to appear."))
    with transaction.atomic():
        locked = EmailDomain.objects.select_for_update(of=("self",)).select_related("organization").get(pk=domain.pk)
        if locked.verified_at is None:
            _mark_proven(by, locked, EmailDomain.Proof.DNS)
        return locked


def _mark_proven(by: User | None, domain: EmailDomain, proof: str) -> None:
    if EmailDomain.objects.filter(domain=domain.domain, verified_at__isnull=False).exclude(pk=domain.pk).exists():
        raise DirectoryError(_("Another organisation has already proven this domain. Write to the operators."))
    domain.proof, domain.verified_at = proof, timezone.now()
    try:
        domain.full_clean()
    except ValidationError as error:
        raise DirectoryError(" ".join(error.messages)) from error
    domain.save()
    organization = domain.organization
    record(
        tag=Tag.DOMAIN_VERIFIED,
        by=by,
        target=organization,
        organization=organization,
        domain=domain.domain,
        proof=str(proof),
    )


@transaction.atomic
def remove_domain(*, by: User | None, domain: EmailDomain) -> None:
    """Take a domain from an organisation. People who joined by it stay until someone ends their place."""
    locked = (
        EmailDomain.objects.select_for_update(of=("self",)).select_related("organization").filter(pk=domain.pk).first()
    )
    if locked is None:
        return
    organization = locked.organization
    locked.delete()
    record(tag=Tag.DOMAIN_REMOVED, by=by, target=organization, organization=organization, domain=domain.domain)
