"""Addresses of accounts."""

from django.contrib import admin
from django.urls import include, path

from parvis.accounts.views import confirm, emails, factors, methods, overview, session_list, sign_in

_pages = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/code/", sign_in.code, name="code"),
    path("sign-in/code/resend/", sign_in.resend, name="code-resend"),
    path("sign-in/new-account/", sign_in.new_account, name="new-account"),
    path("sign-in/second-factor/", factors.second_factor, name="second-factor"),
    path("sign-in/passkey/options/", factors.passkey_options, name="passkey-sign-in-options"),
    path("sign-in/passkey/", factors.passkey, name="passkey-sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("confirm/", confirm.confirm, name="confirm"),
    path("confirm/code/", confirm.send_code, name="confirm-code"),
    path("confirm/passkey/options/", confirm.passkey_options, name="confirm-passkey-options"),
    path("confirm/passkey/", confirm.passkey, name="confirm-passkey"),
    path("account/", overview.overview, name="overview"),
    path("account/sign-in-methods/", methods.method_list, name="method-list"),
    path("account/passkeys/new/", methods.passkey_new, name="passkey-new"),
    path("account/passkeys/options/", methods.passkey_options, name="passkey-options"),
    path("account/passkeys/", methods.passkey_add, name="passkey-add"),
    path("account/passkeys/<uuid:passkey_id>/rename/", methods.passkey_rename, name="passkey-rename"),
    path("account/passkeys/<uuid:passkey_id>/remove/", methods.passkey_remove, name="passkey-remove"),
    path("account/authenticator/start/", methods.totp_start, name="totp-start"),
    path("account/authenticator/", methods.totp_add, name="totp-add"),
    path("account/authenticator/remove/", methods.totp_remove, name="totp-remove"),
    path("account/recovery-codes/", methods.recovery_codes, name="recovery-codes"),
    path("account/emails/", emails.email_list, name="email-list"),
    path("account/emails/add/", emails.email_add, name="email-add"),
    path("account/emails/<uuid:email_id>/confirm/", emails.email_confirm, name="email-confirm"),
    path("account/emails/<uuid:email_id>/code/", emails.email_send, name="email-send"),
    path("account/emails/<uuid:email_id>/primary/", emails.email_make_primary, name="email-make-primary"),
    path("account/emails/<uuid:email_id>/remove/", emails.email_remove, name="email-remove"),
    path("account/sessions/", session_list.session_list, name="session-list"),
    path("account/sessions/others/end/", session_list.session_end_others, name="session-end-others"),
    path("account/sessions/<uuid:sid>/end/", session_list.session_end, name="session-end"),
]

urlpatterns = [
    path("console/", admin.site.urls),
    path("", include((_pages, "accounts"))),
]
