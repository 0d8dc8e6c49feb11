"""Finding the person of a session."""

from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from parvis.directory.models import User


class SessionBackend(BaseBackend):
    """Gives Django the person of a session, and nobody once the account is not active. It never authenticates."""

    def get_user(self, user_id: UUID | str) -> User | None:
        """Return the active person with this identifier."""
        found: User | None = User.objects.active().filter(pk=user_id).first()
        return found
