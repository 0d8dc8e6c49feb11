"""Small exceptions that any app may raise; the request guard turns each into a page or a problem document."""


class WebError(Exception):
    """An answer with an error status; `detail` is shown to the person, so it is translated and holds no secret."""

    status = 400

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class BadRequestError(WebError):
    """The request cannot be understood (RFC 9110, section 15.5.1)."""


class BodyTooLargeError(WebError):
    """The body is larger than we accept (RFC 9110, section 15.5.14)."""

    status = 413


class TooManyRequestsError(WebError):
    """The client must wait (RFC 6585, section 4); `retry_after` is in seconds."""

    status = 429

    def __init__(self, detail: str = "", *, retry_after: int = 60) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class UnavailableError(WebError):
    """A part that the answer needs does not work now (RFC 9110, section 15.6.4); `retry_after` is in seconds."""

    status = 503
    retry_after = 5
