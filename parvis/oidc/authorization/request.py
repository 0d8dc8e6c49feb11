"""An authorization request while it is checked: raw fields first, then what the checks made of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from parvis.oidc.clients import RegisteredClient
from parvis.oidc.errors import ProtocolError
from parvis.oidc.http import Form
from parvis.web.language import first_known


class Refused(ProtocolError):  # noqa: N818 - the protocol's word for an answer that is not an accident
    """The request is refused; before the redirect URI is known to be registered, by a page and never by a redirect."""


@dataclass(slots=True)
class AuthorizationRequest:
    """Each check reads the form and fills one of the other fields."""

    form: Form
    """What is asked: the fields of the address, until a check finds that they stand for others."""
    judged_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    given: Form = field(init=False)
    """The fields of the address, as they came."""
    is_pushed: bool = False
    """The application sent it to us itself (RFC 9126)."""
    is_signed: bool = False
    """The application signed it (RFC 9101)."""
    pushed_digest: bytes = b""
    used_once: tuple[bytes, datetime] | None = None
    """What a signed request is known by, and until when: with its code, it is used."""
    dpop_jkt: str = ""
    registered: RegisteredClient | None = None
    redirect_uri: str = ""
    redirect_is_safe: bool = False
    response_mode: str = ""
    scope: str = ""
    resources: str = ""
    code_challenge: str = ""
    nonce: str = ""
    prompts: frozenset[str] = frozenset()
    max_age: int | None = None
    acr_demanded: tuple[str, ...] = ()
    sirets_demanded: tuple[str, ...] = ()
    organizations_demanded: frozenset[UUID] | None = None
    """Those for one of which the person must act; None when any will do."""
    claims: str = ""
    claims_by_name: frozenset[str] = frozenset()
    hinted_user: UUID | None = None
    login_hint: str = ""
    shared: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        self.given = self.form

    @property
    def client(self) -> RegisteredClient:
        """Return the application; the first checks made sure that there is one."""
        if self.registered is None:
            raise Refused("invalid_client", "Unknown client.")
        return self.registered

    @property
    def state(self) -> str:
        """Return the application's own value, given back with every answer."""
        return self.form.get("state")

    @property
    def language(self) -> str:
        """Return the first of `ui_locales` in which our pages exist, or nothing (Core, section 3.1.2.1)."""
        return first_known(self.form.get("ui_locales")[:200].split())

    @property
    def is_silent(self) -> bool:
        """Say whether no page may be shown (`prompt=none`)."""
        return "none" in self.prompts

    @property
    def answers_by_form(self) -> bool:
        """Say whether the answer is a form that the browser posts, which takes a page."""
        return self.response_mode.startswith("form_post")
