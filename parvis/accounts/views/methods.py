"""A person's ways to sign in: passkeys, an authenticator app, recovery codes."""

from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts import assurance, stepup, user_agents
from parvis.accounts.actions import factors, passkeys, signing_in
from parvis.accounts.forms import PasskeyNameForm, TotpForm
from parvis.accounts.models import RecoveryCode, Totp
from parvis.accounts.queries import factors_of
from parvis.accounts.requests import SignedInRequest
from parvis.accounts.views import answers, waiting
from parvis.lib import derived_keys

NEW_TOTP = "new_totp"
"""Session key: the sealed secret of an authenticator app that has not shown its first code yet."""
LIST = "accounts:method-list"


@require_safe
def method_list(request: SignedInRequest) -> HttpResponse:
    """Show a person's ways to sign in."""
    context = {
        "passkeys": request.user.passkeys.all(),
        "totp": Totp.objects.filter(user=request.user).first(),
        "recovery_codes": RecoveryCode.objects.filter(user=request.user, used_at__isnull=True).count(),
        "is_enrolled": factors_of(request.user).is_enrolled,
    }
    return render(request, "accounts/method_list.html", context | waiting.shown_to(request))


# --- Passkeys -------------------------------------------------------------------------------------------------------
@require_safe
@stepup.require(back=LIST)
def passkey_new(request: SignedInRequest) -> HttpResponse:
    """Offer to add a passkey: a script runs the ceremony."""
    form = PasskeyNameForm(initial={"name": user_agents.describe(request.headers.get("User-Agent", ""))})
    urls = {"options_url": reverse("accounts:passkey-options"), "answer_url": reverse("accounts:passkey-add")}
    return render(request, "accounts/passkey_new.html", {"form": form} | urls)


@require_POST
@stepup.require(back=LIST)
def passkey_options(request: SignedInRequest) -> HttpResponse:
    """Start the ceremony that makes a passkey."""
    answers.count_passkeys(request)
    return answers.options(passkeys.registration_options(session=request.session, user=request.user))


@require_POST
@stepup.require(back=LIST)
def passkey_add(request: SignedInRequest) -> HttpResponse:
    """Keep a new passkey; whoever has no recovery codes yet is led to them."""
    answers.count_passkeys(request)
    credential = answers.credential_of(request)
    form = PasskeyNameForm({"name": str(credential.pop("name", ""))[:100]})
    name = form.cleaned_data["name"] if form.is_valid() else _("Passkey")
    try:
        passkeys.add_passkey(session=request.session, user=request.user, name=name, credential=credential)
    except passkeys.PasskeyRefusedError:
        return answers.passkey_refused(request)
    # Who makes a passkey has just used it: nothing would be proven by asking for it again at once.
    signing_in.step_up(session=request.session, method=assurance.PASSKEY)
    messages.success(request, _("The passkey is added."))
    return answers.go_to(_next_page(request))


@require_http_methods(["GET", "HEAD", "POST"])
def passkey_rename(request: SignedInRequest, passkey_id: UUID) -> HttpResponse:
    """Give a passkey another name."""
    passkey = get_object_or_404(request.user.passkeys, pk=passkey_id)
    form = PasskeyNameForm(request.POST or None, initial={"name": passkey.name})
    if request.method == "POST" and form.is_valid():
        passkeys.rename_passkey(by=request.user, passkey=passkey, name=form.cleaned_data["name"])
        return redirect(LIST)
    context = {"form": form, "passkey": passkey}
    return render(request, "accounts/passkey_rename.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@stepup.require(back=LIST)
def passkey_remove(request: SignedInRequest, passkey_id: UUID) -> HttpResponse:
    """Remove a passkey, after a page that asks."""
    passkey = get_object_or_404(request.user.passkeys, pk=passkey_id)
    if request.method == "POST":
        passkeys.remove_passkey(by=request.user, passkey=passkey)
        messages.success(request, _("The passkey is removed. Delete it on your device too."))
        return redirect(LIST)
    is_last = not Totp.objects.filter(user=request.user).exists() and request.user.passkeys.count() == 1
    return render(request, "accounts/passkey_remove.html", {"passkey": passkey, "is_last": is_last})


# --- Authenticator app ----------------------------------------------------------------------------------------------
@require_POST
@stepup.require(back=LIST)
def totp_start(request: SignedInRequest) -> HttpResponse:
    """Make the secret of a new app; it counts once the app has shown a code."""
    request.session[NEW_TOTP] = derived_keys.seal(f"accounts.{NEW_TOTP}", factors.new_totp_secret())
    return redirect("accounts:totp-add")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@stepup.require(back=LIST)
def totp_add(request: SignedInRequest) -> HttpResponse:
    """Show the secret as a QR code and in letters, and ask for a first code."""
    sealed = request.session.get(NEW_TOTP)
    if sealed is None:
        return redirect(LIST)
    secret = derived_keys.unseal(f"accounts.{NEW_TOTP}", sealed)
    form = TotpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if factors.add_totp(user=request.user, secret=secret, code=form.cleaned_data["code"]):
            del request.session[NEW_TOTP]
            signing_in.step_up(session=request.session, method=assurance.OTP)
            messages.success(request, _("The authenticator app is added."))
            return redirect(_next_page(request))
        form.add_error("code", _("This is not the code of this moment. Check the clock of your device, and try again."))
    uri = factors.provisioning_uri(secret, label=request.user.name, issuer="Parvis")
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {
        "form": form,
        "qr": segno.make(uri, error="m").svg_data_uri(scale=6, border=2, light="#fff"),
        "secret": spaced,
    }
    return render(request, "accounts/totp_add.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@stepup.require(back=LIST)
def totp_remove(request: SignedInRequest) -> HttpResponse:
    """Remove the authenticator app, after a page that asks."""
    get_object_or_404(Totp, user=request.user)
    if request.method == "POST":
        factors.remove_totp(by=request.user, user=request.user)
        messages.success(request, _("The authenticator app is removed. Delete it on your device too."))
        return redirect(LIST)
    return render(request, "accounts/totp_remove.html", {"is_last": not request.user.passkeys.exists()})


# --- Recovery codes -------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@stepup.require(back=LIST)
def recovery_codes(request: SignedInRequest) -> HttpResponse:
    """Make new recovery codes and show them this once."""
    if not factors_of(request.user).is_enrolled:
        return redirect(LIST)
    codes = factors.make_recovery_codes(user=request.user) if request.method == "POST" else []
    left = RecoveryCode.objects.filter(user=request.user, used_at__isnull=True).count()
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "left": left, "text": "\n".join(codes)})


def _next_page(request: SignedInRequest) -> str:
    """Return where to go after a factor was added: to recovery codes, for who has none."""
    return reverse(LIST if factors_of(request.user).has_recovery_code else "accounts:recovery-codes")
