"""What the catalogue refuses, in words for the person who asked."""

from django.utils.functional import Promise


class SuiteError(Exception):
    """A change that cannot be made; the message is translated and may be shown beside the form."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = str(message)


class AlreadyInStateError(SuiteError):
    """The application is already closed, or already in service."""


class StillOpenError(SuiteError):
    """Only what is closed can be deleted."""


class AlreadyRegisteredError(SuiteError):
    """The form that registers an application was sent twice."""


class TooManyPinsError(SuiteError):
    """A person keeps a few applications at hand, not all."""


class NoSignInError(SuiteError):
    """The application is a link only: it has no client and no secret."""


class NothingToAskError(SuiteError):
    """A request for more data that asks for nothing, or while another one waits."""


class AlreadyAnsweredError(SuiteError):
    """Another operator answered the request first."""
