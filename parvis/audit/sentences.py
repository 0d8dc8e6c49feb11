"""The journal in words: one sentence for each tag of the directory; other apps add theirs to `registry.sentences`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.audit.tags import Tag

SENTENCES: dict[str, Promise] = {
    Tag.USER_CREATED: _("{by} created the account of {person}"),
    Tag.USER_EDITED: _("{by} edited the profile of {person}"),
    Tag.USER_SUSPENDED: _("{by} suspended the account of {person}"),
    Tag.USER_REACTIVATED: _("{by} reactivated the account of {person}"),
    Tag.USER_ANONYMISED: _("{by} erased the account of {person}"),
    Tag.USER_EXPORTED: _("{by} downloaded the personal data of {person}"),
    Tag.OPERATOR_ADDED: _("{by} made {person} an operator"),
    Tag.OPERATOR_REMOVED: _("{by} took the operator’s role from {person}"),
    Tag.EMAIL_ADDED: _("{by} added an e-mail address to the account of {person}"),
    Tag.EMAIL_VERIFIED: _("{person} confirmed an e-mail address"),
    Tag.EMAIL_REMOVED: _("{by} removed an e-mail address from the account of {person}"),
    Tag.EMAIL_MADE_PRIMARY: _("{by} changed the main e-mail address of {person}"),
    Tag.ORGANIZATION_CREATED: _("{by} created the organisation {target}"),
    Tag.ORGANIZATION_EDITED: _("{by} edited the organisation {target}"),
    Tag.ORGANIZATION_MEMBER_ADDED: _("{by} added {person} to {organization}"),
    Tag.ORGANIZATION_MEMBER_CHANGED: _("{by} changed the job, role or dates of {person} in {organization}"),
    Tag.ORGANIZATION_MEMBER_REMOVED: _("{by} ended the place of {person} in {organization}"),
    Tag.DOMAIN_ADDED: _("{by} claimed the domain {domain} for {organization}"),
    Tag.DOMAIN_VERIFIED: _("{by} proved the domain {domain} for {organization}"),
    Tag.DOMAIN_REMOVED: _("{by} removed the domain {domain} from {organization}"),
    Tag.GROUP_CREATED: _("{by} created the group {target}"),
    Tag.GROUP_EDITED: _("{by} edited the group {target}"),
    Tag.GROUP_MOVED: _("{by} moved the group {target}"),
    Tag.GROUP_CLOSED: _("{by} closed the group {target}"),
    Tag.MEMBERSHIP_STARTED: _("{by} added {person} to {target}"),
    Tag.MEMBERSHIP_CHANGED: _("{by} changed the role or dates of {person} in {target}"),
    Tag.MEMBERSHIP_ENDED: _("{by} ended the membership of {person} in {target}"),
    Tag.INVITATION_SENT: _("{by} sent an invitation to join {target}"),
    Tag.INVITATION_ACCEPTED: _("{person} accepted an invitation to join {target}"),
    Tag.INVITATION_WITHDRAWN: _("{by} withdrew an invitation to join {target}"),
}

BECAUSE: dict[tuple[str, str], Promise] = {
    (Tag.MEMBERSHIP_ENDED, "left"): _("{person} left {target}"),
    (Tag.MEMBERSHIP_ENDED, "end"): _("The membership of {person} in {target} reached its end"),
    (Tag.MEMBERSHIP_ENDED, "closed"): _("The membership of {person} ended when {target} was closed"),
    (Tag.ORGANIZATION_MEMBER_REMOVED, "end"): _("The place of {person} in {organization} reached its end"),
    (Tag.ORGANIZATION_MEMBER_ADDED, "domain"): _("{person} joined {organization} with an address of its domain"),
}
"""Sentences for a tag whose data say why."""

BY_ONESELF: dict[str, Promise] = {
    Tag.USER_CREATED: _("{person} created their account"),
    Tag.USER_EDITED: _("{person} edited their profile"),
    Tag.USER_ANONYMISED: _("{person} erased their account"),
    Tag.USER_EXPORTED: _("{person} downloaded their data"),
    Tag.EMAIL_ADDED: _("{person} added an e-mail address"),
    Tag.EMAIL_REMOVED: _("{person} removed an e-mail address"),
    Tag.EMAIL_MADE_PRIMARY: _("{person} changed their main e-mail address"),
    Tag.MEMBERSHIP_STARTED: _("{person} joined {target}"),
    Tag.ORGANIZATION_MEMBER_ADDED: _("{person} joined {organization}"),
}
"""Sentences for what a person did to themselves."""
