"""A person's addresses: added, confirmed by a code, made the main one, removed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts import rates, stepup
from parvis.accounts.actions import addresses, codes
from parvis.accounts.forms import CodeForm, NewAddressForm
from parvis.accounts.models import EmailChallenge
from parvis.accounts.requests import SignedInRequest
from parvis.accounts.views import answers
from parvis.directory.actions.emails import add_email
from parvis.directory.exceptions import DirectoryError
from parvis.directory.models import Email
from parvis.lib import email_address
from parvis.web.clients import caller_in

VERIFY = "verify"
"""Session key: the code under way, {"challenge", "email"}."""
LIST = "accounts:email-list"


@require_safe
def email_list(request: SignedInRequest) -> HttpResponse:
    """Show a person's addresses."""
    return render(request, "accounts/email_list.html", {"emails": request.user.emails.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@stepup.require(back=LIST)
def email_add(request: SignedInRequest) -> HttpResponse:
    """Add an address: it is worth nothing before its code was typed."""
    form = NewAddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            email = add_email(by=request.user, user=request.user, address=form.cleaned_data["email"])
        except DirectoryError as error:
            form.add_error("email", error.message)
        else:
            if not email.is_verified:
                _send(request, email)
                return redirect("accounts:email-confirm", email.pk)
            messages.info(request, _("This address is already one of yours."))
            return redirect(LIST)
    return render(request, "accounts/email_add.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@stepup.require(back=LIST)
def email_confirm(request: SignedInRequest, email_id: UUID) -> HttpResponse:
    """Ask for the code sent to a new address; whether somebody else has it is told to its reader alone."""
    email = get_object_or_404(request.user.emails, pk=email_id, verified_at=None)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _confirm(request, form, email):
        return redirect(LIST)
    pending = request.session.get(VERIFY) or {}
    context = {"form": form, "email": email, "is_sent": pending.get("email") == str(email.pk)}
    return render(request, "accounts/email_confirm.html", context, status=422 if form.is_bound else 200)


@require_POST
@stepup.require(back=LIST)
def email_send(request: SignedInRequest, email_id: UUID) -> HttpResponse:
    """Send a code to an address that is not confirmed yet."""
    email = get_object_or_404(request.user.emails, pk=email_id, verified_at=None)
    _send(request, email)
    return redirect("accounts:email-confirm", email.pk)


@require_POST
@stepup.require(back=LIST)
def email_make_primary(request: SignedInRequest, email_id: UUID) -> HttpResponse:
    """Change the main address."""
    email = get_object_or_404(request.user.emails, pk=email_id)
    try:
        addresses.make_primary(by=request.user, email=email)
        messages.success(request, _("Your main address has changed."))
    except DirectoryError as error:
        messages.error(request, error.message)
    return redirect(LIST)


@require_http_methods(["GET", "HEAD", "POST"])
@stepup.require(back=LIST)
def email_remove(request: SignedInRequest, email_id: UUID) -> HttpResponse:
    """Remove an address, after a page that asks."""
    email = get_object_or_404(request.user.emails, pk=email_id)
    if request.method != "POST":
        return render(request, "accounts/email_remove.html", {"email": email})
    try:
        addresses.remove_address(by=request.user, email=email)
        messages.success(request, _("The address is removed."))
    except DirectoryError as error:
        messages.error(request, error.message)
    return redirect(LIST)


def _send(request: SignedInRequest, email: Email) -> None:
    canonical = email_address.canonical(email.address)
    client = caller_in(request.META)
    rates.spend(
        [
            (rates.CODES_BY_CLIENT, (client,)),
            (rates.CODES_BY_USER, (str(request.user.pk),)),
            (rates.CODES_BY_ADDRESS, (canonical,)),
        ]
    )
    challenge = codes.send_code(
        purpose=EmailChallenge.Purpose.VERIFY,
        address=email.address,
        language=get_language() or "",
        user=request.user,
        replaces=(request.session.get(VERIFY) or {}).get("challenge"),
    )
    request.session[VERIFY] = {"challenge": str(challenge.pk), "email": str(email.pk)}


def _confirm(request: SignedInRequest, form: CodeForm, email: Email) -> bool:
    """Say whether the address is confirmed now; if not, say why in the form."""
    pending = request.session.get(VERIFY) or {}
    challenge_id = pending.get("challenge") if pending.get("email") == str(email.pk) else None
    purpose = EmailChallenge.Purpose.VERIFY
    try:
        codes.answer_code(challenge_id=challenge_id, purpose=purpose, code=form.cleaned_data["code"])
        place = addresses.confirm_address(by=request.user, address=email.address)
    except codes.CodeError as error:
        form.add_error("code", answers.refusal(error))
        return False
    except DirectoryError as error:
        form.add_error(None, error.message)
        return False
    del request.session[VERIFY]
    messages.success(request, _("The address is confirmed."))
    if place is not None:
        messages.info(request, _("It shows that you belong to %(name)s.") % {"name": place.organization.name})
    return True
