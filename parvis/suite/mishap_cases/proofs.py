"""Wrong addresses, and applications that do not prove who they are."""

from django.utils.translation import gettext_lazy as _

from parvis.oidc import client_keys
from parvis.suite.mishap_cases.case import Case, Page

_AGAIN = _(
    "Register the one that the application sends, or make it send one that is. They are compared to the character."
)

CASES = (
    Case(
        "",
        "post_logout_redirect_uri is not one",
        _("The address after signing out is not registered"),
        _AGAIN,
        Page.SIGN_IN,
    ),
    Case("", "redirect_uri is not one", _("The redirect address is not registered"), _AGAIN, Page.SIGN_IN),
    Case(
        "",
        "redirect_uri is missing",
        _("No redirect address was sent"),
        _("Send redirect_uri with each request, even when one address only is registered."),
    ),
    Case(
        "invalid_logout",
        "id_token_hint is not",
        _("The ID token of the sign-out is not one of ours"),
        _("Send the one that the last sign-in gave, from this very issuer."),
    ),
    Case(
        "invalid_logout",
        "",
        _("The sign-out does not hold together"),
        _("Send id_token_hint and one of the registered addresses, each once."),
    ),
    Case(
        "invalid_client",
        client_keys.UNREADABLE,
        _("Nothing can be encrypted for this application"),
        _(
            "What it is told is to be encrypted, and none of its public keys can do that. Register one, "
            "or look at the document that lists them."
        ),
        Page.MORE,
    ),
    Case(
        "invalid_client",
        "aud must be the issuer",
        _("The signed proof is addressed to somebody else"),
        _("aud is the issuer, as one text: neither the address of the token endpoint nor a list."),
        Page.CONNECT,
    ),
    Case(
        "invalid_client",
        "client_assertion: ",
        _("The signed proof was not accepted"),
        _(
            "The key that signs must be registered, iss and sub are the client_id, jti is new each time "
            "and exp is at most ten minutes away. The reason says which."
        ),
        Page.MORE,
    ),
    Case(
        "", "suspended", _("The application is closed"), _("Nobody signs in to it until it is open again."), Page.STATE
    ),
    Case(
        "invalid_client",
        "",
        _("The application did not prove who it is"),
        _("Its secret is wrong or over, or it does not prove itself the way that is registered."),
        Page.CHECK,
    ),
    Case(
        "invalid_request",
        "Two ways",
        _("The application proves itself twice"),
        _("Send the secret in the Authorization header or in the body, not in both."),
    ),
    Case(
        "invalid_request",
        "client_id differs",
        _("Two different client_id came in one request"),
        _("The one in the body and the one that is proven must be the same."),
        Page.CONNECT,
    ),
)
