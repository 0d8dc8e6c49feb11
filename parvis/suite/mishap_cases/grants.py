"""Codes, refresh tokens and PKCE."""

from django.utils.translation import gettext_lazy as _

from parvis.suite.mishap_cases.case import Case, Page

CASES = (
    Case(
        "invalid_grant",
        "code was already used",
        _("A code was used twice"),
        _(
            "A code works once. Two processes exchanged it, or somebody reloaded the page that does: "
            "exchange it in one place, then send the browser elsewhere. As it might have been stolen, "
            "the access that it gave has been ended."
        ),
    ),
    Case(
        "invalid_grant",
        "code has expired",
        _("A code came too late"),
        _("Codes live for two minutes, and for one under FAPI 2.0: exchange each as soon as it comes."),
    ),
    Case(
        "invalid_grant",
        "redirect_uri differs",
        _("The token request names another redirect address"),
        _("It repeats, to the character, the redirect_uri of the request that asked for the code."),
    ),
    Case(
        "invalid_grant",
        "code_verifier is missing",
        _("The code_verifier is missing"),
        _(
            "The sign-in began with PKCE: send its code_verifier with the code. It is lost when the "
            "session of the application is, between the two requests: look at its cookies."
        ),
    ),
    Case(
        "invalid_grant",
        "code_verifier sent",
        _("A code_verifier came without a challenge"),
        _("Send code_challenge, with code_challenge_method=S256, when the sign-in begins."),
    ),
    Case(
        "invalid_grant",
        "code_verifier",
        _("The code_verifier does not match"),
        _(
            "code_challenge is the SHA-256 digest of code_verifier, in base64url without “=”. Each "
            "sign-in has its own: keep it with its state."
        ),
    ),
    Case(
        "invalid_grant",
        "device code",
        _("The device code is not accepted"),
        _("It works once, for the application that asked for it: begin again."),
    ),
    Case(
        "invalid_grant",
        "refresh token was already used",
        _("A refresh token was used twice"),
        _(
            "Each renewal gives a new one: keep it in the place of the former. As it might have been "
            "stolen, the access has been ended, and the person signs in again."
        ),
    ),
    Case(
        "invalid_grant",
        "refresh token was just used",
        _("Two processes renewed the same access at once"),
        _("Use the refresh token that came with the first answer, and let one process renew at a time."),
    ),
    Case(
        "invalid_grant",
        "key that it is bound to",
        _("The refresh token is bound to another key"),
        _("Keep the DPoP key of the sign-in for as long as its tokens are renewed."),
    ),
    Case(
        "invalid_grant",
        "bound to another key",
        _("The code is bound to another key"),
        _("Use one DPoP key from the beginning of a sign-in to its tokens."),
    ),
    Case(
        "invalid_grant",
        "refresh token",
        _("The refresh token is not one that we gave to this application"),
        _("It was cut on the way, or it is another application’s or another issuer’s."),
        Page.CONNECT,
    ),
    Case(
        "invalid_grant",
        "ended",
        _("This access is over"),
        _(
            "The person signed out, withdrew it, or may no longer use the application: lead them to sign "
            "in again. There is nothing to mend."
        ),
    ),
    Case(
        "invalid_grant",
        "code",
        _("The code is not one that we gave to this application"),
        _("It was cut on the way, or it is another application’s or another issuer’s."),
        Page.CONNECT,
    ),
    Case(
        "invalid_request",
        "code_challenge is missing",
        _("PKCE is missing"),
        _(
            "Without a secret, PKCE is what protects a sign-in: its library sends code_challenge with "
            "code_challenge_method=S256 once PKCE is switched on."
        ),
    ),
    Case(
        "invalid_request",
        "code_challenge",
        _("The PKCE challenge is not an S256 one"),
        _("Use code_challenge_method=S256, and the digest in base64url without “=”: 43 characters."),
    ),
)
