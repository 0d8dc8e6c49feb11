"""Fetching and authorising in one act: what one may not see is not found, what one may not change is refused."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _

from parvis.directory.models import User
from parvis.portfolio import policies
from parvis.portfolio.exceptions import PortfolioError
from parvis.portfolio.models import Product


class MovedError(Exception):
    """The product has another key now."""

    def __init__(self, product: Product) -> None:
        super().__init__(product.key)
        self.product = product


def signed_in(request: HttpRequest) -> User:
    """Return the person who asks; the middleware has refused everyone else."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def product_of(request: HttpRequest, key: str) -> Product:
    """Return a product that the viewer may see, or raise Http404; MovedError when the key is an old one."""
    visible = Product.objects.visible_to(request.user).select_related("group")
    if (found := visible.filter(key=key).first()) is not None:
        return found
    old = {f"/startups/{key}", f"/startup/{key}", key}
    for pk, paths in Product.objects.listed().exclude(redirect_from=[]).values_list("pk", "redirect_from"):
        if old & {str(path).rstrip("/") for path in paths}:
            raise MovedError(Product.objects.get(pk=pk))
    raise Http404


def edited_product(request: HttpRequest, key: str) -> Product:
    """Return a product whose page the viewer may change."""
    product = _here(request, key)
    refuse_unless(policies.can_edit_product(request.user, product), _("Only the team and its incubators may do this."))
    return product


def reviewed_product(request: HttpRequest, key: str) -> Product:
    """Return a product for which the viewer may decide."""
    product = _here(request, key)
    refuse_unless(
        policies.can_review_product(request.user, product), _("Only those who look after its incubators may do this.")
    )
    return product


def _here(request: HttpRequest, key: str) -> Product:
    try:
        return product_of(request, key)
    except MovedError as error:
        raise Http404 from error


def refuse_unless(allowed: bool, reason: str) -> None:  # noqa: FBT001 - the answer of a policy
    """Raise PermissionDenied with words for the person."""
    if not allowed:
        raise PermissionDenied(reason)


def done_or_told(form: BaseForm, action: Callable[[], object]) -> bool:
    """Run an action that the form asks for; put its refusal in the form, and return whether it was done."""
    try:
        action()
    except PortfolioError as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as refusal:
        form.add_error(None, ValidationError(refusal.messages))
    return not form.errors


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form sent, even when every box was left empty; nothing when it was only asked for."""
    return request.POST if request.method == "POST" else None
