"""What a person may still have to do before an application gets its answer: an ordered table.

Each prompt says when it is needed, what `prompt=none` is answered in its place, and whether asking can help at all.
Whatever was demanded "again" (a sign-in, a choice, a consent) counts only when it came after the interaction had begun.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from parvis.accounts import assurance
from parvis.oidc.authorization import organizations
from parvis.oidc.authorization.interaction import Interaction
from parvis.oidc.authorization.request import AuthorizationRequest, Refused
from parvis.oidc.store import BrowserSession


@dataclass(frozen=True, slots=True)
class Situation:
    """The request, who is signed in in this browser, and the interaction that it comes back from, if any."""

    request: AuthorizationRequest
    session: BrowserSession
    interaction: Interaction | None
    acr: str

    def came_after(self, moment: datetime | None) -> bool:
        """Say whether something happened since this interaction began."""
        return self.interaction is not None and moment is not None and moment >= self.interaction.started_at


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to ask. `error` is the answer when no page may be shown (Core, section 3.1.2.6)."""

    name: str
    error: str
    is_needed: Callable[[Situation], bool]


def another_person_is_expected(situation: Situation) -> bool:
    """`id_token_hint` names somebody else: ask once, then refuse."""
    expected = situation.request.hinted_user
    if expected is None or expected == situation.session.user_id:
        return False
    if situation.came_after(situation.session.auth_time):
        raise Refused("login_required", "The person who signed in is not the one of id_token_hint.")
    return True


def sign_in_is_too_old(situation: Situation) -> bool:
    """`prompt=login`, or a sign-in older than `max_age` (Core, section 3.1.2.1)."""
    request, auth_time = situation.request, situation.session.auth_time
    if situation.came_after(auth_time):
        return False
    if request.prompts & {"login", "create"}:
        return True
    return request.max_age is not None and datetime.now(UTC) - auth_time > timedelta(seconds=request.max_age)


def account_is_to_be_chosen(situation: Situation) -> bool:
    """`prompt=select_account`: a new sign-in is a choice too."""
    if "select_account" not in situation.request.prompts or situation.came_after(situation.session.auth_time):
        return False
    return situation.interaction is None or situation.interaction.account != str(situation.session.sid)


def assurance_is_too_low(situation: Situation) -> bool:
    """An essential `acr` is not reached. What nobody could reach here is refused and not asked."""
    demanded = situation.request.acr_demanded
    if not demanded or any(assurance.satisfies(situation.acr, level) for level in demanded):
        return False
    best = assurance.best_possible(belongs=situation.session.belongs)
    if not any(assurance.satisfies(best, level) for level in demanded):
        raise Refused("unmet_authentication_requirements", "The essential acr cannot be reached by this person.")
    return True


def consent_is_missing(situation: Situation) -> bool:
    """The person has not agreed to share all this, or is to be asked again (`prompt=consent`)."""
    request, session = situation.request, situation.session
    if "consent" in request.prompts and not situation.came_after(session.consented_at):
        return True
    return not request.client.is_trusted and not request.shared <= set((session.consented_scope or "").split())


def organization_is_to_be_chosen(situation: Situation) -> bool:
    """The person belongs to several organisations, and the application is to be told for which one they act."""
    return organizations.is_to_be_chosen(situation.request, situation.session)


SIGN_IN = Prompt("sign_in", "login_required", lambda _situation: True)
"""Nobody is signed in: asked before any other, since the others are about who is."""
ORGANIZATION = Prompt("choose_organization", "account_selection_required", organization_is_to_be_chosen)
CONSENT = Prompt("consent", "consent_required", consent_is_missing)
"""The last one: who the person is and whether they may enter is settled before."""
PROMPTS: tuple[Prompt, ...] = (
    Prompt("switch_person", "login_required", another_person_is_expected),
    Prompt("sign_in_again", "login_required", sign_in_is_too_old),
    Prompt("select_account", "account_selection_required", account_is_to_be_chosen),
    Prompt("step_up", "login_required", assurance_is_too_low),
    ORGANIZATION,
    CONSENT,
)


def first_needed(situation: Situation) -> Prompt | None:
    """Return the first thing to ask, or None."""
    return next((prompt for prompt in PROMPTS if prompt.is_needed(situation)), None)
