"""What is asked for, and how safely."""

from django.utils.translation import gettext_lazy as _

from parvis.suite.mishap_cases.case import Case, Page

CASES = (
    Case(
        "invalid_scope",
        "must contain openid",
        _("The scope openid is missing"),
        _("Without it, nothing is OpenID Connect: begin scope with it."),
    ),
    Case(
        "invalid_scope",
        "more than was granted",
        _("A renewal asks for more than the sign-in gave"),
        _("Leave scope out of it, or name a part of what was granted."),
    ),
    Case(
        "invalid_scope",
        "",
        _("The application asks for more than it may"),
        _("Take these scopes out of its requests, or let it ask for them."),
        Page.SIGN_IN,
    ),
    Case(
        "invalid_target",
        "",
        _("Nobody serves data at this address"),
        _(
            "resource names an address that no application has registered for its data. It is compared "
            "to the character; operators register them."
        ),
    ),
    Case(
        "unsupported_response_type",
        "",
        _("Another flow than the code was asked for"),
        _("Only the authorization code flow exists here: use response_type=code."),
    ),
    Case(
        "unsupported_grant_type",
        "",
        _("This way to get tokens does not exist here"),
        _(
            "Use authorization_code, refresh_token, client_credentials or the device code. People’s "
            "passwords are never an application’s to ask for."
        ),
    ),
    Case(
        "unauthorized_client",
        "",
        _("The application is not registered for this"),
        _(
            "Where it runs was chosen when it was registered, and says what it may do. Register another "
            "application for another way."
        ),
    ),
    Case(
        "unmet_authentication_requirements",
        "exists here",
        _("This level of assurance does not exist here"),
        _("Demand one of those that the discovery document lists as acr_values_supported."),
    ),
    Case(
        "unmet_authentication_requirements",
        "",
        _("The person could not reach the level that was demanded"),
        _(
            "They have no second factor, or belong to no organisation. If the application can do with "
            "less, ask without “essential”."
        ),
    ),
    Case(
        "invalid_request",
        "prompt",
        _("prompt is not understood"),
        _("Use none, login, consent, select_account or create; none stands alone."),
    ),
    Case(
        "invalid_request",
        "max_age",
        _("max_age is not a number of seconds"),
        _("Write a whole number, such as 3600, or leave it out."),
    ),
    Case(
        "invalid_request",
        "response mode",
        _("This way to answer does not exist here"),
        _("Leave response_mode out, or use query, form_post or their signed forms."),
    ),
    Case(
        "invalid_request",
        "must push",
        _("The request was not sent beforehand"),
        _(
            "The settings ask for it (PAR): send its parameters to /oidc/par, then the browser with the "
            "request_uri of the answer."
        ),
        Page.MORE,
    ),
    Case(
        "invalid_request",
        "must sign",
        _("The request is not signed"),
        _("The settings ask for it (JAR): send its parameters as a signed JWT, in request."),
        Page.MORE,
    ),
    Case(
        "invalid_request",
        "signed answers",
        _("The answer is to be signed"),
        _("The settings ask for it: use response_mode=jwt."),
        Page.MORE,
    ),
    Case(
        "request_uri_not_supported",
        "",
        _("Requests are not fetched"),
        _("Send the parameters to /oidc/par beforehand, or in the request itself."),
    ),
    Case(
        "invalid_request_uri",
        "",
        _("The pushed request is over"),
        _(
            "It works once, for a minute and a half, for the application that pushed it: push another "
            "one for each sign-in."
        ),
    ),
    Case(
        "invalid_request_object",
        "",
        _("The signed request is not accepted"),
        _("Its key must be registered, iss is the client_id, aud the issuer, and it is fresh. The reason says which."),
        Page.MORE,
    ),
    Case(
        "invalid_dpop_proof",
        "header is missing",
        _("The DPoP proof is missing"),
        _("The settings ask for tokens that are bound to a key: switch DPoP on in the library."),
        Page.MORE,
    ),
    Case(
        "invalid_dpop_proof",
        "htu",
        _("The DPoP proof is for another address"),
        _("htu is the public address that is asked, without its query."),
    ),
    Case(
        "invalid_dpop_proof",
        "htm",
        _("The DPoP proof is for another method"),
        _("htm is the method of the request, such as POST."),
    ),
    Case(
        "invalid_dpop_proof", "jti was already", _("A DPoP proof was used twice"), _("Make a new one for each request.")
    ),
    Case(
        "invalid_dpop_proof",
        "",
        _("The DPoP proof is not accepted"),
        _("It is a JWT of type dpop+jwt, signed by the key in its header, and made for this request alone."),
    ),
    Case(
        "login_required",
        "",
        _("The person would have had to sign in"),
        _("With prompt=none nobody is asked anything: begin again without it. This is an answer, not a fault."),
    ),
    Case(
        "consent_required",
        "",
        _("The person would have had to agree"),
        _("With prompt=none nobody is asked anything: begin again without it. This is an answer, not a fault."),
    ),
    Case(
        "interaction_required",
        "",
        _("The person would have had to answer a question"),
        _("With prompt=none nobody is asked anything: begin again without it. This is an answer, not a fault."),
    ),
    Case(
        "account_selection_required",
        "",
        _("The person would have had to choose an account or an organisation"),
        _("With prompt=none nobody is asked anything: begin again without it. This is an answer, not a fault."),
    ),
    Case(
        "access_denied",
        "",
        _("The person was not let in, or did not agree"),
        _("They refused to share their data, or the application is not open to them: say so on a page of yours."),
    ),
)
