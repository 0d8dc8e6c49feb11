"""What the portfolio refuses, in words for the person who asked."""

from django.utils.functional import Promise


class PortfolioError(Exception):
    """A change that cannot be made; the message is translated and may be shown beside the form."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = str(message)


class TransitionError(PortfolioError):
    """The method knows no such step from the phase in which the product is."""


class AlreadyAnsweredError(PortfolioError):
    """Somebody else has answered the request meanwhile."""
