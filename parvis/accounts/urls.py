"""Addresses of accounts."""

from django.urls import path

from parvis.accounts.views import overview, sign_in

app_name = "accounts"
urlpatterns = [
    path("account/", overview.overview, name="overview"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/code/", sign_in.code, name="code"),
    path("sign-in/code/resend/", sign_in.resend, name="code-resend"),
    path("sign-in/new-account/", sign_in.new_account, name="new-account"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
]
