"""What can be wrong in a request, each case with what to do: an ordered table, whose first line that fits counts.

A case is known by the code of the refusal and by a part of its description, both in the words of the protocol.
"""

from django.utils.translation import gettext_lazy as _

from parvis.suite.mishap_cases import grants, proofs, requests
from parvis.suite.mishap_cases.case import Case, Page

__all__ = ["CASES", "Case", "Page", "case_of"]

_OTHERS = (
    Case("invalid_request", "repeated", _("A parameter came twice"), _("Send each once.")),
    Case(
        "invalid_request",
        "",
        _("A parameter is missing, or is not written as it should be"),
        _("The reason says which."),
    ),
    Case("", "", _("The request was refused"), _("The reason says why.")),
)
CASES: tuple[Case, ...] = (*proofs.CASES, *grants.CASES, *requests.CASES, *_OTHERS)


def case_of(code: str, description: str) -> Case:
    """Return what a refusal is about; the last line fits everything."""
    return next(case for case in CASES if case.is_it(code, description))
