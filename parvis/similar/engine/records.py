"""What the engine is given: a service as its directory describes it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """One service. Texts may be Markdown; areas and users are keys of `evidence`."""

    key: str
    name: str
    pitch: str = ""
    body: str = ""
    problem: str = ""
    solution: str = ""
    areas: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    language: str = ""  # "fr", "en", or empty when the text is to tell.
