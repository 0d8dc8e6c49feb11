"""The cards of applications that registered themselves: nobody chose to show them, and operators govern them.

Such a card is in nobody's menu. An operator gives it a team and an audience, or closes it; from then on the application
no longer changes what the card says, and only its own settings follow what it registers.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from parvis.directory.models import User
from parvis.lib.text import one_line
from parvis.oidc.models import Client
from parvis.oidc.registry import SelfRegistration
from parvis.suite.actions.cards import create_application, set_state
from parvis.suite.models import Application, validate_launch_url

_LONGEST_NAME = 100
_LONGEST_URL = 500


def begun(client: Client, by: User | None) -> None:
    """Give an application that registered itself its card."""
    application = Application(client=client, audience=Application.Audience.UNLISTED, **_said_by(client))
    create_application(by=by, application=application)


def replaced(client: Client) -> None:
    """Let a card that nobody has looked after follow what the application says of itself."""
    card = _card_of(client)
    if card is None or not _is_untouched(card):
        return
    for name, value in _said_by(client).items():
        setattr(card, name, value)
    card.save()


def ended(client: Client) -> None:
    """Take away the card of an application that ended its registration; one that was looked after is closed."""
    card = _card_of(client)
    if card is None:
        return
    if _is_untouched(card):
        card.delete()
    elif card.is_open:
        set_state(by=None, application=card, state=Application.State.CLOSED)


FOLLOWER = SelfRegistration(begun, replaced, ended)


def _card_of(client: Client) -> Application | None:
    return Application.objects.select_for_update(of=("self",)).filter(client=client).first()


def _is_untouched(card: Application) -> bool:
    return card.is_unlisted and card.owner_id is None


def _said_by(client: Client) -> dict[str, str]:
    """Return what the card can say: the names, and the site that it gave, else that of its answers, else ours."""
    names = {name: one_line(getattr(client, name))[:_LONGEST_NAME] for name in ("name_fr", "name_en")}
    proposed = [client.metadata.get("client_uri", ""), *map(_site_of, client.redirect_uris)]
    return names | {"url": next(filter(_can_be_opened, proposed), f"{settings.ISSUER}/")}


def _site_of(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}/"


def _can_be_opened(url: str) -> bool:
    if not url or len(url) > _LONGEST_URL:
        return False
    try:
        validate_launch_url(url)
    except ValidationError:
        return False
    return True
