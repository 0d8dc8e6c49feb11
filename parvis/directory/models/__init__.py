"""Who exists: people and their addresses, organisations and their domains, groups and their members."""

from parvis.directory.models.group import Group, GroupMembership, Invitation
from parvis.directory.models.organization import (
    EmailDomain,
    Organization,
    OrganizationMembership,
    RegistryIdentifier,
)
from parvis.directory.models.source import SourceRecord
from parvis.directory.models.standing import Standing
from parvis.directory.models.user import Email, User

__all__ = [
    "Email",
    "EmailDomain",
    "Group",
    "GroupMembership",
    "Invitation",
    "Organization",
    "OrganizationMembership",
    "RegistryIdentifier",
    "SourceRecord",
    "Standing",
    "User",
]
