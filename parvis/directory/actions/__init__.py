"""Changes to the directory: one verb, one function; each locks, changes, and tells the journal in one transaction."""

from parvis.directory.actions.domains import claim_domain, prove_domain, remove_domain, set_domain
from parvis.directory.actions.emails import (
    add_email,
    confirm_email,
    join_organization_by_domain,
    make_email_primary,
    remove_email,
)
from parvis.directory.actions.groups import close_group, create_group, edit_group, move_group
from parvis.directory.actions.invitations import accept_invitation, invite, resend_invitation, withdraw_invitation
from parvis.directory.actions.memberships import add_membership, change_membership, end_membership, leave_group
from parvis.directory.actions.organizations import (
    add_organization_member,
    change_organization_member,
    create_organization,
    edit_organization,
    end_organization_member,
)
from parvis.directory.actions.people import (
    anonymise_user,
    create_user,
    edit_profile,
    make_operator,
    reactivate_user,
    revoke_operator,
    suspend_user,
)

__all__ = [
    "accept_invitation",
    "add_email",
    "add_membership",
    "add_organization_member",
    "anonymise_user",
    "change_membership",
    "change_organization_member",
    "claim_domain",
    "close_group",
    "confirm_email",
    "create_group",
    "create_organization",
    "create_user",
    "edit_group",
    "edit_organization",
    "edit_profile",
    "end_membership",
    "end_organization_member",
    "invite",
    "join_organization_by_domain",
    "leave_group",
    "make_email_primary",
    "make_operator",
    "move_group",
    "prove_domain",
    "reactivate_user",
    "remove_domain",
    "remove_email",
    "resend_invitation",
    "revoke_operator",
    "set_domain",
    "suspend_user",
    "withdraw_invitation",
]
