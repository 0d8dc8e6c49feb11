"""Names of everything that the journal can say, one block per app."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Tag(TextChoices):
    """What happened; the value is stored and never changes, the label is what people read."""

    # directory
    USER_CREATED = "user.created", _("Account created")
    USER_EDITED = "user.edited", _("Profile edited")
    USER_SUSPENDED = "user.suspended", _("Account suspended")
    USER_REACTIVATED = "user.reactivated", _("Account reactivated")
    USER_ANONYMISED = "user.anonymised", _("Account erased")
    USER_EXPORTED = "user.exported", _("Personal data downloaded")
    OPERATOR_ADDED = "operator.added", _("Became an operator")
    OPERATOR_REMOVED = "operator.removed", _("Is no longer an operator")
    EMAIL_ADDED = "email.added", _("E-mail address added")
    EMAIL_VERIFIED = "email.verified", _("E-mail address confirmed")
    EMAIL_REMOVED = "email.removed", _("E-mail address removed")
    EMAIL_MADE_PRIMARY = "email.made-primary", _("Main e-mail address changed")
    ORGANIZATION_CREATED = "organization.created", _("Organisation created")
    ORGANIZATION_EDITED = "organization.edited", _("Organisation edited")
    ORGANIZATION_MEMBER_ADDED = "organization.member-added", _("Person added to an organisation")
    ORGANIZATION_MEMBER_CHANGED = "organization.member-changed", _("Job, role or dates in an organisation changed")
    ORGANIZATION_MEMBER_REMOVED = "organization.member-removed", _("Person removed from an organisation")
    DOMAIN_ADDED = "domain.added", _("E-mail domain claimed")
    DOMAIN_VERIFIED = "domain.verified", _("E-mail domain proven")
    DOMAIN_REMOVED = "domain.removed", _("E-mail domain removed")
    GROUP_CREATED = "group.created", _("Group created")
    GROUP_EDITED = "group.edited", _("Group edited")
    GROUP_MOVED = "group.moved", _("Group moved under another")
    GROUP_CLOSED = "group.closed", _("Group closed")
    MEMBERSHIP_STARTED = "membership.started", _("Person added to a group")
    MEMBERSHIP_CHANGED = "membership.changed", _("Role or dates in a group changed")
    MEMBERSHIP_ENDED = "membership.ended", _("Membership of a group ended")
    INVITATION_SENT = "invitation.sent", _("Invitation sent")
    INVITATION_ACCEPTED = "invitation.accepted", _("Invitation accepted")
    INVITATION_WITHDRAWN = "invitation.withdrawn", _("Invitation withdrawn")
    IMPORT_FINISHED = "import.finished", _("Import finished")
    # accounts
    SIGNED_IN = "session.signed-in", _("Signed in")
    SIGNED_OUT = "session.signed-out", _("Signed out")
    SESSIONS_ENDED = "session.ended", _("Sessions ended")
    STEPPED_UP = "session.stepped-up", _("Identity confirmed again")
    ORGANIZATION_CHOSEN = "session.organization-chosen", _("Chose for which organisation to act")
    SIGN_IN_REFUSED = "session.refused", _("Sign-in refused")
    PASSKEY_ADDED = "passkey.added", _("Passkey added")
    PASSKEY_RENAMED = "passkey.renamed", _("Passkey renamed")
    PASSKEY_REMOVED = "passkey.removed", _("Passkey removed")
    TOTP_ADDED = "totp.added", _("Authenticator app added")
    TOTP_REMOVED = "totp.removed", _("Authenticator app removed")
    RECOVERY_CODES_MADE = "recovery-codes.made", _("Recovery codes created")
    RECOVERY_CODE_USED = "recovery-codes.used", _("Recovery code used")
    FACTORS_RESET = "factors.reset", _("Second factors removed by an operator")
    CONSOLE_OPENED = "console.opened", _("Operator console opened")
    # oidc
    CLIENT_CREATED = "client.created", _("Application registered")
    CLIENT_EDITED = "client.edited", _("Application settings changed")
    CLIENT_SECRET_MADE = "client.secret-made", _("Application secret created")
    CLIENT_SECRET_REVOKED = "client.secret-revoked", _("Application secret revoked")
    CONSENT_GIVEN = "consent.given", _("Consent given to an application")
    CONSENT_WITHDRAWN = "consent.withdrawn", _("Consent to an application withdrawn")
    GRANT_MADE = "grant.made", _("Signed in to an application")
    GRANT_REVOKED = "grant.revoked", _("Access of an application ended")
    TOKEN_REUSED = "token.reused", _("A code or token was used twice: access ended")
    REGISTRATION_TOKEN_MADE = "registration-token.made", _("Token for registering applications created")
    REGISTRATION_TOKEN_REVOKED = "registration-token.revoked", _("Token for registering applications revoked")
    CLIENT_REGISTERED = "client.registered", _("Application registered itself")
    CLIENT_UNREGISTERED = "client.unregistered", _("Application ended its registration")
    DEVICE_ALLOWED = "device.allowed", _("Signed in on another device")
    DEVICE_REFUSED = "device.refused", _("Another device refused")
    KEY_CREATED = "key.created", _("Signing key created")
    KEY_ROTATED = "key.rotated", _("Signing key changed")
    # suite
    APPLICATION_CREATED = "application.created", _("Application added to the catalogue")
    APPLICATION_EDITED = "application.edited", _("Application card edited")
    APPLICATION_CLOSED = "application.closed", _("Application closed")
    APPLICATION_REOPENED = "application.reopened", _("Application opened again")
    SCOPES_ASKED = "scopes.asked", _("More data asked for an application")
    SCOPES_GRANTED = "scopes.granted", _("More data granted to an application")
    SCOPES_REFUSED = "scopes.refused", _("More data refused to an application")
    SIGN_IN_TRIED = "sign-in.tried", _("Sign-in of an application tried")
    # portfolio
    PRODUCT_PROPOSED = "product.proposed", _("Investigation proposed")
    PRODUCT_EDITED = "product.edited", _("Page of a product changed")
    DECISION_RECORDED = "decision.recorded", _("Decision recorded")
    DECISION_CORRECTED = "decision.corrected", _("Decision corrected")
    REVIEW_ASKED = "review.asked", _("Review asked for")
    REVIEW_ANSWERED = "review.answered", _("Review answered")
    COMMITTEE_SAVED = "committee.saved", _("Committee announced or changed")
    COMMITTEE_REMOVED = "committee.removed", _("Committee cancelled")
    PAPER_ADDED = "paper.added", _("Paper added")
    PAPER_REMOVED = "paper.removed", _("Paper removed")
    PUBLIC_NAME_CHANGED = "person.public-name-changed", _("Name on public pages shown or hidden")
    PRODUCT_OWNER_ASKED = "product.owner-asked", _("Message to the owner of a product")
    # similar
    SIMILAR_CONFIRMED = "similar.confirmed", _("Similar services confirmed")
    SIMILAR_REFUSED = "similar.refused", _("Similar services refused")
    SIMILAR_WITHDRAWN = "similar.withdrawn", _("Word on similar services taken back")
    # home
    LEGAL_PAGE_EDITED = "legal-page.edited", _("Legal page edited")


def tag_choices() -> list[tuple[str, str | Promise]]:
    """Return the choices; the model names this function, so that a new tag needs no migration."""
    return list(Tag.choices)
