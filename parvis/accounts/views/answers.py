"""Checking what people type or their devices answer, with the counters that slow guessing down."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.accounts import assurance, devices, rates
from parvis.accounts.actions import codes, factors
from parvis.accounts.forms import FactorForm
from parvis.accounts.models import KnownDevice
from parvis.directory.models import User
from parvis.lib.derived_keys import UnreadableError
from parvis.web.clients import caller_in
from parvis.web.exceptions import BadRequestError
from parvis.web.problem import problem

MAX_JSON = 20_000


def factor_method(request: HttpRequest, form: FactorForm, user: User) -> str:
    """Return the method that the typed code proves (an app's or a recovery code), or say in the form why none.

    Raises TooManyRequestsError.
    """
    counters = factor_limits(request, user)
    rates.spend(counters)
    code = form.cleaned_data["code"]
    try:
        right = (
            factors.use_totp(user=user, code=code) if form.is_totp else factors.use_recovery_code(user=user, code=code)
        )
    except UnreadableError:
        form.add_error("code", _("Your authenticator app has to be added again. Use a recovery code or a passkey."))
        return ""
    if not right:
        form.add_error("code", _("This code is not right, or was already used. Wait for the next one, then try again."))
        return ""
    rates.forget(counters[0][0], *counters[0][1])
    return assurance.OTP if form.is_totp else assurance.RECOVERY


def factor_limits(request: HttpRequest, user: User) -> list[tuple[rates.Limit, tuple[str, ...]]]:
    """Return the counters of a person's codes; guesses from elsewhere do not use up those of their own browsers."""
    token = devices.token_of(request)
    known = token and KnownDevice.objects.filter(user=user, digest=devices.digest(token)).exists()
    browser = token if known else "unknown"
    return [(rates.FACTOR_TRIES, (str(user.pk), browser)), (rates.FACTOR_TRIES_A_DAY, (str(user.pk), browser))]


def refusal(error: codes.CodeError) -> str:
    """Return what to tell somebody whose code from a mail was not accepted."""
    if isinstance(error, codes.WrongCodeError) and error.tries_left:
        said = ngettext(
            "This is not the code that we sent. You can try %(left)s more time.",
            "This is not the code that we sent. You can try %(left)s more times.",
            error.tries_left,
        )
        return said % {"left": error.tries_left}
    return _("This code no longer works. Ask for another one below.")


def credential_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of a request that a script of ours sent. Raises BadRequestError."""
    try:
        text = request.body
        value = json.loads(text) if len(text) <= MAX_JSON else None
    except (ValueError, RecursionError, RequestDataTooBig) as error:
        raise BadRequestError from error
    if not isinstance(value, dict) or not isinstance(value.get("response"), dict):
        raise BadRequestError
    return value


def options(text: str) -> JsonResponse:
    """Answer the options of a ceremony."""
    return _fresh(JsonResponse(json.loads(text)))


def go_to(path: str) -> JsonResponse:
    """Tell our script where to go."""
    return _fresh(JsonResponse({"next": path}))


def passkey_refused(request: HttpRequest) -> JsonResponse:
    """Answer a passkey that proves nothing."""
    return problem(request, 422, _("This passkey was not accepted. Try again, or use another way."))


def count_passkeys(request: HttpRequest) -> None:
    """Count a ceremony of this client. Raises TooManyRequestsError."""
    rates.spend([(rates.PASSKEYS_BY_CLIENT, (caller_in(request.META),))])


def _fresh(response: JsonResponse) -> JsonResponse:
    response["Cache-Control"] = "no-store"
    return response
