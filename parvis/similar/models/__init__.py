"""Tables of the similar services: what other directories hold, what people said, and the index."""

from parvis.similar.models.index import LexiconRecord, Neighbour, Posting, ProfileRecord
from parvis.similar.models.judgement import Judgement, Verdict
from parvis.similar.models.service import Service, ServicePhase

__all__ = [
    "Judgement",
    "LexiconRecord",
    "Neighbour",
    "Posting",
    "ProfileRecord",
    "Service",
    "ServicePhase",
    "Verdict",
]
