"""What the directory refuses, in words for the person who asked."""

from django.utils.functional import Promise


class DirectoryError(Exception):
    """A change that cannot be made; the message is translated and may be shown beside the form."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = str(message)


class AddressTakenError(DirectoryError):
    """Another person has confirmed this address."""


class InvitationUnusableError(DirectoryError):
    """The link is forged, or the invitation expired, was withdrawn or was used."""


class WrongPersonError(DirectoryError):
    """The person has not confirmed the address that the invitation was sent to."""


class ProofMissingError(DirectoryError):
    """The domain's DNS does not show our record, or does not answer."""
